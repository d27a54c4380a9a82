"""The history of a documented tree, for targets that say since when there is an element."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from toolkit.descriptors.addresses import is_address
from toolkit.errors import Diagnostic, Location, ToolkitError
from toolkit.targets.changelog.settings import ChangelogSettings
from toolkit.targets.history import History, day_of
from toolkit.targets.settings import Settings
from toolkit.targets.workspace import Workspace

_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_HINT = "fix [changelog] in toolkit.toml"


def history_of(workspace: Workspace) -> tuple[History, list[Diagnostic]]:
    """The history that the configured revisions tell, and why there is none, if they cannot be compared.

    Of revisions that are not :func:`told <is_told>`, it only says whether their names are days.
    """
    from toolkit.targets.changelog.pages import Changelog
    from toolkit.targets.changelog.revisions import read_revisions

    settings, chosen = workspace.settings, workspace.settings.of(ChangelogSettings)
    if not is_told(chosen):
        later = [*(chosen.revisions or ())][1:]
        return History(is_dated=bool(later) and all(map(day_of, later))), []
    try:
        revisions = read_revisions(chosen.revisions or {}, chosen.tags, settings.tree, settings.file, workspace.access)
        return Changelog(revisions, workspace.mappings).history(), []
    except ToolkitError as error:
        said = f"pages do not say since when there is an element: {error.message}"
        return History(), [Diagnostic(Location(str(settings.file or "")), said, error.hint or _HINT)]


def is_told(chosen: ChangelogSettings) -> bool:
    """Whether there are revisions to tell it, all of them files or in a git repository."""
    texts = [value for value in (chosen.revisions or {}).values() if isinstance(value, str)]
    return bool(chosen.revisions or chosen.tags) and not any("://" in text or text == "-" for text in texts)


def source_of(value: Any) -> str:
    """What a revision is read from, as the settings name it; empty if they don't."""
    text = value.get("revision") if isinstance(value, dict) else value
    return text if isinstance(text, str) else ""


def inputs_of(settings: Settings, revisions: Mapping[str, Any] | None, pattern: str = "") -> Iterator[tuple[str, Path]]:
    """The files that revisions depend on, besides the settings and the tree itself; nothing for the ID of a commit."""
    home = settings.file.parent if settings.file is not None else Path()
    in_git = bool(pattern)
    for name, value in (revisions or {}).items():
        text, path = source_of(value), home / value if isinstance(value, str) else None
        if path is None or not path.exists():
            in_git = in_git or not (is_address(text) or _COMMIT.fullmatch(text.partition(":")[0]))
        elif path.is_dir():
            found = sorted(each for each in path.rglob("*.proto") if each.is_file())
            yield from ((f"revision {name} {each.relative_to(path).as_posix()}", each) for each in found)
        else:
            yield f"revision {name}", path
    for path in _references(home) if in_git else ():
        yield f"git {path}", path


def _references(home: Path) -> Iterator[Path]:
    """The files in which the repository around a folder says which commits its names mean."""
    for folder in (home.resolve(), *home.resolve().parents):
        git = folder / ".git"
        if git.is_file():  # a linked worktree
            git = folder / git.read_text(encoding="utf-8", errors="replace").removeprefix("gitdir:").strip()
        if git.is_dir():
            shared = git / "commondir"
            common = git / shared.read_text(encoding="utf-8").strip() if shared.is_file() else git
            yield from filter(Path.is_file, (git / "HEAD", common / "packed-refs"))
            for top, _, names in sorted(os.walk(common / "refs")):
                yield from (Path(top, name) for name in sorted(names))
            return
