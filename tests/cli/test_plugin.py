"""`protoc-gen-toolkit` under the real protoc and the real buf."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from google.protobuf import descriptor_pb2 as pb
from google.protobuf.compiler import plugin_pb2

from tests.support.command import SOURCES, run, tree, written
from tests.support.protos_of import write

pytestmark = pytest.mark.slow(reason="runs protoc and buf")

BIN = Path(sys.executable).parent
FILES = [name.removeprefix("protos/") for name in SOURCES]


def protoc(folder: Path, options: str, *files: str, out: str = "out") -> subprocess.CompletedProcess[str]:
    """Run protoc with the plugin over a tree."""
    (folder / out).mkdir(exist_ok=True)
    command = [sys.executable, "-m", "grpc_tools.protoc", "-Iprotos", f"--plugin={BIN}/protoc-gen-toolkit"]
    command += [f"--toolkit_out={out}", *([f"--toolkit_opt={options}"] if options else []), *(files or FILES)]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120)


@pytest.mark.parametrize("target", ["reference", "examples", "python"])
def test_protoc(target: str, tmp_path: Path) -> None:
    """Under protoc each target writes what the command line writes."""
    tree(tmp_path)
    ran = protoc(tmp_path, target)
    assert ran.returncode == 0, ran.stderr
    assert run("generate", target, "--proto-path", "protos", "--out", "expected", cwd=tmp_path).code == 0
    assert written(tmp_path / "out") == written(tmp_path / "expected") != {}


def test_parameters(tmp_path: Path) -> None:
    """Settings are parameters, several targets too; a semicolon stands for a comma in a value."""
    tree(tmp_path)
    (tmp_path / "catalog.toml").write_text('[[package]]\nname = "acme.zoo.v1"\ntitle = "The Zoo"\ndocs_path = "zoo"\n')
    ran = protoc(tmp_path, "reference,examples,style=current;source_path=true,catalog=catalog.toml,variants")
    assert ran.returncode == 0, ran.stderr
    made = written(tmp_path / "out")
    assert b"sourcePath:" in made["zoo/api-ref/grpc/Cats/feed.md"]
    assert "acme/zoo/v1/Cats/feed.request.json" in made


def test_only_what_is_asked_for(tmp_path: Path) -> None:
    """Files that are only imported get no pages."""
    write(tree(tmp_path), {"protos/shop.proto": 'syntax = "proto3"; import "acme/zoo/v1/zoo.proto"; package acme.shop;\n'
        "service Shop { rpc Sell(acme.zoo.v1.Cat) returns (acme.zoo.v1.Cat); }"})  # fmt: skip
    assert protoc(tmp_path, "", "shop.proto").returncode == 0
    assert {path.split("/")[1] for path in written(tmp_path / "out")} == {"shop"}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (
            "stile=maps",
            "'stile=maps' is neither a target nor a setting\n  known: reference, rest, toc, examples, openapi, jsonschema, descriptors, python, ",
        ),
        ("style=nowhere", "there is no style 'nowhere'"),
        ("catalog=gone.toml", "cannot read the catalog 'gone.toml'"),
        ("variants=perhaps", "variants is true or false, not 'perhaps'"),
        ("out=elsewhere", "'out=elsewhere' is neither"),
        ("python,package=not a name", "'not a name' is not a valid name of a Python package"),
    ],
)
def test_errors(options: str, said: str, tmp_path: Path) -> None:
    """What is wrong is part of the response: protoc prints it, and nothing is written."""
    ran = protoc(tree(tmp_path), options)
    assert ran.returncode == 1
    assert f"--toolkit_out: {said}" in ran.stderr
    assert written(tmp_path / "out") == {}


def test_editions_and_optional(tmp_path: Path) -> None:
    """Editions and proto3's optional are declared, so protoc hands them on."""
    write(
        tmp_path,
        {
            "protos/e.proto": 'edition = "2023"; package acme.e; message M { string a = 1; }\nservice S { rpc Get(M) returns (M); }',
            "protos/o.proto": 'syntax = "proto3"; package acme.o; message M { optional string a = 1; }\nservice S { rpc Get(M) returns (M); }',
        },
    )
    ran = protoc(tmp_path, "", "e.proto", "o.proto")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert len(written(tmp_path / "out")) == 6


def test_buf(tmp_path: Path) -> None:
    """Under buf generate the same files come out, with parameters from buf.gen.yaml."""
    buf = shutil.which("buf", path=f"{BIN}{os.pathsep}{os.environ['PATH']}")
    if buf is None:
        pytest.skip("no buf: pip install buf-bin")
    tree(tmp_path)
    (tmp_path / "buf.yaml").write_text("version: v2\nmodules:\n  - path: protos\n")
    (tmp_path / "buf.gen.yaml").write_text(
        f"version: v2\nplugins:\n  - local: {BIN}/protoc-gen-toolkit\n    out: out\n"
        "    strategy: all\n    opt:\n      - reference\n      - style=maps\n"
    )
    environment = {**os.environ, "BUF_CACHE_DIR": str(tmp_path / "cache")}
    ran = subprocess.run([buf, "generate"], cwd=tmp_path, capture_output=True, text=True, timeout=120, env=environment)
    assert ran.returncode == 0, ran.stderr
    arguments = ("generate", "reference", "--proto-path", "protos", "--style", "maps", "--out", "expected")
    assert run(*arguments, cwd=tmp_path).code == 0
    assert written(tmp_path / "out") == written(tmp_path / "expected") != {}


def test_started_by_hand(tmp_path: Path) -> None:
    """Whoever starts it without protoc is told what it is for."""
    ran = subprocess.run(
        [str(BIN / "protoc-gen-toolkit")], cwd=tmp_path, input=b"hello", capture_output=True, timeout=60
    )
    assert ran.returncode == 1
    assert b"run by protoc or buf" in ran.stderr


def test_closed_input(tmp_path: Path) -> None:
    """So is whoever starts it with its standard input closed."""
    command = ["sh", "-c", f"{BIN}/protoc-gen-toolkit <&-"]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=60)
    assert b"run by protoc or buf" in ran.stderr
    assert b"Traceback" not in ran.stderr


@pytest.mark.parametrize("field", [1, 2])
def test_not_utf8(field: int, tmp_path: Path) -> None:
    """A request with text that is not UTF-8 is answered with an error."""
    content = bytes([field << 3 | 2, 2]) + b"\xff\xfe"
    ran = subprocess.run([str(BIN / "protoc-gen-toolkit")], cwd=tmp_path, input=content, capture_output=True)
    assert (ran.returncode, ran.stderr) == (0, b"")
    response = plugin_pb2.CodeGeneratorResponse.FromString(ran.stdout)
    assert response.error == "a parameter or file name in the request is not UTF-8"


def test_source_retention() -> None:
    """Options that are kept in the source only come from the copies that protoc sends along."""
    from toolkit.cli.plugin import _compilation

    bare, whole = pb.FileDescriptorProto(name="a.proto"), pb.FileDescriptorProto(name="a.proto", package="acme")
    request = plugin_pb2.CodeGeneratorRequest(
        file_to_generate=["a.proto"], proto_file=[bare], source_file_descriptors=[whole]
    )
    found = _compilation(request)
    assert pb.FileDescriptorSet.FromString(found.descriptor_set).file[0].package == "acme"
    assert found.requested == {"a.proto"}
