"""Small pairs of trees, each with a change or two; together they trigger every rule of buf's four categories.

A pair's files lie in a folder and a package of the pair's name, so that all
pairs together are one tree, which buf reads once a category.
"""

from tests.changes.pairs import defaults, fields, files, messages
from tests.changes.pairs.pair import PAIRS

__all__ = ["PAIRS", "defaults", "fields", "files", "messages"]
