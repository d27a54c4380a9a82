"""An official message → one of ours, by a function written for its class."""

from __future__ import annotations

import keyword
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from google.protobuf.unknown_fields import UnknownFieldSet

from toolkit.runtime.emit import Emitter
from toolkit.runtime.fields import Field
from toolkit.runtime.wellknown import WELL_KNOWN
from toolkit.runtime.wire import text, unknown_fields

if TYPE_CHECKING:
    from toolkit.runtime.codec import Codec


def build(codec: Codec, *, unknown: bool) -> Callable[[Any], Any]:
    """The converter of a class; with ``unknown`` it keeps the fields that the schema does not know."""
    e = Emitter("def decode(m):")
    e.line(1, f"o = {e.bind(object.__new__)}({e.bind(codec.cls)})")
    if any(field.presence for field in codec.fields):
        e.line(1, f"has = {_method(e, codec, 'HasField')}")
    for field in codec.fields:
        if field.oneof:
            continue
        source, target = _attribute("m", field.name), f"o.{field.attribute}"
        convert = converter(codec, field, unknown=unknown)
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
    for name, (attribute, cases) in codec.oneofs.items():
        table = {f.name: _case_decoder(codec, f, cases[f.name], unknown) for f in codec.fields if f.oneof == name}
        e.line(1, f"v = {_method(e, codec, 'WhichOneof')}({name!r})")
        e.line(1, f"o.{attribute} = {e.bind(table)}[v](m) if v is not None else None")
    if codec.is_extendable:
        e.line(1, f"o._extensions = {e.bind(codec.decode_extensions)}(m, {unknown})")
    e.line(1, f"o._unknown = {e.bind(_unknown_of)}(m)" if unknown else "o._unknown = b''")
    e.line(1, "return o")
    return e.function(f"decode {codec.name}")


def _unknown_of(message: Any) -> bytes:
    fields: Any = UnknownFieldSet(message)
    return unknown_fields(fields) if len(fields) else b""


def _method(e: Emitter, codec: Codec, name: str) -> str:
    """A method of the official message ``m``, which a field of its name would hide."""
    if all(field.name != name for field in codec.fields):
        return f"m.{name}"
    return f"{e.bind(getattr(codec.official, name))}.__get__(m)"


def _attribute(owner: str, name: str) -> str:
    return f"getattr({owner}, {name!r})" if keyword.iskeyword(name) or name.startswith("__") else f"{owner}.{name}"


def converter(codec: Codec, field: Field, *, unknown: bool) -> Any:
    """What makes a value of an official one: None for the same, a table of enum members, or something to call.

    A codec is called by the name of its method, which is built when it is first needed.
    """
    if field.kind == "enum":
        return codec.enum(field.type_name).__members_by_number__
    if field.loose:
        return text
    if field.kind not in ("message", "group"):
        return None
    known = WELL_KNOWN.get(field.type_name)
    if known is not None:
        return known.decode
    return _Method(codec.child(field.type_name), "decode_unknown" if unknown else "decode")


class _Method:
    def __init__(self, owner: Any, name: str) -> None:
        self.owner = owner
        self.name = name


def _call(e: Emitter, convert: Any, value: str) -> str:
    if isinstance(convert, _Method):
        return f"{e.bind(convert.owner)}.{convert.name}({value})"
    return f"{e.bind(convert)}[{value}]" if isinstance(convert, dict) else f"{e.bind(convert)}({value})"


def convert_one(convert: Any, value: Any) -> Any:
    """What a converter makes of a value."""
    if convert is None:
        return value
    if isinstance(convert, _Method):
        return getattr(convert.owner, convert.name)(value)
    return convert[value] if isinstance(convert, dict) else convert(value)


def _case_decoder(codec: Codec, field: Field, case: type, unknown: bool) -> Callable[[Any], Any]:
    e = Emitter("def decode(m):")
    convert = converter(codec, field, unknown=unknown)
    source = _attribute("m", field.name)
    e.line(1, f"return {e.bind(case)}({source if convert is None else _call(e, convert, source)})")
    return e.function(f"decode {codec.name}.{field.name}")
