"""What inputs are made from: small trees that use all there is, compiled once."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from google.protobuf import descriptor_pb2 as pb

from tests.support.bindings_of import compiled
from tests.support.message_trees import TREE
from tests.support.protos_of import proto3
from tests.support.repository import REPOSITORY
from toolkit.descriptors.compile import Compilation

VALIDATION = (REPOSITORY / "protos/yandex/cloud/validation.proto").read_text(encoding="utf-8")
OPERATION = (REPOSITORY / "protos/yandex/cloud/operation/operation.proto").read_text(encoding="utf-8")
API = (REPOSITORY / "protos/yandex/cloud/api/operation.proto").read_text(encoding="utf-8")
ZOO = proto3(
    "acme.zoo.v1",
    """
// Keeps [Cat]s.
service CatService {
  // Gets a [Cat].
  rpc Get(GetCatRequest) returns (Cat) { option (google.api.http) = { get: "/v1/cats/{id}" }; }
  rpc List(ListCatsRequest) returns (ListCatsResponse) { option (google.api.http) = { get: "/v1/cats" }; }
  rpc Create(Cat) returns (yandex.cloud.operation.Operation) {
    option (google.api.http) = { post: "/v1/cats" body: "*" additional_bindings { put: "/v1/cats/{name}" body: "toys" } };
    option (yandex.cloud.api.operation) = { metadata: "CreateCatMetadata" response: "Cat" };
  }
  rpc Watch(stream Cat) returns (stream Cat);
}
message GetCatRequest { string id = 1 [(yandex.cloud.required) = true, (yandex.cloud.length) = "<=50"]; }
message ListCatsRequest {
  int64 page_size = 1 [(yandex.cloud.value) = "0-1000"];
  string page_token = 2 [(yandex.cloud.length) = "<=100"];
}
message ListCatsResponse { repeated Cat cats = 1; string next_page_token = 2; }
message CreateCatMetadata { string cat_id = 1; }
// A cat; see [Cat.Toy] and [Mood.PURRING].
message Cat {
  option (acme.zoo.v1.note) = "a note";
  string name = 1 [(yandex.cloud.pattern) = "[a-z][-a-z0-9]{1,61}"];
  Mood mood = 2;
  repeated Cat kittens = 3 [(yandex.cloud.size) = "1-10"];
  map<string, Toy> toys = 4 [(yandex.cloud.size) = "<=64", (yandex.cloud.map_key).pattern = "[a-z]*"];
  oneof home {
    option (yandex.cloud.exactly_one) = true;
    string street = 5;
    Toy box = 6;
  }
  optional int32 age = 7 [deprecated = true];
  google.protobuf.Timestamp born = 8;
  google.protobuf.Duration nap = 9 [(yandex.cloud.value) = "1s-1h"];
  map<string, string> labels = 10 [(yandex.cloud.length) = "<=63"];
  reserved 20 to 30;
  reserved "tail";
  message Toy { bytes colour = 1; Mood mood = 2; }
}
enum Mood { MOOD_UNSPECIFIED = 0; PURRING = 1; HUNGRY = 2; }
extend google.protobuf.MessageOptions { string note = 50000; }
""",
    "google/api/annotations.proto",
    "google/protobuf/descriptor.proto",
    "google/protobuf/duration.proto",
    "google/protobuf/timestamp.proto",
    "yandex/cloud/api/operation.proto",
    "yandex/cloud/operation/operation.proto",
    "yandex/cloud/validation.proto",
)
SOURCES: dict[str, str] = {
    **TREE,
    "acme/zoo/v1/zoo.proto": ZOO,
    "yandex/cloud/validation.proto": VALIDATION,
    "yandex/cloud/operation/operation.proto": OPERATION,
    "yandex/cloud/api/operation.proto": API,
}


@cache
def base() -> Compilation:
    """All of them."""
    with tempfile.TemporaryDirectory() as folder:
        return compiled(Path(folder), SOURCES)


@cache
def files() -> dict[str, pb.FileDescriptorProto]:
    """Their files by name."""
    return {file.name: file for file in pb.FileDescriptorSet.FromString(base().descriptor_set).file}


def with_imports(*names: str) -> list[pb.FileDescriptorProto]:
    """Files with all that they import, imports first, to be changed."""
    found: dict[str, pb.FileDescriptorProto] = {}

    def add(name: str) -> None:
        if name not in found:
            for dependency in files()[name].dependency:
                add(dependency)
            found[name] = pb.FileDescriptorProto.FromString(files()[name].SerializeToString())

    for name in names:
        add(name)
    return list(found.values())
