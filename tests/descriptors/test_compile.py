"""Trees and ready sets become descriptor sets; what does not compile is left out."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from google.protobuf import descriptor_pb2 as pb

from tests.support.protos_of import proto3, schema_of, set_of, write
from toolkit.descriptors import protoc
from toolkit.descriptors.compile import Compilation, compile_tree, read_descriptor_set, start_compiling
from toolkit.descriptors.loader import load, read_tree
from toolkit.descriptors.needed import Wanted
from toolkit.descriptors.roots import Root, Tree
from toolkit.errors import Diagnostic, InputError, Location, SchemaError

BUCKET = proto3("acme.storage.v1", "message Bucket { string name = 1; }")
SHELF = proto3("acme.storage.v1", "message Shelf { Bucket bucket = 1; }", "acme/bucket.proto")
ITEM = proto3("acme.storage.v1", "message Item { Shelf shelf = 1; }", "acme/shelf.proto")
OPTIONS = proto3(
    "acme", "extend google.protobuf.MessageOptions { string note = 50001; }", "google/protobuf/descriptor.proto"
)
BROKEN = proto3("acme.storage.v1", "message Bucket {\n  strin name\n}")


def test_folder(tmp_path: Path) -> None:
    """Every file under a root is compiled by its path below it, hidden folders apart."""
    write(
        tmp_path, {"acme/bucket.proto": BUCKET, "acme/shelf.proto": SHELF, ".cache/old.proto": BROKEN, "acme/a.txt": ""}
    )
    compilation = compile_tree([tmp_path])
    assert compilation.requested == {"acme/bucket.proto", "acme/shelf.proto"}
    assert not compilation.diagnostics
    assert list(load(compilation).messages) == ["acme.storage.v1.Bucket", "acme.storage.v1.Shelf"]


def test_several_roots(tmp_path: Path) -> None:
    """Files of one root import files of another."""
    write(tmp_path, {"one/acme/bucket.proto": BUCKET, "two/acme/shelf.proto": SHELF})
    compilation = compile_tree([tmp_path / "one", tmp_path / "two"])
    assert compilation.requested == {"acme/bucket.proto", "acme/shelf.proto"}
    assert "acme.storage.v1.Shelf" in load(compilation).messages


def test_innermost_root_names(tmp_path: Path) -> None:
    """A file under two roots, one inside the other, has its name from the inner one."""
    write(tmp_path, {"vendor/acme/bucket.proto": BUCKET, "acme/shelf.proto": SHELF})
    compilation = compile_tree([tmp_path, tmp_path / "vendor"])
    assert compilation.requested == {"acme/bucket.proto", "acme/shelf.proto"}


def test_first_root_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where two roots hold a name, the first one's file is compiled, wherever the user stands."""
    write(tmp_path, {"one/x.proto": proto3("acme", "message One {}"), "two/x.proto": proto3("acme", "message Two {}")})
    assert list(load(compile_tree([tmp_path / "one", tmp_path / "two"])).messages) == ["acme.One"]
    assert list(load(compile_tree([tmp_path / "two", tmp_path / "one"])).messages) == ["acme.Two"]
    monkeypatch.chdir(tmp_path / "two")
    assert list(load(compile_tree([Path("../one"), Path()])).messages) == ["acme.One"]


def test_no_root(tmp_path: Path) -> None:
    """A root that is missing, and one without protos, are refused with the flag that names another."""
    with pytest.raises(InputError, match=r"'.*gone' is not a directory") as missing:
        compile_tree([tmp_path / "gone"])
    assert "--proto-path" in missing.value.hint
    with pytest.raises(InputError, match=r"no \.proto file in") as empty:
        compile_tree([tmp_path])
    assert "--proto-path" in empty.value.hint


def test_bundled_imports(tmp_path: Path) -> None:
    """Files of google/protobuf, google/api and google/type are found without being in the tree, and were not asked for."""
    body = "message Visit { google.protobuf.Timestamp at = 1; google.type.Date day = 2 [(google.api.field_behavior) = REQUIRED]; }"
    imports = ("google/protobuf/timestamp.proto", "google/type/date.proto", "google/api/field_behavior.proto")
    schema = schema_of(tmp_path, {"visit.proto": proto3("acme.zoo.v1", body, *imports)})
    assert schema.messages["google.type.Date"].field("year")
    assert {name for name, file in schema.files.items() if file.requested} == {"visit.proto"}
    assert schema.messages["acme.zoo.v1.Visit"].fields[1].options == {"google.api.field_behavior": ["REQUIRED"]}


