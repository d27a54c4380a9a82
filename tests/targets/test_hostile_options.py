"""Whatever a string in an option holds, it is text on every page and in every docstring."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
import yaml

from tests.support.command import run
from tests.support.protos_of import proto3, write

TEXTS = {
    "script": "<script>alert(1)</script>",
    "code ends": "`` ` ```\n</code><img src=x onerror=y>",
    "table ends": "a || b |# \\| c",
    "variable": "{{ stolen }} {% include x %} {#anchor}",
    "link": "[a](javascript:b) ](c) [d][e]",
    "docstring ends": '"""\\"""\nimport os',
    "control": "a\x02\x030\x03b\x1bc",
    "block": "/// html | div\n# heading\n- item",
}
SLOTS = (
    ("method", "(google.api.method_visibility).restriction"),
    ("method", "(grpc.gateway.protoc_gen_openapiv2.options.openapiv2_operation).description"),
    ("service", "(google.api.default_host)"),
    ("service", "(google.api.oauth_scopes)"),
    ("message", "(google.api.resource).type"),
    ("message", "(google.api.resource).pattern"),
    ("message", "(grpc.gateway.protoc_gen_openapiv2.options.openapiv2_schema).example"),
    ("field", "(google.api.resource_reference).type"),
    ("field", "(google.api.field_visibility).restriction"),
    ("field", "(grpc.gateway.protoc_gen_openapiv2.options.openapiv2_field).format"),
    ("field", "(grpc.gateway.protoc_gen_openapiv2.options.openapiv2_field).example"),
)
IMPORTS = ("annotations", "client", "resource", "visibility")
HTTP = 'option (google.api.http) = { post: "/v1/{name}" body: "*" };'
REQUEST = re.compile(r"## HTTP request\n\n```\n(.*)\n```\n")


def literal(text: str) -> str:
    """A string of a .proto file."""
    return '"' + "".join(f"\\{byte:03o}" for byte in text.encode()) + '"'


def source(text: str) -> str:
    """A tree with a text in every option."""

    def options(kind: str) -> str:
        return " ".join(f"option {name} = {literal(text)};" for one, name in SLOTS if one == kind)

    of_field = ", ".join(f"{name} = {literal(text)}" for one, name in SLOTS if one == "field")
    body = f"""
service Things {{ {options("service")} rpc Get(Thing) returns (Thing) {{ {options("method")} {HTTP} }} }}
message Thing {{ {options("message")} string name = 1; string other = 2 [{of_field}]; }}
"""
    imports = (f"google/api/{name}.proto" for name in IMPORTS)
    return proto3("acme.v1", body, *imports, "protoc-gen-openapiv2/options/annotations.proto")


@pytest.mark.parametrize("name", TEXTS)
def test_hostile_options(name: str, tmp_path: Path) -> None:
    """On no page does a string act, and modules have no statement that comes from one."""
    text = TEXTS[name]
    settings = 'proto_path = ["protos"]\n[reference]\n[rest]\n[python]\n[site]\n'
    write(tmp_path, {"protos/a.proto": source(text), "toolkit.toml": settings})
    ran = run("generate", cwd=tmp_path)
    assert ran.code == 0, ran.errors
    for path in tmp_path.glob("build/python/bindings/acme/v1/*.py"):
        tree = ast.parse(path.read_text())
        assert not any(isinstance(node, ast.Import) and node.names[0].name == "os" for node in ast.walk(tree))
    for path in (path for target in ("reference", "rest") for path in (tmp_path / "build" / target).rglob("*.md")):
        matter, body = path.read_text().removeprefix("---\n").split("\n---\n", 1)
        assert yaml.safe_load(matter)["editable"] is False
        assert all(re.fullmatch(r"POST (https://[\w.]+)?/v1/\{name\}", line) for line in REQUEST.findall(body))
        body = re.sub(r"^```.*?^```$", "", body, flags=re.M | re.S)
        body = f"{matter}\n{body}"
        body = re.sub(r"\{\{ api-url-prefix \}\}|\{#acme[\w.]*\}|`[^`\n]*`|<code>[^<]*</code>", "", body)
        assert not re.search(r"<script|<img|\{[{%#]|(?<!\\)\]\(javascript|[\x00-\x08\x0e-\x1f]", body), body
        assert body.count("#|") == body.count("\n|#")
    for name_ in ("Thing", "Things", "Things.Get"):
        page = (tmp_path / f"site/reference/acme.v1/{name_}.md").read_text()
        page = re.sub(r"^(`{3,})\w+\n.*?^\1$", "", page, flags=re.M | re.S)  # examples
        assert not re.search(r"<script|<img|[\x00-\x08\x0e-\x1f]", page)
        assert "\n# heading" not in page
