"""A run after a change: which parts are generated again, and which files are compiled."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.protos_of import proto3, write
from toolkit.cli import settings as reader
from toolkit.delivery import cache, parts
from toolkit.delivery.compare import Files
from toolkit.delivery.run import Mode
from toolkit.delivery.run import run as run_target
from toolkit.descriptors import protoc
from toolkit.targets import registry
from toolkit.targets.registry import Part, Target
from toolkit.targets.workspace import Workspace

OWNER = proto3("acme.owner.v1", "// Who owns.\nmessage Owner {\n  // A name.\n  string name = 1;\n}")
ZOO = proto3(
    "acme.zoo.v1",
    "// A cat.\nmessage Cat {\n  // Whose it is.\n  acme.owner.v1.Owner owner = 1;\n}\n"
    "// Keeps cats.\nservice CatService {\n  // Feeds one.\n  rpc Feed(Cat) returns (Cat);\n}",
    "acme/owner/v1/owner.proto",
)
SHOP = proto3(
    "acme.shop.v1",
    "// A thing; see [acme.zoo.v1.Cat].\nmessage Thing { string id = 1; }\n"
    "service ShopService {\n  // Buys one.\n  rpc Buy(Thing) returns (Thing);\n}",
)
FILES = {"acme/owner/v1/owner.proto": OWNER, "acme/zoo/v1/zoo.proto": ZOO, "acme/shop/v1/shop.proto": SHOP}
TARGETS = ("reference", "examples", "python", "site")


class Watched:
    """What runs generate and compile."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.parts: list[str] = []
        self.compiled: list[Sequence[str]] = []
        known, start = parts.Known.files, protoc.start

        def files(self_: parts.Known, part: Part) -> Mapping[str, str] | None:
            found = known(self_, part)
            self.parts += [part.name] if found is None else []
            return found

        def started(roots: object, names: Sequence[str], *more: object) -> object:
            self.compiled.append(names)
            return start(roots, names, *more)  # type: ignore[arg-type]

        monkeypatch.setattr(parts.Known, "files", files)
        monkeypatch.setattr(protoc, "start", started)

    def run(self, target: str = "reference", mode: Mode = Mode.WRITE) -> int:
        """Run a target; the number of files written or different."""
        self.parts.clear()
        self.compiled.clear()
        workspace = Workspace(reader.read(self.folder / "toolkit.toml", {}))
        outcome = run_target(workspace, registry.get(target), mode)
        return outcome.written.written or len(outcome.differences)

    def change(self, name: str, old: str, new: str) -> None:
        """Edit a proto; what was written just before a run counts as written during it."""
        path = self.folder / "protos" / name
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))
        time.sleep(0.05)


