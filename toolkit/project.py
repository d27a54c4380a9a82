"""Settings → what they describe: the schema, the reference, its files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from toolkit.catalog import Catalog, read_catalog
from toolkit.checking import Checker, Violation
from toolkit.classes import Classes
from toolkit.compile import Compilation, find_files, read_descriptor_set
from toolkit.config import Settings
from toolkit.errors import InputError, Problem
from toolkit.examples.snippets import Servers, Snippets
from toolkit.examples.target import Examples
from toolkit.files import Files
from toolkit.loader import load, open_tree
from toolkit.parallel import fork_map
from toolkit.reference.layout import Api
from toolkit.reference.pages import PublishedReference
from toolkit.reference.style import style_of
from toolkit.rendering import Renderer
from toolkit.rules import Rules, read_rules
from toolkit.schema import Method, Schema
from toolkit.selection import lookup_failed, select


@dataclass(frozen=True)
class Project:
    """A tree of protos under its settings; everything is made when it is first asked for."""

    settings: Settings

    @cached_property
    def _opened(self) -> tuple[Schema, Compilation]:
        common = self.settings.common
        if common.descriptor_set is not None:
            compilation = read_descriptor_set(None if str(common.descriptor_set) == "-" else common.descriptor_set)
            return load(compilation), compilation
        return open_tree(common.proto_path)

    @property
    def schema(self) -> Schema:
        """The model. Where a file does not compile, ``strict`` makes that an :class:`InputError`."""
        schema, compilation = self._opened
        if self.settings.common.strict and compilation.problems:
            first = compilation.problems[0]
            raise InputError(
                f"{first.message}; {len(compilation.problems)} file(s) do not compile and --strict is set",
                place=first.place,
                hint=first.hint,
            )
        return schema

    @property
    def problems(self) -> Sequence[Problem]:
        """Files that were left out."""
        return self._opened[1].problems

    @cached_property
    def catalog(self) -> Catalog:
        """Where packages are published."""
        path = self.settings.common.catalog
        return read_catalog(path) if path is not None else Catalog()

    @cached_property
    def rules(self) -> Rules:
        """What options mean."""
        return read_rules(self.settings.common.rules)

    @cached_property
    def renderer(self) -> Renderer:
        """The templates."""
        return Renderer(tuple(self.settings.common.templates))

    @cached_property
    def reference(self) -> PublishedReference:
        """The published reference."""
        return PublishedReference(
            schema=self.schema,
            catalog=self.catalog,
            style=style_of(self.settings.reference.style),
            rules=self.rules,
            renderer=self.renderer,
            link_prefix=self.settings.common.link_prefix,
        )

    def reference_files(
        self, names: Sequence[str], progress: Callable[[int], None] = lambda pages: None
    ) -> tuple[Files, list[Problem]]:
        """The pages of the packages, services and files named (of all without names), and what is wrong in them.

        ``progress`` is called with the number of pages made since it was called last.
        """
        wanted = select(self.schema, names)
        reference = self.reference
        apis = reference.apis(wanted)

        sent: set[Problem] = set()

        def make(api: Api) -> tuple[dict[str, bytes], list[Problem]]:
            pages = {path: text.encode("utf-8") for path, text in reference.api_pages(api, wanted)}
            fresh = [problem for problem in reference.warnings() if problem not in sent]
            sent.update(fresh)
            return pages, fresh

        files: dict[str, bytes] = {}
        problems: set[Problem] = set()
        for pages, found in fork_map(make, apis, [len(api.services) for api in apis]):
            files.update(pages)
            problems.update(found)
            progress(len(pages))
        return files, sorted(problems)

    @cached_property
    def examples(self) -> Examples:
        """The examples."""
        return Examples(self.schema, self.rules, self.settings.examples.values or {})

    def example_files(self, names: Sequence[str]) -> tuple[Files, list[Problem]]:
        """The examples of the packages, services and files named (of all without names), and what has none."""
        found = self.examples.files(select(self.schema, names), variants=self.settings.examples.variants)
        files = {path: text.encode("utf-8") for path, text in found}
        return files, self.examples.problems()

    @cached_property
    def snippets(self) -> Snippets:
        """Commands and code that call methods with their examples."""
        settings = self.settings.examples
        return Snippets(self.schema, self.renderer, Servers(settings.grpc_server, settings.http_server))

    @cached_property
    def classes(self) -> Classes:
        """Message classes of the official runtime."""
        return Classes(self._opened[1])

    def violations(self, message: str, content: bytes, source: str) -> list[Violation]:
        """What a ProtoJSON text, parsed as a message, breaks."""
        if message not in self.schema.messages:
            raise lookup_failed(self.schema.messages, message, "message")
        parsed = self.classes.parse(message, content, source)
        return Checker(self.schema, self.rules).check(parsed)

    def method(self, name: str) -> Method:
        """The method of that name."""
        if name not in self.schema.methods:
            raise lookup_failed(self.schema.methods, name, "method")
        return self.schema.methods[name]

    def page(self, name: str) -> str:
        """One page: of a method, a service or a package."""
        schema = self.schema
        if name in schema.methods:
            return self.reference.method_page(schema.methods[name])
        if name in schema.services:
            return self.reference.service_page(schema.services[name])
        apis = self.reference.layout.apis
        for api in apis:
            if name in api.packages:
                return self.reference.api_page(api)
        known = [*schema.methods, *schema.services, *(package for api in apis for package in api.packages)]
        raise lookup_failed(known, name, "method, service or package with services")


def find_roots(folder: Path) -> list[str]:
    """The likely import root of a folder: the first of the usual names that holds .proto files, or none."""
    return [name for name in ("protos", "proto", "api", ".") if find_files([folder / name])][:1]
