"""Builds only the pages that changed, where nothing else on the site depends on them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeVar

import msgspec

from toolkit.delivery.finish import BUILDERS
from toolkit.delivery.finish.builder import ended, started

S = TypeVar("S")
MOST = 200
"""Pages at most; for more, it is quicker to build all."""
_SITE = "site"
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


def paths_of(page: str) -> set[str]:
    """The paths at which a page in the directory of all pages can be, with directory URLs or without."""
    path = f"/{page.replace(os.sep, '/').removesuffix('.md')}"
    folder, _, name = path.rpartition("/")
    index = folder if name in ("index", "README") else path
    return {f"{index}/", f"{index}/index.html", f"{path}.html"}


class PageBuilder:
    """Builds pages again with MkDocs, each time in a process that can be made ready before it is known which pages.

    As each process builds once, nothing of a build remains for the next.
    """

    def __init__(self, folder: Path) -> None:
        """``folder`` is for its own files."""
        self._folder = folder
        self._last: Sequence[str] = ()
        """What the last process that was ready has built: the pages that somebody waits for."""
        self._ready: subprocess.Popen[bytes] | None = None

    def prepare(self, config: Path) -> None:
        """Start a process that builds the pages of the last time without using them, so that it is quick for others."""
        from toolkit.delivery.finish import rendering  # needs MkDocs

        self.close()
        order = self._order("rehearsal", config, self._last)
        self._ready = started([rendering.__name__, rendering.REHEARSE, str(order)])

    def rebuild(self, config: Path, site: Path, pages: Sequence[str]) -> list[str]:
        """Build some pages, and put them in place of those in a built site; the warnings of MkDocs.

        The search index, and the copies of pages as Markdown, remain as they were.
        """
        from toolkit.delivery.finish import rendering

        if self._ready is not None:
            self._last = pages
        order = self._order("build", config, pages)
        ready, self._ready = self._ready, None
        try:
            with ready or started([rendering.__name__, str(order)]) as process:
                warnings = ended(process, config, BUILDERS[0], f"{order}\n", strict=False)
            made = order.parent / _SITE
            for path in made.rglob("*.html"):
                place = site / path.relative_to(made)
                place.parent.mkdir(parents=True, exist_ok=True)
                os.replace(path, place)
        finally:
            shutil.rmtree(order.parent, ignore_errors=True)
        return warnings

    def close(self) -> None:
        """End the process that is ready."""
        if self._ready is not None:
            with self._ready as process:
                process.kill()
            self._ready = None

    def _order(self, name: str, config: Path, pages: Sequence[str]) -> Path:
        from toolkit.delivery.finish.rendering import Order  # needs MkDocs

        folder = self._folder / name
        folder.mkdir(exist_ok=True)
        names = [page.replace(os.sep, "/") for page in pages]
        order = folder / "order.json"
        order.write_bytes(msgspec.json.encode(Order(str(config), str(folder / _SITE), pages=names, strict=False)))
        return order
