"""Extensions by number, where several have the same: protoc warns of that, and the runtime refuses it.

Two teams that take the example number of the protobuf manual share one in a
tree, and each file still means the extension that it imports. So a pool holds
one extension of a number, and for the files that see another one there is a
further pool: a layer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from google.protobuf import descriptor_pb2 as pb
from google.protobuf.descriptor_pool import DescriptorPool

from toolkit.descriptors.model import Field, Schema
from toolkit.errors import Diagnostic, Location, SchemaError
from toolkit.printing import printable

WITH_IMPORTS = "make the set with --include_imports"
_RENUMBER = "a program cannot load both: give one of them another number"

Number = tuple[str, int]
"""What is extended, and the number."""


def extends(file: pb.FileDescriptorProto) -> bool:
    """Whether a file declares extensions: of options, or of messages that are values of options."""
    return any(holder.extension for holder in _holders(file))


def _holders(file: Any) -> Iterator[Any]:
    """The file and its messages, each of which may declare extensions."""
    stack = [file]
    while stack:
        holder = stack.pop()
        yield holder
        stack.extend(holder.message_type if holder is file else holder.nested_type)


def imports_first(names: Iterable[str], files: Mapping[str, pb.FileDescriptorProto]) -> list[str]:
    """The files and what they import, imports first."""
    done: dict[str, None] = {}
    started: set[str] = set()
    stack = [(name, False) for name in sorted(names, reverse=True)]
    while stack:
        name, visited = stack.pop()
        if visited:
            done[name] = None
        elif name not in started and name in files:
            started.add(name)
            stack.append((name, True))
            stack.extend((other, False) for other in files[name].dependency if other not in started)
    return list(done)


class Layers:
    """Which extension has its number in which pool, and which pool knows what a file means."""

    def __init__(self, files: Mapping[str, pb.FileDescriptorProto]) -> None:
        self._names = frozenset(files)
        declaring: dict[Number, dict[str, None]] = {}
        for name, file in sorted(files.items()):
            for holder in _holders(file):
                for extension in holder.extension:
                    declaring.setdefault((extension.extendee, extension.number), {})[name] = None
        self._owners = {number: list(names) for number, names in declaring.items() if len(names) > 1}
        self.count = max(map(len, self._owners.values()), default=1)
        self._layers = self._of_files(files) if self._owners else {}

    def _of_files(self, files: Mapping[str, pb.FileDescriptorProto]) -> dict[str, int]:
        """For each file the first layer with an extension that it sees of those that share a number."""
        places = {(number, name): at for number, names in self._owners.items() for at, name in enumerate(names)}
        owning: dict[str, set[tuple[Number, str]]] = {}
        for number, name in places:
            owning.setdefault(name, set()).add((number, name))
        seen: dict[str, set[tuple[Number, str]]] = {}
        for name in imports_first(files, files):
            seen[name] = owning.get(name, set()).union(*(seen.get(other, ()) for other in files[name].dependency))
        first: dict[str, dict[Number, int]] = {}
        for name, found in seen.items():
            for each in found:
                of_file = first.setdefault(name, {})
                of_file[each[0]] = min(places[each], of_file.get(each[0], self.count))
        return {name: max(of_file.values()) for name, of_file in first.items()}

    def layer(self, name: str) -> int:
        """The layer that knows the extensions that a file sees."""
        return self._layers.get(name, 0)

    def add(self, pool: DescriptorPool, file: pb.FileDescriptorProto, layer: int = 0) -> None:
        """Add a file to the pool of a layer, without the extensions whose numbers others have there."""
        bare = pb.FileDescriptorProto()
        bare.MergeFromString(file.SerializeToString())
        bare.ClearField("source_code_info")
        taken: set[Number] = set()
        for holder in _holders(bare):
            for at, extension in reversed(list(enumerate(holder.extension))):
                number = extension.extendee, extension.number
                owners = self._owners.get(number, [file.name])
                if owners[min(layer, len(owners) - 1)] != file.name or number in taken:
                    del holder.extension[at]
                taken.add(number)
        try:
            pool.AddSerializedFile(bare.SerializeToString())
        except TypeError as error:
            hint = WITH_IMPORTS if not self._names.issuperset(file.dependency) else ""
            what = printable(f"cannot be loaded: {error}")  # names have not been checked yet
            raise SchemaError(what, location=Location(printable(file.name)), hint=hint) from None


def shared_numbers(schema: Schema) -> list[Diagnostic]:
    """Warnings for extensions of the files asked for that have the number of another one."""
    by_number: dict[Number, list[Field]] = {}
    for extension in schema.extensions.values():
        by_number.setdefault((extension.extendee, extension.number), []).append(extension)
    found = []
    for (extendee, number), extensions in sorted(by_number.items()):
        first, *others = sorted(extensions, key=lambda extension: extension.location)
        if any(schema.files[extension.location.file].requested for extension in extensions):
            what = f"number {number} of {extendee} is also used by {first.full_name} at {first.location}"
            found += [Diagnostic(other.location, f"{other.full_name}: {what}", _RENUMBER) for other in others]
    return sorted(found)
