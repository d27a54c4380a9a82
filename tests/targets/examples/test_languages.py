"""Snippets in Go, TypeScript, Java and C#: real grammars parse them, tsc checks types, and values of a tree are data."""

from __future__ import annotations

import json
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import tree_sitter
import tree_sitter_c_sharp
import tree_sitter_go
import tree_sitter_java

from tests.conftest import REPOSITORY
from tests.support.protos_of import proto3, write
from toolkit.descriptors.compile import compile_tree
from toolkit.descriptors.loader import load
from toolkit.descriptors.model import Schema
from toolkit.semantics.facts import Facts
from toolkit.targets.examples.examples import Examples
from toolkit.targets.examples.languages import go_name
from toolkit.targets.examples.servers import Servers
from toolkit.targets.examples.snippets import Snippets
from toolkit.targets.rendering import Renderer

GRAMMARS = {
    "go": tree_sitter_go.language(),
    "java": tree_sitter_java.language(),
    "csharp": tree_sitter_c_sharp.language(),
}
NODE = REPOSITORY / "build/node/node_modules"
HEADERS = {"Authorization": "Bearer $TOKEN", "x-team": 'sa"il\\s'}
SOURCES = {
    "fleet/v1/fleet.proto": proto3(
        "fleet.v1",
        """
        option go_package = "fleet.example/go/fleet/v1;fleetpb";
        message Ship { string name = 1; int64 tons = 2; map<string, string> flags = 3; message Mast { string wood = 1; } }
        message fleet { string name = 1; }
        service Ships {
          rpc Launch(Ship) returns (Ship);
          rpc follow_up(Ship.Mast) returns (stream Ship);
          rpc Load(stream Ship) returns (Ship);
          rpc Radio(stream Ship) returns (stream Ship);
          rpc Sink(google.protobuf.StringValue) returns (google.protobuf.Empty);
          rpc import(.fleet.port.v2beta1.Harbor_Master) returns (Ship);
          rpc ToString(Ship) returns (Ship);
          rpc Stow(Freight) returns (Ship);
        }
        message Freight { google.protobuf.Any cargo = 1; repeated google.protobuf.Any more = 2; }
        """,
        "google/protobuf/any.proto",
        "google/protobuf/empty.proto",
        "google/protobuf/wrappers.proto",
        "fleet/port/port_master.proto",
    ),
    "fleet/port/port_master.proto": proto3(
        "fleet.port.v2beta1",
        """
        option go_package = "fleet.example/go/port";
        option java_package = "example.port";
        option java_multiple_files = true;
        option csharp_namespace = "Fleet.Ports";
        message Harbor_Master { string name = 1; }
        """,
    ),
}
NASTY = 'it\'s `x` "y" """ \\ \\u0041 ${a} </script>\n\u2028é\U0001f600'
METHODS = ("Launch", "follow_up", "Load", "Radio", "Sink", "import", "ToString", "Stow")
URL = "type.googleapis.com/"
FREIGHT = {
    "cargo": {"@type": f"{URL}fleet.port.v2beta1.Harbor_Master", "name": "Ann"},
    "more": [
        {"@type": f"{URL}fleet.v1.Ship", "name": "Boat"},
        {"@type": f"{URL}google.protobuf.StringValue", "value": "Tea"},
    ],
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of protos."""
    found = tmp_path_factory.mktemp("protos")
    write(found, SOURCES)
    return found


@cache
def schema_of(folder: Path) -> Schema:
    """The model of the protos."""
    compilation = compile_tree([folder])
    assert not compilation.diagnostics, compilation.diagnostics
    return load(compilation)


def code(folder: Path, form: str, name: str, **servers: Any) -> str:
    """The snippet of a method in a language."""
    schema = schema_of(folder)
    method = schema.methods[f"fleet.v1.Ships.{name}"]
    snippets = Snippets(Facts(schema), Renderer(), Servers(**servers))
    example = Examples(Facts(schema)).request(method)
    if isinstance(example, dict):
        example |= {"flags": {"__proto__": NASTY}} if method.input == "fleet.v1.Ship" else {}
        example |= FREIGHT if method.input == "fleet.v1.Freight" else {}
    found = snippets.snippet(form, method, example)
    assert found is not None
    return found


def strings(node: tree_sitter.Node, kinds: set[str]) -> list[str]:
    """The text of the nodes of these kinds."""
    if node.type in kinds:
        assert node.text is not None
        return [node.text.decode()]
    return [text for child in node.children for text in strings(child, kinds)]


@pytest.mark.parametrize("servers", [{}, {"grpc": 'ships";x:1', "tls": "on", "headers": HEADERS}], ids=["plain", "tls"])
@pytest.mark.parametrize("name", METHODS)
@pytest.mark.parametrize("form", GRAMMARS)
def test_grammar(form: str, name: str, servers: dict[str, Any], folder: Path) -> None:
    """Each snippet is a program of its language."""
    parser = tree_sitter.Parser(tree_sitter.Language(GRAMMARS[form]))
    text = code(folder, form, name, **servers)
    assert not parser.parse(text.encode()).root_node.has_error, text


def test_values_are_data(folder: Path) -> None:
    """The request is one string, which contains the example, whatever is in it."""
    expected = Examples(Facts(schema_of(folder))).request(schema_of(folder).methods["fleet.v1.Ships.Launch"])
    expected |= {"flags": {"__proto__": NASTY}}
    kinds = {"go": "raw_string_literal", "java": "string_literal", "csharp": "raw_string_literal"}
    for form, kind in kinds.items():
        parser = tree_sitter.Parser(tree_sitter.Language(GRAMMARS[form]))
        found = strings(parser.parse(code(folder, form, "Launch").encode()).root_node, {kind})
        (text,) = (text for text in found if "__proto__" in text)
        text = text.strip('`"')
        assert json.loads(text.replace("\\\\", "\\") if form == "java" else text) == expected


def test_names(folder: Path) -> None:
    """Names are those that the generators of each language make."""
    go, java, csharp = (code(folder, form, "import") for form in ("go", "java", "csharp"))
    assert 'pb "fleet.example/go/fleet/v1"\n\trequestpb "fleet.example/go/port"\n' in go
    assert "&requestpb.Harbor_Master{}" in go
    assert "client.Import(ctx, request)" in go
    assert "pb.NewShipsClient(connection)" in go
    assert "import example.port.Harbor_Master;\nimport fleet.v1.ShipsGrpc;\n" in java
    assert "client.import_(request.build())" in java
    assert "Parse<Fleet.Ports.Harbor_Master>(" in csharp
    assert "new Fleet.V1.Ships.ShipsClient(channel)" in csharp
    assert "&pb.Ship_Mast{}" in code(folder, "go", "follow_up")
    assert "FleetOuterClass.Ship.Mast.Builder" not in code(folder, "java", "follow_up")
    assert "Fleet.Ship.Mast.Builder request" in code(folder, "java", "follow_up")
    assert "client.followUp(" in code(folder, "java", "follow_up")
    assert "Parse<Fleet.V1.Ship.Types.Mast>(" in code(folder, "csharp", "follow_up")
    assert "&requestpb.StringValue{}" in code(folder, "go", "Sink")


def test_packed_types(folder: Path) -> None:
    """Types in an Any are in the type registry that the language parses with; Go registers those that it imports."""
    go, typescript, java, csharp = (code(folder, form, "Stow") for form in ("go", "typescript", "java", "csharp"))
    assert '_ "fleet.example/go/port"\n' in go
    assert '_ "google.golang.org/protobuf/types/known/wrapperspb"\n' in go
    assert "{ registry: createRegistry(Harbor_MasterSchema, ShipSchema, StringValueSchema) }" in typescript
    assert 'import { StringValueSchema } from "@bufbuild/protobuf/wkt";' in typescript
    for name in ("Harbor_Master", "Fleet.Ship", "StringValue"):
        assert f".add({name}.getDescriptor())" in java
    assert ".usingTypeRegistry(types).merge(" in java
    assert "FromMessages(Fleet.Ports.Harbor_Master.Descriptor, Fleet.V1.Ship.Descriptor, " in csharp
    assert "createRegistry" not in code(folder, "typescript", "Launch")


GO_NAMES = [
    ("get_ship", "GetShip"),
    ("_x", "XX"),
    ("a1b", "A1B"),
    ("a_1", "A_1"),
    ("HTTP_get", "HTTPGet"),
    ("x_Y", "X_Y"),
]


@pytest.mark.parametrize(("name", "made"), GO_NAMES)
def test_go_names(name: str, made: str) -> None:
    """Names become exported ones as protoc-gen-go makes them."""
    assert go_name(name) == made


def test_no_go_package(tmp_path: Path) -> None:
    """Without go_package nobody knows the import path, and there is no Go snippet."""
    write(tmp_path, {"a.proto": proto3("a", "message M {} service S { rpc Call(M) returns (M); }")})
    schema = schema_of(tmp_path)
    assert Snippets(Facts(schema), Renderer()).snippet("go", schema.methods["a.S.Call"], {}) is None


def test_hostile_options(tmp_path: Path) -> None:
    """Options that contain code do not become code."""
    options = 'option java_package = "a; evil()"; option csharp_namespace = "a\\n;Evil()"; option go_package = "a\\"b";'
    write(tmp_path, {"a.proto": proto3("a", f"{options} message M {{}} service S {{ rpc Call(M) returns (M); }}")})
    schema = schema_of(tmp_path)
    for form, language in GRAMMARS.items():
        text = Snippets(Facts(schema), Renderer()).snippet(form, schema.methods["a.S.Call"], {})
        assert text is not None
        assert "evil" not in text.lower()
        assert not tree_sitter.Parser(tree_sitter.Language(language)).parse(text.encode()).root_node.has_error


@pytest.mark.slow(reason="starts protoc and tsc")
@pytest.mark.parametrize("protocols", [("grpc",), ("connect",)], ids=lambda protocols: protocols[0])
def test_typescript(protocols: tuple[str, ...], folder: Path, tmp_path: Path) -> None:
    """Each TypeScript snippet passes tsc with the code that protoc-gen-es generates."""
    if shutil.which("node") is None or not (NODE / "@connectrpc/connect-node").is_dir():
        pytest.skip("no tsc with Connect: run tests/site/install.sh")
    buf = shutil.which("buf") or shutil.which("buf", path=REPOSITORY / ".venv/bin")
    assert buf is not None
    for name in METHODS:
        text = code(folder, "typescript", name, protocols=protocols, headers=HEADERS)
        (tmp_path / f"{name}.ts").write_text(f"{text}export {{}};\n")
    plugin = {"local": str(NODE / ".bin/protoc-gen-es"), "out": str(tmp_path / "gen"), "opt": ["target=ts"]}
    template = json.dumps({"version": "v2", "plugins": [plugin]})
    subprocess.run([buf, "generate", str(folder), "--template", template], check=True, timeout=60)
    (tmp_path / "node_modules").symlink_to(NODE)
    options = {"module": "esnext", "target": "es2022", "moduleResolution": "bundler", "strict": True, "noEmit": True}
    options |= {"types": ["node"], "skipLibCheck": True}
    (tmp_path / "tsconfig.json").write_text(json.dumps({"compilerOptions": options, "include": ["*.ts"]}))
    said = subprocess.run([NODE / ".bin/tsc", "-p", tmp_path], capture_output=True, text=True, timeout=120, check=False)
    assert said.returncode == 0, said.stdout
