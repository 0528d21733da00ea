"""Model inputs that mislead."""
