"""Makes values of one message fit each other: a minimum is below its maximum, and data of a record fits its type."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import islice
from typing import Any

from toolkit.descriptors.model import Field, Message
from toolkit.runtime.constraints import bound
from toolkit.targets.examples.candidates import record, says, vocabulary, words
from toolkit.targets.examples.written import JSON

_MOST = 40
"""The number of values to try for one field."""


def agree(value: dict[str, JSON], message: Message, values: Callable[[Field], Iterator[JSON]]) -> None:
    """Change the values of fields that contradict each other; ``values`` are those that a field can have."""
    if says("record", words(message)):
        _fit_record(value, message)
    lows = [field for field in message.fields if _opposites(field.name)]
    names = {field.name: field for field in message.fields} if lows else {}
    for low in lows:
        high = next((names[name] for name in _opposites(low.name) if name in names), None)
        if high is None or high.type != low.type or low.repeated or high.repeated:
            continue
        below, above = _number(value.get(low.json_name)), _number(value.get(high.json_name))
        if below is None or above is None or below < above:
            continue
        higher = next((v for v in islice(values(high), _MOST) if (_number(v) or below) > below), None)
        if higher is not None:
            value[high.json_name] = higher
            continue
        lower = next((v for v in islice(values(low), _MOST) if (_number(v) or above) < above), None)
        if lower is not None:
            value[low.json_name] = lower


def _fit_record(value: dict[str, JSON], message: Message) -> None:
    """Replace the data of a DNS record that is the example for another type."""
    kind = next((field for field in message.fields if says("record_type", field.name)), None)
    data = record(str(value.get(kind.json_name, ""))) if kind is not None else ""
    for field in message.fields if data else ():
        given = value.get(field.json_name)
        is_data = says("record_data", field.name) and field.type.name == "string" and not field.is_map
        if is_data and given in (record("A"), [record("A")]):
            value[field.json_name] = [data] if field.repeated else data


@cache
def _opposites(name: str) -> Sequence[str]:
    """The names of the other end of a range, for a name of its low end."""
    parts = name.split("_")
    pairs = zip(vocabulary("low"), vocabulary("high"), strict=True)
    return ["_".join(high if part == low else part for part in parts) for low, high in pairs if low in parts]


def _number(value: Any) -> Any:
    if isinstance(value, bool) or value is None or isinstance(value, (dict, list)):
        return None
    return bound(str(value))
