"""`toolkit diff`."""
