"""How methods are called over HTTP: templates, the places of fields, and requests for values."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from toolkit.descriptors.compile import compile_tree
from toolkit.descriptors.loader import load
from toolkit.semantics.facts import Facts
from toolkit.semantics.http import MOST_PARAMETERS, Http, HttpRequest, Mismatch
from toolkit.semantics.path_templates import InvalidTemplate, Variable, parse

TREE = """
syntax = "proto3";
package harbor;
import "google/api/annotations.proto";
import "google/protobuf/field_mask.proto";
import "google/protobuf/struct.proto";
import "google/protobuf/timestamp.proto";
import "google/protobuf/wrappers.proto";
enum Flag { FLAG_UNSPECIFIED = 0; WHITE = 1; }
message Port { string name = 1; Port twin = 2; }
message Berth { string ship_name = 1; int64 depth_cm = 2; Port port = 3; }
message Request {
  string name = 1;
  Berth berth = 2;
  bool dry_run = 3;
  repeated string tags = 4;
  repeated Berth others = 5;
  map<string, string> labels = 6;
  google.protobuf.Timestamp at_time = 7;
  google.protobuf.FieldMask update_mask = 8;
  google.protobuf.Struct extra = 9;
  google.protobuf.Int32Value most = 10;
  repeated Flag flags = 11;
  bytes token = 12;
}
message Reply { Berth berth = 1; }
service Pier { rpc Call(Request) returns (Reply) { option (google.api.http) = { %s }; } }
"""


def http(folder: Path, rule: str) -> Http:
    """What an option says about the method of the tree."""
    (folder / "harbor.proto").write_text(TREE % rule)
    compilation = compile_tree([folder])
    assert not compilation.diagnostics, compilation.diagnostics
    schema = load(compilation)
    return Facts(schema).http(schema.methods["harbor.Pier.Call"])


def request(folder: Path, rule: str, value: dict[str, Any]) -> HttpRequest | Mismatch | None:
    """The request for a value."""
    return http(folder, rule).request(value)


SEGMENTS = [
    ("/", (), ""),
    ("/v1/piers", ("v1", "piers"), ""),
    ("/v1/{name}", ("v1", Variable("name")), ""),
    (
        "/v1/{a.b=x/*/y/**}:go",
        (
            "v1",
            Variable("a.b", ("x", "*", "y", "**")),
        ),
        "go",
    ),
    ("/.well-known/*/**", (".well-known", "*", "**"), ""),
    ("/v1:watch", ("v1",), "watch"),
    ("/{name=**}", (Variable("name", ("**",)),), ""),
    ("/v1/a=b/$x", ("v1", "a=b", "$x"), ""),
]


@pytest.mark.parametrize(("text", "segments", "verb"), SEGMENTS)
def test_templates(text: str, segments: tuple[Any, ...], verb: str) -> None:
    """A template has literals, wildcards, variables with patterns, and a verb."""
    template = parse(text)
    assert (template.segments, template.verb) == (segments, verb)


INVALID = [
    ("", "empty"),
    ("v1/x", "slash"),
    ("/v1//x", "a segment is empty"),
    ("/v1/x/", "a segment is empty"),
    ("/v1/{name", '"{name" is not a valid segment'),
    ("/v1/name}", 'name}" is not'),
    ("/v1/{name=}", "a segment is empty"),
    ("/v1/{na-me}", '"{na-me}" is not'),
    ("/v1/{a={b}}", "is not a valid segment"),
    ("/v1/{a}{b}", "is not a valid segment"),
    ("/v1/x{a}", '"x{a}" is not'),
    ("/v1/**/x/**", '"**" occurs twice'),
    ("/v1/{a=**}/x/{b=y/**}", '"**" occurs twice'),
    ("/v1/{a}/{a}", 'the variable "a" occurs twice'),
    ("/v1/x:", '":" is not a valid verb'),
    ("/v1/x:a:b", '":a:b" is not a valid verb'),
    ("/v1:a/x", '"v1:a" is not'),
    ("/v1/x?y=1", '"x?y=1" is not'),
    ("/v1/a b", '"a b" is not'),
]


@pytest.mark.parametrize(("text", "said"), INVALID)
def test_invalid_templates(text: str, said: str) -> None:
    """An invalid template is refused with a reason."""
    with pytest.raises(InvalidTemplate) as caught:
        parse(text)
    assert said in str(caught.value)


PATHS = [
    ("/v1/{name}", "a/b", "/v1/a%2Fb"),
    ("/v1/{name}", "a b&é~", "/v1/a%20b%26%C3%A9~"),
    ("/v1/{name=**}", "a/b c/d", "/v1/a/b%20c/d"),
    ("/v1/{name=piers/*}:paint", "piers/7", "/v1/piers/7:paint"),
    ("/v1/{name=piers/*/berths/**}", "piers/7/berths", "/v1/piers/7/berths"),
    ("/v1/{name=piers/*/berths/**}", "piers/7/berths/a/b", "/v1/piers/7/berths/a/b"),
    ("/v1/*/{name}/**", "x", "/v1/-/x"),
    ("/v1/**/x/{name}", "y", "/v1/x/y"),
    ("/v1/{name=piers/**}/berths:count", "piers/7/8", "/v1/piers/7/8/berths:count"),
    ("/v1/{name=piers/**/berths/*}", "piers/berths/7", "/v1/piers/berths/7"),
    ("/v1/{name=piers/**/berths/*}", "piers/berths/a/berths/7", "/v1/piers/berths/a/berths/7"),
]


@pytest.mark.parametrize(("template", "name", "path"), PATHS)
def test_paths(template: str, name: str, path: str, tmp_path: Path) -> None:
    """A value is percent-encoded in a path, except for slashes if its pattern has several segments."""
    found = request(tmp_path, f'get: "{template}"', {"name": name})
    assert isinstance(found, HttpRequest)
    assert (found.verb, found.path, found.query, found.body) == ("GET", path, (), None)


MISMATCHES = [
    ("/v1/{name}", {}, "is missing"),
    ("/v1/{name}", {"name": ""}, "is empty"),
    ("/v1/{name}", {"name": ".."}, "clients remove"),
    ("/v1/{name=piers/*}", {"name": "piers/7/8"}, 'does not match "piers/*"'),
    ("/v1/{name=piers/*}", {"name": "docks/7"}, 'does not match "piers/*"'),
    ("/v1/{name=piers/*}", {"name": "piers/"}, 'does not match "piers/*"'),
    ("/v1/{name=piers/**}", {"name": "docks/7"}, 'does not match "piers/**"'),
    ("/v1/{name=**}", {"name": "a//b"}, 'does not match "**"'),
    ("/v1/{name=piers/**/berths/*}", {"name": "piers/7"}, 'does not match "piers/**/berths/*"'),
    ("/v1/{name=piers/**/berths/*}", {"name": "piers//berths/7"}, "does not match"),
    ("/v1/{berth.ship_name}", {"berth": {}}, "is missing"),
]


@pytest.mark.parametrize(("template", "value", "reason"), MISMATCHES)
def test_mismatches(template: str, value: dict[str, Any], reason: str, tmp_path: Path) -> None:
    """A value that the template can't match has no request, but a reason."""
    found = request(tmp_path, f'get: "{template}"', value)
    assert isinstance(found, Mismatch)
    assert reason in found.reason


