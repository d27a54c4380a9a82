"""Drift in the formats that people and machines read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from xml.etree import ElementTree

from toolkit.delivery.drift import Drift
from toolkit.errors import Location
from toolkit.printing import annotation, as_json, printable

MOST_LINES = 100
"""Of diffs, in all."""
FORMATS = ("text", "github", "json", "junit")


def reported(drifts: Sequence[Drift], form: str) -> str:
    """All drifts in one of :data:`FORMATS`, with a line feed at the end of each line."""
    lines: dict[str, Callable[[Sequence[Drift]], Iterable[str]]] = {
        "text": _text,
        "github": _github,
        "json": _json,
        "junit": _junit,
    }
    return "".join(f"{line}\n" for line in lines[form](drifts))


def _commands(drifts: Sequence[Drift]) -> list[str]:
    return sorted({drift.command for drift in drifts})


def _text(drifts: Sequence[Drift]) -> Iterator[str]:
    for drift in drifts:
        yield printable(f"{drift.kind:<9}{drift.file}" + (f"  ({drift.location})" if drift.location else ""))
    if not drifts:
        return
    lines = [line for drift in drifts for line in drift.diff()]
    if lines:
        yield ""
        yield from map(printable, lines[:MOST_LINES])
        if len(lines) > MOST_LINES:
            yield f"… and {len(lines) - MOST_LINES} more lines of differences"
    yield ""
    yield f"{len(drifts)} file(s) out of step; to repair: {' && '.join(_commands(drifts))}"


def _github(drifts: Sequence[Drift]) -> Iterator[str]:
    for drift in drifts:
        what = f"{drift.file} is {drift.kind}; to repair: {drift.command}"
        yield annotation("error", drift.location or Location(drift.file), f"Out of step: {drift.target}", what)


def _json(drifts: Sequence[Drift]) -> Iterator[str]:
    content = {
        "drift": [
            {
                "target": drift.target,
                "file": drift.file,
                "kind": drift.kind,
                "place": drift.location
                and {"file": drift.location.file, "line": drift.location.line, "column": drift.location.column},
                "diff": drift.diff(),
                "command": drift.command,
            }
            for drift in drifts
        ]
    }
    yield as_json(content)


def _junit(drifts: Sequence[Drift]) -> Iterator[str]:
    suite = ElementTree.Element(
        "testsuite", name="toolkit check", tests=str(max(len(drifts), 1)), failures=str(len(drifts))
    )
    for drift in drifts:
        case = ElementTree.SubElement(suite, "testcase", classname=drift.target, name=printable(drift.file))
        failure = ElementTree.SubElement(case, "failure", message=f"{drift.kind}; to repair: {drift.command}")
        failure.text = "\n".join(map(printable, drift.diff()))
    if not drifts:
        ElementTree.SubElement(suite, "testcase", classname="toolkit", name="everything is in step")
    ElementTree.indent(suite)
    yield ElementTree.tostring(suite, encoding="unicode")
