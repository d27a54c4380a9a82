"""Descriptor sets."""
