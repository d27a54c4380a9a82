"""Protos that packages from PyPI bring, as trees and sets that others made: every command gives all that is in them."""

from __future__ import annotations

import importlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from google.protobuf import descriptor_pb2 as pb
from google.protobuf.descriptor import FileDescriptor

from tests.support.command import Ran, run
from toolkit.descriptors.compile import bundled_roots

pytestmark = pytest.mark.slow(reason="starts every command for every tree")

TARGETS = ("reference", "examples", "python", "site")


def protos_in(folder: Path) -> Iterator[Path]:
    """The .proto files below a folder in which Python modules are, too."""
    return (path for path in sorted((folder / "google").rglob("*.proto")))


def tree_of(source: Path, target: Path) -> int:
    """Copy the .proto files of a package; their number."""
    paths = [path.relative_to(source) for path in protos_in(source)]
    for path in paths:
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / path, target / path)
    return len(paths)


def set_of(package: str) -> bytes:
    """The descriptor set of all ``_pb2`` modules of a package, and what they import."""
    files: dict[str, pb.FileDescriptorProto] = {}

    def add(file: FileDescriptor) -> None:
        if file.name not in files:
            for imported in file.dependencies:
                add(imported)
            files[file.name] = pb.FileDescriptorProto()
            file.CopyToProto(files[file.name])

    top = importlib.import_module(package)
    for folder in map(Path, top.__path__):
        for path in sorted(folder.rglob("*_pb2.py")):
            name = ".".join(path.relative_to(folder).with_suffix("").parts)
            add(importlib.import_module(f"{package}.{name}").DESCRIPTOR)
    return pb.FileDescriptorSet(file=files.values()).SerializeToString()


def everything(folder: Path) -> dict[str, Ran]:
    """What each command says in a folder with protos and nothing else, from the first one on."""
    said = {"init": run("init", cwd=folder), "list": run("list", cwd=folder)}
    said |= {target: run("generate", target, cwd=folder) for target in TARGETS}
    return said | {"check": run("check", *TARGETS, cwd=folder)}


def held(said: dict[str, Ran], methods: int, files: int, operations: int = 0) -> None:
    """Assert that every command ended well, and showed everything."""
    for command, ran in said.items():
        assert (command, ran.code) == (command, 0), ran.errors
        assert "Traceback" not in ran.errors
    assert f"in {files} file" in said["init"].errors
    assert "left out" not in "".join(ran.errors for ran in said.values())
    assert said["list"].text.count(" → ") == methods
    assert f"{3 * methods + operations} examples in" in said["examples"].errors
    assert "up to date" in said["check"].errors


@pytest.mark.parametrize(
    ("package", "methods", "files"),
    [
        ("grpc_reflection", 1, 1),
        ("grpc_health", 3, 1),
        ("grpc_channelz", 7, 1),
        ("opentelemetry.proto", 4, 10),
    ],
)
def test_sets(package: str, methods: int, files: int, tmp_path: Path) -> None:
    """A descriptor set without source info that lies in a folder is all that the commands need."""
    pytest.importorskip(package, reason=f"needs the package of {package}: pip install -e '.[dev]'")
    (tmp_path / "api.binpb").write_bytes(set_of(package))
    held(everything(tmp_path), methods, files)


def test_common_protos(tmp_path: Path) -> None:
    """The protos of googleapis-common-protos, copied to an empty folder, are the tree that is asked for."""
    files = tree_of(bundled_roots()[1], tmp_path)
    said = everything(tmp_path)
    held(said, 7, files, operations=1)
    assert "google.longrunning" in said["list"].text
    ran = run("page", "google.longrunning.Operations.GetOperation", cwd=tmp_path)
    assert (ran.code, ran.errors) == (0, "")


def test_protos_of_protoc(tmp_path: Path) -> None:
    """The protos of protoc itself have no services: the commands say so, and what there is instead."""
    files = tree_of(bundled_roots()[0], tmp_path)
    said = everything(tmp_path)
    held(said, 0, files)
    for command in ("list", "reference", "examples"):
        assert "no services in 3 packages, " in said[command].errors
    types = run("list", "--types", cwd=tmp_path)
    assert "message FileDescriptorProto" in types.text


def test_tree_of_the_name_google(tmp_path: Path) -> None:
    """A folder named google in the current folder is not mistaken for the files that come with the toolkit."""
    (tmp_path / "google/rpc").mkdir(parents=True)
    shutil.copyfile(bundled_roots()[1] / "google/rpc/status.proto", tmp_path / "google/rpc/status.proto")
    body = 'syntax = "proto3"; package google.books; message Book {} service Books { rpc Get(Book) returns (Book); }'
    (tmp_path / "google/books.proto").write_text(body)
    assert "1 service, 1 method in 2 files" in run("init", cwd=tmp_path).errors
