"""Classes of the runtime for the messages of a descriptor pool, made without generating code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from google.protobuf import descriptor_pb2 as pb
from google.protobuf import message_factory
from google.protobuf.descriptor import Descriptor
from google.protobuf.descriptor_pool import DescriptorPool

from toolkit.runtime import AnyMessage, Case, Empty, Enum, Extendable, Message, NullValue

_BUILT_IN = {cls.__proto__[1]: cls for cls in (AnyMessage, Empty, NullValue)}
Constraints = Callable[[str], tuple[Any, ...]]


def _none(full_name: str) -> tuple[Any, ...]:
    return ()


class RuntimeTypes:
    """A root of the runtime, as generated packages have one; classes are made when they are first asked for.

    Attributes are named by number, since a field may have any name: such
    classes are to be read, written and validated, not to be worked with.
    """

    package = "the descriptor set"

    def __init__(self, pool: DescriptorPool, constraints: Constraints = _none) -> None:
        self.pool = pool
        self._constraints = constraints
        """The ``__constraints__`` of a message."""
        self._classes: dict[str, Any] = dict(_BUILT_IN)

    def official(self, full_name: str) -> Any:
        """The official class of a message."""
        return message_factory.GetMessageClass(self.pool.FindMessageTypeByName(full_name))

    def message(self, full_name: str) -> type[Message]:
        """The class of a message; LookupError where there is none."""
        if full_name not in self._classes:
            self._classes[full_name] = self._message(self.pool.FindMessageTypeByName(full_name))
        found: type[Message] = self._classes[full_name]
        return found

    def enum(self, full_name: str) -> type[Enum]:
        """The class of an enum; LookupError where there is none."""
        if full_name not in self._classes:
            values = self.pool.FindEnumTypeByName(full_name).values
            make: Any = Enum  # the functional form, which a type checker takes for a call with a value
            made = make("Enum", [(f"v{number}", value.number) for number, value in enumerate(values)])
            made.__renamed__ = {value.name: f"v{number}" for number, value in enumerate(values)}
            made.__proto__ = (self, full_name)
            self._classes[full_name] = made
        found: type[Enum] = self._classes[full_name]
        return found

    def _message(self, descriptor: Descriptor) -> type[Message]:
        proto = pb.DescriptorProto()
        descriptor.CopyToProto(proto)
        members: dict[str, list[str]] = {}
        for field in proto.field:
            if field.HasField("oneof_index") and not field.proto3_optional:
                members.setdefault(proto.oneof_decl[field.oneof_index].name, []).append(field.name)
        in_oneofs = {name for names in members.values() for name in names}
        renamed = {field.name: f"f{field.number}" for field in proto.field if field.name not in in_oneofs}
        oneofs = {name: (f"o{number}", _cases(names)) for number, (name, names) in enumerate(members.items())}
        attributes = (*renamed.values(), *(attribute for attribute, _ in oneofs.values()))
        base = Extendable if proto.extension_range else Message
        body = {
            "__slots__": attributes,
            "__proto__": (self, descriptor.full_name),
            "__renamed__": renamed,
            "__oneofs__": oneofs,
            "__constraints__": self._constraints(descriptor.full_name),
            "__names__": (*attributes, "_unknown"),
            "__init__": _empty,
        }
        return type("Message", (base,), body)


def _empty(message: Message) -> None:
    for name in type(message).__names__:
        setattr(message, name, None)


def _cases(names: list[str]) -> type:
    return type("Cases", (), {f"c{n}": type("Case", (Case,), {"__field__": name}) for n, name in enumerate(names)})
