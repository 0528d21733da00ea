"""Code for a version's own environment on the clean machine: standard library, MLflow and what the model needs."""
