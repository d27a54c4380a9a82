"""Descriptors of what is shown: files without comments, hidden elements and options that may name these."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from google.protobuf import descriptor_pb2 as pb
from google.protobuf import descriptor_pool, message_factory
from google.protobuf.json_format import MessageToDict, ParseDict

from toolkit.descriptors.http import OPTION as HTTP
from toolkit.descriptors.http import as_option, http_rules
from toolkit.descriptors.model import Element, Schema

_WITHOUT = ("source_code_info", "dependency", "public_dependency", "weak_dependency", "option_dependency")
_INNER = ("message_type", "nested_type", "field", "extension", "service", "method")
"""The fields for what is declared in an element."""


class ShownFiles:
    """The files of a descriptor set, less all that a schema does not have."""

    def __init__(self, schema: Schema, descriptor_set: Callable[[], bytes]) -> None:
        self._schema = schema
        self._read = descriptor_set
        self._made: dict[str, tuple[Sequence[str], bytes]] = {}

    @cached_property
    def _files(self) -> Mapping[str, Any]:
        """The files by name, as messages of classes to which the only custom option is that of HTTP bindings."""
        content = self._read()
        plain = {file.name: file for file in pb.FileDescriptorSet.FromString(content).file}
        pool = descriptor_pool.DescriptorPool()

        def add(name: str) -> None:
            for imported in plain[name].dependency if name != pb.DESCRIPTOR.name else ():
                add(imported)
            pool.AddSerializedFile(pb.DESCRIPTOR.serialized_pb if name == pb.DESCRIPTOR.name else _bytes(plain[name]))

        add(self._http or pb.DESCRIPTOR.name)
        kind: Any = message_factory.GetMessageClass(pool.FindMessageTypeByName("google.protobuf.FileDescriptorSet"))
        return {file.name: file for file in kind.FromString(content).file}

    @property
    def _http(self) -> str:
        """The name of the file that declares the option of HTTP bindings; empty if none does, or it is hidden."""
        found = self._schema.extensions.get(HTTP)
        return found.location.file if found is not None else ""

    @cached_property
    def _declared_in(self) -> Mapping[str, str]:
        """The names of files by the types in them, as descriptors refer to these."""
        every = (*self._schema.messages.values(), *self._schema.enums.values())
        return {f".{one.full_name}": one.location.file for one in every}

    def prepare(self) -> None:
        """Read what all sets need."""
        _ = self._files, self._declared_in

    def with_imports(self, names: Iterable[str]) -> bytes:
        """A serialized ``google.protobuf.FileDescriptorSet`` of files; what they need comes before them."""
        found: dict[str, bytes] = {}

        def add(name: str) -> None:
            if name not in found:
                imported, content = self._file(name)
                for each in imported:  # never in a circle, or it would not compile
                    add(each)
                found[name] = content

        for name in sorted(names):
            add(name)
        return _bytes(pb.FileDescriptorSet(file=map(pb.FileDescriptorProto.FromString, found.values())))

    def _file(self, name: str) -> tuple[Sequence[str], bytes]:
        """What a file imports, and its content; made once."""
        if name not in self._made:
            file = self._cut(self._files[name])
            self._made[name] = [*file.dependency], _bytes(file)
        return self._made[name]

    def _cut(self, whole: Any) -> Any:
        file = type(whole)()
        file.CopyFrom(whole)
        for name in _WITHOUT:
            if name in file.DESCRIPTOR.fields_by_name:
                file.ClearField(name)
        file.DiscardUnknownFields()
        schema, scope = self._schema, f"{file.package}." if file.package else ""
        _keep(file.service, scope, schema.services)
        for service in file.service:
            _keep(service.method, f"{scope}{service.name}.", schema.methods)
            for method in service.method:
                self._cut_binding(method, f"{scope}{service.name}.{method.name}")
        self._cut_types(file, file.message_type, scope)
        needed = {self._declared_in[name] for name in _types(file) if name in self._declared_in}
        if any(_is_bound(method) for service in file.service for method in service.method):
            needed.add(self._http)
        file.dependency.extend(sorted(needed - {file.name}))
        return file

    def _cut_binding(self, method: Any, full_name: str) -> None:
        """Give a method the HTTP bindings that the schema has, which name no hidden fields."""
        shown = self._schema.methods[full_name].http
        for option, rule in method.options.ListFields():
            if not option.is_extension:
                continue
            declared = MessageToDict(rule, preserving_proto_field_name=True)
            if shown != tuple(http_rules({HTTP: declared})):
                method.options.ClearExtension(option)
                if shown:
                    ParseDict(as_option(shown), method.options.Extensions[option])

    def _cut_types(self, parent: Any, messages: Any, scope: str, entries: Container[str] = ()) -> None:
        """Cut what is declared in a file or a message whose scope ends with a dot; ``entries`` are those of maps."""
        schema = self._schema
        _keep(messages, scope, schema.messages, entries)
        _keep(parent.enum_type, scope, schema.enums)
        _keep(parent.extension, scope, schema.extensions)
        for enum in parent.enum_type:
            self._cut_enum(enum, f"{scope}{enum.name}")
        for message in messages:
            if not message.options.map_entry:
                self._cut_message(message, f"{scope}{message.name}")

    def _cut_message(self, message: Any, full_name: str) -> None:
        shown = {one.full_name: one for one in self._schema.messages[full_name].fields}
        _keep(message.field, f"{full_name}.", shown)
        for one in message.field:
            if shown[f"{full_name}.{one.name}"].default is None:
                one.ClearField("default_value")
        _cut_oneofs(message)
        for numbers in message.extension_range:
            numbers.ClearField("options")
        scope = f"{full_name}."
        entries = {one.type_name.removeprefix(f".{scope}") for one in message.field}
        self._cut_types(message, message.nested_type, scope, entries)

    def _cut_enum(self, enum: Any, full_name: str) -> None:
        first = enum.value[0].number
        _keep(enum.value, "", _names(self._schema.enums[full_name].values))
        if first == 0 != enum.value[0].number:  # an open enum has to begin with zero
            values = [*enum.value]
            del enum.value[:]
            enum.value.add(name=f"{enum.name}_0", number=0)
            enum.value.extend(values)


def _bytes(message: Any) -> bytes:
    content: bytes = message.SerializeToString(deterministic=True)
    return content


def _names(elements: Iterable[Element]) -> set[str]:
    return {one.name for one in elements}


def _keep(elements: Any, scope: str, shown: Container[str], also: Container[str] = ()) -> None:
    """Remove elements that are neither shown nor have a name of ``also``."""
    kept = [one for one in elements if f"{scope}{one.name}" in shown or one.name in also]
    if len(kept) < len(elements):
        del elements[:]
        elements.extend(kept)


def _cut_oneofs(message: Any) -> None:
    """Remove oneofs without fields."""
    kept = sorted({one.oneof_index for one in message.field if one.HasField("oneof_index")})
    for one in message.field:
        if one.HasField("oneof_index"):
            one.oneof_index = kept.index(one.oneof_index)
    oneofs = [message.oneof_decl[index] for index in kept]
    del message.oneof_decl[:]
    message.oneof_decl.extend(oneofs)


def _is_bound(method: Any) -> bool:
    """Whether a method has the only custom option that is kept."""
    return any(field.is_extension for field, _ in method.options.ListFields())


def _types(element: Any) -> Iterator[str]:
    """The types that an element, and what is declared in it, refer to."""
    for key in ("type_name", "extendee", "input_type", "output_type"):
        yield getattr(element, key, "")
    for key in _INNER:
        for inner in getattr(element, key, ()):
            yield from _types(inner)
