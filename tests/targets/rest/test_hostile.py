"""Whatever a comment or an option holds, a REST page keeps its form, and its front matter is the same document."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.hostile import comments, texts
from tests.support.protos_of import commented, proto3, schema_of, write
from tests.targets.reference.test_hostile import ACTIVE, AROUND, MARKS, PASSED_ON, SPACE, read
from toolkit.descriptors.compile import Compilation, compile_tree
from toolkit.descriptors.loader import load
from toolkit.semantics.catalog import Catalog, Publication
from toolkit.semantics.facts import Facts
from toolkit.targets.rest.pages import RestReference
from toolkit.targets.rest.style import PRESETS
from toolkit.targets.rest.yaml import dump
from toolkit.targets.toc.tree import Node, Tree

BODY = """
service CatService {
  rpc Feed(FeedRequest) returns (stream Cat) {
    option (google.api.http) = {
      post: "/v1/cats/{name}" body: "*" additional_bindings { get: "/v1/homes/{street=homes/**}" }
    };
  }
  rpc Pet(FeedRequest) returns (Cat) {
    option (google.api.http) = { put: "/v1/cats/{name}:pet" body: "cat" response_body: "toys" };
  }
}
message FeedRequest { string name = 1; string street = 2; Cat cat = 3; }
message Cat {
  Mood mood = 1;
  repeated Cat kittens = 2;
  map<string, Toy> toys = 3;
  oneof home { uint64 number = 4; Toy box = 5; }
  message Toy { float weight = 1; Mood mood = 2; }
}
enum Mood { MOOD_UNSPECIFIED = 0; PURRING = 1; HUNGRY = 2; }
"""
PLAYGROUNDS = [name for name, style in PRESETS.items() if style.playground != "none"]
PART = re.compile(
    r"^## (?:HTTP request|(?:Path|Query|Body) parameters|Response|Cat|Toy)(?: \{#acme\.zoo\.v1\.[\w.]+\})?$"
)


@cache
def skeleton() -> Compilation:
    """The descriptor set of the skeleton; every element has a location."""
    with TemporaryDirectory() as folder:
        source = proto3("acme.zoo.v1", BODY, "google/api/annotations.proto")
        return compile_tree([write(Path(folder), {"zoo.proto": source})])


def pages(text: str, style: str) -> dict[str, str]:
    """The pages of the skeleton with a text as every comment."""
    return dict(RestReference(Facts(load(commented(skeleton(), text))), style=PRESETS[style]).pages())


def parted(page: str) -> tuple[Any, str]:
    """The front matter of a page, as a YAML parser reads it, and the rest."""
    matter, body = page.removeprefix("---\n").split("\n---\n", 1)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f]", matter)
    return yaml.safe_load(matter), body


def shape(schema: Any) -> Any:
    """A schema without its words."""
    if isinstance(schema, dict):
        return {key: shape(value) for key, value in schema.items() if key not in ("description", "default")}
    return [shape(value) for value in schema] if isinstance(schema, list) else schema


@cache
def harmless(style: str) -> dict[str, tuple[Any, list[str], list[int]]]:
    """What pages with harmless comments are."""
    return {path: form(page) for path, page in pages("Words.", style).items()}


def form(page: str) -> tuple[Any, list[str], list[int]]:
    """What of a page no comment may change: schemas, headings, and the numbers of rows."""
    matter, body = parted(page)
    lines, tables = read(body)
    headings = [line for line in lines if PART.match(line)]
    return shape(matter.get("apiPlayground")), headings, [len(rows) for rows in tables]


def check(text: str, style: str) -> dict[str, str]:
    """The pages with a text as every comment, which have the form of those with other words."""
    made = pages(text, style)
    assert made.keys() == harmless(style).keys()
    for path, page in made.items():
        assert form(page) == harmless(style)[path], path
    return made


@pytest.mark.parametrize("name", comments())
@pytest.mark.slow(reason="many comments in every place")
def test_comment(name: str) -> None:
    """A comment in every place changes neither the schemas nor the anchors nor the rows of any page."""
    for style in PRESETS:
        if style == "plain" or name not in PASSED_ON:
            check(comments()[name], style)


@pytest.mark.parametrize("style", [style for style in PRESETS if style != "plain"])
@pytest.mark.parametrize("around", AROUND)
@pytest.mark.slow(reason="many comments in every place")
def test_active_html(around: str, style: str) -> None:
    """HTML that runs or loads is text in every style, also in descriptions of a playground."""
    for active in ACTIVE:
        for page in check(AROUND[around].replace("{}", active), style).values():
            assert active not in page


@pytest.mark.parametrize("style", PRESETS)
@pytest.mark.parametrize("text", ["---", "---\neditable: true\n---", "...\n", "a: b\n- c", "%YAML 1.1", "&a *a !!b"])
def test_yaml(text: str, style: str) -> None:
    """What means something in YAML is text in a description, and ends no front matter."""
    for page in check(text, style).values():
        assert parted(page)[0]["editable"] is False


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.sampled_from([*MARKS, *SPACE, "---", ": ", " #", "'", '"', "&", "!"]), max_size=14).map("".join),
    st.sampled_from(sorted(PRESETS)),
)
def test_any_comment(text: str, style: str) -> None:
    """Whatever is joined from what means something in Markdown, tables or YAML, a page keeps its form."""
    check(text, style)


@settings(max_examples=400, deadline=None)
@given(st.text(max_size=60), st.from_regex(r"[A-Za-z_]\w{0,9}", fullmatch=True), st.sampled_from([0, 80]))
@example("a " * 60, "n", 80)
def test_any_string(text: str, key: str, width: int) -> None:
    """A YAML parser reads any string back as it was, and any name as a key, folded or not."""
    document = {"a": [{key: text}], "b": [text, [text]]}
    assert yaml.safe_load(dump(document, width=width)) == document


@pytest.mark.parametrize("name", texts("values"))
def test_pattern(name: str, tmp_path: Path) -> None:
    """A text as the pattern and as the unit of a field is in the schema as it is, and the page keeps its form."""
    pattern = "".join(f"\\{byte:03o}" for byte in texts("values")[name].encode()[:2_000])
    found = {}
    for kind, written in (("hostile", pattern), ("harmless", "[a-z]+")):
        body = f"""
