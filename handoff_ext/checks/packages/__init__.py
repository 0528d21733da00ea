"""Packages: which module comes from which distribution, what is installed where the notebook runs, what is declared."""
