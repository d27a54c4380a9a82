"""Random edits of a tree: after each, a run with the cache writes the same files as a run without it."""
