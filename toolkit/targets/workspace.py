"""A tree of protos under its settings: what targets are made from, each read when it is first asked for.

Nothing heavy is imported here: a run that the cache answers pays for none of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from toolkit.errors import Diagnostic
from toolkit.targets.settings import Settings

if TYPE_CHECKING:
    from toolkit.descriptors.compile import Compilation, Compiling
    from toolkit.descriptors.dynamic import DynamicClasses
    from toolkit.descriptors.model import Schema
    from toolkit.semantics.catalog import Catalog
    from toolkit.semantics.facts import Facts
    from toolkit.semantics.mappings import Mappings
    from toolkit.semantics.validator import Validator
    from toolkit.targets.rendering import Renderer


@dataclass(frozen=True)
class Workspace:
    """Everything that the settings describe."""

    settings: Settings
    compiled: Compilation | None = None
    """The tree, where it is compiled already."""
    read: Callable[[], Settings] | None = None
    """Reads the settings once more."""

    def again(self) -> Workspace:
        """The same with the settings as they are now, and nothing read of the tree."""
        return Workspace(self.read() if self.read is not None else self.settings, self.compiled, self.read)

    def start(self) -> None:
        """Set protoc to work, so that the rest of the toolkit is imported meanwhile."""
        if self.compiled is None and self.settings.common.descriptor_set is None:
            self._compiling  # noqa: B018

    @cached_property
    def _compiling(self) -> Compiling:
        from toolkit.descriptors.compile import start_compiling

        return start_compiling(self.settings.common.proto_path)

    def close(self) -> None:
        """End what is still at work."""
        if "_compiling" in self.__dict__:
            self._compiling.close()

    @cached_property
    def _opened(self) -> tuple[Schema, Compilation]:
        self.start()
        from toolkit.descriptors.compile import read_descriptor_set
        from toolkit.descriptors.loader import load, read_tree

        compiled, source = self.compiled, self.settings.common.descriptor_set
        if compiled is None and source is not None:
            compiled = read_descriptor_set(None if str(source) == "-" else source)
        return (load(compiled), compiled) if compiled is not None else read_tree(self._compiling)

    @property
    def schema(self) -> Schema:
        """The model. Where a file does not compile, ``strict`` makes that an :class:`InputError`."""
        schema, compilation = self._opened
        if self.settings.common.strict and compilation.diagnostics:
            from toolkit.descriptors.compile import refusal

            raise refusal(compilation.diagnostics)
        return schema

    @property
    def compilation(self) -> Compilation:
        """The descriptor set that the model was made from."""
        return self._opened[1]

    @property
    def diagnostics(self) -> Sequence[Diagnostic]:
        """Files that were left out."""
        return self.compilation.diagnostics

    @cached_property
    def catalog(self) -> Catalog:
        """Where packages are published."""
        from toolkit.semantics.catalog import Catalog, read_catalog

        path = self.settings.common.catalog
        return read_catalog(path) if path is not None else Catalog()

    @cached_property
    def mappings(self) -> Mappings:
        """What options mean."""
        from toolkit.semantics.mappings import read_mappings

        return read_mappings(self.settings.common.rules)

    @cached_property
    def facts(self) -> Facts:
        """What the model means."""
        from toolkit.semantics.facts import Facts

        return Facts(self.schema, self.mappings)

    @cached_property
    def renderer(self) -> Renderer:
        """The templates."""
        from toolkit.targets.rendering import Renderer

        return Renderer(tuple(self.settings.common.templates))

    @cached_property
    def classes(self) -> DynamicClasses:
        """Message classes of the official runtime."""
        from toolkit.descriptors.dynamic import DynamicClasses

        return DynamicClasses(self.compilation)

    @cached_property
    def validator(self) -> Validator:
        """The constraints of messages."""
        from toolkit.semantics.validator import Validator

        return Validator(self.facts)
