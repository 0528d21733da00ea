"""Which texts are paths, and what kind."""
