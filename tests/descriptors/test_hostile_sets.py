"""Descriptor sets that nobody sane would write, and schemas that only a test would: an error, or an output, never a crash."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from google.protobuf import descriptor_pb2 as pb

from tests.support.command import written
from tests.support.protos_of import proto3, set_of, write
from toolkit.cli.main import main
from toolkit.descriptors.compile import compile_tree

COMMANDS = {
    "reference": ("generate", "reference", "--out", "out"),
    "examples": ("generate", "examples", "--out", "out"),
    "site": ("generate", "site", "--out", "docs"),
    "list": ("list",),
    "dump": ("dump",),
}


def of_set(folder: Path, command: str, *files: pb.FileDescriptorProto) -> Result:
    """What a command makes of a set, in a folder inside another."""
    inner = folder / "a/b"
    inner.mkdir(parents=True, exist_ok=True)
    (inner / "x.binpb").write_bytes(set_of(*files).descriptor_set)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(inner)
        return CliRunner().invoke(main, [*COMMANDS[command], "--descriptor-set", "x.binpb"])


def file(
    name: str = "a.proto", package: str = "acme", method: str = "Do", service: str = "S"
) -> pb.FileDescriptorProto:
    """A file with one message and one service."""
    message = pb.DescriptorProto(name="M")
    full_name = f".{package}.M" if package else ".M"
    methods = [pb.MethodDescriptorProto(name=method, input_type=full_name, output_type=full_name)]
    services = [pb.ServiceDescriptorProto(name=service, method=methods)]
    return pb.FileDescriptorProto(name=name, package=package, syntax="proto3", message_type=[message], service=services)


NAMES = [
    "..",
    ".",
    "../../x",
    "/etc",
    "a/b",
    "a\\b",
    "..\\x",
    "a\nb",
    "a\x00b",
    "a b",
    "a\x1b[31m",
    "C:",
    "é",
    "a.",
    "{{x}}",
    "a|b",
]
FILES = [
    "../../x.proto",
    "/etc/x.proto",
    "a/../../x.proto",
    "a\\..\\x.proto",
    "a\nb.proto",
    "a//b.proto",
    "./x.proto",
    "a/",
    "",
    "\x00.proto",
]
HOSTILE = {
    **{f"package {name!r}": file(package=name) for name in [*NAMES, "a..b", ".a"]},
    **{f"service {name!r}": file(service=name) for name in [*NAMES, ""]},
    **{f"method {name!r}": file(method=name) for name in [*NAMES, "", "index/../.."]},
    **{f"file {name!r}": file(name=name) for name in FILES},
}


@pytest.mark.parametrize("case", HOSTILE)
def test_names(case: str, tmp_path: Path) -> None:
    """A name that could lead elsewhere is refused with exit code 2 by every command, and nothing is written."""
    for command in COMMANDS:
        result = of_set(tmp_path, command, HOSTILE[case])
        assert result.exit_code == 2, (command, result.output)
        assert isinstance(result.exception, SystemExit)
        assert result.stdout == ""
        assert result.stderr.startswith("error: ")
        assert not set(result.stderr) & {"\x00", "\x1b"}
        assert set(written(tmp_path)) == {"a/b/x.binpb"}


def test_honest_names(tmp_path: Path) -> None:
    """The same set with honest names is generated: what is refused above is the name."""
    assert of_set(tmp_path, "reference", file()).exit_code == 0
    assert set(written(tmp_path / "a/b/out")) == {
        f"acme/api-ref/grpc/{name}.md" for name in ("index", "S/index", "S/do")
    }


FOLDERS = [
    "a)[x](javascript:y)",
    "a<script>",
    "a b",
    "a|b",
    "a`b",
    "a{{b}}",
    "a\u2028b",
    "a\u202eb",
    "[a]",
    "%2e%2e",
    "a*b_c",
]


@pytest.mark.parametrize("folder", FOLDERS)
def test_folder_of_the_file(folder: str, tmp_path: Path) -> None:
    """The folder of a file is part of a link's address on the index, and cannot leave it."""
    write(
        tmp_path / "a/b", {"toolkit.toml": 'catalog = "c.toml"', "c.toml": 'source_url = "https://acme.example/main"'}
    )
    result = of_set(tmp_path, "reference", file(name=f"{folder}/x.proto"))
    assert result.exit_code == 0, result.output
    page = written(tmp_path / "a/b/out")["acme/api-ref/grpc/index.md"].decode()
    (line,) = [line for line in page.split("\n") if line.startswith("**Interface definitions**")]
    address = line.partition("(")[2].removesuffix(").")
    assert address.startswith("https://acme.example/main/")
    assert not set(address) & set(" ()[]<>|`{}*\\\u2028\u202e")


