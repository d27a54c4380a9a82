"""Reads mkdocs.yml, and replaces its generated lines; the rest belongs to the user."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote

from toolkit.errors import ConfigError, Location

CONFIG = "mkdocs.yml"
BEGIN, END = "# toolkit: navigation", "# toolkit: end"
LANDING = "index.md"
"""A starter page, which belongs to the user once it exists."""
_BLOCK = re.compile(rf"^(?P<indent>[ \t]*){BEGIN}[ \t]*(?P<ending>\r?\n)(?:.*\n)*?[ \t]*{END}[ \t]*(?=\r?$)", re.M)
_DOCS = re.compile(
    r"^docs_dir:[ \t]+(?!(?:true|false|yes|no|on|off|null)\s)((?:\./)?[A-Za-z_][A-Za-z0-9_./-]*)[ \t]*\r?$", re.M | re.I
)
"""A value that means the same in every YAML parser, as nearly all do."""


@dataclass(frozen=True)
class Configuration:
    """The mkdocs.yml of a site, or the one that a new site starts with."""

    folder: Path
    """Its directory, which is created if missing."""
    starter: Callable[[], str]
    """Returns the text for a new site."""

    @cached_property
    def _text(self) -> str:
        text = read_config(self.folder / CONFIG)
        return text if text is not None else self.starter()

    @cached_property
    def docs_dir(self) -> str:
        """The directory of the pages, relative to its own."""
        return docs_dir(self._text)

    def below(self, folder: Path) -> str | None:
        """The path of a directory below that of the pages, or None."""
        docs, inner = os.path.abspath(self.folder / self.docs_dir), os.path.abspath(folder)
        return Path(inner).relative_to(docs).as_posix() if os.path.commonpath((docs, inner)) == docs else None

    @property
    def address(self) -> Address | None:
        """Where the site will be; None if it does not say."""
        return Address.read(self._text)

    def with_navigation(self, block: str) -> str:
        """The text with these lines as the navigation of the reference."""
        return with_navigation(self._text, block, str(self.folder / CONFIG))


def read_config(path: Path) -> str | None:
    """The text of a mkdocs.yml, or None if there is none."""
    try:
        return path.read_bytes().decode() if path.is_file() else None  # keeps its line endings
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"cannot read it: {error}", location=Location(str(path))) from None


def docs_dir(config: str) -> str:
    """The directory of pages in a mkdocs.yml; the default of MkDocs is ``docs``."""
    if "docs_dir" not in config:
        return "docs"
    plain = _DOCS.findall(config)
    value = plain[0] if len(plain) == config.count("docs_dir") == 1 else _read_docs_dir(_BLOCK.sub("", config))
    if not isinstance(value, str) or not value:
        raise ConfigError(f"docs_dir must be a path, not {value!r}", location=Location(CONFIG))
    return posixpath.normpath(value)


def _read_docs_dir(config: str) -> object:
    """The value as MkDocs reads it, with the YAML library that it installs."""
    try:
        import yaml
        from yaml_env_tag import construct_env_tag
    except ImportError:
        hint = "pip install 'proto-toolkit[site]', or write it without quotes or special characters"
        raise ConfigError("reading this docs_dir requires PyYAML, which is not installed", hint=hint) from None

    loader: Any = type("Loader", (yaml.SafeLoader,), {})
    loader.add_constructor("!ENV", construct_env_tag)
    loader.add_multi_constructor("", lambda loader, suffix, node: None)  # other tags name Python functions
    try:
        content = yaml.load(config, loader)  # noqa: S506 — a SafeLoader
    except yaml.YAMLError as error:
        raise ConfigError(f"not valid YAML: {error}", location=Location(CONFIG)) from None
    return content.get("docs_dir", "docs") if isinstance(content, dict) else "docs"


_ADDRESS = re.compile(r"""^site_url:[ \t]+(["']?)(https?://[^\s"'#]+)\1[ \t]*(?:#.*)?\r?$""", re.M)
_FILES = re.compile(r"^use_directory_urls:[ \t]+(?:false|no|off)[ \t]*(?:#.*)?\r?$", re.M | re.I)


@dataclass(frozen=True, slots=True)
class Address:
    """Where a site will be, as its mkdocs.yml says."""

    url: str
    directories: bool
    """Whether the address of a page is a directory."""

    @classmethod
    def read(cls, config: str) -> Address | None:
        """The address in a mkdocs.yml; None if there is none, or it depends on the environment."""
        found = _ADDRESS.search(config)
        return cls(found[2].rstrip("/"), _FILES.search(config) is None) if found is not None else None

    def of(self, folder: str, file: str) -> str:
        """The address of a file in a folder below that of the pages."""
        name = file.removesuffix(".md")
        if name != file:
            name = f"{name}{'/' if self.directories else '.html'}"
            name = {"index/": "", "index.html": ""}.get(name, name)
        return f"{self.url}/{quote(posixpath.normpath(folder))}/{quote(name)}"


def with_navigation(config: str, block: str, file: str) -> str:
    """A mkdocs.yml with the lines between the two marks replaced by ``block``, indented like the first mark."""
    found = _BLOCK.search(config)
    if found is None:
        raise ConfigError(
            "there are no marks for the navigation of the reference",
            location=Location(file),
            hint=f"add the lines '{BEGIN}' and '{END}' below nav:, where the reference should be",
        )
    indent = found["indent"]
    lines = [BEGIN, *block.splitlines(), END]
    text = found["ending"].join(f"{indent}{line}" for line in lines)
    return config[: found.start()] + text + config[found.end() :]
