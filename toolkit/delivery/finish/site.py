"""Completes a built site: Markdown copies of its pages, ``llms.txt``, a search index, the script for diagrams.

MkDocs or Zensical has built the HTML. This step uses none of their plugins or
hooks, only their configuration and their output.
"""

from __future__ import annotations

import functools
import logging
import os
import posixpath
import re
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from toolkit.delivery.finish.npm import MERMAID, VIEWER, NpmFile
from toolkit.delivery.finish.plain import DIAGRAM, Parts, plain, whole
from toolkit.delivery.staging import Staging
from toolkit.descriptors.children import ending_with_this
from toolkit.descriptors.signals import temporary_folder
from toolkit.errors import ConfigError, Diagnostic, InputError, Location, ToolkitError

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure import StructureItem

NEEDS = "pip install 'proto-toolkit[site]'"
SITEMAP = "sitemap.xml"
SCRIPTS = "assets/toolkit"
"""Where pages expect the files of npm packages, relative to the root of the site."""

_INTRO = "Each link is a page in Markdown. [llms-full.txt]({full}) contains all of them in one file."
_PARTS = "A link to an llms.txt leads to the list of all pages in that folder."
MOST_LISTED = 200
"""Pages in ``llms.txt`` at most; if there are more, larger folders have a list of their own."""
MOST_OF_FOLDER = 10
"""Pages of a folder at most that ``llms.txt`` lists nevertheless."""


@dataclass(frozen=True, slots=True)
class _Page:
    """A built page."""

    source: str
    """Its Markdown source, relative to the docs directory."""
    twin: str
    """The Markdown copy next to its HTML, relative to the root of the site."""
    title: str
    description: str
    parts: Parts
    """Its text without what only matters for HTML; links are still those of the source."""
    needs: tuple[NpmFile, ...]
    """What it loads that is neither generated nor part of the theme."""
    is_of_other_version: bool
    """Whether it describes another version of the API than the site; lists of pages leave it out."""


@dataclass(frozen=True, slots=True)
class _Site:
    """A built site."""

    config: MkDocsConfig
    entries: Sequence[StructureItem]
    """The top level of the navigation."""
    pages: Mapping[str, _Page]
    """By source, in the order of the docs directory."""
    addresses: Mapping[str, str]
    """Where each file in the docs directory is on the site: for pages, their Markdown copy."""


def finish(config: Path, *, site_dir: Path | None = None, search: str | None = None) -> list[Diagnostic]:
    """Finish the site that was built from an ``mkdocs.yml``.

    Writes a Markdown copy of each page next to its HTML, ``llms.txt`` and
    ``llms-full.txt`` for the pages in the navigation, an index if the search is
    ``pagefind``, and the scripts that pages need for diagrams and documents; removes a sitemap without
    entries. Files are replaced atomically once all are ready. ``site_dir`` and ``search`` default to
    ``site_dir`` and ``extra.search`` in the file. Raises :class:`InputError` if
    nothing has been built, and :class:`ConfigError` for a wrong configuration.
    """
    settings = load(config, site_dir)
    kind = search or settings.extra.get("search", "builtin")
    if kind not in ("builtin", "pagefind"):
        raise ConfigError(f"extra.search must be builtin or pagefind, not {kind!r}", location=Location(str(config)))
    site = _site(settings)
    if not site.pages:
        hint = f"build it first: mkdocs build --config-file {config}"
        raise InputError(f"no page of {settings.docs_dir} has been built in {settings.site_dir}", hint=hint)
    files = {page.twin: _beside(site, page) for page in site.pages.values()}
    files |= {**_indexes(site), "llms-full.txt": _full(site)}
    made = {path: text.encode("utf-8") for path, text in files.items()}
    brought, diagnostics = _brought(site)
    made |= brought
    top = Path(settings.site_dir)
    if kind == "pagefind":
        made |= _search_index(config, top, site)
    lists = {path for path in made if posixpath.basename(path) == "llms.txt"}
    for own in site.addresses.keys() & {*lists, "llms-full.txt"}:
        del made[own]  # a hand-written file that the builder has copied
    gone = _empty_sitemap(top, site) | (_old_index(top) - made.keys() if kind == "pagefind" else set())
    with Staging(top) as staging:
        staging.commit([staging.add(made)], gone)
    return diagnostics


