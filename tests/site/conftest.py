"""The repository's own site, built and served as readers get it, and a browser that tells what pages complain of."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    Response,
    expect,
    sync_playwright,
)

from tests.conftest import REPOSITORY
from tests.support.command import run
from tests.support.protos_of import proto3, write
from toolkit.cli import settings as config
from toolkit.targets.workspace import Workspace

SOURCES = ("mkdocs.yml", "toolkit.toml", "catalog.toml", "protos", "site")
MADE = shutil.ignore_patterns("reference", "versions", ".toolkit", "toolkit")
"""What `make build` leaves in the folder of pages."""
AXE = REPOSITORY / "build/node/node_modules/axe-core/axe.min.js"
DESKTOP = (1280, 900)
PHONE = (360, 740)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PACKAGE = "yandex.cloud.compute.v1"
API = f"reference/{PACKAGE}/"
CREATE = f"{API}ImageService.Create/"
UPDATE = f"{API}ImageService.Update/"
PAGES = {
    "landing": "",
    "service": f"{API}ImageService/",
    "method": CREATE,
    "message": f"{API}Image/",
    "enum": f"{API}PCITopology/",
    "package": API,
    "concept": "reference/concepts/errors/",
    "changelog": "changelog/2026-06-29/",
    "guide": "guide/configure/",
}
"""A page of each kind, below the root of the site."""
LOST = "error: Failed to load resource: net::ERR_FAILED"
"""What the console says of a request that a test lets fail."""
_VIOLATIONS = """document.addEventListener("securitypolicyviolation", (event) =>
    console.error(`${event.violatedDirective} forbids ${event.blockedURI}`))"""


def anchor(page: Page, name: str) -> Locator:
    """The element of a page that an address with that fragment leads to."""
    return page.locator(f"[id='{name}']")


@dataclass(frozen=True)
class Site:
    """A built site that is served."""

    folder: Path
    """Of its files."""
    root: str
    """Its address; ends in a slash."""

    @property
    def pages(self) -> list[str]:
        """The addresses of all pages below the root."""
        found = sorted(self.folder.rglob("*.html"))
        return [page.relative_to(self.folder).as_posix().removesuffix("index.html") for page in found]


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002
        """Say nothing."""

    def end_headers(self) -> None:
        """Let browsers keep what they have: nothing changes here."""
        self.send_header("Cache-Control", "max-age=3600")
        super().end_headers()


@contextmanager
def serving(folder: Path) -> Iterator[Site]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder))) as server:
        thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield Site(folder, f"http://127.0.0.1:{server.server_port}/")
        server.shutdown()
        thread.join()


def _built(workspace: Path, builder: str, search: str) -> Path:
    """Generate, build and finish the site of the repository in a folder, without warnings."""
    for source in SOURCES:
        if (REPOSITORY / source).is_dir():
            shutil.copytree(REPOSITORY / source, workspace / source, ignore=MADE)
        else:
            shutil.copy(REPOSITORY / source, workspace / source)
    commands = [
        ("toolkit", "generate", "site", "--config", "site/demo/toolkit.toml"),
        ("toolkit", "generate", "site", "--search", search),
        ("toolkit", "changelog"),
        (builder, "build", "--strict"),
        ("toolkit", "finish"),
    ]
    for program, *arguments in commands:
        ran = run(*arguments, cwd=workspace, program=program, env={"NO_MKDOCS_2_WARNING": "1"})
        assert ran.code == 0, ran.text + ran.errors
        assert "WARNING" not in ran.text + ran.errors
    return workspace / "build/site"


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The repository's site as MkDocs builds it."""
    with serving(_built(tmp_path_factory.mktemp("mkdocs"), "mkdocs", "builtin")) as served:
        yield served


HISTORY = """\
proto_path = ["v2"]
catalog = "catalog.toml"
[site]
[changelog]
out = "site/changelog"
[changelog.revisions]
"1.0" = "v1"
"2.0" = "v2"
"""


