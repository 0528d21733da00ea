"""What is kept of a model in use: its predictions in segments, its outcomes, alerts and decisions in SQL."""
