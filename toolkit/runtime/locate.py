"""Where in a message something went wrong: found only then, by trying each field alone."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from toolkit.runtime.errors import other_root
from toolkit.runtime.jsonvalues import RANGES
from toolkit.runtime.messagetype import Field, MessageType
from toolkit.runtime.wellknown import WELL_KNOWN
from toolkit.runtime.wire import SCALARS

_WANTED = {"string": "a str", "bytes": "bytes", "bool": "True or False", "float": "a number", "double": "a number"}
_ITEMS = {"string": "str", "bytes": "bytes", "bool": "bool", "float": "float", "double": "float"}


def in_message(type_: MessageType, message: Any, method: str, error: BaseException) -> str:
    """What is wrong with a message that ``method`` of its codec fails on: path and reason."""
    if not isinstance(message, type_.cls):
        wrong = other_root(type_.cls, message)
        return f"{_shown(message)} is not a valid {type_.name}" + (f" {wrong}" if wrong else "")
    path, owner = "", message
    for _ in range(100):
        found = _wrong_field(owner.__codec__, owner, method)
        if found is None:
            extension = _wrong_extension(owner.__codec__, owner, method)
            if extension:
                return f"{type_.name}{path}{extension}"
            break
        field, step, value, reason = found
        path += step
        if field is None:
            return f"{type_.name}{path}: {reason}"
        if field.key and isinstance(value, dict):
            for key in value:
                if not _fits(field.key, key):
                    return f"{type_.name}{path}: the key {_shown(key)} is not a valid {field.key}"
        inner = _wrong_item(owner.__codec__, field, value, method)
        many = inner is None and not field.single
        if inner is not None:
            step, value = inner
            path += step
        if many and (wrong := _wrong_many(field, value)):
            return f"{type_.name}{path}: {wrong}"
        if not _is_message(owner.__codec__, field, value, method):
            return f"{type_.name}{path}: {_reason(owner.__codec__, field, value, reason)}"
        owner = value
    if isinstance(error, RecursionError):
        return f"{type_.name}{path[:60]}: the message is nested too deeply, or contains itself"
    return f"{type_.name}{path}: {error or type(error).__name__}"


def _is_message(type_: MessageType, field: Field, value: Any, method: str) -> bool:
    """Whether to look into a value; JSON shows an Any as what is inside, which has said already where it is wrong."""
    if field.kind not in ("message", "group") or field.type_name in WELL_KNOWN:
        return False
    if field.type_name == "google.protobuf.Any" and not method.startswith("encode"):
        return False
    return isinstance(value, type_.message(field.type_name))


def _fits(kind: str, value: Any) -> bool:
    try:
        SCALARS[kind][1](value)
    except Exception:
        return False
    return True


def _wrong_field(
    type_: MessageType, message: Any, method: str
) -> tuple[Field | None, str, Any, BaseException | str] | None:
    """The first field that fails alone."""
    for field, attribute, value in _parts(type_, message):
        if field is not None and field.oneof and value is not None:
            value = getattr(value, "value", value)
        probe = type_.cls()
        try:
            setattr(probe, attribute, getattr(message, attribute))
        except AttributeError as error:
            return field, f".{attribute}", None, error
        if field is None:
            known = ", ".join(c.__name__ for c in type_.oneofs[attribute][1].values())
            return None, f".{attribute}", value, f"{_shown(value)} is not a case of this oneof: {known}"
        try:
            _complete(type_, probe, field)
            getattr(type_, method)(probe)
        except Exception as error:
            return field, f".{field.name}", value, error
    return None


def _wrong_extension(type_: MessageType, message: Any, method: str) -> str:
    """The first extension that fails alone, as a step of a path, and why."""
    for name, value in (getattr(message, "_extensions", None) or {}).items():
        probe: Any = type_.cls()
        probe._extensions[name] = value
        try:
            _complete(type_, probe, None)
            getattr(type_, method)(probe)
        except Exception as error:
            try:
                field = type_.extension(name)
                reason = _wrong_many(field, value) or _reason(type_, field, value, error)
            except KeyError:
                reason = "no such extension"
            return f".[{name}]: {reason}"
    return ""


def _complete(type_: MessageType, probe: Any, wanted: Field | None) -> None:
    """Required fields other than the one tried get something, so that they are not what fails."""
    for field in type_.fields:
        if field.required and field is not wanted:
            _fill(type_, probe, field)


def _fill(type_: MessageType, message: Any, field: Field) -> None:
    """Set a required field to something."""
    blank: dict[str, Any] = {"string": "", "bytes": b"", "bool": False}
    if field.type_name in WELL_KNOWN:
        value: Any = WELL_KNOWN[field.type_name].decode(type_.root.official(field.type_name)())
    elif field.kind in ("message", "group"):
        value = type_.message(field.type_name)()
        _complete(value.__codec__, value, None)
    else:
        value = blank.get(field.kind, 0)
    setattr(message, field.attribute, value)


def _parts(type_: MessageType, message: Any) -> Iterator[tuple[Field | None, str, Any]]:
    for field in type_.fields:
        if not field.oneof:
            yield field, field.attribute, getattr(message, field.attribute, None)
    for name, (attribute, cases) in type_.oneofs.items():
        value = getattr(message, attribute, None)
        if value is None:
            continue
        member = next((f for f in type_.fields if f.oneof == name and type(value) is cases[f.name]), None)
        yield member, attribute, value


def _wrong_item(type_: MessageType, field: Field, value: Any, method: str) -> tuple[str, Any] | None:
    """The first element of a list, or value of a map, that fails alone."""
    items: list[tuple[str, Any, Any]]
    if field.key and isinstance(value, dict):
        items = [(f"[{key!r}]", {key: item}, item) for key, item in value.items()]
    elif field.repeated and isinstance(value, (list, tuple)):
        items = [(f"[{index}]", [item], item) for index, item in enumerate(value)]
    else:
        return None
    for step, alone, item in items:
        probe = type_.cls()
        setattr(probe, field.attribute, alone)
        try:
            _complete(type_, probe, field)
            getattr(type_, method)(probe)
        except Exception:
            return step, item
    return None


def _wrong_many(field: Field, value: Any) -> str:
    """Why a value is not a list or a dictionary, if the field is one; empty if it is."""
    if field.key:
        return "" if isinstance(value, Mapping) else f"expected a dict, got {_shown(value)}"
    if field.single or (isinstance(value, Collection) and not isinstance(value, (str, bytes, Mapping))):
        return ""
    item = _ITEMS.get(field.kind) or field.type_name or "int"
    return f"expected a list of {item}, got {_shown(value)}"


def _reason(type_: MessageType, field: Field, value: Any, error: BaseException | str) -> str:
    if isinstance(error, LookupError) and field.required and value is None:
        return "a required field is not set"
    if field.kind in RANGES:
        if isinstance(value, int):
            low, high = RANGES[field.kind]
            return f"{value} does not fit {field.kind} ({low} to {high})"
        return f"{_shown(value)} is not a valid {field.kind}: expected an int"
    if isinstance(error, UnicodeEncodeError):
        return f"{_shown(value)} contains half of a surrogate pair, which cannot be encoded"
    if field.kind in ("float", "double") and isinstance(error, OverflowError):
        return f"{_shown(value)} does not fit {field.kind}"
    if field.kind in _WANTED:
        return f"expected {_WANTED[field.kind]}, got {_shown(value)}"
    if field.kind == "enum":
        return f"{_shown(value)} is not a valid {field.type_name}: expected a value of it, or an int that fits int32"
    # What Python itself says of a wrong type is about the runtime, not about the value.
    text = "" if isinstance(error, AttributeError) or "not supported between" in str(error) else str(error)
    what = field.type_name or field.kind
    if field.kind in ("message", "group") and field.type_name not in WELL_KNOWN:
        text = other_root(type_.message(field.type_name), value) or text
    return f"{_shown(value)} is not a valid {what}" + (f": {text}" if text else "")


def in_json(type_: MessageType, content: Any, ignore: bool, error: Exception) -> str:
    """What is wrong with JSON: path and reason."""
    path = ""
    where: MessageType | None = type_
    while where is not None and isinstance(content, Mapping):
        step = _wrong_key(where, content, ignore)
        if step is None:
            break
        key, error = step
        path += f".{key}"
        field = next((f for f in where.fields if key in (f.json_name, f.name)), None)
        content = content[key]
        if field is None:
            break
        if isinstance(content, list) and field.repeated:
            wrong = _first_wrong(where, key, [(f"[{i}]", [item], item) for i, item in enumerate(content)], ignore)
        elif isinstance(content, Mapping) and field.key:
            wrong = _first_wrong(where, key, [(f"[{k!r}]", {k: item}, item) for k, item in content.items()], ignore)
        else:
            wrong = None
        if wrong is not None:
            text, content, error = wrong
            path += text
        nested = field.kind in ("message", "group") and field.type_name not in (*WELL_KNOWN, "google.protobuf.Any")
        where = where.message(field.type_name).__codec__ if nested else None
    return f"{type_.name}{path}: {'keys must be strings' if isinstance(error, TypeError) else error}"


def _wrong_key(type_: MessageType, content: Mapping[str, Any], ignore: bool) -> tuple[str, Exception] | None:
    for key, value in content.items():
        try:
            type_.from_dict({key: value}, ignore)
        except (ValueError, TypeError) as error:
            return key, error
    return None


def _first_wrong(
    type_: MessageType, key: str, items: list[tuple[str, Any, Any]], ignore: bool
) -> tuple[str, Any, Exception] | None:
    for text, alone, item in items:
        try:
            type_.from_dict({key: alone}, ignore)
        except (ValueError, TypeError) as error:
            return text, item, error
    return None


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) < 80 else f"{text[:80]}…"
