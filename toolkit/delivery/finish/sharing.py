"""Shards of the HTML of a site: each builds some of the pages, and a merge joins them, the search index included."""

from __future__ import annotations

import html
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from hashlib import blake2b
from importlib.metadata import PackageNotFoundError, version
from itertools import chain
from pathlib import Path
from typing import Any

import msgspec

from toolkit.delivery import shards
from toolkit.delivery.compare import digest
from toolkit.delivery.finish import BUILDERS
from toolkit.delivery.finish.builder import built
from toolkit.delivery.finish.site import load
from toolkit.delivery.merge import AGAIN, Source, directory
from toolkit.delivery.shards import Html, Shard
from toolkit.delivery.staging import Staging
from toolkit.descriptors.signals import temporary_folder
from toolkit.errors import ConfigError, InputError, OutputError

SEARCH = "search/search_index.json"
"""The search index, which MkDocs writes for the pages that it builds."""
_PACKAGES = ("mkdocs", "mkdocs-material", "markdown", "pymdown-extensions", "pygments")


def build_share(config: Path, home: Path, site_dir: Path | None, builder: str, shard: Shard) -> Html:
    """Build the share of a shard with ``--strict``; ``home`` is the folder of its file."""
    from toolkit.delivery.finish.rendering import RESULT, Order, Rendered

    if builder != BUILDERS[0]:
        raise ConfigError(f"{builder} builds all pages at once", hint=f"use --shard with {BUILDERS[0]}")
    site = Path(load(config, site_dir).site_dir)
    with temporary_folder() as folder:
        top, order = Path(folder, "site"), Path(folder, "order.json")
        ordered = Order(str(config), str(top), shard.number, shard.count)
        order.write_bytes(msgspec.json.encode(ordered))
        built(["toolkit.delivery.finish.rendering", str(order)], config, builder)
        rendered = msgspec.json.decode(Path(folder, RESULT).read_bytes(), type=Rendered)
        files, search = _hand_over(top, site, rendered.pages, rendered.mine, shard)
    return Html(
        config=shards.below(home, config, "the directory of the site"),
        site_dir=shards.below(home, site, "the directory of the HTML"),
        input=_input(config, site),
        pages={rendered.pages[at][0]: (at, *rendered.pages[at][1:]) for at in rendered.mine},
        files=files,
        anchors=rendered.anchors,
        search=search,
    )


def _hand_over(
    top: Path, site: Path, pages: Sequence[tuple[str, str, str]], mine: Sequence[int], shard: Shard
) -> tuple[dict[str, str], str]:
    """Move the files of a share from where they were built; their digests, and that of the search index."""
    all_pages = {path for _, _, path in pages}
    paths = [path for path in (pages[at][2] for at in mine) if (top / path).is_file()]
    if shard.is_first:
        paths += [path for path in _below(top) if path not in all_pages and path != SEARCH]
    search = ""
    with Staging(site) as staging:
        staged = [staging.add({path: (top / path).read_bytes()}) for path in paths]
        files = {path: made for part in staged for path, made in part.paths.items()}
        if (top / SEARCH).is_file():
            staged.append(staging.add({_search_of(shard): (top / SEARCH).read_bytes()}))
            search = staged[-1].paths[_search_of(shard)]
        staging.commit(staged)
    return files, search


def _search_of(shard: Shard) -> str:
    return f"search/search_index.{shard.number}-of-{shard.count}.json"


def _below(top: Path) -> Iterator[str]:
    """The files below a directory, except those whose names begin with a dot at the top, which builders leave alone."""
    for folder, _, names in os.walk(top):
        for name in names:
            path = Path(folder, name).relative_to(top).as_posix()
            if not path.startswith("."):
                yield path


