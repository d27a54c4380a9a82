"""The names of types as a .proto file writes them: as short as the rules of protoc for scopes allow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property

from toolkit.descriptors.model import Enum, Schema

_WORDS = (
    "bool bytes double enum export extend extensions fixed32 fixed64 float group int32 int64 local map message oneof "
    "option optional repeated required reserved sfixed32 sfixed64 sint32 sint64 stream string uint32 uint64"
)
_KEYWORDS = frozenset(_WORDS.split())
"""What begins something else where a type may stand."""


@dataclass(frozen=True)
class TypeNames:
    """Writes references to types, given the scope that they are in."""

    schema: Schema
    _made: dict[tuple[str, str, bool], str] = field(default_factory=dict)
    _members: dict[str, frozenset[str]] = field(default_factory=dict)

    def of(self, target: str, scope: str, package: str, *, strict: bool = False) -> str:
        """A name that means ``target`` in ``scope``, a message, a service or the package itself.

        A name from another package is written in full. ``strict``: as the type of a method or what is extended, where
        protoc also takes the name of a field, a value or a method, and then complains.
        """
        key = target, scope, strict
        found = self._made.get(key)
        if found is None:
            candidates = self._candidates(target, scope, package)
            found = next((name for name in candidates if self._means(name, scope, strict) == target), f".{target}")
            self._made[key] = found
        return found

    @staticmethod
    def _candidates(target: str, scope: str, package: str) -> Iterator[str]:
        """Names without a dot in front, the shortest first."""
        around = scope
        while around and (around == package or around.startswith(f"{package}." if package else "")):
            if target.startswith(f"{around}."):
                yield target[len(around) + 1 :]
            around = around.rpartition(".")[0]
        yield target

    def _means(self, name: str, scope: str, strict: bool) -> str:
        """What protoc takes a name in a scope for; empty if for nothing, or if it reads something else."""
        first, _, rest = name.partition(".")
        if first in _KEYWORDS:
            return ""
        around = scope
        while True:
            found = f"{around}.{first}" if around else first
            if self._holds(found) and (rest or self._is_type(found)):
                full = f"{found}.{rest}" if rest else found
                return full if self._is_type(full) else ""
            if strict and not rest and (self._holds(found) or first in self._members_of(around)):
                return ""
            if not around:
                return ""
            around = around.rpartition(".")[0]

    def _is_type(self, name: str) -> bool:
        return name in self.schema.messages or name in self.schema.enums

    def _holds(self, name: str) -> bool:
        """Whether names may begin with this one."""
        return self._is_type(name) or name in self.schema.services or name in self._packages

    @cached_property
    def _packages(self) -> Set[str]:
        """The packages, and those around them."""
        found = set()
        for name in self.schema.packages:
            while name and name not in found:
                found.add(name)
                name = name.rpartition(".")[0]
        return found

    def _members_of(self, scope: str) -> Set[str]:
        """The names in a scope that are of no type: fields, oneofs, values, methods, extensions."""
        if scope not in self._members:
            self._members[scope] = frozenset(self._names_in(scope))
        return self._members[scope]

    def _names_in(self, scope: str) -> Iterator[str]:
        schema = self.schema
        if (message := schema.messages.get(scope)) is not None:
            yield from (one.name for one in (*message.fields, *message.oneofs, *message.extensions))
            yield from _values(message.enums, schema)
        elif (service := schema.services.get(scope)) is not None:
            yield from (method.name for method in service.methods)
        elif (package := schema.packages.get(scope)) is not None:
            yield from (one.name for file in package.files for one in schema.files[file].extensions)
            yield from _values(package.enums, schema)


def _values(enums: Sequence[str], schema: Schema) -> Iterator[str]:
    found: Iterator[Enum] = map(schema.enum, enums)
    return (value.name for enum in found for value in enum.values)