@pytest.fixture
def watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Watched:
    """A project of three packages that was generated once."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    write(tmp_path / "home/protos", FILES)
    (tmp_path / "home/toolkit.toml").write_text(
        'proto_path = ["protos"]\n' + "".join(f'[{target}]\nout = "{target}"\n' for target in TARGETS)
    )
    monkeypatch.chdir(tmp_path / "home")
    time.sleep(0.05)
    made = Watched(tmp_path / "home", monkeypatch)
    for target in TARGETS:
        assert made.run(target)
    time.sleep(0.05)
    made.run("site")  # which depends on the mkdocs.yml that it wrote
    return made


PACKAGES = ("owner", "zoo")


@pytest.mark.parametrize(
    ("target", "reached"),
    [
        ("reference", {"acme/zoo/v1/api-ref/grpc/index.md"}),
        ("examples", {"acme.zoo.v1.CatService"}),
        ("python", {"", "acme.owner.v1", "acme.zoo.v1"}),
        (
            "site",
            {
                "",
                *(f"package:acme.{name}.v1" for name in PACKAGES),
                *(f"acme/{name}/v1/{name}.proto" for name in PACKAGES),
            },
        ),
    ],
)
def test_comment(target: str, reached: set[str], watched: Watched) -> None:
    """Only parts with files that import the changed one are generated, and only that one is compiled."""
    watched.change("acme/owner/v1/owner.proto", "A name", "The name")
    watched.run(target)
    assert watched.compiled == [["acme/owner/v1/owner.proto"]]
    assert set(watched.parts) == reached
    assert watched.run(target, Mode.CHECK) == 0
    assert not watched.compiled


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("string name = 1;", "string name = 1; string more = 2;"),
        ("string name = 1;", "string called = 1;"),
        ("string name = 1;", "string name = 1 [deprecated = true];"),
        ("message Owner {", "message Owner { reserved 9;"),
    ],
)
def test_structure(old: str, new: str, watched: Watched) -> None:
    """If more than comments changed, what imports the file is compiled too, and everything is generated."""
    watched.change("acme/owner/v1/owner.proto", old, new)
    watched.run()
    assert watched.compiled == [["acme/owner/v1/owner.proto"], ["acme/zoo/v1/zoo.proto"]]
    assert not watched.parts, "nothing was known"


def test_files(watched: Watched) -> None:
    """A new file is compiled alone, and nothing is when it is gone."""
    write(watched.folder / "protos", {"acme/shop/v1/more.proto": proto3("acme.shop.v1", "message More {}")})
    time.sleep(0.05)
    watched.run()
    assert watched.compiled == [["acme/shop/v1/more.proto"]]
    (watched.folder / "protos/acme/shop/v1/more.proto").unlink()
    watched.run()
    assert not watched.compiled


def test_file_that_no_longer_compiles(watched: Watched) -> None:
    """A file that is broken is left out, as in a run that remembers nothing."""
    watched.change("acme/owner/v1/owner.proto", "string name", "strin name")
    workspace = Workspace(reader.read(watched.folder / "toolkit.toml", {}))
    outcome = run_target(workspace, registry.get("reference"), Mode.CHECK)
    assert outcome.left_out == 2
    assert outcome.kept


@pytest.mark.parametrize("how", ["edited", "gone", "linked"])
def test_output(how: str, watched: Watched) -> None:
    """A part of which a file on disk is not what was generated is generated again."""
    watched.change("acme/owner/v1/owner.proto", "A name", "The name")
    page = next((watched.folder / "reference").rglob("buy.md"))
    if how == "edited":
        page.write_text("Mine.\n")
    else:
        page.rename(page.with_suffix(".old"))
    if how == "linked":
        page.symlink_to(page.with_suffix(".old").name)
    assert watched.run(mode=Mode.CHECK) == 2
    assert any("shop" in name for name in watched.parts)


def test_setting(watched: Watched) -> None:
    """With other settings, templates or mappings, nothing is known, but only the changed file is compiled."""
    watched.change("acme/owner/v1/owner.proto", "A name", "The name")
    settings = watched.folder / "toolkit.toml"
    settings.write_text(settings.read_text().replace("[reference]\n", '[reference]\nstyle = "maps"\n'))
    watched.run()
    assert watched.compiled == [["acme/owner/v1/owner.proto"]]
    assert not watched.parts, "nothing was known"


def test_hidden(watched: Watched) -> None:
    """A comment that hides its element changes the pages of packages that only name it."""
    watched.change("acme/zoo/v1/zoo.proto", "// A cat.", "// @internal")
    assert watched.run("site")
    assert watched.run("site", Mode.CHECK) == 0


@pytest.mark.parametrize("damage", ["cut", "other", "empty", "no tree"])
def test_damaged(damage: str, watched: Watched) -> None:
    """A kept tree that is damaged is not there."""
    watched.change("acme/owner/v1/owner.proto", "A name", "The name")
    for tree in (cache.folder() / "trees").iterdir():
        content = tree.read_bytes()
        if damage == "no tree":
            tree.unlink()
        else:
            tree.write_bytes({"cut": content[:-3], "other": content[:-3] + b"abc", "empty": b""}[damage])
    watched.run()
    assert [len(names) for names in watched.compiled] == [3]


def test_edited_during_the_run(watched: Watched) -> None:
    """Of a tree that changes while it is compiled nothing is remembered."""
    watched.change("acme/owner/v1/owner.proto", "A name", "The name")
    before = {path: path.stat().st_mtime_ns for path in (cache.folder() / "trees").iterdir()}
    kind = registry.get("reference")
    make = kind.make

    def changed(workspace: Workspace, choose: object) -> Target:
        workspace.schema  # noqa: B018
        os.utime(watched.folder / "protos/acme/owner/v1/owner.proto")
        return make(workspace, None)

    workspace = Workspace(reader.read(watched.folder / "toolkit.toml", {}))
    changed.__module__ = make.__module__
    run_target(workspace, replace(kind, make=changed), Mode.WRITE)
    assert {path: path.stat().st_mtime_ns for path in (cache.folder() / "trees").iterdir()} == before


def test_diagnostics(watched: Watched) -> None:
    """Warnings about files that did not change stay, and those about the changed one are those of now."""
    watched.change("acme/shop/v1/shop.proto", "[acme.zoo.v1.Cat]", "[acme.zoo.v1.Dog]")
    watched.run()
    watched.change("acme/owner/v1/owner.proto", "A name", "The [name.Of.it]")

    def warnings() -> list[str]:
        workspace = Workspace(reader.read(watched.folder / "toolkit.toml", {}))
        outcome = run_target(workspace, registry.get("reference"), Mode.WRITE)
        return [diagnostic.message for diagnostic in outcome.diagnostics]

    assert warnings() == ["unresolved reference [name.Of.it]", "unresolved reference [acme.zoo.v1.Dog]"]
    watched.change("acme/owner/v1/owner.proto", "The [name.Of.it]", "The name")
    assert warnings() == ["unresolved reference [acme.zoo.v1.Dog]"]


def test_same_files(watched: Watched) -> None:
    """The parts that are reused are those that would be generated."""

    def everything() -> Files:
        return {str(path): path.read_bytes() for path in sorted((watched.folder / "site").rglob("*.md"))}

    watched.change("acme/owner/v1/owner.proto", "A name", "The name")
    watched.run("site")
    reused = everything()
    cache.clear()
    watched.run("site")
    assert [len(names) for names in watched.compiled] == [3]
    assert everything() == reused
