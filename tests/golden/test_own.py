"""Goldens from the repository's own protos: the pages and the model."""

from __future__ import annotations

import difflib
import json
import shutil
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from toolkit.delivery.compare import Files
from toolkit.delivery.staging import write
from toolkit.descriptors.compile import compile_tree
from toolkit.descriptors.dump import dump
from toolkit.descriptors.loader import load
from toolkit.descriptors.model import Schema
from toolkit.semantics.catalog import read_catalog
from toolkit.semantics.facts import Facts
from toolkit.targets.reference.pages import PublishedReference
from toolkit.targets.rest.pages import RestReference
from toolkit.targets.rest.style import PRESETS

HERE = Path(__file__).parent
REWRITE = "`make golden` rewrites the goldens; read the diff before you commit it"


@pytest.fixture(scope="module")
def schema() -> Schema:
    """The model of protos/."""
    compilation = compile_tree([REPOSITORY / "protos"])
    assert not compilation.diagnostics
    return load(compilation)


def compare(files: Files, folder: Path, rewrite: bool) -> None:
    """Fail where the files are not exactly those of a golden folder; or write them there."""
    if rewrite:
        shutil.rmtree(folder, ignore_errors=True)
        write(files, folder)
        return
    expected = {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    assert sorted(files) == sorted(expected), REWRITE
    for path, content in files.items():
        if content != expected[path]:
            lines = difflib.unified_diff(
                expected[path].decode().split("\n"), content.decode().split("\n"), "golden", "generated", lineterm=""
            )
            pytest.fail("\n".join([f"{path} differs; {REWRITE}", *list(lines)[:60]]), pytrace=False)


def test_pages(schema: Schema, golden: bool) -> None:
    """The eleven pages of ImageService and the index of its API are as kept, without an unresolved reference."""
    reference = PublishedReference(Facts(schema), read_catalog(REPOSITORY / "catalog.toml"))
    files = {path: text.encode("utf-8") for path, text in reference.pages()}
    assert len(files) == 12
    assert reference.warnings() == []
    compare(files, HERE / "pages", golden)


def test_model(schema: Schema, golden: bool) -> None:
    """The dumped model is as kept; what comes from google/ is left out, it changes with their releases."""
    model = json.loads(dump(schema))
    for kind, elements in model.items():
        model[kind] = [e for e in elements if not e.get("place", e["name"]).startswith("google/")]
    content = json.dumps(model, indent=1, ensure_ascii=False) + "\n"
    compare({"model.json": content.encode("utf-8")}, HERE / "model", golden)


def test_rest_pages(schema: Schema, golden: bool) -> None:
    """The REST pages of ImageService and the indexes are as kept, without an unresolved reference."""
    reference = RestReference(Facts(schema), read_catalog(REPOSITORY / "catalog.toml"))
    files = {path: text.encode("utf-8") for path, text in reference.pages()}
    assert reference.warnings() == []
    compare(files, HERE / "rest", golden)


@pytest.mark.parametrize("style", ["plain", "current"])
def test_bindings(style: str, golden: bool) -> None:
    """The REST pages of bindings that no published page has are as kept: streams, parts of bodies, patterns of paths."""
    compilation = compile_tree([HERE / "parcels"])
    assert not compilation.diagnostics
    reference = RestReference(Facts(load(compilation)), style=PRESETS[style])
    files = {path.rpartition("api-ref/")[2]: text.encode("utf-8") for path, text in reference.pages()}
    assert reference.warnings() == []
    assert "Parcel/audit.md" not in files
    compare(files, HERE / "parcels_pages" / style, golden)
