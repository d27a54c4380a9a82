"""What the printer writes compiles, and declares what the sources do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest
from google.protobuf import descriptor_pb2 as pb

from tests.conftest import REPOSITORY
from tests.support import client_trees, message_trees, options_trees, site_trees
from tests.support.protos_of import proto3, write
from toolkit.descriptors.compile import Compilation, compile_tree
from toolkit.descriptors.loader import load
from toolkit.descriptors.model import File, Message, Schema
from toolkit.targets.proto.printer import Printer

HARD = """
edition = "2023";
package acme.hard.v1;
option features.field_presence = IMPLICIT;
option features.enum_type = CLOSED;
option features.message_encoding = DELIMITED;
option features.repeated_field_encoding = EXPANDED;
message Outer {
  string text = 1 [default = "", features.field_presence = EXPLICIT];
  repeated int32 loose = 2;
  repeated State tight = 3 [features.repeated_field_encoding = PACKED];
  Outer again = 4;
  map<int32, Outer> by_number = 5;
  reserved one, two;
  reserved 10, 20 to 30;
  reserved 1000 to max;
}
enum State { ON = 1; OFF = -1; reserved -10 to -5, 100 to max; reserved gone; }
"""
OLD = r"""
syntax = "proto2";
package acme.old.v1;
import public "other.proto";
message Book {
  optional string title = 1 [default = "a\"b\\c\n\001\t'é?", json_name = "Title|\"x"];
  optional bytes raw = 2 [default = "a\"b\\c\n\001\377'"];
  optional double many = 3 [default = inf];
  optional float few = 4 [default = -1.5e-10];
  optional double none = 5 [default = nan];
  optional bool yes = 6 [default = true];
  optional uint64 big = 7 [default = 18446744073709551615];
  optional Kind kind = 8 [default = inf];
  repeated int32 packed = 9 [packed = true];
  enum Kind { nan = 3; inf = 4; }
  oneof choice { int32 number = 10; group Chosen = 11 { required string why = 1; optional group Inner = 2 { } } }
  optional group Shelf = 12 [deprecated = true] { option deprecated = true; extensions 5; }
  message Plain { optional Shelf shelf = 1; optional acme.other.Book other = 2; optional .acme.old.v1.Book self = 3; }
  extensions 100 to 199, 300;
  extensions 1000 to max;
  extend Shelf { optional int32 Book = 5; }
  extend acme.old.v1.Book { repeated group Added = 100 { optional string text = 1; } }
  reserved 50, 60 to 70, 80 to 81;
  reserved "not a name", "gone\"";
}
message Set { option message_set_wire_format = true; extensions 4 to max; }
extend Book { optional Book more = 300; optional group Own = 1000 { } }
extend Set { optional Book in_set = 4; }
"""
SHADOWS = """
import "google/protobuf/timestamp.proto";
import "google/api/annotations.proto";
message string { message acme { string a = 1; .acme.shadows.v1.Thing b = 2; } acme c = 3; .acme.shadows.v1.string d = 4; }
message Thing {
  message Thing { .acme.shadows.v1.Thing outer = 1; Thing inner = 2; }
  message google { string timestamp = 1; }
  .google.protobuf.Timestamp time = 1;
  Thing inner = 2;
  .acme.shadows.v1.optional odd = 3;
  oneof Both { google first = 4; int32 second = 5; }
  Kind Kind = 6;
  optional Thing maybe = 7;
  optional int32 count = 8;
  map<string, Thing> things = 9;
  map<string, Kind> kinds = 10;
}
message optional {}
message None { int32 count = 1; Kind inner = 2; }
enum Kind { ZERO = 0; ALSO_ZERO = 0; option allow_alias = true; option deprecated = true; OLD = 1 [deprecated = true]; }
service Things {
  rpc Thing(.acme.shadows.v1.Thing) returns (stream Thing.Thing);
  rpc None(stream .acme.shadows.v1.None) returns (.acme.shadows.v1.None) {
    option deprecated = true;
    option idempotency_level = IDEMPOTENT;
    option (google.api.http) = {
      patch: "/v1/{count=*}\\\\\\"" body: "inner" response_body: "count"
      additional_bindings { custom { kind: "HEAD" path: "/v1" } body: "*" }
      additional_bindings { custom { kind: "get" path: "/v1" } }
    };
  }
}
"""
OTHER = proto3("acme.other", "message Book {}")
TREES: dict[str, Mapping[str, str]] = {
    "hard": {"hard.proto": HARD},
    "old": {"old.proto": OLD, "other.proto": OTHER},
    "shadows": {"shadows.proto": proto3("acme.shadows.v1", SHADOWS)},
    "no package": {"a.proto": 'syntax = "proto3"; message A { B b = 1; message C { A a = 1; } } message B {}'},
    "messages": message_trees.TREE,
    "clients": client_trees.SOURCES,
    "options": options_trees.TREE,
    "library": {name.removeprefix("protos/"): text for name, text in site_trees.TREE.items()},
}
FOLDERS = {
    "demo": (REPOSITORY / "site/demo/protos", REPOSITORY / "protos"),
    "own": (REPOSITORY / "protos",),
}


def compiled(name: str, folder: Path) -> Compilation:
    """One of the trees."""
    compilation = compile_tree(FOLDERS[name] if name in FOLDERS else [write(folder, TREES[name])])
    assert not compilation.diagnostics
    return compilation


def printed(file: File, schema: Schema, printer: Printer) -> str:
    """All elements of a file as they are printed, in a file of the same syntax, package and imports."""
    is_edition = file.edition not in ("proto2", "proto3")
    lines = [f'{"edition" if is_edition else "syntax"} = "{file.edition}";']
    lines += [f"package {file.package};"] if file.package else []
    lines += [f'import {"public " if name in file.public_imports else ""}"{name}";' for name in file.imports]
    lines += [printer.message(schema.message(name)) for name in file.messages if not is_own_group(name, file)]
    lines += [printer.enum(schema.enum(name)) for name in file.enums]
    lines += [printer.service(schema.service(name), schema.service(name).methods) for name in file.services]
    return "\n".join([*lines, printer.extensions(file.extensions, file.package)])


def is_own_group(name: str, file: File) -> bool:
    """Whether a message is declared by an extension of a file."""
    return any(
        one.delimited and one.type.name == name and one.name == one.type.short_name.lower() for one in file.extensions
    )


def again(compilation: Compilation, folder: Path, printer: Printer) -> Compilation:
    """The same tree, compiled from what is printed of its files."""
    files = (file for name, file in printer.schema.files.items() if not name.startswith("google/protobuf/"))
    sources = {file.name: printed(file, printer.schema, printer) for file in files}
    made = compile_tree([write(folder, sources)])
    assert not made.diagnostics, made.diagnostics
    return made


def bare(value: Any) -> Any:
    """An element, or several, without what is not printed: places, comments and options."""
    if isinstance(value, tuple):
        return tuple(map(bare, value))
    if not is_dataclass(value) or isinstance(value, type):
        return value
    kept = {one.name: bare(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Message):
        kept |= {name: frozenset(kept[name]) for name in ("messages", "enums")}
    return {name: each for name, each in kept.items() if name not in ("location", "comment", "options", "deprecated")}


def declared(files: Iterable[pb.FileDescriptorProto]) -> Iterator[tuple[object, ...]]:
    """The fields and values of descriptors, with their numbers and types."""
    for file in files:
        messages = [(f".{file.package}", message) for message in file.message_type]
        enums = [(f".{file.package}", enum) for enum in file.enum_type]
        while messages:
            scope, message = messages.pop()
            name = f"{scope}.{message.name}"
            messages += [(name, nested) for nested in message.nested_type]
            enums += [(name, nested) for nested in message.enum_type]
            for one in (*message.field, *message.extension):
                yield name, one.name, one.number, one.type, one.label, one.type_name, one.extendee, one.default_value
        yield from ((scope, enum.name, value.name, value.number) for scope, enum in enums for value in enum.value)
        yield from (("", one.name, one.number, one.type, one.type_name, one.extendee) for one in file.extension)


def asked_for(compilation: Compilation) -> list[pb.FileDescriptorProto]:
    """The descriptors of the files of a tree."""
    files = pb.FileDescriptorSet.FromString(compilation.descriptor_set).file
    return [file for file in files if file.name in (compilation.requested or ())]


@pytest.mark.parametrize("name", [*TREES, *FOLDERS])
def test_round_trip(name: str, tmp_path: Path) -> None:
    """Printed files compile to the same elements, with hostile comments or without any."""
    first = compiled(name, tmp_path / "first")
    schema = load(first)
    for number, printer in enumerate((Printer(schema), Printer(schema, lambda element: "*/ } x\n;\r\"'\v\u2028//"))):
        second = again(first, tmp_path / str(number), printer)
        assert sorted(map(repr, declared(asked_for(first)))) == sorted(map(repr, declared(asked_for(second))))
        made = load(second)
        for was, now in (
            (schema.messages, made.messages),
            (schema.enums, made.enums),
            (schema.services, made.services),
        ):
            assert {key: bare(each) for key, each in was.items()} == {key: bare(each) for key, each in now.items()}
        for file in schema.files.values():
            assert bare(file.extensions) == bare(made.files[file.name].extensions)