def test_query(tmp_path: Path) -> None:
    """What is not in the path is in the query: messages by path, lists repeated, other values as text."""
    value = {
        "name": "x",
        "berth": {"shipName": "a b", "depthCm": "70", "port": {"name": "p"}},
        "dryRun": False,
        "tags": ["r&d", "é"],
        "atTime": "2024-01-02T03:04:05Z",
        "updateMask": "berth.shipName,tags",
        "most": 3,
        "flags": ["WHITE"],
        "token": "+/8=",
    }
    found = request(tmp_path, 'get: "/v1/{name}"', value)
    assert isinstance(found, HttpRequest)
    assert found.target == (
        "/v1/x?berth.shipName=a%20b&berth.depthCm=70&berth.port.name=p&dryRun=false&tags=r%26d&tags=%C3%A9"
        "&atTime=2024-01-02T03%3A04%3A05Z&updateMask=berth.shipName%2Ctags&most=3&flags=WHITE&token=%2B%2F8%3D"
    )
    assert found.left_out == ()


def test_not_in_a_query(tmp_path: Path) -> None:
    """Maps, objects of any shape, lists of messages and repeated levels can not be parameters, each for a reason."""
    found = http(tmp_path, 'get: "/v1/{name}"')
    (binding,) = found.bindings
    assert [(one.path, one.reason) for one in binding.not_in_query] == [
        ("berth.port.twin", "contains harbor.Port again"),
        ("others", "is a list of messages"),
        ("labels", "is a map"),
        ("extra", "is a google.protobuf.Struct"),
    ]
    assert [one.name for one in binding.parameters][:4] == [
        "berth.shipName",
        "berth.depthCm",
        "berth.port.name",
        "dryRun",
    ]
    sent = found.request({"name": "x", "labels": {"a": "b"}, "others": [{}], "dryRun": True})
    assert isinstance(sent, HttpRequest)
    assert sent.query == (("dryRun", "true"),)
    assert [one.path for one in sent.left_out] == ["labels", "others"]


VALUE: dict[str, Any] = {"name": "x", "berth": {"ship_name": "s", "depthCm": "7"}, "tags": ["t"]}
BODIES = [
    ('post: "/v1/{name}" body: "*"', {"berth": {"ship_name": "s", "depthCm": "7"}, "tags": ["t"]}, ()),
    ('post: "/v1/{berth.ship_name}" body: "*"', {"name": "x", "berth": {"depthCm": "7"}, "tags": ["t"]}, ()),
    ('patch: "/v1/{berth.ship_name}" body: "berth"', {"depthCm": "7"}, (("name", "x"), ("tags", "t"))),
    ('put: "/v1/{name}" body: "tags"', ["t"], (("berth.shipName", "s"), ("berth.depthCm", "7"))),
    ('put: "/v1/{name}" body: "labels"', {}, (("berth.shipName", "s"), ("berth.depthCm", "7"), ("tags", "t"))),
    (
        'patch: "/v1/{name}" body: "berth.port"',
        {},
        (("berth.shipName", "s"), ("berth.depthCm", "7"), ("tags", "t")),
    ),
    ('delete: "/v1/{name}"', None, (("berth.shipName", "s"), ("berth.depthCm", "7"), ("tags", "t"))),
]


