"""Documents as YAML mean the same to every parser."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import REPOSITORY
from toolkit.targets.writing import as_json, as_yaml

ODD = [
    "yes",
    "no",
    "on",
    "Off",
    "null",
    "~",
    "1e3",
    "012",
    "2026-01-02",
    "=",
    "",
    "0x1",
    "a: b",
    "a #b",
    "- x",
    "1_000",
]
ODD += [
    "12:30:45",
    ".5",
    "y",
    "N",
    "true",
    "*a",
    "&a",
    "!a",
    "%a",
    "@a",
    "a\nb",
    "ä",
    "\u2028",
    "\U0001f600",
    " a",
    "<<",
    "-",
]


def test_odd_strings() -> None:
    """Strings that look like something else stay strings, for PyYAML (1.1) and for js-yaml (1.2)."""
    value = {"list": ODD, **dict.fromkeys(ODD, 1), "number": [1, -2.5, True, None]}
    text = as_yaml(value)
    assert yaml.safe_load(text) == value
    script = "console.log(JSON.stringify(require('js-yaml').load(require('fs').readFileSync(0, 'utf8'))))"
    modules = REPOSITORY / "build/node/node_modules"
    said = subprocess.run(
        ["node", "-e", script], input=text, check=True, capture_output=True, text=True, env={"NODE_PATH": str(modules), "PATH": "/usr/bin:/usr/local/bin"}
    ).stdout  # fmt: skip
    assert json.loads(said) == value


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=8,
    )
)
def test_any_value(value: Any) -> None:
    """Any JSON value survives, and equal parts are written in full."""
    pair = [value, value]
    assert json.loads(as_json(pair)) == pair
    text = as_yaml(pair)
    assert yaml.safe_load(text) == pair
    assert "*id" not in text or "*id" in str(value)


def test_has_js_yaml() -> None:
    """The parser that the other test needs is there."""
    assert (Path(REPOSITORY) / "build/node/node_modules/js-yaml").is_dir(), "run tests/site/install.sh"


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_json(value: Any) -> None:
    """JSON is indented as Python does, but faster."""
    assert as_json(value) == json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def test_json_with_half_a_character() -> None:
    """A text that no file can have is written for whoever reports it."""
    assert as_json({"a": "\ud800"}) == '{\n  "a": "\ud800"\n}\n'
