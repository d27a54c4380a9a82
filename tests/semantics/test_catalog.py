"""Catalogs: titles and link targets."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from toolkit.errors import ConfigError
from toolkit.semantics.catalog import Catalog, Publication, read_catalog

ENTRY = '[[package]]\nname = "acme.storage.v1"\ntitle = "Storage API"\ndocs_path = "storage/api"\n'


def _read(folder: Path, text: str | bytes) -> Catalog:
    path = folder / "catalog.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_catalog(path)


def test_valid(tmp_path: Path) -> None:
    """An entry says how its package is published; what it leaves out comes from what it says."""
    more = '[[package]]\nname = "acme.zoo.v1"\ntitle = "Zoo"\ndocs_path = "zoo"\nservice_url = "https://zoo.acme"\nsource_dir = "zoo/v1"\n'
    catalog = _read(tmp_path, ENTRY + more)
    assert list(catalog.listed.values()) == [
        Publication("acme.storage.v1", "Storage API", "storage/api", "storage/api"),
        Publication("acme.zoo.v1", "Zoo", "zoo", "zoo/v1", "https://zoo.acme"),
    ]
    assert catalog.publication("acme.zoo.v1").listed


def test_unlisted(tmp_path: Path) -> None:
    """A package that is not listed is published by its name, and is linked only where there is no catalog."""
    catalog = _read(tmp_path, ENTRY)
    assert catalog.publication("acme.zoo.v1") == Publication(
        "acme.zoo.v1", "acme.zoo.v1 API", "acme/zoo/v1", "acme/zoo/v1", listed=False
    )
    assert catalog.publication("") == Publication("", "Default package API", "default", "default", listed=False)
    assert (catalog.linkable("acme.storage.v1"), catalog.linkable("acme.zoo.v1")) == (True, False)
    assert Catalog().linkable("acme.zoo.v1")
    assert _read(tmp_path, "") == Catalog()


ERRORS = [
    ("[[package]\n", "not valid TOML"),
    (b'title = "\xff"', "not valid TOML"),
    ("package = 3\n", r"\[\[package\]\] must be a list of tables"),
    ('[package]\nname = "a"\n', r"\[\[package\]\] must be a list of tables"),
    ("package = [3]\n", "number 1 must be a table"),
    ('[[packages]]\nname = "a"\n', "unknown key 'packages' at the top of the file"),
    (ENTRY + "colour = 'red'\n", "unknown key 'colour' in .*number 1"),
    (ENTRY + "service_url = 3\n", r"number 1 \(acme\.storage\.v1\): service_url must be a string, not 3"),
    (
        ENTRY + ENTRY.replace("storage", "zoo").replace('title = "Storage API"\n', ""),
        r"number 2 \(acme\.zoo\.v1\): title is missing",
    ),
    (ENTRY.replace('name = "acme.storage.v1"\n', ""), "number 1: name is missing"),
    (ENTRY.replace('docs_path = "storage/api"\n', ""), "docs_path is missing"),
    (ENTRY.replace("Storage API", ""), "title must be a non-empty string"),
    ("concepts_url = 'a b](c)'\n", r"concepts_url must be a URL on one line"),
    (ENTRY + "source_url = 'a\\b'\n", r"number 1 \(acme\.storage\.v1\): source_url must be a URL"),
    ("intro = 3\n", "intro must be a string, not 3"),
    (ENTRY + ENTRY, "number 2 lists acme.storage.v1 again"),
]


@pytest.mark.parametrize(("text", "reason"), ERRORS)
def test_errors(tmp_path: Path, text: str | bytes, reason: str) -> None:
    """Whatever is wrong with a catalog, the error says in which file and entry."""
    with pytest.raises(ConfigError, match=reason) as error:
        _read(tmp_path, text)
    assert error.value.location.file == str(tmp_path / "catalog.toml")


def test_unreadable(tmp_path: Path) -> None:
    """A catalog that is not there, or is a folder, is named."""
    for path in (tmp_path / "gone.toml", tmp_path):
        with pytest.raises(ConfigError, match="cannot read the catalog") as error:
            read_catalog(path)
        assert str(path) in str(error.value)


HOSTILE = [
    "../up",
    "a/../b",
    "/etc",
    "a//b",
    "a/",
    ".git",
    "a/.git",
    ".",
    "C:\\x",
    "a\\b",
    "a b",
    "a\nb",
    "a\u0000b",
    "a\u0007",
    "a\u007f",
    "a#b",
    "a?b",
    "a(b)",
    "a[b]",
    "a|b",
    "a<b>",
    'a"b',
    "*",
]


@pytest.mark.parametrize("key", ["docs_path", "source_dir"])
@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_paths(tmp_path: Path, key: str, value: str) -> None:
    """A folder that leads out of the output, is hidden, or would break a link is refused, and shown."""
    text = ENTRY.replace('docs_path = "storage/api"\n', "") if key == "docs_path" else ENTRY
    with pytest.raises(ConfigError, match=f"{key} must be a plain relative path") as error:
        _read(tmp_path, f"{text}{key} = {json.dumps(value)}\n".replace("\x7f", "\\u007f"))
    assert repr(value) in str(error.value)


@pytest.mark.parametrize("value", ["a", "a/b", "a-b_c.d/e1", "é/漢"])
def test_honest_paths(tmp_path: Path, value: str) -> None:
    """Plain folders are taken as they are."""
    catalog = _read(tmp_path, ENTRY.replace("storage/api", value))
    assert catalog.publication("acme.storage.v1").docs_path == value
