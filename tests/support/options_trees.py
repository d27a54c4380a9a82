"""A tree in the style of public APIs, whose options say more than its comments; and the options of grpc-gateway."""

from __future__ import annotations

from tests.support.protos_of import proto3

OPENAPI = """syntax = "proto3";
package grpc.gateway.protoc_gen_openapiv2.options;
import "google/protobuf/descriptor.proto";
extend google.protobuf.FileOptions { Swagger openapiv2_swagger = 1042; }
extend google.protobuf.MethodOptions { Operation openapiv2_operation = 1042; }
extend google.protobuf.MessageOptions { Schema openapiv2_schema = 1042; }
extend google.protobuf.EnumOptions { EnumSchema openapiv2_enum = 1042; }
extend google.protobuf.ServiceOptions { Tag openapiv2_tag = 1042; }
extend google.protobuf.FieldOptions { JSONSchema openapiv2_field = 1042; }
message Swagger { Info info = 2; }
message Info { string title = 1; string description = 2; }
message Operation { string summary = 2; string description = 3; }
message Tag { string name = 1; string description = 2; }
message Schema { JSONSchema json_schema = 1; string example = 6; }
message EnumSchema { string description = 1; string title = 3; }
message JSONSchema {
  string title = 5;
  string description = 6;
  bool read_only = 8;
  string example = 9;
  double maximum = 11;
  bool exclusive_maximum = 12;
  double minimum = 13;
  bool exclusive_minimum = 14;
  uint64 max_length = 15;
  uint64 min_length = 16;
  string pattern = 17;
  uint64 max_items = 20;
  uint64 min_items = 21;
  bool unique_items = 22;
  string format = 36;
}
"""
ANNOTATIONS = "protoc-gen-openapiv2/options/annotations.proto"
"""What trees import for the options above."""
GARDEN = proto3(
    "acme.garden.v1",
    """
option (google.api.resource_definition) = { type: "sheds.example.com/Shed" pattern: "sheds/{shed}" };
option (grpc.gateway.protoc_gen_openapiv2.options.openapiv2_swagger) = {
  info: { title: "Gardens" description: "Grow what you like." }
};
service Gardens {
  option (google.api.default_host) = "garden.example.com";
  option (google.api.oauth_scopes) = "https://auth.example.com/grow,https://auth.example.com/look";
  option (grpc.gateway.protoc_gen_openapiv2.options.openapiv2_tag) = { description: "Looks after gardens." };
  rpc GetPlant(GetPlantRequest) returns (Plant) {
    option idempotency_level = NO_SIDE_EFFECTS;
    option (google.api.method_signature) = "name";
    option (grpc.gateway.protoc_gen_openapiv2.options.openapiv2_operation) = {
      summary: "Finds a plant" description: "Looks in every [Plant] bed."
    };
  }
  // Sets a plant.
  rpc CreatePlant(CreatePlantRequest) returns (Plant) {
    option (google.api.method_signature) = "parent,plant,plant.label";
    option (google.api.method_signature) = "parent,weeds";
    option (google.api.method_signature) = "parent, plant";
    option (grpc.gateway.protoc_gen_openapiv2.options.openapiv2_operation) = { summary: "Never shown." };
  }
  rpc RemovePlant(GetPlantRequest) returns (Plant) {
    option idempotency_level = IDEMPOTENT;
    option (google.api.method_visibility).restriction = "STAFF, TESTER";
  }
}
message Plant {
  option (google.api.resource) = {
    type: "garden.example.com/Plant"
    pattern: "gardens/{garden}/plants/{plant}"
    pattern: "wild/{plant}"
    name_field: "path"
  };
  option (grpc.gateway.protoc_gen_openapiv2.options.openapiv2_schema) = {
    json_schema: { title: "A plant" description: "It grows." }
    example: '{"label": "rose"}'
  };
  string path = 1 [(google.api.field_behavior) = IDENTIFIER];
  string label = 2 [
    (google.api.field_behavior) = IMMUTABLE,
    (google.api.field_behavior) = OPTIONAL,
    (grpc.gateway.protoc_gen_openapiv2.options.openapiv2_field) = {
      description: "What it is called." example: '"tulip"' pattern: "^[a-z]+$" max_length: 9 min_length: 2
    }
  ];
  // Output only. When it was set.
  string planted = 3 [(google.api.field_behavior) = OUTPUT_ONLY];
  string secret = 4 [(google.api.field_behavior) = INPUT_ONLY, debug_redact = true];
  string id = 5 [(google.api.field_info).format = UUID4];
  google.protobuf.Any extra = 6 [(google.api.field_info) = {
    referenced_types: { type_name: "Shade" } referenced_types: { type_name: "acme.garden.v1.Plant" }
    referenced_types: { type_name: "acme.nowhere.Weed" }
  }];
  repeated string helpers = 7 [
    (google.api.field_behavior) = UNORDERED_LIST,
    (google.api.field_behavior) = NON_EMPTY_DEFAULT,
    (google.api.resource_reference).type = "garden.example.com/Plant",
    (grpc.gateway.protoc_gen_openapiv2.options.openapiv2_field) = { min_items: 1 max_items: 3 unique_items: true }
  ];
  string shed = 8 [(google.api.resource_reference).type = "sheds.example.com/Shed"];
  string thing = 9 [(google.api.resource_reference).type = "*"];
  int32 height = 10 [(grpc.gateway.protoc_gen_openapiv2.options.openapiv2_field) = {
    minimum: 1 maximum: 90 exclusive_maximum: true example: "42"
  }];
  bool wet = 11 [(grpc.gateway.protoc_gen_openapiv2.options.openapiv2_field).read_only = true];
  Shade shade = 12 [(google.api.field_visibility).restriction = "STAFF"];
}
message Shade {
  option (google.api.message_visibility).restriction = "TESTER";
  int32 hours = 1;
}
enum Season {
  option (google.api.enum_visibility).restriction = "TESTER";
  option (grpc.gateway.protoc_gen_openapiv2.options.openapiv2_enum) = { title: "When it blooms." };
  SEASON_UNSPECIFIED = 0;
  SPRING = 1 [(google.api.value_visibility).restriction = "STAFF"];
}
message GetPlantRequest {
  string name = 1 [(google.api.field_behavior) = REQUIRED, (google.api.resource_reference).type = "garden.example.com/Plant"];
  Season season = 2;
}
message CreatePlantRequest {
  string parent = 1 [(google.api.resource_reference).child_type = "garden.example.com/Plant"];
  Plant plant = 2;
}
""",
    "google/protobuf/any.proto",
    "google/api/client.proto",
    "google/api/field_behavior.proto",
    "google/api/field_info.proto",
    "google/api/resource.proto",
    "google/api/visibility.proto",
    ANNOTATIONS,
)
TREE = {ANNOTATIONS: OPENAPI, "acme/garden/v1/garden.proto": GARDEN}
