span!(parent: &carried, links: [&other], kind: "client", "call", key = value);
