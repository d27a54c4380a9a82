"""`toolkit changelog`: a page for each revision, by service, what breaks first."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.support.command import run, written
from tests.support.protos_of import proto3, write

pytestmark = pytest.mark.slow(reason="starts the command many times")

OLD = """
message Bucket { string name = 1; int32 size = 2; }
message Shelf { Bucket bucket = 1; }
message Loner { string a = 1; }
service BucketService { rpc Get(Bucket) returns (Bucket); rpc Drop(Bucket) returns (Bucket); }
service ShelfService { rpc List(Shelf) returns (Shelf); }
"""
NEW = """
message Bucket { string name = 1; int64 size = 2; string note = 3; }
message Shelf { Bucket bucket = 1; int32 height = 2; }
message Loner { string a = 1; string b = 2; }
service BucketService {
  // Finds a bucket.
  rpc Get(Bucket) returns (Bucket);
  rpc Lend(Bucket) returns (Bucket);
}
service ShelfService { rpc List(Shelf) returns (Shelf); }
"""
CONFIG = """
proto_path = ["protos"]
catalog = "catalog.toml"
[changelog]
out = "log"
[changelog.revisions]
"2025-01-01" = "history/one"
"2026-01-01" = "protos"
"""
CATALOG = '[[package]]\nname = "acme.v1"\ntitle = "Acme"\ndocs_path = "acme"\n'


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A tree with an older revision beside it."""
    files = {"history/one/a.proto": proto3("acme.v1", OLD), "protos/a.proto": proto3("acme.v1", NEW)}
    return write(tmp_path, {**files, "toolkit.toml": CONFIG, "catalog.toml": CATALOG})


def test_pages(workspace: Path) -> None:
    """The index counts, and a revision's page groups by service, what breaks first, each entry with its page."""
    ran = run("changelog", cwd=workspace)
    assert ran.code == 0, ran.errors
    made = {path: content.decode() for path, content in written(workspace / "log").items()}
    assert set(made) == {"index.md", "history.json", "2026-01-01.md"}
    where = "BucketService, ShelfService, types that several services share and elements outside of services"
    first = f"6 changes since 2025-01-01, 2 of them breaking: {where}."
    assert made["index.md"].splitlines()[4:] == [
        "## [2026-01-01](2026-01-01.md)",
        "",
        first,
        "",
        "## 2025-01-01",
        "",
        "The first revision of this changelog.",
    ]
    get = "/docs/acme/api-ref/grpc/Bucket/get#acme.v1.Bucket"
    assert made["2026-01-01.md"].splitlines() == [
        "# Changes in 2026-01-01",
        "",
        "There are 6 changes since 2025-01-01, 2 of them breaking. Breaking changes come first in each part.",
        "",
        "## [`acme.v1.BucketService`](/docs/acme/api-ref/grpc/Bucket/)",
        "",
        "- **Breaking:** The method `Drop` was removed. Calls fail with `UNIMPLEMENTED`.",
        "- New method [`Lend`](/docs/acme/api-ref/grpc/Bucket/lend#Lend).",
        "",
        "## [`acme.v1.ShelfService`](/docs/acme/api-ref/grpc/Shelf/)",
        "",
        "### [`List`](/docs/acme/api-ref/grpc/Shelf/list#List)",
        "",
        "- New field [`height`](/docs/acme/api-ref/grpc/Shelf/list#acme.v1.Shelf) of type `int32`.",
        "",
        "## Shared by several services",
        "",
        f"### [`acme.v1.Bucket`]({get})",
        "",
        f"- **Breaking:** [`size`]({get}) is now of type `int64` (was `int32`). "
        "Code that uses it needs a change once clients are generated again.",
        f"- New field [`note`]({get}) of type `string`.",
        "",
        "## Not part of a service",
        "",
        "### `acme.v1.Loner`",
        "",
        "- New field `b` of type `string`.",
    ]


def test_check(workspace: Path) -> None:
    """The changelog is a target like the others: it is checked, and the command that repairs it is named."""
    assert run("changelog", cwd=workspace).code == 0
    assert run("check", cwd=workspace).code == 0
    (workspace / "protos/a.proto").write_text(proto3("acme.v1", NEW.replace("note = 3", "remark = 3")))
    ran = run("check", cwd=workspace)
    assert ran.code == 1
    assert ran.text.startswith("changed  log/2026-01-01.md")
    assert ran.text.endswith("run: toolkit generate changelog\n")


def test_tags(workspace: Path) -> None:
    """Git tags are revisions, in the order of their dates."""
    environment = {
        "GIT_AUTHOR_NAME": "a",
        "GIT_AUTHOR_EMAIL": "a",
        "GIT_COMMITTER_NAME": "a",
        "GIT_COMMITTER_EMAIL": "a",
    }

    def git(*arguments: str, day: int = 1) -> None:
        dates = dict.fromkeys(("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"), f"2026-01-0{day}T00:00:00Z")
        subprocess.run(["git", *arguments], cwd=workspace, check=True, env={**os.environ, **environment, **dates})

    git("init", "-q")
    for day, (tag, text) in enumerate((("v9", OLD), ("v10", NEW), ("v11", NEW)), 1):
        (workspace / "protos/a.proto").write_text(proto3("acme.v1", text))
        git("add", "protos")
        git("commit", "-q", "--allow-empty", "-m", tag, day=day)
        git("tag", tag, day=day)
    (workspace / "toolkit.toml").write_text('proto_path = ["protos"]\n[changelog]\ntags = "v*"\n')
    assert run("changelog", cwd=workspace).code == 0
    made = written(workspace / "build/changelog")
    assert set(made) == {"index.md", "history.json", "v10.md", "v11.md"}
    assert b"There are 6 changes since v9, 2 of them breaking." in made["v10.md"]
    assert b"Nothing changed since v10." in made["v11.md"]


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ("", "a changelog needs two revisions"),
        ('[changelog.revisions]\none = "history/one"\n', "a changelog needs two revisions"),
        ('[changelog.revisions]\none = "history/one"\ntwo = "nowhere"\n', "'nowhere' is not a file"),
        ('[changelog.revisions]\none = 1\ntwo = "protos"\n', "maps names to directories"),
        ('[changelog.revisions]\n"a/b" = "history/one"\n"a-b" = "protos"\n', "both be written to a-b"),
        ('[changelog.revisions]\nindex = "history/one"\ntwo = "protos"\n', "index.md is the page that lists all"),
    ],
)
def test_errors(config: str, said: str, workspace: Path) -> None:
    """What cannot be compared is exit code 2, and nothing is written."""
    (workspace / "toolkit.toml").write_text(f'proto_path = ["protos"]\n{config}')
    ran = run("changelog", cwd=workspace)
    assert ran.code == 2
    assert said in ran.errors
    assert not (workspace / "build").exists()


def test_hostile_names(workspace: Path) -> None:
    """Names of revisions and comments of protos are text in the pages, and lead nowhere else."""
    (workspace / "toolkit.toml").write_text(
        'proto_path = ["protos"]\n[changelog.revisions]\n"../<b>|*x*" = "history/one"\n"../../[y](z)" = "protos"\n'
    )
    assert run("changelog", cwd=workspace).code == 0
    made = written(workspace / "build/changelog")
    assert set(made) == {"index.md", "history.json", "-..--y--z-.md"}
    assert b"<b>" not in b"".join(made.values())
    assert rb"\[y\](z)" in made["index.md"]
