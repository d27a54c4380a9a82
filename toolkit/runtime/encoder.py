"""A message → bytes, by a function written for its class."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from toolkit.runtime import wire
from toolkit.runtime.emit import Emitter
from toolkit.runtime.fields import Field
from toolkit.runtime.wellknown import WELL_KNOWN

if TYPE_CHECKING:
    from toolkit.runtime.codec import Codec

_HIGHEST = {"uint32": 0xFFFFFFFF, "int64": 0x7FFFFFFFFFFFFFFF, "uint64": 0xFFFFFFFFFFFFFFFF}
_DEFAULTS = {"string": '""', "bytes": 'b""', "bool": "False"}


def build(codec: Codec) -> Callable[[Any], bytes]:
    """The encoder of a class; it raises whatever a wrong value causes, and the caller finds out where."""
    e = Emitter("def encode(m):")
    join = e.bind(b"".join)
    e.line(1, "out = []")
    e.line(1, "a = out.append")
    if codec.is_extendable:
        e.line(1, f"if m._extensions: {e.bind(codec.encode_extensions)}(m, a)")
    written: set[str] = set()
    for field in codec.fields:
        if not field.oneof:
            e.line(1, f"v = m.{field.attribute}")
            _emit_field(e, codec, field)
        elif field.oneof not in written:
            written.add(field.oneof)
            attribute, cases = codec.oneofs[field.oneof]
            table = {
                case: _case_encoder(codec, member)
                for member in codec.fields
                if member.oneof == field.oneof
                for case in [cases[member.name]]
            }
            e.line(1, f"v = m.{attribute}")
            e.line(1, f"if v is not None: {e.bind(table)}[v.__class__](a, v.value)")
    e.line(1, "if m._unknown: a(m._unknown)")
    e.line(1, f"return {join}(out)")
    return e.function(f"encode {codec.name}")


def _case_encoder(codec: Codec, field: Field) -> Callable[..., None]:
    e = Emitter("def encode(a, v):")
    _emit_value(e, codec, field, 1)
    return e.function(f"encode {codec.name}.{field.name}")


def extension_encoder(codec: Codec, field: Field) -> Callable[..., None]:
    """Writes an extension's value with ``append``."""
    e = Emitter("def encode(a, v):")
    _emit_field(e, codec, field)
    return e.function(f"encode {field.name}")


def _emit_field(e: Emitter, codec: Codec, field: Field) -> None:
    if field.key:
        e.line(1, f"if v.__class__ is not dict: v = {e.bind(_as_map)}(v)")
        e.line(1, "for k, x in v.items():")
        _emit_entry(e, codec, field)
    elif field.repeated:
        e.line(1, f"if v.__class__ is not list: v = {e.bind(_as_list)}(v)")
        if field.packed:
            t, join = e.bind(wire.tag(field.number, 2)), e.bind(b"".join)
            e.line(1, "if v:")
            e.line(2, f"b = {join}([{e.bind(wire.SCALARS[field.kind][1])}(x) for x in v])")
            e.line(2, f"a({t} + {e.bind(wire.varint)}(len(b)))")
            e.line(2, "a(b)")
        else:
            e.line(1, "for v in v:")
            _emit_value(e, codec, field, 2)
    elif field.presence:
        e.line(1, "if v is not None:")
        _emit_value(e, codec, field, 2)
        if field.required:
            e.line(1, "else: raise LookupError")
    else:
        zero = f" or {e.bind(wire.negative_zero)}(v)" if field.kind in ("float", "double") else ""
        e.line(1, f"if v{zero}:")
        _emit_value(e, codec, field, 2)
        e.line(1, f"elif v != {_DEFAULTS.get(field.kind, '0')}: raise TypeError")


