"""Files for type checkers."""
