"""Checks all examples of a tree: `python -m tests.examples ROOT…`."""
