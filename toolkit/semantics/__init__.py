"""What the model means, decided once: option mappings, constraints, operations, visibility, validation."""
