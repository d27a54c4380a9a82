"""Extensions that share a number: each file means the one that it sees, and the pair is warned of with both places."""

from __future__ import annotations

from pathlib import Path

import pytest
from google.protobuf import descriptor_pb2 as pb

from tests.support.command import run
from tests.support.protos_of import proto3, set_of, write
from toolkit.changes.sets import ParsedSet, compare_sets
from toolkit.descriptors import compile as compiling
from toolkit.descriptors.compile import compile_tree, read_descriptor_set, start_compiling
from toolkit.descriptors.dynamic import DynamicClasses
from toolkit.descriptors.extensions import shared_numbers
from toolkit.descriptors.loader import load, read_tree
from toolkit.descriptors.model import Schema
from toolkit.semantics.mappings import built_in

OPTIONS = "google/protobuf/descriptor.proto"


def paint(package: str, number: int = 50001) -> str:
    """A file with an option of its own and a message that uses it."""
    option = f"extend google.protobuf.FieldOptions {{ string tint_{package} = {number}; }}"
    message = f'message Paint {{ string name = 1 [(tint_{package}) = "{package}"]; }}'
    return proto3(package, f"{option}\n{message}\nservice S {{ rpc Do(Paint) returns (Paint); }}", OPTIONS)


def user(package: str, option: str, *imports: str) -> str:
    """A file that uses the option of another."""
    return proto3(package, f'message User {{ string name = 1 [({option}) = "{package}"]; }}', *imports)


TREE = {
    "blue.proto": paint("blue"),
    "red.proto": paint("red"),
    "green.proto": paint("green"),
    "near.proto": user("near", "red.tint_red", "red.proto"),
    "far.proto": user("far", "green.tint_green", "near.proto", "green.proto"),
    "other.proto": paint("other", 50002),
    "plain.proto": proto3("plain", "message Plain { string name = 1; }"),
}


def options(schema: Schema) -> dict[str, dict[str, str]]:
    """The options of the first field of each message of the tree."""
    return {
        name: dict(message.fields[0].options)
        for name, message in schema.messages.items()
        if message.location.file in TREE
    }


EXPECTED = {
    **{f"{name}.Paint": {f"{name}.tint_{name}": name} for name in ("blue", "red", "green", "other")},
    "near.User": {"red.tint_red": "near"},
    "far.User": {"green.tint_green": "far"},
    "plain.Plain": {},
}


def test_each_file_means_what_it_sees(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Options are those that each file imports: in a tree, in its shards and in a set."""
    compilation = compile_tree([write(tmp_path / "tree", TREE)])
    assert not compilation.diagnostics
    schema = load(compilation)
    assert options(schema) == EXPECTED
    monkeypatch.setattr(compiling, "_SHARD_FROM", 2)
    assert read_tree(start_compiling([tmp_path / "tree"]))[0] == schema
    (tmp_path / "x.binpb").write_bytes(compilation.descriptor_set)
    assert options(load(read_descriptor_set(tmp_path / "x.binpb"))) == EXPECTED


def test_several_that_one_file_sees(tmp_path: Path) -> None:
    """Of two options of one number that a file sees, one is known there: the first by its file's name."""
    both = user("both", "red.tint_red", "red.proto", "blue.proto")
    schema = load(compile_tree([write(tmp_path, {**TREE, "both.proto": both})]))
    assert schema.messages["both.User"].fields[0].options == {"blue.tint_blue": "both"}
    assert options(schema) == EXPECTED


def test_changes(tmp_path: Path) -> None:
    """A diff names the option that changed by its own name."""
    sets = []
    for side, tree in (("old", TREE), ("new", {**TREE, "near.proto": TREE["near.proto"].replace('"near"', '"new"')})):
        sets.append(ParsedSet(compile_tree([write(tmp_path / side, tree)])))
    (change,) = compare_sets(*sets, built_in())
    assert change.message == "option (red.tint_red) changed from near to new"


def test_nested(tmp_path: Path) -> None:
    """Extensions inside messages count too."""
    body = """
message Holder { extend google.protobuf.FieldOptions { string a = 50001; } string s = 1 [(Holder.a) = "x"]; }
extend google.protobuf.FieldOptions { string c = 50003; }
message M { string s = 1 [(c) = "y"]; }
"""
    files = {"zz.proto": proto3("zz", body, OPTIONS), "red.proto": paint("red")}
    schema = load(compile_tree([write(tmp_path, files)]))
    found = {name: schema.messages[name].fields[0].options for name in ("red.Paint", "zz.Holder", "zz.M")}
    assert found == {"red.Paint": {"red.tint_red": "red"}, "zz.Holder": {"zz.Holder.a": "x"}, "zz.M": {"zz.c": "y"}}
    (warning,) = shared_numbers(schema)
    assert str(warning).startswith("zz.proto:5:")


def test_two_of_one_file() -> None:
    """Two of one file, which protoc refuses, are no harm in a set: one of them is known."""
    extensions = [
        pb.FieldDescriptorProto(name=name, number=50001, label=1, type=9, extendee=".google.protobuf.FileOptions")
        for name in ("first", "second")
    ]
    file = pb.FileDescriptorProto(name="a.proto", dependency=[OPTIONS], extension=extensions)
    descriptor = pb.FileDescriptorProto.FromString(pb.DESCRIPTOR.serialized_pb)
    schema = load(set_of(descriptor, file))
    assert set(schema.extensions) == {"first", "second"}
    assert len(shared_numbers(schema)) == 1


def test_warnings(tmp_path: Path) -> None:
    """Each further extension of a number is warned of, with its place and that of the first; others are not."""
    schema = load(compile_tree([write(tmp_path, TREE)]))
    assert [str(warning).partition(" (")[0] for warning in shared_numbers(schema)] == [
        f"{name}.proto:4:39: {name}.tint_{name}: number 50001 of google.protobuf.FieldOptions is also used by "
        "blue.tint_blue at blue.proto:4:39"
        for name in ("green", "red")
    ]


def test_official_classes(tmp_path: Path) -> None:
    """Messages of all files have official classes."""
    classes = DynamicClasses(compile_tree([write(tmp_path, TREE)]))
    for name in EXPECTED:
        assert classes.parse(name, '{"name": "x"}').name == "x"


@pytest.mark.slow(reason="runs every command")
def test_commands(tmp_path: Path) -> None:
    """Every command does its work and warns once; strict, which is about files that do not compile, is content."""
    write(tmp_path / "protos", TREE)
    for command in (
        ("list",),
        ("dump",),
        ("page", "red.S"),
        ("example", "red.S.Do"),
        *(("generate", target) for target in ("reference", "examples", "python", "site")),
    ):
        ran = run(*command, "--proto-path", "protos", "--strict", cwd=tmp_path)
        assert ran.code == 0, ran.errors
        once = 0 if command[0] in ("page", "example") else 1  # about one element, not about the tree
        assert ran.errors.count("warning: red.proto:4:39: red.tint_red: number 50001") == once, command
    ran = run("validate", "-", "--message", "red.Paint", "--proto-path", "protos", cwd=tmp_path, stdin=b"{}")
    assert ran.code == 0, ran.errors
