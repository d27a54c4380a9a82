"""How long a reader waits in a preview: from saving a comment to the new page in a browser.

python -m tests.preview [TREE] [PACKAGES, SERVICES or FILES]... [--edits 5] [--pause 3]
"""

from __future__ import annotations

import argparse
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.site.conftest import FLAGS
from tests.support.published import CLOUDAPI, import_roots

_PATIENCE = 1_800
"""Seconds for the first build, and for a page to change."""
_IS_SHOWN = "word => document.querySelector('.about')?.textContent.includes(word)"
"""Asked in every frame, while ``expect`` looks once a second."""
_METHOD = re.compile(r"^  rpc (\w+)", re.M)


def main(arguments: Sequence[str]) -> int:
    """Print the seconds until each new page is shown, and their median."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tree", nargs="?", type=Path, default=CLOUDAPI / "2026-06-29-8ad214f2")
    parser.add_argument("names", nargs="*")
    parser.add_argument("--file", default="yandex/cloud/compute/v1/image_service.proto", help="the file to edit")
    parser.add_argument("--edits", type=int, default=5)
    parser.add_argument("--pause", type=float, default=3, help="seconds from a new page to the next edit")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(given.tree, folder / "tree")
        roots = [folder / "tree" / root.relative_to(given.tree) for root in import_roots(given.tree)]
        (folder / "toolkit.toml").write_text(f"proto_path = {[str(root) for root in roots]}\n[site]\n")
        edited = next(path for root in roots if (path := root / given.file).is_file())
        with _serving(folder, given.names) as (address, first):
            pages = sum(1 for _ in (folder / "site").rglob("*.md"))
            print(f"{pages} pages, first build {first:.1f} s")
            waits = _waits(address, edited, given.edits, given.pause)
    print(f"{', '.join(f'{wait:.2f}' for wait in waits)}; median {statistics.median(waits):.2f} s")
    return 0


def _waits(address: str, edited: Path, edits: int, pause: float) -> list[float]:
    """The seconds from saving the file to the page of its first method in the browser, for each edit."""
    source = edited.read_text("utf-8")
    package, service, method = (re.findall(pattern, source, re.M)[0] for pattern in _PARTS)
    waits = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        page = browser.new_page()
        page.goto(f"{address}reference/{package}/{service}.{method}/")
        for number in range(edits):
            word = f"Edited{number}."
            changed = _METHOD.sub(rf"  // {word}\n  rpc \1", source, count=1)
            begun = time.monotonic()
            edited.write_text(changed, "utf-8")
            page.wait_for_function(_IS_SHOWN, arg=word, timeout=_PATIENCE * 1000)
            waits.append(time.monotonic() - begun)
            page.wait_for_timeout(pause * 1000)
        browser.close()
    return waits


_PARTS = (r"^package ([\w.]+);", r"^service (\w+)", r"^  rpc (\w+)")


@contextmanager
def _serving(folder: Path, names: Sequence[str]) -> Iterator[tuple[str, float]]:
    """The address of a preview, and the seconds of its first build."""
    begun = time.monotonic()
    command = [sys.executable, "-m", "toolkit", "serve", "--port", "0", *names]
    with subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as preview:
        assert preview.stderr is not None
        address = ""
        for line in preview.stderr:
            found = re.search(r"http://\S+/", line)
            address = found[0] if found else address
            if ": built in" in line:
                break
        try:
            yield address, time.monotonic() - begun
        finally:
            preview.terminate()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
