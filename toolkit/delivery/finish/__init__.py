"""What a built site still lacks."""
