"""Changes for people and for machines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from toolkit.changes.model import Change, Kind, NotCompared
from toolkit.errors import Diagnostic, Location
from toolkit.printing import annotation, as_json, printable

Shown = Callable[[Location | None], Location | None]
"""A place of the new tree as a path that the reader knows."""


def report(
    changes: Sequence[Change],
    form: str,
    category: str | None = None,
    shown: Shown = lambda location: location,
    not_compared: Sequence[NotCompared] = (),
    notes: Sequence[str] = (),
) -> str:
    """The changes in one of :data:`toolkit.changes.rules.FORMATS`; those that break ``category`` stand out.

    ``notes`` say what else was not compared.
    """
    missing = _Missing(not_compared, notes)
    lines: dict[str, Callable[[Sequence[Change], _Missing, str | None, Shown], Iterable[str]]] = {
        "text": _text,
        "markdown": _markdown,
        "json": _json,
        "github": _github,
    }
    return "".join(f"{line}\n" for line in lines[form](changes, missing, category, shown))


@dataclass(frozen=True, slots=True)
class _Missing:
    """What was not compared."""

    files: Sequence[NotCompared]
    notes: Sequence[str]


def breaks(change: Change, category: str | None) -> bool:
    """Whether a change breaks the category, or any where none is given."""
    return category in change.categories if category else bool(change.rules)


def summary(changes: Sequence[Change], not_compared: Sequence[NotCompared], category: str | None) -> str:
    """One line: how many changes there are, how many break, and how many files were not compared."""
    broken = sum(breaks(change, category) for change in changes)
    count = f"{len(changes)} change{'s' * (len(changes) != 1)}"
    parts = [count, f"{broken} breaking {category}" if category else f"{broken} breaking"]
    if not_compared:
        parts.append(f"{len(not_compared)} file{'s' * (len(not_compared) != 1)} not compared")
    return ", ".join(parts)


def _text(changes: Sequence[Change], missing: _Missing, category: str | None, shown: Shown) -> Iterator[str]:
    for file in missing.files:
        yield printable(f"{_place(file, shown)}: {file.message}")
    for change in changes:
        was = f" (was {change.old})" if change.old is not None and change.new not in (None, change.old) else ""
        what = f"{change.noun} {change.element}: {change.message}"
        yield printable(f"{_where(change, shown)}: {what}{_marks(change)}{was}")


def _place(file: NotCompared, shown: Shown) -> Location | None:
    if file.new is not None:
        return shown(file.new.location)
    return file.old.location if file.old is not None else None


def _where(change: Change, shown: Shown) -> str:
    """Where to look: in the new tree, or in the old one where it is gone there."""
    location = shown(change.new) or change.old
    return str(location) if change.new is not None else f"{location} (old)"


def _marks(change: Change) -> str:
    parts = []
    if change.rules:
        parts.append(f"[{', '.join(change.rules)}: {', '.join(change.categories)}]")
    parts += [f"({rule} allowed: {reason})" for rule, reason in change.excepted]
    return "".join(f" {part}" for part in parts)


def _markdown(changes: Sequence[Change], missing: _Missing, category: str | None, shown: Shown) -> Iterator[str]:
    broken = [change for change in changes if breaks(change, category)]
    yield "# API changes"
    yield ""
    yield f"{summary(changes, missing.files, category)}."
    if missing.files or missing.notes:
        yield ""
        yield "## Not compared"
        yield ""
        yield from (f"- {escaped(f'{_place(file, shown)}: {file.message}')}" for file in missing.files)
        yield from (f"- {escaped(note)}" for note in missing.notes)
    if broken:
        yield ""
        yield "## Breaking" + (f" ({category})" if category else "")
        yield ""
        yield "| place | element | change | rules |"
        yield "|---|---|---|---|"
        for change in broken:
            yield _row(_where(change, shown), f"{change.noun} `{code(change.element)}`", change.message, change)
    others = [change for change in changes if not breaks(change, category)]
    for package, group in groupby(sorted(others, key=lambda change: change.package), lambda change: change.package):
        yield ""
        yield f"## {escaped(package) or '(no package)'}"
        yield ""
        for change in group:
            what = f"{change.noun} `{code(change.element)}`: {escaped(change.message)}"
            yield f"- {what} ({escaped(_where(change, shown))})"


def _row(where: str, element: str, message: str, change: Change) -> str:
    return f"| {escaped(where)} | {element} | {escaped(message)} | {', '.join(change.rules)} |"


def code(text: str) -> str:
    """A name for between backticks."""
    return printable(text).replace("`", "").replace("|", "\\|")


def escaped(text: str) -> str:
    """Text of somebody's protos in Markdown: nothing in it is markup, or ends a cell."""
    text = " ".join(printable(text).split())
    text = text.replace("&", "&amp;").replace("<", "&lt;")
    return "".join(f"\\{c}" if c in "\\`*_[]|~#" else c for c in text)


def _json(changes: Sequence[Change], missing: _Missing, category: str | None, shown: Shown) -> Iterator[str]:
    content = {
        "changes": [
            {
                "kind": change.kind.value,
                "noun": change.noun,
                "element": change.element,
                "package": change.package,
                "message": change.message,
                "old": _location(change.old),
                "new": _location(shown(change.new)),
                "at": _location(shown(change.at)),
                "rules": list(change.rules),
                "categories": list(change.categories),
                "allowed": [{"rule": rule, "reason": reason} for rule, reason in change.excepted],
                "breaking": breaks(change, category),
            }
            for change in changes
        ],
        "not_compared": [
            {"file": file.file, "old": _reason(file.old), "new": _reason(file.new)} for file in missing.files
        ],
        "notes": list(missing.notes),
    }
    yield as_json(content)


def _reason(diagnostic: Diagnostic | None) -> dict[str, Any] | None:
    return None if diagnostic is None else {**(_location(diagnostic.location) or {}), "message": diagnostic.message}


def _location(location: Location | None) -> dict[str, Any] | None:
    return None if location is None else {"file": location.file, "line": location.line, "column": location.column}


def _github(changes: Sequence[Change], missing: _Missing, category: str | None, shown: Shown) -> Iterator[str]:
    """Annotations: errors for what breaks, notices for the rest but comments, which would drown all else."""
    for file in missing.files:
        yield annotation("error" if category else "warning", _place(file, shown), "not compared", file.message)
    for note in missing.notes:
        yield annotation("notice", None, "not compared", note)
    for change in changes:
        level = "error" if breaks(change, category) else "notice"
        if level == "notice" and change.kind is Kind.COMMENT:
            continue
        location = shown(change.at) or (Location(change.old.file) if change.old else None)
        title = ", ".join(change.rules) or change.kind.value
        yield annotation(level, location, title, f"{change.noun} {change.element}: {change.message}")
