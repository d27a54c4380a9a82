"""Bindings of the base trees, and contents for their messages."""

from __future__ import annotations

import atexit
import tempfile
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from google.protobuf import json_format
from hypothesis import strategies as st

from tests.fuzz.bases import base
from tests.support.bindings_of import Bindings, bindings_from
from tests.support.messages import message_of


@cache
def bindings() -> Bindings:
    """The bindings, importable until the process ends."""
    stack = ExitStack()
    atexit.register(stack.close)
    folder = stack.enter_context(tempfile.TemporaryDirectory())
    return stack.enter_context(bindings_from(Path(folder), base()))


@cache
def classes() -> dict[str, tuple[Any, Any]]:
    """Our class and the official one, by full name."""
    made = bindings()
    made.root  # noqa: B018
    found = {}
    for name in made.message_names():
        if name.startswith("acme."):
            found[name] = (made.root.message(name), made.official(name))
    return found


def names() -> list[str]:
    """The full names of the messages."""
    return sorted(classes())


@cache
def content_of(name: str, seed: int) -> Any:
    """A message of the official runtime."""
    return message_of(classes()[name][1], Random(seed), bindings().pool)


def as_json(name: str, seed: int) -> Any:
    """The same as ProtoJSON's dictionaries."""
    return json_format.MessageToDict(content_of(name, seed), descriptor_pool=bindings().pool)


SEEDS = st.integers(0, 1 << 20)
