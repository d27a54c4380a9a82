"""Several versions of an API on one site, with a switcher on each page."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from tests.support.command import run
from tests.support.protos_of import proto3, write

OLD = "message Book { string name = 1; } service Books { rpc Get(Book) returns (Book); rpc Burn(Book) returns (Book); }"
NEW = "message Book { string name = 1; } message Shelf {} service Books { rpc Get(Book) returns (Book); }"
SETTINGS = """
proto_path = ["protos"]
[site]
[site.versions]
"v1 <old>" = "history/v1"
v2 = "protos"
"""
PAGES = "site/versions/v1--old-"


def tree(folder: Path, settings: str = SETTINGS) -> Path:
    """A tree with two versions, and its settings."""
    write(
        folder,
        {
            "protos/acme/books.proto": proto3("acme.v1", NEW),
            "history/v1/acme/books.proto": proto3("acme.v1", OLD),
            "toolkit.toml": settings,
        },
    )
    return folder


def generate(folder: Path, *arguments: str) -> Path:
    """The directory of the pages."""
    ran = run("generate", "site", *arguments, cwd=folder)
    assert ran.code == 0, ran.errors
    return folder / "site"


def switcher(page: Path) -> tuple[str, list[str]]:
    """The version that a page names, and the choice."""
    found = re.search(
        r"^/// details \| Version (.*)\n    attrs: {class: versions.*}\n\n((?:- .*\n+)+)///$", page.read_text(), re.M
    )
    assert found, page.read_text()
    return found[1], [line for line in found[2].splitlines() if line]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages of the tree."""
    return generate(tree(tmp_path_factory.mktemp("versions")))


def test_every_page_leads_to_itself_in_the_other_version(pages: Path) -> None:
    """The newest comes first; names of versions are text."""
    here, choice = switcher(pages / "reference/acme.v1/Books.Get.md")
    assert here == "v2"
    assert choice == [
        "- **v2**",
        "- [v1 &lt;old>](../../versions/v1--old-/acme.v1/Books.Get.md)",
    ]
    here, choice = switcher(pages.parent / PAGES / "acme.v1/Books.Get.md")
    assert here == "v1 &lt;old>"
    assert choice == [
        "- [v2](../../../reference/acme.v1/Books.Get.md)",
        "- **v1 &lt;old>**",
    ]


@pytest.mark.parametrize("name", ["index.md", "acme.v1/index.md", "acme.v1/Books.md", "acme.v1/Book.md"])
def test_all_kinds_of_pages_have_the_choice(pages: Path, name: str) -> None:
    """The first page, packages, services, messages; each link leads to a page that exists."""
    for folder in (pages / "reference", pages.parent / PAGES):
        page = folder / name
        (address,) = re.findall(r"\]\((.*?)\)", "\n".join(switcher(page)[1]))
        target = (page.parent / address).resolve()
        assert target.is_file()
        assert target.relative_to(
            (pages.parent / PAGES if folder.name == "reference" else pages / "reference").resolve()
        ) == Path(name)


def test_a_page_that_only_one_version_has(pages: Path) -> None:
    """It leads to the first page of the other, and says so."""
    _, choice = switcher(pages / "reference/acme.v1/Shelf.md")
    assert choice[-1] == "- [v1 &lt;old>](../../versions/v1--old-/index.md), without this page"
    burn = (pages.parent / PAGES / "acme.v1/Books.Burn.md").read_text()
    assert "[v2](../../../reference/index.md) does not have it." in burn


def test_only_the_documented_version_is_searched(pages: Path) -> None:
    """Search and the list of names leave the others out; pages say which version they describe."""
    main, other = (pages / "reference/acme.v1/Books.Get.md"), (pages.parent / PAGES / "acme.v1/Books.Get.md")
    assert "search:" not in main.read_text()
    assert "search:\n  exclude: true\n" in other.read_text().split("---")[1]
    assert "This page describes v1 &lt;old>. See [the same page in v2](" in other.read_text()
    assert "This page describes" not in main.read_text()
    names = [entry[2] for entry in json.loads((pages / "assets/toolkit/names.json").read_text())["entries"]]
    assert "Books.Get" in names
    assert "Books.Burn" not in names


def test_other_versions_are_in_the_navigation(pages: Path) -> None:
    """In a group of their own."""
    text = (pages.parent / "mkdocs.yml").read_text()
    before, after = text.split('  - "Other versions":\n')
    assert "versions/" not in before
    assert after.startswith('      - "v1 <old>":\n          - versions/v1--old-/index.md\n')
    assert "versions/v1--old-/acme.v1/Books.Burn.md" in after


def test_a_site_without_versions_has_no_switcher(tmp_path: Path) -> None:
    """Nor have the pages of services that were chosen, since other versions may not have those."""
    folder = tree(tmp_path, 'proto_path = ["protos"]\n[site]\n')
    page = generate(folder) / "reference/acme.v1/Books.Get.md"
    plain = page.read_text()
    assert "details" not in plain.split("html | div")[0]
    (folder / "toolkit.toml").write_text(SETTINGS)
    generate(folder, "acme.v1.Books")
    assert page.read_text() == plain


