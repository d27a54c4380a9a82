"""What the guide says is so."""
