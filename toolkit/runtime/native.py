"""The codec in C, where it is installed and wanted: tables for it, made of the fields that the Python code is made of.

The sources are in ``toolkit/runtime/native``. What a table cannot do, such as a message with extensions, or bytes that
are malformed, is done by the Python code, which also says what is wrong.
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import Any

from toolkit.runtime.jsonvalues import ZERO_VALUES
from toolkit.runtime.messagetype import Field, MessageType
from toolkit.runtime.wellknown import NULL, WELL_KNOWN, Duration, Timestamp

_SINGLE, _LIST, _PACKED, _MAP = range(4)
"""``Shape`` in native.h."""
_NEVER, _OPTIONAL, _REQUIRED = range(3)
"""``Presence`` in native.h."""
_VALUE, _NEW_LIST, _NEW_DICT = range(3)
"""``Initial`` in native.h."""
_FAILED = (LookupError, TypeError, ValueError)
"""What a table says that cannot be defined, such as that of a class that a program changed."""


def _table_type() -> Any:
    if os.environ.get("TOOLKIT_RUNTIME") == "pure":
        return None
    try:
        native = import_module("toolkit.runtime._native")
    except ImportError:
        return None
    return native.configure(NULL, Timestamp, Duration)


Table: Any = _table_type()
accelerated = Table is not None
"""Whether messages are read and written by code in C."""


def define(table: Any) -> bool:
    """Say what a table's class and fields are; False if it cannot be used."""
    source: TableSource = table.source
    try:
        table.define(*source.definition())
    except _FAILED:
        return False
    return True


class TableSource:
    """What a table is made of: a type, and attributes of its messages besides the fields."""

    def __init__(self, type_: MessageType, **others: Any) -> None:
        self._type = type_
        self._others = others

    def definition(self) -> tuple[type[Any], list[Any], list[Any], bool]:
        """The arguments of ``define``: the class, its slots, its fields by number, and whether JSON has just those."""
        type_ = self._type
        slots: list[Any] = [("_unknown", _VALUE, b"")]
        slots += ((name, _VALUE, value) for name, value in self._others.items())
        if type_.is_extendable:
            slots.append(("_extensions", _NEW_DICT, None))
        slots += ((attribute, _VALUE, None) for attribute, _ in type_.oneofs.values())
        slots += (_slot(type_, field) for field in type_.fields if not field.oneof)
        names = {field.json_name for field in type_.fields}
        has_json = type_.name != "google.protobuf.Any" and len(names) == len(type_.fields)
        return type_.cls, slots, [_field(type_, field) for field in type_.fields], has_json


def _slot(type_: MessageType, field: Field) -> tuple[str, int, Any]:
    if field.key:
        return field.attribute, _NEW_DICT, None
    if field.repeated:
        return field.attribute, _NEW_LIST, None
    if field.presence:
        return field.attribute, _VALUE, None
    if field.kind == "enum":
        return field.attribute, _VALUE, type_.enum(field.type_name).__members_by_number__[0]
    return field.attribute, _VALUE, ZERO_VALUES.get(field.kind, 0)


def _field(type_: MessageType, field: Field) -> tuple[Any, ...]:
    is_message = field.kind in ("message", "group")
    known = field.type_name in WELL_KNOWN
    enum = type_.enum(field.type_name) if field.kind == "enum" else None
    attribute, variant = field.attribute, None
    if field.oneof:
        attribute, cases = type_.oneofs[field.oneof]
        variant = cases[field.name]
    return (
        field.number,
        attribute,
        field.type_name if known or field.type_name == "google.protobuf.NullValue" else field.kind,
        field.key,
        _MAP if field.key else _PACKED if field.packed else _LIST if field.repeated else _SINGLE,
        _REQUIRED if field.required else _OPTIONAL if field.presence else _NEVER,
        field.closed,
        field.loose,
        type_.child(field.type_name).table if is_message and not known else None,
        enum.__members_by_number__ if enum is not None else None,
        variant,
        field.json_name,
        field.name,
        enum.__json_names__ if enum is not None else None,
        enum.__members_by_name__ if enum is not None else None,
    )
