"""Messages, enums, services and extensions that came, went or moved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from toolkit.changes.model import Change, Detail, Kind, allowances, changed
from toolkit.changes.pair import Pair, Side
from toolkit.descriptors.model import Element, Enum, Field, Message, Service

_WORDS: Mapping[type, str] = {Message: "message", Enum: "enum", Service: "service", Field: "extension"}


def added_and_removed(pair: Pair) -> Iterator[Change]:
    """Of each kind: what is in one schema only, or was moved to a different file."""
    for old, new in zip(_declared(pair.old), _declared(pair.new), strict=True):
        gone = [e for name, e in old.items() if name not in new and e.location.file not in pair.not_compared]
        fresh = [e for name, e in new.items() if name not in old and e.location.file not in pair.not_compared]
        shapes: dict[object, list[Element]] = {}
        for element in fresh:
            shapes.setdefault(_shape(element, pair.new), []).append(element)
        moved: set[str] = set()
        for element in gone:
            twins = [e for e in shapes.get(_shape(element, pair.old), ()) if e.full_name not in moved]
            twin = _likeliest(pair, element, twins) if _says_enough(element) else None
            if twin is not None:
                moved.add(twin.full_name)
            yield _gone(pair, element, twin)
        for element in fresh:
            if element.full_name not in moved:
                yield changed(Kind.ADDED, _noun(element), None, element, "added", package=pair.new.package_of(element))
        for name, element in old.items():
            if name in new and new[name].location.file != element.location.file:
                yield _gone(pair, element, new[name])
    yield from _entries(pair)


def _gone(pair: Pair, old: Element, new: Element | None) -> Change:
    """An element that is not where it was: removed, renamed, or moved to another file or package."""
    scope, location = pair.scope(old)
    noun = _noun(old)
    package = pair.old.package_of(old)
    if new is None:
        kind, message = Kind.REMOVED, f"{noun} {old.name} removed"
    elif new.name != old.name:
        kind, message = Kind.RENAMED, f"renamed from {old.name} to {new.name}"
    elif new.full_name != old.full_name:
        kind, message = Kind.MOVED, f"moved from {old.parent or 'no package'} to {new.parent or 'no package'}"
    else:
        kind, message = Kind.MOVED, f"moved from {old.location.file} to {new.location.file}"
    is_file = new is not None and new.full_name == old.full_name
    places = [(each.location.file if is_file else each.full_name) if each is not None else "" for each in (old, new)]
    rules, detail = _rules_of_removal(pair, old, noun), Detail.of("file" if is_file else "", *places)
    change = changed(kind, noun, old, new, message, package=package, rules=rules, detail=detail)
    comment = scope.comment if scope else pair.new.files[location.file].comment if location else None
    found = allowances(comment, location) if comment else ()
    return replace(change, at=location, allowances=found)


def _rules_of_removal(pair: Pair, old: Element, noun: str) -> list[str]:
    """What it breaks that an element is no longer in its file, or in its package."""
    rules = []
    name, file, package = pair.old.below_package(old), old.location.file, pair.old.package_of(old)
    if file in pair.new.files and not _is_there(pair.new.nested.get((file, name)), old):
        rules.append(f"{noun.upper()}_NO_DELETE")
    files = pair.new.packages.get(package)
    if files and not any(_is_there(pair.new.nested.get((other, name)), old) for other in files):
        rules.append(f"PACKAGE_{noun.upper()}_NO_DELETE")
    return rules


def _entries(pair: Pair) -> Iterator[Change]:
    """Maps that are none any more: for buf the message of their entries is removed."""
    for (file, name), mapped in pair.old.entries.items():
        if file not in pair.old.files.keys() - pair.not_compared or (file, name) in pair.new.entries:
            continue
        rules = []
        package = pair.old.package_of(mapped)
        if file in pair.new.files and (file, name) not in pair.new.nested:
            rules.append("MESSAGE_NO_DELETE")
        files = pair.new.packages.get(package)
        if files and not any((other, name) in pair.new.entries for other in files):
            rules.append("PACKAGE_MESSAGE_NO_DELETE")
        if rules:
            scope, location = pair.scope(mapped)
            change = changed(
                Kind.REMOVED,
                "message",
                mapped,
                None,
                f"map entry {name.rpartition('.')[2]} removed",
                package=package,
                rules=rules,
                detail=Detail("map entry"),
            )
            found = allowances(scope.comment, location) if scope else ()
            yield replace(change, element=f"{mapped.parent}.{name.rpartition('.')[2]}", at=location, allowances=found)


def _declared(side: Side) -> list[dict[str, Element]]:
    """The messages, enums, services and extensions of the files compared."""
    schema = side.schema
    kinds: tuple[Mapping[str, Element], ...] = (schema.messages, schema.enums, schema.services, schema.extensions)
    return [{name: e for name, e in elements.items() if e.location.file in side.files} for elements in kinds]


def _noun(element: Element) -> str:
    return _WORDS[type(element)]


def _is_there(found: Element | None, old: Element) -> bool:
    return type(found) is type(old)


def _likeliest(pair: Pair, element: Element, twins: list[Element]) -> Element | None:
    """Of elements of the same shape the one that this one has become: in the same file, or else of the same name.

    From one package to another only where either came or went: small messages look alike.
    """
    for twin in twins:
        if twin.location.file == element.location.file:
            return twin
    package = pair.old.package_of(element)
    for twin in twins:
        other = pair.new.package_of(twin)
        if twin.name == element.name and (
            other == package or package not in pair.new.packages or other not in pair.old.packages
        ):
            return twin
    return None


def _says_enough(element: Element) -> bool:
    """Whether it holds enough to be known again by it."""
    if isinstance(element, Message):
        return len(element.fields) > 0
    if isinstance(element, Enum):
        return len(element.values) > 1
    return isinstance(element, Field) or bool(getattr(element, "methods", ()))


def _shape(element: Element, side: Side) -> object:
    """What two elements have in common that are the same under another name."""
    if isinstance(element, Message):
        return Message, *((f.name, f.number, f.cardinality, f.type.kind, f.type.short_name) for f in element.fields)
    if isinstance(element, Enum):
        return Enum, *((v.name, v.number) for v in element.values)
    if isinstance(element, Service):
        return Service, *((m.name, m.client_streaming, m.server_streaming) for m in element.methods)
    assert isinstance(element, Field)
    return Field, element.extendee, element.number
