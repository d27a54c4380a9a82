"""Reads mkdocs.yml, and replaces its generated lines; the rest belongs to the user."""

from __future__ import annotations

import re
from pathlib import Path

from toolkit.errors import ConfigError, Location

CONFIG = "mkdocs.yml"
BEGIN, END = "# toolkit: navigation", "# toolkit: end"
LANDING = "index.md"
"""A page to begin with; once it is there it is the user's own."""
_BLOCK = re.compile(rf"^(?P<indent>[ \t]*){BEGIN}[ \t]*(?P<ending>\r?\n)(?:.*\n)*?[ \t]*{END}[ \t]*(?=\r?$)", re.M)
_DOCS = re.compile(r"^docs_dir:[ \t]*(['\"]?)(?P<path>[^'\"#\r\n]+?)/?\1[ \t]*(?:#.*)?\r?$", re.M)


def read_config(path: Path) -> str | None:
    """The text of a mkdocs.yml, or None if there is none."""
    try:
        return path.read_bytes().decode() if path.is_file() else None  # with its own line endings
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"cannot read it: {error}", location=Location(str(path))) from None


def docs_dir(config: str) -> str:
    """The directory of pages in a mkdocs.yml; the default of MkDocs is ``docs``."""
    found = _DOCS.search(config)
    return found["path"].strip().removeprefix("./") if found else "docs"


def with_navigation(config: str, block: str, file: str) -> str:
    """A mkdocs.yml with the lines between the two marks replaced by ``block``, indented like the first mark."""
    found = _BLOCK.search(config)
    if found is None:
        raise ConfigError(
            "there are no marks for the navigation of the reference",
            location=Location(file),
            hint=f"add the lines '{BEGIN}' and '{END}' below nav:, where the reference should be",
        )
    indent = found["indent"]
    lines = [BEGIN, *block.splitlines(), END]
    text = found["ending"].join(f"{indent}{line}" for line in lines)
    return config[: found.start()] + text + config[found.end() :]
