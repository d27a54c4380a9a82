"""A workspace: a tree of protos and its settings, the input of targets, loaded lazily.

Nothing heavy is imported here, so that a run that is in the cache does not pay for it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from toolkit.errors import Diagnostic, InputError
from toolkit.targets.settings import Comments, Limits, Settings

if TYPE_CHECKING:
    from toolkit.descriptors.addresses import Access
    from toolkit.descriptors.compile import Compilation, Compiling
    from toolkit.descriptors.dynamic import DynamicClasses
    from toolkit.descriptors.kept import KeptTree
    from toolkit.descriptors.model import Schema
    from toolkit.descriptors.needed import Wanted
    from toolkit.semantics.catalog import Catalog
    from toolkit.semantics.comments import CommentReader
    from toolkit.semantics.facts import Facts
    from toolkit.semantics.mappings import Mappings
    from toolkit.semantics.validator import Validator
    from toolkit.targets.rendering import Renderer


@dataclass(frozen=True)
class Workspace:
    """The input of a run, as described by its settings."""

    settings: Settings
    compiled: Compilation | None = None
    """The tree, if it has already been compiled."""
    read: Callable[[], Settings] | None = None
    """Reads the settings again."""
    _compilings: list[Compiling] = field(default_factory=list, init=False, compare=False, repr=False)
    wanted: Wanted | None = None
    """What is asked of the tree, if not everything: then the model may have only what that needs."""

    def about(self, *names: str, text: str = "") -> Workspace:
        """The workspace for questions about elements: only what they and a text need is compiled, if they are known."""
        if self.settings.common.strict:
            return self
        from toolkit.descriptors.needed import Wanted

        resources = self.mappings.described.resources
        return replace(self, wanted=Wanted(names, text, tuple((one.option, one.type) for one in resources)))

    def again(self) -> Workspace:
        """A fresh workspace with the current settings."""
        return Workspace(self.read() if self.read is not None else self.settings, self.compiled, self.read)

    @cached_property
    def begun(self) -> int:
        """When the work began, in nanoseconds: a file that is changed after this may have been read before."""
        return time.time_ns()

    def start(self, kept: KeptTree | None = None) -> None:
        """Start protoc, so that it runs while the rest of the toolkit is imported.

        Of a tree that was ``kept`` it reads only what changed since, and what that can affect.
        """
        if self.compiled is None and self.settings.common.descriptor_set is None and not self._compilings:
            from toolkit.descriptors.compile import start_compiling

            self._compilings.append(start_compiling(self.settings.tree, self.wanted, kept))

    @property
    def _compiling(self) -> Compiling:
        self.start()
        return self._compilings[0]

    @cached_property
    def kept(self) -> KeptTree | None:
        """What a later run can use of the compiled tree; None if there is no tree, or not all of it compiled."""
        from toolkit.descriptors.kept import kept_tree

        compilation = self.compilation
        is_tree = self.compiled is None and self.settings.common.descriptor_set is None and self.wanted is None
        if compilation.kept is not None or not is_tree or compilation.diagnostics or compilation.requested is None:
            return compilation.kept
        return kept_tree(compilation.descriptor_set, compilation.requested, compilation.roots)

    def close(self) -> None:
        """Stop protoc if it is still running."""
        for compiling in self._compilings:
            compiling.close()

    @cached_property
    def _opened(self) -> tuple[Schema, Compilation]:
        self.start()
        from toolkit.descriptors.compile import fetched, read_descriptor_set, start_compiling
        from toolkit.descriptors.loader import load, read_tree

        compiled, source = self.compiled, self.settings.common.descriptor_set
        if compiled is None and self.fetched is not None:
            compiled = fetched(str(source), self.fetched)
        elif compiled is None and source is not None:
            compiled = read_descriptor_set(None if str(source) == "-" else source, self._limits.max_input_bytes)
        opened = (load(compiled), compiled) if compiled is not None else read_tree(self._compiling)
        if compiled is None and self.wanted is not None and not all(map(opened[0].declares, self.wanted.names)):
            opened = read_tree(start_compiling(self.settings.tree))  # for what is like it
        self._check_depth(opened[0])
        return opened

    @cached_property
    def fetched(self) -> bytes | None:
        """The descriptor set, if it comes from a server or from the web."""
        source = self.settings.common.descriptor_set
        if self.compiled is not None or not isinstance(source, str):
            return None
        return self.answer(source)

    def answer(self, address: str) -> bytes:
        """The descriptor set at an address; :class:`InputError` if there is none."""
        from toolkit.descriptors.remote import fetch

        return fetch(address, self.access)

    @cached_property
    def access(self) -> Access:
        """How servers and web addresses are read: each once in the workspace."""
        return self.settings.access

    @property
    def _limits(self) -> Limits:
        return self.settings.of(Limits)

    def _check_depth(self, schema: Schema) -> None:
        """Raise for a message that is nested too deep."""
        most = self._limits.max_depth
        for message in (schema.messages[name] for name in schema.messages if name.count(".") >= most):
            outer = message.full_name.count(".") - (message.package.count(".") + 1 if message.package else 0)
            if outer >= most:
                what = f"{message.full_name} is nested more than {most} deep"
                raise InputError(what, location=message.location, hint="raise max_depth under [limits] in toolkit.toml")

    @property
    def schema(self) -> Schema:
        """The model. With ``strict``, raises :class:`InputError` if a file does not compile."""
        schema, compilation = self._opened
        if self.settings.common.strict and compilation.diagnostics:
            from toolkit.descriptors.compile import refusal

            raise refusal(compilation.diagnostics)
        return schema

    @property
    def compilation(self) -> Compilation:
        """The descriptor set from which the model was loaded."""
        return self._opened[1]

    @property
    def diagnostics(self) -> Sequence[Diagnostic]:
        """The files that were left out."""
        return self.compilation.diagnostics

    @property
    def warnings(self) -> Sequence[Diagnostic]:
        """What is wrong with files that were not left out."""
        from toolkit.descriptors.extensions import shared_numbers

        return [*shared_numbers(self.schema), *self.http_problems()]

    def http_problems(self, files: Container[str] | None = None) -> Sequence[Diagnostic]:
        """What is wrong with the HTTP bindings of the methods in some files, or in all."""
        services = (s for s in self.schema.requested_services() if files is None or s.location.file in files)
        methods = (method for service in services for method in service.methods)
        return [problem for method in methods for problem in self.facts.http(method).problems]

    @cached_property
    def catalog(self) -> Catalog:
        """Where packages are published."""
        from toolkit.semantics.catalog import Catalog, read_catalog

        path = self.settings.common.catalog
        return read_catalog(path) if path is not None else Catalog()

    @cached_property
    def mappings(self) -> Mappings:
        """The option mappings."""
        from toolkit.semantics.mappings import read_mappings

        return read_mappings(self.settings.common.rules)

    @cached_property
    def facts(self) -> Facts:
        """The facts about the model."""
        from toolkit.semantics.facts import Facts

        return Facts(self.schema, self.mappings, self.reader)

    @cached_property
    def reader(self) -> CommentReader:
        """Reads comments."""
        from toolkit.semantics.comments import CommentReader

        chosen = self.settings.of(Comments)
        return CommentReader(chosen.drop, chosen.drop_tools, chosen.markup)

    @cached_property
    def renderer(self) -> Renderer:
        """The template renderer."""
        from toolkit.targets.rendering import Renderer

        return Renderer(tuple(self.settings.common.templates))

    @cached_property
    def classes(self) -> DynamicClasses:
        """Message classes of the official runtime."""
        from toolkit.descriptors.dynamic import DynamicClasses

        return DynamicClasses(self.compilation)

    @cached_property
    def validator(self) -> Validator:
        """The validator of messages."""
        from toolkit.semantics.validator import Validator

        return Validator(self.facts)
