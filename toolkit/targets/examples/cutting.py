"""Cuts examples to a number of levels and of bytes; what is needed stays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from toolkit.descriptors.model import Message, Schema
from toolkit.targets.examples.bounds import Bounds
from toolkit.targets.examples.values import indented, nested
from toolkit.targets.examples.written import JSON


@dataclass
class Cutter:
    """Cuts examples to their bounds."""

    schema: Schema
    bounds: Bounds
    needed: Callable[[Message], frozenset[str]]
    """The JSON names of the fields in a message that must stay."""

    def cut(self, value: dict[str, JSON], message: Message) -> list[str]:
        """Remove what is below the last level, then levels until the size fits; the paths of what was removed."""
        paths: list[str] = []
        for levels in range(self.bounds.levels, 0, -1):
            self._below(value, message, levels, "", paths)
            if size_of(value) <= self.bounds.bytes:
                return _outermost(paths)
        for name in [name for name in reversed(value) if name not in self.needed(message)]:
            del value[name]
            paths.append(name)
            if size_of(value) <= self.bounds.bytes:
                break
        return _outermost(paths)

    def _below(self, value: dict[str, JSON], message: Message, levels: int, prefix: str, paths: list[str]) -> None:
        inner = [*nested(value, message, self.schema)]
        for one, name, child, holder in inner:
            if levels > 1:
                self._below(child, holder, levels - 1, f"{prefix}{name}.", paths)
            elif one.json_name in self.needed(message):
                self._only_needed(child, holder)
        for name in dict.fromkeys(one.json_name for one, *_ in inner):
            is_cut = levels > 1 and any(path.startswith(f"{prefix}{name}.") for path in paths)
            if levels > 1 and not (is_cut and is_empty(value[name])):
                continue
            if name not in self.needed(message):
                del value[name]
                paths.append(prefix + name)

    def _only_needed(self, value: dict[str, JSON], message: Message) -> None:
        """Keep only the fields that are needed, in the messages below too."""
        for name in [name for name in value if name not in self.needed(message) and name != "@type"]:
            del value[name]
        for _, _, child, holder in nested(value, message, self.schema):
            self._only_needed(child, holder)


def _outermost(paths: list[str]) -> list[str]:
    """The paths that are not inside of others."""
    known = {*paths}
    return [path for path in paths if not any(path[:at] in known for at, sign in enumerate(path) if sign == ".")]


def is_empty(value: JSON) -> bool:
    """Whether nothing is left of a message, or of a list or map of messages."""
    if isinstance(value, list):
        return all(map(is_empty, value))
    return isinstance(value, dict) and all(name == "@type" or is_empty(inner) for name, inner in value.items())


def size_of(value: JSON) -> int:
    """The size of an example as it is written, in bytes."""
    return len(indented(value).encode("utf-8", "surrogatepass"))
