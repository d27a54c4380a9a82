"""Examples parse, obey the constraints, and run."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from tests.conftest import REPOSITORY
from tests.examples.check import Check
from tests.support.published import CLOUDAPI, import_roots
from toolkit.descriptors.compile import Compilation, compile_tree
from toolkit.descriptors.dynamic import DynamicClasses
from toolkit.descriptors.loader import load
from toolkit.descriptors.model import Schema
from toolkit.semantics.facts import Facts
from toolkit.semantics.validator import Validator
from toolkit.targets.examples.examples import Examples

TREE = CLOUDAPI / "2026-06-29-8ad214f2"


@cache
def own() -> tuple[Compilation, Schema, DynamicClasses]:
    """The repository's own protos, compiled, loaded and as classes."""
    compilation = compile_tree([REPOSITORY / "protos"])
    return compilation, load(compilation), DynamicClasses(compilation)


def of(tmp_path: Path, source: str) -> tuple[Schema, DynamicClasses]:
    """A small tree of one file, package acme."""
    (tmp_path / "acme.proto").write_text(f'syntax = "proto3";\npackage acme;\n{source}')
    validation = tmp_path / "yandex/cloud/validation.proto"
    validation.parent.mkdir(parents=True, exist_ok=True)
    validation.write_bytes((REPOSITORY / "protos/yandex/cloud/validation.proto").read_bytes())
    compilation = compile_tree([tmp_path])
    assert not compilation.diagnostics, compilation.diagnostics
    return load(compilation), DynamicClasses(compilation)


def request(tmp_path: Path, source: str, **options: Any) -> dict[str, Any]:
    """The example request of the only method, checked."""
    schema, classes = of(tmp_path, source)
    examples = Examples(Facts(schema), **options)
    method = next(m for m in schema.methods.values() if m.full_name.startswith("acme."))
    example = examples.request(method)
    message = classes.parse(method.input, json.dumps(example))
    assert Validator(Facts(schema)).check(message) == []
    assert examples.diagnostics() == []
    return example


def fields(body: str, before: str = "") -> str:
    """A service with one method that takes a message of these fields."""
    return (
        'import "yandex/cloud/validation.proto"; import "google/protobuf/field_mask.proto";'
        'import "google/protobuf/timestamp.proto"; import "google/protobuf/duration.proto";'
        'import "google/protobuf/wrappers.proto"; import "google/protobuf/struct.proto";'
        f"service Things {{ rpc Create(CreateThingRequest) returns (CreateThingRequest); }}\n{before}\n"
        f"message CreateThingRequest {{\n{body}\n}}"
    )


def all_of(schema: Schema) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Name, message and value of both examples of every method."""
    examples = Examples(Facts(schema))
    for service in schema.requested_services():
        for method in service.methods:
            yield f"{method.full_name} request", method.input, examples.request(method)
            yield f"{method.full_name} response", method.output, examples.response(method)


def failures(schema: Schema, classes: DynamicClasses) -> list[str]:
    """What is wrong with the examples of a schema."""
    validator = Validator(Facts(schema))
    found = []
    for name, message, example in all_of(schema):
        parsed = classes.parse(message, json.dumps(example))
        if classes.get(message).FromString(parsed.SerializeToString()) != parsed:
            found.append(f"{name}: not the same after a binary round trip")
        found += [f"{name}: {violation}" for violation in validator.check(parsed)]
    return found


@pytest.mark.slow(reason="compiles a whole tree")
@pytest.mark.xdist_group("2026-06-29-8ad214f2")
def test_large_tree() -> None:
    """No example of the large public tree has a fault, except where the tree contradicts itself."""
    if not TREE.is_dir():
        pytest.skip(f"no tree {TREE}: set CLOUDAPI")
    assert list(Check(compile_tree(import_roots(TREE))).faults()) == []


def test_own() -> None:
    """The same holds for the repository's own protos."""
    _, schema, classes = own()
    assert failures(schema, classes) == []


def test_same_on_every_run() -> None:
    """Two builders make the same examples."""
    _, schema, _ = own()
    assert list(Examples(Facts(schema)).files()) == list(Examples(Facts(schema)).files())


def test_files() -> None:
    """A method has two requests and a response, an operation another one; variants add a request for each member."""
    _, schema, _ = own()
    plain = dict(Examples(Facts(schema)).files())
    assert len(plain) == 35
    assert "yandex/cloud/compute/v1/Image/getLatestByFamily.request.json" in plain
    variants = dict(Examples(Facts(schema)).files(variants=True))
    create = {name: json.loads(text) for name, text in variants.items() if "Image/create.request." in name}
    members = ("imageId", "diskId", "snapshotId", "uri")
    shown = {name.split(".")[-2]: [m for m in members if m in value] for name, value in create.items()}
    assert shown == {
        "request": ["imageId"],
        "full": ["imageId"],
        "image_id": ["imageId"],
        "disk_id": ["diskId"],
        "snapshot_id": ["snapshotId"],
        "uri": ["uri"],
    }


