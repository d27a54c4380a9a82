"""An official message → one of ours, by a function written for its class."""

from __future__ import annotations

import keyword
from collections.abc import Callable
from functools import partial
from typing import Any

from toolkit.runtime.emit import Emitter
from toolkit.runtime.messagetype import Field, MessageType, field_of
from toolkit.runtime.wellknown import WELL_KNOWN
from toolkit.runtime.wire import text, unknown_fields


def build(type_: MessageType, *, unknown: bool) -> Callable[[Any], Any]:
    """The converter of a class; with ``unknown`` it keeps the fields that the schema does not know."""
    e = Emitter("def decode(m):")
    e.line(1, f"o = {e.bind(object.__new__)}({e.bind(type_.cls)})")
    if any(field.presence for field in type_.fields):
        e.line(1, f"has = {_method(e, type_, 'HasField')}")
    for field in type_.fields:
        if field.oneof:
            continue
        source, target = _attribute("m", field.name), f"o.{field.attribute}"
        convert = _converter(type_, field, unknown=unknown)
        if field.key:
            value = "v[k]" if convert is None else _call(e, convert, "v[k]")
            e.line(1, f"v = {source}; {target} = {{k: {value} for k in v}}")
        elif field.repeated:
            if convert is None:
                e.line(1, f"{target} = {source}[:]")
            else:
                e.line(1, f"{target} = [{_call(e, convert, 'x')} for x in {source}]")
        elif convert is None:
            e.line(1, f"{target} = {source}" + (f" if has({field.name!r}) else None" if field.presence else ""))
        else:
            value = _call(e, convert, source)
            e.line(1, f"{target} = {value}" + (f" if has({field.name!r}) else None" if field.presence else ""))
    for name, (attribute, cases) in type_.oneofs.items():
        table = {f.name: _case_decoder(type_, f, cases[f.name], unknown) for f in type_.fields if f.oneof == name}
        e.line(1, f"v = {_method(e, type_, 'WhichOneof')}({name!r})")
        e.line(1, f"o.{attribute} = {e.bind(table)}[v](m) if v is not None else None")
    if type_.is_extendable:
        e.line(1, f"o._extensions = {e.bind(partial(_extensions, type_, unknown))}(m)")
    e.line(1, f"o._unknown = {e.bind(_unknown_of)}(m)" if unknown else "o._unknown = b''")
    e.line(1, "return o")
    return e.function(f"decode {type_.name}")


def _extensions(type_: MessageType, unknown: bool, message: Any) -> dict[str, Any]:
    """The extensions that are set, by full name."""
    found = {}
    for descriptor, value in type(message).ListFields(message):
        if descriptor.is_extension:
            field = field_of(descriptor, descriptor.name)
            convert = partial(_convert_one, _converter(type_, field, unknown=unknown))
            found[descriptor.full_name] = [convert(item) for item in value] if field.repeated else convert(value)
    return found


def _unknown_of(message: Any) -> bytes:
    from google.protobuf.unknown_fields import UnknownFieldSet

    fields: Any = UnknownFieldSet(message)
    return unknown_fields(fields) if len(fields) else b""


def _method(e: Emitter, type_: MessageType, name: str) -> str:
    """A method of the official message ``m``, which a field of its name would hide."""
    if all(field.name != name for field in type_.fields):
        return f"m.{name}"
    return f"{e.bind(getattr(type_.official, name))}.__get__(m)"


def _attribute(owner: str, name: str) -> str:
    return f"getattr({owner}, {name!r})" if keyword.iskeyword(name) or name.startswith("__") else f"{owner}.{name}"


def _converter(type_: MessageType, field: Field, *, unknown: bool) -> Any:
    """What makes a value of an official one: None for the same, a table of enum members, or something to call.

    A codec is called by the name of its method, which is built when it is first needed.
    """
    if field.kind == "enum":
        return type_.enum(field.type_name).__members_by_number__
    if field.loose:
        return text
    if field.kind not in ("message", "group"):
        return None
    known = WELL_KNOWN.get(field.type_name)
    if known is not None:
        return known.decode
    return _Method(type_.child(field.type_name), "decode_unknown" if unknown else "decode")


class _Method:
    def __init__(self, owner: Any, name: str) -> None:
        self.owner = owner
        self.name = name


def _call(e: Emitter, convert: Any, value: str) -> str:
    if isinstance(convert, _Method):
        return f"{e.bind(convert.owner)}.{convert.name}({value})"
    return f"{e.bind(convert)}[{value}]" if isinstance(convert, dict) else f"{e.bind(convert)}({value})"


def _convert_one(convert: Any, value: Any) -> Any:
    """What a converter makes of a value."""
    if convert is None:
        return value
    if isinstance(convert, _Method):
        return getattr(convert.owner, convert.name)(value)
    return convert[value] if isinstance(convert, dict) else convert(value)


def _case_decoder(type_: MessageType, field: Field, case: type, unknown: bool) -> Callable[[Any], Any]:
    e = Emitter("def decode(m):")
    convert = _converter(type_, field, unknown=unknown)
    source = _attribute("m", field.name)
    e.line(1, f"return {e.bind(case)}({source if convert is None else _call(e, convert, source)})")
    return e.function(f"decode {type_.name}.{field.name}")
