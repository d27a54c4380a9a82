"""What a built site still lacks, and what builds it."""

BUILDERS = ("mkdocs", "zensical")
"""The programs that make HTML from the same mkdocs.yml; the first by default."""
