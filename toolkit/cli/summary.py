"""What a tree has, and what is missing from it: the last words of commands that show only a part."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from toolkit.descriptors.compile import Compilation
from toolkit.descriptors.model import Schema
from toolkit.descriptors.partial import missing_import
from toolkit.descriptors.roots import resolve
from toolkit.errors import Diagnostic

_RPC = re.compile(r"(?:^|[{};])\s*rpc\s+\w+\s*\(", re.M)
_MOST = 3
"""Causes that are named."""


def contents(schema: Schema) -> str:
    """What is documented, in numbers."""
    files = [file for file in schema.files.values() if file.requested]
    packages = {file.package for file in files}
    services = [schema.services[name] for file in files for name in file.services]
    methods = sum(len(service.methods) for service in services)
    counts = [(len(packages), "package"), (len(services), "service"), (methods, "method")]
    if not services:
        counts[1:] = [(sum(len(file.messages) for file in files), "message")]
        counts.append((sum(len(file.enums) for file in files), "enum"))
    return ", ".join(_count(*each) for each in counts) + f" in {_count(len(files), 'file')}"


def incomplete(schema: Schema, compilation: Compilation) -> str:
    """How much is missing because files were left out, and why; empty if nothing is."""
    if not compilation.left_out:
        return ""
    shown = sum(len(service.methods) for service in schema.requested_services())
    total = shown + sum(_methods_of(name, compilation) for name in compilation.left_out)
    methods = f"{shown:,} of {_count(total, 'method')}; " if total else ""
    return f"{methods}{left_out(compilation.left_out, compilation.diagnostics)}"


def left_out(names: Iterable[str], diagnostics: Iterable[Diagnostic]) -> str:
    """How many files were left out, and why, the most frequent cause first."""
    number = _count(len(set(names)), "file")
    diagnostics = list(diagnostics)
    missing = missing_imports(diagnostics)
    parts = []
    if missing:
        are = "import is" if len(missing) == 1 else "imports are"
        parts.append(f"{len(missing):,} {are} missing: {_listed(missing)}")
    own = [d for d in diagnostics if not d.cause and missing_import(d) is None]
    if own:
        causes = Counter(d.cause or d.location.file for d in diagnostics)
        have = "file has an error" if len(own) == 1 else "files have errors"
        parts.append(f"{len(own):,} {have}: {_listed({d.location.file: causes[d.location.file] for d in own})}")
    return f"{number} left out" + (f", because {'; '.join(parts)}" if parts else "")


def missing_imports(diagnostics: Iterable[Diagnostic]) -> dict[str, int]:
    """The imports that no import root has, each with the number of files left out because of it, most first."""
    diagnostics = list(diagnostics)
    names = {d.location.file: name for d in diagnostics if (name := missing_import(d)) is not None and not d.cause}
    found = Counter(names[cause] for d in diagnostics if (cause := d.cause or d.location.file) in names)
    return dict(sorted(found.items(), key=lambda each: (-each[1], each[0])))


def _listed(causes: Mapping[str, int]) -> str:
    names = [f"{name} ({_count(number, 'file')})" for name, number in list(causes.items())[:_MOST]]
    more = [f"{len(causes) - _MOST:,} more"] if len(causes) > _MOST else []
    return ", ".join([*names, *more])


def _methods_of(name: str, compilation: Compilation) -> int:
    """The number of methods in a file that does not compile."""
    path = resolve(name, compilation.roots)
    try:
        return len(_RPC.findall(Path(path).read_text(encoding="utf-8", errors="replace"))) if path else 0
    except OSError:
        return 0


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
