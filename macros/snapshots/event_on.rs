event!(on: &handle, "retried", attempt);
