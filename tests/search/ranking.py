"""Asks the script of the site which names it finds."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.conftest import REPOSITORY

_SCRIPT = """
const { readFileSync } = require("fs");
const { runInThisContext } = require("vm");
runInThisContext(readFileSync(process.argv[1], "utf8"));
const { index, queries } = JSON.parse(readFileSync(0, "utf8"));
const begun = performance.now();
const prepared = toolkitNames.prepare(index);
const ready = performance.now();
const answers = queries.map((query) => toolkitNames.find(prepared, query));
console.log(JSON.stringify({ answers, prepare: ready - begun, each: (performance.now() - ready) / queries.length }));
"""
Answer = list[str]
"""The full names that are found, best first; fields and values below their message or enum."""


def ask(index: Path, queries: Sequence[str]) -> tuple[list[Answer], float, float]:
    """The answer to each query, the milliseconds to prepare the index, and those for a query."""
    content = {"index": json.loads(index.read_text()), "queries": [*queries]}
    script = REPOSITORY / "templates/site/assets/names.js"
    ran = subprocess.run(
        ["node", "-e", _SCRIPT, str(script)], input=json.dumps(content), check=True, capture_output=True, text=True
    )
    said: Any = json.loads(ran.stdout)
    answers = [[hit["anchor"] or hit["full"] for hit in answer["hits"]] for answer in said["answers"]]
    return answers, said["prepare"], said["each"]