@pytest.fixture(scope="session")
def history(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site of a tree with two revisions, whose files are published somewhere."""
    folder = tmp_path_factory.mktemp("history")
    one = "message Thing { string name = 1; }\nservice Things {\n  rpc Get(Thing) returns (Thing);\n}"
    two = one.replace("}\nservice", " string size = 2; }\nservice").replace(
        "rpc Get", "rpc Drop(Thing) returns (Thing); rpc Get"
    )
    entry = '[[package]]\nname = "acme.v1"\ntitle = "Acme"\ndocs_path = "acme"\n'
    catalog = f'source_url = "https://code.acme.example/blob/v2/protos"\n{entry}'
    sources = {"toolkit.toml": HISTORY, "catalog.toml": catalog}
    sources |= {"v1/acme/a.proto": proto3("acme.v1", one), "v2/acme/a.proto": proto3("acme.v1", two)}
    write(folder, sources)
    ran = run("build", cwd=folder, env={"NO_MKDOCS_2_WARNING": "1"})
    assert ran.code == 0, ran.text + ran.errors
    with serving(folder / "build/site") as served:
        yield served


@pytest.fixture(scope="session")
def zensical(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The same site as Zensical builds it."""
    with serving(_built(tmp_path_factory.mktemp("zensical"), "zensical", "builtin")) as served:
        yield served


@pytest.fixture(scope="session")
def pagefind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The same site with the search for large ones."""
    with serving(_built(tmp_path_factory.mktemp("pagefind"), "mkdocs", "pagefind")) as served:
        yield served


@pytest.fixture(params=["site", "zensical"], ids=["mkdocs", "zensical"])
def either(request: pytest.FixtureRequest) -> Site:
    """The site as each of the two programs builds it."""
    built = request.getfixturevalue(request.param)
    assert isinstance(built, Site)
    return built


@pytest.fixture(scope="session")
def workspace() -> Workspace:
    """The protos that the site describes."""
    return Workspace(config.read(REPOSITORY / "toolkit.toml", {}))


@dataclass
class Reader:
    """Opens pages in a browser, and hears what they complain of."""

    browser: Browser
    noise: list[str] = field(default_factory=list)
    """Warnings and errors in the console, requests that fail, and requests to where the site is not."""
    _contexts: list[BrowserContext] = field(default_factory=list)

    def open(
        self,
        site: Site,
        path: str = "",
        *,
        size: tuple[int, int] = DESKTOP,
        dark: bool = False,
        missing: str = "",
        **options: Any,
    ) -> Page:
        """A page of a site, in a profile of its own; requests that match ``missing`` fail."""
        context = self.browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            **options,
        )
        self._contexts.append(context)
        context.add_init_script(_VIOLATIONS)
        context.on("console", self._said)
        context.on("weberror", lambda error: self.noise.append(f"error: {error.error}"))
        context.on("requestfailed", self._failed)
        context.on("response", self._answered)
        context.on("request", lambda request: self._requested(request, site.root))
        if missing:
            context.route(missing, lambda route: route.abort())
        page = context.new_page()
        page.goto(site.root + path)
        return page

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.noise.append(f"{message.type}: {message.text}")

    def _failed(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # what is still on its way when a page is left
            self.noise.append(f"{request.failure}: {request.url}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            self.noise.append(f"{response.status}: {response.url}")

    def _requested(self, request: Request, root: str) -> None:
        if not request.url.startswith((root, "data:", "blob:")):
            self.noise.append(f"elsewhere: {request.url}")

    def close(self) -> None:
        """Close all pages."""
        for context in self._contexts:
            context.close()


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium with a new profile; closed after the last test here, since others run event loops of their own."""
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("no chromium: run tests/site/install.sh")
    expect.set_options(timeout=15_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def reader(browser: Browser) -> Iterator[Reader]:
    """Opens pages, which complain of nothing until the end of the test."""
    reader = Reader(browser)
    yield reader
    reader.close()
    assert reader.noise == []


@pytest.fixture(scope="session")
def faults() -> Callable[[list[Page]], list[str]]:
    """Finds, with axe, what keeps people from using pages: violations that are serious or critical."""
    if not AXE.exists():
        pytest.skip("no axe: run tests/site/install.sh")
    script = AXE.read_text("utf-8")

    def find(pages: list[Page]) -> list[str]:
        for page in pages:  # each has a process of its own, so they are looked at side by side
            page.evaluate(script)
            page.evaluate("() => { window.found = axe.run({ resultTypes: ['violations'] }) }")
        found = []
        for page in pages:
            for violation in page.evaluate("window.found")["violations"]:
                if violation["impact"] in ("serious", "critical"):
                    what = [f"{node['target']}: {node['failureSummary']}" for node in violation["nodes"]]
                    found.append(f"{page.url}: {violation['id']}: {what}")
        return found

    return find


def open_search(page: Page) -> None:
    """Press ``/`` once Material is done with the page: it closes the search 125 ms after a page or an anchor opens."""
    page.wait_for_timeout(250)
    page.keyboard.press("/")
    expect(page.locator("#__search")).to_be_checked()
    expect(page.locator(".md-search__input")).to_be_focused()
