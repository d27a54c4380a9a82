"""Markdown as readers see it: comments in, Markdown that does no harm out."""
