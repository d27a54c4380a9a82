"""The demo shows every feature of protobuf, is sound, and is where the page about features says."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from google.protobuf import descriptor_pb2 as pb

from tests.conftest import REPOSITORY
from tests.examples.check import Check
from tests.support.command import run, written
from toolkit.cli import settings as config
from toolkit.descriptors.model import Kind, Presence
from toolkit.targets.workspace import Workspace

DEMO = REPOSITORY / "site/demo"
FEATURES = REPOSITORY / "site/guide/features.md"
IGNORED = shutil.ignore_patterns("site", ".toolkit", "build")
"""What is generated."""
LINT = "version: v2\nlint:\n  use: [BASIC, COMMENTS]\n"
UNUSUAL = {
    ("ENUM_NO_ALLOW_ALIAS", "allow_alias"),
    ("ENUM_FIRST_VALUE_ZERO", "CLOSED_BY_FEATURE_ON"),
    ("FIELD_NOT_REQUIRED", "id"),
    ("FIELD_NOT_REQUIRED", "required"),
}
"""What buf advises against, and the demo shows: each rule, and a name."""


@pytest.fixture(scope="module")
def workspace() -> Workspace:
    """The demo as commands read it."""
    return Workspace(config.read(DEMO / "toolkit.toml", {}))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo where the site of a checkout has it, with its pages."""
    top = tmp_path_factory.mktemp("checkout")
    shutil.copytree(DEMO, top / "site/demo", ignore=IGNORED)
    shutil.copytree(REPOSITORY / "protos", top / "protos")
    ran = run("generate", "site", "--strict", "--config", "site/demo/toolkit.toml", cwd=top)
    assert (ran.code, "warning" in ran.errors) == (0, False), ran.errors
    return top / "site"


def links() -> set[tuple[str, str]]:
    """The pages and anchors that the page about features links to, relative to the directory of all pages."""
    found = re.findall(r"\]\(\.\./(demo/[^)#]+)#?([^)]*)\)", FEATURES.read_text(encoding="utf-8"))
    assert len(found) > 50
    return set(found)


def test_links(made: Path) -> None:
    """Every link of the page leads to a page of the demo, at an anchor that it has."""
    wrong = []
    for page, anchor in links():
        text = (made / page).read_text(encoding="utf-8") if (made / page).is_file() else ""
        if not text or (anchor and not re.search(rf"{{ #{re.escape(anchor)} ", text)):
            wrong.append(f"{page}#{anchor}")
    assert not wrong


def test_every_type_is_linked(made: Path) -> None:
    """The page leads to every type that is there to show a feature, and to every method."""
    linked = {page for page, _ in links()}
    folder = "demo/site/reference"
    pages = {f"{folder}/{path.relative_to(made / folder).as_posix()}" for path in (made / folder).glob("demo.*/*.md")}
    types = {page for page in pages if "/demo.types.v1/" in page}
    methods = {page for page in pages if re.search(r"/(?:Observatory|Images)\.\w+\.md$", page)}
    parts = {f"{folder}/demo.types.v1/{name}.md" for name in ("Nested.Inner", "Groups.Result", "Delimited", "index")}
    assert (len(types) > 20, len(methods)) == (True, 10)
    assert (types | methods) - parts <= linked


def test_navigation(made: Path) -> None:
    """The navigation of the site lists every page of the demo that readers need to find the others, and no other."""
    nav = yaml.load((REPOSITORY / "mkdocs.yml").read_text(encoding="utf-8"), yaml.BaseLoader)["nav"]
    (section,) = (entry["Demo"] for entry in nav if isinstance(entry, dict) and "Demo" in entry)
    listed = set(re.findall(r"demo/site/[\w./-]+\.md", str(section)))
    folder = made / "demo/site/reference"
    services = {path for name in ("Observatory", "Images") for path in folder.glob(f"demo.observatory.v1/{name}*.md")}
    expected = {*services, folder / "index.md", *folder.glob("demo.*/index.md")}
    assert listed == {path.relative_to(made).as_posix() for path in expected}


def test_up_to_date(made: Path) -> None:
    """What is generated into a file of the repository is what it would be now."""
    assert written(made / "demo")["mkdocs.yml"] == (DEMO / "mkdocs.yml").read_bytes()


def test_hidden(made: Path) -> None:
    """Internal elements of the demo are on no page."""
    for path, content in written(made / "demo/site/reference").items():
        assert b"not shown on this site" not in content, path


def test_shows_everything(workspace: Workspace) -> None:
    """The demo has every scalar type, kind of presence, kind of stream and kind of field that there is."""
    schema = workspace.schema
    messages = [m for m in schema.messages.values() if m.package.startswith("demo.")]
    fields = [field for message in messages for field in message.fields]
    scalars = {field.type.name for field in fields if field.type.kind is Kind.SCALAR}
    names = {name.removeprefix("TYPE_").lower() for name in pb.FieldDescriptorProto.Type.keys()}  # noqa: SIM118
    assert names - {"group", "message", "enum"} <= scalars
    assert {field.presence for field in fields} == set(Presence)
    streams = {(method.client_streaming, method.server_streaming) for method in schema.methods.values()}
    assert len(streams) == 4
    verbs = {binding.verb for method in schema.methods.values() for binding in method.http}
    assert {"GET", "POST", "PATCH", "DELETE"} <= verbs
    assert {file.edition for file in schema.files.values() if file.requested} == {"proto2", "proto3", "2023"}


def test_examples() -> None:
    """No example of the demo violates what its protos say."""
    workspace = Workspace(config.read(DEMO / "toolkit.toml", {}))
    assert [*Check(workspace.compilation).faults()] == []


@pytest.mark.slow(reason="starts buf")
def test_lint(workspace: Workspace, tmp_path: Path) -> None:
    """Buf finds nothing in the demo but what is there to show it."""
    (tmp_path / "buf.yaml").write_text(LINT)
    (tmp_path / "demo.binpb").write_bytes(workspace.compilation.descriptor_set)
    command = [Path(sys.executable).parent / "buf", "lint", "demo.binpb", "--error-format", "json"]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    found = [json.loads(line) for line in ran.stdout.splitlines()]
    own = {(one["type"], one["message"].split('"')[1]) for one in found if one["path"].startswith("demo/")}
    assert own == UNUSUAL
