"""Fields and extensions that have the same number on both sides."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace

from toolkit.changes.common import comment_and_options
from toolkit.changes.constraints import constraint_changes
from toolkit.changes.expressions import expression_changes
from toolkit.changes.model import Change, Detail, Kind, changed, one_line
from toolkit.changes.pair import Pair, Side, entry_name, values_by_number
from toolkit.changes.types import kind_of, named, type_rules
from toolkit.descriptors.model import Cardinality, Field, Presence
from toolkit.descriptors.model import Kind as TypeKind
from toolkit.errors import SchemaError

_INT64 = frozenset(("int64", "uint64", "sint64", "fixed64", "sfixed64"))
_FLOATS = frozenset(("float", "double"))
_TEXTS = frozenset(("string", "bytes"))
_CARDINALITY: Mapping[object, str] = {
    Presence.EXPLICIT: "optional with explicit presence",
    Presence.IMPLICIT: "optional with implicit presence",
    Presence.REQUIRED: "required",
}
_OPTIONS = "google.protobuf.FieldOptions"
_CHECK_UTF8 = "google.protobuf.FileOptions.java_string_check_utf8"
_JAVA_RULE = "FIELD_SAME_JAVA_UTF8_VALIDATION"


def field_changes(pair: Pair, old: Field, new: Field) -> Iterator[Change]:
    """The changes of a field."""
    noun = "extension" if new.extendee else "field"
    package = pair.new.package_of(new)
    rename = old.full_name != new.full_name if new.extendee else old.name != new.name
    if rename:
        was = old.full_name if new.extendee else old.name
        rules = ["FIELD_SAME_NAME"]
        detail = Detail.of("", old.full_name, new.full_name)
        yield changed(Kind.RENAMED, noun, old, new, f"renamed from {was}", package=package, rules=rules, detail=detail)
    if old.type != new.type or old.key != new.key or old.delimited != new.delimited or (rename and old.key):
        yield from _type(pair, old, new, noun, package)
    if old.cardinality != new.cardinality or old.presence != new.presence:
        yield from _cardinality(old, new, noun, package)
    if old.json_name != new.json_name and not new.extendee:
        message = f"JSON name changed from {one_line(old.json_name)} to {one_line(new.json_name)}"
        rules, detail = ["FIELD_SAME_JSON_NAME"], Detail.of("", old.json_name, new.json_name)
        yield changed(Kind.JSON_NAME, noun, old, new, message, package=package, rules=rules, detail=detail)
    if old.oneof != new.oneof:
        message = _oneof(old.oneof, new.oneof)
        rules, detail = ["FIELD_SAME_ONEOF"], Detail.of("", old.oneof, new.oneof)
        yield changed(Kind.ONEOF, noun, old, new, message, package=package, rules=rules, detail=detail)
    if _may_differ(pair, old, new):
        yield from _default(pair, old, new, noun, package)
    if old.packed != new.packed and old.cardinality is new.cardinality and old.type == new.type:
        message = "now packed" if new.packed else "no longer packed"
        detail = Detail.of("packed", now="packed" if new.packed else "")
        yield changed(Kind.FEATURE, noun, old, new, message, package=package, detail=detail)
    yield from _features(pair, old, new, noun, package)
    yield from comment_and_options(pair, noun, old, new)
    if old.options != new.options:
        yield from constraint_changes(pair, noun, old, new)
        yield from expression_changes(pair, noun, old, new)


def renumbered_map_changes(pair: Pair, old: Field, new: Field) -> Iterator[Change]:
    """The changes of a map that has its name under another number: for buf the message of its entries is the same."""
    package = pair.new.package_of(new)
    yield from _type(pair, old, new, "field", package)
    yield from _features(pair, old, new, "field", package)


def _type(pair: Pair, old: Field, new: Field, noun: str, package: str) -> Iterator[Change]:
    if old.is_map and new.is_map and entry_name(old) == entry_name(new):
        pairs = [(old.key, new.key, "key"), (named(old), named(new), "value")]
        rules: list[str] = []
        if old.key != new.key:
            rules += type_rules(pair, (old.key, ""), (new.key, ""))
        if named(old) != named(new):
            rules += type_rules(pair, kind_of(old), kind_of(new))
        changes = [f"{what} from {was} to {now}" for was, now, what in pairs if was != now]
        if changes:
            message, detail = f"type changed: {', '.join(changes)}", Detail.of("", _written(old), _written(new))
            rules = list(dict.fromkeys(rules))
            yield changed(Kind.TYPE, noun, old, new, message, package=package, rules=rules, detail=detail)
        return
    # Where either is a map, its type is the message of its entries.
    was, now = (
        (("message", f"{each.parent}.{entry_name(each)}") if each.is_map else kind_of(each)) for each in (old, new)
    )
    if was != now:
        words = [_written(each) for each in (old, new)]
        is_same = words[0] == words[1]
        message = "the map's entry is renamed" if is_same else f"type changed from {words[0]} to {words[1]}"
        detail = Detail.of("entry", entry_name(old), entry_name(new)) if is_same else Detail.of("", *words)
        rules = type_rules(pair, was, now)
        yield changed(Kind.TYPE, noun, old, new, message, package=package, rules=rules, detail=detail)


def _written(each: Field) -> str:
    """The type of a field as people write it."""
    return f"map<{each.key}, {named(each)}>" if each.is_map else named(each) + " (delimited)" * each.delimited


def _cardinality(old: Field, new: Field, noun: str, package: str) -> Iterator[Change]:
    was, now = _count(old), _count(new)
    rules = ["FIELD_SAME_CARDINALITY"]
    groups = [
        tuple({"map": "repeated"}.get(each, each) for each in (was, now)),
        (was, now),
    ]
    for group, rule in zip(
        groups, ("FIELD_WIRE_COMPATIBLE_CARDINALITY", "FIELD_WIRE_JSON_COMPATIBLE_CARDINALITY"), strict=True
    ):
        before, after = ("optional" if each.startswith("optional") else each for each in group)
        if before != after:
            rules.append(rule)
    if now == "required" and not new.extendee:
        rules.append("MESSAGE_SAME_REQUIRED_FIELDS")
    kind = Kind.PRESENCE if old.cardinality is new.cardinality else Kind.CARDINALITY
    message, detail = f"{kind} changed from {was} to {now}", Detail.of("", was, now)
    yield changed(kind, noun, old, new, message, package=package, rules=rules, detail=detail)


def _count(each: Field) -> str:
    if each.cardinality is not Cardinality.SINGULAR:
        return each.cardinality.value
    return _CARDINALITY[each.presence]


def _oneof(old: str, new: str) -> str:
    if old and new:
        return f"moved from oneof {old} to oneof {new}"
    return f"moved into oneof {new}" if new else f"moved out of oneof {old}"


def _may_differ(pair: Pair, old: Field, new: Field) -> bool:
    """Whether the value of an unset field may be different: that of an enum may be without the field."""
    if old.default != new.default or old.type != new.type:
        return True
    is_enum = old.type.kind is TypeKind.ENUM and not old.presence is new.presence is Presence.IMPLICIT
    return is_enum and (pair.renumbered is None or old.type.name in pair.renumbered)


def _default(pair: Pair, old: Field, new: Field, noun: str, package: str) -> Iterator[Change]:
    was, now = _default_of(pair.old, old), _default_of(pair.new, new)
    if was is None or now is None or was == now or (not was and not now):
        if old.default != new.default:
            names = [one_line(each.default or "none") for each in (old, new)]
            message = f"default changed from {names[0]} to {names[1]}"
            detail = Detail.of("", old.default or "", new.default or "")
            yield changed(Kind.DEFAULT, noun, old, new, message, package=package, detail=detail)
        return
    if isinstance(was, float) and isinstance(now, float) and math.isnan(was) and math.isnan(now):
        return
    names = [one_line(_name_of(*each)) for each in ((pair.old, old, was), (pair.new, new, now))]
    message = f"default changed from {names[0] or 'nothing'} to {names[1] or 'nothing'}"
    rules, detail = ["FIELD_SAME_DEFAULT"], Detail.of("", *names)
    yield changed(Kind.DEFAULT, noun, old, new, message, package=package, rules=rules, detail=detail)


def _name_of(side: Side, each: Field, value: int | float | str) -> str:
    """The value of an unset field as people write it."""
    if each.type.kind is TypeKind.ENUM:
        enum = side.enum(each.type.name)
        names = values_by_number(enum).get(int(value), ()) if enum is not None else ()
        return f"{each.default or next(iter(names), '')} = {value}"
    return each.default if each.default is not None else str(value)


def _default_of(side: Side, each: Field) -> int | float | str | None:
    """The value of an unset field; None for a message, and where there may be several."""
    if each.type.kind is TypeKind.MESSAGE or each.cardinality is not Cardinality.SINGULAR:
        return None
    text, name = each.default, each.type.name
    if each.type.kind is TypeKind.ENUM:
        enum = side.enum(name)
        if enum is None or not enum.values:
            return None
        value = enum.values[0] if text is None else next((v for v in enum.values if v.name == text), enum.values[0])
        return value.number
    try:
        return _parsed(name, text or "")
    except ValueError:
        raise SchemaError(
            f"{each.full_name} has the default {text!r}, which is not a valid {name}", location=each.location
        ) from None


def _parsed(name: str, text: str) -> int | float | str:
    """A default as descriptors have it, as a value; ValueError for what no compiler writes."""
    if name == "bytes":
        return text.encode("latin-1", "replace").decode("unicode_escape").encode("latin-1").decode("utf-8", "replace")
    if name == "string":
        return text
    if name == "bool":
        return int(text == "true")
    if name in _FLOATS:
        return float(text or 0)
    return int(text or 0)


def _features(pair: Pair, old: Field, new: Field, noun: str, package: str) -> Iterator[Change]:
    """What languages make of a field, by its options, the file's, and the features of editions."""
    for what, was, now, rule in _languages(pair, old, new):
        if was != now:
            message = f"{what} changed from {was} to {now}"
            detail = Detail.of(what, str(was), str(now))
            change = changed(Kind.FEATURE, noun, old, new, message, package=package, rules=[rule], detail=detail)
            file = pair.new.files[new.location.file]
            by_file = rule == _JAVA_RULE and file.edition == "proto2"
            yield replace(change, at=file.locations.get(_CHECK_UTF8, change.at)) if by_file else change


