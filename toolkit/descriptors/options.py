"""Options as plain values by full name, custom ones included.

A custom option is an extension of one of ``google.protobuf.*Options``, and is
read only by a runtime that knows the extension. So the descriptor set is parsed
a second time with a class from a pool that holds the set's own extensions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from google.protobuf import descriptor_pb2 as pb
from google.protobuf import descriptor_pool, message_factory
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import DecodeError, Message

from toolkit.descriptors.comments import decoded
from toolkit.errors import InputError, SchemaError
from toolkit.runtime.jsonvalues import shortest_float

WITH_IMPORTS = "make the set with --include_imports"
_MAKE_ONE = "make one with protoc --include_imports --include_source_info --descriptor_set_out=FILE, or with buf build"

Order = Callable[[tuple[int, ...]], tuple[int, ...]]
"""A source path to where its span begins in the file; for what has none, after everything."""


class SetParser:
    """Parses descriptor sets so that their options know the extensions that the sets themselves declare."""

    def __init__(self) -> None:
        self._files: dict[str, pb.FileDescriptorProto] = {}
        self._class = pb.FileDescriptorSet

    def parse(self, content: bytes) -> pb.FileDescriptorSet:
        """A descriptor set; extensions of earlier sets are known too."""
        found = _parsed(self._class, content)
        new = [file for file in found.file if file.name not in self._files]
        self._files.update((file.name, file) for file in reversed(new))
        if any(extends(file) for file in new):
            self._learn()
            found = self._class.FromString(content)
        return found

    def know(self, content: bytes) -> pb.FileDescriptorSet:
        """The same, with options as they are read without knowing extensions; :attr:`file_class` knows them then."""
        found = _parsed(pb.FileDescriptorSet, content)
        self._files.update((file.name, file) for file in reversed(found.file))
        if any(map(extends, found.file)):
            self._learn()
        return found

    @property
    def file_class(self) -> type[pb.FileDescriptorProto]:
        """The class of files whose options know the extensions found so far."""
        return type(self._class().file.add())

    def _learn(self) -> None:
        pool = descriptor_pool.DescriptorPool()
        pool.AddSerializedFile(pb.DESCRIPTOR.serialized_pb)
        extending = (name for name, file in self._files.items() if extends(file))
        for name in imports_first(extending, self._files):
            if name == pb.DESCRIPTOR.name:
                continue
            bare = pb.FileDescriptorProto()
            bare.MergeFromString(self._files[name].SerializeToString())
            bare.ClearField("source_code_info")
            try:
                pool.AddSerializedFile(bare.SerializeToString())
            except TypeError as error:
                raise SchemaError(f"{name} cannot be loaded: {error}", hint=WITH_IMPORTS) from None
        descriptor = pool.FindMessageTypeByName(pb.FileDescriptorSet.DESCRIPTOR.full_name)
        self._class = message_factory.GetMessageClass(descriptor)  # type: ignore[assignment]


def _parsed(kind: type[pb.FileDescriptorSet], content: bytes) -> pb.FileDescriptorSet:
    try:
        found = kind.FromString(content)
    except DecodeError:
        raise InputError("the input is not a descriptor set", hint=_MAKE_ONE) from None
    if not found.file:
        raise InputError("the input is a descriptor set without a file", hint=_MAKE_ONE)
    return found


def extends(file: pb.FileDescriptorProto) -> bool:
    """Whether a file declares extensions: of options, or of messages that are values of options."""

    def within(message: pb.DescriptorProto) -> bool:
        return len(message.extension) > 0 or any(map(within, message.nested_type))

    return len(file.extension) > 0 or any(map(within, file.message_type))


def imports_first(names: Iterable[str], files: Mapping[str, pb.FileDescriptorProto]) -> list[str]:
    """The files and what they import, imports first."""
    done: dict[str, None] = {}
    started: set[str] = set()
    stack = [(name, False) for name in sorted(names, reverse=True)]
    while stack:
        name, visited = stack.pop()
        if visited:
            done[name] = None
        elif name not in started and name in files:
            started.add(name)
            stack.append((name, True))
            stack.extend((other, False) for other in files[name].dependency if other not in started)
    return list(done)


def plain_options(options: Message, path: tuple[int, ...], order: Order) -> dict[str, Any]:
    """The set options by full name, in the order of the source where that is known.

    ``path`` is the source path of the options message itself.
    """
    return {
        field.full_name: _plain(field, value, (*path, field.number), order)
        for field, value in _in_order(options, path, order)
        if field.name != "uninterpreted_option"
    }


def _in_order(message: Message, path: tuple[int, ...], order: Order) -> list[tuple[FieldDescriptor, Any]]:
    members = list(message.ListFields())
    if len(members) > 1:
        members.sort(key=lambda pair: order((*path, pair[0].number)))
    return members


def _plain(field: FieldDescriptor, value: Any, path: tuple[int, ...], order: Order) -> Any:
    if field.is_repeated:
        entry = field.message_type
        if entry is not None and entry.GetOptions().map_entry:
            member = entry.fields_by_name["value"]
            return {key: _one(member, value[key], path, order) for key in sorted(value)}
        return [_one(field, item, path, order) for item in value]
    return _one(field, value, path, order)


def _one(field: FieldDescriptor, value: Any, path: tuple[int, ...], order: Order) -> Any:
    if field.enum_type is not None:
        known = field.enum_type.values_by_number.get(value)
        return known.name if known else value
    if field.message_type is not None:
        return {
            (member.full_name if member.is_extension else member.name): _plain(
                member, item, (*path, member.number), order
            )
            for member, item in _in_order(value, path, order)
        }
    if field.type == FieldDescriptor.TYPE_STRING:
        return decoded(value)
    return shortest_float(value) if field.type == FieldDescriptor.TYPE_FLOAT else value
