"""Snippets are laid out as formatters lay them out, and no value breaks out of its quotes."""

from __future__ import annotations

import ast
import json
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example as including
from hypothesis import given
from hypothesis import strategies as st

from tests.hostile import texts
from tests.targets.examples.test_examples import fields, of, own
from tests.targets.examples.test_snippets import IDS, METHODS
from toolkit.descriptors.model import Method, Schema
from toolkit.semantics.facts import Facts
from toolkit.targets.examples.examples import Examples
from toolkit.targets.examples.literal import WIDTH, literal
from toolkit.targets.examples.servers import Servers
from toolkit.targets.examples.snippets import Snippets
from toolkit.targets.rendering import Renderer

HOSTILE = [*texts("values").values()]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.text(max_size=20), inner, max_size=6),
)


def formatted(code: str) -> str:
    """Code as ruff formats it, which is as black does."""
    command = [sys.executable, "-m", "ruff", "format", "--isolated", "--line-length", str(WIDTH), "-"]
    return subprocess.run(command, input=code, capture_output=True, text=True, check=True, timeout=60).stdout


@pytest.mark.parametrize("method", METHODS, ids=IDS)
def test_layout(method: Method) -> None:
    """A formatter finds nothing to do in the Python snippets."""
    _, schema, _ = own()
    snippets = Snippets(Facts(schema), Renderer())
    for example in (Examples(Facts(schema)).request(method), Examples(Facts(schema)).response(method)):
        code = snippets.python(method, example)
        assert formatted(code) == code


@given(JSON)
@including(["\\'\"", "\\\\''\"", "'\"\\"])
def test_literal(value: Any) -> None:
    """A literal reads as the value that it was made from."""
    assert ast.literal_eval(literal(value)) == value


def test_literal_layout() -> None:
    """What fits is on one line; what does not has one key or element a line, down to what fits again."""
    value = {"names": ["a" * 30, "b" * 30, "c" * 30], "inner": {"x": 1}, "empty": {}, "long": "d" * 100}
    assert literal(value).splitlines() == [
        "{",
        '    "names": [',
        *(f'        "{letter * 30}",' for letter in "abc"),
        "    ],",
        '    "inner": {"x": 1},',
        '    "empty": {},',
        f'    "long": "{"d" * 100}",',
        "}",
    ]
    fits = {"a": "b" * (WIDTH - len('{"a": ""}'))}
    assert "\n" not in literal(fits)
    assert "\n" in literal({"a": fits["a"] + "b"})


def hostile(folder: Path) -> tuple[Schema, Method, dict[str, Any]]:
    """A method with parameters in path, query and body, and an example of all that is hostile."""
    source = fields("string thing_id = 1; string name = 2; repeated string tags = 3; map<string, string> labels = 4;")
    binding = 'post: "/v1/things/{thing_id}" body: "labels"'
    source = source.replace(
        "returns (CreateThingRequest);",
        f"returns (CreateThingRequest) {{ option (google.api.http) = {{ {binding} }}; }}",
    )
    schema, _ = of(folder, 'import "google/api/annotations.proto";' + source)
    example = {"thingId": "x".join(HOSTILE), "name": HOSTILE[0], "tags": HOSTILE, "labels": {t: t for t in HOSTILE}}
    return schema, schema.methods["acme.Things.Create"], example


def test_python_is_data(tmp_path: Path) -> None:
    """In the Python snippet an example is one literal, equal to the example, and the server one string."""
    schema, method, example = hostile(tmp_path)
    server = 'x", print("stolen"), "'
    code = Snippets(Facts(schema), Renderer(), Servers(grpc=server)).python(method, example)
    calls = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call)]
    assert {c.func.id for c in calls if isinstance(c.func, ast.Name)} == {"ParseDict", "print"}
    (request,) = [c.args[0] for c in calls if isinstance(c.func, ast.Name) and c.func.id == "ParseDict"]
    assert ast.literal_eval(request) == example
    (channel,) = [c for c in calls if isinstance(c.func, ast.Attribute) and c.func.attr == "secure_channel"]
    assert ast.literal_eval(channel.args[0]) == server
    assert formatted(code) == code


def test_curl_is_one_command(tmp_path: Path) -> None:
    """In the curl line each value is within one word of the shell."""
    schema, method, example = hostile(tmp_path)
    command = Snippets(Facts(schema), Renderer(), Servers(http="http://server/$(id)")).curl(method, example)
    assert command is not None
    words = shlex.split(command.replace("\\\n", ""))
    assert words[:3] == ["curl", "--request", "POST"]
    assert words[3].startswith("http://server/$(id)/v1/things/")
    assert words[4:7] == ["--header", "Content-Type: application/json", "--data"]
    assert json.loads(words[7]) == example["labels"]
    assert len(words) == 8


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash: install it")
def test_shell_runs_nothing(tmp_path: Path) -> None:
    """A shell that runs the snippets runs only the programs that they name, with the example as it is."""
    schema, method, example = hostile(tmp_path)
    snippets = Snippets(Facts(schema), Renderer(), Servers(grpc="host;touch stolen", http="http://server"))
    (tmp_path / "bin").mkdir()
    for program, says in (("grpcurl", "cat"), ("curl", 'printf %s "${@: -1}"')):
        path = tmp_path / "bin" / program
        path.write_text(f"#!/bin/bash\n{says}\n")
        path.chmod(0o755)
    (tmp_path / "here").mkdir()
    for command, expected in (
        (snippets.grpcurl(method, example), example),
        (snippets.curl(method, example), example["labels"]),
    ):
        ran = subprocess.run(
            ["bash", "-c", str(command)],
            cwd=tmp_path / "here",
            env={"PATH": f"{tmp_path}/bin:/usr/bin:/bin"},
            capture_output=True,
            timeout=20,
            check=False,
        )
        assert (ran.returncode, ran.stderr) == (0, b"")
        assert json.loads(ran.stdout) == expected
        assert list((tmp_path / "here").iterdir()) == []
