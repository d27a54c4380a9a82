"""What options say about elements: facts, texts and resources, of known options and of one's own."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.support.options_trees import TREE
from tests.support.protos_of import proto3, schema_of
from toolkit.descriptors.model import Field, Method
from toolkit.errors import ConfigError
from toolkit.semantics.facts import Facts
from toolkit.semantics.mappings import read_mappings
from toolkit.semantics.resources import Resource, ResourceName, parent_pattern
from toolkit.semantics.visibility import Visibility, visible

PLANT = "garden.example.com/Plant"
PATTERNS = ("gardens/{garden}/plants/{plant}", "wild/{plant}")


@cache
def garden() -> Facts:
    """The facts of the tree."""
    with TemporaryDirectory() as folder:
        return Facts(schema_of(Path(folder), TREE))


def field(path: str) -> Field:
    """A field by the names of its message and itself."""
    message, _, name = path.rpartition(".")
    found = garden().schema.message(f"acme.garden.v1.{message}").field(name)
    assert found is not None
    return found


def method(name: str) -> Method:
    """A method of the service."""
    return garden().schema.methods[f"acme.garden.v1.Gardens.{name}"]


def test_behavior() -> None:
    """Every value of field_behavior is a fact, in the order of the options, and so is what another option means by it."""
    found = {name: garden().behaviors(field(f"Plant.{name}")) for name in ("path", "label", "secret", "helpers", "wet")}
    assert found == {
        "path": ("IDENTIFIER",),
        "label": ("IMMUTABLE", "OPTIONAL"),
        "secret": ("INPUT_ONLY",),
        "helpers": ("UNORDERED_LIST", "NON_EMPTY_DEFAULT"),
        "wet": ("OUTPUT_ONLY",),
    }


def test_sensitive_and_format() -> None:
    """A field is sensitive or has a format only where an option says so."""
    names = ("secret", "id", "label")
    assert [garden().sensitive(field(f"Plant.{name}")) for name in names] == [True, False, False]
    assert [garden().format(field(f"Plant.{name}")) for name in names] == ["", "UUID4", ""]


def test_generic_types() -> None:
    """The messages that a generic field may contain are found by full name or in the field's scope."""
    assert garden().types(field("Plant.extra")) == ("acme.garden.v1.Shade", "acme.garden.v1.Plant")


def test_resources() -> None:
    """Messages and files declare resources, with patterns, and the field that contains the name if there is one."""
    plant = Resource(PLANT, PATTERNS, "acme.garden.v1.Plant", "path")
    assert garden().resource(garden().schema.message("acme.garden.v1.Plant")) == plant
    assert garden().resource(garden().schema.message("acme.garden.v1.Shade")) is None
    shed = Resource("sheds.example.com/Shed", ("sheds/{shed}",))
    assert dict(garden().resources) == {PLANT: [plant], "sheds.example.com/Shed": [shed]}


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("Plant.path", ResourceName("own", PLANT, PATTERNS, "acme.garden.v1.Plant")),
        ("Plant.helpers", ResourceName("other", PLANT, PATTERNS, "acme.garden.v1.Plant")),
        ("Plant.shed", ResourceName("other", "sheds.example.com/Shed", ("sheds/{shed}",), "")),
        ("Plant.thing", ResourceName("other", "*", (), "")),
        ("CreatePlantRequest.parent", ResourceName("parent", PLANT, ("gardens/{garden}",), "acme.garden.v1.Plant")),
        ("Plant.label", None),
    ],
)
def test_resource_names(path: str, name: ResourceName | None) -> None:
    """A field contains the name of its own message, of another resource, or of the parent of one."""
    assert garden().resource_name(field(path)) == name


@pytest.mark.parametrize(
    ("pattern", "parent"),
    [("a/{a}/b/{b}", "a/{a}"), ("a/{a}/settings", "a/{a}"), ("a/{a}", ""), ("a/{a}/b/{b}~{c}", "a/{a}"), ("a", "")],
)
def test_parent_patterns(pattern: str, parent: str) -> None:
    """A parent's name ends before the collection of the child, or before a singleton."""
    assert parent_pattern(pattern) == parent


def test_nearest_resource(tmp_path: Path) -> None:
    """If several versions of a package declare the same type, a field means the one in its own version."""
    body = """
message Leaf {
  option (google.api.resource) = { type: "acme.example/Leaf" pattern: "PATTERN" };
  string name = 1;
}
message Get { string leaf = 1 [(google.api.resource_reference).type = "acme.example/Leaf"]; }
"""
    versions = ("v1", "v1beta", "v2")
    imports = "google/api/resource.proto"
    files = {f"{v}.proto": proto3(f"acme.{v}", body.replace("PATTERN", f"{v}/{{leaf}}"), imports) for v in versions}
    facts = Facts(schema_of(tmp_path, files))
    found = {v: facts.resource_name(facts.schema.message(f"acme.{v}.Get").fields[0]) for v in versions}
    assert {v: name and (name.message, name.patterns) for v, name in found.items()} == {
        v: (f"acme.{v}.Leaf", (f"{v}/{{leaf}}",)) for v in versions
    }


