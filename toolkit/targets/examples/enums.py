"""The order in which the values of an enum are examples: a default first, or what a state ends in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from toolkit.descriptors.model import Enum, EnumValue, Field
from toolkit.targets.examples.candidates import says, vocabulary

_DEFAULT = re.compile(r"\bdefault value\b|\(default\)|\bis the default\b|\bused by default\b|\Adefault\b", re.I)


def in_order(one: Field, enum: Enum, values: Sequence[EnumValue], comment: Callable[[EnumValue], str]) -> Iterable[str]:
    """The names of values, best first; those that turn something off come late, and those that are zero last."""
    is_state = says("state", one.name) or says("state", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", enum.name))

    def rank(value: EnumValue) -> tuple[int, ...]:
        settled = _settled(value, enum) if is_state else ()
        is_default = not is_state and _is_default(comment(value))
        is_lesser = not is_state and says("lesser", value.name)
        return (value.number == 0, value.deprecated, not is_default, is_lesser, *settled)

    return [value.name for value in sorted(values, key=rank)]


def _is_default(comment: str) -> bool:
    return "default" in comment.lower() and _DEFAULT.search(comment) is not None


def _settled(value: EnumValue, enum: Enum) -> tuple[int, ...]:
    """Where a value comes among those of a state: well-known ones, others from the end, then unsettled ones."""
    words = vocabulary("settled")
    name = value.name.upper()
    for number, word in enumerate(words):
        if name == word or (name.endswith(f"_{word}") and not says("unsettled", name.removesuffix(f"_{word}"))):
            return 0, number, 0
    if says("unsettled", name) and not says("lasting", name):
        return 2, 0, value.number
    return 1, 0, -enum.values.index(value)