def test_syntax_error(tmp_path: Path) -> None:
    """A file with a syntax error and what imports it, directly or not, are left out with place and reason."""
    files = {
        "acme/bucket.proto": BROKEN,
        "acme/shelf.proto": SHELF,
        "item.proto": ITEM,
        "z.proto": proto3("acme", "message Z {}"),
    }
    compilation = compile_tree([write(tmp_path, files)])
    first, *others = compilation.diagnostics
    assert first == Diagnostic(Location("acme/bucket.proto", 5, 1), "Missing field number.")
    assert [(str(p.location), p.message) for p in others] == [
        ("acme/shelf.proto:3:1", 'imports "acme/bucket.proto", which was left out'),
        ("item.proto:3:1", 'imports "acme/shelf.proto", which was left out'),
    ]
    assert compilation.requested == {"z.proto"}
    assert list(load(compilation).messages) == ["acme.Z"]


def test_missing_import(tmp_path: Path) -> None:
    """A file whose import is nowhere is left out, with the flag that may find it."""
    files = {"shelf.proto": SHELF, "z.proto": proto3("acme", "message Z {}")}
    (diagnostic,) = compile_tree([write(tmp_path, files)]).diagnostics
    assert diagnostic.location == Location("shelf.proto", 3, 1)
    assert "acme/bucket.proto" in diagnostic.message
    assert "--import-path" in diagnostic.hint


def test_missing_import_of_a_slip(tmp_path: Path) -> None:
    """The hint for an import that no root has names a file of the tree whose name ends alike."""
    files = {
        "acme/bucket.proto": BUCKET,
        "by_alias.proto": proto3("a", "", "house/acme/bucket.proto"),
        "short.proto": proto3("b", "", "bucket.proto"),
        "long.proto": proto3("c", "", "acme/bucket.proto"),
    }
    hints = {d.location.file: d.hint for d in compile_tree([write(tmp_path, files)]).diagnostics}
    assert hints.keys() == {"by_alias.proto", "short.proto"}
    assert all(hint.startswith('did you mean "acme/bucket.proto"? ') for hint in hints.values())
    assert hints["by_alias.proto"].endswith(f"add --proto-path house={tmp_path}")


def test_prefix_that_the_hint_names(tmp_path: Path) -> None:
    """A tree whose imports have a prefix that its folders lack compiles with the root that the hint names."""
    write(tmp_path, {"acme/bucket.proto": BUCKET, "shelf.proto": proto3("a", "", "house/acme/bucket.proto")})
    (diagnostic,) = compile_tree([tmp_path]).diagnostics
    named = diagnostic.hint.rpartition("--proto-path ")[2]
    assert named == f"house={tmp_path}"
    for roots in ((Root.parse(named),), (Root(tmp_path), Root.parse(named))):
        assert compile_tree(Tree(roots)).diagnostics == ()


@pytest.mark.parametrize(("where", "deps", "named"), [("", True, True), ("protos", True, True), ("", False, False)])
def test_missing_import_that_buf_knows(tmp_path: Path, where: str, deps: bool, named: bool) -> None:
    """If buf.yaml has dependencies, the hint says how to get them."""
    text = "version: v2\n" + ("deps:\n  - example.com/acme/bucket\n" if deps else "")
    write(
        tmp_path, {f"{where}/buf.yaml".strip("/"): text, "protos/shelf.proto": SHELF, "protos/z.proto": proto3("z", "")}
    )
    (diagnostic,) = compile_tree([tmp_path / "protos"]).diagnostics
    assert ("buf export . -o DIR" in diagnostic.hint) == named
    assert "--import-path" in diagnostic.hint


def test_several_broken(tmp_path: Path) -> None:
    """Broken files that have nothing to do with each other are all named, and all that is good is kept."""
    files = {f"good{n}.proto": proto3("acme", f"message Good{n} {{}}") for n in range(3)}
    files |= {f"broken{n}.proto": proto3("acme", f"message Broken{n} {{ int x; }}") for n in range(3)}
    files["good1.proto"] += "import 'broken1.proto';"
    compilation = compile_tree([write(tmp_path, files)])
    assert [p.location.file for p in compilation.diagnostics] == [
        "broken0.proto",
        "broken1.proto",
        "broken2.proto",
        "good1.proto",
    ]
    assert list(load(compilation).messages) == ["acme.Good0", "acme.Good2"]


