"""Contents for any official message class, made from its descriptor; and what all bindings must do with them."""

from __future__ import annotations

import struct
from random import Random
from typing import Any

from google.protobuf import json_format, message_factory
from google.protobuf.descriptor import FieldDescriptor
from hypothesis import strategies as st

_LETTERS = "abcXYZ09_- \t\n\"'\\/<>&{}[]:,é߷ह€😀\u2028\x00\x7f"
_WORDS = ("", "a", "name", "true", "null", "1e3", "2026-01-31T12:00:00Z", "ünïcode", "x" * 200)
_DEEPEST = 3
_RANGES = {
    FieldDescriptor.CPPTYPE_INT32: (-(1 << 31), (1 << 31) - 1),
    FieldDescriptor.CPPTYPE_UINT32: (0, (1 << 32) - 1),
    FieldDescriptor.CPPTYPE_INT64: (-(1 << 63), (1 << 63) - 1),
    FieldDescriptor.CPPTYPE_UINT64: (0, (1 << 64) - 1),
}


def messages(cls: Any, pool: Any = None, *, fast: bool = False) -> st.SearchStrategy[Any]:
    """Messages of an official class; ``fast`` ones are made from a seed, and shrink less."""
    return st.randoms(use_true_random=fast, note_method_calls=False).map(lambda random: message_of(cls, random, pool))


def message_of(cls: Any, random: Random, pool: Any = None) -> Any:
    """A message of an official class; with its pool, extensions are set as well."""
    made = cls()
    _Filler(random, pool).fill(made, 0)
    return made


