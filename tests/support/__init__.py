"""What tests have in common: trees, programs, messages."""
