"""Generated from .proto files; changes are lost when it is generated again."""