def test_nothing_compiles(tmp_path: Path) -> None:
    """A tree of which no file compiles is refused with the reasons."""
    with pytest.raises(InputError, match=r"no file compiles: acme/bucket\.proto:5:1: Missing"):
        compile_tree([write(tmp_path, {"acme/bucket.proto": BROKEN})])


@pytest.mark.parametrize("edition", ["99999_TEST_ONLY", "9876"])
def test_new_edition(edition: str, tmp_path: Path) -> None:
    """For a file of an edition that protoc does not know yet, the warning says how to update protoc."""
    new = f'edition = "{edition}"; package acme.new; message New {{}}'
    tree = write(tmp_path, {"new.proto": new, "bad.proto": 'edition = "soon";', "bucket.proto": BUCKET})
    bad, diagnostic = compile_tree([tree]).diagnostics
    assert diagnostic.location.file == "new.proto"
    assert "edition" in diagnostic.message.lower()
    assert diagnostic.hint == "update protoc: pip install -U grpcio-tools"
    assert bad.hint == ""


def test_same_symbol_in_tree(tmp_path: Path) -> None:
    """Of two files of a tree that declare the same, one is left out and the reason names the other."""
    (diagnostic,) = compile_tree([write(tmp_path, {"a.proto": BUCKET, "b.proto": BUCKET})]).diagnostics
    assert diagnostic.location.file == "b.proto"
    assert "acme.storage.v1.Bucket" in diagnostic.message
    assert "a.proto" in diagnostic.message


def test_dangling_link(tmp_path: Path) -> None:
    """A link to a file that is gone is left out, the rest is compiled."""
    write(tmp_path, {"a.proto": BUCKET})
    (tmp_path / "b.proto").symlink_to(tmp_path / "gone.proto")
    compilation = compile_tree([tmp_path])
    assert [p.location.file for p in compilation.diagnostics] == ["b.proto"]
    assert compilation.requested == {"a.proto"}


@pytest.mark.parametrize(
    "name", ["-x.proto", "--descriptor_set_out=x.proto", "a\n--error_format=gcc\nb.proto", "a\\b.proto"]
)
def test_file_names_are_no_flags(tmp_path: Path, name: str) -> None:
    """A file whose name protoc would read as a flag, or as several names, is refused by name."""
    write(tmp_path, {name: BUCKET})
    with pytest.raises(InputError, match="cannot read a file named") as error:
        compile_tree([tmp_path])
    assert repr(name) in str(error.value)


def test_odd_roots(tmp_path: Path) -> None:
    """An equals sign in a root's name is a letter like any other; a path separator, which protoc splits at, is refused."""
    write(tmp_path, {"a=b/x.proto": BUCKET, f"a{os.pathsep}b/x.proto": BUCKET})
    assert compile_tree([tmp_path / "a=b"]).requested == {"x.proto"}
    with pytest.raises(InputError, match="cannot search the import root"):
        compile_tree([tmp_path / f"a{os.pathsep}b"])


def test_code_where_the_user_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder named grpc_tools in the working folder is not run."""
    write(tmp_path, {"x.proto": BUCKET, "grpc_tools/__init__.py": "", "grpc_tools/protoc.py": "open('ran', 'w')"})
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(protoc, "can_fork", lambda: False)
    assert compile_tree([Path()]).requested == {"x.proto"}
    assert not (tmp_path / "ran").exists()


def test_vendored_root(tmp_path: Path) -> None:
    """A folder of other people's files that are imported by a shorter name is searched; nobody has to name it."""
    status = proto3("google.rpc", "message Status { int32 code = 1; }")
    shape = proto3("google.shape", "message Shape { google.rpc.Status status = 1; }", "google/rpc/status.proto")
    own = proto3("acme", "message Own { google.shape.Shape shape = 1; }", "google/shape/shape.proto")
    vendored = {"google/rpc/status.proto": status, "google/shape/shape.proto": shape}
    write(
        tmp_path, {"acme/own.proto": own, **{f"third_party/googleapis/{name}": text for name, text in vendored.items()}}
    )
    compilation = compile_tree([tmp_path])
    assert not compilation.diagnostics
    assert compilation.requested == {"acme/own.proto"}
    assert load(compilation).messages["google.rpc.Status"].fields[0].name == "code"