import "buf/validate/validate.proto";
service S {{ rpc Get(R) returns (R) {{ option (google.api.http) = {{ get: "/v1/{{a}}" }}; }} }}
message R {{ string a = 1; string b = 2 [(buf.validate.field).string.pattern = "{written}"]; }}
"""
        schema = schema_of(tmp_path / kind, {"a.proto": proto3("acme", body, "google/api/annotations.proto")})
        page = dict(RestReference(Facts(schema), style=PRESETS["plain"]).pages())["acme/api-ref/S/get.md"]
        matter, headings, tables = form(page)
        found[kind] = (headings, tables, list(matter[0]["query"]["properties"]))
    assert found["hostile"] == found["harmless"]


@pytest.mark.parametrize("title", ["a: b", "- c", "'", "yes", "# d", "{{ x }}", "a\\b", "word " * 40, "é\u2028f"])
def test_titles_in_a_table_of_contents(title: str) -> None:
    """A title from a catalog is the same text in a toc.yaml."""
    schema = load(skeleton())
    reference = RestReference(Facts(schema), Catalog())
    publication = Publication("acme.zoo.v1", title, "zoo", "zoo", "")
    outer = Node(Publication("acme.v1", "Outer", "acme", "acme", ""), "", ())
    inner = Node(publication, "zoo", ("acme.zoo.v1",))
    tree = Tree((("REST", reference.layout),), title)
    made = yaml.safe_load(tree.item(Node(outer.publication, "", (), (inner,)), 2))
    assert made[0]["items"][0]["name"] == title
    assert made[0]["items"][1]["items"][0]["name"] == title
