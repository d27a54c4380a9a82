"""Examples and snippets."""