def test_no_root_for_a_slip(tmp_path: Path) -> None:
    """One import that lacks its folder does not give that folder's files other names."""
    files = {
        "acme/a.proto": proto3("acme", "message A { B b = 1; }", "acme/b.proto"),
        "acme/b.proto": proto3("acme", "message B {}"),
        "acme/c.proto": proto3("acme", "message C {}"),
        "acme/slip.proto": proto3("acme", "message Slip { C c = 1; }", "c.proto"),
    }
    compilation = compile_tree([write(tmp_path, files)])
    assert compilation.requested == {"acme/a.proto", "acme/b.proto", "acme/c.proto"}
    assert [p.location for p in compilation.diagnostics] == [Location("acme/slip.proto", 3, 1)]


def test_ready_set(tmp_path: Path) -> None:
    """A set that protoc made is read from a file, and gives the schema of the tree."""
    write(tmp_path, {"acme/bucket.proto": BUCKET, "acme/shelf.proto": SHELF})
    made = tmp_path / "api.binpb"
    options = ["--include_imports", "--include_source_info", f"--descriptor_set_out={made}", "acme/shelf.proto"]
    subprocess.run([sys.executable, "-m", "grpc_tools.protoc", f"-I{tmp_path}", *options], check=True)
    assert load(read_descriptor_set(made)) == load(compile_tree([tmp_path]))