def test_two_files_of_one_page(tmp_path: Path) -> None:
    """Services that would share a page are refused with both their names."""
    one, two = file(service="Cat"), file(name="b.proto", service="CatService")
    del two.message_type[:]
    result = of_set(tmp_path, "reference", one, two)
    assert result.exit_code == 2
    assert "acme.Cat and acme.CatService" in result.stderr
    assert set(written(tmp_path)) == {"a/b/x.binpb"}


CHAIN = "".join(f"message D{n} {{ D{n + 1} next = 1; string name = 2; }}\n" for n in range(1000)) + "message D1000 {}\n"
WIDE = "message Wide {\n" + "".join(f"string f{n} = {n};\n" for n in range(1, 2001)) + "}\n"
FAN = (
    "".join(f"message F{n} {{ F{n + 1} a = 1; F{n + 1} b = 2; }}\n" for n in range(60))
    + "message F60 { string x = 1; }\n"
)
KNOT = "".join(f"message K{n} {{ " + " ".join(f"K{m} k{m} = {m + 1};" for m in range(8)) + " }\n" for n in range(8))
NESTED = "".join(f"message N{n} {{ " for n in range(30)) + "N0 again = 1;" + "}" * 30 + "\n"


def service(message: str, name: str = "Things") -> str:
    """A service with one method."""
    return f"service {name} {{ rpc Do({message}) returns ({message}); }}\n"


SHAPES = {
    "self": (proto3("acme", "message A { A a = 1; repeated A b = 2; map<string, A> c = 3; }" + service("A")), 1),
    "pair": (
        proto3("acme", "message A { B b = 1; } message B { A a = 1; oneof x { B b = 2; A c = 3; } }" + service("A")),
        1,
    ),
    "knot": (proto3("acme", KNOT + service("K0")), 1),
    "no fields": (proto3("acme", "message A {}" + service("A")), 1),
    "no methods": (proto3("acme", "service Things {}"), 0),
    "no services": (proto3("acme", "message A {}"), None),
    "nothing": ('syntax = "proto3";\n', None),
    "no package": ('syntax = "proto3";\nmessage A { A a = 1; }\n' + service("A"), 1),
    "deep": (proto3("acme", CHAIN + service("D0")), 1),
    "wide": (proto3("acme", WIDE + service("Wide")), 1),
    "exponential": (proto3("acme", FAN + service("F0")), 1),
    "nested": (proto3("acme", NESTED + service("N0")), 1),
    "named as what it is in": (proto3("acme.acme", "message acme { acme acme = 1; }" + service("acme", "Service")), 1),
    "many values": (
        proto3(
            "acme",
            "message A { E e = 1; } enum E { " + "".join(f"V{n} = {n};" for n in range(2000)) + "}" + service("A"),
        ),
        1,
    ),
    "method index": (proto3("acme", "message A {}\nservice Things { rpc Index(A) returns (A); }"), 1),
}


@pytest.mark.slow(reason="runs every command on every shape")
@pytest.mark.parametrize("shape", SHAPES)
def test_shape(shape: str, tmp_path: Path) -> None:
    """However messages hang together, every command ends and says what there is."""
    text, methods = SHAPES[shape]
    compilation = compile_tree([write(tmp_path / "protos", {"a.proto": text})])
    assert not compilation.diagnostics
    (tmp_path / "x.binpb").write_bytes(compilation.descriptor_set)
    said = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path)
        for command, arguments in COMMANDS.items():
            result = CliRunner().invoke(main, [*arguments, "--descriptor-set", "x.binpb"])
            assert result.exit_code == 0, (command, result.output)
            said[command] = result.stdout
    out = written(tmp_path / "out") if methods is not None else {}
    pages = {path: text.decode() for path, text in out.items() if path.endswith(".md")}
    assert len(pages) == (0 if methods is None else 2 + methods)
    for page in (text for path, text in pages.items() if not path.endswith("/index.md")):
        assert page.count("\n#|\n") == page.count("\n|#") == page.count("{#") > 0
        assert len(page) < 20_000_000
    reference = tmp_path / "docs/site/reference"
    site = {path: text for path, text in written(reference).items() if path.endswith(".md")}
    assert len(site) >= 2 + (methods or 0)
    assert sum("kind: method\n" in text.decode() for text in site.values()) == (methods or 0)
    assert max(map(len, site.values())) < 1_000_000
    examples = [json.loads(text) for path, text in out.items() if path.endswith(".json")]
    assert len(examples) == 3 * (methods or 0)
    assert all(isinstance(example, dict) for example in examples)
    assert said["list"].count(" → ") == (methods or 0)
    assert [file["name"] for file in json.loads(said["dump"])["files"]] == ["a.proto"]
