"""The REST reference."""
