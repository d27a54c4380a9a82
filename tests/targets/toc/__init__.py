"""Tables of contents."""
