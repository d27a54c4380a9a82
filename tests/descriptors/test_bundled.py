"""Files that come with the toolkit: trees that import them compile, and a tree's own copy wins."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from google.protobuf import descriptor_pb2 as pb

from tests.support.bindings_of import bindings_of
from tests.support.command import run
from tests.support.protos_of import proto3, schema_of, write
from tests.support.versions import commit_all
from toolkit.descriptors import bundled
from toolkit.descriptors import compile as compiling
from toolkit.descriptors.compile import bundled_roots, compile_tree, is_bundled, start_compiling
from toolkit.descriptors.loader import load, read_tree
from toolkit.descriptors.roots import Root, Tree

LONG = "github.com/gogo/protobuf/gogoproto/gogo.proto"
ASK = "string name = 1;"
USES = {
    "buf/validate/validate.proto": "string name = 1 [(buf.validate.field).string.max_len = 9];",
    "validate/validate.proto": "string name = 1 [(validate.rules).string.max_len = 9];",
    "google/longrunning/operations.proto": f"{ASK} google.longrunning.Operation mowing = 2;",
    "google/iam/v1/policy.proto": f"{ASK} google.iam.v1.Policy policy = 2;",
    "google/iam/v1/iam_policy.proto": f"{ASK} google.iam.v1.SetIamPolicyRequest request = 2;",
    "google/iam/v1/logging/audit_data.proto": f"{ASK} google.iam.v1.logging.AuditData data = 2;",
    "google/api/expr/v1alpha1/checked.proto": f"{ASK} google.api.expr.v1alpha1.CheckedExpr when = 2;",
    "google/api/expr/v1beta1/eval.proto": f"{ASK} google.api.expr.v1beta1.EvalState state = 2;",
    "google/api/httpbody.proto": f"{ASK} google.api.HttpBody photo = 2;",
    "google/geo/type/viewport.proto": f"{ASK} google.geo.type.Viewport lawn = 2;",
    "google/type/money.proto": f"{ASK} google.type.Money price = 2;",
    "google/rpc/context/attribute_context.proto": f"{ASK} google.rpc.context.AttributeContext context = 2;",
    "google/logging/type/log_severity.proto": f"{ASK} google.logging.type.LogSeverity severity = 2;",
    "protoc-gen-openapiv2/options/annotations.proto": (
        'string name = 1 [(grpc.gateway.protoc_gen_openapiv2.options.openapiv2_field) = {title: "Name"}];'
    ),
    "gogoproto/gogo.proto": 'string name = 1 [(gogoproto.customname) = "Label"];',
    LONG: 'string name = 1 [(gogoproto.customname) = "Label"];',
    "xds/annotations/v3/status.proto": f"option (xds.annotations.v3.message_status).work_in_progress = true; {ASK}",
    "udpa/annotations/sensitive.proto": "string name = 1 [(udpa.annotations.sensitive) = true];",
}
"""A file that comes with the toolkit, and fields of a message that imports it."""


def lawn(name: str) -> str:
    """A file that imports one and uses it."""
    body = f"message Lawn {{ {USES[name]} }} service Lawns {{ rpc Mow(Lawn) returns (Lawn); }}"
    return proto3("acme.lawn.v1", body, name)


@pytest.mark.parametrize("name", USES)
def test_imports(tmp_path: Path, name: str) -> None:
    """A tree that imports a file which only the toolkit has compiles; only its own files are asked for."""
    schema = schema_of(tmp_path, {"acme/lawn.proto": lawn(name)})
    assert name in schema.files
    assert {file.name for file in schema.files.values() if file.requested} == {"acme/lawn.proto"}
    assert is_bundled(name)


@pytest.mark.parametrize("name", USES)
def test_bindings(tmp_path: Path, name: str) -> None:
    """Bindings of a tree that imports such a file can be imported, and its messages survive bytes."""
    with bindings_of(tmp_path, {"acme/lawn.proto": lawn(name)}) as made:
        lawn_class = made.module("acme.lawn.v1").Lawn
        assert lawn_class.from_bytes(lawn_class(name="x").to_bytes()).name == "x"


def test_options_are_readable() -> None:
    """Every set holds its files without comments, and everything that they import comes with the toolkit, too."""
    for path in bundled.descriptor_sets():
        for file in pb.FileDescriptorSet.FromString(path.read_bytes()).file:
            assert not file.HasField("source_code_info")
            missing = [imported for imported in file.dependency if not is_bundled(imported)]
            assert not missing, file.name


def test_option_values(tmp_path: Path) -> None:
    """The values of options from such files are in the model, whole."""
    option = "(validate.rules).repeated = {min_items: 1, items: {string: {email: true}}}"
    body = f"message Lawn {{ repeated string owners = 1 [{option}]; }}"
    schema = schema_of(tmp_path, {"lawn.proto": proto3("acme", body, "validate/validate.proto")})
    assert schema.messages["acme.Lawn"].fields[0].options == {
        "validate.rules": {"repeated": {"min_items": 1, "items": {"string": {"email": True}}}}
    }


def test_both_names(tmp_path: Path) -> None:
    """A file that is known by a long and a short name can be imported by both in one tree."""
    schema = schema_of(
        tmp_path,
        {"a.proto": proto3("a", "message A {}", LONG), "b.proto": proto3("b", "message B {}", "gogoproto/gogo.proto")},
    )
    assert "gogoproto.customname" in schema.extensions


OWN = """syntax = "proto2";
package gogoproto;
import "google/protobuf/descriptor.proto";
extend google.protobuf.FieldOptions { optional int32 petals = 65001; }
"""
FLOWER = proto3("acme", "message Flower { string name = 1 [(gogoproto.petals) = 5]; }", "gogoproto/gogo.proto")


@pytest.mark.parametrize("folder", ["", "third_party/", "a/vendor/", "zzz/"])
@pytest.mark.parametrize("shards_from", [1, 1000])
def test_own_copy_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str, shards_from: int) -> None:
    """A tree's own copy is used, at its root or in a folder, however it differs, and in shards, too."""
    monkeypatch.setattr(compiling, "_SHARD_FROM", shards_from)
    root = write(tmp_path, {f"{folder}gogoproto/gogo.proto": OWN, "acme/flower.proto": FLOWER})
    schema, compilation = read_tree(start_compiling([root]))
    assert not compilation.diagnostics
    assert schema.messages["acme.Flower"].fields[0].options == {"gogoproto.petals": 5}
    assert load(compile_tree([root])) == schema


