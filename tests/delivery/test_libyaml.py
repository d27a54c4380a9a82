"""With libyaml, MkDocs reads the same configuration."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from mkdocs.config import defaults, load_config
from mkdocs.utils.yaml import get_yaml_loader

from tests.support.protos_of import write
from toolkit.delivery.finish.libyaml import use_libyaml
from toolkit.delivery.finish.site import load
from toolkit.errors import ConfigError

TEXT = """
INHERIT: base.yml
site_name: !ENV [NAME_OF_THIS_TEST, "Other: name"]
docs_dir: pages
nav:
  - Home: index.md
  - "A \\u00e9 \\"b\\"": &page a.md
  - Again: *page
extra: {yes: no, date: 2026-01-01, long: "two
  lines"}
markdown_extensions:
  - toc: {permalink: true, slugify: !!python/object/apply:pymdownx.slugs.slugify {kwds: {case: lower}}}
"""
BASE = "theme: {name: mkdocs}\nextra: {kept: 1}\nplugins: []\n"


def test_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tags, anchors, inheritance and escapes mean what they mean to MkDocs alone."""
    monkeypatch.setenv("NAME_OF_THIS_TEST", "From: outside")
    write(tmp_path, {"mkdocs.yml": TEXT, "base.yml": BASE, "pages/index.md": "# A\n", "pages/a.md": "# B\n"})

    def read() -> dict[str, object]:
        found = dict(load_config(str(tmp_path / "mkdocs.yml")))
        return {name: found[name] for name in ("site_name", "docs_dir", "nav", "extra", "markdown_extensions")}

    monkeypatch.setattr(defaults, "get_yaml_loader", get_yaml_loader)
    plain = read()
    use_libyaml()
    assert read() == plain
    assert plain["site_name"] == "From: outside"


@pytest.mark.skipif(not hasattr(yaml, "CLoader"), reason="PyYAML was built without libyaml: install its wheel")
def test_error(tmp_path: Path) -> None:
    """Where the text is not YAML, the error says at which line."""
    write(tmp_path, {"mkdocs.yml": "site_name: x\nnav: [\n"})
    with pytest.raises(ConfigError, match=r"line 3"):
        load(tmp_path / "mkdocs.yml")
