"""What a .proto file says of itself, read without compiling it: what it imports, and what it declares at its top."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

_TOKEN = re.compile(
    r"""(?=["'/{}impesrg])  # most letters begin nothing
      (?: //[^\n]*(?:\s*//[^\n]*)* | /\*.*?(?:\*/|\Z)
        | "(?:[^"\\\n]|\\.)*["\n]? | '(?:[^'\\\n]|\\.)*['\n]?
        | (?P<open>\{) | (?P<close>\})
        | \b(?:import\s+(?:(?:public|weak|option)\s+)?["'](?P<import>(?:(?!["']\s*;)[^\\\n]){1,255})["']\s*(?=;)
             | package\s+(?P<package>[\w.]+)\s*(?=;)
             | rpc\s+(?P<method>\w+)\s*(?=\() | group\s+(?P<group>\w+)\s*(?==)
             | (?:message|enum|service)\s+(?P<name>\w+)\s*(?=\{)))""",
    re.S | re.X,
)
"""Comments and strings, also ones without an end, so that what is in them is nothing else; braces; statements."""


@dataclass(frozen=True, slots=True)
class Declarations:
    """The statements at the top of a file, as far as they are written as people write them."""

    imports: tuple[tuple[str, int], ...] = ()
    """Each with its line."""
    names: tuple[str, ...] = ()
    """Full names of the messages, enums and services."""
    package: str = ""
    words: frozenset[str] = frozenset()
    """The names without their scopes, and those of methods and of what is nested."""


class Declared(dict[Path, Declarations]):
    """What files declare; each is read once, when it is asked for."""

    def __missing__(self, path: Path) -> Declarations:
        found = self[path] = declarations(path)
        return found


def declarations(path: Path) -> Declarations:
    """Read a file; of one that cannot be read protoc says why."""
    return declared_in(read(path))


def read(path: Path) -> str:
    """The text of a file; empty if it cannot be read."""
    try:
        if not os.path.isfile(path):
            return ""
        with open(path, "rb") as file:
            return file.read().decode("utf-8", "replace")
    except OSError:
        return ""


def declared_in(text: str) -> Declarations:
    """What a text declares."""
    depth = 0
    package = ""
    imports: list[tuple[str, int]] = []
    names: list[str] = []
    words: set[str] = set()
    for found in _TOKEN.finditer(text):
        kind = found.lastgroup
        if kind == "open":
            depth += 1
        elif kind == "close":
            depth -= 1
        elif kind == "import" and not depth:
            imports.append((found["import"], text.count("\n", 0, found.end()) + 1))
        elif kind == "package" and not depth:
            package = f"{found['package']}."
        elif kind in ("name", "method", "group"):
            words.add(found[kind])
            if not depth:
                names.append(found[kind])
    full_names = tuple(f"{package}{name}" for name in names)
    return Declarations(tuple(imports), full_names, package.rstrip("."), frozenset(words))
