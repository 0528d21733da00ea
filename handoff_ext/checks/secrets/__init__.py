"""Which texts are passwords or keys, and what kind. Nothing here ever shows one whole."""
