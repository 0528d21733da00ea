"""Who is in charge: promoting, rolling back, and training again."""
