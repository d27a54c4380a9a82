"""Brings accounts up to date from a log of events, and writes the log anew."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import BinaryIO, assert_never, assert_type

from warehouse.acme.events import v2
from warehouse.acme.events.v1 import Account, Actor, Address, Event, Level, Update

from toolkit.runtime import (
    AnyMessage,
    DecodeError,
    EncodeError,
    apply_mask,
    check_paths,
    diff_paths,
    merge_mask,
    read_delimited,
    set_paths,
    write_delimited,
)

Change = Event.Change


class Accounts:
    """Accounts by id."""

    def __init__(self) -> None:
        self.known: dict[str, Account] = {}
        self.skipped: list[str] = []

    def take(self, event: Event) -> None:
        """Bring an account up to date."""
        match event.change:
            case Change.Created(account):
                self.known[account.id] = account
            case Change.Updated(Update(account=Account() as account, mask=mask)):
                merge_mask(self.known[account.id], account, mask or set_paths(account, nested=True))
            case Change.Updated(update):
                assert_type(update, Update)
                self.skipped.append(event.id)
            case Change.Deleted(account_id):
                del self.known[account_id]
            case Change.Raised(level):
                for account in self.known.values():
                    account.level = max(account.level, level)
            case None:
                self.skipped.append(event.id)
            case _:
                assert_never(event.change)


def replay(log: BinaryIO) -> Accounts:
    """The accounts that a log leads to."""
    accounts = Accounts()
    for event in read_delimited(log, Event):
        accounts.take(event)
    return accounts


def update_of(number: int, old: Account, new: Account, by: str) -> Event:
    """An event for what differs between two states of an account."""
    paths = diff_paths(old, new)
    check_paths(Account, paths)
    changed = apply_mask(new, ["id", *paths])
    return Event(
        id=f"e{number}",
        time=datetime(2026, 1, 2, tzinfo=UTC) + timedelta(minutes=number),
        details=AnyMessage.pack(Actor(name=by)),
        change=Change.Updated(Update(account=changed, mask=paths)),
    )


def actors(events: Iterable[Event]) -> Iterator[str]:
    """Who did what happened, as far as an event says so."""
    for event in events:
        match event.details:
            case AnyMessage() as details if details.holds(Actor):
                yield details.unpack(Actor).name
            case AnyMessage() as details if details.type_name == "google.protobuf.Struct":
                found = details.unpack(dict[str, object])
                assert_type(found, dict[str, object])
                yield str(found.get("name", "unknown"))
            case _:
                yield "nobody"


def fingerprint(event: Event) -> str:
    """The same for equal events, whatever the order of their attributes."""
    return hashlib.sha256(event.to_bytes(deterministic=True)).hexdigest()


def through_old_version(account: v2.Account) -> v2.Account:
    """An account of a later version that this one has read, changed and written again."""
    old = Account.from_bytes(account.to_bytes())
    old.tags.append("seen")
    match old.level:
        case Level.LEVEL_UNSPECIFIED | Level.BASIC | Level.GOLD:
            pass
        case _:
            old.tags.append(f"level {old.level:d}")
    return v2.Account.from_bytes(old.to_bytes())


def merged(base: Account, *others: Account) -> Account:
    """An account with what others have besides."""
    made = Account.from_bytes(base.to_bytes())
    for other in others:
        made.merge_from(other)
    if made.address is not None:
        made.address.clear("street")
    return made


def write(log: BinaryIO, events: Iterable[Event]) -> int:
    """Write a log; the number of its bytes."""
    write_delimited(log, events)
    return log.tell()


def wrong(content: bytes, text: str) -> list[str]:
    """What is said about broken input."""
    said: list[str] = []
    try:
        Event.from_bytes(content)
    except DecodeError as error:
        said.append(str(error))
    try:
        Event.from_json(text)
    except DecodeError as error:
        said.append(str(error))
    try:
        Event(time=datetime(2026, 1, 2)).to_bytes()
    except EncodeError as error:
        said.append(str(error))
    try:
        check_paths(Account, ["address.planet"])
    except ValueError as error:
        said.append(str(error))
    return said


def sample() -> Account:
    """An account."""
    return Account(
        id="a1",
        email="a@example.com",
        level=Level.BASIC,
        address=Address(city="Oslo", street="Main"),
        tags=["new"],
        trial=timedelta(days=30),
    )
