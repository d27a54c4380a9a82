"""Messages in Python's own tools: dataclasses, inspect, weakref, pytest, and the official runtime's descriptors."""

from __future__ import annotations

import dataclasses
import inspect
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import protovalidate
import pytest
from google.api import annotations_pb2
from google.protobuf import descriptor_pool, message_factory

from tests.support.bindings_of import Bindings, bindings_of
from tests.support.protos_of import proto3
from toolkit.runtime import options_of

pytest_plugins = ["pytester"]
GARDEN = """
option java_package = "org.garden";
message Plant {
  string name = 1 [(buf.validate.field).string.min_len = 2];
  Kind kind = 2;
  repeated Plant around = 3;
  oneof home { Bed bed = 4; bytes pot = 5; }
  map<string, Bed> beds = 6;
}
message Bed { int32 length = 1 [(buf.validate.field).int32.gt = 0, deprecated = true]; string value = 2; }
enum Kind { TREE = 0; HERB = 1; }
service Garden {
  rpc Grow(Plant) returns (google.protobuf.Empty) { option (google.api.http) = { post: "/v1/plants" body: "*" }; }
}
"""
FILES = ("buf/validate/validate.proto", "google/api/annotations.proto", "google/protobuf/empty.proto")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bindings]:
    """Bindings of a garden."""
    with bindings_of(tmp_path_factory.mktemp("garden"), {"garden.proto": proto3("garden", GARDEN, *FILES)}) as found:
        yield found


@pytest.fixture
def garden(made: Bindings) -> Any:
    """Its module."""
    return made.module("garden")


def test_official_messages_have_their_rules(garden: Any) -> None:
    """The protovalidate package finds in an official message what a message finds in itself."""
    plant = garden.Plant(name="a", around=[garden.Plant(name="bb")], home=garden.Plant.Home.Bed(garden.Bed()))
    found = protovalidate.collect_violations(plant.to_pb())
    assert {violation.proto.rule_id for violation in found} == {"string.min_len", "int32.gt"}
    assert {violation.rule_id for violation in plant.validate()} == {"string.min_len", "int32.gt"}


def test_descriptors_have_options_and_services(garden: Any) -> None:
    """The descriptors have all options, those of other files too, and the services."""
    file = garden.Plant().to_pb().DESCRIPTOR.file
    assert file.GetOptions().java_package == "org.garden"
    assert file.message_types_by_name["Bed"].fields_by_name["length"].GetOptions().deprecated
    method = file.services_by_name["Garden"].methods_by_name["Grow"]
    assert method.GetOptions().Extensions[annotations_pb2.http].post == "/v1/plants"
    assert method.output_type.full_name == "google.protobuf.Empty"


OPTIONS = """
syntax = "proto2";
package zoo;
import "google/protobuf/descriptor.proto";
import "zoo/kinds.proto";
extend google.protobuf.FieldOptions { optional Care care = 50001; repeated string tags = 50002; }
extend google.protobuf.MessageOptions { optional Kind kind = 50001; }
extend google.protobuf.EnumOptions { optional int64 number = 50001; }
extend google.protobuf.EnumValueOptions { optional bool rare = 50001; }
extend google.protobuf.ServiceOptions { optional string team = 50001; }
extend google.protobuf.MethodOptions { optional string scope = 50001; }
message Care { optional int32 water_ml = 1; optional Kind kind = 2; }
"""
ZOO = """
message Cat {
  option (zoo.kind) = WILD;
  string name = 1 [(zoo.care) = { water_ml: 5 kind: TAME }, (zoo.tags) = "a", (zoo.tags) = "b", deprecated = true];
  Size size = 2;
}
enum Size { option (zoo.number) = 9007199254740993; SMALL = 0; BIG = 1 [(zoo.rare) = true]; }
service Zoo { option (zoo.team) = "cats"; rpc Feed(Cat) returns (Cat) { option (zoo.scope) = "food"; } }
"""


def test_custom_options(tmp_path: Path) -> None:
    """Options that the tree declares itself can be read at run time, of everything that can have them."""
    sources = {
        "zoo/kinds.proto": 'syntax = "proto2"; package zoo; enum Kind { TAME = 0; WILD = 1; }',
        "zoo/options.proto": OPTIONS,
        "cats.proto": proto3("cats", ZOO, "zoo/options.proto"),
    }
    with bindings_of(tmp_path, sources) as made:
        cats = made.module("cats")
        assert options_of(cats.Cat) == {"zoo.kind": "WILD"}
        assert options_of(cats.Cat, "name") == {"zoo.care": {"water_ml": 5, "kind": "TAME"}, "zoo.tags": ["a", "b"]}
        assert options_of(cats.Cat, "size") == {}
        assert options_of(cats.Size) == {"zoo.number": "9007199254740993"}
        assert options_of(cats.Size, "BIG") == {"zoo.rare": True}
        assert options_of(cats.ZooClient) == {"zoo.team": "cats"}
        assert options_of(cats.ZooServicer, "Feed") == {"zoo.scope": "food"}
        with pytest.raises(LookupError, match=r"cats\.Cat has nothing called 'nam'"):
            options_of(cats.Cat, "nam")


def test_official_messages_of_another_pool(made: Bindings, garden: Any) -> None:
    """A message is also made of an official class that is given."""
    pool = descriptor_pool.DescriptorPool()
    assert pool is not made.root.pool
    cls = message_factory.GetMessageClass(made.pool.FindMessageTypeByName("garden.Bed"))
    official = garden.Bed(length=4).to_pb(cls)
    assert type(official) is cls
    assert official.length == 4


def test_signature(garden: Any) -> None:
    """The signature of a class shows what its arguments are if they are not given, and is the same in each run."""
    parameters = inspect.signature(garden.Plant).parameters
    assert parameters["kind"].default is garden.Kind.TREE
    assert parameters["name"].default == ""
    assert all(parameter.kind is parameter.KEYWORD_ONLY for parameter in parameters.values())
    assert " at 0x" not in str(inspect.signature(garden.Plant)) + str(inspect.signature(garden.Plant.__init__))


def test_as_dict(garden: Any) -> None:
    """`asdict` leaves no object of the bindings in its result but enums, which are numbers."""
    home = garden.Plant.Home
    plant = garden.Plant(name="fern", home=home.Bed(garden.Bed(length=1)), around=[garden.Plant(home=home.Pot(b"p"))])
    found = dataclasses.asdict(plant)
    assert found["home"] == {"bed": {"length": 1, "value": ""}}
    assert found["around"][0]["home"] == {"pot": b"p"}
    assert found["kind"] == 0
    with pytest.raises(AttributeError, match=r"Pot.* has no attribute 'bed'"):
        home.Pot(b"").bed  # noqa: B018


def test_weak_references(garden: Any) -> None:
    """Messages can be keys of a cache that does not keep them."""
    plant = garden.Plant()
    reference = weakref.ref(plant)
    assert reference() is plant
    del plant
    assert reference() is None


def test_differences(garden: Any, pytester: pytest.Pytester, made: Bindings) -> None:
    """Pytest names the fields in which two messages differ."""
    pytester.makepyfile(
        f"""
        import sys
        sys.path.insert(0, {str(made.folder)!r})
        from {made.package}.garden import Bed, Plant

        def test_plants():
            assert Plant(name="a", beds={{"x": Bed(length=1)}}) == Plant(name="a", beds={{"x": Bed(length=2)}})
        """
    )
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider", "-vv")
    result.stdout.fnmatch_lines(["*Matching attributes:", "*Differing attributes:", "*'beds'*", "*beds: *"])