def test_operation() -> None:
    """A long-running method's response is a finished operation with the types that its option names."""
    _, schema, _ = own()
    response = Examples(Facts(schema)).response(schema.methods["yandex.cloud.compute.v1.ImageService.Create"])
    assert response["done"] is True
    assert response["metadata"]["@type"] == "type.googleapis.com/yandex.cloud.compute.v1.CreateImageMetadata"
    assert response["response"]["@type"] == "type.googleapis.com/yandex.cloud.compute.v1.Image"
    assert response["metadata"]["imageId"] == response["response"]["id"]
    assert "error" not in response


def test_names_decide(tmp_path: Path) -> None:
    """Names suggest values, and one thing has one identifier wherever it is named."""
    example = request(
        tmp_path,
        fields(
            "string id = 1; string thing_id = 2; string email = 3; string ip_address = 4; int64 page_size = 5;"
            "google.protobuf.Timestamp created_at = 6; google.protobuf.Timestamp expires_at = 7; string name = 8;"
            "bytes data = 9; double ratio = 10; map<string, string> labels = 11; google.protobuf.Int64Value cores = 12;"
        ),
    )
    assert example["id"] == example["thingId"] == "thing-5de94d"
    assert "@example.com" in example["email"]
    assert example["ipAddress"].startswith("192.0.2.")
    assert example["pageSize"] == "100"
    assert example["createdAt"] < example["expiresAt"]
    assert example["name"] == "my-thing"
    assert example["cores"] == "2"
    assert len(example["labels"]) == 1


def test_nobody_in_particular(tmp_path: Path) -> None:
    """IDs are the name of the thing and six digits, or UUIDs if a name or comment says so; lists have several of a kind."""
    many = '[(yandex.cloud.size) = ">=2"]'
    example = request(
        tmp_path,
        fields(
            f"string book_id = 1; repeated string book_ids = 2 {many}; string book_uuid = 3;"
            f"// UUIDs of the books.\nrepeated string own_book_ids = 4 {many};"
            "// UUIDv4 of the book.\nstring id = 5; // The UUID is elsewhere.\n string title = 6;"
            f"string zone_id = 7; string region = 8; string api_token = 9; repeated string macs = 10 {many};"
        ),
    )
    assert re.fullmatch("book-[0-9a-f]{6}", example["bookId"])
    first, second = example["bookIds"]
    assert first == example["bookId"] != second
    assert re.fullmatch("book-[0-9a-f]{6}", second)
    for text in (example["bookUuid"], example["id"], *example["ownBookIds"]):
        assert UUID(text).version == 4
    assert len({*example["ownBookIds"]}) == 2
    assert example["title"] == "Example thing"
    assert example["zoneId"].startswith(example["region"])
    assert example["apiToken"] == "example-api-token"


def test_format(tmp_path: Path) -> None:
    """A declared format decides, whatever the name is."""
    formats = {"UUID4": "token", "IPV4": "peer_id", "IPV6": "host"}
    body = "".join(
        f"string {name} = {number} [(google.api.field_info).format = {form}];"
        for number, (form, name) in enumerate(formats.items(), 1)
    )
    example = request(tmp_path, 'import "google/api/field_info.proto";' + fields(body))
    assert UUID(example["token"]).version == 4
    assert example["peerId"] == "192.0.2.10"
    assert example["host"] == "2001:db8::10"


def test_ids_in_a_pattern(tmp_path: Path) -> None:
    """An ID has the form that a pattern says, and a chosen value wins."""
    source = fields('string book_id = 1 [(yandex.cloud.pattern) = "b[0-9a-v]{19}"]; string shelf_id = 2;')
    example = request(tmp_path, source, pins={"shelf_id": "t1.9euelZ"})
    assert re.fullmatch("b[0-9a-v]{19}", example["bookId"])
    assert example["shelfId"] == "t1.9euelZ"


def test_comments_decide(tmp_path: Path) -> None:
    """A default, an example or an enum value that a comment names is used."""
    example = request(
        tmp_path,
        fields(
            "// How many. Default value: 250.\nint64 page_size = 1;\n"
            "// The family, e.g. `ubuntu-2204-lts`.\nstring family = 2;\n"
            "// Where to. For example, `logs/2026`.\nstring target = 3;\n"
            "// The mode. The default is `SLOW`.\nMode mode = 4; Mode other = 5;\n",
            "enum Mode { MODE_UNSPECIFIED = 0; FAST = 1; SLOW = 2; }",
        ),
    )
    assert example == {
        "pageSize": "250", "family": "ubuntu-2204-lts", "target": "logs/2026", "mode": "SLOW", "other": "FAST",
    }  # fmt: skip


