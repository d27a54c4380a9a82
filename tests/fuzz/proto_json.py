"""ProtoJSON, spoiled as a tree and as a text: `toolkit validate` and the bindings' `from_json`."""

from __future__ import annotations

import contextlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from google.protobuf import json_format
from hypothesis import strategies as st

from tests.fuzz.bases import base
from tests.fuzz.kind import Kind, Wrong
from tests.fuzz.protobuf import SEEDS, as_json, bindings, classes, names
from tests.fuzz.trees import CHANGES, CUTS, VALUES, changed, flipped
from toolkit.cli.answers import violations
from toolkit.errors import InputError
from toolkit.runtime.errors import DecodeError, EncodeError
from toolkit.targets.settings import Common, Settings
from toolkit.targets.workspace import Workspace


@st.composite
def inputs(draw: Any) -> tuple[str, bytes]:
    """A message's name, and a text."""
    name = draw(st.sampled_from(names()))
    tree = changed(as_json(name, draw(SEEDS)), draw(CHANGES)) if draw(st.integers(0, 5)) else draw(VALUES)
    text = json.dumps(tree, ensure_ascii=draw(st.booleans())).encode("utf-8", "surrogatepass")
    return name, flipped(text, draw(CUTS)) if draw(st.integers(0, 2)) == 0 else text


@cache
def workspace() -> Workspace:
    """What `toolkit validate` works on."""
    return Workspace(Settings(Common(), {}), base())


def is_complete(name: str, text: bytes) -> bool:
    """Whether the official runtime reads the text, and finds all that is required."""
    try:
        message = json_format.Parse(text, classes()[name][1](), True, bindings().pool)
    except json_format.ParseError:
        return False
    return bool(message.IsInitialized())


def without_empty(tree: Any) -> Any:
    """Without extensions that are an empty list, which bytes do not have."""
    if isinstance(tree, dict):
        return {k: without_empty(v) for k, v in tree.items() if not (k.startswith("[") and v == [])}
    return [without_empty(item) for item in tree] if isinstance(tree, list) else tree


def check(value: tuple[str, bytes], folder: Path) -> None:
    """A text is refused, or is a message that can be validated and written again as the same."""
    name, text = value
    with contextlib.suppress(InputError):
        violations(workspace(), name, text, "x.json")
    for ignore in (False, True):
        try:
            made = classes()[name][0].from_json(text, ignore_unknown=ignore)
        except DecodeError:
            continue
        made.validate()
        repr(made)
        again = type(made).from_json(made.to_json())
        if again.to_json() != made.to_json():
            raise Wrong(f"not the same again: {made!r}")
        try:
            content = made.to_bytes()
        except EncodeError:
            if is_complete(name, text):
                raise
            continue
        if without_empty(type(made).from_bytes(content).to_dict()) != without_empty(made.to_dict()):
            raise Wrong(f"not the same from bytes: {made!r}")


KIND = Kind(inputs(), check)
