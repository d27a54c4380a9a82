"""A project of about 60 small files with every target, for random edits."""

from __future__ import annotations

from tests.support.protos_of import proto3

PACKAGES = 12
HTTP = "google/api/annotations.proto"
SETTINGS = """proto_path = ["protos"]
templates = ["mine"]
catalog = "catalog.toml"
rules = ["rules.toml"]

[reference]
out = "out/reference"

[rest]
out = "out/rest"

[toc]
out = "out/toc"

[examples]
out = "out/examples"

[openapi]
out = "out/openapi"

[jsonschema]
out = "out/jsonschema"

[descriptors]
out = "out/descriptors"

[python]
out = "out/python"

[site]
out = "out/site"
"""
RULES = '[[constraint]]\noption = "acme.rules.size"\nkind = "length"\noperand = "interval"\n'


def project() -> dict[str, str]:
    """The files of the project by path."""
    found = {
        "toolkit.toml": SETTINGS,
        "rules.toml": RULES,
        "catalog.toml": "\n".join(map(catalog_entry, range(0, PACKAGES, 2))),
        "mine/other.txt": "",
        "protos/acme/rules.proto": RULE_OPTIONS,
    }
    for number in range(PACKAGES):
        for name, text in package(number).items():
            found[f"protos/acme/p{number}/v1/{name}.proto"] = text
    return found


def catalog_entry(number: int) -> str:
    """The table of a package in the catalog."""
    return (
        f'[[package]]\nname = "acme.p{number}.v1"\ntitle = "Part {number}"\ndocs_path = "p{number}"\n'
        f'service_url = "p{number}.acme.example"\nsource_url = "https://code.acme.example/{{file}}#L{{line}}"\n'
    )


RULE_OPTIONS = proto3(
    "acme.rules",
    "extend google.protobuf.FieldOptions {\n  // How long a value is.\n  string size = 50100;\n}\n",
    "google/protobuf/descriptor.proto",
)


def package(number: int) -> dict[str, str]:
    """The files of a package, by the ends of their names; each package imports those of the one before."""
    name, path = f"acme.p{number}.v1", f"acme/p{number}/v1"
    before = f"acme.p{number - 1}.v1" if number else ""
    link = f"  // The one before; see [{before}.Thing.name].\n  {before}.Owner former = 9;\n" if before else ""
    found = {
        "owner": proto3(
            name,
            f"// Who owns a thing of part {number}.\nmessage Owner {{\n  // The name, such as `ann-{number}`.\n"
            "  string name = 1;\n  // When the owner came.\n  google.protobuf.Timestamp created_at = 2;\n}\n",
            "google/protobuf/timestamp.proto",
        ),
        "thing": proto3(
            name,
            f"// A thing. It has an [Owner].\nmessage Thing {{\n  // Identifier of the thing.\n  string id = 1;\n"
            '  // Its name.\n  string name = 2 [(acme.rules.size) = "1-40"];\n  // What state it is in.\n'
            f"  Status status = 3;\n  // See [Owner.name].\n  Owner owner = 4;\n{link}"
            "  enum Status {\n    // Not known.\n    STATUS_UNSPECIFIED = 0;\n    // It can be used.\n"
            "    READY = 1;\n    // It is broken.\n    ERROR = 2;\n  }\n  extensions_of_nothing\n}\n".replace(
                "  extensions_of_nothing\n", ""
            ),
            f"{path}/owner.proto",
            "acme/rules.proto",
            *([f"acme/p{number - 1}/v1/owner.proto"] if before else []),
        ),
        "thing_service": proto3(
            name, SERVICE.replace("PART", f"p{number}"), f"{path}/thing.proto", HTTP, "acme/rules.proto"
        ),
        "events": proto3(
            name,
            f"// Something happened to a [Thing], or to nothing in [acme.p{(number + 5) % PACKAGES}.v1.Owner].\n"
            "message Happened {\n  oneof what {\n    // A thing is new.\n    string thing_id = 1;\n"
            "    // A thing is gone.\n    string gone_id = 2;\n  }\n  // Words about it.\n"
            "  map<string, string> labels = 3;\n}\n",
        ),
    }
    if number % 3 == 0:
        found["notes"] = (
            f'syntax = "proto2";\n\npackage {name};\n\n// A note that others extend.\nmessage Note {{\n'
            "  // Its text.\n  optional string text = 1;\n  extensions 100 to 199;\n}\n"
        )
        found["more_notes"] = (
            f'syntax = "proto2";\n\npackage {name};\n\nimport "{path}/notes.proto";\n\nextend Note {{\n'
            "  // Who wrote it.\n  optional string author = 100;\n}\n"
        )
    return found


SERVICE = """// Keeps things.
service ThingService {
  // Returns a thing.
  rpc Get(GetThingRequest) returns (Thing) { option (google.api.http) = { get: "/PART/v1/things/{thing_id}" }; }
  // Lists things. See [Get].
  rpc List(ListThingsRequest) returns (ListThingsResponse) {
    option (google.api.http) = { get: "/PART/v1/things" };
  }
  // Makes a thing.
  rpc Create(CreateThingRequest) returns (Thing) {
    option (google.api.http) = { post: "/PART/v1/things" body: "*" };
  }
}

message GetThingRequest {
  // Identifier of the thing. To get it, use [ThingService.List].
  string thing_id = 1;
}

message ListThingsRequest {
  // How many, at most 1000. Default value: 100.
  int64 page_size = 1;
  // Where to go on: [ListThingsResponse.next_page_token].
  string page_token = 2;
}

message ListThingsResponse {
  // The things.
  repeated Thing things = 1;
  // For the next page.
  string next_page_token = 2;
}

message CreateThingRequest {
  // Required. The name of the thing.
  string name = 1 [(acme.rules.size) = "3-63"];
  // How much of it, in bytes.
  int64 size = 2;
}
"""
