"""A docs site in its project: what is written where, what of others stays, what is left out, checks and previews."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.support.command import run, written
from tests.support.protos_of import proto3, write
from tests.support.site_trees import LIBRARY, PAGES, TREE, build, text

pytestmark = pytest.mark.slow(reason="starts the command many times, and MkDocs")


def test_words_of_others_stay(tmp_path: Path) -> None:
    """Only the lines between the marks of a mkdocs.yml change; a landing page that is not ours is not touched."""
    config = (
        "# mine\nsite_name: Mine\ndocs_dir: pages\nINHERIT: pages/.toolkit/mkdocs.yml\nnav:\n"
        "    - index.md\n    # toolkit: navigation\n    - old\n    # toolkit: end\n    - Last: last.md\n"
    )
    files = {**TREE, "mkdocs.yml": config, "pages/index.md": "# My own\n"}
    write(tmp_path, files)
    ran = run("generate", "site", "--proto-path", "protos", "-q", cwd=tmp_path)
    assert ran.code == 0, ran.errors
    made = (tmp_path / "mkdocs.yml").read_text()
    before, after = config.split("    - old\n")
    assert made.startswith(before + '    - "API reference":\n        - reference/index.md\n')
    assert made.endswith(after)
    assert (tmp_path / "pages/index.md").read_text() == "# My own\n"
    assert (tmp_path / "pages/reference/acme.library.v1/Book.md").is_file()
    again = run("generate", "site", "--proto-path", "protos", "--no-cache", cwd=tmp_path)
    assert " 0 written" in again.errors


def test_no_place_for_the_navigation(tmp_path: Path) -> None:
    """A mkdocs.yml without the marks is an error that says what to add, and nothing is written."""
    write(tmp_path, {**TREE, "mkdocs.yml": "site_name: Mine\nnav: [index.md]\n"})
    ran = run("generate", "site", "--proto-path", "protos", cwd=tmp_path)
    assert ran.code == 2
    assert "mkdocs.yml" in ran.errors
    assert "# toolkit: navigation" in ran.errors
    assert set(written(tmp_path)) == {*TREE, "mkdocs.yml"}


def test_only_what_is_named(tmp_path: Path) -> None:
    """With names, the site is of those services and what they reach, and it builds."""
    zoo = proto3("acme.zoo.v1", "message Cat { string name = 1; }\nservice Cats { rpc Feed(Cat) returns (Cat); }")
    write(tmp_path, {**TREE, "protos/zoo.proto": zoo})
    ran = run("generate", "site", "--proto-path", "protos", "-q", "acme.zoo.v1", cwd=tmp_path)
    assert ran.code == 0, ran.errors
    assert {path.name for path in (tmp_path / "site/reference/acme.zoo.v1").iterdir()} == {
        "index.md", "Cat.md", "Cats.md", "Cats.Feed.md",
    }  # fmt: skip
    assert not (tmp_path / PAGES).exists()
    build(tmp_path)


def test_check(tmp_path: Path) -> None:
    """`toolkit check site` sees a changed page, with the line of the .proto that is behind it, and an orphan."""
    write(tmp_path, {**TREE, "toolkit.toml": 'proto_path = ["protos"]\n[site]\n'})
    assert run("generate", "site", "-q", cwd=tmp_path).code == 0
    assert run("check", cwd=tmp_path).code == 0
    proto = tmp_path / "protos/library.proto"
    proto.write_text(
        proto.read_text()
        .replace("// Its title.", "// What it is called.")
        .replace("rpc Same(Book) returns (Book);", "")
    )
    ran = run("check", cwd=tmp_path)
    assert ran.code == 1
    assert f"{PAGES}/Library.Same.md" in ran.text
    assert "orphan" in ran.text
    line = next(i for i, one in enumerate(proto.read_text().splitlines(), 1) if "What it is called" in one)
    assert re.search(rf"protos/library.proto:{line}.*|{PAGES}/Book.md.*", ran.text)
    assert "toolkit generate site" in ran.text
    assert run("generate", "site", "-q", cwd=tmp_path).code == 0
    assert not (tmp_path / f"{PAGES}/Library.Same.md").exists()


def test_internal_and_public(tmp_path: Path) -> None:
    """One tree gives a public site without what is marked or named, links to it included, and an internal one."""
    tree = LIBRARY.replace("message Room {", "// @internal\nmessage Room {")
    tree = tree.replace("  rpc Same", "  // (-- for tests --)\n  rpc Same").replace(
        "Its title.", "Its title. (-- secret --)"
    )
    write(tmp_path, {**TREE, "protos/library.proto": tree})
    flags = ["generate", "site", "--proto-path", "protos", "-q", "--hide", "*.Book.year"]
    assert run(*flags, "--out", "public", cwd=tmp_path).code == 0
    assert run(*flags, "--out", "internal", "--internal", cwd=tmp_path).code == 0
    public = {path: content.decode() for path, content in written(tmp_path / "public").items()}
    inside = {path: content.decode() for path, content in written(tmp_path / "internal").items()}
    for word in ("Room", "room", "Library.Same", "secret", "Book.year"):
        assert not [path for path, content in public.items() if word in path or word in content], word
    assert f"{PAGES}/Room.md" in inside
    assert f"{PAGES}/Library.Same.md" in inside
    assert "Book.year" not in inside[f"{PAGES}/Book.md"]
    assert "@internal" not in inside[f"{PAGES}/Room.md"]
    build(tmp_path / "public")
    build(tmp_path / "internal")


def test_search_kind(tmp_path: Path) -> None:
    """A large site has Pagefind, a small one the built-in search, and the setting decides against both."""
    write(tmp_path, TREE)
    many = "".join(f"message M{n} {{ string name = 1; }}\n" for n in range(520))
    write(tmp_path, {"large/b.proto": proto3("acme.v1", many)})

    def kind(folder: str, *flags: str) -> str:
        ran = run("generate", "site", "--proto-path", folder, "-q", "--out", "out", *flags, cwd=tmp_path)
        assert ran.code == 0, ran.errors
        config = (tmp_path / "out/site/.toolkit/mkdocs.yml").read_text()
        assert ("plugins: []" in config) == ("assets/toolkit/search.js" in config)
        return "pagefind" if "plugins: []" in config else "builtin"

    assert kind("protos") == "builtin"
    assert kind("large") == "pagefind"
    assert kind("protos", "--search", "pagefind") == "pagefind"
    assert kind("large", "--search", "builtin") == "builtin"
    ran = run("generate", "site", "--proto-path", "protos", "--search", "google", cwd=tmp_path)
    assert ran.code == 2
    assert "auto, builtin, pagefind" in ran.errors


def test_templates_can_be_replaced(tmp_path: Path) -> None:
    """A template, a style sheet and a part of the theme in a user's folder stand in for the built-in ones."""
    files = {
        "mine/site/service.md.j2": "# Mine: {{ page.name }}\n",
        "mine/site/assets/site.css": "/* mine */\n",
        "mine/site/theme/partials/footer.html": "<footer>mine</footer>\n",
        **TREE,
    }
    write(tmp_path, files)
    ran = run("generate", "site", "--proto-path", "protos", "-q", "--templates", "mine", cwd=tmp_path)
    assert ran.code == 0, ran.errors
    assert text(tmp_path, "Library") == "# Mine: Library\n"
    assert (tmp_path / "site/assets/toolkit/site.css").read_text() == "/* mine */\n"
    assert (tmp_path / "site/.toolkit/theme/partials/footer.html").read_text() == "<footer>mine</footer>\n"
    assert (tmp_path / "site/.toolkit/theme/main.html").is_file()


