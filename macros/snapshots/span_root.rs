span!(parent: None, "root");
