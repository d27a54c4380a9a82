"""What the toolkit reads of a mkdocs.yml, compared with MkDocs."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from mkdocs.config import load_config

from toolkit.errors import ConfigError
from toolkit.targets.site import mkdocs
from toolkit.targets.site.mkdocs import docs_dir

VALUES = [
    "docs_dir: pages",
    "docs_dir: ./pages/",
    "docs_dir: pages/inner  ",
    "docs_dir: a#b",
    "docs_dir: a #b",
    "docs_dir: a'b",
    "docs_dir: 'a b'",
    "docs_dir: 'it''s'",
    'docs_dir: "a\\u0062"',
    "docs_dir: .",
    "docs_dir:\n  pages",
    "docs_dir: &name pages",
    '"docs_dir": pages',
    "docs_dir: !ENV [DOCS_OF_THIS_TEST, other]",
    "docs_dir: !ENV [NOT_SET, pages]",
    "docs_dir: one\ndocs_dir: two",
    "extra: {docs_dir: not}",
    "# docs_dir: not",
    "docs_dir: 'no'",
    "theme: {name: mkdocs}",
]


@pytest.mark.parametrize("line", VALUES)
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_docs_dir(line: str, ending: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The directory of pages is the one that MkDocs reads."""
    monkeypatch.setenv("DOCS_OF_THIS_TEST", "pages")
    text = f"site_name: Mine\n{line}\nmarkdown_extensions:\n  - toc:\n      slugify: !!python/name:os.path.join\n"
    path = tmp_path / "project/mkdocs.yml"
    path.parent.mkdir()
    for folder in ("docs", "pages/inner", "a#b", "a", "a'b", "a b", "it's", "ab", "other", "one", "two", "no"):
        (path.parent / folder).mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.replace("\n", ending).encode())
    try:
        expected = Path(load_config(str(path), site_dir=str(tmp_path / "built"))["docs_dir"])
    except Exception as error:  # "." contains the file itself, which MkDocs refuses
        assert "docs_dir" in str(error) or line.endswith(" .")  # noqa: PT017
        expected = path.parent
    assert (path.parent / docs_dir(path.read_bytes().decode())).resolve() == expected.resolve()


@pytest.mark.parametrize(
    "line", ["docs_dir: 1", "docs_dir: true", "docs_dir:", "docs_dir: [a]", "docs_dir: 'a", 'docs_dir: ""']
)
def test_no_path(line: str) -> None:
    """Anything but a path, or invalid YAML, is an error."""
    with pytest.raises(ConfigError):
        docs_dir(f"{line}\n")


def test_without_yaml(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without PyYAML a plain value is read, and any other is an error that says what to do."""
    monkeypatch.setitem(sys.modules, "yaml", None)
    assert docs_dir("docs_dir: pages\n") == "pages"
    with pytest.raises(ConfigError, match="PyYAML") as caught:
        docs_dir("docs_dir: 'pages'\n")
    assert "proto-toolkit[site]" in str(caught.value)


def test_navigation_is_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The generated lines, of which there are thousands on a large site, are not parsed."""
    config = f"nav:\n  {mkdocs.BEGIN}\n  - [\n  {mkdocs.END}\ndocs_dir: 'pages'\n"
    assert docs_dir(config) == "pages"
