"""The real `buf breaking`, and our findings in its terms."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from toolkit.changes.model import Change
from toolkit.changes.rules import RULES
from toolkit.changes.sets import ParsedSet, compare_sets
from toolkit.descriptors.compile import Compilation
from toolkit.semantics.mappings import built_in

CATEGORIES = ("FILE", "PACKAGE", "WIRE_JSON", "WIRE")
Finding = tuple[str, str, int]
"""A rule, and the file and line of the element; no file (then line 1) where that is gone."""


@cache
def program() -> str | None:
    """Where buf is: beside this Python, or on the path."""
    beside = Path(sys.executable).with_name("buf")
    return str(beside) if beside.is_file() else shutil.which("buf")


def breaking(old: Path, new: Path, category: str) -> set[Finding]:
    """What buf finds between two descriptor sets."""
    config = json.dumps({"version": "v2", "breaking": {"use": [category]}})
    command = [
        str(program()),
        "breaking",
        str(new),
        "--against",
        str(old),
        "--error-format",
        "json",
        "--config",
        config,
    ]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert ran.returncode in (0, 100), ran.stderr
    found = map(json.loads, ran.stdout.splitlines())
    return {(each["type"], each.get("path", ""), each.get("start_line", 1)) for each in found}


def changes(old: bytes, new: bytes) -> list[Change]:
    """What we find, in all files, as buf does."""
    sides = (ParsedSet(Compilation(content, None), whole=True) for content in (old, new))
    return compare_sets(*sides, built_in())


def findings(found: Iterable[Change], category: str) -> set[Finding]:
    """Our findings in buf's terms."""
    return {
        (rule, change.at.file if change.at else "", change.at.line if change.at else 1)
        for change in found
        for rule in change.rules
        if category in RULES[rule].categories
    }