def test_what_changes_is_written_again(tmp_path: Path) -> None:
    """A new comment here or there, and a new element that the other version lacked."""
    folder = tree(tmp_path)
    pages = generate(folder)
    old = folder / "history/v1/acme/books.proto"
    old.write_text(old.read_text().replace("message Book", "// Paper.\nmessage Book"))
    generate(folder)
    assert "Paper." in (folder / PAGES / "acme.v1/Book.md").read_text()
    new = folder / "protos/acme/books.proto"
    new.write_text(new.read_text().replace("message Shelf", "\n\n// Wood.\nmessage Shelf"))
    generate(folder)
    assert "Wood." in (pages / "reference/acme.v1/Shelf.md").read_text()
    old.write_text(old.read_text() + "message Shelf {}")
    generate(folder)
    assert "without this page" not in (pages / "reference/acme.v1/Shelf.md").read_text()
    ran = run("check", "site", cwd=folder)
    assert ran.code == 0, ran.text


def test_a_version_that_is_gone_takes_its_pages_along(tmp_path: Path) -> None:
    """Pages of a version that the settings no longer name are removed."""
    folder = tree(tmp_path)
    generate(folder)
    (folder / "toolkit.toml").write_text('proto_path = ["protos"]\n[site]\n')
    generate(folder)
    assert not (folder / PAGES).exists()
    assert "Other versions" not in (folder / "mkdocs.yml").read_text()


def test_tags_of_the_changelog(tmp_path: Path) -> None:
    """With `show_revisions`, git tags are versions; the tree itself is called current."""
    folder = tree(tmp_path, 'proto_path = ["protos"]\n[site]\nshow_revisions = true\n[changelog]\ntags = "v*"\n')

    def git(*arguments: str) -> None:
        who = ("-c", "user.name=a", "-c", "user.email=a@acme.example")
        subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)

    git("init", "-q")
    git("add", "protos")
    git("commit", "-qm", "one")
    git("tag", "v1.0")
    write(folder, {"protos/acme/books.proto": proto3("acme.v1", NEW + " message Lamp {}")})
    here, choice = switcher(generate(folder) / "reference/acme.v1/Lamp.md")
    assert here == "current"
    assert choice[-1] == "- [v1.0](../../versions/v1.0/index.md), without this page"


@pytest.mark.parametrize(
    ("versions", "message"),
    [
        ('v1 = "gone"', "gone"),
        ("v1 = 5", "maps names to directories"),
        ('"a/b" = "history/v1"\n"a:b" = "protos"', "'a/b' and 'a:b' would both be written to a-b"),
        ('V1 = "history/v1"\nv1 = "protos"', "'V1' and 'v1' would both be written to v1"),
        ('"" = "history/v1"\nv2 = "protos"', "[site.versions] has an empty name"),
        ('" " = "history/v1"', "[site.versions] has an empty name"),
        ('v1 = "protos"\nv2 = "protos"', "'v1' and 'v2' are both the documented tree"),
        ('Current = "history/v1"', "'Current' is what the documented tree is called"),
        ('index = "history/v1"', "index.md is the page that lists all"),
        ('v1 = "-"', "'v1' cannot be read from standard input"),
    ],
)
def test_versions_that_cannot_be_read(tmp_path: Path, versions: str, message: str) -> None:
    """The cause is named, and nothing is written."""
    folder = tree(tmp_path, f'proto_path = ["protos"]\n[site.versions]\n{versions}\n')
    ran = run("generate", "site", cwd=folder)
    assert ran.code == 2
    assert message in ran.errors
    assert versions == 'v1 = "gone"' or ran.errors.startswith(f"error: {folder / 'toolkit.toml'}: [site.versions]")
    assert not (folder / "site").exists()


def test_the_tree_itself_may_be_called_current(tmp_path: Path) -> None:
    """Only another version may not have that name, in upper or lower case."""
    folder = tree(tmp_path, 'proto_path = ["protos"]\n[site.versions]\nv1 = "history/v1"\nCurrent = "protos"\n')
    assert switcher(generate(folder) / "reference/acme.v1/Books.Get.md")[0] == "Current"


def test_versions_where_something_else_is(tmp_path: Path) -> None:
    """What another target writes, or a page that would have the address of a version, is named; nothing is written."""
    folder = tree(tmp_path, SETTINGS.replace("v1 <old>", "v1"))
    generate(folder)
    write(folder, {"site/versions/v1.md": "# Mine\n", "site/versions/v2.md": "# Not in the way\n"})
    ran = run("generate", "site", cwd=folder)
    assert ran.code == 2
    assert "'v1' would have the address of the page site/versions/v1.md\n  rename" in ran.errors
    (folder / "site/versions/v1.md").unlink()
    generate(folder)
    changelog = '[changelog]\nout = "site/versions"\n[changelog.revisions]\na = "history/v1"\nb = "protos"\n'
    (folder / "toolkit.toml").write_text(SETTINGS + changelog)
    ran = run("generate", "site", cwd=folder)
    assert ran.code == 2
    assert "[changelog] writes to site/versions, where the versions of [site.versions] are\n  set" in ran.errors
