"""What generated packages have in common: their place, and a descriptor pool that nothing else shares."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from importlib import import_module
from importlib.util import find_spec
from threading import RLock
from typing import TYPE_CHECKING, Any, TypeVar

from toolkit.runtime.enums import Enum
from toolkit.runtime.message import Message

if TYPE_CHECKING:
    from google.protobuf.descriptor_pool import DescriptorPool

C = TypeVar("C")
_GOOGLE = "google/protobuf/"
_BUILT_IN = dict.fromkeys(
    ("google.protobuf.Any", "google.protobuf.Empty", "google.protobuf.NullValue"), "toolkit.runtime.anys"
)
"""Types of the runtime's own, and the module of their classes, which is found by name as generated ones are."""
_roots: list[Root] = []


class Root:
    """The packages that were generated together, below one Python package.

    Nothing is imported before it is needed: neither the packages, nor their
    descriptors, nor the official runtime.
    """

    def __init__(
        self,
        package: str,
        packages: Mapping[str, str],
        files: Mapping[str, str],
        extensions: Mapping[str, tuple[str, ...]],
        imports: Mapping[str, str] | None = None,
    ) -> None:
        self.package = package
        self._imports = imports or {}
        """Protobuf package of another root → its module."""
        self._modules = {name: f"{package}.{module}".rstrip(".") for name, module in packages.items()}
        self._modules.update(self._imports)
        """Protobuf package → module."""
        self._files = files
        """.proto file → protobuf package."""
        self._extensions = extensions
        """Message → the files that extend it."""
        self._classes: dict[str, type[Any]] = {}
        self._loaded: set[str] = set()
        self._lock = RLock()
        self._pool: DescriptorPool | None = None
        self._options: DescriptorPool | None = None
        _roots.append(self)

    def _module_of(self, full_name: str) -> str:
        if full_name in _BUILT_IN:
            return _BUILT_IN[full_name]
        package = full_name
        while package:
            package = package.rpartition(".")[0]
            if package in self._modules:
                break
        if package not in self._modules:
            raise LookupError(f"{full_name} is in no package of {self.package}")
        return self._modules[package]

    def _class(self, full_name: str, base: type[C]) -> type[C]:
        found = self._classes.get(full_name)
        if found is None:
            name = self._module_of(full_name)
            if not self._has(name):
                what = "is not installed" if name in self._imports.values() else "was not generated"
                raise LookupError(f"{name} with {full_name} {what}")
            module = import_module(name)
            for cls in _classes_in(vars(module)):
                self._classes[cls.__proto__[1]] = cls
            found = self._classes.get(full_name)
        if found is None or not issubclass(found, base):
            raise LookupError(f"{self.package} has no {base.__name__.lower()} {full_name}")
        return found

    def lazy(self, where: str, name: str) -> Any:
        """A module below the root that is imported when something in it is asked for."""
        return _LazyModule(".".join(filter(None, (self.package, where, name))))

    def other(self, module: str) -> Any:
        """A module of another root that is imported when something in it is asked for."""
        return _LazyModule(module)

    def message(self, full_name: str) -> type[Message]:
        """The class of a message; LookupError where there is none."""
        return self._class(full_name, Message)

    def enum(self, full_name: str) -> type[Enum]:
        """The class of an enum; LookupError where there is none."""
        return self._class(full_name, Enum)

    @property
    def pool(self) -> DescriptorPool:
        """The descriptors of the files loaded so far."""
        with self._lock:
            if self._pool is None:
                from google.protobuf import descriptor_pool

                self._pool = descriptor_pool.DescriptorPool()
            return self._pool

    def official(self, full_name: str) -> Any:
        """The official class of a message, from the root's own pool."""
        from google.protobuf import message_factory

        return message_factory.GetMessageClass(self.descriptor(full_name))

    def descriptor(self, full_name: str) -> Any:
        """The official descriptor of a message, an enum or a service; LookupError if there is none."""
        from toolkit.runtime.wellknown import WELL_KNOWN

        known = full_name in _BUILT_IN or full_name in WELL_KNOWN
        with self._lock:
            for name in _google_files() if known else self._likely_files(full_name):
                self._load(name)
            self._load_extensions()
            found = self._find(full_name)
            if found is None and not known:
                for name in self._files_of(full_name):
                    self._load(name)
                self._load_extensions()
                found = self._find(full_name)
        if found is None:
            raise LookupError(f"{self.package} has no descriptor of {full_name}")
        return found

    def _find(self, full_name: str) -> Any:
        """The descriptor of what is in the pool already, or None."""
        pool = self.pool
        for find in (pool.FindMessageTypeByName, pool.FindEnumTypeByName, pool.FindServiceByName):
            with suppress(KeyError):
                return find(full_name)
        return None

    def options(self, descriptor: Any) -> dict[str, Any]:
        """The custom options of an element, by full name, as ProtoJSON with the names of the .proto file."""
        from google.protobuf import json_format, message_factory

        with self._lock:
            if self._options is None:
                self._options = self._option_pool()
        options = descriptor.GetOptions()
        cls = message_factory.GetMessageClass(self._options.FindMessageTypeByName(type(options).DESCRIPTOR.full_name))
        own = cls.FromString(options.SerializeToString())
        found = json_format.MessageToDict(own, preserving_proto_field_name=True, descriptor_pool=self._options)
        return {name[1:-1]: value for name, value in found.items() if name.startswith("[")}

    def _option_pool(self) -> DescriptorPool:
        """A pool with the files that declare options."""
        from google.protobuf import descriptor_pb2, descriptor_pool

        pool = descriptor_pool.DescriptorPool()
        name = f"{self.package}._options"
        files = import_module(name).FILES if self._has(name) else {}
        added: set[str] = set()

        def add(name: str) -> None:
            if name not in added:
                added.add(name)
                content, imports = files[name] if name in files else self._file(name)
                for imported in imports:
                    add(imported)
                pool.AddSerializedFile(content)

        for name in (descriptor_pb2.DESCRIPTOR.name, *files):
            add(name)
        return pool

    def _files_of(self, full_name: str) -> list[str]:
        package = full_name
        while package not in self._modules and package:
            package = package.rpartition(".")[0]
        return [name for name, owner in self._files.items() if owner == package]

    def _likely_files(self, full_name: str) -> list[str]:
        """The files of a package that contain the name as such: mostly one, so that not all of them have to be read."""
        package = full_name
        while package not in self._modules and package:
            package = package.rpartition(".")[0]
        outermost = full_name.removeprefix(f"{package}.").partition(".")[0].encode()
        declared = bytes((10, len(outermost) & 127)) + outermost
        return [name for name in self._files_of(full_name) if declared in self._file(name)[0]]

    def _load_extensions(self) -> None:
        """Load what extends the messages loaded so far: what is read before its extensions are known keeps none."""
        found = True
        while found:
            found = False
            for message, files in self._extensions.items():
                missing = [name for name in files if name not in self._loaded and self._has(self._module(name))]
                if missing and any(name in self._loaded for name in self._files_of(message)):
                    found = True
                    for name in missing:
                        self._load(name)

    def _has(self, module: str) -> bool:
        """Whether the module of a package was generated: perhaps only some packages were asked for."""
        if module in sys.modules:
            return True
        try:
            return find_spec(module) is not None
        except ModuleNotFoundError:  # its parent is not there either
            return False

    def _load(self, name: str) -> None:
        if name in self._loaded:
            return
        self._loaded.add(name)
        content, imports = self._file(name)
        for imported in imports:
            self._load(imported)
        self.pool.AddSerializedFile(content)

    def _file(self, name: str) -> tuple[bytes, tuple[str, ...]]:
        owner = self._owner(name)
        if owner is None:
            descriptor = import_module(f"{name.removesuffix('.proto').replace('/', '.')}_pb2").DESCRIPTOR
            return descriptor.serialized_pb, tuple(d.name for d in descriptor.dependencies)
        module = owner._module(name)
        found: tuple[bytes, tuple[str, ...]] | None = import_module(f"{module}._descriptors").FILES.get(name)
        if found is None:
            raise LookupError(f"{module} has no {name}, which {owner.package} uses: generate both from the same files")
        return found

    def _owner(self, file: str) -> Root | None:
        """The root that knows a file: this one, or one that it imports."""
        if file in self._files:
            return self
        if file.startswith(_GOOGLE):
            return None
        others = (import_module(module).ROOT._owner(file) for module in self._imports.values())
        return next(filter(None, others), None)

    def _module(self, file: str) -> str:
        return self._modules[self._files[file]]


class _LazyModule:
    def __init__(self, name: str) -> None:
        self.__name = name

    def __getattr__(self, name: str) -> Any:
        found = getattr(import_module(self.__name), name)
        setattr(self, name, found)
        return found


def _google_files() -> tuple[str, ...]:
    names = ("any", "duration", "empty", "field_mask", "struct", "timestamp", "wrappers")
    return tuple(f"{_GOOGLE}{name}.proto" for name in names)


def _classes_in(namespace: Mapping[str, Any]) -> Iterator[Any]:
    """The generated classes of a module, or nested in a class."""
    for thing in list(namespace.values()):
        if isinstance(thing, type) and "__proto__" in vars(thing):
            yield thing
            yield from _classes_in(vars(thing))


def roots() -> list[Root]:
    """Every root imported so far."""
    return _roots
