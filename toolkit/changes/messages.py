"""What is in a message: fields, oneofs, reserved and extension ranges."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.changes.common import comment_and_options, json_format_changes
from toolkit.changes.constraints import constraint_changes, required_by
from toolkit.changes.expressions import expression_changes
from toolkit.changes.fields import field_changes, renumbered_map_changes
from toolkit.changes.model import Change, Detail, Kind, changed
from toolkit.changes.pair import Pair, entry_name
from toolkit.changes.ranges import extension_changes, reserved_changes
from toolkit.descriptors.model import Field, Message, Presence


def message_changes(pair: Pair, old: Message, new: Message) -> Iterator[Change]:
    """The changes inside a message that is in both."""
    yield from _fields(pair, old, new)
    if old.options != new.options:
        yield from expression_changes(pair, "message", old, new)
    maps = list(_maps(old, new))
    for before, after in maps:
        if before.number != after.number:
            yield from renumbered_map_changes(pair, before, after)
    yield from _oneofs(pair, old, new)
    yield from reserved_changes("message", old, new)
    yield from extension_changes(old, new)
    for change in json_format_changes(pair, "message", old, new):
        yield change
        message = f"{change.message} in its entries"
        for before, after in maps if change.rules else ():
            yield changed(
                Kind.FEATURE,
                "field",
                before,
                after,
                message,
                package=new.package,
                rules=change.rules,
                detail=change.detail,
            )


def _maps(old: Message, new: Message) -> Iterator[tuple[Field, Field]]:
    """The maps whose entries have the same name on both sides."""
    before = {entry_name(f): f for f in old.fields if f.key}
    for each in new.fields if before else ():
        if each.key and entry_name(each) in before:
            yield before[entry_name(each)], each


def _fields(pair: Pair, old: Message, new: Message) -> Iterator[Change]:
    before = {f.number: f for f in old.fields}
    after = {f.number: f for f in new.fields}
    fresh = {f.name: f for number, f in after.items() if number not in before}
    for number, each in before.items():
        now = after.get(number)
        if now is not None:
            yield from field_changes(pair, each, now)
            if each.presence is Presence.REQUIRED and now.presence is not Presence.REQUIRED:
                yield changed(
                    Kind.PRESENCE,
                    "message",
                    old,
                    new,
                    f"field {each.name} is no longer required",
                    package=new.package,
                    rules=["MESSAGE_SAME_REQUIRED_FIELDS"],
                    detail=Detail(now=(now.full_name,)),
                )
        else:
            yield _removed(pair, new, each, fresh.get(each.name))
    renumbered = {f.name for f in old.fields} & set(fresh)
    for name, each in fresh.items():
        rules = ["MESSAGE_SAME_REQUIRED_FIELDS"] if each.presence is Presence.REQUIRED else []
        if required_by(pair, each):
            rules.append("CONSTRAINT_REQUIRED_ADDED")
        if name not in renumbered or name in {f.name for f in new.fields if f.number in before}:
            yield changed(Kind.ADDED, "field", None, each, "added", package=new.package, rules=rules)
        elif rules:
            yield changed(
                Kind.PRESENCE, "field", None, each, "a required field added", package=new.package, rules=rules
            )


def _removed(pair: Pair, new: Message, each: Field, now: Field | None) -> Change:
    """A field whose number is gone; ``now`` is the one that has its name under another number."""
    rules = ["FIELD_NO_DELETE"]
    if not any(low <= each.number < high for low, high in new.reserved_ranges):
        rules.append("FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED")
    if each.name not in new.reserved_names:
        rules.append("FIELD_NO_DELETE_UNLESS_NAME_RESERVED")
    if each.presence is Presence.REQUIRED:
        rules.append("MESSAGE_SAME_REQUIRED_FIELDS")
    if now is not None:
        change = changed(
            Kind.NUMBER,
            "field",
            each,
            now,
            f"number changed from {each.number} to {now.number}",
            package=new.package,
            rules=rules,
            detail=Detail.of("", str(each.number), str(now.number)),
        )
        return change.seen_at(new)
    return changed(
        Kind.REMOVED,
        "field",
        each,
        None,
        f"field {each.name} = {each.number} removed",
        package=new.package,
        rules=rules,
        parent=new,
    )


def _oneofs(pair: Pair, old: Message, new: Message) -> Iterator[Change]:
    after = {o.name: o for o in new.oneofs}
    before = {o.name: o for o in old.oneofs}
    fresh = {o.fields: o for name, o in after.items() if name not in before}
    for name, each in before.items():
        now = after.get(name)
        if now is not None:
            yield from comment_and_options(pair, "oneof", each, now)
            yield from constraint_changes(pair, "oneof", each, now)
            continue
        twin = fresh.pop(each.fields, None)
        if twin is not None:
            change = changed(
                Kind.RENAMED,
                "oneof",
                each,
                twin,
                f"renamed from {name} to {twin.name}",
                package=new.package,
                rules=["ONEOF_NO_DELETE"],
                detail=Detail.of("", each.full_name, twin.full_name),
            )
            yield change.seen_at(new)
        else:
            yield changed(
                Kind.REMOVED,
                "oneof",
                each,
                None,
                f"oneof {name} removed",
                package=new.package,
                rules=["ONEOF_NO_DELETE"],
                parent=new,
            )
    for each in fresh.values():
        yield changed(Kind.ADDED, "oneof", None, each, "added", package=new.package)
