"""What the model means."""
