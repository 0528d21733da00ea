"""Paths that only one computer knows."""
