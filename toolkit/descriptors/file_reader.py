"""One ``FileDescriptorProto`` → the elements of the model that it declares."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence, Set
from typing import Any

from google.protobuf import descriptor_pb2 as pb

from toolkit.descriptors import comments, features, options
from toolkit.descriptors.casing import camel_case
from toolkit.descriptors.comments import decoded
from toolkit.descriptors.extensions import WITH_IMPORTS
from toolkit.descriptors.features import Features
from toolkit.descriptors.http import http_rules
from toolkit.descriptors.model import (
    Cardinality,
    Comment,
    Enum,
    EnumValue,
    Field,
    File,
    Kind,
    Message,
    Method,
    Oneof,
    Presence,
    Service,
    TypeRef,
)
from toolkit.errors import Location, SchemaError
from toolkit.printing import printable

_PACKAGE = re.compile(r"(?:[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)?\Z")
_FILE = re.compile(r"(?!/)(?:(?!\.\.?(?:/|\Z))[^/\x00-\x1f\\]+(?:/(?!\Z)|\Z))+\Z")
_SCALARS = {
    number: TypeRef(Kind.SCALAR, name.removeprefix("TYPE_").lower())
    for name, number in pb.FieldDescriptorProto.Type.items()
}
_REPEATED = pb.FieldDescriptorProto.LABEL_REPEATED
_REQUIRED = pb.FieldDescriptorProto.LABEL_REQUIRED
_GROUP = pb.FieldDescriptorProto.TYPE_GROUP
_MESSAGE = pb.FieldDescriptorProto.TYPE_MESSAGE
_DOUBLE = pb.FieldDescriptorProto.TYPE_DOUBLE
_ENUM = pb.FieldDescriptorProto.TYPE_ENUM
_PACKABLE = set(_SCALARS) - {_GROUP, _MESSAGE, pb.FieldDescriptorProto.TYPE_STRING, pb.FieldDescriptorProto.TYPE_BYTES}
_PRESENCE: dict[int, Presence] = {
    pb.FeatureSet.EXPLICIT: Presence.EXPLICIT,
    pb.FeatureSet.IMPLICIT: Presence.IMPLICIT,
    pb.FeatureSet.LEGACY_REQUIRED: Presence.REQUIRED,
}
_CUSTOM = 1000
_NOT_YET = Message(full_name="", name="", location=Location(""), package="")
_LAST = (sys.maxsize,)

SourcePath = tuple[int, ...]


class FileReader:
    """Reads one FileDescriptorProto into ``file``, ``messages``, ``enums`` and ``services``."""

    def __init__(self, proto: Any, known: Container[str], skipped: Set[SourcePath]) -> None:
        self.proto = proto
        self._skipped = skipped
        self.name: str = proto.name
        self.messages: dict[str, Message] = {}
        self.enums: dict[str, Enum] = {}
        self.services: dict[str, Service] = {}
        self._declared: set[str] = set()
        if not (isinstance(self.name, str) and _FILE.match(self.name)):
            raise SchemaError(f"{self.name!r} is not a file name that protobuf allows")
        if not (isinstance(proto.package, str) and _PACKAGE.match(proto.package)):
            raise SchemaError(f"{proto.package!r} is not a package name", location=Location(self.name))
        for imported in proto.dependency:
            if imported not in known:
                raise SchemaError(
                    f"{printable(imported)} is imported but not in the set",
                    location=Location(self.name),
                    hint=WITH_IMPORTS,
                )
        self._locations: dict[SourcePath, Any] = {}
        self._find_locations()
        try:
            self.file = self._file()
        except SchemaError as error:
            place = error.location or Location(self.name)
            raise SchemaError(error.message, location=place, hint=error.hint) from None
        self._locations.clear()

    def _find_locations(self) -> None:
        """Find the places of elements and options by source path.

        Elements and options have paths of even length; the odd ones are parts of elements, which nobody asks for, and
        members of custom options (their numbers begin at 1000). Such an option, or a member of it, begins where the
        first of its own members does.
        """
        locations, skipped, none_of = self._locations, self._skipped, self._none_of()
        for location in self.proto.source_code_info.location:
            found = location.path
            length = len(found)
            if none_of and length and found[0] in none_of:
                continue
            part = length % 2 == 1 and length != 1
            if part and length < 7 and found[1 if length < 5 else 3] < _CUSTOM:
                continue  # most are; a copy of the path costs more than all else here
            if len(location.span) < 3:
                continue  # no compiler writes that
            path = found[:]
            if skipped and tuple(path[:2]) in skipped:
                continue
            if not part:
                locations.setdefault(tuple(path), location)
            if length > 2 and (max(path) if length > 6 else path[1 if length < 5 else 3]) >= _CUSTOM:
                for end in range(next(n for n, number in enumerate(path, 1) if number >= _CUSTOM), length + 1):
                    locations.setdefault(tuple(path[:end]), location)

    def _none_of(self) -> Set[int]:
        """The fields of the file of which all elements are skipped."""
        counts = {4: len(self.proto.message_type), 5: len(self.proto.enum_type), 6: len(self.proto.service)}
        found = Counter(number for number, _ in self._skipped)
        return {number for number, count in found.items() if count == counts[number]}

    def _file(self) -> File:
        proto = self.proto
        edition, top = features.of_file(proto)
        package = proto.package
        deprecated = proto.options.deprecated
        messages = tuple(self._message(m, package, at, top, deprecated) for at, m in self._top(4, proto.message_type))
        enums = tuple(self._enum(e, package, at, top, deprecated) for at, e in self._top(5, proto.enum_type))
        services = tuple(self._service(s, package, at, deprecated) for at, s in self._top(6, proto.service))
        return File(
            name=self.name,
            package=package,
            edition=edition,
            imports=tuple(proto.dependency),
            public_imports=self._public_imports(proto),
            messages=messages,
            enums=enums,
            services=services,
            extensions=tuple(
                self._field(e, package, (7, i), top, deprecated, ()) for i, e in enumerate(proto.extension)
            ),
            comment=self._file_comment(),
            options=self._options(proto, ()),
            deprecated=deprecated,
            locations=self._statements(proto),
        )

    def _public_imports(self, proto: Any) -> tuple[str, ...]:
        if not all(0 <= index < len(proto.dependency) for index in proto.public_dependency):
            raise SchemaError("a public import is not among the imports", location=Location(self.name))
        return tuple(proto.dependency[index] for index in proto.public_dependency)

    def _top(self, number: int, elements: Iterable[Any]) -> Iterator[tuple[SourcePath, Any]]:
        """Elements of the file's top that are wanted, with their paths."""
        paths = (((number, index), element) for index, element in enumerate(elements))
        return (pair for pair in paths if pair[0] not in self._skipped) if self._skipped else paths

    def _statements(self, proto: Any) -> dict[str, Location]:
        """Where the statements of the file stand."""
        paths: dict[str, SourcePath] = {"syntax": (12,), "package": (2,)}
        if (14,) in self._locations:  # an edition's file
            paths["syntax"] = (14,)
        paths.update((option.full_name, (8, option.number)) for option, _ in proto.options.ListFields())
        found = {name: self._locations[path].span for name, path in paths.items() if path in self._locations}
        return {name: Location(self.name, span[0] + 1, span[1] + 1) for name, span in found.items()}

    def _file_comment(self) -> Comment:
        for path in ((2,), (12,), (14,)):
            if path in self._locations:
                comment = comments.of_location(self._locations[path])
                if comment.leading or comment.detached:
                    return comment
        return comments.NONE

    def _common(self, proto: Any, scope: str, path: SourcePath, inherited: bool) -> dict[str, Any]:
        """What every element has."""
        name = proto.name
        if not (isinstance(name, str) and name.isascii() and name.isidentifier()):
            where = f" in {scope}" if scope else ""
            raise SchemaError(f"{name!r}{where} is not a name that protobuf allows", location=Location(self.name))
        full_name = f"{scope}.{name}" if scope else name
        if full_name in self._declared:
            raise SchemaError(f"{full_name} is declared twice", location=Location(self.name))
        self._declared.add(full_name)
        found = self._locations.get(path)
        if found is None:
            location, comment = Location(self.name), comments.NONE
        else:
            span = found.span
            location = Location(self.name, span[0] + 1, span[1] + 1)
            comment = comments.of_location(found)
        set_options = self._options(proto, path) if proto.HasField("options") else {}
        return {
            "full_name": full_name,
            "name": name,
            "location": location,
            "comment": comment,
            "options": set_options,
            "deprecated": inherited or (bool(set_options) and getattr(proto.options, "deprecated", False)),
        }

    def _options(self, proto: Any, path: SourcePath) -> dict[str, Any]:
        if not proto.HasField("options"):
            return {}
        number = proto.DESCRIPTOR.fields_by_name["options"].number
        return options.plain_options(proto.options, (*path, number), self._order)

    def _order(self, path: SourcePath) -> tuple[int, ...]:
        location = self._locations.get(path)
        return tuple(location.span) if location is not None else _LAST

    def _message(self, proto: Any, scope: str, path: SourcePath, above: Features, inherited: bool) -> str:
        common = self._common(proto, scope, path, inherited)
        full_name = common["full_name"]
        here = above.override(proto.options.features) if proto.options.HasField("features") else above
        deprecated = common["deprecated"]
        # Takes its place before its nested ones, so that the order of the dict is the order of the file.
        self.messages[full_name] = _NOT_YET
        entries = {f".{full_name}.{n.name}": n for n in proto.nested_type if n.options.map_entry}
        names = [o.name for o in proto.oneof_decl]
        fields = tuple(
            [
                self._map_field(f, entries[f.type_name], full_name, (*path, 2, i), here, deprecated)
                if f.type_name in entries
                else self._field(f, full_name, (*path, 2, i), here, deprecated, names)
                for i, f in enumerate(proto.field)
            ]
        )
        self.messages[full_name] = Message(
            **common,
            package=self.proto.package,
            fields=fields,
            oneofs=tuple(self._oneofs(proto, full_name, path, fields, deprecated)),
            messages=tuple(
                self._message(n, full_name, (*path, 3, i), here, deprecated)
                for i, n in enumerate(proto.nested_type)
                if not n.options.map_entry
            ),
            enums=tuple(
                self._enum(e, full_name, (*path, 4, i), here, deprecated) for i, e in enumerate(proto.enum_type)
            ),
            extensions=tuple(
                self._field(e, full_name, (*path, 6, i), here, deprecated, ()) for i, e in enumerate(proto.extension)
            ),
            extension_ranges=tuple((r.start, r.end) for r in proto.extension_range),
            reserved_ranges=tuple((r.start, r.end) for r in proto.reserved_range),
            reserved_names=tuple(map(decoded, proto.reserved_name)),
        )
        return str(full_name)

    def _oneofs(
        self, proto: Any, scope: str, path: SourcePath, fields: Sequence[Field], inherited: bool
    ) -> Iterator[Oneof]:
        for i, oneof in enumerate(proto.oneof_decl):
            members = tuple(f.name for f in fields if f.oneof == oneof.name)
            if members:  # a synthetic one has none left
                yield Oneof(**self._common(oneof, scope, (*path, 8, i), inherited), fields=members)

    def _field(
        self, proto: Any, scope: str, path: SourcePath, above: Features, inherited: bool, oneofs: Sequence[str]
    ) -> Field:
        common = self._common(proto, scope, path, inherited)
        here = above
        if common["options"] and proto.options.HasField("features"):
            here = above.override(proto.options.features)
        repeated = proto.label == _REPEATED
        number = proto.type
        oneof = ""
        if proto.HasField("oneof_index") and not proto.proto3_optional:
            if not 0 <= proto.oneof_index < len(oneofs):
                raise SchemaError(f"{common['full_name']} is in a oneof that is not there", location=common["location"])
            oneof = oneofs[proto.oneof_index]
        return Field(
            **common,
            number=proto.number,
            json_name=decoded(proto.json_name) or camel_case(proto.name),
            type=_type(proto),
            cardinality=Cardinality.REPEATED if repeated else Cardinality.SINGULAR,
            presence=Presence.NONE if repeated else _presence(proto, here, bool(oneof)),
            oneof=oneof,
            default=decoded(proto.default_value) if proto.HasField("default_value") else None,
            packed=repeated and number in _PACKABLE and _packed(proto, here),
            delimited=number == _GROUP or (number == _MESSAGE and here.message_encoding == pb.FeatureSet.DELIMITED),
            extendee=_reference(proto.extendee) if proto.extendee else "",
        )

    def _map_field(
        self, proto: Any, entry: Any, scope: str, path: SourcePath, above: Features, inherited: bool
    ) -> Field:
        if [member.number for member in entry.field] != [1, 2]:
            raise SchemaError(f"{scope}.{entry.name} is not a map entry: it has not a key and a value")
        key, value = entry.field
        return Field(
            **self._common(proto, scope, path, inherited),
            number=proto.number,
            json_name=decoded(proto.json_name) or camel_case(proto.name),
            type=_type(value),
            cardinality=Cardinality.MAP,
            key=_type(key).name,
            presence=Presence.NONE,
        )

    def _enum(self, proto: Any, scope: str, path: SourcePath, above: Features, inherited: bool) -> str:
        common = self._common(proto, scope, path, inherited)
        here = above.override(proto.options.features) if proto.options.HasField("features") else above
        self.enums[common["full_name"]] = Enum(
            **common,
            package=self.proto.package,
            values=tuple(
                [
                    EnumValue(**self._common(v, scope, (*path, 2, i), common["deprecated"]), number=v.number)
                    for i, v in enumerate(proto.value)
                ]
            ),
            closed=here.enum_type == pb.FeatureSet.CLOSED,
            reserved_ranges=tuple((r.start, r.end) for r in proto.reserved_range),
            reserved_names=tuple(map(decoded, proto.reserved_name)),
        )
        return str(common["full_name"])

    def _service(self, proto: Any, scope: str, path: SourcePath, inherited: bool) -> str:
        common = self._common(proto, scope, path, inherited)
        self.services[common["full_name"]] = Service(
            **common,
            package=self.proto.package,
            methods=tuple(
                [
                    self._method(m, common["full_name"], (*path, 2, i), common["deprecated"])
                    for i, m in enumerate(proto.method)
                ]
            ),
        )
        return str(common["full_name"])

    def _method(self, proto: Any, scope: str, path: SourcePath, inherited: bool) -> Method:
        common = self._common(proto, scope, path, inherited)
        return Method(
            **common,
            input=_reference(proto.input_type),
            output=_reference(proto.output_type),
            client_streaming=proto.client_streaming,
            server_streaming=proto.server_streaming,
            http=tuple(http_rules(common["options"])),
        )


