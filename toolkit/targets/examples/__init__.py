"""Examples: for every method a request and a response that parse, obey the constraints and read as real."""
