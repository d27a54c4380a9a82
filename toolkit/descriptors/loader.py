"""Descriptor set → :class:`~toolkit.descriptors.model.Schema`, every reference checked."""

from __future__ import annotations

import gc
from collections.abc import Container, Iterable, Iterator, Mapping, Set
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain
from typing import Any

from toolkit.descriptors import options
from toolkit.descriptors.compile import Compilation, Compiling, compile_partly, is_bundled
from toolkit.descriptors.deferred import DeferredFiles
from toolkit.descriptors.extensions import WITH_IMPORTS
from toolkit.descriptors.file_reader import FileReader, SourcePath
from toolkit.descriptors.model import Enum, File, Kind, Message, Schema, Service
from toolkit.descriptors.protoc import DoesNotCompile
from toolkit.errors import Location, SchemaError
from toolkit.printing import printable


def load(compilation: Compilation) -> Schema:
    """The schema of a compiled descriptor set.

    Raises :class:`SchemaError` for names that protobuf does not allow, names
    declared twice, and types or imports that the set does not hold.
    """
    with _no_collector():
        loader = _Loader()
        loader.read(compilation.descriptor_set)
        return loader.schema(compilation.requested)


def load_files(
    protos: Iterable[Any], known: Container[str], requested: Set[str], skipped: Mapping[str, Set[SourcePath]]
) -> Schema:
    """The schema of some files of a set that is parsed already; what they refer to may be missing from it.

    ``known`` are the files of the set; ``skipped``, by file, the source paths of elements of its top that are not
    wanted.
    """
    with _no_collector():
        loader = _Loader()
        loader.take(protos, known, skipped)
        return loader.schema(requested, whole=False)


def read_tree(compiling: Compiling) -> tuple[Schema, Compilation]:
    """Load a tree; what is compiled first is read while the rest compiles. What does not compile is left out."""
    with _no_collector():
        loader = _Loader()
        try:
            parts = []
            for part in compiling.parts:
                if compiling.has_new_comments_only:
                    return _deferred(part, compiling.requested), compiling.compilation(part)
                loader.read(part)
                parts.append(part)
            schema = loader.schema(compiling.requested)
            _check_names(schema)
            return schema, compiling.compilation(b"".join(parts))
        except (DoesNotCompile, SchemaError):  # the latter where two parts declare the same
            compilation = compile_partly(compiling)
            return load(compilation), compilation


def _deferred(content: bytes, requested: Set[str]) -> Schema:
    """The schema of a set that was loaded before, maybe with other comments."""
    protos = {proto.name: proto for proto in options.SetParser().parse(content)}
    found = DeferredFiles(dict(sorted(protos.items())), protos, content)
    files = {name: file if name in requested else replace(file, requested=False) for name, file in found.files.items()}
    return Schema(files, found.messages, found.enums, dict(found.services), found)


@contextmanager
def _no_collector() -> Iterator[None]:
    """Nothing built here is garbage, and the collector would walk it again and again."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


class _Loader:
    """Gathers the files of one or more descriptor sets, each of which holds what it imports."""

    def __init__(self) -> None:
        self._readers: dict[str, FileReader] = {}
        self._parser = options.SetParser()

    def read(self, content: bytes) -> None:
        """Read a set; a file that is known already is passed over."""
        protos: dict[str, Any] = {}
        for proto in self._parser.parse(content):
            protos.setdefault(proto.name, proto)
        self.take(protos.values(), protos)

    def take(
        self, protos: Iterable[Any], known: Container[str], skipped: Mapping[str, Set[SourcePath]] | None = None
    ) -> None:
        """Read files of a set that holds the ``known`` ones."""
        for proto in protos:
            if proto.name not in self._readers:
                self._readers[proto.name] = FileReader(proto, known, (skipped or {}).get(proto.name, frozenset()))

    def schema(self, requested: Set[str] | None, *, whole: bool = True) -> Schema:
        """The schema of all that was read; ``whole``: with all that it refers to."""
        files: dict[str, File] = {}
        messages: dict[str, Message] = {}
        enums: dict[str, Enum] = {}
        services: dict[str, Service] = {}
        declared: dict[str, str] = {}
        for name, reader in sorted(self._readers.items()):
            asked_for = name in requested if requested is not None else not is_bundled(name)
            files[name] = reader.file if asked_for else replace(reader.file, requested=False)
            for full_name in chain(reader.messages, reader.enums, reader.services):
                other = declared.setdefault(full_name, name)
                if other != name:
                    raise SchemaError(
                        f"{full_name} is declared in {other} and again in {name}",
                        location=Location(name),
                        hint="leave one of the two files out, or give it another package",
                    )
            messages |= reader.messages
            enums |= reader.enums
            services |= reader.services
        schema = Schema(files=files, messages=messages, enums=enums, services=services)
        if whole:
            _check(schema)
        return schema


def _check_names(schema: Schema) -> None:
    """No two files declare the same, which protoc finds only where it compiles both at once."""
    found: dict[str, str] = {}
    for name, file in schema.files.items():
        values = (value.full_name for enum in file.enums for value in schema.enums[enum].values)
        extensions = (extension.full_name for extension in file.extensions)
        for full_name in chain(file.messages, file.enums, file.services, values, extensions):
            if found.setdefault(full_name, name) != name:
                raise SchemaError(f"{full_name} is declared in {found[full_name]} and again in {name}")
    for package in schema.packages:
        for end in (at for at, letter in enumerate(f"{package}.") if letter == "."):
            if package[:end] in found:
                raise SchemaError(f"{package[:end]} is declared in {found[package[:end]]}, and is a package")


def _check(schema: Schema) -> None:
    """Every type that is named is there."""
    for fields in chain(
        ((*m.fields, *m.extensions) if m.extensions else m.fields for m in schema.messages.values()),
        (f.extensions for f in schema.files.values()),
    ):
        for field in fields:
            kind = field.type.kind
            missing = (kind is Kind.MESSAGE and field.type.name not in schema.messages) or (
                kind is Kind.ENUM and field.type.name not in schema.enums
            )
            if missing:
                raise SchemaError(
                    f"{field.full_name} has the type {printable(field.type.name)}, which the set does not hold",
                    location=field.location,
                    hint=WITH_IMPORTS,
                )
    for method in schema.methods.values():
        for name in (method.input, method.output):
            if name not in schema.messages:
                raise SchemaError(
                    f"{method.full_name} names {printable(name)}, which the set does not hold",
                    location=method.location,
                    hint=WITH_IMPORTS,
                )
