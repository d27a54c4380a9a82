"""ProtoJSON's dictionaries → a message, by a function written for its class."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from toolkit.runtime.emit import Emitter
from toolkit.runtime.jsonvalues import FITS, FROM_JSON, ZEROS, as_list, key_from_json
from toolkit.runtime.messagetype import Field, MessageType
from toolkit.runtime.wellknown import WELL_KNOWN

_MISSING = object()
_SKIP = object()
"""An enum value whose name is not known, where unknown things are ignored."""


def build(type_: MessageType) -> Callable[[Any, bool], Any]:
    """The function; its second argument is whether to ignore what is unknown."""
    e = Emitter("def from_dict(d, ignore):")
    missing = e.bind(_MISSING)
    e.line(1, f"if d.__class__ is not dict: d = {e.bind(_as_object)}(d)")
    e.line(1, f"o = {e.bind(object.__new__)}({e.bind(type_.cls)})")
    e.line(1, "n = len(d)")
    e.line(1, "get = d.get")
    for field in type_.fields:
        if field.oneof:
            continue
        target = f"o.{field.attribute}"
        e.line(1, f"v = get({field.json_name!r}, {missing})")
        e.line(1, f"if v is {missing}: {target} = {_empty(e, type_, field)}")
        e.line(1, "else:")
        e.line(2, "n -= 1")
        _emit_present(e, type_, field, target)
    for name, (attribute, cases) in type_.oneofs.items():
        e.line(1, f"o.{attribute} = None")
        for field in type_.fields:
            if field.oneof == name:
                _emit_member(e, type_, field, attribute, cases[field.name], missing)
    if type_.is_extendable:
        e.line(1, "o._extensions = {}")
    e.line(1, f"if n: o = {e.bind(_Leftovers(type_))}(d, ignore, o)")
    e.line(1, "o._unknown = b''")
    e.line(1, "return o")
    return e.function(f"from_dict {type_.name}")


def _empty(e: Emitter, type_: MessageType, field: Field) -> str:
    if field.key:
        return "{}"
    if field.repeated:
        return "[]"
    if field.presence:
        return "None"
    if field.kind == "enum":
        return f"{e.bind(type_.enum(field.type_name).__members_by_number__)}[0]"
    return ZEROS.get(field.kind, "0")


def _null_is_value(field: Field) -> bool:
    known = WELL_KNOWN.get(field.type_name)
    return field.type_name == "google.protobuf.NullValue" or (known is not None and known.null_is_value)


def _emit_present(e: Emitter, type_: MessageType, field: Field, target: str) -> None:
    empty = _empty(e, type_, field)
    if field.single:
        slow = _expression(e, type_, field, "v")
        fast = _fast(field)
        if fast:
            e.line(2, f"if {fast}: {target} = v")
            e.line(2, f"elif v is None: {target} = {empty}")
            e.line(2, f"else: {target} = {slow}")
        elif _null_is_value(field):
            e.line(2, f"{target} = {slow}")
        elif field.kind == "enum":
            members = e.bind(type_.enum(field.type_name).__members_by_name__)
            e.line(2, f"x = {members}.get(v) if v.__class__ is str else None")
            e.line(2, "if x is None:")
            e.line(3, f"x = {empty} if v is None else {slow}")
            e.line(3, f"if x is {e.bind(_SKIP)}: x = {empty}")
            e.line(2, f"{target} = x")
        else:
            e.line(2, f"{target} = {empty} if v is None else {slow}")
        return
    e.line(2, f"if v is None: v = {empty}")
    value = _element(e, type_, field, "x")
    if field.kind == "enum":  # a name that is not known may have to be left out
        value, more = "y", f" for y in ({value},) if y is not {e.bind(_SKIP)}"
    else:
        more = ""
    if field.key:
        key = "k" if field.key == "string" else f"{e.bind(key_from_json(field.key))}(k)"
        e.line(2, f"if v.__class__ is not dict: v = {e.bind(_as_object)}(v)")
        e.line(2, f"if v: {e.bind(''.join)}(v)")  # keys are strings
        e.line(2, f"{target} = {{{key}: {value} for k, x in v.items(){more}}}")
        if field.key != "string":
            e.line(2, f"if len({target}) != len(v): {e.bind(_check_keys)}(v, {e.bind(key_from_json(field.key))})")
    else:
        e.line(2, f"if v.__class__ is not list: v = {e.bind(as_list)}(v)")
        e.line(2, f"{target} = [{value} for x in v{more}]")


def _fast(field: Field) -> str:
    if field.kind == "string":
        return "v.__class__ is str"
    if field.kind == "bool":
        return "v is True or v is False"
    if field.kind in ("int32", "uint32"):
        return f"v.__class__ is int and {FITS[field.kind]}"
    return ""


def _element(e: Emitter, type_: MessageType, field: Field, value: str) -> str:
    expression = _expression(e, type_, field, value)
    if field.kind == "string":
        return f"({value} if {value}.__class__ is str else {expression})"
    return expression if _null_is_value(field) else f"({expression} if {value} is not None else {e.bind(_no_null)}())"


def _expression(e: Emitter, type_: MessageType, field: Field, value: str) -> str:
    if field.kind == "enum":
        return f"{e.bind(_enum_from_json(type_, field))}({value}, ignore)"
    if field.kind not in ("message", "group"):
        return f"{e.bind(FROM_JSON[field.kind])}({value})"
    known = WELL_KNOWN.get(field.type_name)
    if known is not None:
        return f"{e.bind(known.from_json)}({value})"
    return f"{e.bind(type_.child(field.type_name))}.from_dict({value}, ignore)"


def _enum_from_json(type_: MessageType, field: Field) -> Callable[[Any, bool], Any]:
    """A name or a number as a value of the enum."""
    enum = type_.enum(field.type_name)
    members, numbers = enum.__members_by_name__, enum.__members_by_number__
    integer = FROM_JSON["int32"]
    is_null = field.type_name == "google.protobuf.NullValue"

    def from_json(value: Any, ignore: bool) -> Any:
        if value.__class__ is str:
            member = members.get(value)
            if member is not None:
                return member
            if ignore:
                return _SKIP
            raise ValueError(f"{value!r} is not a value of {field.type_name}")
        if value is None and is_null:
            return numbers[0]
        number = integer(value)
        if field.closed and number not in numbers:
            raise ValueError(f"{number} is not a value of {field.type_name}, a closed enum")
        return numbers[number]

    return from_json


def _emit_member(e: Emitter, type_: MessageType, field: Field, attribute: str, case: type, missing: str) -> None:
    e.line(1, f"v = get({field.json_name!r}, {missing})")
    e.line(1, f"if v is not {missing}:")
    e.line(2, "n -= 1")
    depth = 2
    if not _null_is_value(field):
        e.line(2, "if v is not None:")
        depth = 3
    value = _expression(e, type_, field, "v")
    e.line(depth, f"if o.{attribute} is not None: {e.bind(_two_members)}({field.json_name!r})")
    if field.kind == "enum":
        e.line(depth, f"v = {value}")
        e.line(depth, f"if v is not {e.bind(_SKIP)}: o.{attribute} = {e.bind(case)}(v)")
    else:
        e.line(depth, f"o.{attribute} = {e.bind(case)}({value})")


class _Leftovers:
    """Keys that are not JSON names: names of the .proto file, extensions, unknown ones."""

    def __init__(self, type_: MessageType) -> None:
        self._type = type_
        self._reader_of = type_.per_extension(_extension)
        self._known = {field.json_name for field in type_.fields}
        self._renamed = {field.name: field.json_name for field in type_.fields if field.name not in self._known}

    def __call__(self, content: Mapping[str, Any], ignore: bool, made: Any) -> Any:
        found: dict[str, Any] = {}
        extensions: dict[str, Any] = {}
        for key, value in content.items():
            if not isinstance(key, str):
                raise ValueError(f"expected a string as key, got {_shown(key)}")
            name = self._renamed.get(key, key)
            if name in self._known:
                if name in found:
                    raise ValueError(f"duplicate field {name!r}")
                found[name] = value
            elif key.startswith("[") and key.endswith("]") and self._type.is_extendable:
                extensions[key[1:-1]] = value
            elif not ignore:
                raise ValueError(f"{self._type.name} has no field {key!r}")
        if len(found) != len(content) or any(key not in content for key in found):
            made = self._type.from_dict(found, ignore)
        if extensions:
            made._extensions = dict(self._read(extensions, ignore))
        return made

    def _read(self, extensions: Mapping[str, Any], ignore: bool) -> Iterator[tuple[str, Any]]:
        for name, value in extensions.items():
            try:
                read = self._reader_of(name)
            except KeyError:
                if ignore:
                    continue
                raise ValueError(f"{self._type.name} has no extension {name!r}") from None
            if value is not None and (made := read(value, ignore)) is not _SKIP:
                yield name, made


def _as_object(value: Any) -> dict[str, Any]:
    if isinstance(value, Mapping):
        return dict(value)
    raise ValueError(f"{_shown(value)} is not an object")


def _no_null() -> None:
    raise ValueError("null is not allowed in an array")


def _two_members(name: str) -> None:
    raise ValueError(f"{name!r} is the second member of its oneof")


def _check_keys(content: Mapping[str, Any], convert: Callable[[str], Any]) -> None:
    if len({convert(key) for key in content}) != len(content):
        raise ValueError("duplicate key")


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) < 60 else f"{text[:60]}…"


def _extension(type_: MessageType, field: Field) -> Callable[[Any, bool], Any]:
    """An extension's value from JSON."""
    e = Emitter("def from_dict(v, ignore):")
    if field.repeated:
        e.line(1, f"if v.__class__ is not list: v = {e.bind(as_list)}(v)")
        value = _element(e, type_, field, "x")
        e.line(1, f"return [y for x in v for y in ({value},) if y is not {e.bind(_SKIP)}]")
    else:
        e.line(1, f"return {_expression(e, type_, field, 'v')}")
    return e.function(f"from_dict {field.name}")
