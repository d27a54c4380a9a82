"""A program that builds the HTML of some pages of a site with MkDocs, with the navigation of all.

It is started with the path of a JSON file, whose content is that of
:class:`Order`, and writes a :class:`Rendered` beside it. With ``--rehearse``,
it builds what that file orders as a rehearsal, which loads all that is needed,
and then builds what another file orders, whose path is a line of its input.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence
from contextlib import suppress
from logging import WARNING
from pathlib import Path
from typing import Any, TextIO

import msgspec
from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page

from toolkit.delivery.finish.libyaml import use_libyaml
from toolkit.delivery.shards import Shard

RESULT = "result.json"
_READ_ONE = frozenset({"search", "material/search"})
"""Plugins that look at one page at a time."""

REHEARSE = "--rehearse"


class Order(msgspec.Struct, frozen=True):
    """What to build: the pages of a shard with the files around them, or some pages."""

    config: str
    site_dir: str
    number: int = 0
    count: int = 0
    pages: list[str] = []
    """Sources, if there is no shard."""
    strict: bool = True


class Rendered(msgspec.Struct, frozen=True):
    """What was built."""

    pages: list[tuple[str, str, str]]
    """Source, address and path of all pages, in the order in which they are built."""
    mine: list[int]
    """Which of them were built."""
    anchors: list[tuple[str, str, str]]
    """Links to anchors in pages that others build, if MkDocs must check them: source, source of the page, anchor."""


class _Compiled(BytecodeCache):
    """The compiled templates of earlier builds; Jinja compares them with their sources."""

    def __init__(self) -> None:
        self._known: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take a template that was compiled before."""
        if (known := self._known.get(bucket.key)) is not None:
            bucket.bytecode_from_string(known)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Remember a template."""
        self._known[bucket.key] = bucket.bytecode_to_string()


class PartPlugin(BasePlugin):  # type: ignore[type-arg,no-untyped-call]
    """Builds only some pages; of others it reads what the navigation shows, or all that plugins may need."""

    def __init__(self, order: Order, reads_all: bool) -> None:
        self._order = order
        self._shard = Shard(order.number, order.count) if order.count else None
        self._reads_all = reads_all
        self._pages: list[File] = []
        self._mine: list[int] = []
        self._others: set[str] = set()

    @event_priority(-100)
    def on_nav(self, nav: Navigation, /, *, config: MkDocsConfig, files: Files) -> Navigation:
        """Decide which pages to build, and have MkDocs leave out the text of the others."""
        self._pages = list(files.documentation_pages())
        if self._shard is not None:
            self._mine = self._shard.share([1000 + len(page.content_bytes) for page in self._pages])
        else:
            wanted = {*self._order.pages}
            self._mine = [at for at, page in enumerate(self._pages) if page.src_uri in wanted]
        mine = {self._pages[at].src_uri for at in self._mine}
        self._others = {page.src_uri for page in self._pages} - mine
        if not self._reads_all:
            untitled = {page.file.src_uri for page in nav.pages if not self._has_title(page, config)}
            unread = self._others - untitled
            for page in self._pages:
                if page.src_uri in unread:
                    _leave_out(page)
        return nav

    def _has_title(self, page: Page, config: MkDocsConfig) -> bool:
        """Whether a page in the navigation has a title without its text, after reading what is before the text."""
        if page.file.src_uri in self._others:
            page.read_source(config)
        return "title" in page.__dict__ or bool(page.meta.get("title"))

    @event_priority(-100)
    def on_env(self, env: Any, /, *, config: MkDocsConfig, files: Files) -> Any:
        """Have MkDocs write these pages only, and all other files in the first shard only."""
        has_files = self._shard is not None and self._shard.is_first
        for file in files:
            if file.src_uri in self._others or not (has_files or file.is_documentation_page()):
                _leave_out(file)
        return env

    def rendered(self, config: MkDocsConfig) -> Rendered:
        """What was built."""
        anchors = []
        mine = [self._pages[at] for at in self._mine] if config.validation.links.anchors >= WARNING else []
        for file in mine:
            links = file.page.links_to_anchors if file.page is not None else None
            for other, found in (links or {}).items():
                if other.src_uri in self._others:
                    anchors += [(file.src_uri, other.src_uri, anchor) for anchor in found]
        return Rendered([(page.src_uri, page.url, page.dest_uri) for page in self._pages], self._mine, anchors)


def _leave_out(file: File) -> None:
    """Have MkDocs neither read nor write a file, as in a dirty build if it is not modified."""
    file.is_modified = lambda: False  # type: ignore[method-assign]


def main(arguments: Sequence[str], told: TextIO) -> None:
    """Build what a file orders, whose path is the last argument or, after a rehearsal, told; messages are MkDocs's."""
    compiled = _Compiled()
    if arguments[0] == REHEARSE:
        logging.disable()
        with suppress(Exception, SystemExit):  # what is wrong is said by the build
            _build(Path(arguments[-1]), compiled, only_if_simple=True)
        logging.disable(logging.NOTSET)
        path = told.readline().rstrip("\n")
        if not path:
            return
    else:
        path = arguments[-1]
    logging.basicConfig(format="%(levelname)-8s-  %(message)s", stream=sys.stdout)
    logging.getLogger("mkdocs").setLevel(logging.INFO)
    # MkDocs leaves out unmodified pages in a dirty build only, and warns of it, which is an error in a strict one.
    logging.getLogger("mkdocs.commands.build").addFilter(lambda record: "'dirty' build" not in str(record.msg))
    _build(Path(path), compiled)


def _build(path: Path, compiled: BytecodeCache, *, only_if_simple: bool = False) -> None:
    """Build what a file orders; if that must be ``simple``, not where plugins or hooks may notice a rehearsal."""
    use_libyaml()
    order = msgspec.json.decode(path.read_bytes(), type=Order)
    config = load_config(order.config, site_dir=order.site_dir, strict=order.strict)
    reads_all = bool(config.hooks) or not _READ_ONE.issuperset(config.plugins)
    if only_if_simple and reads_all:
        return
    plugin = PartPlugin(order, reads_all)
    config.plugins["toolkit-part"] = plugin
    if not order.count:
        _prepare_theme(config, compiled)
    config.plugins.on_startup(command="build", dirty=False)
    try:
        build(config, dirty=True)
    finally:
        config.plugins.on_shutdown()
    (path.parent / RESULT).write_bytes(msgspec.json.encode(plugin.rendered(config)))


def _prepare_theme(config: MkDocsConfig, compiled: BytecodeCache) -> None:
    """Have MkDocs use compiled templates, and not look for other files, since it writes pages only."""
    make = config.theme.get_env

    def get_env() -> Environment:
        env = make()
        env.bytecode_cache = compiled
        env.list_templates = _no_templates  # type: ignore[method-assign]
        return env

    config.theme.get_env = get_env  # type: ignore[method-assign]
    config.theme.static_templates.clear()
    config.extra_templates.clear()


def _no_templates(*args: Any, **kwargs: Any) -> list[str]:
    """The icons of a theme alone are more than 10,000."""
    return []


if __name__ == "__main__":
    main(sys.argv[1:], sys.stdin)
