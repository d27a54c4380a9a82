"""What `buf breaking` finds, we find, and nothing else; the differences are those of the table in CONTRIBUTING.md."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.changes import buf
from tests.changes.buf import CATEGORIES, Finding
from tests.changes.pairs import PAIRS
from tests.support.protos_of import write
from tests.support.published import CLOUDAPI, import_roots
from toolkit.changes.model import Change
from toolkit.changes.rules import RULES
from toolkit.descriptors.compile import compile_tree

pytestmark = [
    pytest.mark.skipif(buf.program() is None, reason="needs buf: pip install buf-bin"),
    pytest.mark.xdist_group("buf"),
    pytest.mark.slow(reason="runs buf, on whole trees too"),
]
TREES = ("2026-01-22-002bbf79", "2026-06-29-8ad214f2")

# Rows of the table: pair → (findings of buf only, findings of ours only), each a rule and a line.
ON_ITS_LINE = {
    "accessor": ("MESSAGE_NO_REMOVE_STANDARD_DESCRIPTOR_ACCESSOR", [4], [3]),
    "enum_closed": ("ENUM_SAME_TYPE", [4], [3]),
    "idempotency": ("RPC_SAME_IDEMPOTENCY_LEVEL", [6], [5]),
}
UNSET = {"idempotency": ("RPC_SAME_IDEMPOTENCY_LEVEL", [1], [8])}
LAST_OF_ITS_PACKAGE = {
    "file_emptied": [("PACKAGE_MESSAGE_NO_DELETE", 1), ("PACKAGE_ENUM_NO_DELETE", 1)],
    "message_deleted": [("PACKAGE_ENUM_NO_DELETE", 3)],
    "message_nested_deleted": [("PACKAGE_ENUM_NO_DELETE", 3)],
    "extension_last": [("PACKAGE_EXTENSION_NO_DELETE", 1)],
}
LEGACY_REQUIRED = {"required_edition": [("MESSAGE_SAME_REQUIRED_FIELDS", 3)]}


def known(category: str) -> tuple[set[Finding], set[Finding]]:
    """The differences of the table: what only buf finds, and what only we find."""
    theirs: set[Finding] = set()
    ours: set[Finding] = set()
    for rows in (ON_ITS_LINE, UNSET):
        for pair, (rule, buf_lines, our_lines) in rows.items():
            theirs |= {(rule, f"{pair}/a.proto", line) for line in buf_lines}
            ours |= {(rule, f"{pair}/a.proto", line) for line in our_lines}
    for found in (LAST_OF_ITS_PACKAGE, LEGACY_REQUIRED):
        ours |= {(rule, f"{pair}/a.proto", line) for pair, lines in found.items() for rule, line in lines}
    return tuple({each for each in side if category in RULES[each[0]].categories} for side in (theirs, ours))


@pytest.fixture(scope="module")
def sets(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """All pairs as two descriptor sets."""
    folder = tmp_path_factory.mktemp("pairs")
    made = []
    for number, side in enumerate(("old", "new")):
        sources = {name: text for pair in PAIRS.values() for name, text in pair[number].items()}
        compilation = compile_tree([write(folder / side, sources)])
        assert not compilation.diagnostics
        made.append(folder / f"{side}.binpb")
        made[-1].write_bytes(compilation.descriptor_set)
    return made[0], made[1]


@pytest.fixture(scope="module")
def changes(sets: tuple[Path, Path]) -> list[Change]:
    """Our changes between them."""
    return buf.changes(sets[0].read_bytes(), sets[1].read_bytes())


@pytest.mark.parametrize("category", CATEGORIES)
def test_pairs(sets: tuple[Path, Path], changes: list[Change], category: str) -> None:
    """Over all pairs the set of (rule, file, line) is buf's, but for the rows of the table."""
    theirs, ours = buf.breaking(*sets, category), buf.findings(changes, category)
    only_buf, only_ours = known(category)
    assert theirs - ours == only_buf
    assert ours - theirs == only_ours


def test_pairs_trigger_every_rule(sets: tuple[Path, Path], changes: list[Change]) -> None:
    """There are sixty pairs and more, and each rule of the four categories is broken by one, as buf itself sees it."""
    assert len(PAIRS) >= 60
    rules = {rule for rule, known in RULES.items() if {*known.categories} & {*CATEGORIES}}
    assert {rule for category in CATEGORIES for rule, _, _ in buf.breaking(*sets, category)} == rules
    assert {rule for change in changes for rule in change.rules} == rules


def test_categories() -> None:
    """The rules of each category are those that buf lists for it."""
    ran = subprocess.run([str(buf.program()), "config", "ls-breaking-rules", "--format", "json"], capture_output=True)
    assert ran.returncode == 0
    listed = {
        each["id"]: set(each["categories"]) & set(CATEGORIES) for each in map(json.loads, ran.stdout.splitlines())
    }
    ours = {rule.id: {*rule.categories} & {*CATEGORIES} for rule in RULES.values()}
    assert {name: categories for name, categories in ours.items() if categories} == listed


@pytest.mark.skipif(not (CLOUDAPI / TREES[0]).is_dir(), reason="needs the trees: set CLOUDAPI")
def test_trees(tmp_path: Path) -> None:
    """Between two releases of a large API the set of (rule, file, line) is buf's in each category, without exception."""
    paths = []
    for tree in TREES:
        paths.append(tmp_path / f"{tree}.binpb")
        paths[-1].write_bytes(compile_tree(import_roots(CLOUDAPI / tree)).descriptor_set)
    found = buf.changes(*(path.read_bytes() for path in paths))
    for category in CATEGORIES:
        theirs = buf.breaking(paths[0], paths[1], category)
        assert buf.findings(found, category) == theirs, category
        assert theirs