def test_own_navigation_is_in_step(tmp_path: Path) -> None:
    """The navigation in the repository's own mkdocs.yml is the one generated from its protos."""
    config = (REPOSITORY / "mkdocs.yml").read_bytes()
    write(tmp_path, {"mkdocs.yml": config})
    ran = run("generate", "site", "-q", "--out", str(tmp_path), cwd=REPOSITORY)
    assert ran.code == 0, ran.errors
    assert (tmp_path / "mkdocs.yml").read_bytes() == config


def test_navigation_of_many_packages(tmp_path: Path) -> None:
    """Where packages are many, those with a common prefix are grouped; what all names begin with is left out."""
    names = [f"acme.api.{area}.v{version}" for area in ("disk", "net") for version in range(25)]
    names.append("acme.api.alone.v1")
    service = "message A {}\nservice S { rpc Do(A) returns (A); }"
    write(tmp_path, {f"protos/{n}.proto": proto3(name, service) for n, name in enumerate(names)})
    assert run("generate", "site", "--proto-path", "protos", "-q", cwd=tmp_path).code == 0
    lines = (tmp_path / "mkdocs.yml").read_text().splitlines()
    top = [line.strip() for line in lines if re.match(r" {6}- \"", line)]
    assert top == [
        '- "Calling the API":',
        '- "alone.v1":',
        '- "disk":',
        '- "net":',
        '- "All types": reference/types.md',
    ]
    assert '          - "disk.v7":' in lines


