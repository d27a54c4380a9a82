"""Elements as the language of .proto files writes them."""
