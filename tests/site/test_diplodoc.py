"""Pages in the published format under Diplodoc, which publishes such pages."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.support.command import run
from toolkit.descriptors.compile import compile_tree
from toolkit.descriptors.loader import load
from toolkit.descriptors.model import Schema

DIPLODOC = REPOSITORY / "build/node/node_modules/.bin/yfm"
VARIABLES = {"api-host": "api.cloud.yandex.net", "api-url-prefix": "/docs"}  # a project says what they stand for
PAGE = "docs/compute/api-ref/grpc/Image/get.md"

pytestmark = [
    pytest.mark.skipif(not DIPLODOC.exists(), reason="no Diplodoc: run tests/site/install.sh"),
    pytest.mark.xdist_group("diplodoc"),
    pytest.mark.slow(reason="builds pages with Diplodoc"),
]


@dataclass(frozen=True)
class Built:
    """What Diplodoc made of a project: its complaints, and the body of each page by path, without a suffix."""

    code: int
    complaints: list[str]
    bodies: Mapping[str, str]

    def ids(self, page: str) -> list[str]:
        """The places of a page that a link may lead to."""
        return re.findall(r'<h\d id="([^"]+)"', self.bodies[page])


def build(workspace: Path, site: Path) -> Built:
    """Build a project, all of Diplodoc's checks on."""
    command = [DIPLODOC, "build", "--strict", "--input", workspace, "--output", site]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=120)
    complaints = [line for line in (ran.stdout + ran.stderr).splitlines() if re.match(r"(WARN|ERR)\b", line)]
    pages = {p.relative_to(site).with_suffix("").as_posix(): p.read_text("utf-8") for p in site.rglob("*.html")}
    return Built(ran.returncode, complaints, {page: body(text) for page, text in pages.items()})


def body(page: str) -> str:
    """What a page shows: Diplodoc hands it to the page's script as JSON."""
    state = re.search(r'<script type="application/json" id="diplodoc-state">(.*?)</script>', page, re.DOTALL)
    assert state
    content = json.loads(html.unescape(state[1]))["data"]["html"]
    assert isinstance(content, str)
    return content


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both references and their table of contents as generated, where links expect them, as a project."""
    folder = tmp_path_factory.mktemp("diplodoc") / "project"
    for arguments in (("reference",), ("rest", "--style", "current"), ("toc",)):
        assert run("generate", *arguments, "--out", folder / "docs", cwd=REPOSITORY).code == 0
    (folder / "presets.yaml").write_text(json.dumps({"default": VARIABLES}))
    return folder


@pytest.fixture(scope="module")
def built(workspace: Path) -> Built:
    """The project, built."""
    return build(workspace, workspace.parent / "site")


@pytest.fixture(scope="module")
def schema() -> Schema:
    """What the pages were generated from."""
    return load(compile_tree([REPOSITORY / "protos"]))


def test_no_complaints(workspace: Path, built: Built) -> None:
    """Diplodoc builds an HTML page of each generated page, and neither warns nor finds an error."""
    assert built.complaints == []
    assert built.code == 0
    pages = {page.relative_to(workspace).with_suffix("").as_posix() for page in workspace.rglob("*.md")}
    assert len(pages) == 24
    assert set(built.bodies) == pages


def test_anchors(workspace: Path, built: Built) -> None:
    """Each section of a method's page has the id that the page gives it, and nothing of the notation is left over."""
    for page in workspace.rglob("docs/*/api-ref/**/*.md"):
        path = page.relative_to(workspace).with_suffix("").as_posix()
        given = re.findall(r"^## .* \{#(\S+)\}$", page.read_text("utf-8"), re.MULTILINE)
        ids = built.ids(path)
        assert (ids[1:] if "/grpc/" in path and page.name != "index.md" else [i for i in ids if i in given]) == given
        assert given or page.name == "index.md", path
        assert "{#" not in built.bodies[path]


def test_links(built: Built) -> None:
    """A link to a page of the reference leads to a page, and its fragment to a message or to the method of the page.

    Diplodoc checks links between files, but neither fragments nor links that begin with a slash, since these lead to
    the rest of a published site. The anchor of a method is on no published page: browsers stay at the top.
    """
    followed = 0
    for page, content in built.bodies.items():
        for link in re.findall(r'href="/?(docs/compute/api-ref/[^"]*)"', content):
            path, _, fragment = link.partition("#")
            path = path.removesuffix(".html")
            assert path in built.bodies, f"{page}: {link}"
            method = path.rpartition("/")[2]
            assert fragment in ("", *built.ids(path), method[0].upper() + method[1:]), f"{page}: {link}"
            followed += fragment.startswith("yandex.")
    assert followed > 150


def test_tables(built: Built, schema: Schema) -> None:
    """The table of a message has a row of two cells for each of its fields, in order; no notation is left over."""
    tables = 0
    for page, content in built.bodies.items():
        prose = re.sub(r"<code.*?</code>", "", content, flags=re.DOTALL)
        assert not re.search(r"#\||\|#|\|\|", prose), page
        wide = content.count('<td colspan="2">')  # `Empty`, where a message has no fields
        assert content.count("<td") + wide == 2 * content.count("<tr>"), page
        if "/grpc/" not in page:
            continue  # parts of a REST page have some of the fields of a message
        _, *sections = re.split(r'<h2 id="(yandex\.[^"]+)">', content)
        for anchor, section in zip(sections[::2], sections[1::2], strict=True):
            message = schema.messages.get(anchor) or schema.message(anchor.rstrip("0123456789"))
            head, *rows = re.findall(r"<tr>\s*<td>\s*<p>(.*?)</p>", section) or ["Field"]
            assert head == "Field"
            assert [name.removesuffix("[]") for name in rows] == [field.name for field in message.fields], anchor
            tables += "<table>" in section
    assert tables > 50


@pytest.mark.parametrize(
    ("intact", "broken", "complaint"),
    [
        ("|#\n", "\n", "YFM004 / table-not-closed"),
        ("# Compute", "[lost](lost.md)\n\n# Compute", "YFM003 / unreachable-link"),
        ("# Compute", "{{ lost }}\n\n# Compute", "Variable lost not found"),
    ],
    ids=["table", "link", "variable"],
)
def test_notices(workspace: Path, tmp_path: Path, intact: str, broken: str, complaint: str) -> None:
    """One table left open, one link to no page or one unknown variable, and the build fails and names the page."""
    folder = tmp_path / "project"
    shutil.copytree(workspace, folder)
    page = folder / PAGE
    text = page.read_text("utf-8")
    assert intact in text
    page.write_text(text.replace(intact, broken, 1), "utf-8")
    result = build(folder, tmp_path / "site")
    assert result.code == 1
    assert len(result.complaints) == 1
    assert complaint in result.complaints[0]
    assert PAGE in result.complaints[0]
