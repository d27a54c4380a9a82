"""The things that fields name by their ID, such as the message ``Book`` for ``book_id`` and ``lent_book_ids``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

from toolkit.descriptors.casing import snake_case
from toolkit.descriptors.finding import holders
from toolkit.descriptors.model import Field, Message, Schema
from toolkit.targets.examples.candidates import identifier, noun_of, singular, suggested
from toolkit.targets.examples.written import JSON


class Things:
    """The messages of a schema that have an ID."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._by_name: dict[str, list[str]] = {}  # of all that may have one: most are never asked for
        self._ids: dict[str, list[str]] = {}
        for name in holders(schema, "id"):
            self._by_name.setdefault(snake_case(name.rpartition(".")[2]), []).append(name)

    def ids(self, one: Field, values: Callable[[Field, Message], Iterator[JSON]]) -> Iterator[str]:
        """The IDs of the thing that a field names, as the thing has them in other places; ``values`` of its own ID.

        Those of ``lent_book_id`` are of a book, but of another one.
        """
        found = self._named(one)
        named = found[0].field("id") if found is not None else None
        if found is None or named is None:
            return
        holder, before = found
        noun = noun_of(named, holder)
        if holder.full_name not in self._ids:
            self._ids[holder.full_name] = list(islice(map(str, values(named, holder)), 4))
        own = self._ids[holder.full_name]
        if own[:1] != [identifier(noun)]:
            yield from own[1:] if before else own
        elif before and suggested("string", one.name)[0] == "{id}":
            yield from (identifier(noun, f"{before}{number}") for number in ("", "2", "3"))

    def _named(self, one: Field) -> tuple[Message, str] | None:
        """The thing that a field names, and the words before it: ``lent_book_id`` → ``Book`` and ``lent``.

        It is in the package of the field, or the only one of its name; if there are words before it, the name has
        more than one word.
        """
        base, _, last = singular(one.name).rpartition("_")
        parent = self._schema.messages.get(one.parent)
        if last != "id" or not base or parent is None:
            return None
        parts = base.split("_")
        for start in range(len(parts)):
            found = self._identified("_".join(parts[start:]))
            near = [message for message in found if message.package == parent.package]
            if not near and (start == 0 or len(parts) - start > 1):
                near = found
            if near:
                return (near[0], " ".join(parts[:start])) if len(near) == 1 else None
        return None

    def _identified(self, name: str) -> list[Message]:
        """The messages of a name, in snake case, that have an ID."""
        found = []
        for message in map(self._schema.message, self._by_name.get(name, ())):
            own = message.field("id")
            if own is not None and own.type.name == "string" and not own.repeated:
                found.append(message)
        return found
