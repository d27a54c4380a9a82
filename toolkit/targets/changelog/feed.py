"""The changelog as an Atom feed, with an entry for each entry.

Source: RFC 4287.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import NAMESPACE_URL, uuid5
from xml.sax.saxutils import escape, quoteattr

from toolkit.printing import printable

FEED = "feed.xml"


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """A revision, in plain text."""

    name: str
    file: str
    updated: str
    """When it was, as in RFC 3339."""
    summary: str


def feed(package: str, entries: Sequence[FeedEntry], address: Callable[[str], str]) -> str:
    """The feed of revisions, newest first.

    The ``package`` is what the feed is about; it is a part of all identifiers. ``address`` is that of a file's page.
    """
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom">',
        f"  <id>{_id(package)}</id>",
        f"  <title>{_text(f'Changes of the API {package}'.rstrip())}</title>",
        f"  <updated>{max(entry.updated for entry in entries)}</updated>",
        f"  <author><name>{_text(package or 'API')}</name></author>",
        f'  <link rel="self" type="application/atom+xml" href={quoteattr(address(FEED))}/>',
        f"  <link href={quoteattr(address('index.md'))}/>",
    ]
    for entry in entries:
        lines += [
            "  <entry>",
            f"    <id>{_id(package, entry.name)}</id>",
            f"    <title>{_text(f'Changes in {entry.name}')}</title>",
            f"    <updated>{entry.updated}</updated>",
            f"    <link href={quoteattr(address(entry.file))}/>",
            f"    <summary>{_text(entry.summary)}</summary>",
            "  </entry>",
        ]
    return "\n".join([*lines, "</feed>"]) + "\n"


def _id(*names: str) -> str:
    """An identifier that is the same whenever and wherever the feed is made."""
    return uuid5(NAMESPACE_URL, f"proto-toolkit changelog {' '.join(names)}").urn


def _text(text: str) -> str:
    return escape(printable(text))
