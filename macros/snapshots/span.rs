span!("load user", user.id = id, attempt);
