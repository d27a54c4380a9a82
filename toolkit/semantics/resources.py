"""Resources: messages and files declare their types and name patterns, and fields contain their names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Any, Literal

from toolkit.descriptors.finding import with_options
from toolkit.descriptors.model import Field, Message, Schema
from toolkit.semantics.mappings import Mappings
from toolkit.semantics.mappings.described import Described, option_values, strings

ANY_TYPE = "*"
"""Instead of the type of a resource: every type. Instead of a pattern: every name."""


@dataclass(frozen=True, slots=True)
class Resource:
    """A type of resource, such as ``library.example/Book``."""

    type: str
    patterns: tuple[str, ...]
    """The patterns of its names, such as ``shelves/{shelf}/books/{book}``; empty if any name is allowed."""
    message: str = ""
    """Full name of the message that declares it; empty if a file does."""
    name_field: str = ""
    """The field of the message that contains the name; empty if there is none."""


@dataclass(frozen=True, slots=True)
class ResourceName:
    """What a field contains the name of: this resource, another one, or the parent of another one."""

    role: Literal["own", "other", "parent"]
    type: str
    """The type of the resource; of the child, if the field names the parent; ``*`` for resources of any type."""
    patterns: tuple[str, ...]
    """The patterns of the value of the field; empty if unknown."""
    message: str
    """Full name of the message of the type; empty if the schema has none."""


Resources = Mapping[str, Sequence[Resource]]
"""Resources by type; several packages may declare the same one."""


def resources_of(schema: Schema, mappings: Mappings) -> Resources:
    """The resources of a schema by type, those of messages first."""
    found: dict[str, list[Resource]] = {}
    for message in with_options(schema):
        resource = resource_of(message, mappings)
        if resource is not None:
            found.setdefault(resource.type, []).append(resource)
    for file in schema.files.values():
        for resource in _declared(file.options, mappings.described):
            found.setdefault(resource.type, []).append(resource)
    return found


def resource_of(message: Message, mappings: Mappings) -> Resource | None:
    """The resource that a message is; None if it is not one."""
    for found in _declared(message.options, mappings.described):
        name = found.name_field or "name"
        return Resource(found.type, found.patterns, message.full_name, name if message.field(name) else "")
    return None


def _declared(options: Mapping[str, Any], described: Described) -> Iterator[Resource]:
    for mapping in described.resources if options else ():
        for value in option_values(options, mapping.option):
            one = {mapping.option: value}
            said = {key: list(strings(one, mapping.option, member)) for key, member in _members(mapping).items()}
            for type_ in filter(None, said["type"]):
                patterns = tuple(pattern for pattern in said["pattern"] if pattern not in ("", ANY_TYPE))
                yield Resource(type_, patterns, name_field="".join(said["name_field"][:1]))
                break


def _members(mapping: Any) -> dict[str, str]:
    return {key: getattr(mapping, key) for key in ("type", "pattern", "name_field")}


def resource_name(
    field: Field, message: Message | None, resources: Resources, mappings: Mappings
) -> ResourceName | None:
    """What a field of a message contains the name of; None if it contains no name."""
    values = mappings.described.values
    for type_ in values("reference", field.options):
        found = nearest(resources.get(type_, ()), field.full_name)
        return ResourceName("other", type_, found.patterns if found else (), found.message if found else "")
    for type_ in values("child_reference", field.options):
        found = nearest(resources.get(type_, ()), field.full_name)
        patterns = dict.fromkeys(filter(None, map(parent_pattern, found.patterns))) if found else ()
        return ResourceName("parent", type_, tuple(patterns), found.message if found else "")
    own = resource_of(message, mappings) if message is not None and message.options else None
    if own is None or own.name_field != field.name:
        return None
    return ResourceName("own", own.type, own.patterns, own.message)


def without_references(schema: Schema, types: Set[str], mappings: Mappings) -> Schema:
    """The schema without the options by which fields name resources of these types."""
    if not types:
        return schema
    references = {m.option for m in mappings.described.facts if m.fact in ("reference", "child_reference")}

    def changed(field: Field) -> Field:
        values = mappings.described.values
        if types.isdisjoint([*values("reference", field.options), *values("child_reference", field.options)]):
            return field
        return replace(field, options={name: v for name, v in field.options.items() if name not in references})

    messages = {
        name: replace(message, fields=tuple(map(changed, message.fields))) for name, message in schema.messages.items()
    }
    return replace(schema, messages=messages)


def nearest(declared: Sequence[Resource], full_name: str) -> Resource | None:
    """The resource among those of one type that shares the longest scope with an element."""
    scope = full_name.split(".")

    def shared(resource: Resource) -> int:
        pairs = zip(resource.message.split("."), scope, strict=False)
        return len([*takewhile(lambda pair: pair[0] == pair[1], pairs)])

    return max(declared, key=shared, default=None)


def parent_pattern(pattern: str) -> str:
    """The pattern of the parent's name: without the last ID and its collection, or the name of a singleton."""
    parts = pattern.split("/")
    return "/".join(parts[: -2 if parts[-1].startswith("{") else -1])
