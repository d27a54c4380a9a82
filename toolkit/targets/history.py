"""Since which revision an API has an element, and in which ones that changed: what the changelog knows."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class History:
    """Elements by full name; of those that are not in it, nothing is known."""

    since: dict[str, str] = field(default_factory=dict)
    """The revision that added an element, unless it is as old as what contains it."""
    changed: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """The revisions in which an element changed, oldest first."""
    revisions: list[str] = field(default_factory=list)
    """The revisions up to that of the documented tree which changed anything, oldest first."""
    is_dated: bool = False
    """Whether it is known of each revision but the first when it was, so that the changelog has a feed."""

    def added(self, element: str, revision: str) -> None:
        """Record that a revision, newer than all before, added an element."""
        self.since[element] = revision
        self.changed.pop(element, None)
        self._note(revision)

    def altered(self, element: str, revision: str) -> None:
        """Record that it changed one."""
        known = self.changed.get(element, ())
        self.changed[element] = known if revision in known else (*known, revision)
        self._note(revision)

    def _note(self, revision: str) -> None:
        if revision not in self.revisions:
            self.revisions.append(revision)

    def text(self) -> str:
        """The history as JSON."""
        content = {"since": dict(sorted(self.since.items())), "changed": dict(sorted(self.changed.items()))}
        return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def day_of(revision: str) -> str:
    """The day that is the name of a revision, as a time of RFC 3339; empty if its name is not one."""
    try:
        return f"{date.fromisoformat(revision).isoformat()}T00:00:00Z"
    except ValueError:
        return ""


def file_of(revision: str) -> str:
    """The file of a revision: its name, without characters that paths can't contain."""
    safe = "".join(letter if letter.isalnum() or letter in "-_.+" else "-" for letter in revision).lstrip(".")
    return f"{safe or 'revision'}.md"
