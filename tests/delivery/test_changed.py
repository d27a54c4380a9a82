"""What other pages show of a page, which decides whether they are built again, too."""

from __future__ import annotations

from pathlib import Path

import pytest

from toolkit.delivery.finish.changed import head_of

PAGE = "---\ntitle: One\nkind: method\n---\n\n# One\n\nText.\n"


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("title: One", "title: Two", True),
        ("# One", "# Two", True),
        ("kind: method", "kind: method\nstatus: deprecated", True),
        ("Text.", "Other text.", False),
        ("kind: method", "kind: message", False),
    ],
)
def test_head(tmp_path: Path, old: str, new: str, shown: bool) -> None:
    """Other pages show the title of a page, its heading, and whether it is deprecated, but not its text."""
    page = tmp_path / "page.md"
    page.write_text(PAGE)
    before = head_of(str(page))
    page.write_text(PAGE.replace(old, new))
    assert (head_of(str(page)) != before) == shown
