"""Asks the search of a site in Chromium which names it finds."""

from __future__ import annotations

import shutil
import time
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from tests.search.ranking import Answer
from tests.site.conftest import FLAGS, serving
from tests.support.command import run
from toolkit.delivery.finish.site import finish

_CONFIG = (
    "INHERIT: site/.toolkit/mkdocs.yml\nsite_name: API\ndocs_dir: site\nsite_dir: built\nexclude_docs: /reference/\n"
)
_HITS = """() => [...document.querySelectorAll(".tk-hit")].map((hit) => {
  const [name, , pack] = [...hit.children].map((part) => part.textContent);
  return pack ? `${pack}.${name}` : name;
})"""


def ask_in_browser(folder: Path, queries: Sequence[str]) -> tuple[list[Answer], float, float]:
    """The answer to each query; the milliseconds of the first one, with all that is loaded for it, and of the slowest.

    ``folder`` has the generated site. Only its landing page is built, since names are found without other pages.
    """
    config = folder / "names.yml"
    config.write_text(_CONFIG)
    ran = run("build", "-q", "-f", str(config), cwd=folder, program="mkdocs", env={"NO_MKDOCS_2_WARNING": "1"})
    assert ran.code == 0, ran.text + ran.errors
    finish(config)
    with serving(folder / "built") as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        page = browser.new_page()
        page.goto(site.root)
        page.wait_for_timeout(250)  # Material closes the search shortly after a page opens
        answers, times = [], []
        for query in queries:
            page.keyboard.press("Control+k")
            begun = time.monotonic()
            answers.append(_answer(page, query))
            times.append((time.monotonic() - begun) * 1000)
        browser.close()
    return answers, times[0], max(times)


def _answer(page: Page, query: str) -> Answer:
    """What is shown for a query that replaces the one before."""
    page.evaluate("document.querySelectorAll('.tk-hit').forEach((hit) => hit.remove())")
    page.keyboard.insert_text(query)
    expect(page.locator(".tk-hit").first).to_be_visible(timeout=10_000)
    found: Answer = page.evaluate(_HITS)
    return found
