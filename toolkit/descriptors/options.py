"""Options as plain values by full name, custom ones included.

A custom option is an extension of one of ``google.protobuf.*Options``, and is
read only by a runtime that knows the extension. So the descriptor set is parsed
a second time with a class from a pool that holds the set's own extensions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from google.protobuf import descriptor_pb2 as pb
from google.protobuf import descriptor_pool, message_factory
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import DecodeError, Message

from toolkit.descriptors.comments import decoded
from toolkit.descriptors.extensions import Layers, extends, imports_first
from toolkit.errors import InputError, SchemaError
from toolkit.runtime.jsonvalues import shortest_float

_MAKE_ONE = "make one with protoc --include_imports --include_source_info --descriptor_set_out=FILE, or with buf build"

Order = Callable[[tuple[int, ...]], tuple[int, ...]]
"""A source path to where its span begins in the file; for what has none, after everything."""


class SetParser:
    """Parses descriptor sets so that their options know the extensions that the sets themselves declare."""

    def __init__(self) -> None:
        self._files: dict[str, pb.FileDescriptorProto] = {}
        self._layers = Layers({})
        self._classes: list[type[pb.FileDescriptorSet]] = [pb.FileDescriptorSet]

    def parse(self, content: bytes) -> Sequence[pb.FileDescriptorProto]:
        """The files of a set; extensions of earlier sets are known too."""
        files = parsed(content, self._classes[0])
        if self._is_new(files) or self._layers.count > 1:
            layers = [self._layers.layer(file.name) for file in files]
            by_layer = {layer: parsed(content, self._classes[layer]) for layer in {*layers}}
            return [by_layer[layer][at] for at, layer in enumerate(layers)]
        return files

    def know(self, content: bytes) -> Sequence[pb.FileDescriptorProto]:
        """The same, with options as they are read without knowing extensions; :meth:`file` knows them then."""
        files = parsed(content)
        self._is_new(files)
        return files

    def file(self, name: str, content: bytes) -> pb.FileDescriptorProto:
        """A file whose options know the extensions found so far."""
        return _file(self._classes[self._layers.layer(name)], name, content)

    def _is_new(self, files: Sequence[pb.FileDescriptorProto]) -> bool:
        """Take the files in; whether there were extensions among them that were not known."""
        new = [file for file in files if file.name not in self._files]
        self._files.update((file.name, file) for file in reversed(new))
        found = any(map(extends, new))
        if found:
            self._learn()
        return found

    def _learn(self) -> None:
        self._layers = Layers(self._files)
        extending = imports_first((name for name, file in self._files.items() if extends(file)), self._files)
        self._classes = []
        for layer in range(self._layers.count):
            pool = descriptor_pool.DescriptorPool()
            pool.AddSerializedFile(pb.DESCRIPTOR.serialized_pb)
            for name in extending:
                if name != pb.DESCRIPTOR.name:
                    self._layers.add(pool, self._files[name], layer)
            descriptor = pool.FindMessageTypeByName(pb.FileDescriptorSet.DESCRIPTOR.full_name)
            self._classes.append(message_factory.GetMessageClass(descriptor))  # type: ignore[arg-type]


def parsed(content: bytes, kind: type[pb.FileDescriptorSet] = pb.FileDescriptorSet) -> Sequence[pb.FileDescriptorProto]:
    """The files of a set; :class:`InputError` for what is not one, :class:`SchemaError` where a file is damaged."""
    try:
        files = kind.FromString(content).file
    except DecodeError:
        if kind is not pb.FileDescriptorSet:  # what an option holds is not what its extension says
            return [_file(kind, file.name, file.SerializeToString()) for file in parsed(content)]
        raise InputError("the input is not a descriptor set", hint=_MAKE_ONE) from None
    if not files:
        raise InputError("the input is a descriptor set without a file", hint=_MAKE_ONE)
    for file in files:
        if isinstance(file.name, bytes):  # as which names come that are not UTF-8
            raise SchemaError(f"{file.name!r} is not a file name that protobuf allows")
    return files


def _file(kind: type[pb.FileDescriptorSet], name: str, content: bytes) -> pb.FileDescriptorProto:
    try:
        return type(kind().file.add()).FromString(content)
    except DecodeError:
        raise SchemaError(f"the options of {name!r} are damaged") from None


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
            member = entry.fields_by_number.get(2)
            if member is None:
                raise SchemaError(f"{entry.full_name} is not a map entry: it has no value")
            if any(isinstance(key, bytes) for key in value):  # its value cannot be had
                raise SchemaError(f"{field.full_name} has a key that is not UTF-8")
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
