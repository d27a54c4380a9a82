"""Builds only the pages that changed, where nothing else on the site depends on them."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from toolkit.delivery.finish.builder import build_pages

S = TypeVar("S")
MOST = 200
"""Pages at most; for more, it is quicker to build all."""
_HEADING = re.compile(r"^#[^\n]*$|^[^\n]+\n=+$", re.M)
_META = re.compile(r"---\n(?P<meta>.*?)\n---\n", re.S)
_SHOWN = re.compile(r"^(?:title|status):.*$", re.M)


def head_of(path: str) -> str:
    """What other pages may show of a page: its title, its status, its first heading. Of other files, nothing."""
    if not path.endswith(".md"):
        return ""
    try:
        text = Path(path).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    meta = _META.match(text)
    shown = _SHOWN.findall(meta["meta"]) if meta else []
    heading = _HEADING.search(text, meta.end() if meta else 0)
    return "\n".join([*shown, *([heading[0]] if heading else [])])


def changed_pages(before: Mapping[str, tuple[S, str]], now: Mapping[str, tuple[S, str]]) -> list[str]:
    """The pages that changed, each with a stamp and its head; none if other pages may have to change, too."""
    changed = [path for path, seen in now.items() if before.get(path) != seen]
    if before.keys() != now.keys() or len(changed) > MOST:
        return []
    if any(not path.endswith(".md") or before[path][1] != now[path][1] for path in changed):
        return []
    return changed


def rebuilt(config: Path, last: Path, target: Path, pages: Sequence[str]) -> list[str]:
    """Build some pages, and take all other files from the last build; the warnings of MkDocs.

    The search index, and the copies of pages as Markdown, remain those of the last build.
    """
    shutil.copytree(last, target, dirs_exist_ok=True, copy_function=_link)
    made = Path(f"{target}.part")
    try:
        warnings = build_pages(config, made, [page.replace(os.sep, "/") for page in pages])
        for path in made.rglob("*.html"):
            place = target / path.relative_to(made)
            place.parent.mkdir(parents=True, exist_ok=True)
            os.replace(path, place)
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return warnings


def _link(source: str, target: str) -> None:
    """The same file under another name; builds never write into a file that exists."""
    os.link(source, target)
