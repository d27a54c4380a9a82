"""Ways to spoil a tree of dictionaries and lists, a text, bytes and a protobuf message; each is data, and shrinks."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from google.protobuf.descriptor import FieldDescriptor
from hypothesis import strategies as st

NUMBERS = st.integers(0, 1 << 16)
STRANGE = [
    "",
    "a",
    "..",
    "../x",
    "/x",
    "a/b",
    "a\nb",
    "é",
    "\x00",
    "\x1b[31m",
    "\u202e",
    "{{ x }}",
    "<script>alert(1)</script>",
    "*",
    "|",
    "`",
    "%",
    "(a+)+$",
    "[",
    "\\",
    "1e999",
    "-",
    "NaN",
    "class",
    "None",
    "_",
    "1",
    "a" * 300,
]
VALUES: st.SearchStrategy[Any] = st.one_of(
    st.sampled_from(STRANGE),
    st.none(),
    st.booleans(),
    st.sampled_from([0, 1, -1, 2**31, -(2**31) - 1, 2**63, 2**64, 10**30]),
    st.sampled_from([0.5, 1e300, float("nan"), float("inf")]),
    st.just([]),
    st.just({}),
    st.lists(st.sampled_from(STRANGE), max_size=2),
    st.dictionaries(st.sampled_from(STRANGE), st.sampled_from(STRANGE), max_size=2),
    st.text(max_size=8),
)
CHANGES = st.lists(st.tuples(st.lists(NUMBERS, min_size=1, max_size=6), NUMBERS, VALUES), max_size=4)
"""Steps down a tree, what to do there, and a value."""


def changed(tree: Any, changes: list[tuple[list[int], int, Any]]) -> Any:
    """A copy of a tree of dictionaries and lists with changes."""
    tree = copy.deepcopy(tree)
    for steps, action, value in changes:
        tree = _changed(tree, steps, action % 4, value)
    return tree


def _changed(tree: Any, steps: list[int], action: int, value: Any) -> Any:
    if not steps or not isinstance(tree, dict | list) or not tree:
        return value
    keys: Any = list(tree) if isinstance(tree, dict) else range(len(tree))
    key = keys[steps[0] % len(keys)]
    if len(steps) > 1:
        tree[key] = _changed(tree[key], steps[1:], action, value)
    elif action == 0:
        tree[key] = value
    elif action == 1:
        del tree[key]
    elif isinstance(tree, list):
        tree.append(value if action == 2 else copy.deepcopy(tree[key]))
    elif action == 2:
        tree[str(value)] = tree.pop(key)
    else:
        tree[str(value)] = value
    return tree


CUTS = st.lists(st.tuples(NUMBERS, st.integers(0, 3), st.binary(min_size=1, max_size=4)), max_size=4)
"""A place, what to do there, and bytes."""


def flipped(content: bytes, cuts: list[tuple[int, int, bytes]]) -> bytes:
    """Bytes with cuts: a bit flipped, some inserted, removed or replaced."""
    for place, action, piece in cuts:
        at = place % (len(content) + 1)
        if action == 0 and at < len(content):
            piece = bytes([content[at] ^ (1 << piece[0] % 8)])
        gone = 0 if action == 1 else len(piece)
        content = content[:at] + (b"" if action == 2 else piece) + content[at + gone :]
    return content


_INTS = [0, 1, -1, 2, 3, 7, 11, 15, 18999, 19000, 2**29 - 1, 2**29, 2**31 - 1, -(2**31), 2**40, 2**63 - 1, -(2**63)]
_SIZES = {
    FieldDescriptor.CPPTYPE_INT32: (-(1 << 31), (1 << 31) - 1),
    FieldDescriptor.CPPTYPE_UINT32: (0, (1 << 32) - 1),
    FieldDescriptor.CPPTYPE_INT64: (-(1 << 63), (1 << 63) - 1),
    FieldDescriptor.CPPTYPE_UINT64: (0, (1 << 64) - 1),
}
SPOILS = st.lists(st.tuples(st.lists(NUMBERS, max_size=7), NUMBERS, NUMBERS), max_size=4)
"""Steps into a message, a field there, and a choice of a value."""


def spoil(message: Any, spoils: list[tuple[list[int], int, int]], allowed: Callable[[str], bool]) -> None:
    """Set fields somewhere in an official message to anything of their type; ``allowed`` says which, by full name."""
    for steps, which, choice in spoils:
        inner = message
        for step in steps:
            inside = [value for field, value in _held(inner) if allowed(field.full_name)]
            if not inside:
                break
            inner = inside[step % len(inside)]
        fields = [field for field in inner.DESCRIPTOR.fields if allowed(field.full_name)]
        if fields:
            _set(inner, fields[which % len(fields)], choice)


def _held(message: Any) -> list[tuple[Any, Any]]:
    """The messages that a message holds, with their fields."""
    found = []
    for field, value in message.ListFields():
        if field.cpp_type == FieldDescriptor.CPPTYPE_MESSAGE:
            found += [(field, item) for item in value] if field.is_repeated else [(field, value)]
    return found


def _set(message: Any, field: Any, choice: int) -> None:
    target = message.Extensions[field] if field.is_extension else getattr(message, field.name)
    kind, choice = choice % 4, choice // 4
    if kind == 0:
        message.ClearField(field.name)
    elif field.cpp_type == FieldDescriptor.CPPTYPE_MESSAGE:
        if not field.is_repeated:
            target.SetInParent()
        elif kind == 1 or not target:
            target.add()
        elif kind == 2:
            target.append(target[choice % len(target)])
        else:
            del target[choice % len(target)]
    elif field.is_repeated:
        if kind == 1 and target:
            target[choice % len(target)] = _value(field, choice)
        else:
            target.append(_value(field, choice))
    else:
        setattr(message, field.name, _value(field, choice))


def _value(field: Any, choice: int) -> Any:
    kind = field.cpp_type
    if kind in _SIZES:
        low, high = _SIZES[kind]
        number = _INTS[choice % len(_INTS)]
        return number if low <= number <= high else high
    if kind == FieldDescriptor.CPPTYPE_BOOL:
        return bool(choice % 2)
    if kind == FieldDescriptor.CPPTYPE_ENUM:
        values = field.enum_type.values
        return values[choice % len(values)].number
    if kind in (FieldDescriptor.CPPTYPE_DOUBLE, FieldDescriptor.CPPTYPE_FLOAT):
        return [0.0, -1.5, float("inf"), float("nan"), 1e30][choice % 5]
    text = STRANGE[choice % len(STRANGE)]
    return text.encode() if field.type == FieldDescriptor.TYPE_BYTES else text