def _brought(site: _Site) -> tuple[dict[str, bytes], list[Diagnostic]]:
    """The files of npm packages that pages need and the site lacks, and a warning for each that cannot be had."""
    made, diagnostics = {}, []
    for file in dict.fromkeys(file for page in site.pages.values() for file in page.needs):
        path = f"{SCRIPTS}/{file.name}"
        content = file.content() if path not in site.addresses else None
        if isinstance(content, Diagnostic):
            diagnostics.append(content)
        elif content is not None:
            made[path] = content
    return made, diagnostics


def load(config: Path, site_dir: Path | None = None) -> MkDocsConfig:
    """The configuration that MkDocs reads from a file and the one it inherits; :class:`ConfigError` if invalid."""
    try:
        from mkdocs.config import load_config
        from mkdocs.exceptions import MkDocsException

        from toolkit.delivery.finish.libyaml import use_libyaml
    except ImportError:
        raise ConfigError("a docs site needs MkDocs, which is not installed", hint=NEEDS) from None
    if not config.is_file():
        raise ConfigError(
            "there is no such file", location=Location(str(config)), hint="toolkit generate site writes it"
        )
    use_libyaml()
    with _hearing("mkdocs") as said:
        try:
            return load_config(str(config), site_dir=str(site_dir) if site_dir else None)
        except (MkDocsException, OSError) as error:
            reason = "; ".join(said) or str(error)
            raise ConfigError(f"MkDocs cannot read it: {reason}", location=Location(str(config))) from None


@contextmanager
def _hearing(name: str) -> Iterator[list[str]]:
    """Collect the records of a logger instead of printing them, since the build has printed them before."""
    said: list[str] = []

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            said.append(record.getMessage())

    logger, ear = logging.getLogger(name), Ear(logging.ERROR)
    before = logger.handlers, logger.propagate
    logger.handlers, logger.propagate = [ear], False
    try:
        yield said
    finally:
        logger.handlers, logger.propagate = before


def _site(config: MkDocsConfig) -> _Site:
    """The files in the docs directory that were built."""
    from mkdocs.structure.files import get_files
    from mkdocs.structure.nav import get_navigation
    from mkdocs.utils.meta import get_data

    with _hearing("mkdocs"):
        files = get_files(config)
        navigation = get_navigation(files, config)
    titles = {page.file.src_uri: page.title for page in navigation.pages}
    pages, addresses = {}, {}
    for file in files:
        if file.dest_uri == "404.html" or not os.path.isfile(file.abs_dest_path):
            continue
        addresses[file.src_uri] = file.dest_uri
        if file.is_documentation_page():
            twin = addresses[file.src_uri] = file.dest_uri.removesuffix(".html") + ".md"
            text, meta = get_data(file.content_string)
            parts, heading = plain(text)
            title = _line(titles.get(file.src_uri) or meta.get("title") or heading or file.name)
            if not heading:
                parts = [(False, f"# {_line(meta.get('title') or title)}\n\n"), *parts]
            needs = [MERMAID] if any(code and DIAGRAM.match(part) for code, part in parts) else []
            needs += VIEWER if meta.get("viewer") else ()
            description = _line(meta.get("description") or "")
            pages[file.src_uri] = _Page(
                file.src_uri, twin, title, description, parts, tuple(needs), meta.get("version") == "other"
            )
    return _Site(config, navigation.items, pages, addresses)


def _line(text: Any) -> str:
    return " ".join(str(text).split())


def _beside(site: _Site, page: _Page) -> str:
    """The Markdown copy of a page, next to its HTML."""
    folder = posixpath.dirname(page.twin) or "."
    return whole(page.parts, lambda target: _linked(site, page, target, lambda to: posixpath.relpath(to, folder)))


