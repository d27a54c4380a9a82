"""What changed between two schemas, as typed changes; which of buf's rules each breaks."""

from toolkit.changes.compare import compare
from toolkit.changes.model import Change, Kind
from toolkit.changes.rules import CATEGORIES, RULES, Rule, categories_of

__all__ = ["CATEGORIES", "RULES", "Change", "Kind", "Rule", "categories_of", "compare"]
