"""What the notebook needs and nobody wrote down."""
