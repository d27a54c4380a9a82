"""A message → ProtoJSON's dictionaries, by a function written for its class and the options."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from toolkit.runtime.emit import Emitter
from toolkit.runtime.encoder import _as_list, _as_map
from toolkit.runtime.jsonvalues import FITS, TO_JSON, ZEROS, key_to_json
from toolkit.runtime.messagetype import Field, MessageType
from toolkit.runtime.wellknown import WELL_KNOWN


@dataclass(frozen=True, slots=True)
class Style:
    """How ProtoJSON is written; the official options."""

    preserve_names: bool = False
    defaults: bool = False
    enum_numbers: bool = False

    @property
    def number(self) -> int:
        """A bit for each option, as the code in C has them."""
        return self.preserve_names * 4 + self.defaults * 2 + self.enum_numbers

    @property
    def method(self) -> str:
        """The name of the method of a codec that writes it."""
        return f"to_dict_{self.preserve_names:d}{self.defaults:d}{self.enum_numbers:d}"


STYLES = {style.method: style for style in (Style(bool(n & 4), bool(n & 2), bool(n & 1)) for n in range(8))}
_DEFAULTS = ZEROS | dict.fromkeys(("int64", "uint64", "sint64", "fixed64", "sfixed64"), '"0"')


def build(type_: MessageType, style: Style) -> Callable[[Any], dict[str, Any]]:
    """The function for one style; it raises whatever a wrong value causes, and the caller finds out where."""
    e = Emitter("def to_dict(m):")
    e.line(1, "d = {}")
    done: set[str] = set()
    for field in type_.fields:
        if not field.oneof:
            _emit_field(e, type_, field, style)
        elif field.oneof not in done:
            done.add(field.oneof)
            attribute, cases = type_.oneofs[field.oneof]
            table = {
                cases[member.name]: _case(type_, member, style)
                for member in type_.fields
                if member.oneof == field.oneof
            }
            e.line(1, f"v = m.{attribute}")
            e.line(1, f"if v is not None: {e.bind(table)}[v.__class__](d, v.value)")
    if type_.is_extendable:
        e.line(1, f"if m._extensions: {e.bind(_extensions(type_, style))}(m, d)")
    e.line(1, "return d")
    return e.function(f"to_dict {type_.name}")


def _emit_field(e: Emitter, type_: MessageType, field: Field, style: Style) -> None:
    target = f"d[{(field.name if style.preserve_names else field.json_name)!r}]"
    e.line(1, f"v = m.{field.attribute}")
    if field.single:
        if field.presence:
            e.line(1, "if v is not None:")
            _emit_checked(e, type_, field, style, target)
            return
        if field.kind in ("float", "double"):
            e.line(1, "if v or v != 0 or str(v)[0] == '-':")
        else:
            e.line(1, "if v:")
        _emit_checked(e, type_, field, style, target)
        if style.defaults:
            zero = '""' if field.kind == "bytes" else _DEFAULTS.get(field.kind, "0")
            if field.kind == "enum":
                zero = e.bind(_enum_to_json(type_, field, style)(0))
            e.line(1, f"else: {target} = {zero}")
        elif field.kind in ("string", "bytes", "bool"):
            e.line(1, f"elif v != {_DEFAULTS[field.kind]}: raise TypeError")
        else:
            e.line(1, "elif v != 0: raise TypeError")
        return
    value = _element(e, type_, field, style)
    if field.key:
        e.line(1, f"if v.__class__ is not dict: v = {e.bind(_as_map)}(v)")
        key = f"{e.bind(key_to_json(field.key))}(k)"
        if field.key == "string":
            key = f"k if k.__class__ is str else {key}"
        made = f"{{({key}): {value} for k, x in v.items()}}"
    else:
        e.line(1, f"if v.__class__ is not list: v = {e.bind(_as_list)}(v)")
        made = f"[{value} for x in v]"
    e.line(1, f"{target} = {made}" if style.defaults else f"if v: {target} = {made}")


def _emit_checked(e: Emitter, type_: MessageType, field: Field, style: Style, target: str) -> None:
    """``target`` = ``v`` as JSON; for the frequent kinds without a call."""
    kind = field.kind
    slow = _expression(e, type_, field, style, "v")
    if kind == "string":
        e.line(2, f"{target} = v if v.__class__ is str else {slow}")
    elif kind == "bool":
        e.line(2, f"{target} = v if v is True or v is False else {slow}")
    elif kind in ("int32", "uint32"):
        e.line(2, f"{target} = v if v.__class__ is int and {FITS[kind]} else {slow}")
    elif kind in ("int64", "uint64"):
        e.line(2, f"{target} = str(v) if v.__class__ is int and {FITS[kind]} else {slow}")
    elif kind == "enum" and not style.enum_numbers and field.type_name != "google.protobuf.NullValue":
        names = e.bind(type_.enum(field.type_name).__json_names__)
        e.line(2, f"x = {names}.get(v)")
        e.line(2, f"{target} = x if x is not None else {slow}")
    else:
        e.line(2, f"{target} = {slow}")


def _element(e: Emitter, type_: MessageType, field: Field, style: Style) -> str:
    """An element ``x`` of a list or map as JSON."""
    slow = _expression(e, type_, field, style, "x")
    return f"(x if x.__class__ is str else {slow})" if field.kind == "string" else slow


def _expression(e: Emitter, type_: MessageType, field: Field, style: Style, value: str) -> str:
    if field.kind == "enum":
        return f"{e.bind(_enum_to_json(type_, field, style))}({value})"
    if field.kind not in ("message", "group"):
        return f"{e.bind(TO_JSON[field.kind])}({value})"
    known = WELL_KNOWN.get(field.type_name)
    if known is not None:
        return f"{e.bind(known.to_json)}({value})"
    child = type_.message(field.type_name)
    check = f"{value}.__class__ is {e.bind(child)} or isinstance({value}, {e.bind(child)})"
    return f"{e.bind(type_.child(field.type_name))}.{style.method}({value} if {check} else {e.bind(_wrong)}())"


def _wrong() -> None:
    raise TypeError


def _enum_to_json(type_: MessageType, field: Field, style: Style) -> Callable[[Any], Any]:
    if field.type_name == "google.protobuf.NullValue" and not style.enum_numbers:
        return lambda value: None
    names = {} if style.enum_numbers else type_.enum(field.type_name).__json_names__
    low, high = -0x80000000, 0x7FFFFFFF

    def to_json(value: Any) -> Any:
        name = names.get(value)
        if name is not None:
            return name
        if not isinstance(value, int):
            raise TypeError
        if not low <= value <= high:
            raise ValueError
        return int(value)

    return to_json


def _case(type_: MessageType, field: Field, style: Style) -> Callable[..., None]:
    e = Emitter("def to_dict(d, v):")
    name = field.name if style.preserve_names else field.json_name
    e.line(1, f"d[{name!r}] = {_expression(e, type_, field, style, 'v')}")
    return e.function(f"to_dict {type_.name}.{field.name}")


def _extensions(type_: MessageType, style: Style) -> Callable[[Any, dict[str, Any]], None]:
    """Writes the extensions that are set, in brackets."""
    writer_of = type_.per_extension(partial(_extension, style=style))

    def to_dict(message: Any, target: dict[str, Any]) -> None:
        for name, value in message._extensions.items():
            target[f"[{name}]"] = writer_of(name)(value)

    return to_dict


def _extension(type_: MessageType, field: Field, style: Style) -> Callable[[Any], Any]:
    """An extension's value as JSON."""
    e = Emitter("def to_dict(v):")
    one = _expression(e, type_, field, style, "x" if field.repeated else "v")
    e.line(1, f"return [{one} for x in v]" if field.repeated else f"return {one}")
    return e.function(f"to_dict {field.name}")
