"""What targets have in common."""
