"""Building the HTML of a site leaves alone what is not a site."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.protos_of import write
from toolkit.delivery.finish.builder import build_html
from toolkit.errors import ConfigError

PAGES = {"pages/index.md": "# Home\n", "mkdocs.yml": "site_name: X\ndocs_dir: pages\n"}


@pytest.mark.slow(reason="builds sites with MkDocs")
def test_replaces_sites_only(tmp_path: Path) -> None:
    """A directory of something else, by default ``site``, is not emptied; a new, an empty and a built one are used."""
    write(tmp_path, {**PAGES, "site/guides/mine.md": "# Mine\n"})
    config = tmp_path / "mkdocs.yml"
    with pytest.raises(ConfigError, match=r"would empty '.*/site', which is not a built site") as caught:
        build_html(config)
    assert "site_dir" in caught.value.hint
    assert (tmp_path / "site/guides/mine.md").read_text() == "# Mine\n"
    (tmp_path / "empty").mkdir()
    for folder in (tmp_path / "new", tmp_path / "empty"):
        for _ in range(2):
            assert build_html(config, folder) == folder
        assert (folder / "index.html").is_file()
