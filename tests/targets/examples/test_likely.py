"""Minimal requests that an engineer would send: not empty, about one version, with addresses and IDs that fit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.examples.check import Check
from tests.support.protos_of import proto3, write
from tests.targets.examples.test_story import FLAT, MUSEUM, of
from toolkit.cli.answers import Form, example
from toolkit.descriptors.compile import compile_tree
from toolkit.semantics.facts import Facts
from toolkit.targets.examples.examples import Examples
from toolkit.targets.examples.snippets import snippets_of

ORCHARD = proto3(
    "acme.orchard.v1",
    """
    message Tree { string id = 1; string kind = 2; int32 rings = 3; Soil soil = 4; }
    message Soil { string mix = 1; }
    message CreateTreeRequest { Tree tree = 1; bool validate_only = 2; }
    message PruneRequest { string kind = 1; repeated string branch_ids = 2; bool validate_only = 3; }
    message GetTreeRequest { string tree_id = 1; string language = 2; }
    message ListTreesRequest { string orchard_id = 1; int32 page_size = 2; }
    message WatchTreesRequest { string orchard_id = 1; }
    message ReadRequest { oneof what { string page_token = 1; string tree_kind = 2; } }
    message Nothing {}
    service Trees {
      rpc CreateTree(CreateTreeRequest) returns (Tree);
      rpc Prune(PruneRequest) returns (Tree);
      rpc Get(GetTreeRequest) returns (Tree);
      rpc List(ListTreesRequest) returns (Nothing);
      rpc WatchTrees(WatchTreesRequest) returns (stream Tree);
      rpc ExportTrees(ReadRequest) returns (Nothing);
      rpc Rest(Nothing) returns (Nothing);
    }
    """,
)


def test_not_empty(tmp_path: Path) -> None:
    """A request that would say nothing is the full one, without what only some callers send; reads may say nothing."""
    made = of(tmp_path, ORCHARD, "CreateTree")
    assert made["minimal"] == {"tree": made["full"]["tree"]}
    assert {*made["minimal"]["tree"]} == {"id", "kind", "rings", "soil"}
    assert {*of(tmp_path, ORCHARD, "Prune")["minimal"]} == {"kind", "branchIds"}
    assert {*of(tmp_path, ORCHARD, "Get")["minimal"]} == {"treeId"}
    assert {*of(tmp_path, ORCHARD, "ExportTrees")["minimal"]} == {"treeKind"}
    for method in ("List", "WatchTrees", "Rest"):
        assert of(tmp_path, ORCHARD, method)["minimal"] == {}


def test_not_more_than_needed(tmp_path: Path) -> None:
    """A request that says something is not replaced."""
    assert {*of(tmp_path, MUSEUM, "CreatePainting")["minimal"]} == {"parent", "painting"}
    assert {*of(tmp_path, FLAT, "Update")["minimal"]} == {"boatId", "updateMask", "name"}


def test_files_are_the_same(tmp_path: Path) -> None:
    """The file, the command and the site show one request."""
    check = Check(compile_tree([write(tmp_path, {"own.proto": ORCHARD})]))
    method = check.workspace.schema.methods["acme.orchard.v1.Trees.Prune"]
    files = dict(check.examples.files())
    (path,) = (path for path in files if path.endswith("prune.request.json"))
    assert json.loads(files[path]) == of(tmp_path, ORCHARD, "Prune")["minimal"]
    assert json.loads(example(check.workspace, check.examples, method.full_name, Form())) == json.loads(files[path])
    (_, _, curl), *_ = snippets_of(check.workspace).tabs(method, check.examples.request(method, minimal=True))
    assert '"branchIds"' in curl


CELLAR = proto3(
    "acme.cellar",
    """
    message CreateBarrelRequest {
      // Name of the cellar to create the barrel in.
      string cellar = 1 [(buf.validate.field) = {string: {min_len: 3}, ignore: IGNORE_IF_ZERO_VALUE}];
      string label = 2 [(buf.validate.field) = {string: {min_len: 3}, ignore: IGNORE_IF_ZERO_VALUE}];
      repeated string hoops = 3 [(buf.validate.field) = {repeated: {min_items: 2}, ignore: IGNORE_IF_ZERO_VALUE}];
      int32 liters = 4 [(buf.validate.field) = {int32: {gte: 10}, ignore: IGNORE_IF_ZERO_VALUE}];
      string wood = 5 [(buf.validate.field).string.min_len = 3];
      int32 staves = 6 [(buf.validate.field).int32.gte = 10];
    }
    message Barrel { string id = 1; }
    service Barrels { rpc Create(CreateBarrelRequest) returns (Barrel); }
    """,
    "buf/validate/validate.proto",
)


def test_ignored_constraints(tmp_path: Path) -> None:
    """A field whose constraints are ignored for its zero value is optional."""
    assert {*of(tmp_path, CELLAR, "Create")["minimal"]} == {"wood", "staves"}


LAB = proto3(
    "acme.lab",
    """
    message Tuning_9 { string a = 1; }
    message Tuning_12 { string b = 1; }
    message Tuning_12_lts { string c = 1; }
    message EngineSpec {
      // Possible values: `9`, `12`.
      string version = 1;
      oneof tuning { Tuning_9 tuning_9 = 2; Tuning_12 tuning_12 = 3; Tuning_12_lts tuning_12_lts = 4; }
    }
    message OldEngineSpec {
      // Possible values: `8.1`, `9.2`.
      string version = 1;
      oneof tuning { Tuning_9 tuning_9 = 2; Tuning_12 tuning_12 = 3; }
    }
    message FuelSpec {
      string version = 1;
      Tuning_9 mix_v1 = 2;
      Tuning_12 mix_v2 = 3;
      string line_1 = 4;
      string line_2 = 5;
    }
    message PlugSpec { oneof tuning { Tuning_9 tuning_9 = 1; Tuning_12 tuning_12 = 2; } }
    message CreateEngineRequest { EngineSpec engine_spec = 1; repeated PlugSpec plug_specs = 2; }
    message CreateOldEngineRequest { OldEngineSpec engine_spec = 1; repeated PlugSpec plug_specs = 2; }
    message CreateFuelRequest { FuelSpec fuel_spec = 1; }
    message Engine { string id = 1; }
    service Engines {
      rpc Create(CreateEngineRequest) returns (Engine);
      rpc CreateOld(CreateOldEngineRequest) returns (Engine);
      rpc CreateFuel(CreateFuelRequest) returns (Engine);
      rpc Tune(PlugSpec) returns (Engine);
    }
    """,
)


def test_one_version(tmp_path: Path) -> None:
    """Of several fields for versions, one is shown: that of the version in the example, otherwise the newest."""
    made = of(tmp_path, LAB, "Create")["full"]
    assert {*made["engineSpec"]} == {"version", "tuning12"}
    assert made["engineSpec"]["version"] == "12"
    assert {*made["plugSpecs"][0]} == {"tuning12"}
    made = of(tmp_path, LAB, "CreateOld")["full"]
    assert made["engineSpec"]["version"] == "9.2"
    assert {*made["engineSpec"]} == {"version", "tuning9"}
    assert {*made["plugSpecs"][0]} == {"tuning9"}
    made = of(tmp_path, LAB, "CreateFuel")["full"]
    assert {*made["fuelSpec"]} == {"version", "mixV2", "line1", "line2"}
    assert made["fuelSpec"]["version"] == "2"


def test_requested_version(tmp_path: Path) -> None:
    """A variant shows the member that it is for, whatever the version."""
    check = Check(compile_tree([write(tmp_path, {"own.proto": LAB})]))
    files = dict(check.examples.files(variants=True))
    for name in ("tuning_9", "tuning_12"):
        (path,) = (path for path in files if path.endswith(f"tune.request.{name}.json"))
        assert {*json.loads(files[path])} == {name.replace("_", "")}


NETS = proto3(
    "acme.nets.v1",
    """
    enum IpVersion { IP_VERSION_UNSPECIFIED = 0; IPV4 = 1; IPV6 = 2; }
    message AddressSpec {
      string address = 1;
      repeated string cidr_blocks = 2;
      IpVersion ip_version = 3;
      string gateway = 4 [(buf.validate.field) = {string: {ipv4: true}, ignore: IGNORE_IF_ZERO_VALUE}];
      string note = 5;
    }
    message Net {
      string id = 1;
      string ipv6_address = 2;
      repeated string v6_cidr_blocks = 3;
      string ipv6_gateway = 4;
      repeated string address_v6 = 5;
      string network_v4 = 6;
      string ipv4_gateway = 7;
      string v6_address_id = 8;
      AddressSpec primary_v6_address_spec = 9;
      repeated AddressSpec v6_specs = 10;
      AddressSpec primary_v4_address_spec = 11;
    }
    message CreateNetRequest { Net net = 1; string lent_big_net_id = 2; repeated string big_net_ids = 3; }
    message BigNet {
      // A UUID.
      string id = 1;
    }
    message GetNetRequest { string net_id = 1; }
    message LockRequest { string resource_id = 1; string big_net_id = 2; }
    service Nets {
      rpc Create(CreateNetRequest) returns (Net);
      rpc Get(GetNetRequest) returns (Net);
      rpc Lock(LockRequest) returns (Net);
    }
    """,
    "buf/validate/validate.proto",
)


def test_addresses(tmp_path: Path) -> None:
    """Names that say IPv6 have such values, also in the messages of fields that say it."""
    made = of(tmp_path, NETS, "Create")
    net = made["full"]["net"]
    assert net["ipv6Address"] == net["ipv6Gateway"] == net["addressV6"][0] == "2001:db8::10"
    assert net["v6CidrBlocks"] == ["2001:db8::/64"]
    assert (net["networkV4"], net["ipv4Gateway"]) == ("10.0.0.0/24", "192.0.2.10")
    assert net["v6AddressId"].startswith("v6-address-")
    for spec in (net["primaryV6AddressSpec"], net["v6Specs"][0]):
        assert (spec["address"], spec["cidrBlocks"], spec["ipVersion"]) == ("2001:db8::10", ["2001:db8::/64"], "IPV6")
        assert "gateway" not in spec
    spec = net["primaryV4AddressSpec"]
    assert (spec["address"], spec["ipVersion"], spec["gateway"][:4]) == ("192.0.2.10", "IPV4", "192.")
    assert made["done"]["primaryV6AddressSpec"] == net["primaryV6AddressSpec"]


def test_chosen_addresses(tmp_path: Path) -> None:
    """An address that someone chose stays."""
    schema = Check(compile_tree([write(tmp_path, {"own.proto": NETS})])).workspace.schema
    examples = Examples(Facts(schema), {"AddressSpec.address": "10.9.8.7"})
    net = examples.request(schema.methods["acme.nets.v1.Nets.Create"])["net"]
    assert net["primaryV6AddressSpec"]["address"] == "10.9.8.7"


def test_ids(tmp_path: Path) -> None:
    """A field that names a thing has an ID like that of the thing; of other things of its kind, another one."""
    made = of(tmp_path, NETS, "Create")["full"]
    (named,) = made["bigNetIds"]
    assert named == of(tmp_path, NETS, "Lock")["full"]["bigNetId"]
    assert len(named) == len(made["lentBigNetId"]) == 36
    assert named != made["lentBigNetId"]
    net_id = of(tmp_path, NETS, "Get")["done"]["id"]
    assert of(tmp_path, NETS, "Lock")["full"]["resourceId"] == of(tmp_path, NETS, "Get")["full"]["netId"] == net_id


SHOP = proto3(
    "acme.shop",
    """
    message HostResources { string preset_id = 1 [(buf.validate.field).required = true]; int64 disk_size = 2; string disk_kind = 3; }
    message ShopSpec {
      string version = 1;
      HostResources resources = 2;
      repeated InterfaceSpec network_interface_specs = 3;
      Till till = 4;
    }
    message Till { int32 drawers = 1; string password = 2; }
    message AddressSpec {
      // If it is not set, the service chooses one.
      string address = 1;
    }
    message InterfaceSpec {
      repeated string subnet_ids = 1;
      repeated string security_group_ids = 2;
      AddressSpec main_address_spec = 3;
      AddressSpec spare_address_spec = 4;
    }
    message ShelfSpec { string name = 1; google.protobuf.Int64Value boards = 2; google.protobuf.BoolValue glass = 3; }
    message Zone { string zone_id = 1; }
    message AllocationPolicy { repeated Zone zones = 1; }
    enum Mode { MODE_UNSPECIFIED = 0; READ_ONLY = 1; READ_WRITE = 2; }
    message Entry { string key = 1; oneof value { string text_value = 2; bytes binary_value = 3; } string note = 4; }
    message CreateShopRequest {
      ShopSpec shop_spec = 1;
      repeated ShelfSpec shelf_specs = 2;
      AllocationPolicy allocation_policy = 3;
      // The value must be between 1 and 65535.
      int64 door = 4;
      // Number of guests. The value must be between 0 and 10.
      int64 guests = 5;
      // The value must be between 1 and 9.
      int64 max_guests = 6;
      // If specified, a sign is made.
      ShelfSpec sign_spec = 7;
      Mode mode = 8 [(buf.validate.field).required = true];
      repeated Entry entries = 9 [(buf.validate.field).repeated.min_items = 1];
      // Kinds of light.
      // Possible values:
      // * `lamp-hot` - warm,
      // * `lamp-cold` (default) - cold.
      string light = 10 [(buf.validate.field).required = true];
      // At least one of two doors must be set.
      Door front = 11;
      // The back door.
      Door back = 12;
      // Time to live in seconds.
      int64 ttl = 13;
    }
    message Door {}
    message Shop { string id = 1; }
    service Shops { rpc Create(CreateShopRequest) returns (Shop); }
    """,
    "buf/validate/validate.proto",
    "google/protobuf/wrappers.proto",
)


def test_new_things_can_be_made(tmp_path: Path) -> None:
    """A request for a new thing says all that its descriptions, comments and constraints suggest to be needed."""
    made: dict[str, Any] = of(tmp_path, SHOP, "Create")["minimal"]
    assert {*made["shopSpec"]["resources"]} == {"presetId", "diskSize", "diskKind"}
    (interface,) = made["shopSpec"]["networkInterfaceSpecs"]
    assert {*interface} == {"subnetIds", "mainAddressSpec"}
    assert interface["mainAddressSpec"] == {}  # the service chooses one
    assert {*made["shopSpec"]["till"]} == {"password"}
    assert "version" not in made["shopSpec"]
    assert {*made["shelfSpecs"][0]} == {"name", "boards"}
    assert made["allocationPolicy"] == {"zones": [{"zoneId": "region-1-a"}]}
    assert made["mode"] == "READ_WRITE"
    assert {*made["entries"][0]} == {"key", "textValue"}
    assert made["light"] == "lamp-cold"
    assert made["ttl"] == "3600"
    assert {*made} == {
        "shopSpec", "shelfSpecs", "allocationPolicy", "door", "mode", "entries", "light", "front", "ttl",
    }  # fmt: skip


NAMES = proto3(
    "acme.names",
    """
    message RecordSet {
      enum Type { TYPE_UNSPECIFIED = 0; MX = 1; A = 2; }
      string name = 1;
      Type type = 2;
      repeated string rrdatas = 3;
    }
    message DnsRecord { string type = 1; string content = 2; }
    message Site {
      // DNS zone of the site. It ends with a dot.
      string zone = 1;
      // Domain name, without a trailing dot.
      string suffix = 2;
      // FQDN of the host, with a trailing dot.
      string fqdn = 3;
      // Zone of the machine.
      string zone_id = 4;
      // Zone to run in.
      string other_zone = 5;
      repeated RecordSet record_sets = 6;
      DnsRecord dns_record = 7;
    }
    service Sites { rpc Make(Site) returns (Site); }
    """,
)


def test_domains(tmp_path: Path) -> None:
    """A zone or host that a comment calls a domain is one, with a dot if the comment says so; records fit their type."""
    made = of(tmp_path, NAMES, "Make")["full"]
    assert (made["zone"], made["fqdn"]) == ("example.com.", "db-1.example.com.")
    assert made["suffix"] == "example.com"
    assert made["zoneId"] == made["otherZone"] == "region-1-a"
    assert made["recordSets"][0]["rrdatas"] == ["10 mail.example.com."]
    assert made["dnsRecord"] == {"type": "A", "content": "192.0.2.10"}


@pytest.mark.parametrize("source", [ORCHARD, CELLAR, LAB, NETS, SHOP, NAMES])
def test_no_faults(source: str, tmp_path: Path) -> None:
    """All of these examples parse, satisfy their constraints and match their paths."""
    check = Check(compile_tree([write(tmp_path, {"own.proto": source})]))
    assert [*check.faults(), *check.examples.diagnostics()] == []


def test_input_only_by_path(tmp_path: Path) -> None:
    """Only a path that ends in a field of requests excuses a response."""
    check = Check(compile_tree([write(tmp_path, {"own.proto": MUSEUM})]))
    get, create = (check.workspace.schema.methods[f"museum.v1.Museum.{name}"] for name in ("Get", "CreatePainting"))
    assert check._is_input_only(get, "alarm_code")
    assert check._is_input_only(create, "response.alarm_code")
    assert not check._is_input_only(get, "title")
    assert not check._is_input_only(create, "metadata.alarm_code")
