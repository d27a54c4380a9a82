"""The runtime of generated bindings."""