def _input(config: Path, site: Path) -> str:
    """A hash of what the HTML is built from."""
    from mkdocs.structure.files import get_files

    said = [("", digest(config.read_bytes()))]
    said += [(file.src_uri, digest(file.content_bytes)) for file in get_files(load(config, site))]
    for name in _PACKAGES:
        with suppress(PackageNotFoundError):
            said.append((name, version(name)))
    return blake2b(json.dumps(sorted(said)).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def shares_of(found: Sequence[Source], home: Path) -> list[Html]:
    """The HTML of each shard, none if no shard has any; raises :class:`InputError` if they don't fit together."""
    shares = [(source, source.file.html) for source in found]
    have = [share for _, share in shares if share is not None]
    if not have:
        return []
    for source, share in shares:
        if share is None:
            hint = f"run: toolkit build --shard {source.shard}"
            raise InputError(f"shard {source.shard} did not build HTML", hint=hint)
        if (share.input, share.config, share.site_dir) != (have[0].input, have[0].config, have[0].site_dir):
            both = f"shards {found[0].shard} and {source.shard}"
            raise InputError(f"{both} did not build HTML from the same pages", hint=AGAIN)
        if os.path.realpath(directory(home, share.site_dir, source.path)) == os.path.realpath(home):
            raise ConfigError(
                "the directory of the HTML cannot be that of toolkit.toml", hint="set site_dir in mkdocs.yml"
            )
    _check_once(found, have)
    _check_anchors(found, have)
    return have


def _check_once(found: Sequence[Source], shares: Sequence[Html]) -> None:
    """Raise if two shards have the same file."""
    owners: dict[str, Source] = {}
    for source, share in zip(found, shares, strict=True):
        for path in share.files:
            if path in owners:
                said = f"shards {owners[path].shard} and {source.shard} both built {path!r}"
                raise InputError(said, hint=AGAIN)
            owners[path] = source


def _check_anchors(found: Sequence[Source], shares: Sequence[Html]) -> None:
    """Raise :class:`OutputError` for links to anchors that don't exist, which no shard sees in pages of others."""
    wanted: dict[str, list[tuple[str, str]]] = {}
    for page, other, anchor in chain.from_iterable(share.anchors for share in shares):
        wanted.setdefault(other, []).append((page, anchor))
    broken = []
    for source, share in zip(found, shares, strict=True):
        for other in share.pages.keys() & wanted.keys():
            path = share.pages[other][2]
            files = source.read(share.site_dir, {path: share.files[path]} if path in share.files else {})
            text = html.unescape(files.get(path, b"").decode("utf-8", "replace"))
            for page, anchor in wanted[other]:
                if f'"{anchor}"' not in text and f"={anchor}" not in text:
                    broken.append(f"{page} has a link to {other}#{anchor}, but there is no such anchor")
    if broken:
        raise OutputError(
            "the HTML has broken links:\n" + "\n".join(sorted(broken)), hint="correct them, and build again"
        )


def join(found: Sequence[Source], shares: Sequence[Html], home: Path) -> tuple[Path, Path]:
    """Write the HTML of all shards, and remove other files from its directory; the mkdocs.yml and the directory.

    Raises :class:`InputError` if the shards built other pages than those in ``home``.
    """
    config = directory(home, shares[0].config, found[0].path)
    site = directory(home, shares[0].site_dir, found[0].path)
    if _input(config, site) != shares[0].input:
        hint = "merge into a checkout of the commit that the shards were built from, with the same packages installed"
        raise InputError(f"the pages of {config} are not those that the shards built", hint=hint)
    search = _search(found, shares)
    with Staging(site) as staging:
        staged = [staging.add(search)]
        for source, share in zip(found, shares, strict=True):
            for path, made in share.files.items():  # one by one, since HTML is large
                staged.append(staging.add(source.read(share.site_dir, {path: made})))
        made_all = {path for part in staged for path in part.paths}
        others = [path for path in _below(site) if path not in made_all and not path.startswith(".toolkit-")]
        staging.commit(staged, others)
    return config, site


def _search(found: Sequence[Source], shares: Sequence[Html]) -> Mapping[str, bytes]:
    """The search index of all shards, with the entries in the order of the pages."""
    places = {address: at for share in shares for at, address, _ in share.pages.values()}
    index: dict[str, Any] = {}
    entries: list[dict[str, Any]] = []
    for source, share in zip(found, shares, strict=True):
        if share.search:
            name = _search_of(source.shard)
            part = json.loads(source.read(share.site_dir, {name: share.search})[name])
            if "index" in part:
                raise ConfigError(
                    "prebuilt search indexes cannot be merged", hint="remove prebuild_index in mkdocs.yml"
                )
            entries += part["docs"]
            index = index or part
    if not index:
        return {}
    index["docs"] = sorted(entries, key=lambda entry: places.get(entry["location"].partition("#")[0], -1))
    return {SEARCH: json.dumps(index, separators=(",", ":")).encode("utf-8")}
