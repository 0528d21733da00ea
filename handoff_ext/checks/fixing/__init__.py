"""Edits that take findings away, and keep everything else as it stands."""
