"""A message → ProtoJSON's dictionaries, by a function written for its class and the options."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from toolkit.runtime.emit import Emitter
from toolkit.runtime.encoder import _as_list, _as_map
from toolkit.runtime.fields import Field
from toolkit.runtime.jsonvalues import FITS, TO_JSON, ZEROS, key_to_json
from toolkit.runtime.wellknown import WELL_KNOWN

if TYPE_CHECKING:
    from toolkit.runtime.codec import Codec, Style

_DEFAULTS = ZEROS | dict.fromkeys(("int64", "uint64", "sint64", "fixed64", "sfixed64"), '"0"')


def build(codec: Codec, style: Style) -> Callable[[Any], dict[str, Any]]:
    """The function for one style; it raises whatever a wrong value causes, and the caller finds out where."""
    e = Emitter("def to_dict(m):")
    e.line(1, "d = {}")
    done: set[str] = set()
    for field in codec.fields:
        if not field.oneof:
            _emit_field(e, codec, field, style)
        elif field.oneof not in done:
            done.add(field.oneof)
            attribute, cases = codec.oneofs[field.oneof]
            table = {
                cases[member.name]: _case(codec, member, style)
                for member in codec.fields
                if member.oneof == field.oneof
            }
            e.line(1, f"v = m.{attribute}")
            e.line(1, f"if v is not None: {e.bind(table)}[v.__class__](d, v.value)")
    if codec.is_extendable:
        e.line(1, f"if m._extensions: {e.bind(codec.extensions_to_dict)}(m, d, {e.bind(style)})")
    e.line(1, "return d")
    return e.function(f"to_dict {codec.name}")


def _emit_field(e: Emitter, codec: Codec, field: Field, style: Style) -> None:
    target = f"d[{(field.name if style.preserve_names else field.json_name)!r}]"
    e.line(1, f"v = m.{field.attribute}")
    if field.single:
        if field.presence:
            e.line(1, "if v is not None:")
            _emit_checked(e, codec, field, style, target)
            return
        if field.kind in ("float", "double"):
            e.line(1, "if v or v != 0 or str(v)[0] == '-':")
        else:
            e.line(1, "if v:")
        _emit_checked(e, codec, field, style, target)
        if style.defaults:
            zero = '""' if field.kind == "bytes" else _DEFAULTS.get(field.kind, "0")
            if field.kind == "enum":
                zero = e.bind(_enum_to_json(codec, field, style)(0))
            e.line(1, f"else: {target} = {zero}")
        elif field.kind in ("string", "bytes", "bool"):
            e.line(1, f"elif v != {_DEFAULTS[field.kind]}: raise TypeError")
        else:
            e.line(1, "elif v != 0: raise TypeError")
        return
    value = _element(e, codec, field, style)
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


def _emit_checked(e: Emitter, codec: Codec, field: Field, style: Style, target: str) -> None:
    """``target`` = ``v`` as JSON; for the frequent kinds without a call."""
    kind = field.kind
    slow = _expression(e, codec, field, style, "v")
    if kind == "string":
        e.line(2, f"{target} = v if v.__class__ is str else {slow}")
    elif kind == "bool":
        e.line(2, f"{target} = v if v is True or v is False else {slow}")
    elif kind in ("int32", "uint32"):
        e.line(2, f"{target} = v if v.__class__ is int and {FITS[kind]} else {slow}")
    elif kind in ("int64", "uint64"):
        e.line(2, f"{target} = str(v) if v.__class__ is int and {FITS[kind]} else {slow}")
    elif kind == "enum" and not style.enum_numbers and field.type_name != "google.protobuf.NullValue":
        names = e.bind(codec.enum(field.type_name).__json_names__)
        e.line(2, f"x = {names}.get(v)")
        e.line(2, f"{target} = x if x is not None else {slow}")
    else:
        e.line(2, f"{target} = {slow}")


def _element(e: Emitter, codec: Codec, field: Field, style: Style) -> str:
    """An element ``x`` of a list or map as JSON."""
    slow = _expression(e, codec, field, style, "x")
    return f"(x if x.__class__ is str else {slow})" if field.kind == "string" else slow


def _expression(e: Emitter, codec: Codec, field: Field, style: Style, value: str) -> str:
    if field.kind == "enum":
        return f"{e.bind(_enum_to_json(codec, field, style))}({value})"
    if field.kind not in ("message", "group"):
        return f"{e.bind(TO_JSON[field.kind])}({value})"
    known = WELL_KNOWN.get(field.type_name)
    if known is not None:
        return f"{e.bind(known.to_json)}({value})"
    child = codec.message(field.type_name)
    check = f"{value}.__class__ is {e.bind(child)} or isinstance({value}, {e.bind(child)})"
    return f"{e.bind(codec.child(field.type_name))}.{style.method}({value} if {check} else {e.bind(_wrong)}())"


def _wrong() -> None:
    raise TypeError


def _enum_to_json(codec: Codec, field: Field, style: Style) -> Callable[[Any], Any]:
    if field.type_name == "google.protobuf.NullValue":
        return (lambda value: 0) if style.enum_numbers else (lambda value: None)
    names = {} if style.enum_numbers else codec.enum(field.type_name).__json_names__
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


def _case(codec: Codec, field: Field, style: Style) -> Callable[..., None]:
    e = Emitter("def to_dict(d, v):")
    name = field.name if style.preserve_names else field.json_name
    e.line(1, f"d[{name!r}] = {_expression(e, codec, field, style, 'v')}")
    return e.function(f"to_dict {codec.name}.{field.name}")


def extension_to_json(codec: Codec, field: Field, style: Style) -> Callable[[Any], Any]:
    """An extension's value as JSON."""
    e = Emitter("def to_dict(v):")
    one = _expression(e, codec, field, style, "x" if field.repeated else "v")
    e.line(1, f"return [{one} for x in v]" if field.repeated else f"return {one}")
    return e.function(f"to_dict {field.name}")
