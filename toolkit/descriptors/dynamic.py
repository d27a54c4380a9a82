"""Message classes of the official runtime for a compiled descriptor set, in a pool of their own."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

from google.protobuf import descriptor_pb2 as pb
from google.protobuf import descriptor_pool, empty_pb2, json_format, message_factory
from google.protobuf.message import Message

from toolkit.descriptors.compile import Compilation
from toolkit.descriptors.extensions import Layers, imports_first
from toolkit.descriptors.options import parsed
from toolkit.errors import InputError, Location, LookupFailed


class DynamicClasses:
    """Classes by full name; nothing is shared with the default pool."""

    def __init__(self, compilation: Compilation) -> None:
        self.pool = descriptor_pool.DescriptorPool()
        files: dict[str, pb.FileDescriptorProto] = {}
        for file in parsed(compilation.descriptor_set):
            files.setdefault(file.name, file)
        layers = Layers(files)
        for name in imports_first(files, files):
            layers.add(self.pool, files[name])
        with suppress(TypeError):  # an Any may hold it though no file imports it, as where an operation gives nothing
            self.pool.AddSerializedFile(empty_pb2.DESCRIPTOR.serialized_pb)

    def get(self, full_name: str) -> type[Message]:
        """The class of a message."""
        try:
            descriptor = self.pool.FindMessageTypeByName(full_name)
        except KeyError:
            raise LookupFailed(f"there is no message {full_name!r}") from None
        return message_factory.GetMessageClass(descriptor)

    def parse(self, full_name: str, text: str | bytes, source: str = "") -> Message:
        """A message from ProtoJSON; unknown fields are errors, and :class:`InputError` says which.

        ``source`` is the file's name, for the place of an error.
        """
        message = self.get(full_name)()
        location = Location(source) if source else None
        try:
            json_format.Parse(text, message, descriptor_pool=self.pool)
        except json_format.ParseError as error:
            cause = error.__cause__
            if isinstance(cause, json.JSONDecodeError):
                location = Location(source, cause.lineno, cause.colno) if source else None
                raise InputError(f"not JSON: {cause.msg}", location=location) from None
            raise InputError(f"not a {full_name}: {error}", location=location) from None
        except (UnicodeDecodeError, RecursionError) as error:
            raise InputError(f"not JSON: {error}", location=location) from None
        return message

    def to_dict(self, message: Message) -> Any:
        """A message as ProtoJSON's dictionaries and lists."""
        return json_format.MessageToDict(message, descriptor_pool=self.pool)