def _linked(site: _Site, page: _Page, target: str, seen: Callable[[str], str]) -> str:
    """The target of a link; for a file in the docs directory, its path on the site."""
    path, mark, rest = re.fullmatch(r"([^?#]*)([?#]?)(.*)", target, re.S).groups()  # type: ignore[union-attr]
    source = posixpath.normpath(posixpath.join(posixpath.dirname(page.source), unquote(path)))
    if not path or source not in site.addresses:
        return target
    return seen(quote(site.addresses[source])) + mark + rest


def _indexes(site: _Site) -> dict[str, str]:
    """``llms.txt``, and that of each folder whose pages it would be too long for, by path."""
    said = _line(site.config.site_description or "")
    parts = _parts(site)
    intro = _INTRO.format(full=_root(site) + "llms-full.txt") + (f" {_PARTS}" if parts else "")
    lines = [f"# {_line(site.config.site_name)}", "", *([f"> {said}", ""] if said else []), intro, ""]
    for entry in site.entries:
        groups: dict[tuple[str, ...], list[str]] = {(): []}  # first the pages outside the sections of this entry
        pages = list(_pages(site, entry))
        for above, page in pages:
            part = parts.get(posixpath.dirname(page.source))
            if part is None or page.source == part.index.source:
                address = _root(site) + quote(part.path if part else page.twin)
                group = () if part and len(above) <= 2 else above[1:2]  # not a section with one line
                groups.setdefault(group, []).append(_listed(page, above[2:], address))
        if pages:
            above, page = pages[0]
            lines += [f"## {above[0] if above else page.title}", ""]
        for group, listed in groups.items():
            lines += [*(f"### {title}\n" for title in group), *listed, *([""] if listed else [])]
    return {"llms.txt": "\n".join(lines), **{part.path: _index_of(site, part) for part in parts.values()}}


@dataclass(frozen=True, slots=True)
class _Part:
    """A folder with a list of its own."""

    index: _Page
    path: str
    """Of the list, relative to the root of the site."""
    listed: list[tuple[tuple[str, ...], _Page]]
    """The pages in the navigation, each with the titles of the sections around it."""
    others: list[_Page]


def _parts(site: _Site) -> dict[str, _Part]:
    """The folders that have a list of their own, by path; each has a first page in the navigation."""
    pages = [listed for entry in site.entries for listed in _pages(site, entry)]
    if len(pages) <= MOST_LISTED:
        return {}
    found: dict[str, list[tuple[tuple[str, ...], _Page]]] = {}
    for above, page in pages:
        found.setdefault(posixpath.dirname(page.source), []).append((above, page))
    others: dict[str, list[_Page]] = {}
    for source in site.pages.keys() - {page.source for _, page in pages}:
        others.setdefault(posixpath.dirname(source), []).append(site.pages[source])
    parts = {}
    for folder, listed in found.items():
        rest = sorted(others.get(folder, []), key=lambda page: page.source)
        index = next((page for _, page in listed if posixpath.basename(page.source) == "index.md"), None)
        if folder and index and len(listed) + len(rest) > MOST_OF_FOLDER:
            parts[folder] = _Part(index, posixpath.join(posixpath.dirname(index.twin), "llms.txt"), listed, rest)
    return parts


def _index_of(site: _Site, part: _Part) -> str:
    """The list of the pages in a folder, those outside the navigation included."""
    folder = posixpath.dirname(part.path)

    def address(page: _Page) -> str:
        return _root(site) + quote(page.twin) if _root(site) else quote(posixpath.relpath(page.twin, folder))

    depth = min(len(above) for above, _ in part.listed)
    said = part.index.description
    lines = [f"# {part.index.title}", "", *([f"> {said}", ""] if said else [])]
    lines += [_listed(page, above[depth:], address(page)) for above, page in part.listed]
    if part.others:
        lines += ["", "## Others", "", *(_listed(page, (), address(page)) for page in part.others)]
    return "\n".join(lines) + "\n"


def _listed(page: _Page, above: Sequence[str], address: str) -> str:
    """A line with a link to a page, below the titles of some sections."""
    title = _unlinked(" / ".join([*(title for title in above if title != page.title), page.title]))
    return f"- [{title}]({address})" + (f": {_unlinked(page.description)}" if page.description else "")


