"""Limits on input and output: each can be set, and is an error that says so."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from google.protobuf import descriptor_pb2 as pb

from tests.support.command import run, tree, written
from tests.support.protos_of import set_of
from toolkit.cli.main import main
from toolkit.targets.settings import Limits

SET = ("--descriptor-set", "set.binpb")


def nested(depth: int) -> pb.FileDescriptorProto:
    """A file with messages in messages."""
    file = pb.FileDescriptorProto(name="a.proto", package="acme.deep", syntax="proto3")
    message = file.message_type.add(name="M")
    for _ in range(depth - 1):
        message = message.nested_type.add(name="M")
    return file


CASES: list[tuple[str, int, tuple[str, ...], str]] = [
    ("max_input_bytes", 200, ("generate", "reference"), "the .proto files have more than 200 bytes"),
    ("max_input_bytes", 20, ("list", *SET), "the descriptors have more than 20 bytes"),
    ("max_depth", 3, ("list", *SET), "acme.deep.M.M.M.M is nested more than 3 deep"),
    ("max_pages", 8, ("generate", "reference"), "there are more than 8 files"),
    ("max_page_bytes", 300, ("generate", "reference"), "bytes, which is beyond the limit"),
    ("max_example_bytes", 20, ("generate", "examples"), "Bucket has more than 20 bytes"),
]


@pytest.mark.parametrize(("limit", "value", "command", "said"), CASES)
def test_limits(
    limit: str, value: int, command: tuple[str, ...], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is beyond a limit is an error that names the setting, nothing is written, and with more it is fine."""
    monkeypatch.chdir(tree(tmp_path))
    (tmp_path / "set.binpb").write_bytes(set_of(nested(4)).descriptor_set)
    (tmp_path / "toolkit.toml").write_text(f'proto_path = ["protos"]\n[limits]\n{limit} = {value}\n')
    before = written(tmp_path)
    result = CliRunner().invoke(main, command)
    assert result.exit_code == 2, result.output
    assert said in result.stderr
    assert f"raise {limit} under [limits] in toolkit.toml" in result.stderr
    assert written(tmp_path) == before
    (tmp_path / "toolkit.toml").write_text(f'proto_path = ["protos"]\n[limits]\n{limit} = 10000\n')
    assert CliRunner().invoke(main, command).exit_code == 0


@pytest.mark.parametrize("value", ["0", "-1", "true", "1.5", '"1"', "100000000000000000000"])
def test_wrong_limit(value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A limit is a positive number."""
    monkeypatch.chdir(tree(tmp_path))
    (tmp_path / "toolkit.toml").write_text(f"[limits]\nmax_pages = {value}\n")
    result = CliRunner().invoke(main, ["list"])
    assert result.exit_code == 2
    assert "[limits] max_pages must be" in result.stderr


def test_depth_of_protoc(tmp_path: Path) -> None:
    """The default depth is more than protoc takes, so that only a descriptor set that others made can be too deep."""
    deep = "message M {" * Limits().max_depth + "}" * Limits().max_depth
    (tmp_path / "a.proto").write_text(f'syntax = "proto3"; {deep}')
    ran = run("list", "--proto-path", ".", cwd=tmp_path)
    assert (ran.code, "max_depth" in ran.errors) == (2, False)


def test_endless_input(tmp_path: Path) -> None:
    """A descriptor set that does not end is given up at the limit."""
    (tmp_path / "toolkit.toml").write_text("[limits]\nmax_input_bytes = 5000000\n")
    ran = run("list", "--descriptor-set", "/dev/zero", cwd=tmp_path)
    assert (ran.code, "the descriptors have more than 5000000 bytes" in ran.errors) == (2, True)