def test_constraints_win(tmp_path: Path) -> None:
    """What a name or comment suggests gives way to length, pattern, value, size and uniqueness."""
    example = request(
        tmp_path,
        fields(
            '// For example, `toolong`.\nstring name = 1 [(yandex.cloud.length) = "2-4"];\n'
            'string code = 2 [(yandex.cloud.pattern) = "[A-Z]{3}-[0-9]{4}"];\n'
            'int64 page_size = 3 [(yandex.cloud.value) = "7-9"];\n'
            'repeated string hosts = 4 [(yandex.cloud.size) = "3-5", (yandex.cloud.unique) = true];\n'
            'map<string, string> labels = 5 [(yandex.cloud.size) = ">1", (yandex.cloud.map_key).pattern = "k[0-9]+"];\n'
            'google.protobuf.Duration wait = 6 [(yandex.cloud.value) = "100ms-250ms"];\n'
            'string id = 7 [(yandex.cloud.length) = "36"]; string text = 8 [(yandex.cloud.bytes) = "<=4"];\n'
            'int64 step = 9 [(yandex.cloud.value) = "16,32,64"];'
        ),
    )
    assert 2 <= len(example["name"]) <= 4
    assert example["pageSize"] in ("7", "8", "9")
    assert len(set(example["hosts"])) == 3
    assert len(example["labels"]) == 2
    assert example["wait"] in ("0.1s", "0.25s", "0.100s")
    assert len(example["id"]) == 36
    assert example["step"] == "16"


def test_unsatisfiable_is_named(tmp_path: Path) -> None:
    """A field whose rules contradict each other is left out and listed with its place."""
    schema, _ = of(
        tmp_path,
        fields('string code = 1 [(yandex.cloud.pattern) = "[0-9]{9}", (yandex.cloud.length) = "<=3"]; string x = 2;'),
    )
    examples = Examples(Facts(schema))
    assert "code" not in examples.request(schema.methods["acme.Things.Create"])
    (diagnostic,) = examples.diagnostics()
    assert "acme.CreateThingRequest.code" in diagnostic.message
    assert diagnostic.location.file == "acme.proto"
    assert diagnostic.location.line > 1


def test_recursion_stops(tmp_path: Path) -> None:
    """A message that holds itself is shown once; a oneof that starts with recursion shows its next member."""
    example = request(
        tmp_path,
        fields(
            "CreateThingRequest self = 1; repeated Node nodes = 2; oneof kind { CreateThingRequest again = 3; string name = 4; }",
            "message Node { string id = 1; Node parent = 2; map<string, Node> children = 3; }",
        ),
    )
    assert set(example) == {"nodes", "name"}
    assert set(example["nodes"][0]) == {"id"}


def test_deep_and_wide(tmp_path: Path) -> None:
    """Deep nesting and exponential fan-out end in an example of bounded size that still parses."""
    deep = "\n".join(f"message D{i} {{ D{i + 1} next = 1; string name = 2; }}" for i in range(400)) + "message D400 {}"
    wide = (
        "\n".join(f"message W{i} {{ W{i + 1} a = 1; W{i + 1} b = 2; }}" for i in range(40))
        + "message W40 { string x = 1; }"
    )
    example = request(tmp_path, fields("D0 deep = 1; W0 wide = 2; string name = 3;", f"{deep}\n{wide}"))
    assert example["name"] == "my-thing"
    assert len(json.dumps(example)) < 1_000_000


def test_masks_name_real_paths(tmp_path: Path) -> None:
    """A field mask names fields of its own message that may change, not the identifier."""
    example = request(
        tmp_path,
        fields(
            "string thing_id = 1 [(yandex.cloud.required) = true]; google.protobuf.FieldMask update_mask = 2;"
            "string name = 3; string long_description = 4;"
        ),
    )
    assert example["updateMask"] == "name,longDescription"


def test_pins(tmp_path: Path) -> None:
    """A value pinned by full name, by message and field, or by field is used."""
    pins = {"acme.CreateThingRequest.a": "full", "CreateThingRequest.b": "short", "c": ["bare"]}
    assert request(tmp_path, fields("string a = 1; string b = 2; repeated string c = 3;"), pins=pins) == {
        "a": "full",
        "b": "short",
        "c": ["bare"],
    }


def test_written_example_wins(tmp_path: Path) -> None:
    """A fenced JSON block in the comment of a message or field is used."""
    example = request(
        tmp_path,
        fields(
            "Inner inner = 1;\n// Numbers.\n//\n// ```json\n// [3, 1, 2]\n// ```\nrepeated int32 numbers = 2;\nstring name = 3;",
            '// Inner.\n//\n// ```json\n// {"text": "by hand"}\n// ```\nmessage Inner { string text = 1; }',
        ),
    )
    assert example == {"inner": {"text": "by hand"}, "numbers": [3, 1, 2], "name": "my-thing"}
