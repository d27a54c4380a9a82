"""What a file imports and declares is read without compiling it, and nothing else is taken for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.protos_of import write
from toolkit.descriptors.compile import compile_tree
from toolkit.descriptors.declarations import declarations
from toolkit.descriptors.loader import load

HEAD = 'syntax = "proto3";\npackage acme.v1;\n'


@pytest.mark.parametrize(
    ("text", "imports", "names"),
    [
        (f'{HEAD}import "a.proto";\nimport public\n  "b.proto" ;', [("a.proto", 3), ("b.proto", 5)], []),
        ("import 'a.proto'; import weak 'b.proto';import option \"c.proto\";", ["a.proto", "b.proto", "c.proto"], []),
        ('// import "a.proto";\n/* x\nimport "b.proto";\n*/ import "c.proto";', [("c.proto", 4)], []),
        ('option (x) = "\\"; import \\"a.proto\\";";\nmessage A {}', [], ["A"]),
        ("option (x) = 'it\\'s // not';\nmessage A {}", [], ["A"]),
        ('import "it\'s.proto";\nimport "http://a.proto";', [("it's.proto", 1), ("http://a.proto", 2)], []),
        (
            f"{HEAD}message A {{ message B {{}} enum C {{ X = 0; }} }}\nenum D {{ Y = 0; }}",
            [],
            ["acme.v1.A", "acme.v1.D"],
        ),
        ("message A{}\nservice S /* s */ {}\npackage late;", [], ["late.A"]),
        ("export message A {} local enum B { X = 0; }", [], ["A", "B"]),
        ("message A { string message = 1; }\nextend a.message { optional int32 enum = 5; }", [], ["A"]),
        ("option (x) = { message { import: 'a.proto' } };\n// }\nmessage A {}", [], ["A"]),
    ],
)
def test_declarations(tmp_path: Path, text: str, imports: list[str | tuple[str, int]], names: list[str]) -> None:
    """Statements at the top count, with their lines; comments, strings and what is nested do not."""
    found = declarations(write(tmp_path, {"x.proto": text}) / "x.proto")
    if imports and isinstance(imports[0], str):
        assert [name for name, _ in found.imports] == imports
    else:
        assert list(found.imports) == imports
    assert list(found.names) == names


def test_no_file(tmp_path: Path) -> None:
    """A file that cannot be read declares nothing, and bytes that are not UTF-8 do no harm."""
    assert declarations(tmp_path / "gone.proto").names == ()
    write(tmp_path, {"x.proto": b"// \xff\xfe\nmessage A {}"})
    assert declarations(tmp_path / "x.proto").names == ("A",)


def test_as_protoc(tmp_path: Path) -> None:
    """Of a file with all kinds of declarations the names and imports are those that protoc finds."""
    body = """
// message Not {}
message One { oneof o { Two two = 1; } message In {} }
message Two { reserved "message Not {"; }
enum Three { option allow_alias = true; A = 0; B = 0; }
service Four { rpc Do(One) returns (stream Two) { option deprecated = true; } }
"""
    files = {"a.proto": f'{HEAD}import "b.proto";\n{body}', "b.proto": HEAD}
    schema = load(compile_tree([write(tmp_path, files)]))
    file = schema.files["a.proto"]
    found = declarations(tmp_path / "a.proto")
    assert {*found.names} == {*file.messages, *file.enums, *file.services}
    assert [name for name, _ in found.imports] == list(file.imports)
