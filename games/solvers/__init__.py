"""Algorithms on strategic games, one per file, named as in the literature."""
