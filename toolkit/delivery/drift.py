"""What a check found, for people and for machines."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from toolkit.delivery.compare import Difference
from toolkit.errors import Location

MOST_LINES = 100
"""Of diffs, in all."""
FORMATS = ("text", "github", "json", "junit")


@dataclass(frozen=True, slots=True)
class Drift:
    """A file that is not what generating makes of the protos."""

    target: str
    file: str
    """Where it is, as a person would write it."""
    kind: str
    """``changed``, ``missing`` or ``orphaned``."""
    location: Location | None
    """The line of a .proto file that is behind it, where it is known."""
    old: str
    new: str

    @classmethod
    def of(cls, target: str, out: Path, difference: Difference, location: Location | None) -> Drift:
        """A difference in a target's folder."""
        kind = "orphaned" if difference.new is None else "missing" if difference.old is None else "changed"
        old, new = ((content or b"").decode("utf-8", "replace") for content in (difference.old, difference.new))
        return cls(target, (out / difference.path).as_posix(), kind, location, old, new)

    @property
    def command(self) -> str:
        """What repairs it."""
        return f"toolkit {self.target}" if self.target == "changelog" else f"toolkit generate {self.target}"

    def diff(self) -> list[str]:
        """The difference as lines of a unified diff; of a changed file only."""
        if self.kind != "changed":
            return []
        lines = difflib.unified_diff(
            self.old.splitlines(), self.new.splitlines(), self.file, f"{self.file} (generated)", n=2, lineterm=""
        )
        return list(lines)


def added_lines(difference: Difference) -> list[str]:
    """What generating would add to a file."""
    old = set((difference.old or b"").decode("utf-8", "replace").splitlines())
    return [line for line in (difference.new or b"").decode("utf-8", "replace").splitlines() if line not in old]


def report(drifts: Sequence[Drift], form: str) -> str:
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
        yield f"{drift.kind:<9}{drift.file}" + (f"  ({drift.location})" if drift.location else "")
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


def printable(line: str) -> str:
    """A line of a file on a terminal: control characters would act there."""
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", "\ufffd", line)


def _github(drifts: Sequence[Drift]) -> Iterator[str]:
    for drift in drifts:
        what = f"{drift.file} is {drift.kind}; to repair: {drift.command}"
        yield annotation("error", drift.location or Location(drift.file), f"Out of step: {drift.target}", what)


def annotation(level: str, location: Location | None, title: str, text: str) -> str:
    """A line that GitHub shows beside a line of a file; ``level`` is ``error``, ``warning`` or ``notice``."""
    where = []
    if location is not None:
        where += [f"file={_property(location.file)}"]
        where += [f"line={location.line}"] if location.line else []
        where += [f"col={location.column}"] if location.column else []
    return f"::{level} {','.join([*where, f'title={_property(title)}'])}::{_message(text)}"


def _message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")


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
    yield json.dumps(content, indent=2, ensure_ascii=False)


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