@pytest.mark.parametrize(
    ("packages", "titles"),
    [
        (["acme.v1"], ["acme.v1"]),
        (["acme.v1", "acme.v2"], ["acme.v1", "acme.v2"]),
        (["acme.disk.v1", "acme.net.v1"], ["disk.v1", "net.v1"]),
        (["acme.api", "acme.api.disk.v1", "acme.api.net", "other.a.v1"], ["acme.api", "disk.v1", "net", "other.a.v1"]),
        (["acme.apis.v1", "acme.api.v1"], ["api.v1", "apis.v1"]),
        (["acme.v1", "acme.v1.log"], ["acme.v1", "acme.v1.log"]),
        (["acme.api.v1.disk", "acme.api.v1.log"], ["api.v1.disk", "api.v1.log"]),
    ],
)
def test_short_names(tmp_path: Path, packages: list[str], titles: list[str]) -> None:
    """The navigation leaves out what the names of most packages begin with, but no version stands alone."""
    write(tmp_path, {f"protos/{n}.proto": proto3(name, "message A {}") for n, name in enumerate(packages)})
    assert run("generate", "site", "--proto-path", "protos", "-q", cwd=tmp_path).code == 0
    lines = (tmp_path / "mkdocs.yml").read_text().splitlines()
    found = [line.strip() for line in lines if re.match(r" {6}- \".*:$", line)]
    assert found == [f'- "{title}":' for title in titles]


def test_serve(tmp_path: Path) -> None:
    """The preview shows a change; a proto that no longer compiles is an error with its place, and takes no page away."""
    write(tmp_path, TREE)
    with (tmp_path / "log").open("wb") as log:
        command = [sys.executable, "-m", "toolkit", "serve", "--proto-path", "protos", "--port", "0"]
        env = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "PYTHONUNBUFFERED": "1"}
        served = subprocess.Popen(command, cwd=tmp_path, stdout=log, stderr=log, env=env)

    def soon(holds: Callable[[], bool]) -> bool:
        begun = time.monotonic()
        while time.monotonic() - begun < 60:
            if holds():
                return True
            time.sleep(0.1)
        return False

    def said() -> str:
        return (tmp_path / "log").read_text()

    def page() -> str:
        root = re.search(r"http://\S+?/(?=:)", said())
        assert root is not None
        with urllib.request.urlopen(f"{root[0]}reference/acme.library.v1/Book/", timeout=10) as answer:
            return str(answer.read().decode())

    proto = tmp_path / "protos/library.proto"
    try:
        assert soon(lambda: "built in" in said()), said()
        assert "Its title." in page()
        proto.write_text(LIBRARY.replace("Its title.", "What it is called."))
        assert soon(lambda: "What it is called." in page()), said()
        proto.write_text(LIBRARY.replace("message Page {", "massage Page {"))
        assert soon(lambda: "protos/library.proto: build failed" in said()), said()
        assert re.search(r"library\.proto:\d+:\d+: ", said())
        assert "What it is called." in page()
        proto.write_text(LIBRARY)
        assert soon(lambda: "Its title." in page()), said()
    finally:
        served.send_signal(signal.SIGINT)
        assert served.wait(20) == 0
