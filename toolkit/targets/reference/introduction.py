"""What the index page of an API says before the list of services."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources
from pathlib import Path

from toolkit.semantics.catalog import Introduction, read_catalog
from toolkit.targets.reference.style import Style

_HOST = re.compile(r"\w+://([^/:@?#{]+)")
_HOSTS = {"bitbucket.org": "Bitbucket", "github.com": "GitHub", "gitlab.com": "GitLab"}
"""What well-known hosts of source code are called."""


@cache
def published(package: str) -> Introduction:
    """What the index pages of the published styles say, by the Python package of a target."""
    return read_catalog(Path(str(resources.files(package) / "published.toml"))).introduction


def opening(introduction: Introduction, style: Style, directory: str, package: str = __package__) -> list[str]:
    """The first paragraphs of an index page, in Markdown; ``directory`` is that of the .proto files, URL-encoded.

    The published styles say what was published where the catalog says nothing.
    """
    said = introduction if style.plain else introduction.over(published(package))
    first = [said.intro] if said.intro else []
    if said.concepts_url:
        first.append(f"For more information about API architecture, see [API Concepts]({said.concepts_url}).")
    paragraphs = [" ".join(first)] if first else []
    if address := said.definitions(directory):
        paragraphs.append(f"**Interface definitions** available at [{_host(address)}]({address}).")
    return paragraphs


def interfaces(introduction: Introduction, package: str) -> str:
    """Where the .proto files of an API of several hosts are, in the published styles: in a repository."""
    said = introduction.over(published(package))
    address = said.source_url or said.source_root.partition("/tree/")[0]
    return f"See the interface definitions of the API on [{_host(address)}]({address})."


def _host(address: str) -> str:
    found = _HOST.match(address)
    return _HOSTS.get(found[1].lower(), found[1]) if found else "this address"
