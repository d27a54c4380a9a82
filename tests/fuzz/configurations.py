"""toolkit.toml, option mappings, catalogs and manifests of the wrong types, read by the real command line."""

from __future__ import annotations

import json
import os
import tomllib
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from hypothesis import strategies as st

from tests.conftest import REPOSITORY
from tests.fuzz.bases import base
from tests.fuzz.kind import Kind, Wrong
from tests.fuzz.trees import CHANGES, CUTS, changed, flipped
from toolkit.cli.main import main

TARGETS = ("reference", "examples", "python", "changelog", "site")
SETTINGS: dict[str, Any] = {
    "proto_path": ["."],
    "catalog": "catalog.toml",
    "rules": ["rules.toml"],
    "templates": ["templates"],
    "strict": True,
    "link_prefix": "/docs/",
    "reference": {"out": "out/reference", "style": "current,source_path=true", "committed": False},
    "examples": {
        "out": "out/examples",
        "variants": True,
        "grpc_server": "a:1",
        "http_server": "https://a",
        "protocols": ["grpc", "connect"],
        "tls": "on",
        "headers": {"x-team": "$TEAM"},
        "snippets": ["curl", "go"],
        "values": {},
    },
    "python": {"out": "out/python", "package": "acme.bindings"},
    "changelog": {"out": "out/changelog", "revisions": {"a": "x.binpb", "b": "x.binpb"}},
    "site": {
        "out": "out/site",
        "search": "auto",
        "link_host": "https://a",
        "hide": ["acme.old"],
        "hide_options": ["a=b"],
    },
    "diff": {"except": ["FIELD_SAME_JSON_NAME"], "ignore": ["acme/old"]},
}
CATALOG = {
    "package": [
        {"name": "acme.zoo.v1", "title": "Zoo", "docs_path": "zoo", "service_url": "https://a", "source_dir": "zoo/v1"},
        {"name": "acme.shop.v1", "title": "Shop", "docs_path": "shop", "intro": "a", "source_url": "https://a"},
    ],
    "intro": "a",
    "concepts_url": "https://a",
    "source_url": "https://a",
}
RULES = [
    tomllib.loads(path.read_text(encoding="utf-8"))
    for path in sorted((REPOSITORY / "toolkit/semantics/mappings").glob("*.toml"))
]
MANIFEST = {"reference": ["index.md", "a/b.md"], "site": ["site/index.md"], "python": ["acme/bindings/__init__.py"]}
COMMANDS = [
    *(["generate", name, "--no-cache"] for name in TARGETS),
    ["check", "--no-cache"],
    ["check"],
    ["generate"],
    ["list"],
    ["page", "acme.zoo.v1.CatService.Get"],
    ["example", "acme.zoo.v1.CatService.Create"],
    ["example", "acme.zoo.v1.CatService.Create", "--as", "python"],
    ["diff", "x.binpb", "x.binpb"],
    ["validate", "--message", "acme.zoo.v1.Cat", "x.json"],
]


def toml(value: Any) -> str:
    """A value as TOML; what TOML has no word for is a string."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, list):
        return f"[{', '.join(map(toml, value))}]"
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{toml(str(key))} = {toml(item)}' for key, item in value.items())} }}"
    text = str(value).encode("utf-8", "replace").decode()
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def document(tree: Any) -> bytes:
    """A document of TOML, a line for each key."""
    if not isinstance(tree, dict):
        return toml(tree).encode()
    return "".join(f"{toml(str(key))} = {toml(value)}\n" for key, value in tree.items()).encode()


FILES = st.fixed_dictionaries(
    {
        "toolkit.toml": st.builds(changed, st.just(SETTINGS), CHANGES).map(document),
        "catalog.toml": st.one_of(
            st.just(document(CATALOG)), st.builds(changed, st.just(CATALOG), CHANGES).map(document)
        ),
        "rules.toml": st.one_of(
            st.just(b""), *(st.builds(changed, st.just(rules), CHANGES).map(document) for rules in RULES)
        ),
        "toolkit.manifest": st.builds(changed, st.just(MANIFEST), CHANGES).map(lambda tree: json.dumps(tree).encode()),
    }
)
INPUTS = st.tuples(
    st.sampled_from(COMMANDS),
    FILES,
    st.tuples(st.sampled_from(["", "", "toolkit.toml", "rules.toml", "catalog.toml", "toolkit.manifest"]), CUTS),
)


def check(value: tuple[list[str], dict[str, bytes], tuple[str, Any]], folder: Path) -> None:
    """Whatever the files say, the command ends with 0, 1 or 2, and writes only below the project."""
    command, files, (spoiled, cuts) = value
    inner = folder / "a/b"
    inner.mkdir(parents=True)
    (folder / "keep").write_bytes(b"keep")
    (inner / "x.binpb").write_bytes(base().descriptor_set)
    (inner / "x.json").write_bytes(b"{}")
    for name, content in files.items():
        (inner / name).write_bytes(flipped(content, cuts) if name == spoiled else content)
    before = os.getcwd()
    os.chdir(inner)
    try:
        more = [] if command[0] == "diff" else ["--descriptor-set", "x.binpb"]
        more = more if command not in (["generate"],) else []
        result = CliRunner().invoke(main, [*command, *more])
    finally:
        os.chdir(before)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    if result.exit_code not in (0, 1, 2):
        raise Wrong(f"exit code {result.exit_code}")
    if set(result.stderr) & {"\x00", "\x1b"}:
        raise Wrong(f"control characters: {result.stderr!r}")
    if {p.name for p in folder.iterdir()} != {"a", "keep"} or [p.name for p in (folder / "a").iterdir()] != ["b"]:
        raise Wrong("written outside")


KIND = Kind(INPUTS, check)
