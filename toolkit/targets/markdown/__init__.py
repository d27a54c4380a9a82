"""Converts comments to safe Markdown."""
