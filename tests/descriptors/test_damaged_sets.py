"""Damaged descriptor sets: what is read of them, or an error that names the file."""

from __future__ import annotations

import random
from contextlib import suppress

import pytest
from google.protobuf import descriptor_pb2 as pb

from tests.support.protos_of import set_of, write
from toolkit.changes.sets import ParsedSet, compare_sets
from toolkit.descriptors.compile import Compilation, compile_tree
from toolkit.descriptors.dump import dump
from toolkit.descriptors.dynamic import DynamicClasses
from toolkit.descriptors.loader import load
from toolkit.errors import Location, SchemaError, ToolkitError
from toolkit.semantics.mappings import built_in

SOURCE = """syntax = "proto2";
package acme;
import "google/protobuf/descriptor.proto";
message Note { optional string text = 1; map<string, int32> counts = 2; repeated Note notes = 3; }
extend google.protobuf.FieldOptions { optional Note note = 50001; }
// A message.
message M {
  optional int32 a = 1 [default = 5, (note) = { text: "words" counts { key: "kk" value: 3 } }];
  optional Color c = 2 [default = BLUE];
  oneof choice { string p = 3; M q = 4; }
  map<string, M> mm = 5;
  optional bytes y = 6 [default = "z"];
  reserved 20 to 30;
  extensions 100 to 200;
}
enum Color { RED = 1; BLUE = 2; }
extend M { optional double ext = 100 [default = 1.5]; }
service S { rpc Do(M) returns (stream M); }
"""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Compilation:
    """A set with everything that can be damaged."""
    compilation = compile_tree([write(tmp_path_factory.mktemp("tree"), {"acme/a.proto": SOURCE})])
    assert not compilation.diagnostics
    return compilation


def everything(compilation: Compilation, other: Compilation) -> None:
    """Whatever is made of a set itself."""
    dump(load(compilation))
    DynamicClasses(compilation).parse("acme.M", '{"a": 1}')
    for pair in ((compilation, other), (other, compilation)):
        compare_sets(*map(ParsedSet, pair), built_in())


def _file(**members: object) -> pb.FileDescriptorProto:
    return pb.FileDescriptorProto(name="acme/a.proto", package="acme", message_type=[{"name": "M"}], **members)


def _in_oneof(index: int) -> pb.FileDescriptorProto:
    field = pb.FieldDescriptorProto(name="f", number=1, label=1, type=9, oneof_index=index)
    file = _file()
    file.message_type[0].field.append(field)
    file.message_type[0].oneof_decl.add(name="o")
    return file


REFUSED = {
    "public import": (_file(public_dependency=[5]), "a public import is not among the imports"),
    "negative public import": (_file(public_dependency=[-1]), "a public import is not among the imports"),
    "oneof": (_in_oneof(1), r"acme\.M\.f is in a oneof that is not there"),
    "negative oneof": (_in_oneof(-1), r"acme\.M\.f is in a oneof that is not there"),
    "no extendee": (_file(extension=[{"name": "e", "number": 1}]), "cannot be loaded: .*e' had no extendee"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_wrong_numbers(case: str) -> None:
    """An index that leads nowhere is an error with the file's name."""
    file, reason = REFUSED[case]
    with pytest.raises(SchemaError, match=reason) as error:
        load(set_of(file))
    assert error.value.location == Location("acme/a.proto")


def test_names_that_act() -> None:
    """The runtime's words on a set with extensions show the names in it as harmless text."""
    extension = {"name": "e", "number": 1, "label": 1, "type": 9, "extendee": ".google.protobuf.FileOptions"}
    file = _file(dependency=["google/protobuf/descriptor.proto"], extension=[extension], enum_type=[{"name": "\x1b[m"}])
    with pytest.raises(SchemaError, match=r"cannot be loaded: .*\\x1b\[m") as error:
        load(set_of(pb.FileDescriptorProto.FromString(pb.DESCRIPTOR.serialized_pb), file))
    assert str(error.value).isprintable()


@pytest.mark.parametrize("path", [[], [2], [4, 0], [4, 0, 2, 9], [4, -1], [4, 0, 7, 50001, 1]])
@pytest.mark.parametrize("span", [[], [1], [1, 2], [-1, -1, -1], [2**31 - 1] * 3])
def test_places_that_are_no_places(path: list[int], span: list[int]) -> None:
    """Source info that no compiler writes is not read, or leads to a place like any other."""
    file = _file()
    file.source_code_info.location.add(path=path, span=span, leading_comments="Text.")
    schema = load(set_of(file))
    assert schema.messages["acme.M"].location.file == "acme/a.proto"
    dump(schema)


def test_option_that_is_not_utf8(whole: Compilation) -> None:
    """A text in an option that is not UTF-8 is shown as such; a key that is not is an error with the file's name."""
    content = whole.descriptor_set.replace(b"\x05words", b"\x05w\xffrds")
    field = load(Compilation(content, whole.requested)).messages["acme.M"].field("a")
    assert field.options["acme.note"] == {"text": "w\ufffdrds", "counts": {"kk": 3}}
    content = whole.descriptor_set.replace(b"\x02kk", b"\x02\xff\xff")
    with pytest.raises(SchemaError, match=r"acme\.Note\.counts has a key that is not UTF-8") as error:
        load(Compilation(content, whole.requested))
    assert error.value.location == Location("acme/a.proto")


def test_options_that_are_something_else(whole: Compilation) -> None:
    """An option that holds what its extension cannot is an error that names the file."""
    files = pb.FileDescriptorSet.FromString(whole.descriptor_set)
    (own,) = [file for file in files.file if file.name == "acme/a.proto"]
    options = own.message_type[1].field[0].options
    options.Clear()
    options.MergeFromString(b"\x8a\xb5\x18\x02\xff\xff")  # 50001, of two bytes that are not a message
    content = files.SerializeToString()
    for read in (load, lambda compilation: compare_sets(ParsedSet(compilation), ParsedSet(whole), built_in())):
        with pytest.raises(SchemaError, match=r"the options of 'acme/a\.proto' are damaged"):
            read(Compilation(content, whole.requested))


@pytest.mark.slow(reason="reads a hundred sets")
@pytest.mark.parametrize("seed", range(4))
def test_flipped_bits(whole: Compilation, seed: int) -> None:
    """Whatever bits of a file are flipped, it is read or refused."""
    chosen = random.Random(seed)
    start = whole.descriptor_set.index(b"acme/a.proto")
    read = 0
    for _ in range(25):
        content = bytearray(whole.descriptor_set)
        for _ in range(chosen.choice((1, 1, 2, 4))):
            content[chosen.randrange(start, len(content))] ^= 1 << chosen.randrange(8)
        with suppress(ToolkitError):
            everything(Compilation(bytes(content), whole.requested), whole)
            read += 1
    assert read > 0
