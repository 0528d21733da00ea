"""Passwords and keys that travel with the notebook."""
