"""Comments and references as protobuf.js reads them, with which the published pages were generated.

The published styles follow it, with what looks odd, since pages were published that way. Other pages follow the rules
of protobuf: ``toolkit.descriptors.references``.

Source: protobuf.js 7.2, ``setComment`` in src/tokenize.js, ``lookup`` in src/namespace.js, ``load`` in src/root.js and
``get`` in src/type.js and src/service.js. It compares nothing with types (``filterTypes``) and keeps no results of
lookups, as 7.5 does, which returns the last match instead of the first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from toolkit.descriptors.model import Comment, Element, File, Message, Schema
from toolkit.descriptors.references import References, Target, TargetKind

_SPACE = "\t\n\v\f\r \xa0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff" + "".join(map(chr, range(0x2000, 0x200B)))
"""White space in JavaScript."""
_OPENING = re.compile(rf"[{_SPACE}]*\*?/*")
_NAMESPACES = (TargetKind.MESSAGE, TargetKind.SERVICE, TargetKind.PACKAGE)
_LINKED = frozenset(TargetKind) - {TargetKind.SERVICE, TargetKind.PACKAGE}


def text_of(comment: Comment) -> str:
    """The leading comment of an element: no line is indented, and the first one loses an asterisk and slashes."""
    text, is_marked = comment.marked or comment.leading, bool(comment.marked)
    if is_marked and text[0] != "\n" and not text.endswith("\n"):
        text = text[1:]  # a block: the character after its /* is lost
    first, *others = text.split("\n")
    lines = [_OPENING.sub("", first, count=1), *((line.lstrip("/") for line in others) if is_marked else others)]
    return "\n".join(line.strip(_SPACE) for line in lines).strip(_SPACE)


@dataclass(frozen=True, slots=True)
class _Namespace:
    members: dict[str, Target] = field(default_factory=dict)
    nested: list[str] = field(default_factory=list)
    """The full names of the namespaces among its members, in the order in which they were entered."""

    def add(self, name: str, target: Target) -> None:
        """Add a member, unless there is one of that name."""
        if self.members.setdefault(name, target) is target and target.kind in _NAMESPACES:
            self.nested.append(target.full_name)


@dataclass(frozen=True)
class Namespaces:
    """The namespaces of a schema, and what is loaded for each package."""

    references: References
    """Find what is not loaded, by its full name."""
    _elements: dict[str, _Namespace] = field(default_factory=dict, compare=False)
    _packages: dict[str, Lookup] = field(default_factory=dict, compare=False)

    @property
    def schema(self) -> Schema:
        """The model."""
        return self.references.schema

    def seen_from(self, package: str) -> Lookup:
        """The lookup for the pages of a package."""
        if package not in self._packages:
            self._packages[package] = Lookup(self, package)
        return self._packages[package]

    def of(self, full_name: str) -> _Namespace:
        """The members of a message, enum or service; of anything else none."""
        known = self._elements.get(full_name)
        if known is None:
            known = _Namespace()
            for name, target in self._members(full_name):
                known.add(name, target)
            self._elements[full_name] = known
        return known

    def _members(self, full_name: str) -> Iterator[tuple[str, Target]]:
        schema = self.schema
        if message := schema.messages.get(full_name):
            yield from ((f.name, Target(TargetKind.FIELD, f.full_name)) for f in message.fields)
            yield from ((o.name, Target(TargetKind.ONEOF, o.full_name)) for o in message.oneofs)
            yield from self.declared(message)
        elif service := schema.services.get(full_name):
            yield from ((m.name, Target(TargetKind.METHOD, m.full_name)) for m in service.methods)
        elif enum := schema.enums.get(full_name):
            yield from ((v.name, Target(TargetKind.VALUE, v.full_name, full_name)) for v in enum.values)

    def declared(self, scope: Message | File) -> Iterator[tuple[str, Target]]:
        """What a file or message declares, in the order of the file."""
        schema = self.schema
        found: list[tuple[Element, TargetKind]] = [
            *((schema.messages[name], TargetKind.MESSAGE) for name in scope.messages),
            *((schema.enums[name], TargetKind.ENUM) for name in scope.enums),
            # An extension is found, too, but no page shows it.
            *((extension, TargetKind.PACKAGE) for extension in scope.extensions),
        ]
        if isinstance(scope, File):
            found += ((schema.services[name], TargetKind.SERVICE) for name in scope.services)
        found.sort(key=lambda each: (each[0].location.line, each[0].location.column))
        return ((element.name, Target(kind, element.full_name)) for element, kind in found)


@dataclass(frozen=True)
class Lookup:
    """Finds what references mean on the pages of a package."""

    namespaces: Namespaces
    package: str
    _known: dict[tuple[str, tuple[str, ...]], Target | None] = field(default_factory=dict, compare=False)

    def resolve(self, name: str, scope: str, file: str) -> Target | None:
        """What a name means in a message, service or package; None if it means nothing that has a link."""
        path = tuple(name.split("."))
        found = self._below(scope, path)
        while found is None and scope:
            scope = scope.rpartition(".")[0]
            found = self._below(scope, path)
        if found is None:
            found = self.namespaces.references.resolve(name, "", "")
        return found if found is not None and found.kind in _LINKED else None

    def is_meant(self, name: str) -> bool:
        """Whether brackets around a name that can't be resolved are a reference."""
        return self.namespaces.references.is_meant(name)

    def _below(self, scope: str, path: tuple[str, ...]) -> Target | None:
        """What a path means in a namespace or below it.

        If a namespace has no member of the first name, the first of its nested namespaces that has one decides.
        """
        if (scope, path) in self._known:
            return self._known[scope, path]
        namespace = self._packages.get(scope) or self.namespaces.of(scope)
        member = namespace.members.get(path[0])
        if member is None:
            below = (self._below(nested, path) for nested in namespace.nested)
            found = next((target for target in below if target is not None), None)
        else:
            found = self._rest(member, path[1:])
        if scope in self._packages:
            self._known[scope, path] = found
        return found

    def _rest(self, member: Target, path: tuple[str, ...]) -> Target | None:
        if not path:
            return member
        if member.kind is TargetKind.ENUM:
            return self.namespaces.of(member.full_name).members.get(path[0]) if len(path) == 1 else None
        return self._below(member.full_name, path) if member.kind in _NAMESPACES else None

    @cached_property
    def _packages(self) -> dict[str, _Namespace]:
        """The packages of the loaded files."""
        found = {"": _Namespace()}
        for file in self._loaded():
            package = ""
            for part in file.package.split(".") if file.package else ():
                parent, package = found[package], f"{package}.{part}" if package else part
                parent.add(part, Target(TargetKind.PACKAGE, package))
                found.setdefault(package, _Namespace())
            for name, target in self.namespaces.declared(file):
                found[package].add(name, target)
        return found

    def _loaded(self) -> Iterable[File]:
        """The files of the package that declare services, by name, each followed by what it imports."""
        files = self.namespaces.schema.files
        known = self.namespaces.schema.packages.get(self.package)
        waiting = [name for name in reversed(known.files if known else ()) if files[name].services]
        found: dict[str, File] = {}
        while waiting:
            name = waiting.pop()
            if name in files and name not in found:
                found[name] = files[name]
                waiting.extend(reversed(files[name].imports))
        return found.values()