def test_methods() -> None:
    """Call forms name only fields that exist; the level of idempotency is a fact unless it is unknown."""
    assert garden().signatures(method("GetPlant")) == (("name",),)
    assert garden().signatures(method("CreatePlant")) == (("parent", "plant", "plant.label"), ("parent", "plant"))
    levels = [garden().idempotency(method(name)) for name in ("GetPlant", "RemovePlant", "CreatePlant")]
    assert levels == ["NO_SIDE_EFFECTS", "IDEMPOTENT", ""]


def test_texts() -> None:
    """Where there is no comment, options give a summary and a description; a comment wins over both."""
    schema, comment = garden().schema, garden().comment
    assert comment(method("GetPlant")).text == "Finds a plant\n\nLooks in every [Plant] bed."
    assert comment(method("CreatePlant")).text == "Sets a plant."
    assert comment(schema.message("acme.garden.v1.Plant")).text == "A plant\n\nIt grows."
    assert comment(schema.enums["acme.garden.v1.Season"]).text == "When it blooms."
    assert comment(schema.services["acme.garden.v1.Gardens"]).text == "Looks after gardens."
    assert comment(schema.packages["acme.garden.v1"]).text == "Gardens\n\nGrow what you like."
    assert comment(field("Plant.label")).text == "What it is called."


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ('"tulip"', ("tulip",)),
        ("tulip", ("tulip",)),
        ("1.50", ("1.50",)),
        ('["a", 2]', ("a", "2")),
        ('{"a": 1}', ('{"a": 1}',)),
        (r'"a\u0002b\ud800"', ("ab?",)),
        ("", ()),
    ],
)
def test_examples(written: str, expected: tuple[str, ...], tmp_path: Path) -> None:
    """Examples are plain values or JSON; strings lose their quotes, and what no page can contain."""
    escaped = written.replace("\\", "\\\\").replace('"', '\\"')
    body = f'message A {{ string b = 1 [(grpc.gateway.protoc_gen_openapiv2.options.openapiv2_field).example = "{escaped}"]; }}'
    schema = schema_of(tmp_path, {"a.proto": proto3("acme", body, "protoc-gen-openapiv2/options/annotations.proto")})
    assert Facts(schema).examples(schema.message("acme.A").fields[0]) == expected


def test_openapi_bounds() -> None:
    """A bound is exclusive if the member beside it says so, and only then."""
    found = {c.rule.member: c.interval for c in garden().constraints(field("Plant.height"))}
    low, high = found["minimum"], found["maximum"]
    assert low is not None
    assert high is not None
    assert (low.low, low.low_open, high.high, high.high_open) == ("1", False, "90", True)


OPTIONS = """syntax = "proto3";
package acme.options;
import "google/protobuf/descriptor.proto";
message Kept { string level = 1; repeated Hint hints = 2; }
message Hint { string text = 1; }
message Entity { string kind = 1; repeated string paths = 2; }
enum Access { ANYONE = 0; SERVER = 1; }
extend google.protobuf.FieldOptions { Access access = 50001; Kept kept = 50002; string of = 50003; }
extend google.protobuf.MessageOptions { Entity entity = 50001; repeated string notes = 50002; }
extend google.protobuf.MethodOptions { bool safe = 50001; }
"""
OWN = proto3(
    "acme.own",
    """
message Tool {
  option (acme.options.entity) = { kind: "tool" paths: "tools/{tool}" paths: "*" };
  option (acme.options.notes) = "A tool.";
  option (acme.options.notes) = "Not the first.";
  string name = 1 [(acme.options.access) = SERVER];
  string key = 2 [(acme.options.access) = ANYONE, (acme.options.kept) = {
    level: "SECRET" hints: { text: "one" } hints: { text: "two" }
  }];
  string next = 3 [(acme.options.of) = "tool", (acme.options.kept).level = "OPEN"];
}
service Tools {
  rpc Look(Tool) returns (Tool) { option (acme.options.safe) = true; }
  rpc Make(Tool) returns (Tool) { option (acme.options.safe) = false; }
}
""",
    "acme/options.proto",
)
RULES = """
fact = [
  { option = "acme.options.access", fact = "behavior", values = { SERVER = "OUTPUT_ONLY" } },
  { option = "acme.options.kept", member = "level", fact = "sensitive", values = { SECRET = "true" } },
  { option = "acme.options.of", fact = "reference" },
  { option = "acme.options.safe", fact = "idempotency", values = { true = "NO_SIDE_EFFECTS" } },
]
text = [
  { option = "acme.options.notes", text = "summary" },
  { option = "acme.options.kept", member = "hints.text", text = "example" },
]
[[resource]]
option = "acme.options.entity"
type = "kind"
pattern = "paths"
"""


