"""Writing, comparing, reporting."""
