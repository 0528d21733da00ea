"""Watching a model in production: is what comes in, goes out and comes true still what it was made for?"""