def test_own_options(tmp_path: Path) -> None:
    """Options of one's own mean facts, texts and resources: by their value, by a member, or by a table of values."""
    schema = schema_of(tmp_path / "protos", {"acme/options.proto": OPTIONS, "acme/own.proto": OWN})
    (tmp_path / "rules.toml").write_text(RULES)
    facts = Facts(schema, read_mappings([tmp_path / "rules.toml"]))
    tool = schema.message("acme.own.Tool")
    name, key, next_ = tool.fields
    assert [facts.behaviors(one) for one in tool.fields] == [("OUTPUT_ONLY",), (), ()]
    assert [facts.sensitive(one) for one in tool.fields] == [False, True, False]
    assert facts.examples(key) == ("one", "two")
    assert facts.comment(tool).text == "A tool."
    assert facts.resource(tool) == Resource("tool", ("tools/{tool}",), "acme.own.Tool", "name")
    assert facts.resource_name(name) == ResourceName("own", "tool", ("tools/{tool}",), "acme.own.Tool")
    assert facts.resource_name(next_) == ResourceName("other", "tool", ("tools/{tool}",), "acme.own.Tool")
    methods = schema.services["acme.own.Tools"].methods
    assert [facts.idempotency(one) for one in methods] == ["NO_SIDE_EFFECTS", ""]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[fact]]\noption = "a.b"\nfact = "colour"', "[[fact]] number 1 (a.b) fact must be one of behavior"),
        ('[[text]]\noption = "a.b"\ntext = "title"', "[[text]] number 1 (a.b) text must be one of summary"),
        ('[[text]]\ntext = "summary"', "option is missing"),
        ('[[resource]]\noption = "a.b"', "type is missing"),
    ],
)
def test_wrong_mappings(text: str, said: str, tmp_path: Path) -> None:
    """An error names the table, the option and the key, and what is expected."""
    (tmp_path / "rules.toml").write_text(text)
    with pytest.raises(ConfigError) as caught:
        read_mappings([tmp_path / "rules.toml"])
    assert said in str(caught.value).replace(": ", " ")


def test_restriction() -> None:
    """The visibility labels of an element of any kind are those of its option."""
    schema = garden().schema
    elements = [
        method("RemovePlant"),
        field("Plant.shade"),
        schema.message("acme.garden.v1.Shade"),
        schema.enums["acme.garden.v1.Season"],
        schema.enum_values["acme.garden.v1.SPRING"],
        field("Plant.label"),
    ]
    assert [garden().restriction(one) for one in elements] == [
        ("STAFF", "TESTER"),
        ("STAFF",),
        ("TESTER",),
        ("TESTER",),
        ("STAFF",),
        (),
    ]


HIDDEN = {
    "STAFF": {"Gardens.RemovePlant", "Plant.shade", "SPRING", "Shade"},
    "TESTER": {"Gardens.RemovePlant", "Plant.shade", "Shade", "Season", "SPRING", "GetPlantRequest.season"},
    "NOBODY": set[str](),
}


@pytest.mark.parametrize("label", HIDDEN)
def test_hiding_by_label(label: str) -> None:
    """A label hides elements of every kind that name it, what needs them, and what only they use; internal shows all."""
    schema, whole = visible(garden(), Visibility(hide_restricted=(label,))), garden().schema

    def gone(name: str) -> bool:
        name = f"acme.garden.v1.{name}"
        owner, _, last = name.rpartition(".")
        known = {**schema.messages, **schema.enums, **schema.methods, **schema.enum_values}
        return name not in known and not (owner in schema.messages and schema.messages[owner].field(last))

    names = {name for names in HIDDEN.values() for name in names}
    assert {name for name in names if gone(name)} == HIDDEN[label]
    assert visible(garden(), Visibility(internal=True, hide_restricted=(label,))) is whole


def test_hidden_resources(tmp_path: Path) -> None:
    """What refers to a hidden element by an option does not name it: no resource name, generic type or call form."""
    body = """
message Vault {
  option (google.api.resource) = { type: "acme.example/Vault" pattern: "vaults/{vault}" };
  string name = 1;
}
message Door {
  string vault = 1 [(google.api.resource_reference).type = "acme.example/Vault"];
  string parent = 2 [(google.api.resource_reference).child_type = "acme.example/Vault"];
  string other = 3 [(google.api.resource_reference).type = "elsewhere.example/Key"];
  google.protobuf.Any behind = 4 [(google.api.field_info).referenced_types = { type_name: "Vault" }];
  string code = 5;
}
service Doors {
  rpc Open(Door) returns (Door) {
    option (google.api.method_signature) = "vault,code";
    option (google.api.method_signature) = "vault";
  }
}
"""
    names = ("client", "field_info", "resource")
    imports = ("google/protobuf/any.proto", *(f"google/api/{name}.proto" for name in names))
    facts = Facts(schema_of(tmp_path, {"doors.proto": proto3("acme.doors", body, *imports)}))
    hidden = Facts(visible(facts, Visibility(hide=("*.Vault", "*.code"))))
    vault, parent, other, behind = hidden.schema.message("acme.doors.Door").fields
    assert facts.resource_name(facts.schema.message("acme.doors.Door").fields[0]) is not None
    assert [hidden.resource_name(one) for one in (vault, parent)] == [None, None]
    assert hidden.resource_name(other) == ResourceName("other", "elsewhere.example/Key", (), "")
    assert hidden.types(behind) == ()
    assert hidden.signatures(hidden.schema.methods["acme.doors.Doors.Open"]) == (("vault",),)
