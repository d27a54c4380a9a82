"""On large sites, llms.txt is split by folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.delivery.test_finish import DOCS, built, replaced, site
from tests.support.protos_of import write
from toolkit.delivery.finish.site import finish

pytestmark = pytest.mark.slow(reason="builds sites with MkDocs")


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """The mkdocs.yml of a project with the search that comes with the theme."""
    base = DOCS["docs/.toolkit/mkdocs.yml"].replace("search: pagefind", "search: builtin")
    write(tmp_path, {**DOCS, "docs/.toolkit/mkdocs.yml": base})
    return tmp_path / "mkdocs.yml"


def test_index_in_parts(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With many pages, a large folder has an llms.txt of its own, which also lists what the navigation leaves out."""
    monkeypatch.setattr("toolkit.delivery.finish.site.MOST_LISTED", 3)
    monkeypatch.setattr("toolkit.delivery.finish.site.MOST_OF_FOLDER", 4)
    (config.parent / "docs/reference/unlisted.md").write_text("---\ndescription: Of [no] use.\n---\n# Left out\n")
    finish(built(config.parent))
    texts = site(config)
    assert texts["llms.txt"].endswith(
        "contains all of them in one file. A link to an llms.txt leads to the list of all pages in that folder.\n\n"
        "## Start\n\n- [Start](index.md): Where to start.\n\n"
        "## Reference\n\n- [The reference](reference/llms.txt): What there is.\n"
    )
    assert texts["reference/llms.txt"] == (
        "# The reference\n\n> What there is.\n\n"
        "- [The reference](index.md): What there is.\n"
        "- [Storage / Buckets](buckets/index.md)\n"
        "- [Storage / Buckets / Get \\[one\\]](get/index.md)\n"
        "- [After](after/index.md)\n\n"
        "## Others\n\n- [Left out](unlisted/index.md): Of \\[no\\] use.\n"
    )
    replaced(config, "site_name", "site_url: https://docs.example.com/api\nsite_name")
    finish(config)
    texts = site(config)
    assert "(https://docs.example.com/api/reference/llms.txt)" in texts["llms.txt"]
    assert "- [After](https://docs.example.com/api/reference/after/index.md)" in texts["reference/llms.txt"]


def test_own_part(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An llms.txt in a folder of pages stays as it was written, too."""
    monkeypatch.setattr("toolkit.delivery.finish.site.MOST_LISTED", 3)
    monkeypatch.setattr("toolkit.delivery.finish.site.MOST_OF_FOLDER", 3)
    (config.parent / "docs/reference/llms.txt").write_text("Mine.\n")
    finish(built(config.parent))
    assert site(config)["reference/llms.txt"] == "Mine.\n"
