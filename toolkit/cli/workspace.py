"""Settings → what they describe: the schema, the reference, its files."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from toolkit.cli.selection import lookup_failed, select
from toolkit.cli.settings import Python, Settings
from toolkit.delivery.causes import Causes
from toolkit.delivery.drift import Drift, added_lines
from toolkit.delivery.manifest import NAME as MANIFEST
from toolkit.delivery.parallel import fork_map
from toolkit.delivery.published import MANIFEST as PAGES
from toolkit.delivery.published import PageResult, Republisher, read_entries
from toolkit.delivery.run import Target
from toolkit.delivery.staging import Difference, Files
from toolkit.descriptors.compile import Compilation, Compiling, read_descriptor_set, start_compiling
from toolkit.descriptors.dump import dump
from toolkit.descriptors.dynamic import DynamicClasses
from toolkit.descriptors.loader import load, read_tree
from toolkit.descriptors.model import Element, Method, Schema, Service
from toolkit.errors import ConfigError, Diagnostic, InputError, Location, LookupFailed
from toolkit.runtime.constraints import Violation
from toolkit.semantics.catalog import Catalog, read_catalog
from toolkit.semantics.mappings import Mappings, read_mappings
from toolkit.semantics.validator import Validator
from toolkit.targets.examples.constructors import Bindings
from toolkit.targets.examples.snippets import Servers, Snippets
from toolkit.targets.examples.target import Examples, stem_of
from toolkit.targets.examples.target import text as example_text
from toolkit.targets.python.target import PythonBindings
from toolkit.targets.reference.layout import resource
from toolkit.targets.reference.pages import PublishedReference
from toolkit.targets.reference.style import style_of
from toolkit.targets.rendering import Renderer

if TYPE_CHECKING:
    from toolkit.targets.changelog.target import Links
    from toolkit.targets.site.target import Site

Part = TypeVar("Part")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Workspace:
    """A tree of protos under its settings; everything is made when it is first asked for."""

    settings: Settings
    compiling: Compiling | None = None
    """The tree, where protoc was set to work on it beforehand."""
    compilation: Compilation | None = None
    """The tree, where it is compiled already."""

    @cached_property
    def _opened(self) -> tuple[Schema, Compilation]:
        common = self.settings.common
        if self.compilation is not None:
            return load(self.compilation), self.compilation
        if common.descriptor_set is not None:
            compilation = read_descriptor_set(None if str(common.descriptor_set) == "-" else common.descriptor_set)
            return load(compilation), compilation
        return read_tree(self.compiling or start_compiling(common.proto_path))

    @property
    def schema(self) -> Schema:
        """The model. Where a file does not compile, ``strict`` makes that an :class:`InputError`."""
        schema, compilation = self._opened
        if self.settings.common.strict and compilation.diagnostics:
            first = compilation.diagnostics[0]
            raise InputError(
                f"{first.message}; {len(compilation.diagnostics)} file(s) do not compile and --strict is set",
                location=first.location,
                hint=first.hint,
            )
        return schema

    @property
    def diagnostics(self) -> Sequence[Diagnostic]:
        """Files that were left out."""
        return self._opened[1].diagnostics

    def dump(self) -> str:
        """The model as JSON."""
        return dump(self.schema)

    @cached_property
    def catalog(self) -> Catalog:
        """Where packages are published."""
        path = self.settings.common.catalog
        return read_catalog(path) if path is not None else Catalog()

    @cached_property
    def rules(self) -> Mappings:
        """What options mean."""
        return read_mappings(self.settings.common.rules)

    @cached_property
    def renderer(self) -> Renderer:
        """The templates."""
        return Renderer(tuple(self.settings.common.templates))

    @cached_property
    def reference(self) -> PublishedReference:
        """The published reference."""
        return self._reference_of(self.schema)

    def _reference_of(self, schema: Schema) -> PublishedReference:
        return PublishedReference(
            schema=schema,
            catalog=self.catalog,
            style=style_of(self.settings.reference.style),
            rules=self.rules,
            renderer=self.renderer,
            link_prefix=self.settings.common.link_prefix,
        )

    def services(self, names: Sequence[str]) -> list[tuple[Service, str]]:
        """The services of the packages, services and files named (all without names), each with its resource."""
        return [(s, resource(s)) for s in filter(select(self.schema, names), self.schema.requested_services())]

    def reference_files(
        self,
        names: Sequence[str],
        handle: Callable[[Files], Result],
        progress: Callable[[int], None] = lambda pages: None,
    ) -> tuple[list[Result], list[Diagnostic]]:
        """Make the pages of the packages, services and files named (of all without names), an API at a time.

        ``handle`` is called with the pages of an API in the process that made
        them, since they are large; what it returned is returned, and what is
        wrong in the pages. ``progress`` is called with the number of pages
        made since it was called last.
        """
        wanted = select(self.schema, names)
        reference = self.reference
        apis = reference.apis(wanted)
        return _in_parts(
            apis,
            [sum(len(s.methods) for s in api.services) for api in apis],
            lambda api: reference.api_pages(api, wanted),
            reference.warnings,
            handle,
            progress,
        )

    @cached_property
    def examples(self) -> Examples:
        """The examples."""
        return self._examples_of(self.schema)

    def _examples_of(self, schema: Schema) -> Examples:
        return Examples(schema, self.rules, self.settings.examples.values or {}, lambda: self.classes)

    def example_files(
        self, names: Sequence[str], handle: Callable[[Files], Result]
    ) -> tuple[list[Result], list[Diagnostic]]:
        """The same for examples, a service at a time; the problems are constraints that no value was found for."""
        services = [service for service, _ in self.services(names)]
        examples, variants = self.examples, self.settings.examples.variants
        return _in_parts(
            services,
            [len(service.methods) for service in services],
            lambda service: examples.service_files(service, variants=variants),
            examples.diagnostics,
            handle,
        )

    def python_files(self, handle: Callable[[Files], Result]) -> tuple[list[Result], list[Diagnostic]]:
        """The same for the Python bindings, a package at a time."""
        bindings = PythonBindings(
            self.schema,
            self._opened[1].descriptor_set,
            self.settings.python.package,
            self.rules,
            self.renderer,
        )
        bindings.prepare()
        packages = ["", *filter(None, bindings.packages())]
        return _in_parts(
            packages,
            [bindings.size(package) for package in packages],
            bindings.part,
            list,
            handle,
        )

    def make(
        self,
        target: str,
        names: Sequence[str],
        handle: Callable[[Files], Result],
        progress: Callable[[int], None] = lambda files: None,
    ) -> tuple[list[Result], list[Diagnostic]]:
        """Make the files of a target, as of :meth:`reference_files`."""
        if target == "reference":
            return self.reference_files(names, handle, progress)
        if target == "examples":
            return self.example_files(names, handle)
        if target == "changelog":
            return self.changelog_files(handle)
        if target == "site":
            return self.site_files(names, handle, progress)
        return self.python_files(handle)

    def _site(self, names: Sequence[str]) -> Site:
        """The docs site of the packages, services and files named; of all without names."""
        from toolkit.semantics.visibility import Visibility, visible
        from toolkit.targets.site.target import Site

        chosen = self.settings.site
        schema = visible(self.schema, Visibility(chosen.internal, chosen.hide, chosen.hide_options))
        return Site(
            schema=schema,
            catalog=self.catalog,
            style=style_of(self.settings.reference.style),
            rules=self.rules,
            renderer=self.renderer,
            examples=self._examples_of(schema),
            snippets=self._snippets_of(schema),
            folder=chosen.out,
            search=chosen.search,
            link_host=chosen.link_host.rstrip("/"),
            wanted=select(schema, names) if names else None,
        )

    @cached_property
    def _whole_site(self) -> Site:
        return self._site(())

    def site_files(
        self,
        names: Sequence[str],
        handle: Callable[[Files], Result],
        progress: Callable[[int], None] = lambda files: None,
    ) -> tuple[list[Result], list[Diagnostic]]:
        """The same for the docs site, a package at a time."""
        site = self._site(names) if names else self._whole_site
        site.prepare()
        parts = site.parts()
        return _in_parts(parts, [site.weight(part) for part in parts], site.part, site.diagnostics, handle, progress)

    def changelog_files(self, handle: Callable[[Files], Result]) -> tuple[list[Result], list[Diagnostic]]:
        """The same for the changelog, of all revisions at once."""
        from toolkit.targets.changelog.target import Changelog, read_revisions

        settings = self.settings
        home = settings.file.parent if settings.file is not None else Path()
        named = settings.changelog.revisions or {}
        if not all(isinstance(value, str) for value in named.values()):
            raise ConfigError("[changelog.revisions] maps names to folders, descriptor sets or git revisions")
        revisions = read_revisions(named, settings.changelog.tags, home, settings.common.proto_path)
        made = Changelog(revisions, self.rules, self.renderer, self._links_of)
        diagnostics = {diagnostic for revision in revisions for diagnostic in revision.compilation.diagnostics}
        return [handle({path: text.encode() for path, text in made.files()})], sorted(diagnostics)

    def _links_of(self, schema: Schema) -> Links:
        """Where a changelog finds the elements of a revision: on the docs site that it is part of, or as published."""
        from toolkit.targets.reference.links import ReferenceLinks
        from toolkit.targets.site.links import SiteLinks

        if "site" in self.settings.configured:
            site = self._whole_site
            docs, pages = os.path.abspath(site.folder / site.docs_dir), os.path.abspath(self.settings.changelog.out)
            if os.path.commonpath((docs, pages)) == docs:
                return SiteLinks(site.layout, Path(os.path.relpath(docs, pages)).as_posix())
        return ReferenceLinks(self._reference_of(schema))

    def size(self, target: str, names: Sequence[str]) -> int:
        """How many files a target tells of while it makes them."""
        if target != "reference":
            return 0
        return sum(1 + len(service.methods) for service, _ in self.services(names))

    def drifts(self, target: Target, differences: Sequence[Difference]) -> list[Drift]:
        """The differences of a check, each with the line of a .proto file that is behind it."""
        found = []
        for difference in differences:
            about = self._subject(target.name, difference.path)
            location = self._causes.location(about, added_lines(difference)) if about is not None else None
            home = difference.path == MANIFEST and target.home is not None
            out = target.home if home and target.home is not None else target.out
            found.append(Drift.of(target.name, _from_here(out), difference, self._on_disk(location)))
        return found

    def published(self, folder: Path, trees: Path | None) -> Iterator[PageResult]:
        """The pages of a folder's manifest, made anew and compared.

        Each from the folder of ``trees`` that its entry names; without
        ``trees`` all from this tree. A catalog in the folder is theirs.
        """
        catalog = folder / "catalog.toml"
        known = read_catalog(catalog) if catalog.is_file() else self.catalog
        republisher = Republisher(lambda name: self.schema if trees is None else _tree(trees, name), known)
        return republisher.compare(read_entries(folder / PAGES), folder)

    @cached_property
    def _causes(self) -> Causes:
        return Causes(self.schema, self.rules)

    def _subject(self, target: str, path: str) -> Element | None:
        """What a file is about."""
        if target == "reference":
            return self._pages.get(path)
        if target == "site":
            return self._site_pages.get(path)
        return self._stems.get(path.split(".", 1)[0]) if target == "examples" else None

    @cached_property
    def _pages(self) -> Mapping[str, Element]:
        return dict(self.reference.subjects())

    @cached_property
    def _site_pages(self) -> Mapping[str, Element]:
        return self._whole_site.subjects

    @cached_property
    def _stems(self) -> Mapping[str, Element]:
        return {stem_of(s, m): m for s in self.schema.requested_services() for m in s.methods}

    def _on_disk(self, location: Location | None) -> Location | None:
        """A place in a file of the tree, as a path from the current folder."""
        if location is None:
            return None
        for root in self.settings.common.proto_path:
            if (root / location.file).is_file():
                return replace(location, file=_from_here(root / location.file).as_posix())
        return location

    def example(self, name: str, form: str) -> str:
        """An example of a method, or what calls the method with it: a request, response, curl, grpcurl or python."""
        method = self.method(name)
        if form == "response":
            return example_text(self.examples.response(method))
        request = self.examples.request(method)
        if form == "request":
            return example_text(request)
        if form == "grpcurl":
            return self.snippets.grpcurl(method, request)
        if form == "python":
            return self.snippets.python(method, request)
        command = self.snippets.curl(method, request)
        if command is None:
            raise LookupFailed(f"{name} has no HTTP binding", location=method.location, hint="try --as grpcurl")
        return command

    @cached_property
    def snippets(self) -> Snippets:
        """Commands and code that call methods with their examples."""
        return self._snippets_of(self.schema)

    def _snippets_of(self, schema: Schema) -> Snippets:
        settings, package = self.settings.examples, self.settings.python.package
        bindings = None if package == Python().package else Bindings(self.schema, self.rules, package)
        return Snippets(schema, self.renderer, Servers(settings.grpc_server, settings.http_server), bindings)

    @cached_property
    def classes(self) -> DynamicClasses:
        """Message classes of the official runtime."""
        return DynamicClasses(self._opened[1])

    @cached_property
    def validator(self) -> Validator:
        """The constraints of messages."""
        return Validator(self.schema, self.rules)

    def violations(self, message: str, content: bytes, source: str) -> list[Violation]:
        """What a ProtoJSON text, parsed as a message, breaks."""
        if message not in self.schema.messages:
            raise lookup_failed(self.schema.messages, message, "message")
        parsed = self.classes.parse(message, content, source)
        return self.validator.check(parsed)

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


def _in_parts(
    parts: Sequence[Part],
    weights: Sequence[int],
    make: Callable[[Part], Iterable[tuple[str, str]]],
    diagnostics: Callable[[], Iterable[Diagnostic]],
    handle: Callable[[Files], Result],
    progress: Callable[[int], None] = lambda files: None,
) -> tuple[list[Result], list[Diagnostic]]:
    """Make and handle the files of every part, and gather what was found on the way."""
    sent: set[Diagnostic] = set()

    def one(part: Part) -> tuple[Result, int, list[Diagnostic]]:
        files = {path: text.encode("utf-8") for path, text in make(part)}
        fresh = [diagnostic for diagnostic in diagnostics() if diagnostic not in sent]
        sent.update(fresh)
        return handle(files), len(files), fresh

    results: list[Result] = []
    found: set[Diagnostic] = set()
    for result, count, fresh in fork_map(one, parts, weights):
        results.append(result)
        found.update(fresh)
        progress(count)
    return results, sorted(found)


def _from_here(path: Path) -> Path:
    """A path as one writes it in the current folder, where it lies below it."""
    absolute, here = os.path.abspath(path), os.getcwd()
    below = f"{absolute}{os.sep}".startswith(f"{here.rstrip(os.sep)}{os.sep}")
    return Path(os.path.relpath(absolute, here)) if below else path


@cache
def _tree(trees: Path, name: str) -> Schema:
    """The model of one tree of several."""
    tree = trees / name
    if not name or not tree.is_dir():
        raise LookupFailed(f"there is no tree {name!r} in {trees}", hint="name the folder of the trees with --trees")
    return read_tree(start_compiling([tree]))[0]
