"""From raw rows to a model's inputs: where each comes from, and the code that makes them, lifted from the notebook."""
