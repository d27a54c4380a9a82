"""The meaning of the model, decided once: option mappings, constraints, operations, visibility, validation."""