def _emit_value(e: Emitter, codec: Codec, field: Field, depth: int) -> None:
    """Append the tag and value of ``v``."""
    kind = field.kind
    if kind == "group":
        c = _emit_class_check(e, codec, field, depth)
        e.line(depth, f"a({e.bind(wire.tag(field.number, 3))})")
        e.line(depth, f"a({c}.encode(v))")
        e.line(depth, f"a({e.bind(wire.tag(field.number, 4))})")
        return
    wire_type = 2 if kind == "message" else wire.SCALARS[kind][0]
    tag = wire.tag(field.number, wire_type)
    t = e.bind(tag)
    if wire_type == 2:
        if kind == "message":
            known = WELL_KNOWN.get(field.type_name)
            if known is not None:
                e.line(depth, f"b = {e.bind(known.encode)}(v)")
            else:
                c = _emit_class_check(e, codec, field, depth)
                e.line(depth, f"b = {c}.encode(v)")
        else:
            e.line(depth, "b = v.encode()" if kind == "string" else f"b = {e.bind(_as_bytes)}(v)")
        e.line(depth, "n = len(b)")
        e.line(depth, f"a({e.bind(wire.with_byte(tag))}[n] if n < 128 else {t} + {e.bind(wire.varint)}(n))")
        e.line(depth, "a(b)")
        return
    payload = e.bind(wire.SCALARS[kind][1])
    if kind in ("int32", "int64", "uint32", "uint64", "enum"):
        plain = f"{e.bind(wire.varint)}(v) if 0 < v <= {_HIGHEST.get(kind, 0x7FFFFFFF)} else {payload}(v)"
        e.line(depth, f"a({e.bind(wire.with_byte(tag))}[v] if 0 <= v < 128 else {t} + ({plain}))")
    else:
        e.line(depth, f"a({t} + {payload}(v))")


def _emit_class_check(e: Emitter, codec: Codec, field: Field, depth: int) -> str:
    child = codec.message(field.type_name)
    e.line(depth, f"if v.__class__ is not {e.bind(child)} and not isinstance(v, {e.bind(child)}): raise TypeError")
    return e.bind(codec.child(field.type_name))


def _emit_entry(e: Emitter, codec: Codec, field: Field) -> None:
    t, length = e.bind(wire.tag(field.number, 2)), e.bind(wire.varint)
    if field.key == field.kind == "string":
        key, value = e.bind(wire.with_byte(b"\x0a")), e.bind(wire.with_byte(b"\x12"))
        slow = e.bind(wire.string)
        e.line(2, "b = k.encode(); x = x.encode(); n = len(b); l = len(x)")
        e.line(2, f"if n < 128 and l < 128: b = {key}[n] + b + {value}[l] + x")
        e.line(2, f"else: b = b'\\x0a' + {slow}(b.decode()) + b'\\x12' + {slow}(x.decode())")
    else:
        key_type, key_payload = wire.SCALARS[field.key]
        wire_type, payload = _payload(codec, field)
        k, x = e.bind(wire.tag(1, key_type)), e.bind(wire.tag(2, wire_type))
        e.line(2, f"b = {k} + {e.bind(key_payload)}(k) + {x} + {e.bind(payload)}(x)")
    e.line(2, f"a({t} + {length}(len(b)))")
    e.line(2, "a(b)")


def _payload(codec: Codec, field: Field) -> tuple[int, Callable[[Any], bytes]]:
    if field.kind != "message":
        wire_type, payload = wire.SCALARS[field.kind]
        return wire_type, payload
    known = WELL_KNOWN.get(field.type_name)
    if known is not None:
        encode = known.encode
        return 2, lambda value: wire.data(encode(value))
    child, child_codec = codec.message(field.type_name), codec.child(field.type_name)

    def message(value: Any) -> bytes:
        if not isinstance(value, child):
            raise TypeError
        return wire.data(child_codec.encode(value))

    return 2, message


def _as_list(value: Any) -> list[Any]:
    if isinstance(value, (str, bytes, Mapping)) or value is None or iter(value) is value:
        raise TypeError  # what can be read only once would be lost
    return list(value)


def _as_map(value: Any) -> dict[Any, Any]:
    if not isinstance(value, Mapping):
        raise TypeError
    return dict(value)


def _as_bytes(value: Any) -> bytes:
    return value if value.__class__ is bytes else bytes(memoryview(value))