@pytest.mark.parametrize(("rule", "body", "query"), BODIES)
def test_bodies(rule: str, body: Any, query: tuple[Any, ...], tmp_path: Path) -> None:
    """A body has all fields that are not in the path, or one field, and then the others are in the query."""
    found = request(tmp_path, rule, VALUE)
    assert isinstance(found, HttpRequest)
    assert (found.body, found.query) == (body, query)


def test_places(tmp_path: Path) -> None:
    """Each field of a request has a place in the path, the body or the query."""
    (binding,) = http(tmp_path, 'patch: "/v1/{berth.ship_name}" body: "berth" response_body: "berth"').bindings
    places = {path: binding.place(path) for path in ("berth.ship_name", "berth.depth_cm", "berth", "tags")}
    assert places == {"berth.ship_name": "path", "berth.depth_cm": "body", "berth": "body", "tags": "query"}
    assert binding.response_body == "berth"


def test_other_verbs(tmp_path: Path) -> None:
    """A custom verb is sent as it is; a binding for every verb as GET, or POST with a body."""
    for rule, verb in [
        ('custom: { kind: "HEAD" path: "/v1/x" }', "HEAD"),
        ('custom: { kind: "*" path: "/v1/x" }', "GET"),
        ('custom: { kind: "*" path: "/v1/x" } body: "*"', "POST"),
    ]:
        found = request(tmp_path, rule, {})
        assert isinstance(found, HttpRequest)
        assert found.verb == verb


def test_additional_bindings(tmp_path: Path) -> None:
    """A value that the primary binding does not match is sent by an additional one that it does."""
    found = http(tmp_path, 'get: "/v1/{name=piers/*}" additional_bindings { get: "/v1/{name=docks/*}/as-dock" }')
    paths = [found.request({"name": name}) for name in ("piers/1", "docks/2", "quays/3")]
    assert [getattr(one, "path", None) for one in paths] == ["/v1/piers/1", "/v1/docks/2/as-dock", None]
    assert "piers/*" in str(paths[2])


PROBLEMS = [
    ('get: "/v1/{name"', '"{name" is not a valid segment'),
    ('get: "/v1/{nome}"', "harbor.Request has no field nome"),
    ('get: "/v1/{name.x}"', "harbor.Request has no field name.x"),
    ('get: "/v1/{tags}"', "tags can't be in a path"),
    ('get: "/v1/{berth}"', "berth can't be in a path"),
    ('get: "/v1/{labels.key}"', "no field labels.key"),
    ('get: "/v1/{others.ship_name}"', "no field others.ship_name"),
    ('post: "/v1/x" body: "bath"', "harbor.Request has no field bath"),
    ('post: "/v1/{name}" body: "name"', "name is both in the path and the body"),
    ('get: "/v1/x" response_body: "bath"', "harbor.Reply has no field bath"),
    ('custom: { path: "/v1/x" }', "it has no verb"),
    ('custom: { kind: "GET /\\n```" path: "/v1/x" }', "'GET /\\n```' is not a valid verb"),
]


@pytest.mark.parametrize(("rule", "said"), PROBLEMS)
def test_problems(rule: str, said: str, tmp_path: Path) -> None:
    """An invalid binding is a diagnostic of the method; others of the method remain."""
    found = http(tmp_path, f'{rule} additional_bindings {{ get: "/v2/{{name}}" }}')
    assert [binding.template.text for binding in found.bindings] == ["/v2/{name}"]
    (problem,) = found.problems
    assert (problem.location.file, problem.location.line) == ("harbor.proto", 27)
    assert problem.message.startswith("harbor.Pier.Call: the HTTP binding ")
    assert said in problem.message


def test_many_parameters(tmp_path: Path) -> None:
    """Nested messages that would make millions of parameters are not all expanded."""
    levels = "".join(f"message L{n} {{ L{n + 1} left = 1; L{n + 1} right = 2; string text = 3; }}\n" for n in range(24))
    service = 'service S { rpc Call(L0) returns (L24) { option (google.api.http) = { get: "/v1" }; } }'
    (tmp_path / "deep.proto").write_text(
        f'syntax = "proto3"; package deep; import "google/api/annotations.proto";\n{levels}'
        f"message L24 {{ string text = 1; }}\n{service}"
    )
    schema = load(compile_tree([tmp_path]))
    (binding,) = Facts(schema).http(schema.methods["deep.S.Call"]).bindings
    assert MOST_PARAMETERS <= len(binding.parameters) < MOST_PARAMETERS + 100
    assert 0 < len(binding.not_in_query) < 100
