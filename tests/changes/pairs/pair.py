"""How a pair is written down."""

from __future__ import annotations

from collections.abc import Mapping

Files = Mapping[str, str]
PAIRS: dict[str, tuple[Files, Files]] = {}
"""Sources by name, old and new, by the pair's name."""


def pair(name: str, old: str | Files, new: str | Files, syntax: str = "proto3") -> None:
    """A pair of trees, or of bodies of one file: then lines that begin with ``import`` or ``option`` head it."""
    PAIRS[name] = _files(name, old, syntax), _files(name, new, syntax)


def file_options(names: Mapping[str, tuple[str, str]]) -> None:
    """For each option and its two values: a pair that sets it, one that unsets it, and one that changes it."""
    for name, (old, new) in names.items():
        for kind, before, after in (("set", "", new), ("unset", old, ""), ("changed", old, new)):
            lines = [
                f"option {name} = {value};\nmessage M {{}}" if value else "message M {}" for value in (before, after)
            ]
            pair(f"option_{name}_{kind}", lines[0], lines[1])


def _files(name: str, source: str | Files, syntax: str) -> Files:
    if not isinstance(source, str):
        return {f"{name}/{file}": text for file, text in source.items()}
    head = f'edition = "{syntax}";' if syntax.isdigit() else f'syntax = "{syntax}";'
    lines = source.strip().splitlines()
    first = [line for line in lines if line.startswith(("import ", "option "))]
    body = [line for line in lines if line not in first]
    return {f"{name}/a.proto": "\n".join([head, f"package {name};", *first, *body, ""])}
