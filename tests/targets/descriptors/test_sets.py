"""Descriptor sets have what tools need to call a server, and nothing that is hidden."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from google.protobuf import descriptor_pb2 as pb
from google.protobuf import descriptor_pool

from tests.support.command import run
from tests.support.protos_of import proto3, write
from toolkit.descriptors.compile import bundled_roots

_HIDDEN = "// @internal\n"
TREE = f"""
extend google.protobuf.FieldOptions {{ string note = 50001; }}
// Of a comment: SECRET.
service S {{
  rpc Get(M) returns (M) {{ option (google.api.http) = {{ get: "/v1/{{id}}" }}; }}
  rpc Put(M) returns (M) {{ option (google.api.http) = {{ put: "/v1/{{id}}" body: "secret_field" }}; }}
  {_HIDDEN} rpc SecretGet(secret.Secret) returns (M);
}}
{_HIDDEN} service SecretService {{ rpc Get(M) returns (M); }}
message M {{
  string id = 1 [(note) = "SECRET", deprecated = true];
  {_HIDDEN} string secret_field = 2;
  oneof secret_one {{
    {_HIDDEN} string secret_a = 3;
  }}
  oneof choice {{
    string a = 8;
    {_HIDDEN} string secret_b = 9;
  }}
  optional int32 n = 4;
  map<string, Inner> inner = 5;
  message Inner {{ google.protobuf.Timestamp at = 1; }}
  {_HIDDEN} map<string, string> secret_map = 6;
  {_HIDDEN} message SecretMessage {{}}
  E e = 7;
}}
enum E {{
  {_HIDDEN} SECRET_ZERO = 0;
  ONE = 1;
  {_HIDDEN} SECRET_TWO = 2;
}}
message Empty {{}}
"""
_IMPORTS = (
    *("google/api/annotations.proto", "google/protobuf/timestamp.proto"),
    *("google/protobuf/descriptor.proto", "secret/secret.proto"),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with protos, and their sets in "out"."""
    made = write(
        tmp_path_factory.mktemp("sets"),
        {
            "protos/acme/a.proto": proto3("acme.v1", TREE, *_IMPORTS),
            "protos/acme/b.proto": proto3("acme.v1", "message B { M m = 1; }", "acme/a.proto"),
            "protos/secret/secret.proto": proto3("secret", "message Secret {}"),
            "toolkit.toml": 'proto_path = ["protos"]\n[descriptors]\nout = "out"\n[site]\nhide = ["secret.*"]\n',
        },
    )
    ran = run("generate", "descriptors", cwd=made)
    assert ran.code == 0, ran.errors
    return made


def _set(folder: Path) -> pb.FileDescriptorSet:
    return pb.FileDescriptorSet.FromString((folder / "out/acme.v1.binpb").read_bytes())


def test_is_whole(folder: Path) -> None:
    """Each file comes after what it imports, and every type is there."""
    assert [file.name for file in _set(folder).file] == [
        "google/api/http.proto",
        "google/protobuf/descriptor.proto",
        "google/api/annotations.proto",
        "google/protobuf/timestamp.proto",
        "acme/a.proto",
        "acme/b.proto",
    ]
    pool = descriptor_pool.DescriptorPool()
    for file in _set(folder).file:
        pool.Add(file)
    message = pool.FindMessageTypeByName("acme.v1.M")
    assert [field.name for field in message.fields] == ["id", "a", "n", "inner", "e"]
    assert [(one.name, [field.name for field in one.fields]) for one in message.oneofs] == [
        ("choice", ["a"]),
        ("_n", ["n"]),
    ]
    assert message.fields_by_name["inner"].message_type.GetOptions().map_entry
    assert [(v.name, v.number) for v in pool.FindEnumTypeByName("acme.v1.E").values] == [("E_0", 0), ("ONE", 1)]
    assert message.fields_by_name["id"].GetOptions().deprecated


def test_hides(folder: Path) -> None:
    """Neither hidden elements nor comments nor custom options are there, nor packages whose files are hidden."""
    assert [path.name for path in (folder / "out").iterdir()] == ["acme.v1.binpb"]
    content = (folder / "out/acme.v1.binpb").read_bytes()
    assert b"secret" not in content.lower()
    assert not any(file.HasField("source_code_info") for file in _set(folder).file)


def test_buf(folder: Path) -> None:
    """Buf reads a set, with the HTTP bindings."""
    buf = [str(Path(sys.executable).with_name("buf")), "build", "out/acme.v1.binpb", "-o", "-#format=json"]
    ran = subprocess.run(buf, cwd=folder, capture_output=True, timeout=60)
    assert ran.returncode == 0, ran.stderr
    files = {file["name"]: file for file in json.loads(ran.stdout)["file"]}
    get, put = files["acme/a.proto"]["service"][0]["method"]
    assert put["options"] == {"[google.api.http]": {"put": "/v1/{id}"}}
    assert get["options"] == {"[google.api.http]": {"get": "/v1/{id}"}}


def test_is_unchanged(folder: Path) -> None:
    """The same tree gives the same bytes, also from a service of it; another order of comments and files no others."""
    before = (folder / "out/acme.v1.binpb").read_bytes()
    for arguments in ((), ("acme.v1.S", "--no-cache")):
        assert "0 written, 1 unchanged" in run("generate", "descriptors", *arguments, cwd=folder).errors
    path = folder / "protos/acme/a.proto"
    path.write_text(path.read_text().replace("// Of a comment", "// Of another comment"))
    assert run("check", "descriptors", cwd=folder).code == 0
    assert (folder / "out/acme.v1.binpb").read_bytes() == before


def test_plugin_writes_text(folder: Path) -> None:
    """Protoc takes no bytes of a plugin: that is an error that says what to do."""
    ran = subprocess.run(
        [sys.executable, "-m", "grpc_tools.protoc", "-Iprotos", *(f"-I{root}" for root in bundled_roots()), "--toolkit_out=.", "--toolkit_opt=descriptors",
         f"--plugin=protoc-gen-toolkit={Path(sys.executable).with_name('protoc-gen-toolkit')}", "acme/a.proto"],
        cwd=folder, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert ran.returncode != 0
    assert "protoc cannot write acme.v1.binpb, which is not text" in ran.stderr
