"""Comments and references as protobuf.js reads them, with which the published pages were generated.

The published styles follow it, also where it looks odd. Other pages follow the rules of protobuf, as in
``toolkit.descriptors.references``.

Source: protobuf.js 7.2: ``setComment`` in src/tokenize.js with ``alternateCommentMode``, ``lookup`` in src/namespace.js
without ``filterTypes``, ``loadSync`` in src/root.js, ``get`` in src/type.js and src/service.js. Later versions differ:
since 7.5, the last match below a namespace is found instead of the first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from toolkit.descriptors.model import Comment, File, Message, Schema, Service
from toolkit.descriptors.references import References, Target, TargetKind

_SPACE = "\t\n\v\f\r \xa0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff" + "".join(map(chr, range(0x2000, 0x200B)))
"""White space in JavaScript."""
_OPENING = re.compile(rf"[{_SPACE}]*\*?/*")
_NAMESPACES = (TargetKind.MESSAGE, TargetKind.SERVICE, TargetKind.PACKAGE)
_LINKED = frozenset(TargetKind) - {TargetKind.SERVICE, TargetKind.PACKAGE}


def text_of(comment: Comment) -> str:
    """The leading comment of an element: no line is indented, and the first one loses an asterisk and slashes."""
    text, is_marked = comment.marked or comment.leading, bool(comment.marked)
    if not text:
        return ""
    if is_marked and text[0] != "\n" and not text.endswith("\n"):
        text = text[1:]  # a block: the character after its /* is lost
    first, *others = text.split("\n")
    lines = [_OPENING.sub("", first, count=1), *((line.lstrip("/") for line in others) if is_marked else others)]
    return "\n".join(line.strip(_SPACE) for line in lines).strip(_SPACE)


@dataclass(frozen=True, slots=True)
class _Namespace:
    full_name: str
    members: dict[str, TargetKind] = field(default_factory=dict)
    nested: list[_Namespace] = field(default_factory=list)
    """The namespaces among its members, in the order in which they were entered."""

    def target(self, name: str) -> Target:
        """A member as a target."""
        return Target(self.members[name], f"{self.full_name}.{name}" if self.full_name else name)


@dataclass(frozen=True)
class Namespaces:
    """The namespaces of a schema, and what is loaded for each package."""

    references: References
    """Find what is not loaded, by its full name."""
    _elements: dict[str, _Namespace] = field(default_factory=dict, compare=False)
    _files: dict[str, _Namespace] = field(default_factory=dict, compare=False)
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
        """The namespace of a message or service; of anything else an empty one."""
        known = self._elements.get(full_name)
        if known is None:
            known = self._elements[full_name] = _Namespace(full_name)
            if message := self.schema.messages.get(full_name):
                self._declare(message, known)
                known.members.update((oneof.name, TargetKind.ONEOF) for oneof in message.oneofs)
                known.members.update((each.name, TargetKind.FIELD) for each in message.fields)
            elif service := self.schema.services.get(full_name):
                known.members.update((method.name, TargetKind.METHOD) for method in service.methods)
        return known

    def of_file(self, file: File) -> _Namespace:
        """The part of a package that a file declares."""
        if file.name not in self._files:
            self._files[file.name] = _Namespace(file.package)
            self._declare(file, self._files[file.name])
        return self._files[file.name]

    def _declare(self, scope: Message | File, namespace: _Namespace) -> None:
        """Add what a file or message declares, in the order of the file."""
        schema = self.schema
        namespaces: list[Message | Service] = [schema.messages[name] for name in scope.messages]
        namespace.members.update((message.name, TargetKind.MESSAGE) for message in namespaces)
        namespace.members.update((schema.enums[name].name, TargetKind.ENUM) for name in scope.enums)
        # An extension is found, too, but no page shows it.
        namespace.members.update((extension.name, TargetKind.PACKAGE) for extension in scope.extensions)
        if isinstance(scope, File):
            services = [schema.services[name] for name in scope.services]
            namespace.members.update((service.name, TargetKind.SERVICE) for service in services)
            namespaces += services
            namespaces.sort(key=lambda each: (each.location.line, each.location.column))
        namespace.nested.extend(self.of(each.full_name) for each in namespaces)


@dataclass(frozen=True)
class Lookup:
    """Finds what references mean on the pages of a package."""

    namespaces: Namespaces
    package: str
    _known: dict[tuple[str, str], Target | None] = field(default_factory=dict, compare=False)

    def resolve(self, name: str, scope: str, file: str) -> Target | None:
        """What a name means in a message, service or package; None if it means nothing that has a link."""
        found = self._found(name, scope)
        if found is None:
            found = self.namespaces.references.resolve(name, "", "")
            if found is not None and found.enum and name.rpartition(".")[0] != found.enum:
                return None  # by the scope of protobuf, in which values are beside their enum
        return found if found is not None and found.kind in _LINKED else None

    def is_meant(self, name: str) -> bool:
        """Whether brackets around a name that can't be resolved are a reference."""
        return self.namespaces.references.is_meant(name)

    def _found(self, name: str, scope: str) -> Target | None:
        """What a name means in a scope, or else in one of those around it."""
        if (scope, name) in self._known:
            return self._known[scope, name]
        found = _below(self, self.namespace(scope), name.split("."))
        if found is None and scope:
            found = self._found(name, scope.rpartition(".")[0])
        self._known[scope, name] = found
        return found

    def namespace(self, full_name: str) -> _Namespace:
        """The namespace of a package, message or service."""
        return self._packages.get(full_name) or self.namespaces.of(full_name)

    def member(self, target: Target, path: Sequence[str]) -> Target | None:
        """What a path means below a member of a namespace."""
        if not path:
            return target
        if target.kind in _NAMESPACES:
            return _below(self, self.namespace(target.full_name), path)
        enum = self.namespaces.schema.enums.get(target.full_name)
        values = {value.name: value for value in enum.values} if enum is not None and len(path) == 1 else {}
        value = values.get(path[0])
        return Target(TargetKind.VALUE, value.full_name, target.full_name) if value is not None else None

    @cached_property
    def _packages(self) -> dict[str, _Namespace]:
        """The packages of the loaded files."""
        found = {"": _Namespace("")}
        for file in self._loaded():
            package = ""
            for part in file.package.split(".") if file.package else ():
                parent, package = found[package], f"{package}.{part}" if package else part
                if package not in found:
                    found[package] = _Namespace(package)
                    parent.members[part] = TargetKind.PACKAGE
                    parent.nested.append(found[package])
            declared = self.namespaces.of_file(file)
            found[package].members.update(declared.members)
            found[package].nested.extend(declared.nested)
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


def _below(lookup: Lookup, namespace: _Namespace, path: Sequence[str]) -> Target | None:
    """What a path means in a namespace.

    If it has no member of the first name, the first of its nested namespaces with one decides, depth first.
    """
    name = path[0]
    if name in namespace.members:
        return lookup.member(namespace.target(name), path[1:])
    for nested in namespace.nested:
        found = _below(lookup, nested, path) if nested.nested or name in nested.members else None
        if found is not None:
            return found
    return None
