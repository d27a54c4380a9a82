"""Constraints as keywords: a value is valid by the schema if, and only if, it holds them."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.targets.openapi.documents import Document, document_of, validator_of
from toolkit.runtime.patterns import matches
from toolkit.targets.jsonschema.patterns import ecma

RULES = """
extend google.protobuf.FieldOptions {
}
service S { rpc Do(M) returns (M) { option (google.api.http) = { post: "/do" body: "*" }; } }
message M {
  string name = 1 [(buf.validate.field).string = { min_len: 2, max_len: 4 }];
  string code = 2 [(buf.validate.field).string.pattern = "^[[:alpha:]]+$"];
  int32 count = 3 [(buf.validate.field).int32 = { gt: 0, lte: 10 }];
  repeated string tags = 4 [(buf.validate.field).repeated = { min_items: 1, max_items: 2, unique: true, items: { string: { in: ["a", "b"] } } }];
  map<string, int32> sizes = 5 [(buf.validate.field).map = { max_pairs: 1, keys: { string: { min_len: 2 } }, values: { int32: { gte: 1 } } }];
  E kind = 6 [(buf.validate.field).enum = { not_in: [0] }];
  optional string email = 7 [(buf.validate.field).string.email = true];
  int64 total = 8 [(buf.validate.field).int64.gte = 5, (buf.validate.field).ignore = IGNORE_IF_ZERO_VALUE];
  string odd = 9 [(buf.validate.field).string.pattern = "(?i)^x+$", (buf.validate.field).ignore = IGNORE_IF_ZERO_VALUE];
}
enum E { NONE = 0; ONE = 1; }
"""
GOOD: dict[str, Any] = {"name": "ab", "code": "x", "count": 1, "tags": ["a"], "kind": "ONE"}


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> Document:
    """The document of a message with rules."""
    body = 'import "buf/validate/validate.proto";' + RULES.replace("extend google.protobuf.FieldOptions {\n}\n", "")
    return document_of(tmp_path_factory.mktemp("rules"), body)


@pytest.mark.parametrize(
    ("change", "is_valid"),
    [
        ({}, True),
        ({"name": "a"}, False),
        ({"name": "abcde"}, False),
        ({"name": None}, False),
        ({"code": "x1"}, False),
        ({"count": 0}, False),
        ({"count": 10}, True),
        ({"count": 11}, False),
        ({"tags": []}, False),
        ({"tags": ["a", "b"]}, True),
        ({"tags": ["a", "a"]}, False),
        ({"tags": ["c"]}, False),
        ({"sizes": {"ab": 1}}, True),
        ({"sizes": {"a": 1}}, False),
        ({"sizes": {"ab": 0}}, False),
        ({"sizes": {"ab": 1, "cd": 1}}, False),
        ({"kind": "NONE"}, False),
        ({"email": "a@acme.example"}, True),
        ({"email": "nobody"}, False),
    ],
)
def test_values(document: Document, change: dict[str, Any], is_valid: bool) -> None:
    """A value that breaks one rule is not valid."""
    schema = {"$ref": "#/components/schemas/acme.v1.M"}
    assert validator_of(schema, document).is_valid(GOOD | change) is is_valid


@pytest.mark.parametrize("name", ["name", "code", "count", "tags", "kind"])
def test_absent(document: Document, name: str) -> None:
    """A field without presence whose zero value breaks its rule is required."""
    schema = {"$ref": "#/components/schemas/acme.v1.M"}
    assert not validator_of(schema, document).is_valid({key: value for key, value in GOOD.items() if key != name})


def test_without_keyword(document: Document) -> None:
    """What no keyword says stays a sentence."""
    properties = document["components"]["schemas"]["acme.v1.M"]["properties"]
    assert "minimum" not in properties["total"]
    assert "5" in properties["total"]["description"]
    assert "pattern" not in properties["odd"]
    assert "(?i)^x+$" in properties["odd"]["description"]


PATTERNS = {
    r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?": ["a", "a-", "-a", "a1", "A", ""],
    r"^\d{3}\z": ["123", "1234", "12", "123\n"],
    r"[[:alnum:]_.\-]+@x": ["a.b-c@x", "@x", "ä@x"],
    r"(?P<year>\d+)\-x": ["12-x", "x"],
    r"a{,2}": ["a{,2}", "aa"],
    r"\s\S.": [" ab", "\vab", " a\n", " a\u2028"],
    r"\x{e4}|\x41": ["ä", "A", "x"],
    r"[^\]\[^-]+": ["a", "[", "]", "^", "-"],
    r"a/b|\/\_\-": ["a/b", "/_-", "\\_"],
    r"|a": ["", "a", "b"],
}


@pytest.mark.parametrize("whole", [True, False])
def test_patterns(whole: bool) -> None:
    """A translated expression compiles in Node with the flag u, and matches what RE2 matches there and in Python."""
    cases = [(ecma(pattern, whole=whole), text, pattern) for pattern, texts in PATTERNS.items() for text in texts]
    expected = [matches(pattern, text, whole=whole) for _, text, pattern in cases]
    script = "console.log(JSON.stringify(JSON.parse(process.argv[1]).map(([p, t]) => new RegExp(p, 'u').test(t))))"
    said = subprocess.run(
        ["node", "-e", script, json.dumps([(made, text) for made, text, _ in cases])],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    assert all(made for made, _, _ in cases)
    assert json.loads(said) == expected
    assert [re.search(made, text) is not None for made, text, _ in cases if "\n" not in text] == [
        one for one, (_, text, _) in zip(expected, cases, strict=True) if "\n" not in text
    ]


@pytest.mark.parametrize("pattern", [r"(?i)a", r"\pL", r"\Qa\E", r"\C", r"(?s).", "a" * 1001, "a\x00", r"[[:nope:]]"])
def test_untranslated(pattern: str) -> None:
    """Of what ECMA writes in another way, or not at all, nothing is made."""
    assert ecma(pattern) == ""


def test_document_is_cold(tmp_path: Path) -> None:
    """The same tree gives the same bytes, whatever the order of declaration of messages."""
    first = document_of(tmp_path / "a", 'import "buf/validate/validate.proto";' + RULES.split("}\n", 1)[1])
    moved = RULES.split("}\n", 1)[1].replace("enum E { NONE = 0; ONE = 1; }\n", "")
    second = document_of(
        tmp_path / "b", 'import "buf/validate/validate.proto"; enum E { NONE = 0; ONE = 1; }\n' + moved
    )
    assert json.dumps(first) == json.dumps(second)
