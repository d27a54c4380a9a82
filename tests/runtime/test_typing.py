"""Type checkers accept typical use of generated bindings, and say what is wrong with wrong use."""

from __future__ import annotations

import builtins
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest

import toolkit
from tests.conftest import REPOSITORY
from tests.runtime.test_clients import served
from tests.runtime.typing import usage
from tests.support.client_trees import SOURCES
from tests.support.protos_of import proto3, write
from toolkit.descriptors.compile import compile_tree
from toolkit.descriptors.loader import load
from toolkit.semantics.facts import Facts
from toolkit.targets.python.bindings import PythonBindings
from toolkit.targets.python.names import FORWARD_BUILT_IN

HERE = REPOSITORY / "tests" / "runtime" / "typing"
CLOUDAPI = Path(os.environ.get("CLOUDAPI", REPOSITORY.parent / "shared" / "cloudapi"))
Found = list[tuple[str, int, str]]
"""Errors: the file's name, the line and the text."""


def mypy(folder: Path, *files: Path, strict: bool = True) -> Found:
    """What mypy says, in strict mode; its cache stays in a folder for the tests."""
    config = folder / "mypy.ini"
    config.write_text(f"[mypy]\nstrict = {strict}\n")
    command = ["mypy", f"--config-file={config}", f"--cache-dir={folder / 'mypy_cache'}", "--no-error-summary"]
    run = subprocess.run(
        [sys.executable, "-m", *command, "--show-absolute-path", *map(str, files)],
        cwd=folder,
        env={**os.environ, "MYPYPATH": f"{REPOSITORY}:{folder}"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert run.returncode in (0, 1), run.stdout + run.stderr
    errors = re.findall(r"^(.+?):(\d+): error: (.+?)(?:  \[[\w-]+\])?$", run.stdout, re.MULTILINE)
    assert bool(errors) == bool(run.returncode), run.stdout + run.stderr
    return [(path, int(line), text) for path, line, text in errors]


def pyright(folder: Path, *files: Path, strict: bool = False) -> Found:
    """What pyright says, in basic mode."""
    if find_spec("pyright") is None:
        pytest.skip("no pyright: pip install 'proto-toolkit[dev]'")
    config = {
        "include": [os.path.relpath(file, folder) for file in files],
        "extraPaths": [str(REPOSITORY), str(folder)],
        "typeCheckingMode": "strict" if strict else "basic",
        "pythonVersion": "3.11",
    }
    (folder / "pyrightconfig.json").write_text(json.dumps(config))
    command = ["pyright", "--pythonpath", sys.executable, "--project", str(folder), "--outputjson"]
    run = subprocess.run([sys.executable, "-m", *command], cwd=folder, capture_output=True, text=True, timeout=300)
    if run.returncode not in (0, 1):
        pytest.skip(f"pyright does not start here, its first run needs the npm registry: {run.stderr[-200:]}")
    report = json.loads(run.stdout)
    assert report["summary"]["filesAnalyzed"] >= len(files)
    return [
        (found["file"], found["range"]["start"]["line"] + 1, found["message"].split("\n")[0])
        for found in report["generalDiagnostics"]
        if found["severity"] == "error"
    ]


CHECKERS = pytest.mark.parametrize("check", [mypy, pyright])
Check = Callable[..., Found]


@pytest.mark.slow(reason="runs mypy and pyright")
@CHECKERS
def test_usage(check: Check, tmp_path: Path) -> None:
    """A file of typical use, with the types that it says its expressions have, is accepted."""
    assert check(tmp_path, HERE / "usage.py") == []


@pytest.mark.slow(reason="runs mypy and pyright")
@CHECKERS
def test_wrong(check: Check, tmp_path: Path) -> None:
    """Each wrong use is an error with the text below its line, and nothing else is."""
    expected: list[tuple[int, str]] = []
    code = 0
    for number, line in enumerate((HERE / "wrong.py").read_text().split("\n"), 1):
        comment = re.match(r" *# (mypy|pyright) says: (.+)$", line)
        if comment is None:
            code = number
        elif comment[1] == check.__name__:
            expected.append((code, comment[2]))
    found = sorted((line, text) for _, line, text in check(tmp_path, HERE / "wrong.py"))
    expected.sort()
    assert len(expected) > 40
    assert [line for line, _ in found] == [line for line, _ in expected]
    assert [(line, text) for line, text in expected if not any(n == line and text in t for n, t in found)] == []


def test_usage_runs() -> None:
    """The file of typical use does what it says, too."""
    request = usage.messages()
    assert (request.name, usage.describe(request)) == ("other", "disk or snapshot d1")
    assert usage.features(usage.HardwareGeneration()) == "none"
    assert usage.enums(usage.Image(status=usage.Image.Status.CREATING)) == "17, 2, CREATING, True"
    assert usage.well_known(usage.Image()) == "yandex.cloud.compute.v1.Image"
    usage.codecs(usage.Image(id="i1"))
    with served(usage.Images()) as address, usage.grpc.insecure_channel(address) as channel:
        client = usage.ImageServiceClient(channel)
        assert list(client.list_all(usage.ListImagesRequest(folder_id="f"), timeout=10)) == [usage.Image(id="i1")]


@pytest.mark.slow(reason="runs mypy and pyright")
@CHECKERS
def test_clients(check: Check, tmp_path: Path) -> None:
    """Bindings with all kinds of methods, and with names that hide built-in ones, are accepted."""
    compilation = compile_tree([write(tmp_path / "protos", SOURCES)])
    files = PythonBindings(Facts(load(compilation)), compilation.descriptor_set, "made").files()
    write(tmp_path, dict(files))
    assert check(tmp_path, *(tmp_path / "made" / "acme").rglob("__init__.py")) == []


@pytest.mark.slow(reason="runs mypy and pyright")
@CHECKERS
def test_names(check: Check, tmp_path: Path) -> None:
    """A oneof's class, a field or a method with the name of a class or of a built-in is no trouble for annotations."""
    source = """
    syntax = "proto3";
    package acme;
    import "google/protobuf/struct.proto";
    message Disk { string name = 1; }
    message Spec { oneof disk { Disk one = 1; string disk_id = 2; } Disk plain = 3; }
    message Warned { oneof warning { string text = 1; .acme.Disk Disk = 2; } repeated .acme.Disk list = 3; map<string, .acme.Disk> dict = 4; }
    message Item { string str = 1; bytes bytes = 2; repeated string page_names = 3; .acme.Item Item = 4; }
    message Page { repeated string names = 1; string next_page_token = 2; }
    message Ask { string page_token = 1; }
    service Lists {
      rpc List(google.protobuf.ListValue) returns (google.protobuf.Struct);
      rpc Dict(google.protobuf.Struct) returns (stream google.protobuf.ListValue);
      rpc Str(Ask) returns (Page);
      rpc Disk(stream .acme.Item) returns (.acme.Item);
      rpc Item(stream google.protobuf.Value) returns (stream .acme.Item);
    }
    """
    compilation = compile_tree([write(tmp_path / "protos", {"acme.proto": source})])
    assert not compilation.diagnostics
    write(tmp_path, dict(PythonBindings(Facts(load(compilation)), compilation.descriptor_set, "made").files()))
    assert check(tmp_path, tmp_path / "made" / "acme" / "__init__.py") == []


@pytest.mark.slow(reason="runs mypy and pyright")
@CHECKERS
def test_names_of_built_ins(check: Check, tmp_path: Path) -> None:
    """Messages, enums and extensions may have the name of any built-in, and be used before they are declared."""
    names = sorted(name for name in {*dir(builtins), *FORWARD_BUILT_IN} if not name.startswith("_"))
    numbered = list(enumerate(names, 1))
    uses = {
        "Single": "".join(f".acme.{name} a{number} = {number};" for number, name in numbered),
        "Many": "".join(f"repeated .acme.{name} a{number} = {number};" for number, name in numbered),
        "Named": "".join(f".acme.{name} {name} = {number};" for number, name in numbered),
        "Mapped": "".join(f"map<int32, .acme.{name}> a{number} = {number};" for number, name in numbered),
        "Chosen": f"oneof one {{ {''.join(f'.acme.{name} a{number} = {number};' for number, name in numbered)} }}",
    }
    users = "".join(f"message {name} {{ {body} }}" for name, body in uses.items())
    own = "".join(
        f"message {name} {{ oneof one {{ .acme.{name} own = 1; Inner inner = 2; }} message Inner {{ .acme.{name} up = 1; }} }}"
        for name in names
    )
    calls = "".join(f"rpc {name}(.acme.{name}) returns (stream .acme.{name});" for name in names if name.islower())
    enums = "".join(f"enum {name} {{ Z{number} = 0; }}" for number, name in numbered)
    nested = "".join(f"Outer.{name} a{number} = {number};" for number, name in numbered)
    sources = {
        "acme.proto": proto3("acme", f"{users} {own} service Calls {{ {calls} }}"),
        "enums.proto": proto3("enums", f"message Outer {{ {enums} }} message User {{ {nested} }}"),
        "late.proto": 'syntax = "proto2"; package late; message Base { extensions 1 to 9; }'
        "message Holder { extend Base { optional Warning a = 1; } optional Warning b = 1; } message Warning {}"
        "extend Base { repeated Warning function = 2; }",
    }
    compilation = compile_tree([write(tmp_path / "protos", sources)])
    assert not compilation.diagnostics
    write(tmp_path, dict(PythonBindings(Facts(load(compilation)), compilation.descriptor_set, "made").files()))
    assert check(tmp_path, *(tmp_path / "made").rglob("__init__.py")) == []


@pytest.mark.slow(reason="runs mypy and pyright")
def test_published(tmp_path: Path) -> None:
    """The bindings of three published packages are accepted by both, with all that they import."""
    trees = sorted(path for path in CLOUDAPI.glob("*") if (path / "yandex").is_dir())
    if not trees:
        pytest.skip("no published tree: set CLOUDAPI to a folder of them")
    compilation = compile_tree([trees[-1], trees[-1] / "third_party" / "googleapis"])
    write(tmp_path, dict(PythonBindings(Facts(load(compilation)), compilation.descriptor_set, "big").files()))
    packages = [tmp_path / "big" / "yandex" / "cloud" / name for name in ("compute/v1", "iam/v1", "mdb/postgresql/v1")]
    for check in (mypy, pyright):
        assert check(tmp_path, *(package / "__init__.py" for package in packages)) == []


def test_marker() -> None:
    """The toolkit says that it has types: checkers ask its runtime for those of the bindings' bases."""
    assert (Path(toolkit.__file__).parent / "py.typed").is_file()