def _languages(pair: Pair, old: Field, new: Field) -> Iterator[tuple[str, object, object, str]]:
    """What a language does with a field, what it was and is, and the rule about it."""
    if _in_both(old, new, _INT64):
        was, now = (each.options.get(f"{_OPTIONS}.jstype", "JS_NORMAL") for each in (old, new))
        yield "JavaScript type", was, now, "FIELD_SAME_JSTYPE"
    if _in_both(old, new, _TEXTS) and not new.is_map:  # in a map they are strings, whatever is asked for
        was, now = _cpp(pair.old, old), _cpp(pair.new, new)
        if (was, now) != ("STRING_PIECE", "STRING"):  # the former has always been the latter
            yield "C++ string type", was, now, "FIELD_SAME_CPP_STRING_TYPE"
    if _in_both(old, new, frozenset(("string",))):
        was, now = pair.old.feature(old, "utf8_validation"), pair.new.feature(new, "utf8_validation")
        yield "UTF-8 validation", was, now, "FIELD_SAME_UTF8_VALIDATION"
        yield "UTF-8 validation in Java", _java(pair.old, old), _java(pair.new, new), _JAVA_RULE


def _in_both(old: Field, new: Field, names: frozenset[str]) -> bool:
    """Whether values, or keys, are of these types before and after; of a map only while it has its name."""
    if old.is_map != new.is_map or (old.is_map and entry_name(old) != entry_name(new)):
        return False
    return (old.type.name in names and new.type.name in names) or (old.key in names and new.key in names)


def _cpp(side: Side, each: Field) -> str:
    value = each.options.get(f"{_OPTIONS}.ctype") or side.feature(each, "pb.cpp.string_type") or "STRING"
    return str(value)


def _java(side: Side, each: Field) -> str:
    file = side.schema.files[each.location.file]
    if file.edition == "proto3":
        return "VERIFY"
    if file.edition == "proto2":
        return "VERIFY" if file.options.get(_CHECK_UTF8) else "NONE"
    value = side.feature(each, "pb.java.utf8_validation")
    return side.feature(each, "utf8_validation") if value in ("", "DEFAULT") else value
