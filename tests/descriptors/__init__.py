"""From .proto files to the model."""
