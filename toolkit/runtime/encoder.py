"""A message → bytes, by a function written for its class."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from toolkit.runtime import longlists, wire
from toolkit.runtime.emit import Emitter
from toolkit.runtime.jsonvalues import ZEROS
from toolkit.runtime.messagetype import Field, MessageType
from toolkit.runtime.wellknown import WELL_KNOWN

WHOLE = "encode"
"""The method of a codec that wants required fields to be set; ``encode_partial`` does not."""
_SMALL = ("int32", "int64", "uint32", "uint64", "enum")
_INLINED = 4
"""A message with as many fields, none repeated, is written where it is held, without a call."""
_DEEPEST = 3
_MOST = 100
"""Fields in one function, before messages in it are called for again."""


def build(type_: MessageType, method: str = WHOLE) -> Callable[[Any], bytes]:
    """The encoder of a class; it raises whatever a wrong value causes, and the caller finds out where."""
    w = _Writer("def encode(m):", [type_], method)
    w.has_list = type_.is_extendable or any(not field.single for field in type_.fields)
    if w.has_list:
        w.line(1, "out = []")
        w.line(1, "a = out.append")
    if type_.is_extendable:
        w.line(1, f"if m._extensions: {w.bind(_extensions(type_, method))}(m, a)")
    w.fields(type_, "m", 1)
    w.parts.append("m._unknown")
    w.flush()
    if w.has_list:
        w.line(1, f"return {w.bind(b''.join)}(out)")
    else:
        w.line(1, f"return {w.joined(w.parts)}")
    return w.function(f"{method} {type_.name}")


def _case_encoder(type_: MessageType, field: Field, around: list[MessageType], method: str) -> Callable[[Any], bytes]:
    w = _Writer("def encode(v):", around, method)
    w.value(type_, field, 1)
    w.line(1, f"return {w.joined(w.parts)}")
    return w.function(f"{method} {type_.name}.{field.name}")


def _extensions(type_: MessageType, method: str) -> Callable[..., None]:
    """Writes the extensions that are set."""
    encoder_of = type_.per_extension(partial(_extension, method=method))

    def encode(message: Any, append: Callable[[bytes], None]) -> None:
        for name, value in message._extensions.items():
            encoder_of(name)(append, value)

    return encode


def _extension(type_: MessageType, field: Field, method: str) -> Callable[..., None]:
    """Writes an extension's value with ``append``."""
    w = _Writer("def encode(a, v):", [type_], method)
    w.field(type_, field, 1)
    w.line(1, f"a({w.joined(w.parts)})")
    return w.function(f"{method} {field.name}")


