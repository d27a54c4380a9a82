"""ProtoJSON, spoiled as a tree and as a text: `toolkit validate` and the bindings' `from_json`."""

from __future__ import annotations

import contextlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from tests.fuzz.bases import base
from tests.fuzz.kind import Kind, Wrong
from tests.fuzz.protobuf import SEEDS, as_json, classes, names
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
        except EncodeError as error:
            if "required" not in str(error):
                raise
            continue
        if type(made).from_bytes(content).to_dict() != made.to_dict():
            raise Wrong(f"not the same from bytes: {made!r}")


KIND = Kind(inputs(), check)
