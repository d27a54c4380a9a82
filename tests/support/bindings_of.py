"""Bindings of inline protos, generated, compiled and imported under a root package of their own."""

from __future__ import annotations

import itertools
import os
import py_compile
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

from tests.support.protos_of import write
from toolkit.descriptors.compile import Compilation, compile_tree
from toolkit.descriptors.loader import load
from toolkit.runtime import Message
from toolkit.runtime.root import roots
from toolkit.semantics.facts import Facts
from toolkit.targets.python.bindings import PythonBindings

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Bindings:
    """Bindings in a folder."""

    folder: Path
    """What the root package is below."""
    package: str
    """The root package."""
    compilation: Compilation

    def module(self, package: str) -> Any:
        """The module of a protobuf package, by its name in Python."""
        return import_module(f"{self.package}.{package}")

    @property
    def root(self) -> Any:
        """What the packages have in common."""
        return import_module(f"{self.package}._root").ROOT

    @cached_property
    def pool(self) -> descriptor_pool.DescriptorPool:
        """A pool of the official runtime that is not that of the root."""
        return pool_of(self.compilation)

    def official(self, full_name: str) -> Any:
        """The official class of a message, from that pool."""
        return message_factory.GetMessageClass(self.pool.FindMessageTypeByName(full_name))

    def message_names(self) -> list[str]:
        """The full names of the messages that have a class."""
        found = []
        for path in self.files:
            module = ".".join(path.relative_to(self.folder).with_suffix("").parts).removesuffix(".__init__")
            stack = list(vars(import_module(module)).values())
            while stack:
                thing = stack.pop()
                if isinstance(thing, type) and issubclass(thing, Message) and thing.__module__ == module:
                    found.append(thing.__proto__[1])
                    stack += vars(thing).values()
        return sorted(set(found))

    @property
    def files(self) -> list[Path]:
        """The Python files."""
        return sorted((self.folder / self.package.replace(".", "/")).rglob("*.py"))


def pool_of(compilation: Compilation) -> descriptor_pool.DescriptorPool:
    """A pool with every file of a compilation."""
    pool = descriptor_pool.DescriptorPool()
    seen = set()
    for file in descriptor_pb2.FileDescriptorSet.FromString(compilation.descriptor_set).file:
        if file.name not in seen:
            seen.add(file.name)
            file.ClearField("source_code_info")
            pool.AddSerializedFile(file.SerializeToString())
    return pool


def compiled(folder: Path, sources: Mapping[str, str | bytes]) -> Compilation:
    """Sources, all of which compile."""
    compilation = compile_tree([write(folder, sources)])
    assert not compilation.diagnostics, compilation.diagnostics
    return compilation


def texts_of(compilation: Compilation, package: str = "made", names: Mapping[str, str] | None = None) -> dict[str, str]:
    """The files of the bindings, by path."""
    facts = Facts(load(compilation))
    return dict(PythonBindings(facts, compilation.descriptor_set, package, names=names or {}).files())


@contextmanager
def bindings_of(
    folder: Path, sources: Mapping[str, str | bytes], package: str = "", names: Mapping[str, str] | None = None
) -> Iterator[Bindings]:
    """Bindings of sources, which can be imported until the end of the ``with``."""
    with bindings_from(folder, compiled(folder / "protos", sources), package, names) as made:
        yield made


@contextmanager
def bindings_from(
    folder: Path, compilation: Compilation, package: str = "", names: Mapping[str, str] | None = None
) -> Iterator[Bindings]:
    """Bindings of a compilation."""
    package = package or f"made_{os.getpid()}_{next(_numbers)}"
    out = folder / "bindings"
    write(out, texts_of(compilation, package, names))
    sys.path.insert(0, str(out))
    try:
        made = Bindings(out, package, compilation)
        for path in made.files:
            py_compile.compile(str(path), doraise=True)
        yield made
    finally:
        sys.path.remove(str(out))
        for name in [name for name in sys.modules if name == package or name.startswith(f"{package}.")]:
            del sys.modules[name]
        roots()[:] = [root for root in roots() if root.package != package]