def test_buf(tmp_path: Path) -> None:
    """A set that buf made gives the schema that protoc's does: names, comments and custom options."""
    buf = shutil.which("buf", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    if buf is None:
        pytest.skip("no buf: pip install buf-bin")
    item = proto3("acme", '// An item.\nmessage Item { option (acme.note) = "n"; google.protobuf.Timestamp at = 1; }')
    item = item.replace(
        "package acme;", 'package acme;\nimport "acme/options.proto";\nimport "google/protobuf/timestamp.proto";'
    )
    tree = write(
        tmp_path / "tree", {"buf.yaml": "version: v2\n", "acme/options.proto": OPTIONS, "acme/item.proto": item}
    )
    subprocess.run(
        [buf, "build", "-o", "../x.binpb"], check=True, cwd=tree, env={**os.environ, "BUF_CACHE_DIR": str(tmp_path)}
    )
    schema = load(read_descriptor_set(tmp_path / "x.binpb"))
    own = load(compile_tree([tree]))
    message = schema.messages["acme.Item"]
    assert message == own.messages["acme.Item"]
    assert (message.comment.leading, message.options) == ("An item.", {"acme.note": "n"})
    assert {n for n, f in schema.files.items() if f.requested} == {"acme/item.proto", "acme/options.proto"}


def test_not_a_set(tmp_path: Path) -> None:
    """Anything but a descriptor set is refused with how to make one; so are an empty set and a missing file."""
    for content in (b"syntax = 'proto3';", b"\xff\xff\xff", b""):
        (tmp_path / "x").write_bytes(content)
        with pytest.raises(InputError, match="descriptor set") as error:
            load(read_descriptor_set(tmp_path / "x"))
        assert "buf build" in error.value.hint
    with pytest.raises(InputError, match="cannot read"):
        read_descriptor_set(tmp_path / "gone")


@pytest.mark.parametrize(
    "body", ["message Shelf { Bucket bucket = 1; }", "extend google.protobuf.FieldOptions { Bucket b = 50000; }"]
)
def test_set_without_imports(tmp_path: Path, body: str) -> None:
    """A set that lacks what its files import is refused with the flag that adds it."""
    shelf = proto3("acme.storage.v1", body, "acme/bucket.proto", "google/protobuf/descriptor.proto")
    write(tmp_path, {"acme/bucket.proto": BUCKET, "acme/shelf.proto": shelf})
    content = pb.FileDescriptorSet.FromString(compile_tree([tmp_path]).descriptor_set)
    alone = set_of(*(f for f in content.file if f.name == "acme/shelf.proto"))
    with pytest.raises(SchemaError, match=r"acme/shelf\.proto|acme/bucket\.proto") as error:
        load(alone)
    assert "--include_imports" in error.value.hint


def _file(name: str = "a.proto", package: str = "acme", **members: object) -> pb.FileDescriptorProto:
    return pb.FileDescriptorProto(name=name, package=package, syntax="proto3", **members)


def _message(name: str, **members: object) -> pb.DescriptorProto:
    return pb.DescriptorProto(name=name, **members)


def _entry(*numbers: int) -> pb.FileDescriptorProto:
    fields = [pb.FieldDescriptorProto(name=f"f{n}", number=n, type=9, label=1) for n in numbers]
    entry = _message("TagsEntry", field=fields, options=pb.MessageOptions(map_entry=True))
    field = pb.FieldDescriptorProto(name="tags", number=1, label=3, type=11, type_name=".acme.M.TagsEntry")
    return _file(message_type=[_message("M", nested_type=[entry], field=[field])])


_UNKNOWN_TYPE = pb.FieldDescriptorProto(name="f", number=1, type=11, label=1, type_name=".acme.Gone")
_METHOD = pb.MethodDescriptorProto(name="Do", input_type=".acme.Gone", output_type=".acme.Gone")

HOSTILE = {
    "file name up": (_file("../x.proto"), r"'\.\./x\.proto'"),
    "file name absolute": (_file("/etc/x.proto"), "'/etc/x.proto'"),
    "file name inside": (_file("a/../../x.proto"), "file name"),
    "file name empty": (_file(""), "file name"),
    "file name with a line feed": (_file("a\nb.proto"), "file name"),
    "package": (_file(package="a..b"), r"'a\.\.b' is not a package"),
    "package up": (_file(package="../x"), "is not a package"),
    "service": (_file(service=[pb.ServiceDescriptorProto(name="x/../../y")]), r"'x/\.\./\.\./y' in acme"),
    "message": (_file(message_type=[_message('M"')]), "is not a name"),
    "nameless": (_file(message_type=[_message("")]), "is not a name"),
    "enum value": (_file(enum_type=[pb.EnumDescriptorProto(name="E", value=[{"name": "A B", "number": 0}])]), "'A B'"),
    "twice": (_file(message_type=[_message("M"), _message("M")]), r"acme\.M is declared twice"),
    "message and enum": (
        _file(message_type=[_message("M")], enum_type=[pb.EnumDescriptorProto(name="M")]),
        "declared twice",
    ),
    "unknown type": (
        _file(message_type=[_message("M", field=[_UNKNOWN_TYPE])]),
        r"acme\.Gone, which the set does not hold",
    ),
    "unknown input": (
        _file(service=[pb.ServiceDescriptorProto(name="S", method=[_METHOD])]),
        r"acme\.S\.Do names acme\.Gone",
    ),
    "import with a control character": (_file(dependency=["\0\x1b"]), r"\\x00\\x1b is imported"),
    "type with a control character": (
        _file(message_type=[_message("M", field=[{"name": "f", "number": 1, "type": 11, "type_name": ".acme.\x1b"}])]),
        r"acme\.\\x1b, which the set",
    ),
    "no oneof": (
        _file(message_type=[_message("M", field=[{"name": "f", "number": 1, "type": 9, "oneof_index": 3}])]),
        "oneof",
    ),
    "no type": (_file(message_type=[_message("M", field=[{"name": "f", "number": 1}])]), "f has no type"),
    "map of three": (_entry(1, 2, 3), "not a map entry"),
    "map of one": (_entry(1), "not a map entry"),
    "syntax": (pb.FileDescriptorProto(name="a.proto", syntax="proto4"), "syntax 'proto4'"),
    "edition": (pb.FileDescriptorProto(name="a.proto", syntax="editions"), "edition number 0"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_set(case: str) -> None:
    """Names and structures that protobuf does not allow are refused, and the reason shows them."""
    file, reason = HOSTILE[case]
    with pytest.raises(SchemaError, match=reason):
        load(set_of(file))


def test_names_that_are_no_text() -> None:
    """A name that is not UTF-8 is refused, wherever it stands."""
    honest = _file(
        message_type=[_message("Mark", field=[_UNKNOWN_TYPE])], service=[pb.ServiceDescriptorProto(name="Serv")]
    )
    content = set_of(honest).descriptor_set
    for name in (b"a.proto", b"acme", b"Mark", b"Serv", b"Gone"):
        with pytest.raises(SchemaError, match=r"\\xff"):
            load(Compilation(content.replace(name, b"\xff" * len(name)), None))


def test_same_symbol_in_set() -> None:
    """Two files of a set that declare the same are refused, and both are named."""
    with pytest.raises(SchemaError, match=r"acme\.M is declared in a\.proto and again in b\.proto"):
        load(set_of(_file(message_type=[_message("M")]), _file("b.proto", message_type=[_message("M")])))


def test_file_twice_in_set() -> None:
    """A file that is in a set twice, as in joined sets, is there once."""
    one = set_of(_file(message_type=[_message("M")]))
    assert load(Compilation(one.descriptor_set * 2, None)) == load(one)


def test_deep_nesting(tmp_path: Path) -> None:
    """Messages nested without end are left out of a tree and refused in a set, with a reason."""
    files = {
        "deep.proto": proto3("acme", "message M { " * 5000 + "}" * 5000),
        "z.proto": proto3("acme", "message Z {}"),
    }
    (diagnostic,) = compile_tree([write(tmp_path, files)]).diagnostics
    assert diagnostic.location.file == "deep.proto"
    assert "recursion" in diagnostic.message
    content = b""
    for _ in range(3000):
        field = pb.DescriptorProto.DESCRIPTOR.fields_by_name["nested_type"].number
        content = b"\x0a\x01M" + (bytes([field << 3 | 2]) + _varint(len(content)) + content if content else b"")
    file = b"\x0a\x07a.proto\x22" + _varint(len(content)) + content
    with pytest.raises(InputError, match="not a descriptor set"):
        load(Compilation(b"\x0a" + _varint(len(file)) + file, None))


def _varint(number: int) -> bytes:
    parts = []
    while number > 0x7F:
        parts.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*parts, number])


@pytest.mark.parametrize("name", ["up/pipe.proto", "up/pipe", ".hidden/pipe.proto", ".hidden/between.proto"])
def test_imported_pipe(name: str, tmp_path: Path) -> None:
    """Nothing waits for a pipe that is not among the files of the tree, but that one of them imports."""
    files = {"good.proto": BUCKET, "a.proto": f'syntax = "proto3"; import "{name}";'}
    between = {".hidden/between.proto": 'syntax = "proto3"; import ".hidden/pipe.proto";'}
    tree = write(tmp_path / "tree", {**files, **between})
    (tree / "up").symlink_to("..")
    for pipe in (tmp_path / "pipe.proto", tmp_path / "pipe", tree / ".hidden/pipe.proto"):
        os.mkfifo(pipe)
    wanted = Wanted(("acme.storage.v1.Bucket", "acme.Missing"))
    readers = (read_tree(start_compiling([tree], each))[1] for each in (None, wanted))
    for compilation in (compile_tree([tree]), *readers):
        assert compilation.requested == {"good.proto"}
        found = {problem.location.file: problem.message for problem in compilation.diagnostics}
        assert found["a.proto"] == f'imports "{name}", which was left out'
        assert "is not a regular file" in found.values()


def test_standard_input(tmp_path: Path) -> None:
    """A set is read from standard input as well."""
    content = compile_tree([write(tmp_path, {"acme/bucket.proto": BUCKET})]).descriptor_set
    code = "from toolkit.descriptors import compile, dump, loader\nprint(dump.dump(loader.load(compile.read_descriptor_set(None))))"
    ran = subprocess.run([sys.executable, "-c", code], input=content, capture_output=True, check=True)
    assert [m["full_name"] for m in json.loads(ran.stdout)["messages"]] == ["acme.storage.v1.Bucket"]


@pytest.mark.parametrize("how", ["pipe", "device", "link to nothing"])
def test_no_regular_file(how: str, tmp_path: Path) -> None:
    """What is called .proto but is not a file is left out with what imports it; nothing waits for it."""
    write(tmp_path, {"good.proto": BUCKET, "a.proto": 'syntax = "proto3"; import "odd.proto";'})
    if how == "pipe":
        os.mkfifo(tmp_path / "odd.proto")
    else:
        (tmp_path / "odd.proto").symlink_to("/dev/zero" if how == "device" else "nowhere")
    for compilation in (compile_tree([tmp_path]), read_tree(start_compiling([tmp_path]))[1]):
        assert compilation.requested == {"good.proto"}
        assert [(problem.location.file, problem.message) for problem in compilation.diagnostics] == [
            ("a.proto", 'imports "odd.proto", which was left out'),
            ("odd.proto", "is not a regular file"),
        ]
