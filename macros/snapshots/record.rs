record!(rows = rows.len(), cached);
