"""REST pages of bindings of every kind, in the style for trees that were never published."""

from __future__ import annotations

import pytest
import yaml

from tests.support.protos_of import proto3, schema_of
from toolkit.descriptors.model import Schema
from toolkit.semantics.catalog import Catalog, Introduction
from toolkit.semantics.facts import Facts
from toolkit.targets.rest.pages import RestReference
from toolkit.targets.rest.style import PRESETS
from toolkit.targets.rest.yaml import dump

BODY = """
import "google/api/annotations.proto";
service Shelves {
  rpc Put(Book) returns (Book) { option (google.api.http) = { put: "/v1/{name=shelves/*}" body: "inner" response_body: "inner" }; }
  rpc Look(Book) returns (Book) { option (google.api.http) = { custom { kind: "HEAD" path: "/v1/look" } }; }
  rpc Hidden(Book) returns (Book);
}
message Book {
  string name = 1;
  uint64 size_of = 2;
  float weight = 3;
  message Inner { int32 page = 1; Inner next = 2; }
  Inner inner = 4;
  oneof choice { string a = 5; string b = 6; }
}
"""


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> Schema:
    """The model."""
    return schema_of(tmp_path_factory.mktemp("protos"), {"acme.proto": proto3("acme", BODY)})


@pytest.fixture(scope="module")
def pages(schema: Schema) -> dict[str, str]:
    """The pages by path."""
    return dict(RestReference(Facts(schema), style=PRESETS["plain"]).pages())


def test_methods_without_binding_have_no_page(pages: dict[str, str]) -> None:
    """There are pages for the two methods with a binding, and two indexes."""
    assert sorted(pages) == [
        "acme/api-ref/Shelves/index.md",
        "acme/api-ref/Shelves/look.md",
        "acme/api-ref/Shelves/put.md",
        "acme/api-ref/index.md",
    ]


def test_body_of_one_field(pages: dict[str, str]) -> None:
    """The body is the message in the field; the other fields are in the path and the query."""
    page = pages["acme/api-ref/Shelves/put.md"]
    assert "PUT /v1/{name}\n" in page
    assert "## Body parameters {#acme.Book.Inner}" in page
    assert "## Query parameters {#acme.Book}" in page
    assert "|| sizeOf | **string** (uint64) ||" in page
    assert "## Response {#acme.Book.Inner2}" in page
    (entry,) = yaml.safe_load(page.split("---")[1])["apiPlayground"]
    assert list(entry["path"]["properties"]) == ["name"]
    assert list(entry["query"]["properties"]) == ["sizeOf", "weight", "a", "b"]
    assert entry["body"]["properties"]["next"]["$ref"] == "#/definitions/Inner"


def test_custom_verb(pages: dict[str, str]) -> None:
    """A custom verb is shown as it is declared."""
    assert "HEAD /v1/look\n" in pages["acme/api-ref/Shelves/look.md"]


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("plain {words}", "plain {words}"),
        ("yes", "'yes'"),
        ("100", "'100'"),
        ("it's: so", "'it''s: so'"),
        ("#first", "'#first'"),
        ("2026-01-02", "'2026-01-02'"),
        ("tab\there", '"tab\\there"'),
        ("one\ntwo", "|-\n  one\n  two"),
    ],
)
def test_strings_as_js_yaml_writes_them(value: str, written: str) -> None:
    """A string has the style that js-yaml chooses, and a YAML parser reads it back."""
    assert dump({"key": value}) == f"key: {written}\n"
    assert yaml.safe_load(dump({"key": value})) == {"key": value}


@pytest.mark.parametrize(
    ("introduction", "link"),
    [
        (Introduction(), "[GitHub](https://github.com/yandex-cloud/cloudapi)"),
        (
            Introduction(source_root="https://gitlab.com/acme/protos/tree/main"),
            "[GitLab](https://gitlab.com/acme/protos)",
        ),
        (Introduction(source_url="https://git.acme.example/zoo"), "[git.acme.example](https://git.acme.example/zoo)"),
    ],
    ids=["published", "repository", "own"],
)
def test_index_without_host(schema: Schema, introduction: Introduction, link: str) -> None:
    """The index of an API of several hosts links to the repository that the catalog names, else to the published one."""
    catalog = Catalog(introduction=introduction)
    page = dict(RestReference(Facts(schema), catalog).pages())["acme/api-ref/index.md"]
    assert f"See the interface definitions of the API on {link}.\n" in page
