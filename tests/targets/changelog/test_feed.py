"""The feed of the changelog: where it is written, and what readers of feeds find in it."""

from __future__ import annotations

import os
import subprocess
from datetime import datetime
from pathlib import Path
from uuid import UUID
from xml.etree import ElementTree

import pytest

from tests.support.command import run
from tests.support.protos_of import proto3, write

pytestmark = pytest.mark.slow(reason="starts the command many times")

ATOM = "{http://www.w3.org/2005/Atom}"
FIRST = "message A { string a = 1; } service Notes { rpc Do(A) returns (A); }"
SECOND = FIRST.replace("1; }", "1; string b = 2; }")
TOML = """
proto_path = ["v3"]
[site]
[changelog]
out = "site/changes"
[changelog.revisions]
"""
NAMED = '"2025-01-01" = "v1"\n"2025-06-01" = "v2"\n"2026-01-01" = "v3"\n'
FEED = "site/changes/feed.xml"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """Three revisions of a tree, and a site with an address."""
    texts = (FIRST, SECOND, SECOND.replace("string a", "int64 a"))
    trees = {f"v{n}/a.proto": proto3("acme", text) for n, text in enumerate(texts, 1)}
    config = "site_name: Acme\nsite_url: https://docs.acme.example/api/  # for people\ndocs_dir: site\n"
    nav = "nav:\n  # toolkit: navigation\n  # toolkit: end\n"
    return write(tmp_path, {"toolkit.toml": TOML + NAMED, "mkdocs.yml": config + nav, **trees})


def feed_of(workspace: Path) -> ElementTree.Element:
    """The feed that is generated."""
    ran = run("changelog", cwd=workspace)
    assert ran.code == 0, ran.errors
    return ElementTree.fromstring((workspace / FEED).read_bytes())


def text(element: ElementTree.Element, name: str) -> str:
    """The text of the only child of that name."""
    (found,) = element.findall(f"{ATOM}{name}")
    return found.text or ""


def test_entries(workspace: Path) -> None:
    """What RFC 4287 asks for: one id, title and time of the feed and of each entry; links are absolute."""
    feed = feed_of(workspace)
    entries = feed.findall(f"{ATOM}entry")
    assert text(feed, "title") == "Changes of the API acme"
    assert [text(entry, "title") for entry in entries] == ["Changes in 2026-01-01", "Changes in 2025-06-01"]
    assert [text(entry, "updated") for entry in entries] == ["2026-01-01T00:00:00Z", "2025-06-01T00:00:00Z"]
    assert text(feed, "updated") == "2026-01-01T00:00:00Z"
    assert all(datetime.fromisoformat(text(one, "updated")).tzinfo is not None for one in (feed, *entries))
    assert len({UUID(text(one, "id")) for one in (feed, *entries)}) == 3
    links = [link for one in (feed, *entries) for link in one.findall(f"{ATOM}link")]
    assert [(link.get("rel", "alternate"), link.get("href")) for link in links] == [
        ("self", "https://docs.acme.example/api/changes/feed.xml"),
        ("alternate", "https://docs.acme.example/api/changes/"),
        ("alternate", "https://docs.acme.example/api/changes/2026-01-01/"),
        ("alternate", "https://docs.acme.example/api/changes/2025-06-01/"),
    ]
    assert text(entries[0], "summary") == "One change since 2025-06-01, which is breaking: Notes."
    assert feed.find(f"{ATOM}author/{ATOM}name") is not None
    assert "[Atom feed](feed.xml)" in (workspace / "site/changes/index.md").read_text()


def test_stable(workspace: Path) -> None:
    """An entry stays what it is when a revision is added: readers do not see it twice."""
    before = {text(entry, "id") for entry in feed_of(workspace).findall(f"{ATOM}entry")}
    write(workspace, {"toolkit.toml": TOML + NAMED + '"2026-02-01" = "v1"\n'})
    after = {text(entry, "id") for entry in feed_of(workspace).findall(f"{ATOM}entry")}
    assert before < after
    assert len(after) == 3


def test_files(workspace: Path) -> None:
    """Without directory URLs, links lead to the files of pages."""
    (workspace / "mkdocs.yml").write_text((workspace / "mkdocs.yml").read_text() + "use_directory_urls: false\n")
    feed = feed_of(workspace)
    hrefs = [link.get("href") for link in feed.iter(f"{ATOM}link")]
    assert hrefs[1:3] == [f"https://docs.acme.example/api/changes/{name}" for name in ("", "2026-01-01.html")]


@pytest.mark.parametrize(
    ("config", "toml"),
    [
        ("site_url: https://docs.acme.example/api/  # for people\n", TOML + NAMED.replace("2026-01-01", "newest")),
        ("", TOML + NAMED),
        ("site_url: !ENV SITE\n", TOML + NAMED),
        ("site_url: https://docs.acme.example/\n", TOML.replace("site/changes", "elsewhere") + NAMED),
        ("site_url: https://docs.acme.example/\n", TOML.replace("[site]\n", "") + NAMED),
    ],
)
def test_none(config: str, toml: str, workspace: Path) -> None:
    """There is no feed without the address of the site, or a time for each revision."""
    text = (workspace / "mkdocs.yml").read_text()
    (workspace / "mkdocs.yml").write_text(
        text.replace("site_url: https://docs.acme.example/api/  # for people\n", config)
    )
    (workspace / "toolkit.toml").write_text(toml)
    ran = run("changelog", cwd=workspace)
    assert ran.code == 0, ran.errors
    assert not list(workspace.rglob("feed.xml"))
    assert not any("Atom" in path.read_text() for path in workspace.rglob("index.md"))


def test_commits(workspace: Path) -> None:
    """A git revision whose name is not a date has the time of its commit, in UTC."""
    who = {f"GIT_{role}_{what}": "a" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    for tag, hour in (("r1", 1), ("r2", 2)):
        write(workspace, {"v3/a.proto": (workspace / f"v{hour}" / "a.proto").read_text()})
        dates = dict.fromkeys(("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"), f"2026-01-01T0{hour}:00:00+02:00")
        for command in (("init", "-q"), ("add", "v3"), ("commit", "-qm", tag), ("tag", tag)):
            subprocess.run(["git", *command], cwd=workspace, check=True, env={**os.environ, **who, **dates})
    write(workspace, {"toolkit.toml": TOML.replace("[changelog.revisions]", 'tags = "r*"')})
    (entry,) = feed_of(workspace).findall(f"{ATOM}entry")
    assert (text(entry, "title"), text(entry, "updated")) == ("Changes in r2", "2026-01-01T00:00:00Z")
