"""The files of the Python bindings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from toolkit.descriptors.model import Schema
from toolkit.errors import ConfigError
from toolkit.runtime.interface import INTERFACE, SINCE
from toolkit.semantics.facts import Facts
from toolkit.semantics.operations import operations_of
from toolkit.targets.python.descriptors import bare_descriptors, called_files, extensions_of, needed_files, option_files
from toolkit.targets.python.distribution import REQUIREMENT, Distribution, ProjectView
from toolkit.targets.python.modules import Module
from toolkit.targets.python.names import python_name
from toolkit.targets.python.naming import Naming
from toolkit.targets.python.text import data, string
from toolkit.targets.rendering import Renderer


@dataclass(frozen=True)
class PythonBindings:
    """The bindings of a schema, below a root package."""

    facts: Facts
    descriptor_set: bytes
    """The descriptor set of the schema."""
    package: str
    """The root package: ``acme.bindings``."""
    renderer: Renderer = field(default_factory=Renderer)
    names: Mapping[str, str] = field(default_factory=dict)
    """Names in Python that the configuration chooses, by full name."""
    imports: Mapping[str, str] = field(default_factory=dict)
    """Packages that another distribution has → their modules."""
    distribution: Distribution | None = None
    """The distribution to make of them, if any."""

    def __post_init__(self) -> None:
        parts = self.package.split(".")
        if any(not part.isidentifier() or python_name(part) != part for part in parts):
            raise ConfigError(
                f"{self.package!r} is not a valid name of a Python package", hint="such as --package acme.bindings"
            )

    @property
    def schema(self) -> Schema:
        """The model."""
        return self.facts.schema

    @cached_property
    def _uses(self) -> dict[str, tuple[str, ...]]:
        return needed_files(self.facts, self.imports)

    @cached_property
    def _own(self) -> dict[str, tuple[str, ...]]:
        """The files that are generated here."""
        return {name: used for name, used in self._uses.items() if self.schema.files[name].package not in self.imports}

    @cached_property
    def _naming(self) -> Naming:
        naming = Naming(self.facts, frozenset(self._uses), self.names, self.imports)
        naming.check()
        return naming

    @property
    def _folder(self) -> str:
        return self.package.replace(".", "/")

    def packages(self) -> Sequence[str]:
        """The protobuf packages with a module."""
        return self._naming.packages

    def with_used(self, packages: Iterable[str]) -> Sequence[str]:
        """Packages, and those that their modules need."""
        files = self.schema.files
        operations = operations_of(self.schema)
        queue, found = list(packages), set[str]()
        while queue:
            package = queue.pop()
            if package in found:
                continue
            found.add(package)
            for name in (name for name in self._uses if files[name].package == package):
                queue += [files[used].package for used in self._uses[name]]
                queue += [files[used].package for used in called_files(files[name], self.schema, operations)]
        return [package for package in self.packages() if package in found]

    def size(self, package: str) -> int:
        """Roughly how much there is to write for a package."""
        found = self.schema.packages.get(package)
        return len(found.messages) + 4 * len(found.services) if found else 1

    def package_files(self, package: str) -> Iterator[tuple[str, str]]:
        """The path and text of a package's files."""
        folder = f"{self._folder}/{self._naming.modules[package].replace('.', '/')}"
        module = Module(self.facts, self._naming, self.renderer, package)
        yield f"{folder}/__init__.py", module.text() + "\n"
        files = [name for name in self._uses if self.schema.files[name].package == package]
        descriptors = [
            (string(name), data(self._descriptors[name]), [string(used) for used in self._uses[name]]) for name in files
        ]
        yield f"{folder}/_descriptors.py", self._text("descriptors", files=descriptors)

    def _text(self, template: str, **members: object) -> str:
        return self.renderer.render(f"python/{template}.py.j2", **members) + "\n"

    @cached_property
    def sources(self) -> Mapping[str, list[str]]:
        """The .proto files behind each folder; not of the root, nor of one that is there for imports only."""
        found: dict[str, list[str]] = {}
        for name in self._own:
            parts = self._naming.modules[self.schema.files[name].package].split(".")
            for end in range(1, len(parts) + 1):
                found.setdefault("/".join((self._folder, *parts[:end])), []).append(name)
        files = self.schema.files
        return {folder: names for folder, names in found.items() if any(files[name].requested for name in names)}

    @cached_property
    def _descriptors(self) -> dict[str, bytes]:
        return bare_descriptors(self.descriptor_set, self._own)

    def root_files(self) -> Iterator[tuple[str, str]]:
        """The path and text of the files that packages share, and of intermediate packages."""
        modules = {package: self._naming.modules[package] for package in self.packages()}
        folders = {""}
        for module in modules.values():
            parts = module.split(".")
            folders.update(".".join(parts[:end]) for end in range(1, len(parts)))
        for folder in sorted(folders - set(modules.values())):
            path = "/".join(filter(None, (self._folder, folder.replace(".", "/"))))
            yield f"{path}/__init__.py", self._text("folder")
        extends: dict[str, set[str]] = {}
        for extension in extensions_of(self.schema.extensions.values()):
            if extension.location.file in self._uses:
                extends.setdefault(extension.extendee, set()).add(extension.location.file)
        text = self._text(
            "root",
            packages=[(string(package), string(module)) for package, module in sorted(modules.items())],
            files=[(string(name), string(self.schema.files[name].package)) for name in self._uses],
            extensions=[(string(name), [string(f) for f in sorted(files)]) for name, files in sorted(extends.items())],
            imports=[(string(package), string(module)) for package, module in sorted(self.imports.items())],
            interface=INTERFACE,
            since=SINCE,
            requirement=REQUIREMENT,
        )
        yield f"{self._folder}/_root.py", text
        if self.distribution is not None:
            has_services = any(self._naming.of(package).services for package in self.packages())
            project = ProjectView.of(self.distribution, self._folder, has_services)
            yield "pyproject.toml", self.renderer.render("python/pyproject.toml.j2", project=project) + "\n"
        options = option_files(self.descriptor_set, self.schema)
        if options:
            found = [(string(name), data(file), map(string, imports)) for name, (file, imports) in options.items()]
            yield f"{self._folder}/_options.py", self._text("descriptors", files=found)
        yield f"{self._folder}/py.typed", ""

    def prepare(self) -> None:
        """Compute what all parts share, before worker processes are forked."""
        for package in self.packages():
            self._naming.of(package)
        self._descriptors  # noqa: B018

    def part(self, package: str) -> Iterator[tuple[str, str]]:
        """The files of a package, or for the empty string the files that packages share.

        The latter include elements without a package.
        """
        if not package:
            yield from self.root_files()
        if package in self.packages():
            yield from self.package_files(package)

    def files(self) -> Iterator[tuple[str, str]]:
        """The path and text of every file."""
        for package in ("", *filter(None, self.packages())):
            yield from self.part(package)
