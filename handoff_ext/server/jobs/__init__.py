"""Jobs: one process each, kept by the server, so that a reload or a second tab sees the same."""
