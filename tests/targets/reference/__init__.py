"""The published reference."""
