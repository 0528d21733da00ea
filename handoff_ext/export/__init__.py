"""A pipeline for other people's machines: CI workflows, an Airflow DAG, a repository set up for review.

What is written needs papermill and the exact package list, never this program (save the review's own checks).
"""