class _Filler:
    def __init__(self, random: Random, pool: Any) -> None:
        self._random = random
        self._pool = pool

    def fill(self, message: Any, depth: int) -> None:
        descriptor = type(message).DESCRIPTOR  # a field could have that name
        special = getattr(self, f"_{descriptor.name.lower()}", None)
        if descriptor.file.name.startswith("google/protobuf/") and special is not None:
            special(message, depth)
            return
        often = self._random.choice((0.1, 0.5, 0.9))
        for field in descriptor.fields:
            if field.is_required or self._random.random() < often:
                self._set(message, field, depth)
        if self._pool is not None and descriptor.is_extendable:
            for field in sorted(self._pool.FindAllExtensions(descriptor), key=lambda field: field.number):
                if self._random.random() < often:
                    self._set(message, field, depth)

    def _set(self, message: Any, field: Any, depth: int) -> None:
        value_field = field
        is_map = field.message_type is not None and field.message_type.GetOptions().map_entry
        if is_map:
            value_field = field.message_type.fields_by_name["value"]
        if value_field.message_type is not None and depth >= _DEEPEST and not field.is_required:
            return
        count = self._random.choice((1, 1, 2, 3)) if depth < 2 else 1
        if field.is_extension:
            holder: Any = message.Extensions
            if field.is_repeated:
                self._extend(holder[field], value_field, count, depth)
            elif value_field.message_type is not None:
                holder[field].SetInParent()
                self.fill(holder[field], depth + 1)
            else:
                holder[field] = self._scalar(value_field)
            return
        if is_map:
            target = getattr(message, field.name)
            for _ in range(count):
                key = self._scalar(field.message_type.fields_by_name["key"])
                if value_field.message_type is not None:
                    self.fill(target[key], depth + 1)
                else:
                    target[key] = self._scalar(value_field)
        elif field.is_repeated:
            self._extend(getattr(message, field.name), value_field, count, depth)
        elif value_field.message_type is not None:
            inner = getattr(message, field.name)
            inner.SetInParent()
            self.fill(inner, depth + 1)
        else:
            setattr(message, field.name, self._scalar(value_field))

    def _extend(self, target: Any, field: Any, count: int, depth: int) -> None:
        for _ in range(count):
            if field.message_type is not None:
                self.fill(target.add(), depth + 1)
            else:
                target.append(self._scalar(field))

    def _scalar(self, field: Any) -> Any:
        random = self._random
        kind = field.cpp_type
        if kind in _RANGES:
            low, high = _RANGES[kind]
            return random.choice((0, 1, 127, 128, 300, low, high, high - 1, random.randint(low, high)))
        if kind == FieldDescriptor.CPPTYPE_BOOL:
            return random.random() < 0.5
        if kind == FieldDescriptor.CPPTYPE_ENUM:
            numbers = [value.number for value in field.enum_type.values]
            null = field.enum_type.full_name == "google.protobuf.NullValue"
            return random.choice(numbers if field.enum_type.is_closed or null else [*numbers, 77, -7])
        if kind in (FieldDescriptor.CPPTYPE_DOUBLE, FieldDescriptor.CPPTYPE_FLOAT):
            return self._number(kind == FieldDescriptor.CPPTYPE_FLOAT)
        if field.type == FieldDescriptor.TYPE_BYTES:
            return bytes(random.randrange(256) for _ in range(random.choice((0, 1, 2, 3, 4, 150))))
        return self._text()

    def _number(self, single: bool) -> float:
        random = self._random
        value = random.choice(
            (0.0, -0.0, 1.0, 0.1, -2.5, 1e10, 1e-10, 16777217.0, float("inf"), float("-inf"), random.uniform(-1e6, 1e6))
        )
        return float(struct.unpack("<f", struct.pack("<f", value))[0]) if single else value

    def _text(self) -> str:
        random = self._random
        if random.random() < 0.5:
            return random.choice(_WORDS)
        return "".join(random.choice(_LETTERS) for _ in range(random.randrange(8)))

    # Well-known types, by name

    def _timestamp(self, message: Any, depth: int) -> None:
        message.seconds = self._random.choice(
            (0, -1, 1, -62_135_596_800, 253_402_300_799, self._random.randint(-62_135_596_800, 253_402_300_799))
        )
        message.nanos = self._random.choice((0, 1, 999, 1000, 500_000_000, 999_999_999))

    def _duration(self, message: Any, depth: int) -> None:
        sign = self._random.choice((1, -1))
        message.seconds = sign * self._random.choice((0, 1, 3600, 315_576_000_000))
        message.nanos = sign * self._random.choice((0, 1, 999, 1000, 500_000_000, 999_999_999))

    def _fieldmask(self, message: Any, depth: int) -> None:
        message.paths.extend(self._random.sample(("name", "disk_size", "a.b_c", "spec.disk.image_id"), k=2))

    def _value(self, message: Any, depth: int) -> None:
        random = self._random
        kinds = ("null_value", "number_value", "string_value", "bool_value", "struct_value", "list_value")
        kind = random.choice(kinds if depth < _DEEPEST else kinds[:4])
        if kind == "null_value":
            message.null_value = 0
        elif kind == "number_value":
            message.number_value = random.choice((0.0, 1.0, -1.5, 1e20, 123456789.0, 0.1))
        elif kind == "string_value":
            message.string_value = self._text()
        elif kind == "bool_value":
            message.bool_value = random.random() < 0.5
        else:
            inner = getattr(message, kind)
            inner.SetInParent()
            self.fill(inner, depth + 1)

    def _struct(self, message: Any, depth: int) -> None:
        for _ in range(self._random.randrange(3)):
            self._value(message.fields[self._text()], depth + 1)

    def _listvalue(self, message: Any, depth: int) -> None:
        for _ in range(self._random.randrange(3)):
            self._value(message.values.add(), depth + 1)

    def _any(self, message: Any, depth: int) -> None:
        pool = message.DESCRIPTOR.file.pool
        names = ("google.protobuf.Duration", "google.protobuf.Empty", "google.protobuf.Int64Value", "")
        name = self._random.choice(names)
        if not name:
            return
        try:
            found = pool.FindMessageTypeByName(name)
        except KeyError:
            return
        inner = message_factory.GetMessageClass(found)()
        self.fill(inner, _DEEPEST)
        message.Pack(inner)


def check_round_trip(cls: Any, official: Any, pool: Any) -> None:
    """Whether a message survives every way between its dataclass, bytes, JSON and its official class."""
    kind = type(official)
    made = cls.from_bytes(official.SerializeToString())
    assert kind.FromString(made.to_bytes()) == official, made
    assert cls.from_bytes(made.to_bytes()) == made
    assert cls.from_pb(official) == made
    assert made.to_pb(kind) == official
    content = json_format.MessageToDict(official, descriptor_pool=pool)
    assert made.to_dict() == content
    assert json_format.Parse(made.to_json(), kind(), descriptor_pool=pool) == official
    assert cls.from_dict(content) == made
    assert cls.from_json(json_format.MessageToJson(official, descriptor_pool=pool)) == made
