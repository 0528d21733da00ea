"""What a fresh run would not find."""
