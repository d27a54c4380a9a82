"""The live preview, with the real MkDocs, over real HTTP, in a process that is interrupted at the end."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPMessage
from pathlib import Path
from typing import IO
from urllib.parse import quote

import pytest

from tests.support.protos_of import write
from toolkit.cli.server import Served, listening
from toolkit.delivery.finish.changed import paths_of
from toolkit.errors import ConfigError

PROGRAM = """
import sys
from pathlib import Path

from toolkit.cli import settings as config
from toolkit.errors import ConfigError, InputError, Location, Diagnostic
from toolkit.delivery.staging import write
from toolkit.cli.preview import serve

def read():
    return config.read(Path("toolkit.toml"), {})

def generate():
    print("generated", flush=True)
    files = [path for root in read().common.proto_path for path in sorted(root.folder.rglob("*.proto"))]
    text = " ".join(path.read_text() for path in files)
    if "broken" in text:
        raise InputError("does not compile", location=Location("a.proto", 1, 2), hint="fix it")
    write({"docs/made.md": b"# Made\\n\\n" + text.encode()}, Path())
    return [Diagnostic(Location("a.proto"), "is odd")]

try:
    serve(read, generate, port=int(sys.argv[1]))
except ConfigError as error:
    sys.exit(str(error))
"""
FILES = {
    "toolkit.toml": 'proto_path = ["protos"]\ntemplates = ["mine"]\n',
    "mkdocs.yml": "site_name: Tiny\ntheme: mkdocs\nplugins: []\nnav: [Home: index.md, Made: made.md]\n",
    "docs/index.md": "# Home\n\nSee [what is made](made.md).\n",
    "docs/sign.png": b"\x89PNG",
    "protos/a.proto": "apple",
    "more/b.proto": "pear",
    "run.py": PROGRAM,
}
PATIENCE = 60.0
pytestmark = pytest.mark.slow(reason="builds sites with MkDocs")


class Preview:
    """A preview that runs."""

    def __init__(self, folder: Path, port: int = 0) -> None:
        self.folder = folder
        self.temporary = folder / "temporary"
        self.temporary.mkdir()
        self._log = folder / "log"
        self._runs = folder / "runs"
        environment = {**os.environ, "TMPDIR": str(self.temporary), "XDG_CACHE_HOME": str(folder / "cache")}
        with self._log.open("wb") as log, self._runs.open("wb") as runs:
            command = [sys.executable, "run.py", str(port)]
            self.process = subprocess.Popen(command, cwd=folder, stdout=runs, stderr=log, env=environment)

    @property
    def log(self) -> str:
        """What it printed."""
        return self._log.read_text()

    @property
    def generations(self) -> int:
        """How often it has generated."""
        return self._runs.read_text().count("generated")

    @property
    def builds(self) -> int:
        """How many builds it has told of, also of such as failed."""
        return len(re.findall(r"^.*: (?:built|build failed).* s\b", self.log, re.M))

    @property
    def address(self) -> str:
        """Where it serves."""
        found = re.search(r"^(http://127\.0\.0\.1:\d+)/: ", self.log, re.M)
        assert found, self.log
        return found[1]

    def get(self, path: str) -> tuple[int, HTTPMessage, str]:
        """Status, headers and text of an answer."""
        try:
            with urllib.request.urlopen(self.address + path, timeout=PATIENCE) as answer:
                return answer.status, answer.headers, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.headers, error.read().decode()

    def events(self, page: str = "/") -> IO[bytes]:
        """The stream of events that a browser reads that has a page open."""
        address = f"{self.address}/__toolkit__/events?page={quote(page, safe='')}"
        return urllib.request.urlopen(address, timeout=PATIENCE)

    def after(self, change: Callable[[], object]) -> str:
        """What it prints of the build that a change leads to."""
        before, builds = self.log, self.builds
        change()
        wait(lambda: self.builds > builds)
        return self.log.removeprefix(before)

    @property
    def site(self) -> Path:
        """The directory of the HTML."""
        (site,) = self.temporary.glob("*/site-*")
        return site

    def edit(self, path: str, text: str) -> str:
        """The same for a file that gets another text."""
        return self.after(lambda: (self.folder / path).write_text(text))


def wait(holds: Callable[[], bool]) -> None:
    """Wait until something holds."""
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def told(stream: IO[bytes]) -> tuple[str, str]:
    """The build and the problem in the next event."""
    while not (line := stream.readline()).startswith(b"data: "):
        assert line, "the stream has ended"
    said = json.loads(line.decode().removeprefix("data: "))
    return said["name"], said["problem"]


def event(stream: IO[bytes]) -> str:
    """The build in the next event without a problem."""
    while True:
        build, problem = told(stream)
        if not problem:
            return build


def build_of(page: str) -> str:
    """The build that a page says it is of."""
    [name] = re.findall(r'<script src="/__toolkit__/reload\.js\?build=(\w+)"></script>\s*</body>', page)
    return str(name)


@contextmanager
def running(folder: Path) -> Iterator[Preview]:
    """A preview that has tried its first build."""
    started = Preview(folder)
    try:
        wait(lambda: started.builds == 1 or started.process.poll() is not None)
        assert started.process.poll() is None, started.log
        yield started
    finally:
        started.process.kill()
        started.process.wait()


@pytest.fixture
def preview(tmp_path: Path) -> Iterator[Preview]:
    """A preview whose first build is done."""
    with running(write(tmp_path, FILES)) as started:
        yield started


def test_served(preview: Preview) -> None:
    """Pages come with the script that reloads them, all is fresh, and what is not there is the site's own 404."""
    status, headers, page = preview.get("/made/")
    assert (status, headers["Cache-Control"], headers["Content-Type"]) == (200, "no-store", "text/html; charset=utf-8")
    assert "apple" in page
    assert build_of(page)
    assert preview.get("/made")[2] == page
    status, headers, text = preview.get("/made/index.md")
    assert (status, headers["Content-Type"], text) == (200, "text/markdown; charset=utf-8", "# Made\n\napple\n")
    assert "- [Made](made/index.md)" in preview.get("/llms.txt")[2]
    status, headers, script = preview.get("/__toolkit__/reload.js?build=x")
    assert (headers["Content-Type"], headers["Cache-Control"]) == ("text/javascript", "no-store")
    assert "new EventSource(`/__toolkit__/events?page=${encodeURIComponent(location.pathname)}`)" in script
    for missing in ("/nowhere/", "/nowhere.js", "/docs", "/../toolkit.toml", "/img/"):
        status, _, page = preview.get(missing)
        assert status == 404, missing
        assert build_of(page)
    assert re.search(r"^warning: a\.proto: is odd\nhttp://127\.0\.0\.1:\d+/: built in \d+\.\d s\n\Z", preview.log, re.M)


