"""A site built by the real MkDocs is finished: Markdown beside pages, llms.txt, search, Mermaid."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.support.command import written
from tests.support.protos_of import write
from toolkit.delivery.finish.npm import MERMAID
from toolkit.delivery.finish.site import SCRIPTS, finish
from toolkit.errors import ConfigError, InputError

SCRIPT = f"{SCRIPTS}/{MERMAID.name}"
CONFIG = """INHERIT: docs/.toolkit/mkdocs.yml
site_name: Acme API
docs_dir: docs
site_dir: build/site
nav:
  - Start: index.md
  - Reference:
      - reference/index.md
      - Storage:
          - Buckets:
              - reference/buckets.md
              - Get [one]: reference/get.md
      - After: reference/after.md
  - Elsewhere: https://example.com/
"""
BASE = """site_description: All that
  Acme keeps.
theme:
  name: material
plugins: [search]
markdown_extensions:
  - attr_list
  - tables
  - toc
  - pymdownx.superfences
  - pymdownx.blocks.html
  - pymdownx.blocks.details
  - pymdownx.blocks.tab
not_in_nav: unlisted.md
extra:
  search: pagefind
"""
INDEX = """---
title: Home
description: >
  Where to
  start.
---
# Acme { #top .wide data-x="a b" data-search-exclude }