class _Writer(Emitter):
    """Writes the lines that leave each field's bytes in ``parts``: names of variables, in order.

    A field that is not set leaves nothing in them. What can be there more than
    once goes to the list ``out``, after the parts so far.
    """

    def __init__(self, head: str, around: list[MessageType], method: str) -> None:
        super().__init__(head)
        self.method = method
        """What writes the messages in this one, too: ``encode`` or ``encode_partial``."""
        self.around = around
        """The messages that are being written, from the outside in."""
        self.parts: list[str] = []
        self.has_list = False
        self._count = 0
        self._seen = 0

    def fresh(self) -> str:
        """The name of a new variable."""
        self._count += 1
        return f"p{self._count}"

    def joined(self, parts: list[str]) -> str:
        """An expression for all of the parts."""
        if len(parts) < 3:
            return " + ".join(parts) or "b''"
        return f"{self.bind(b''.join)}(({', '.join(parts)}))"

    def flush(self) -> None:
        """Move the parts to the list, where there is one."""
        if self.has_list and self.parts:
            self.line(1, f"out += ({', '.join(self.parts)},)")
            self.parts.clear()

    def fields(self, type_: MessageType, owner: str, depth: int) -> None:
        """Write the fields of the message ``owner``."""
        written: set[str] = set()
        self._seen += len(type_.fields)
        for field in type_.fields:
            if not field.oneof:
                self.line(depth, f"v = {owner}.{field.attribute}")
                self.field(type_, field, depth)
            elif field.oneof not in written:
                written.add(field.oneof)
                self.oneof(type_, field.oneof, owner, depth)

    def oneof(self, type_: MessageType, name: str, owner: str, depth: int) -> None:
        """Write whichever case a oneof holds."""
        attribute, cases = type_.oneofs[name]
        around = self.around if self.around[-1] is type_ else [*self.around, type_]
        members = [field for field in type_.fields if field.oneof == name]
        table = {cases[field.name]: _case_encoder(type_, field, around, self.method) for field in members}
        p = self.fresh()
        self.line(depth, f"v = {owner}.{attribute}")
        self.line(depth, f"{p} = b'' if v is None else {self.bind(table)}[v.__class__](v.value)")
        self.parts.append(p)

    def field(self, type_: MessageType, field: Field, depth: int) -> None:
        """Write the field whose value is ``v``."""
        if field.key:
            self.flush()
            self.line(depth, f"if v.__class__ is not dict: v = {self.bind(_as_map)}(v)")
            self.line(depth, "for k, x in v.items():")
            self.entry(type_, field, depth + 1)
        elif field.packed:
            self.line(depth, f"if v.__class__ is not list: v = {self.bind(_as_list)}(v)")
            self.packed(type_, field, depth)
        elif field.repeated:
            self.elements(type_, field, depth)
        elif field.presence:
            self.line(depth, "if v is not None:")
            new = self.value(type_, field, depth + 1)
            absent = "raise LookupError" if field.required and self.method == WHOLE else f"{' = '.join(new)} = b''"
            self.line(depth, f"else: {absent}")
        elif field.kind == "bool":
            p = self.fresh()
            true = self.bind(wire.tag(field.number, 0) + b"\x01")
            self.line(depth, f"if v is True: {p} = {true}")
            self.line(depth, f"elif v is False: {p} = b''")
            self.line(depth, "else: raise TypeError")
            self.parts.append(p)
        else:
            zero = f" or {self.bind(wire.negative_zero)}(v)" if field.kind in ("float", "double") else ""
            self.line(depth, f"if v{zero}:")
            new = self.value(type_, field, depth + 1)
            self.line(depth, f"elif v == {ZEROS.get(field.kind, '0')}: {' = '.join(new)} = b''")
            self.line(depth, "else: raise TypeError")

    def elements(self, type_: MessageType, field: Field, depth: int) -> None:
        """Write the elements of the list ``v``, each with a tag."""
        self.flush()
        self.line(depth, f"if v.__class__ is not list: v = {self.bind(_as_list)}(v)")
        fast = longlists.whole(type_, field) if self.has_list else None
        if fast is not None:
            is_long = f"len(v) >= {longlists.LONG}"
            self.line(depth, f"if {is_long} and (b := {self.bind(fast)}(v)) is not None: a(b); v = ()")
        self.line(depth, "for v in v:")
        before = len(self.parts)
        self.value(type_, field, depth + 1)
        new = self.parts[before:]
        del self.parts[before:]
        if len(new) == 1:
            self.line(depth + 1, f"a({new[0]})")
        else:
            self.line(depth + 1, f"out += ({', '.join(new)})" if self.has_list else f"a({self.joined(new)})")

    def value(self, type_: MessageType, field: Field, depth: int) -> list[str]:
        """Put the tag and value of ``v`` into new parts, which are returned."""
        kind = field.kind
        before = len(self.parts)
        if kind == "group":
            c = self.class_check(type_, field, depth)
            p = self.fresh()
            start, end = (self.bind(wire.tag(field.number, wire_type)) for wire_type in (3, 4))
            self.line(depth, f"{p} = {start} + {c}.{self.method}(v) + {end}")
            self.parts.append(p)
        elif kind == "message":
            self.behind_length(field, self.message(type_, field, depth), depth)
        elif kind == "string":
            self.behind_length(field, f"{self.bind(wire.loose)}(v)" if field.loose else "v.encode()", depth)
        elif kind == "bytes":
            self.behind_length(field, f"v if v.__class__ is bytes else {self.bind(_as_bytes)}(v)", depth)
        else:
            p = self.fresh()
            self.number(field, p, depth)
            self.parts.append(p)
        return self.parts[before:]

    def behind_length(self, field: Field, content: str, depth: int) -> None:
        """Two parts: the tag and the length, and the content."""
        p, b = self.fresh(), self.fresh()
        tag = wire.tag(field.number, 2)
        self.line(depth, f"{b} = {content}")
        self.line(depth, f"n = len({b})")
        short = f"{self.bind(wire.with_byte(tag))}[n] if n < 128"
        self.line(depth, f"{p} = {short} else {self.bind(tag)} + {self.bind(wire.varint)}(n)")
        self.parts += p, b

    def number(self, field: Field, p: str, depth: int) -> None:
        """``p`` = the tag and value of a field of fixed size or a varint."""
        kind = field.kind
        wire_type, payload = wire.SCALARS[kind]
        tag = wire.tag(field.number, wire_type)
        slow = f"{self.bind(tag)} + {self.bind(payload)}(v)"
        if kind in _SMALL:
            self.line(depth, f"if 0 <= v < 128: {p} = {self.bind(wire.with_byte(tag))}[v]")
            if kind.endswith("64"):
                halves, pack = self.bind(wire.HALVES), self.bind(wire.five(tag))
                value = f"{pack}({self.bind(tag)}, {halves}[v & 16383], {halves}[v >> 14 & 16383], v >> 28)"
                self.line(depth, f"elif 0x10000000 <= v < 0x800000000: {p} = {value}")
            self.line(depth, f"else: {p} = {slow}")
        else:
            self.line(depth, f"{p} = {slow}")

    def packed(self, type_: MessageType, field: Field, depth: int) -> None:
        """Numbers without a tag for each."""
        p, b = self.fresh(), self.fresh()
        self.parts += p, b
        sized = longlists.sized(field)
        fast = longlists.whole(type_, field) if self.has_list else None
        if fast is not None:
            self.line(depth, f"{p}, {b} = {self.bind(fast)}(v) if len(v) >= {longlists.LONG} else None, b''")
            self.line(depth, f"if {p} is not None: pass")
        payload = self.bind(wire.SCALARS[field.kind][1])
        one = f"{payload}(x)"
        if field.kind in _SMALL:
            one = f"{self.bind(wire.ONE)}[x] if 0 <= x < 128 else {one}"
        every = f"{self.bind(sized)}(v)" if sized else f"{self.bind(b''.join)}([{one} for x in v])"
        self.line(depth, "if v:" if fast is None else "elif v:")
        self.line(depth + 1, f"{b} = {every}")
        self.line(depth + 1, f"{p} = {self.bind(wire.tag(field.number, 2))} + {self.bind(wire.varint)}(len({b}))")
        self.line(depth, f"else: {p} = {b} = b''")

    def message(self, type_: MessageType, field: Field, depth: int) -> str:
        """An expression for the fields of the message ``v``; a small one's are written here."""
        known = WELL_KNOWN.get(field.type_name)
        if known is not None:
            return f"{self.bind(known.encode)}(v)"
        c = self.class_check(type_, field, depth)
        inner = type_.child(field.type_name)
        if field.repeated or field.type_name == "google.protobuf.Any" or not self.is_small(inner):
            return f"{c}.{self.method}(v)"
        owner, outer = self.fresh(), self.parts
        self.parts = []
        self.line(depth, f"{owner} = v")
        self.around = [*self.around, inner]
        self.fields(inner, owner, depth)
        self.around = self.around[:-1]
        inside, self.parts = self.parts, outer
        return self.joined([*inside, f"{owner}._unknown"])

    def is_small(self, type_: MessageType) -> bool:
        """Whether a message is written where it is held."""
        return (
            not type_.is_extendable
            and len(type_.fields) <= _INLINED
            and len(self.around) <= _DEEPEST
            and self._seen < _MOST
            and type_ not in self.around
            and all(field.single and field.kind != "group" for field in type_.fields)
        )

    def class_check(self, type_: MessageType, field: Field, depth: int) -> str:
        """Refuse anything but a message of the type; the name of its codec."""
        child = self.bind(type_.message(field.type_name))
        self.line(depth, f"if v.__class__ is not {child} and not isinstance(v, {child}): raise TypeError")
        return self.bind(type_.child(field.type_name))

    def entry(self, type_: MessageType, field: Field, depth: int) -> None:
        """Append the entry of a map: ``k`` and ``x``."""
        tag = wire.tag(field.number, 2)
        if field.key == field.kind == "string" and not field.loose:
            key, value, entry = (self.bind(wire.with_byte(t)) for t in (b"\x0a", b"\x12", tag))
            self.line(depth, "k = k.encode(); x = x.encode(); n = len(k); l = len(x)")
            self.line(depth, f"if n + l < 124: a({entry}[n + l + 4] + {key}[n] + k + {value}[l] + x); continue")
            self.line(depth, f"b = b'\\x0a' + {self.bind(wire.data)}(k) + b'\\x12' + {self.bind(wire.data)}(x)")
        else:
            key_type, key_payload = wire.SCALARS[field.key]
            wire_type, payload = _payload(type_, field, self.method)
            k, x = self.bind(wire.tag(1, key_type)), self.bind(wire.tag(2, wire_type))
            self.line(depth, f"b = {k} + {self.bind(key_payload)}(k) + {x} + {self.bind(payload)}(x)")
        self.line(depth, f"a({self.bind(tag)} + {self.bind(wire.varint)}(len(b)))")
        self.line(depth, "a(b)")


def _payload(type_: MessageType, field: Field, method: str) -> tuple[int, Callable[[Any], bytes]]:
    if field.loose:
        return 2, _loose
    if field.kind != "message":
        wire_type, payload = wire.SCALARS[field.kind]
        return wire_type, payload
    known = WELL_KNOWN.get(field.type_name)
    if known is not None:
        encode = known.encode
        return 2, lambda value: wire.data(encode(value))
    child, codec = type_.message(field.type_name), type_.child(field.type_name)

    def message(value: Any) -> bytes:
        if not isinstance(value, child):
            raise TypeError
        return wire.data(getattr(codec, method)(value))

    return 2, message


def _loose(value: str) -> bytes:
    return wire.data(wire.loose(value))


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
