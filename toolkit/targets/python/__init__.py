"""The Python target: typed dataclasses and clients."""