[Begin](reference/get.md#acme.v1.Get){ .md-button } with `[it](reference/get.md)`{ .x }, see
[*all*][all] and ![the plan](img/plan.svg "Plan").
{ .lead }

[all]: reference/index.md

///// html | div.grid
    attrs: {id: cards}

//// html | div.card
A card; `{name=shelves/*}` and {name=shelves/*} stay.
////

/////

/// details | In short
    type: note
    open: true

Short. { .small }

```markdown title="As written"
# Not a title { #here }
/// html | div
[not a link](reference/get.md)
{: .note }


///
```

///

| Kind { .first } | `a|b` { #x } |
|---|---|
| {empty} | … |

- one

    ~~~ { .mermaid #flow }
    graph LR
    ~~~
{: .list }

- two [it](<reference/get.md>) and [mail](mailto:a@example.com), [gone](nowhere.md), [here](#top)
"""
INDEX_PLAIN = """# Acme

[Begin](reference/get/index.md#acme.v1.Get) with `[it](reference/get.md)`, see
[*all*][all] and ![the plan](img/plan.svg "Plan").

[all]: reference/index.md

A card; `{name=shelves/*}` and {name=shelves/*} stay.

**In short**

Short.

```markdown title="As written"
# Not a title { #here }
/// html | div
[not a link](reference/get.md)
{: .note }


///
```

| Kind | `a|b` |
|---|---|
| {empty} | … |

- one

    ~~~ { .mermaid #flow }
    graph LR
    ~~~

- two [it](<reference/get/index.md>) and [mail](mailto:a@example.com), [gone](nowhere.md), [here](#top)
"""
GET = """Gets a bucket, back to [home](../index.md#top), ![](../img/plan.svg), [b](buckets.md).

/// tab | JSON
    select: true

One.
///

/// tab | Python
Two.
///
"""
DOCS = {
    "mkdocs.yml": CONFIG,
    "docs/.toolkit/mkdocs.yml": BASE,
    "docs/index.md": INDEX,
    "docs/img/plan.svg": '<svg xmlns="http://www.w3.org/2000/svg"/>',
    "docs/reference/index.md": "---\ndescription: What there is.\n---\nThe reference\n=============\n\nAll of it.\n",
    "docs/reference/buckets.md": "# Buckets\n\nHolds a zanzibar.\n",
    "docs/reference/get.md": GET,
    "docs/reference/after.md": "# After\n",
    "docs/unlisted.md": "# Unlisted\n\nNobody links here.\n",
}
TWINS = {"index.md", *(f"{name}/index.md" for name in ("reference", "reference/buckets", "reference/get"))}
TWINS |= {"reference/after/index.md", "unlisted/index.md"}
NPM, CHROMIUM = shutil.which("npm"), shutil.which("chromium")
pytestmark = pytest.mark.slow(reason="builds sites with MkDocs")


def built(folder: Path) -> Path:
    """Build the site of a folder; its mkdocs.yml."""
    config = folder / "mkdocs.yml"
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--config-file", str(config)]
    subprocess.run(command, check=True, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"}, capture_output=True)
    return config


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with its site built."""
    return built(write(tmp_path_factory.mktemp("project"), DOCS)).parent


@pytest.fixture
def config(original: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The mkdocs.yml of a copy of it, on a machine with nothing in the cache and no npm."""
    shutil.copytree(original, tmp_path / "project")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path / "project/mkdocs.yml"


def site(config: Path) -> dict[str, str]:
    """The text files that finishing is about, by path below the site's root."""
    files = written(config.parent / "build/site")
    return {path: content.decode() for path, content in files.items() if path.endswith((".md", ".txt"))}


def replaced(path: Path, old: str, new: str) -> None:
    """Change a file."""
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_twins(config: Path) -> None:
    """Beside each page lies its Markdown, without what only HTML is made of, code untouched, links to the others."""
    finish(config)
    texts = site(config)
    assert texts.keys() == {*TWINS, "llms.txt", "llms-full.txt"}
    assert texts["index.md"] == INDEX_PLAIN
    assert texts["reference/get/index.md"] == (
        "# Get [one]\n\nGets a bucket, back to [home](../../index.md#top), ![](../../img/plan.svg), "
        "[b](../buckets/index.md).\n\n**JSON**\n\nOne.\n\n**Python**\n\nTwo.\n"
    )
    assert texts["reference/index.md"] == "The reference\n=============\n\nAll of it.\n"


def test_zensical(config: Path) -> None:
    """What Zensical built is finished just as well."""
    pytest.importorskip("zensical", reason="it builds the site: pip install zensical")
    finish(config, search="builtin")
    before = site(config)
    shutil.rmtree(config.parent / "build")
    command = [sys.executable, "-m", "zensical", "build", "--config-file", str(config)]
    subprocess.run(command, check=True, capture_output=True, cwd=config.parent)
    finish(config)
    assert site(config) == before
    assert pages_found(config) == len(TWINS)


def test_links_of_twins_lead_somewhere(config: Path) -> None:
    """What a twin links to that is part of the site is there, from where the twin lies."""
    finish(config)
    top = config.parent / "build/site"
    assert (top / "index.md").parent.joinpath("reference/get/index.md").is_file()
    for target in ("../../index.md", "../../img/plan.svg", "../buckets/index.md"):
        assert f"({target}" in (top / "reference/get/index.md").read_text()
        assert (top / "reference/get" / target).is_file()


def test_index(config: Path) -> None:
    """llms.txt has a section for each entry of the navigation that holds pages, and only pages of the navigation."""
    finish(config)
    assert site(config)["llms.txt"] == (
        "# Acme API\n\n> All that Acme keeps.\n\n"
        "Each link is a page in Markdown. [llms-full.txt](llms-full.txt) contains all of them in one file.\n\n"
        "## Start\n\n- [Start](index.md): Where to start.\n\n"
        "## Reference\n\n- [The reference](reference/index.md): What there is.\n"
        "- [After](reference/after/index.md)\n\n"
        "### Storage\n\n- [Buckets](reference/buckets/index.md)\n"
        "- [Buckets / Get \\[one\\]](reference/get/index.md)\n"
    )


def test_full(config: Path) -> None:
    """llms-full.txt holds the pages of the navigation in its order; links lead from the site's root."""
    finish(config)
    text = site(config)["llms-full.txt"]
    assert [line for line in text.split("\n") if line.startswith("<!-- ")] == [
        f"<!-- {path} -->"
        for path in (
            "index.md",
            "reference/index.md",
            "reference/buckets/index.md",
            "reference/get/index.md",
            "reference/after/index.md",
        )
    ]
    assert "back to [home](index.md#top), ![](img/plan.svg), [b](reference/buckets/index.md)." in text
    assert "\n\n---\n\n<!-- reference/after/index.md -->\n\n# After\n" in text
    assert "Unlisted" not in text


def test_site_url(config: Path) -> None:
    """With a site_url addresses in llms.txt and llms-full.txt are absolute; twins link to each other as before."""
    finish(config)
    before = site(config)
    replaced(config, "site_name", "site_url: https://docs.example.com/api\nsite_name")
    finish(config)
    texts = site(config)
    assert "- [Start](https://docs.example.com/api/index.md)" not in before["llms.txt"]
    assert "- [Start](https://docs.example.com/api/index.md): Where to start." in texts["llms.txt"]
    assert "(https://docs.example.com/api/llms-full.txt)" in texts["llms.txt"]
    assert "[home](https://docs.example.com/api/index.md#top)" in texts["llms-full.txt"]
    assert {path: texts[path] for path in TWINS} == {path: before[path] for path in TWINS}


def test_flat_addresses(config: Path) -> None:
    """Without directory URLs the twin of page.html is page.md."""
    replaced(config, "site_name", "use_directory_urls: false\nsite_name")
    shutil.rmtree(config.parent / "build")
    finish(built(config.parent))
    texts = site(config)
    assert "[home](../index.md#top), ![](../img/plan.svg), [b](buckets.md)" in texts["reference/get.md"]
    assert "- [After](reference/after.md)" in texts["llms.txt"]
    assert pages_found(config) == 6


def test_only_what_was_built(config: Path) -> None:
    """A page that was not built has no twin and no line in llms.txt."""
    (config.parent / "docs/reference/new.md").write_text("# New\n")
    replaced(config, "      - After", "      - New: reference/new.md\n      - After")
    finish(config)
    texts = site(config)
    assert "reference/new/index.md" not in texts
    assert "New" not in texts["llms.txt"] + texts["llms-full.txt"]


def test_written_by_hand(config: Path) -> None:
    """An llms.txt of the docs folder stays as it was written."""
    (config.parent / "docs/llms.txt").write_text("Mine.\n")
    finish(built(config.parent))
    assert site(config)["llms.txt"] == "Mine.\n"


def test_twice(config: Path) -> None:
    """Finishing again changes no byte, and leaves no file of its own behind."""
    finish(config)
    before = written(config.parent)
    finish(config)
    assert written(config.parent) == before
    assert not [path for path in before if "/.toolkit-" in path]


def pages_found(config: Path) -> int:
    """How many pages the search index holds."""
    entry = json.loads((config.parent / "build/site/pagefind/pagefind-entry.json").read_text())
    return sum(language["page_count"] for language in entry["languages"].values())


def test_search_index(config: Path) -> None:
    """All pages but 404.html are in the index; Pagefind's own dialogs are not there, and no index of a run before."""
    folder = config.parent / "build/site/pagefind"
    write(folder, {"fragment/en_old.pf_fragment": "old"})
    finish(config)
    assert pages_found(config) == len(TWINS)
    names = {path.name for path in folder.rglob("*")}
    assert {"pagefind.js", "pagefind-worker.js", "wasm.en.pagefind"} <= names
    assert "en_old.pf_fragment" not in names
    assert not [name for name in names if "ui" in name]


def test_builtin_search(config: Path) -> None:
    """Where the configuration or the caller says builtin, there is no index of Pagefind."""
    finish(config, search="builtin")
    assert not (config.parent / "build/site/pagefind").exists()


def test_search_finds(config: Path) -> None:
    """A word of one page is found in a real browser, and leads to that page."""
    playwright = pytest.importorskip("playwright.sync_api", reason="a browser searches: pip install playwright")
    if CHROMIUM is None:
        pytest.skip("a browser searches: install chromium")
    finish(config)
    handler = partial(_Quiet, directory=str(config.parent / "build/site"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            with playwright.sync_playwright() as driver:
                browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
                page = browser.new_page()
                page.goto(f"http://127.0.0.1:{server.server_port}/404.html")
                found = page.evaluate(
                    """async () => {
                        const pagefind = await import("/pagefind/pagefind.js");
                        const { results } = await pagefind.search("zanzibar");
                        return Promise.all(results.map(async result => (await result.data()).url));
                    }"""
                )
                browser.close()
        finally:
            server.shutdown()
    assert found == ["/reference/buckets/"]


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""


@pytest.mark.skipif(NPM is None, reason="npm brings Mermaid: install npm")
def test_mermaid_from_npm(config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The script that npm brings is the pinned one, and the next site has it from the cache, without npm."""
    with monkeypatch.context() as patched:
        patched.setenv("PATH", os.environ["PATH"] + os.pathsep + os.path.dirname(NPM or ""))
        assert finish(config) == []
    script = config.parent / "build/site" / SCRIPT
    assert hashlib.sha256(script.read_bytes()).hexdigest() == MERMAID.sha256
    script.unlink()
    assert finish(config) == []
    assert MERMAID.place.read_bytes() == script.read_bytes()
    assert MERMAID.place.is_relative_to(tmp_path / "cache")


def test_mermaid_without_npm(config: Path) -> None:
    """Without npm a warning says what is missing and where to put it, and the rest of the site is finished."""
    [diagnostic] = finish(config)
    assert "npm is not installed; diagrams are shown as text" in diagnostic.message
    assert diagnostic.location.file == str(MERMAID.place)
    assert diagnostic.location.file.endswith(f"/site/mermaid-{MERMAID.version}.min.js")
    assert "put the file there" in diagnostic.hint
    assert not (config.parent / "build/site" / SCRIPT).exists()
    assert site(config).keys() >= TWINS


def test_another_mermaid(config: Path) -> None:
    """A file in the cache that is not the pinned one is not used."""
    MERMAID.place.parent.mkdir(parents=True)
    MERMAID.place.write_text("alert(1)")
    [diagnostic] = finish(config)
    assert diagnostic.message.startswith(f"this is not mermaid.min.js of mermaid {MERMAID.version}")
    assert not (config.parent / "build/site" / SCRIPT).exists()


def test_npm_that_fails(config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If npm cannot download it, or downloads something else, the warning says so."""
    (tmp_path / "npm").write_text("#!/bin/sh\necho 'npm error code ENOTFOUND' >&2\nexit 1\n")
    (tmp_path / "npm").chmod(0o755)
    assert "npm cannot download it: ENOTFOUND" in finish(config)[0].message
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "another"))
    (tmp_path / "npm").write_text("#!/bin/sh\nexit 0\n")
    assert "the file that npm downloaded is not the pinned one" in finish(config)[0].message


def test_no_diagrams(config: Path) -> None:
    """A site without diagrams needs no Mermaid, and is not warned."""
    replaced(config.parent / "docs/index.md", "{ .mermaid #flow }", "text")
    assert finish(config) == []


def test_own_mermaid(config: Path) -> None:
    """A script that lies in the docs folder is the one that is used."""
    write(config.parent / "docs", {SCRIPT: "mine"})
    assert finish(built(config.parent)) == []
    assert (config.parent / "build/site" / SCRIPT).read_text() == "mine"


def test_nothing_built(config: Path) -> None:
    """Where nothing is built the error says how to build, and nothing is written."""
    shutil.rmtree(config.parent / "build")
    with pytest.raises(InputError, match=r"no page of .*\n  build it first: mkdocs build"):
        finish(config)
    assert not (config.parent / "build").exists()


def test_bad_configuration(config: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A configuration that MkDocs refuses is an error with its reason, and nothing is logged."""
    replaced(config, "docs_dir: docs", "docs_dir: nowhere")
    with pytest.raises(ConfigError, match=r"mkdocs.yml: MkDocs cannot read it: .*'docs_dir'.*nowhere"):
        finish(config)
    config.write_text("site_name: [")
    with pytest.raises(ConfigError, match="MkDocs cannot read it"):
        finish(config)
    with pytest.raises(ConfigError, match="there is no such file"):
        finish(config.parent / "other.yml")
    assert not caplog.records


def test_bad_search(config: Path) -> None:
    """A kind of search that there is not is an error that names those there are."""
    replaced(config.parent / "docs/.toolkit/mkdocs.yml", "search: pagefind", "search: google")
    with pytest.raises(ConfigError, match="builtin or pagefind, not 'google'"):
        finish(config)


@pytest.mark.parametrize("missing", ["mkdocs.config", "pagefind.service", "pagefind"])
def test_missing_packages(config: Path, missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without MkDocs or Pagefind the error says what to install."""
    if missing == "pagefind":  # the package, but not its program
        monkeypatch.setattr("pagefind.service.get_executable", lambda: None)
    else:
        monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(ConfigError, match=r"pip install 'proto-toolkit\[site\]'"):
        finish(config)
    assert not site(config)
