"""What any element has: a comment, options, whether it is deprecated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from toolkit.changes.model import Change, Detail, Kind, changed, shown
from toolkit.changes.pair import Pair
from toolkit.descriptors.http import OPTION as HTTP
from toolkit.descriptors.model import Comment, Element, Enum, Message, Options
from toolkit.semantics.protovalidate import besides_expressions

_TOLD_ELSEWHERE = frozenset((HTTP, *(f"google.protobuf.FieldOptions.{name}" for name in ("jstype", "ctype", "packed"))))
"""Options whose changes are told as what they mean."""
_DEFAULTS = {
    "java_multiple_files": False,
    "java_generic_services": False,
    "cc_generic_services": False,
    "py_generic_services": False,
    "cc_enable_arenas": True,
    "optimize_for": "SPEED",
}
FILE_OPTIONS: Mapping[str, Any] = {
    name: _DEFAULTS.get(name, "")
    for name in (
        *_DEFAULTS,
        "csharp_namespace",
        "go_package",
        "java_outer_classname",
        "java_package",
        "objc_class_prefix",
        "php_class_prefix",
        "php_metadata_namespace",
        "php_namespace",
        "ruby_package",
        "swift_prefix",
    )
}
"""The options of files that have a rule of their own, with their defaults."""


def comment_and_options(pair: Pair, noun: str, old: Element, new: Element) -> Iterator[Change]:
    """The changes of comment, options and deprecation of an element that is in both."""
    package = pair.new.package_of(new)
    if pair.comments and old.comment != new.comment and _texts(old.comment) != _texts(new.comment):
        yield changed(Kind.COMMENT, noun, old, new, "the comment changed", package=package)
    if old.options == new.options:
        return
    for name, before, after in option_changes(old.options, new.options):
        if name.endswith("Options.deprecated"):
            detail = Detail.of("", now="deprecated" if after else "")
            message = "deprecated" if after else "no longer deprecated"
            yield changed(Kind.DEPRECATION, noun, old, new, message, package=package, detail=detail)
        elif name not in _TOLD_ELSEWHERE and name not in pair.rules.constraints_by_option:
            rules = _option_rules(name, before, after)
            message, detail = worded(name, before, after), option_detail(name, before, after)
            yield changed(Kind.OPTION, noun, old, new, message, package=package, rules=rules, detail=detail)


def json_format_changes(pair: Pair, noun: str, old: Message | Enum, new: Message | Enum) -> Iterator[Change]:
    """The change of the feature that says how far a type has a JSON form."""
    was, is_now = pair.old.feature(old, "json_format"), pair.new.feature(new, "json_format")
    if was != is_now:
        rules = [f"{noun.upper()}_SAME_JSON_FORMAT"] if was == "ALLOW" else []
        message = f"JSON format changed from {was} to {is_now}"
        detail = Detail.of("JSON format", was, is_now)
        yield changed(Kind.FEATURE, noun, old, new, message, package=new.package, rules=rules, detail=detail)


def option_changes(old: Options, new: Options) -> Iterator[tuple[str, Any, Any]]:
    """The options that differ, each with its value before and after; None where it is not set.

    Expressions in them are told as what they mean.
    """
    for name in {**old, **new}:
        before, after = (besides_expressions(name, side.get(name)) for side in (old, new))
        if before != after:
            yield name, before, after


def worded(name: str, before: Any, after: Any) -> str:
    """A change of an option as a sentence."""
    short = _short(name)
    if before is None:
        return f"option {short} set to {shown(after)}"
    if after is None:
        return f"option {short} unset; it was {shown(before)}"
    return f"option {short} changed from {shown(before)} to {shown(after)}"


def option_detail(name: str, before: Any, after: Any) -> Detail:
    """The same as data."""
    return Detail.of(_short(name), *("" if value is None else shown(value) for value in (before, after)))


def _short(name: str) -> str:
    """An option as it is written in a file."""
    return name.rpartition(".")[2] if name.startswith("google.protobuf.") else f"({name})"


def _option_rules(name: str, before: Any, after: Any) -> tuple[str, ...]:
    if name == "google.protobuf.MessageOptions.no_standard_descriptor_accessor" and after and not before:
        return ("MESSAGE_NO_REMOVE_STANDARD_DESCRIPTOR_ACCESSOR",)
    if name == "google.protobuf.MethodOptions.idempotency_level":
        unknown = "IDEMPOTENCY_UNKNOWN"
        return ("RPC_SAME_IDEMPOTENCY_LEVEL",) if (before or unknown) != (after or unknown) else ()
    return ()


def _texts(comment: Comment) -> tuple[str, str, tuple[str, ...]]:
    """What readers see of a comment."""
    return comment.leading, comment.trailing, comment.detached
