record!(on: &handle, rows = 3);
