"""Field masks: lists of paths of fields, as ``google.protobuf.FieldMask`` has them.

A path is the name of a field in the .proto file, or, behind the name of a field
with a message and a dot, a path in that message: ``storage.class``. Only its last
field may be a list or a map. ValueError names the first path that is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, TypeVar

from toolkit.runtime.errors import EncodeError
from toolkit.runtime.wellknown import WELL_KNOWN

if TYPE_CHECKING:
    from toolkit.runtime.message import Message

M = TypeVar("M", bound="Message")
ANY = "google.protobuf.Any"


def check_paths(cls: type[Message], paths: Iterable[str]) -> None:
    """Raise ValueError for a path that a message of this class does not have."""
    if isinstance(paths, str):
        raise ValueError("expected a list of paths, got one string")
    for path in paths:
        _resolve(cls, path)


def set_paths(message: Message, *, nested: bool = False) -> list[str]:
    """The fields that are set, in the order of their numbers: a mask to update them.

    A field without presence is set if it is not zero. With ``nested``, a message
    that contains set fields is replaced by their paths; EncodeError if it contains itself.
    """
    return _listed(type(message), _set(message, nested))


def diff_paths(old: M, new: M) -> list[str]:
    """The fields in which two messages differ; of a message that both have, the fields in it.

    EncodeError if one contains itself.
    """
    if type(old) is not type(new):
        raise TypeError(f"expected two messages of one class, got {type(old).__name__} and {type(new).__name__}")
    return _listed(type(old), _different(old, new))


def apply_mask(message: M, paths: Iterable[str]) -> M:
    """A copy that only has the fields of a mask."""
    made = type(message)()
    merge_mask(made, message, paths)
    return made


def merge_mask(target: M, source: M, paths: Iterable[str]) -> None:
    """Make the fields of a mask in a message what they are in another one; what is not set there is cleared.

    Values are copied, and lists, maps and messages are replaced.
    """
    from copy import deepcopy

    paths = list(paths) if not isinstance(paths, str) else paths
    check_paths(type(target), paths)
    for path in paths:
        to: Any = target
        value: Any = source
        *way, last = path.split(".")
        for name in way:
            value = None if value is None else _get(value, name)
            inner = _get(to, name)
            if inner is None:
                if value is None:
                    break
                inner = type(value)()
                _put(to, name, inner)
            to = inner
        else:
            _put(to, last, None if value is None else deepcopy(_get(value, last)))


def _listed(cls: type[Message], paths: Iterator[str]) -> list[str]:
    """The paths; such a message has no bytes either, and is refused with the same words."""
    try:
        return list(paths)
    except RecursionError:
        raise EncodeError(f"{cls.__proto__[1]}: the message is nested too deeply, or contains itself") from None


def _resolve(cls: type[Message], path: str) -> None:
    where: Any = cls
    names = path.split(".")
    for position, name in enumerate(names):
        field = next((field for field in where.__codec__.fields if field.name == name), None)
        if field is None:
            raise ValueError(f"the path {path!r} is wrong: {where.__proto__[1]} has no field {name!r}")
        if position == len(names) - 1:
            return
        if not field.single or field.kind not in ("message", "group") or field.type_name in WELL_KNOWN:
            raise ValueError(f"the path {path!r} is wrong: {where.__proto__[1]}.{name} is not a single message")
        where = where.__proto__[0].message(field.type_name)


def _field(message: Any, name: str) -> Any:
    return next(field for field in type(message).__codec__.fields if field.name == name)


def _get(message: Any, name: str) -> Any:
    """The value of a field; None if it is unset, and for a member of a oneof if that has another one."""
    field = _field(message, name)
    if not field.oneof:
        return getattr(message, field.attribute)
    attribute, cases = type(message).__codec__.oneofs[field.oneof]
    case = getattr(message, attribute)
    return case.value if type(case) is cases[name] else None


def _put(message: Any, name: str, value: Any) -> None:
    """Set a field; None clears it."""
    field = _field(message, name)
    if not field.oneof:
        setattr(message, field.attribute, getattr(type(message)(), field.attribute) if value is None else value)
        return
    attribute, cases = type(message).__codec__.oneofs[field.oneof]
    if value is not None:
        setattr(message, attribute, cases[name](value))
    elif type(getattr(message, attribute)) is cases[name]:
        setattr(message, attribute, None)


def _is_set(field: Any, value: Any) -> bool:
    if field.presence or field.oneof:
        return value is not None
    return bool(value) or (isinstance(value, float) and str(value) == "-0.0")


def _is_message(field: Any, value: Any) -> bool:
    return field.single and field.type_name != ANY and hasattr(type(value), "__codec__")


def _set(message: Any, nested: bool) -> Iterator[str]:
    for field in type(message).__codec__.fields:
        value = _get(message, field.name)
        if not _is_set(field, value):
            continue
        inner = list(_set(value, True)) if nested and _is_message(field, value) else []
        yield from (f"{field.name}.{path}" for path in inner)
        if not inner:
            yield field.name


def _different(old: Any, new: Any) -> Iterator[str]:
    for field in type(old).__codec__.fields:
        before, after = _get(old, field.name), _get(new, field.name)
        if before == after and type(before) is type(after):
            continue
        if before is not None and after is not None and _is_message(field, before) and type(before) is type(after):
            inner = list(_different(before, after))
            yield from (f"{field.name}.{path}" for path in inner)
            if inner:
                continue
        yield field.name