def test_copy_by_its_long_name(tmp_path: Path) -> None:
    """A copy in a folder that is imported by its path keeps that name, and the file of the toolkit stays out."""
    importer = FLOWER.replace("gogoproto/gogo.proto", "vendor/gogoproto/gogo.proto")
    schema = schema_of(tmp_path, {"vendor/gogoproto/gogo.proto": OWN, "acme/flower.proto": importer})
    assert "gogoproto/gogo.proto" not in schema.files


def test_own_copy_in_another_root(tmp_path: Path) -> None:
    """A copy in a root that is only imported from wins as well."""
    write(tmp_path / "deps", {"gogoproto/gogo.proto": OWN})
    own = write(tmp_path / "protos", {"flower.proto": FLOWER})
    compilation = compile_tree(Tree((Root(own),), imports=(Root(tmp_path / "deps"),)))
    assert "gogoproto.petals" in load(compilation).extensions


@pytest.mark.slow(reason="runs the command several times")
def test_commands(tmp_path: Path) -> None:
    """The commands work on such a tree without settings, and document nothing but its own files."""
    names = ["buf/validate/validate.proto", "google/longrunning/operations.proto", "gogoproto/gogo.proto"]
    write(tmp_path, {f"acme/{n}.proto": lawn(name).replace("lawn.v1", f"lawn{n}.v1") for n, name in enumerate(names)})
    listed = run("list", cwd=tmp_path).text.splitlines()
    assert [line for line in listed if not line.startswith(" ")] == [f"acme.lawn{n}.v1" for n in range(3)]
    assert "At most 9 characters." in run("page", "acme.lawn0.v1.Lawns.Mow", cwd=tmp_path).text
    for target in ("reference", "site", "python"):
        assert run("generate", target, "--out", f"out/{target}", cwd=tmp_path).code == 0
    made = {path.relative_to(tmp_path).as_posix() for path in (tmp_path / "out").rglob("*.md")}
    assert made
    assert not [path for path in made if "longrunning" in path or "validate" in path or "gogo" in path]


@pytest.mark.slow(reason="starts git and the command")
def test_revisions(tmp_path: Path) -> None:
    """Two revisions of such a tree can be compared."""
    commit_all(write(tmp_path, {"acme/lawn.proto": lawn("validate/validate.proto")}))
    write(tmp_path, {"acme/lawn.proto": lawn("validate/validate.proto").replace("name = 1", "name = 3")})
    ran = run("diff", "HEAD", ".", cwd=tmp_path)
    assert "acme.lawn.v1.Lawn" in ran.text, ran.errors
    assert "not compared" not in ran.errors


def test_protoc_is_told_the_sets_in_one_argument() -> None:
    """The paths of the sets fit the one argument that takes them."""
    assert not [path for path in bundled.descriptor_sets() if os.pathsep in path.name]
    assert not bundled.names() & {
        path.relative_to(root).as_posix() for root in bundled_roots() for path in root.rglob("*.proto")
    }
