"""Notebooks as plain values: read anything, parse one cell, apply a change, write aside then rename."""
