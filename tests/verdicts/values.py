"""JSON values of messages at random: mostly what a printer could write, with mutations."""

from __future__ import annotations

from random import Random
from typing import Any

from google.protobuf.descriptor import Descriptor, FieldDescriptor

from tests.verdicts.tree import GOOD

_WORDS = ("", "a", "ab", "ba", "abc", "abcd", "AB", "€€", "a\t", " ")
_SPECIAL = (
    "192.0.2.1", "300.1.1.1", "2001:db8::1",
    "123e4567-e89b-12d3-a456-426614174000", "123e4567-e89b-12d3-a456-42661417400",
)  # fmt: skip
_INTEGERS = (0, 1, 2, 3, 4, 5, 6, 100)
_FLOATS = (0, 0.25, 0.5, 1, 2, 2.5, 3, -1, -0.5)
_WRONG = ("x", 1.5, True, [], {}, ["x"], {"x": 1}, -1, 2**31, 2**32, "1.5", "x" * 3)
_WRONG_NAMES = ("x", [], {}, ["x"], {"x": 1}, 2**31)
_WELL_KNOWN: dict[str, tuple[Any, ...]] = {
    "Timestamp": ("2026-01-02T03:04:05Z", "2026-01-02T03:04:05.123Z", "never"),
    "Duration": ("1s", "-1.500s", "0s", "1", "1m"),
    "FieldMask": ("", "a", "aB,c"),
    "Struct": ({}, {"x": [None, 1]}),
    "Value": (None, 1, "a", [], {"x": True}),
    "ListValue": ([], [1, None]),
    "Empty": ({},),
}
_OF_MESSAGES = (FieldDescriptor.TYPE_MESSAGE, FieldDescriptor.TYPE_GROUP)


class Values:
    """Makes values with a seed; a ``lenient`` one may be in any form that parsers read."""

    def __init__(self, random: Random, *, lenient: bool) -> None:
        self._random = random
        self._lenient = lenient

    def of(self, message: Descriptor, depth: int = 0) -> Any:
        """A value of a message."""
        name = message.full_name.removeprefix("google.protobuf.")
        if name in _WELL_KNOWN:
            return self._random.choice(_WELL_KNOWN[name])
        if name.endswith("Value") and "." not in name:
            return self._single(message.fields_by_name["value"], depth)
        made = dict(GOOD.get(message.name, {}))
        if self._lenient:
            made = {self._name(message.fields_by_camelcase_name[key]): value for key, value in made.items()}
        for _ in range(self._random.choice((0, 0, 1, 1, 2, 3) if depth else (0, 1, 1, 1, 2, 3, 5))):
            self._change(made, self._random.choice(message.fields), depth)
        if self._random.random() < 0.01:
            made["unknown"] = 1
        return made

    def _change(self, made: dict[str, Any], field: FieldDescriptor, depth: int) -> None:
        """Remove or replace a field."""
        for name in (field.name, field.json_name):
            made.pop(name, None)
        if self._random.random() < 0.8 and (depth < 3 or field.type not in _OF_MESSAGES):
            made[self._name(field)] = self._field(field, depth)

    def _name(self, field: FieldDescriptor) -> str:
        return field.name if self._lenient and self._random.random() < 0.3 else field.json_name

    def _field(self, field: FieldDescriptor, depth: int) -> Any:
        if self._random.random() < 0.01:
            # The parser reads true as 1, and prints a number that has no name.
            return self._random.choice(_WRONG_NAMES if field.type == FieldDescriptor.TYPE_ENUM else _WRONG)
        if self._lenient and self._random.random() < 0.05:
            return None
        entry = field.message_type if field.message_type and field.message_type.GetOptions().map_entry else None
        count = self._random.choice((0, 1, 1, 2, 2, 3))
        if entry is not None:
            keys = {self._key(entry.fields_by_name["key"]) for _ in range(count)}
            return {key: self._single(entry.fields_by_name["value"], depth) for key in sorted(keys)}
        if field.is_repeated:
            return [self._single(field, depth) for _ in range(count)]
        return self._single(field, depth)

    def _key(self, field: FieldDescriptor) -> str:
        if field.type == FieldDescriptor.TYPE_STRING:
            return self._random.choice(("", "a", "ab", "cd", "ef"))
        if field.type == FieldDescriptor.TYPE_BOOL:
            return self._random.choice(("true", "false", "true", "yes"))
        return self._random.choice(("1", "-2", "3", "x") if self._random.random() < 0.1 else ("1", "2"))

    def _single(self, field: FieldDescriptor, depth: int) -> Any:
        if field.type in _OF_MESSAGES:
            return self.of(field.message_type, depth + 1)
        if field.type == FieldDescriptor.TYPE_ENUM:
            return self._enum(field)
        if field.type == FieldDescriptor.TYPE_BOOL:
            return self._random.choice((True, True, False))
        if field.type == FieldDescriptor.TYPE_BYTES:
            return self._random.choice(("", "QQ==", "QUI="))
        if field.type == FieldDescriptor.TYPE_STRING:
            return self._random.choice(_SPECIAL if field.name in ("id", "address") else _WORDS)
        if field.cpp_type in (FieldDescriptor.CPPTYPE_DOUBLE, FieldDescriptor.CPPTYPE_FLOAT):
            return self._random.choice(_FLOATS)
        return self._integer(field)

    def _enum(self, field: FieldDescriptor) -> Any:
        if field.enum_type.full_name == "google.protobuf.NullValue":
            return self._random.choice((None, "NULL_VALUE", 0)) if self._lenient else None
        value = self._random.choice(field.enum_type.values)
        if self._random.random() < 0.02:
            return "THREE"
        return value.number if self._lenient and self._random.random() < 0.3 else value.name

    def _integer(self, field: FieldDescriptor) -> Any:
        number = self._random.choice(_INTEGERS)
        is_large = field.cpp_type in (FieldDescriptor.CPPTYPE_INT64, FieldDescriptor.CPPTYPE_UINT64)
        other = self._lenient and self._random.random() < 0.3
        if is_large:
            return number if other else str(number)
        is_bounded = field.containing_type.name not in ("Plain", "Leaf") and field.name not in ("chosen", "not_this")
        return str(number) if other and not is_bounded else number  # no keyword says bounds of text
