"""The descriptors in generated packages."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from google.protobuf import descriptor_pb2 as pb
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message_factory import GetMessageClass

from toolkit.descriptors import well_known
from toolkit.descriptors.finding import file_of, typed
from toolkit.descriptors.model import Field, File, Message, Method, Schema
from toolkit.semantics.facts import Facts
from toolkit.semantics.operations import operation_service, operations_of
from toolkit.semantics.protovalidate import predefined, predefined_by

_LEFT_OUT = ("source_code_info", "dependency", "public_dependency", "weak_dependency", "option_dependency")
_OPTIONS = re.compile(r"\.?google\.protobuf\.\w+Options\Z")


def extensions_of(found: Iterable[Field]) -> list[Field]:
    """Extensions that can be in messages; those of options only concern the .proto files."""
    return [field for field in found if not _OPTIONS.match(field.extendee)]


def needed_files(facts: Facts, imported: Collection[str] = ()) -> dict[str, tuple[str, ...]]:
    """The files that need bindings, each with the files whose types it uses.

    These are the requested files and everything that their types refer to, and
    what they import to pack it in an Any, such as the details of errors; files
    that are only imported for options are left out. So is what is only
    used by ``imported`` packages, which others generate.
    """
    schema = facts.schema
    rules = predefined(schema)
    uses = {
        name: tuple(sorted({*_used(file, schema, rules), *called_files(file, schema, {})} - {name}))
        for name, file in schema.files.items()
    }
    found: dict[str, tuple[str, ...]] = {}
    queue = [name for name, file in schema.files.items() if file.requested and file.package not in imported]
    operations = operations_of(schema)
    for file in [schema.files[name] for name in queue]:
        queue += called_files(file, schema, operations)
        queue += [name for name in file.imports if _is_packed(schema.files[name])]
    while queue:
        name = queue.pop()
        if name not in found and name not in well_known.FILES:
            found[name] = uses[name]
            queue += uses[name] if schema.files[name].package not in imported else ()
    return dict(sorted(found.items()))


def _is_packed(file: File) -> bool:
    """Whether a file only has types, so that it is imported for them even if no field or method names one."""
    is_for_options = bool(file.extensions) or any(_OPTIONS.match(name) for name in file.messages)
    return bool(file.messages) and not file.services and not is_for_options


def called_files(file: File, schema: Schema, operations: Mapping[str, Message]) -> Iterator[str]:
    """The files with the messages that the services of a file send and receive, those of polling ``operations`` too."""
    for service in file.services:
        for method in schema.services[service].methods:
            names = _messages(method, schema, operations.get(method.output))
            yield from filter(None, (file_of(schema, name) for name in names))


def _messages(method: Method, schema: Schema, operation: Message | None) -> Iterator[str]:
    """The messages that a method sends and receives, including those of polling its operation."""
    yield from (method.input, method.output)
    service = operation_service(operation, schema) if operation is not None else None
    if service is not None:
        yield service.get.input
        if service.cancel is not None:
            yield from (service.cancel.input, service.cancel.output)


def _used(file: File, schema: Schema, rules: Mapping[str, Field]) -> set[str]:
    found_types = [each for each in typed(schema, file) if not _OPTIONS.match(each[1])]
    found = {file_of(schema, name) for each in found_types for name in each if name}
    if rules:  # otherwise there is no need to read all messages
        used = {name for one in _fields(file, schema) for name in predefined_by(one)}
        found |= {rules[name].location.file for name in used & rules.keys()}
    return {name for name in found if name is not None}


def _fields(file: File, schema: Schema) -> Iterator[Field]:
    yield from extensions_of(file.extensions)
    stack = list(file.messages)
    while stack:
        message = schema.messages[stack.pop()]
        stack += message.messages
        yield from message.fields
        yield from extensions_of(message.extensions)


def bare_descriptors(descriptor_set: bytes, uses: Mapping[str, tuple[str, ...]]) -> dict[str, bytes]:
    """The files as bytes, without comments, declarations of options, and imports that are only needed for options."""
    found: dict[str, bytes] = {}
    for file in _class().FromString(descriptor_set).file:
        if file.name in uses and file.name not in found:
            found[file.name] = _bare(file, uses[file.name]).SerializeToString(deterministic=True)
    return found


def option_files(descriptor_set: bytes, schema: Schema) -> dict[str, tuple[bytes, list[str]]]:
    """The files that declare custom options, and what they import, each with its imports and without comments."""
    files = {file.name: file for file in _class().FromString(descriptor_set).file}
    queue = [e.location.file for e in schema.extensions.values() if _OPTIONS.match(e.extendee)]
    found: dict[str, tuple[bytes, list[str]]] = {}
    while queue:
        name = queue.pop()
        if name in found or name not in files or name.startswith("google/protobuf/"):
            continue
        file = files[name]
        file.ClearField("source_code_info")
        imports = list(file.dependency)
        found[name] = file.SerializeToString(deterministic=True), imports
        queue += imports
    return dict(sorted(found.items()))


@cache
def _class() -> Any:
    """The class of descriptor sets, of a pool without extensions: an option is written as it was read, known or not."""
    pool = DescriptorPool()
    pool.AddSerializedFile(pb.DESCRIPTOR.serialized_pb)
    return GetMessageClass(pool.FindMessageTypeByName(pb.FileDescriptorSet.DESCRIPTOR.full_name))


def _bare(file: Any, imports: tuple[str, ...]) -> Any:
    for name in _LEFT_OUT:
        if name in file.DESCRIPTOR.fields_by_name:
            file.ClearField(name)
    file.dependency.extend(imports)
    _keep_extensions(file.extension)
    messages = list(file.message_type)
    while messages:
        message = messages.pop()
        _keep_extensions(message.extension)
        messages += message.nested_type
    return file


def _keep_extensions(extensions: Any) -> None:
    for index in reversed(range(len(extensions))):
        if _OPTIONS.match(extensions[index].extendee):
            del extensions[index]
