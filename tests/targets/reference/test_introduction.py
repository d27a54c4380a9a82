"""What index pages say first: in `plain` only what the catalog says, in the published styles also what was published."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.command import run, written
from tests.support.protos_of import write
from toolkit.targets.reference.style import PRESETS

SOURCE = """syntax = "proto3";
package acme.{name}.v1;
message Thing {{}}
// Keeps things.
service Things {{ rpc Keep(Thing) returns (Thing); }}
"""
ZOO = '[[package]]\nname = "acme.zoo.v1"\ntitle = "Zoo"\ndocs_path = "zoo"\n'
DEFINITIONS = "**Interface definitions** available at "
PUBLISHED = [style for style in PRESETS if style != "plain"]


def index_pages(folder: Path, catalog: str, style: str = "plain") -> dict[str, list[str]]:
    """The first paragraphs of the index of each API, by its folder, under a catalog."""
    sources = {f"protos/acme/{name}/v1/a.proto": SOURCE.format(name=name) for name in ("zoo", "farm")}
    write(folder, {**sources, "catalog.toml": catalog})
    run(
        *("generate", "reference", "--proto-path", "protos", "--catalog", "catalog.toml", "--style", style),
        *("--out", "out", "--no-cache"),
        cwd=folder,
    )
    found = {}
    for path, content in written(folder / "out").items():
        if path.endswith("/grpc/index.md"):
            first = content.decode().partition("gRPC reference\n\n")[2].partition("#|")[0]
            found[path.removesuffix("/api-ref/grpc/index.md")] = [text for text in first.split("\n\n") if text]
    return found


def test_nothing_said(tmp_path: Path) -> None:
    """Without keys in the catalog, pages of one's own name no one and link to nothing."""
    assert index_pages(tmp_path, ZOO) == {"zoo": [], "acme/farm/v1": []}


def test_for_all_packages(tmp_path: Path) -> None:
    """Keys at the top of the catalog are for all packages, and the directory of the protos follows the source."""
    top = (
        'intro = "Ask *politely*."\nconcepts_url = "/docs/how/"\nsource_url = "https://git.acme.example:8443/protos/"\n'
    )
    concepts = "Ask *politely*. For more information about API architecture, see [API Concepts](/docs/how/)."
    source = f"{DEFINITIONS}[git.acme.example](https://git.acme.example:8443/protos/acme/"
    assert index_pages(tmp_path, top + ZOO) == {
        "zoo": [concepts, f"{source}zoo/v1)."],
        "acme/farm/v1": [concepts, f"{source}farm/v1)."],
    }


def test_for_a_package(tmp_path: Path) -> None:
    """Keys of a package replace those at the top, one by one; its source is complete."""
    top = 'intro = "Hello."\nsource_url = "https://git.acme.example/protos"\n'
    own = 'concepts_url = "https://acme.example/how"\nsource_url = "https://github.com/acme/zoo"\n'
    assert index_pages(tmp_path, top + ZOO + own) == {
        "zoo": [
            "Hello. For more information about API architecture, see [API Concepts](https://acme.example/how).",
            f"{DEFINITIONS}[GitHub](https://github.com/acme/zoo).",
        ],
        "acme/farm/v1": ["Hello.", f"{DEFINITIONS}[git.acme.example](https://git.acme.example/protos/acme/farm/v1)."],
    }


@pytest.mark.parametrize("style", PUBLISHED)
def test_published_styles(style: str, tmp_path: Path) -> None:
    """The published styles have their fixed phrases, except where the catalog has others."""
    keys = 'source_url = "{{ repository }}/zoo"\n'
    found = index_pages(tmp_path, ZOO + keys, style)
    first = (
        "Actions are performed by making RPC calls. For more information about API architecture, see [API Concepts]({{"
    )
    assert all(paragraphs[0].startswith(first) for paragraphs in found.values())
    assert found["zoo"][1] == DEFINITIONS + "[this address]({{ repository }}/zoo)."
    assert found["acme/farm/v1"][1].startswith(DEFINITIONS + "[GitHub](https://github.com/")
    assert found["acme/farm/v1"][1].endswith("/acme/farm/v1).")