def _reference(name: str) -> str:
    """The full name that a descriptor writes with a dot before it."""
    if isinstance(name, bytes):
        raise SchemaError(f"{name!r} is not a name that protobuf allows")
    return name.removeprefix(".")


def _type(proto: Any) -> TypeRef:
    number = proto.type
    if number == _DOUBLE and not proto.HasField("type"):
        raise SchemaError(f"{proto.name} has no type")
    if number == _ENUM:
        return TypeRef(Kind.ENUM, _reference(proto.type_name))
    if number in (_MESSAGE, _GROUP):
        return TypeRef(Kind.MESSAGE, _reference(proto.type_name))
    found = _SCALARS.get(number)
    if found is None:
        raise SchemaError(f"{proto.name} has the unknown type {number}")
    return found


def _presence(proto: Any, here: Features, in_oneof: bool) -> Presence:
    if proto.label == _REQUIRED:
        return Presence.REQUIRED
    if in_oneof or proto.proto3_optional or proto.extendee or proto.type == _GROUP:
        return Presence.EXPLICIT
    if proto.type == _MESSAGE and here.field_presence != pb.FeatureSet.LEGACY_REQUIRED:
        return Presence.EXPLICIT
    return _PRESENCE[here.field_presence]


def _packed(proto: Any, here: Features) -> bool:
    if proto.options.HasField("packed"):
        return bool(proto.options.packed)
    return here.repeated_encoding == pb.FeatureSet.PACKED
