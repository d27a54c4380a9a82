"""Reports drift, in formats for people and for machines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any
from xml.etree import ElementTree

from toolkit.delivery.drift import EDITED, LEFT_OUT, Drift
from toolkit.errors import Location
from toolkit.printing import annotation, as_json, printable

MOST_LINES = 100
"""Lines of diffs to print at most, in total."""
FORMATS = ("text", "github", "json", "junit")


def reported(drifts: Sequence[Drift], form: str, kept: Sequence[str] = ()) -> str:
    """All drifts in one of the :data:`FORMATS`; every line ends in a line feed.

    ``kept`` are the outputs of files that were left out.
    """
    lines: dict[str, Callable[[Sequence[Drift], Sequence[str]], Iterable[str]]] = {
        "text": _text,
        "github": _github,
        "json": _json,
        "junit": _junit,
    }
    return "".join(f"{line}\n" for line in lines[form](drifts, kept))


def _text(drifts: Sequence[Drift], kept: Sequence[str]) -> Iterator[str]:
    for drift in drifts:
        if drift.kind == LEFT_OUT:
            yield printable(f"{drift.kind} {drift.location}: {drift.cause}")
        else:
            yield printable(f"{drift.kind:<8} {drift.file}" + (f"  ({drift.location})" if drift.location else ""))
    yield from _capped([f"kept     {path}" for path in kept], "outputs that were kept")
    lines = [printable(line) for drift in drifts for line in drift.diff()]
    yield from ["", *_capped(lines, "lines of differences")] if lines else ()
    yield from ["", *_sums(drifts, kept)] if drifts else ()


def _capped(lines: Sequence[str], what: str) -> Iterator[str]:
    yield from lines[:MOST_LINES]
    if len(lines) > MOST_LINES:
        yield f"… and {len(lines) - MOST_LINES} more {what}"


def _sums(drifts: Sequence[Drift], kept: Sequence[str]) -> Iterator[str]:
    """The number of files that need the same action, and the action."""
    edited = [drift for drift in drifts if drift.kind == EDITED]
    left_out = [drift for drift in drifts if drift.kind == LEFT_OUT]
    others = [drift for drift in drifts if drift.kind not in (EDITED, LEFT_OUT)]
    if left_out:
        yield f"{_count(left_out, 'file')} left out; {_count(kept, 'output')} kept until they compile"
    if others:
        commands = dict.fromkeys(sorted(drift.command for drift in others))
        yield f"{_count(others, 'file')} out of date; run: {' && '.join(commands)}"
    if edited:
        commands = dict.fromkeys(sorted(drift.command for drift in edited))
        yield f"{_count(edited, 'file')} edited by hand; to discard the edits, run: {' && '.join(commands)}"


def _count(items: Sequence[object], noun: str) -> str:
    return f"{len(items)} {noun}{'s' * (len(items) != 1)}"


def _what(drift: Drift) -> str:
    """What is wrong, and what to do."""
    if drift.kind == LEFT_OUT:
        return f"{drift.kind}: {drift.cause}"
    return f"{drift.kind}; {'to discard the edits, ' if drift.kind == EDITED else ''}run: {drift.command}"


def _github(drifts: Sequence[Drift], kept: Sequence[str]) -> Iterator[str]:
    for drift in drifts:
        what = f"{drift.file} is {_what(drift)}"
        yield annotation("error", drift.location or Location(drift.file), f"Out of date: {drift.target}", what)


def _json(drifts: Sequence[Drift], kept: Sequence[str]) -> Iterator[str]:
    content: dict[str, Any] = {
        "drift": [
            {
                "target": drift.target,
                "file": drift.file,
                "kind": drift.kind,
                "place": drift.location
                and {"file": drift.location.file, "line": drift.location.line, "column": drift.location.column},
                "diff": drift.diff(),
                "command": drift.command,
                **({"cause": drift.cause} if drift.cause else {}),
            }
            for drift in drifts
        ],
        **({"kept": kept} if kept else {}),
    }
    yield as_json(content)


def _junit(drifts: Sequence[Drift], kept: Sequence[str]) -> Iterator[str]:
    suite = ElementTree.Element(
        "testsuite", name="toolkit check", tests=str(max(len(drifts), 1)), failures=str(len(drifts))
    )
    for drift in drifts:
        case = ElementTree.SubElement(suite, "testcase", classname=drift.target, name=printable(drift.file))
        failure = ElementTree.SubElement(case, "failure", message=printable(_what(drift)))
        failure.text = "\n".join(map(printable, drift.diff()))
    if not drifts:
        ElementTree.SubElement(suite, "testcase", classname="toolkit", name="everything is up to date")
    ElementTree.indent(suite)
    yield ElementTree.tostring(suite, encoding="unicode")