def _unlinked(text: str) -> str:
    """Words in which no link begins; what themes put into attributes has entities, which Markdown has too."""
    return re.sub(r"[\\\[\]]", r"\\\g<0>", text.replace("&quot;", '"'))


def _full(site: _Site) -> str:
    """The content of ``llms-full.txt``: all pages in the navigation."""
    root = _root(site)
    texts = [f"# {_line(site.config.site_name)}\n"]
    for entry in site.entries:
        for _, page in _pages(site, entry):
            linked = functools.partial(_linked, site, page, seen=lambda location: root + location)
            texts.append(f"<!-- {root}{quote(page.twin)} -->\n\n{whole(page.parts, linked)}")
    return "\n---\n\n".join(texts)


def _root(site: _Site) -> str:
    """The prefix of addresses below the root of the site."""
    return f"{site.config.site_url.rstrip('/')}/" if site.config.site_url else ""


def _pages(site: _Site, entry: StructureItem, above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], _Page]]:
    """The built pages in an entry of the navigation, each with the titles of its enclosing sections."""
    from mkdocs.structure.nav import Section
    from mkdocs.structure.pages import Page

    page = site.pages.get(entry.file.src_uri) if isinstance(entry, Page) else None
    if page is not None and not page.is_of_other_version:
        yield above, page
    if isinstance(entry, Section):
        for child in entry.children:
            yield from _pages(site, child, (*above, _line(entry.title)))


_NOT_NEEDED = ("pagefind-ui.", "pagefind-modular-ui.", "pagefind-component-ui.")
"""Pagefind's own dialogs, which the theme replaces."""


_NOT_TEXT = ".facts, pre.diagram, .calls, .declared, .contents, .concepts"
"""What is not worth finding, or would be most of an excerpt."""


def _search_index(config: Path, top: Path, site: _Site) -> dict[str, bytes]:
    """The search index of the built pages, and the script that uses it."""
    try:
        from pagefind.service import get_executable
    except ImportError:
        raise ConfigError("search = pagefind needs Pagefind, which is not installed", hint=NEEDS) from None
    program = get_executable()
    if program is None:
        raise ConfigError("search = pagefind needs the program of Pagefind, which is not installed", hint=NEEDS)
    # Pages in the root are listed by name, since 404.html is there, too.
    names = [twin.removesuffix(".md") for twin in (page.twin for page in site.pages.values()) if "/" not in twin]
    escaped = [re.sub(r"([][?*$:<>(){},\\])", r"\\\1", name) + ".html" for name in names]
    with temporary_folder() as folder:
        command = [str(program), "--site", str(top), "--output-path", folder, "--quiet"]
        command += ["--glob", f"{{{','.join(['**/*/*.html', *escaped])}}}", "--exclude-selectors", _NOT_TEXT]
        ran = subprocess.run(ending_with_this(command), cwd=config.parent, capture_output=True, check=False)
        if ran.returncode:
            said = (ran.stderr or ran.stdout).decode("utf-8", "replace").strip()
            raise ToolkitError(f"pagefind cannot index {str(top)!r}: {said or f'exit code {ran.returncode}'}")
        paths = [path for path in Path(folder).rglob("*") if path.is_file()]
        kept = {f"pagefind/{path.relative_to(folder).as_posix()}": path for path in paths}
        return {name: path.read_bytes() for name, path in sorted(kept.items()) if not path.name.startswith(_NOT_NEEDED)}


def _empty_sitemap(top: Path, site: _Site) -> set[str]:
    """The sitemap that Zensical writes even if pages have no address."""
    path = top / SITEMAP
    is_empty = SITEMAP not in site.addresses and path.is_file() and b"<loc>" not in path.read_bytes()
    return {SITEMAP} if is_empty else set()


def _old_index(top: Path) -> set[str]:
    """The files of the index that a previous run wrote."""
    return {path.relative_to(top).as_posix() for path in (top / "pagefind").rglob("*") if path.is_file()}
