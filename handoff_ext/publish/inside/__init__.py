"""Code for a kernel's or a version's own environment: Python 3.8 and up, standard library plus what the model needs."""