def answer(port: int, host: str | None, path: str = "/") -> bytes:
    """The first line of what a server answers to a request with this Host header."""
    header = f"Host: {host}\r\n" if host is not None else ""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        connection.sendall(f"GET {path} HTTP/1.0\r\n{header}\r\n".encode())
        return connection.makefile("rb").readline().strip()


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_hosts(host: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Only requests for the address itself are answered, whatever name leads there; no request is a traceback."""
    served = Served()
    served.show(write(tmp_path, {"index.html": "<p>secret"}))
    with listening(served, host, 0) as address:
        port = int(address.rpartition(":")[2].rstrip("/"))
        for name in (f"127.0.0.1:{port}", f"localhost:{port}", f"LocalHost:{port}", f"[::1]:{port}"):
            assert answer(port, name) == b"HTTP/1.0 200 OK", name
        for name in ("evil.example", f"evil.example:{port}", "localhost", f"localhost:{port + 1}", "", None):
            assert answer(port, name) == b"HTTP/1.0 421 Misdirected Request", name
        assert answer(port, f"localhost:{port}", "/x%00.html") == b"HTTP/1.0 404 Not Found"
    assert capfd.readouterr() == ("", "")


def test_no_host() -> None:
    """An empty host, as of a variable that is not set, does not become every address."""
    with pytest.raises(ConfigError, match="--host is empty"), listening(Served(), "", 0):
        pass


def test_changes(preview: Preview) -> None:
    """A change of a source, a page, the settings or mkdocs.yml is built once, said in a line, and told to browsers."""
    with preview.events() as stream:
        first = event(stream)
        assert build_of(preview.get("/")[2]) == first
        said = preview.edit("protos/a.proto", "cherry")
        second = event(stream)
        assert re.fullmatch(r"protos/a\.proto: built in \d+\.\d s\n", said)
        assert build_of(preview.get("/made/")[2]) == second != first
        assert "cherry" in preview.get("/made/")[2]

        assert preview.edit("docs/index.md", "# Hello\n").startswith("docs/index.md: built")
        assert event(stream) not in (first, second)
        assert "Hello" in preview.get("/")[2]

        said = preview.edit("toolkit.toml", 'proto_path = ["protos", "more"]\n')
        assert said.startswith("toolkit.toml: built")
        assert "cherry pear" in preview.get("/made/")[2]
        assert preview.edit("more/b.proto", "plum").startswith("more/b.proto: built")
        assert "cherry plum" in preview.get("/made/")[2]

        said = preview.edit("mkdocs.yml", FILES["mkdocs.yml"].replace("Tiny", "Small"))
        assert said.startswith("mkdocs.yml: built")
        assert "Small" in preview.get("/")[2]
    assert preview.generations == preview.builds == 6


def test_no_loop(preview: Preview) -> None:
    """What generating writes, and hidden files, lead to no build; quiet stays quiet."""
    preview.edit("protos/a.proto", "cherry")
    (preview.folder / "docs/.toolkit-1-0123456789abcdef").mkdir()
    (preview.folder / "docs/.toolkit-1-0123456789abcdef/1-0").write_text("on its way")
    (preview.folder / "protos/notes.txt").write_text("no source")
    time.sleep(0.9)
    assert preview.generations == preview.builds == 2


def test_replaced_files(preview: Preview) -> None:
    """A file that an editor puts in place of another, and a folder that is another one, are seen."""
    (preview.folder / "other.toml").write_text('proto_path = ["protos", "more"]\ntemplates = ["mine"]\n')
    said = preview.after(lambda: os.replace(preview.folder / "other.toml", preview.folder / "toolkit.toml"))
    assert said.startswith("toolkit.toml: built")
    (preview.folder / "mine").mkdir()  # was not there
    time.sleep(0.5)
    assert preview.edit("mine/a.md.j2", "x").startswith("mine/a.md.j2: built")
    write(preview.folder / "again", {"b.proto": "grape", "c.proto": "fig"})
    os.rename(preview.folder / "more", preview.folder / "gone")
    said = preview.after(lambda: os.rename(preview.folder / "again", preview.folder / "more"))
    wait(lambda: "apple grape fig" in preview.get("/made/")[2])
    assert preview.edit("more/c.proto", "date").startswith("more/c.proto: built")


def test_failures(preview: Preview) -> None:
    """What fails is printed, with what its program said; the last good page stays until all is well again."""
    with preview.events() as stream:
        first = event(stream)
        said = preview.edit("protos/a.proto", "broken")
        assert re.fullmatch(
            r"error: a\.proto:1:2: does not compile\n  fix it\n"
            r"protos/a\.proto: build failed, \d+\.\d s; showing the last good pages\n",
            said,
        )
        assert build_of(preview.get("/made/")[2]) == first
        assert told(stream) == (first, "a.proto:1:2: does not compile\n  fix it")

        said = preview.edit("toolkit.toml", "proto_path = 1")
        assert said.startswith("error: ")
        assert "toolkit.toml: build failed" in said
        time.sleep(0.7)
        assert preview.builds == 3  # tried once each

        assert "build failed" in preview.edit("toolkit.toml", FILES["toolkit.toml"])
        assert "toolkit.toml" not in preview.edit("protos/a.proto", "cherry")
        second = event(stream)
        assert second != first
        assert "cherry" in preview.get("/made/")[2]

        said = preview.edit("mkdocs.yml", "theme: none")
        assert said.startswith("error: mkdocs.yml: MkDocs cannot read it")
        assert build_of(preview.get("/")[2]) == second
        preview.edit("mkdocs.yml", FILES["mkdocs.yml"])
        assert event(stream) != second


def test_warnings(preview: Preview) -> None:
    """A link that leads nowhere is printed, and stops nothing; it is not repeated with the next build."""
    said = preview.edit("docs/index.md", "# Home\n\n[gone](gone.md)\n")
    assert re.match(r"WARNING .*'gone\.md'.*\ndocs/index\.md: built", said)
    assert "INFO" not in said
    assert "gone" in preview.get("/")[2]
    assert preview.edit("protos/a.proto", "cherry").startswith("protos/a.proto: built")
    assert "cherry" in preview.get("/made/")[2]


def test_only_what_changed(preview: Preview) -> None:
    """Only changed pages are built, unless others may show their titles; new and removed pages are there and gone."""
    seen = (preview.site / "index.html").stat().st_ino
    preview.edit("protos/a.proto", "cherry")
    assert (preview.site / "index.html").stat().st_ino == seen
    assert "cherry" in preview.get("/made/")[2]
    made = (preview.site / "made/index.html").stat().st_ino
    preview.edit("docs/index.md", "# Home\n\nOther words.\n")
    assert (preview.site / "made/index.html").stat().st_ino == made
    assert "Other words" in preview.get("/")[2]
    preview.edit("docs/index.md", "# Other title\n")
    assert (preview.site / "made/index.html").stat().st_ino != made
    preview.edit("docs/new.md", "# New\n")
    assert preview.get("/new/")[0] == 200
    preview.after(lambda: (preview.folder / "docs/new.md").unlink())
    assert preview.get("/new/")[0] == 404


def test_open_page_first(preview: Preview) -> None:
    """The page that is open is built and shown before the others, and is not reloaded because of them."""
    preview.edit("docs/z page.md", "# Last\n")
    pages = [preview.folder / "docs" / name for name in ("index.md", "z page.md")]

    def add(word: str) -> tuple[int, int]:
        """When the pages were built again after both have a new word."""
        preview.after(lambda: [page.write_text(f"{page.read_text()}\n{word}\n") for page in pages])
        assert all(word in preview.get(path)[2] for path in ("/", "/z%20page/"))
        index, last = (preview.site / path for path in ("index.html", "z page/index.html"))
        return index.stat().st_mtime_ns, last.stat().st_mtime_ns

    index, last = add("unseen")
    assert index < last
    with preview.events("/z%20page/") as stream:
        shown = event(stream)
        index, last = add("seen")
        assert last < index
        again = event(stream)
        assert shown != again == build_of(preview.get("/z%20page/")[2])


@pytest.mark.parametrize(
    ("page", "paths"),
    [
        ("index.md", {"/", "/index.html"}),
        ("a/README.md", {"/a/", "/a/index.html", "/a/README.html"}),
        ("a/b.c.md", {"/a/b.c/", "/a/b.c/index.html", "/a/b.c.html"}),
    ],
)
def test_paths(page: str, paths: set[str]) -> None:
    """A page is found by its path, with directory URLs and without."""
    assert paths_of(page) == paths


def test_first_build_fails(tmp_path: Path) -> None:
    """Until there is a first good build a page says so, and gives way to it."""
    with running(write(tmp_path, {**FILES, "protos/a.proto": "broken"})) as preview:
        status, _, page = preview.get("/made/")
        assert status == 503
        with preview.events() as stream:
            assert told(stream) == (build_of(page), "a.proto:1:2: does not compile\n  fix it")
            preview.edit("protos/a.proto", "fig")
            assert event(stream) == build_of(preview.get("/made/")[2])


def test_browser(tmp_path: Path) -> None:
    """A page that is open in a real browser, and allows no scripts but those of its site, shows the next build."""
    playwright = pytest.importorskip("playwright.sync_api", reason="a browser shows it: pip install playwright")
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("a browser shows it: install chromium")
    policy = "default-src 'none'; script-src 'self'; connect-src 'self'"
    theme = f'{{% extends "base.html" %}}{{% block styles %}}<meta http-equiv="Content-Security-Policy" content="{policy}">{{% endblock %}}'
    settings = FILES["mkdocs.yml"].replace("theme: mkdocs", "theme: {name: mkdocs, custom_dir: theme}")
    folder = write(tmp_path, {**FILES, "mkdocs.yml": settings, "theme/main.html": theme})
    with running(folder) as preview, playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        page.goto(f"{preview.address}/made/")
        assert "apple" in page.content()
        preview.edit("protos/a.proto", "cherry")
        page.get_by_text("cherry").wait_for(timeout=PATIENCE * 1000)
        preview.edit("protos/a.proto", "broken <b>")
        problem = page.get_by_role("alert")
        problem.wait_for(timeout=PATIENCE * 1000)
        assert "a.proto:1:2: does not compile\n  fix it" in problem.inner_text()
        assert "cherry" in page.content()
        preview.edit("protos/a.proto", "plum")
        page.get_by_text("plum").wait_for(timeout=PATIENCE * 1000)
        assert problem.count() == 0
        browser.close()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stop(preview: Preview, number: signal.Signals) -> None:
    """An interrupt ends it with exit code 0 and no output, though a browser waits; no temporary folder is left."""
    assert [path.name[:14] for path in preview.temporary.iterdir()] == ["toolkit-serve-"]
    preview.edit("protos/a.proto", "cherry")
    assert preview.site.is_dir()
    before = preview.log
    with preview.events() as stream:
        event(stream)
        preview.process.send_signal(number)
        assert preview.process.wait(PATIENCE) == 0
    assert preview.log == before
    assert list(preview.temporary.iterdir()) == []


def test_port_in_use(tmp_path: Path) -> None:
    """A port that is taken is an error that says what to do, before anything is built."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        preview = Preview(write(tmp_path, FILES), port)
        assert preview.process.wait(PATIENCE) == 1
    assert preview.log.startswith(f"cannot serve on port {port} of 127.0.0.1: Address already in use\n  choose another")
    assert preview.generations == 0
    assert list(preview.temporary.iterdir()) == []
