"""Builds the HTML of a docs site, and adds what its builder does not produce."""

BUILDERS = ("mkdocs", "zensical")
"""Programs that build HTML from the same mkdocs.yml; the first is the default."""
