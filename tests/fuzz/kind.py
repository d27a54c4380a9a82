"""What a kind of input consists of, and what is found."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from tests.conftest import REPOSITORY
from toolkit.runtime.native import accelerated


@dataclass(frozen=True)
class Kind:
    """Inputs, and what has to hold for each of them."""

    inputs: st.SearchStrategy[Any]
    check: Callable[[Any, Path], None]
    """Given an input and an empty folder: raises whatever is wrong."""
    shown: Callable[[Any], str] = repr
    """An input for people."""
    enough: int = 1000
    """Inputs that `make fuzz` tries."""


@dataclass(frozen=True)
class Finding:
    """Something that is wrong, with the smallest input that shows it."""

    place: str
    """The type of the exception and the line of the code; findings with the same place are one."""
    seed: int
    input: str
    trace: str

    def __str__(self) -> str:
        lines = [f"{self.place}  (--seed {self.seed})", f"input: {self.input}", *self.trace.splitlines()[-8:]]
        return "\n".join(line[:2000] for line in lines)


class Wrong(AssertionError):
    """An output that no input may lead to."""


class Hang(BaseException):
    """An input that takes too long; no ``except Exception`` may swallow it."""


def place_of(error: BaseException) -> str:
    """Where an exception comes from: the innermost line of the toolkit, or of the tests for a wrong output."""
    frames = traceback.extract_tb(error.__traceback__)
    folders = [str(REPOSITORY / "toolkit")] if not isinstance(error, AssertionError) else [str(REPOSITORY)]
    own = [frame for frame in frames if any(frame.filename.startswith(folder) for folder in folders)]
    frame = (own or frames)[-1]
    name = Path(frame.filename)
    shown = name.relative_to(REPOSITORY) if name.is_relative_to(REPOSITORY) else name
    return f"{type(error).__name__} {shown}:{frame.lineno}"


KINDS = {
    name: f"tests.fuzz.{module}"
    for name, module in (
        ("descriptors", "descriptors"),
        ("comments", "comments"),
        ("configurations", "configurations"),
        ("json", "proto_json"),
        ("wire", "wire"),
        *([("native", "native")] if accelerated else []),
    )
}
"""Modules that have a ``KIND``; what is in C can only be tried where it is compiled."""
