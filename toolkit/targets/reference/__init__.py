"""The published gRPC reference: pages in a published Markdown format, byte for byte."""
