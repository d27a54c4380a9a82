"""Inline protos, compiled by the real protoc."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from google.protobuf import descriptor_pb2 as pb

from toolkit.descriptors.compile import Compilation, compile_tree
from toolkit.descriptors.loader import load
from toolkit.descriptors.model import Schema


def write(folder: Path, sources: Mapping[str, str | bytes]) -> Path:
    """Write sources by name; the folder."""
    for name, text in sources.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return folder


def schema_of(folder: Path, sources: Mapping[str, str | bytes]) -> Schema:
    """The schema of a tree of these sources, all of which compile."""
    compilation = compile_tree([write(folder, sources)])
    assert not compilation.diagnostics
    return load(compilation)


def set_of(*files: pb.FileDescriptorProto) -> Compilation:
    """A descriptor set made by hand."""
    return Compilation(pb.FileDescriptorSet(file=files).SerializeToString(), None)


def commented(compilation: Compilation, text: str) -> Compilation:
    """The set with a text as every comment of its own files: before, after and apart from every element."""
    files = pb.FileDescriptorSet.FromString(compilation.descriptor_set)
    text = "".join(f" {line}\n" for line in text.split("\n"))  # as protoc has it
    for file in files.file:
        for location in file.source_code_info.location if file.name in (compilation.requested or ()) else ():
            location.leading_comments = text
            location.trailing_comments = text
            location.leading_detached_comments.append(text)
    return Compilation(files.SerializeToString(), compilation.requested)


def commented_packages(folder: Path, body: str, texts: Mapping[str, str]) -> bytes:
    """A descriptor set of packages with the same body, each with its text as every comment; sources are written."""
    compilation = compile_tree([write(folder, {f"{package}.proto": proto3(package, body) for package in texts})])
    imported = pb.FileDescriptorSet.FromString(compilation.descriptor_set).file
    found = pb.FileDescriptorSet(file=[file for file in imported if file.package not in texts])
    for text in set(texts.values()):
        files = pb.FileDescriptorSet.FromString(commented(compilation, text).descriptor_set).file
        found.file.extend(file for file in files if texts.get(file.package) == text)
    return found.SerializeToString()


def proto3(package: str, body: str, *imports: str) -> str:
    """The text of a file."""
    lines = ['syntax = "proto3";', f"package {package};", *(f'import "{name}";' for name in imports)]
    return "\n".join([*lines, body, ""])
