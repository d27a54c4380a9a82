"""The two schemas side by side: where each element is, and which features apply there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

from toolkit.descriptors.casing import pascal_case
from toolkit.descriptors.model import Element, Enum, Field, File, Message, Schema, Service
from toolkit.errors import Location
from toolkit.semantics.mappings import Mappings

Scoped = Message | Enum | Service | Field
_OPTIONS = {Message: "Message", Enum: "Enum", Field: "Field"}
_EDITION = {"utf8_validation": "VERIFY", "json_format": "ALLOW"}
_FROM_2024 = {**_EDITION, "pb.cpp.string_type": "VIEW"}
_SYNTAX: Mapping[str, Mapping[str, str]] = {
    "proto2": {"utf8_validation": "NONE", "json_format": "LEGACY_BEST_EFFORT"},
    "proto3": _EDITION,
}


class Beyond(Protocol):
    """What a schema of a part does not hold."""

    @property
    def packages(self) -> Mapping[str, list[str]]:
        """The files of each package, of the whole."""
        ...

    def enum(self, name: str) -> Enum | None:
        """An enum of the whole."""
        ...

    def extension(self, name: str) -> Field | None:
        """An extension of the whole."""
        ...


class Side:
    """One schema, with what buf asks of it."""

    def __init__(self, schema: Schema, beyond: Beyond | None = None) -> None:
        self.schema = schema
        self.files: Mapping[str, File] = {name: file for name, file in schema.files.items() if file.requested}
        self._beyond = beyond

    def enum(self, name: str) -> Enum | None:
        """The enum of that name, wherever it is."""
        found = self.schema.enums.get(name)
        return found if found is not None or self._beyond is None else self._beyond.enum(name)

    def extension(self, name: str) -> Field | None:
        """The extension of that name, wherever it is."""
        found = self.schema.extensions.get(name)
        return found if found is not None or self._beyond is None else self._beyond.extension(name)

    @cached_property
    def packages(self) -> Mapping[str, list[str]]:
        """The files of each package."""
        if self._beyond is not None:
            return self._beyond.packages
        found: dict[str, list[str]] = {}
        for file in self.files.values():
            found.setdefault(file.package, []).append(file.name)
        return found

    @cached_property
    def extensions(self) -> Mapping[str, Field]:
        """Extensions of the files compared, by full name."""
        return {name: e for name, e in self.schema.extensions.items() if e.location.file in self.files}

    @cached_property
    def extensions_by_number(self) -> Mapping[tuple[str, int], Field]:
        """The same by what they extend and their number."""
        return {(e.extendee, e.number): e for e in self.extensions.values()}

    @cached_property
    def nested(self) -> Mapping[tuple[str, str], Element]:
        """Messages, enums, services and extensions by file and name below the package."""
        found: dict[tuple[str, str], Element] = {}
        for elements in (self.schema.messages, self.schema.enums, self.schema.services, self.extensions):
            for element in elements.values():
                found[element.location.file, self.below_package(element)] = element
        return found

    @cached_property
    def entries(self) -> Mapping[tuple[str, str], Field]:
        """Map fields by file and the name, below the package, of the message that protobuf makes of an entry."""
        found: dict[tuple[str, str], Field] = {}
        for message in self.schema.messages.values():
            for each in message.fields:
                if each.key:
                    found[each.location.file, f"{self.below_package(message)}.{entry_name(each)}"] = each
        return found

    def package_of(self, element: Element) -> str:
        """The package that an element is in."""
        return self.schema.files[element.location.file].package

    def below_package(self, element: Element) -> str:
        """An element's name, with the messages that contain it."""
        package = self.package_of(element)
        return element.full_name[len(package) + 1 :] if package else element.full_name

    def feature(self, element: Message | Enum | Field, name: str) -> str:
        """The value of an edition's feature in force at an element; ``pb.java.utf8_validation`` is one of Java."""
        file = self.schema.files[element.location.file]
        syntax = _SYNTAX.get(file.edition)
        if syntax is not None:
            return syntax.get(name, "")
        for options in self._around(element, file):
            value: Any = options
            group, _, member = name.rpartition(".")
            for step in filter(None, (group, member)):
                value = value.get(step) if isinstance(value, dict) else None
            if value is not None:
                return str(value)
        return (_EDITION if file.edition == "2023" else _FROM_2024).get(name, "")

    def _around(self, element: Element, file: File) -> Iterator[Any]:
        """The features that an element and all around it set, the nearest first."""
        here: Element | None = element
        while here is not None:
            kind = _OPTIONS.get(type(here), "")
            yield here.options.get(f"google.protobuf.{kind}Options.features")
            here = self.schema.messages.get(here.parent)
        yield file.options.get("google.protobuf.FileOptions.features")


@dataclass(frozen=True)
class Pair:
    """What is compared."""

    old: Side
    new: Side
    rules: Mappings
    comments: bool = True
    """Whether comments are compared."""
    not_compared: Set[str] = frozenset()
    """The files that one side or both lack because they do not compile: nothing of them came or went."""
    renumbered: Set[str] | None = None
    """The enums of which a name has another number, or the first value is another; None: any may be."""

    def scope(self, element: Element) -> tuple[Element | None, Location | None]:
        """What is left of where a removed element stood: the nearest message, or the file, if that is there."""
        file = element.location.file
        if file not in self.new.files:
            return None, None
        name = self.old.below_package(element).rpartition(".")[0]
        while name:
            found = self.new.nested.get((file, name))
            if isinstance(found, Message):
                return found, found.location
            name = name.rpartition(".")[0]
        return None, Location(file, 1, 1)


def entry_name(mapped: Field) -> str:
    """The name of the message that protobuf makes of a map's entry."""
    return f"{pascal_case(mapped.name)}Entry"


def values_by_number(enum: Enum) -> dict[int, list[str]]:
    """The names of each number."""
    found: dict[int, list[str]] = {}
    for value in enum.values:
        found.setdefault(value.number, []).append(value.name)
    return found
