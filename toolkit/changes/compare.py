"""Two schemas → their changes: elements are matched as buf matches them, and compared by kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar

from toolkit.changes.common import comment_and_options
from toolkit.changes.elements import added_and_removed
from toolkit.changes.enums import enum_changes
from toolkit.changes.fields import field_changes
from toolkit.changes.files import file_changes, package_changes
from toolkit.changes.messages import message_changes
from toolkit.changes.model import Change
from toolkit.changes.pair import Pair, Side
from toolkit.changes.services import service_changes
from toolkit.descriptors.model import Element, Schema
from toolkit.errors import Location
from toolkit.semantics.mappings import Mappings, built_in

E = TypeVar("E", bound=Element)


def compare(old: Schema, new: Schema, rules: Mappings | None = None, *, comments: bool = True) -> list[Change]:
    """All that changed, by where it is to be seen; of files that the callers asked for.

    ``rules`` say which options are constraints; the built-in ones by default.
    """
    pair = Pair(Side(old), Side(new), built_in() if rules is None else rules, comments=comments)
    return compare_pair(pair)


def compare_pair(pair: Pair) -> list[Change]:
    """The same of two sides."""
    return sorted(_changes(pair), key=order)


def order(change: Change) -> tuple[Location, Location, str, str, str]:
    """Changes as a reader meets them: by place."""
    nowhere = Location("")
    seen = change.new or change.at or change.old or nowhere
    return seen, change.old or nowhere, change.element, change.kind, change.message


def _changes(pair: Pair) -> Iterator[Change]:
    old, new = pair.old, pair.new
    yield from package_changes(pair)
    for name, file in old.files.items():
        if name in new.files:
            yield from file_changes(pair, file, new.files[name])
    yield from added_and_removed(pair)
    for message, other in _both(old.schema.messages, new.schema.messages, pair):
        yield from comment_and_options(pair, "message", message, other)
        yield from message_changes(pair, message, other)
    for enum, enum_now in _both(old.schema.enums, new.schema.enums, pair):
        yield from comment_and_options(pair, "enum", enum, enum_now)
        yield from enum_changes(pair, enum, enum_now)
    for service, service_now in _both(old.schema.services, new.schema.services, pair):
        yield from comment_and_options(pair, "service", service, service_now)
        yield from service_changes(pair, service, service_now)
    for key, extension in old.extensions_by_number.items():
        if key in new.extensions_by_number:
            yield from field_changes(pair, extension, new.extensions_by_number[key])


def _both(old: Mapping[str, E], new: Mapping[str, E], pair: Pair) -> Iterator[tuple[E, E]]:
    for name, element in old.items():
        other = new.get(name)
        if other is not None and element.location.file in pair.old.files and other.location.file in pair.new.files:
            yield element, other
