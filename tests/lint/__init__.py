"""Checks of the code that are part of `make lint`."""
