"""What a model learns that it will not know when it is asked."""
