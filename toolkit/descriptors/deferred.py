"""The schema of a tree that was loaded before without an error: messages and enums are read when they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

from toolkit.descriptors.file_reader import FileReader, SourcePath
from toolkit.descriptors.model import Enum, File, Message, Service

Read = TypeVar("Read", Message, Enum)


class Deferred(Mapping[str, Read], Generic[Read]):
    """Elements by full name; those of a file are read when one of them is asked for."""

    def __init__(self, files: Mapping[str, str], read: Callable[[str], Mapping[str, Read]]) -> None:
        """``files`` are those of all elements, and ``read`` returns the elements of one."""
        self._files = files
        self._read: Callable[[str], Mapping[str, Read]] = read
        self._found: dict[str, Read] = {}

    def __getitem__(self, name: str) -> Read:
        found = self._found.get(name)
        if found is None:
            self._found |= self._read(self._files[name])
            found = self._found[name]
        return found

    def __contains__(self, name: object) -> bool:
        return name in self._files

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)


@dataclass
class DeferredFiles:
    """The files of a descriptor set; what is not deferred is read."""

    protos: Mapping[str, Any]
    """By name, sorted."""
    known: Container[str]
    content: bytes
    """The descriptor set."""
    files: dict[str, File] = field(default_factory=dict)
    services: dict[str, Service] = field(default_factory=dict)
    extending: list[str] = field(default_factory=list)
    """The messages with extensions."""
    optioned: list[str] = field(default_factory=list)
    """The messages with options."""
    _messages: dict[str, Any] = field(default_factory=dict)
    _message_files: dict[str, str] = field(default_factory=dict)
    _enum_files: dict[str, str] = field(default_factory=dict)
    _readers: dict[str, FileReader] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, proto in self.protos.items():
            reader = FileReader(proto, self.known, _types(proto))
            file = reader.file
            self.services |= reader.services
            messages = [_full_name(proto.package, message) for message in proto.message_type]
            enums = [_full_name(proto.package, enum) for enum in proto.enum_type]
            self.files[name] = replace(file, messages=tuple(messages), enums=tuple(enums))
            for full_name, message in zip(messages, proto.message_type, strict=True):
                self._find(full_name, message, name)
            self._enum_files |= dict.fromkeys(enums, name)

    def _find(self, full_name: str, message: Any, file: str) -> None:
        self._message_files[full_name] = file
        self._messages[full_name] = message
        if message.extension:
            self.extending.append(full_name)
        if message.HasField("options"):
            self.optioned.append(full_name)
        for nested in message.nested_type:
            if not nested.options.map_entry:
                self._find(f"{full_name}.{nested.name}", nested, file)
        for enum in message.enum_type:
            self._enum_files[f"{full_name}.{enum.name}"] = file

    @property
    def messages(self) -> Mapping[str, Message]:
        """By full name, in the order of the files."""
        return Deferred(self._message_files, lambda file: self._reader(file).messages)

    @property
    def enums(self) -> Mapping[str, Enum]:
        """By full name, in the order of the files."""
        return Deferred(self._enum_files, lambda file: self._reader(file).enums)

    def holders(self, field_name: str) -> Iterator[str]:
        """The messages that have a field of that name, in the order of the files."""
        for name, message in self._messages.items():
            if any(one.name == field_name for one in message.field):
                yield name

    def mentioning(self, texts: Sequence[str]) -> Iterator[str]:
        """The files in which a comment may contain one of the texts."""
        sought = [text for text in map(str.encode, texts) if text in self.content]
        for name, proto in self.protos.items() if sought else ():
            content = proto.SerializeToString()
            if any(text in content for text in sought):
                yield name

    def file_of(self, type_name: str) -> str | None:
        """The file that declares the message or enum of a name, or None."""
        return self._message_files.get(type_name) or self._enum_files.get(type_name)

    def typed(self, file: str) -> Iterator[tuple[str, str]]:
        """The type of each field and extension in a file, empty for scalars, and what it extends, or empty."""
        proto = self.protos[file]
        fields, stack = [*proto.extension], [*proto.message_type]
        while stack:
            message = stack.pop()
            fields += (*message.field, *message.extension)
            stack += message.nested_type  # entries of maps too, which hold the types of their values
        for one in fields:
            yield one.type_name.removeprefix("."), one.extendee.removeprefix(".")

    def _reader(self, name: str) -> FileReader:
        reader = self._readers.get(name)
        if reader is None:
            proto = self.protos[name]
            services = frozenset((6, index) for index in range(len(proto.service)))
            reader = self._readers[name] = FileReader(proto, self.known, services)
        return reader


def _types(proto: Any) -> frozenset[SourcePath]:
    """The source paths of the messages and enums of a file."""
    counts: Sequence[tuple[int, Iterable[Any]]] = ((4, proto.message_type), (5, proto.enum_type))
    return frozenset((number, index) for number, elements in counts for index, _ in enumerate(elements))


def _full_name(package: str, element: Any) -> str:
    return f"{package}.{element.name}" if package else str(element.name)
