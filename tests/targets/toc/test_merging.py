"""Tables of contents: the generated item in a file that someone wrote."""

from __future__ import annotations

import pytest

from toolkit.errors import ConfigError
from toolkit.targets.toc.merging import merged

TOC = "title: Ours\nitems:\n  - name: Before\n    href: a.md\n  - name: API reference\n    items:\n      - name: Old\n\n  - name: After\n    href: b.md\n"


def test_only_the_item_is_replaced() -> None:
    """All other lines stay, and the new item is indented like the old one."""
    made = merged(
        TOC, lambda column: f"{' ' * column}- name: API reference\n{' ' * column}  href: new.md\n", "toc.yaml"
    )
    assert made == TOC.replace("    items:\n      - name: Old\n", "    href: new.md\n")


def test_no_item() -> None:
    """Without the item, the error says which line to write."""
    with pytest.raises(ConfigError) as caught:
        merged("items:\n  - name: Other\n", lambda column: "", "toc.yaml")
    assert "- name: API reference" in (caught.value.hint or "")
