"""The key of the run cache: whatever a run reads, a change of it is a miss."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import Field
from pathlib import Path
from typing import Any

import pytest

from tests.support.command import tree
from tests.support.protos_of import write
from toolkit.cli import settings as reader
from toolkit.delivery import cache
from toolkit.targets import registry
from toolkit.targets.templates import built_in_templates

CACHED = [name for name in registry.names() if registry.get(name).is_cacheable]
SETTINGS = [(table, field) for table in reader.tables() for field in reader.declared(table).values()]
IDS = [f"{table}.{field.name}" if table else field.name for table, field in SETTINGS]
CATALOG = '[[package]]\nname = "acme.zoo.v1"\ntitle = "Zoo"\ndocs_path = "zoo"\nservice_url = "u"\nsource_dir = "s"\n'
RULES = '[[constraint]]\noption = "acme.long"\nkind = "length"\noperand = "interval"\n'
FILES = {
    "toolkit.toml": 'proto_path = ["protos"]\ncatalog = "catalog.toml"\nrules = ["rules.toml"]\ntemplates = ["mine"]\n',
    "catalog.toml": CATALOG,
    "rules.toml": RULES,
    "mkdocs.yml": "site_name: Mine\ndocs_dir: site\n",
    "site/index.md": "# Mine\n",
    "mine/yfm/method.md.j2": "mine",
    "mine/site/assets/own.css": "/* mine */",
}
OTHER: dict[str, object] = {"switch": None, "text": '"other"', "path": '"other"', "source": '"set.binpb"'}


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tree with every kind of input."""
    write(tree(tmp_path), {**FILES, "set.binpb": b"\n\0", "other": "", "more.toml": ""})
    (tmp_path / "more/acme").mkdir(parents=True)
    shutil.copy(tmp_path / "protos/acme/zoo/v1/zoo.proto", tmp_path / "more/acme/other.proto")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def keys(folder: Path) -> dict[str, str]:
    """The key of every cached target; a run that cannot have one is no test."""
    settings = reader.read(folder / "toolkit.toml", {})
    found = {name: cache.key_of(settings, registry.get(name)) for name in CACHED}
    assert all(found.values())
    return {name: str(key) for name, key in found.items()}


def changed(field: Field[Any]) -> str:
    """Another value of a setting, as TOML."""
    kind = field.metadata["kind"]
    if kind == "switch":
        return "false" if field.default else "true"
    if field.name == "rules":
        return '["more.toml"]'
    return {"paths": '["more"]', "words": '["a"]', "table": '{ x = "y" }'}.get(kind) or str(OTHER[kind])


@pytest.mark.parametrize(("table", "field"), SETTINGS, ids=IDS)
def test_settings(table: str, field: Field[Any], workspace: Path) -> None:
    """Every setting counts, for every target."""
    if field.name in ("catalog", "rules", "templates", "proto_path"):
        (workspace / "toolkit.toml").write_text('proto_path = ["protos"]\n' if field.name != "proto_path" else "")
    before = keys(workspace)
    text = (workspace / "toolkit.toml").read_text()
    line = f"{field.name.rstrip('_')} = {changed(field)}\n"
    (workspace / "toolkit.toml").write_text(f"{text}[{table}]\n{line}" if table else line + text)
    after = keys(workspace)
    assert not {name for name in CACHED if before[name] == after[name]}


def append(path: Path) -> Callable[[], object]:
    """Add a line to a file."""
    return lambda: path.write_text(path.read_text() + "\n")


@pytest.mark.parametrize("path", ["catalog.toml", "rules.toml", "mine/yfm/method.md.j2", "mine/site/assets/own.css"])
@pytest.mark.parametrize("how", ["appended", "new", "gone"])
def test_files(path: str, how: str, workspace: Path) -> None:
    """Every file that is named, or in a folder of templates, counts: its content, and that it is there."""
    before = keys(workspace)
    file = workspace / path
    if how == "appended":
        append(file)()
    elif file.suffix == ".toml":
        return  # named one by one: a file more or less is another setting
    elif how == "new":
        file.with_name("new.j2").write_text("new")
    else:
        file.unlink()
    after = keys(workspace)
    assert not {name for name in CACHED if before[name] == after[name]}


@pytest.mark.parametrize("key", ["name", "title", "docs_path", "service_url", "source_dir"])
def test_catalog(key: str, workspace: Path) -> None:
    """Every entry of a catalog counts."""
    before = keys(workspace)
    text = (workspace / "catalog.toml").read_text()
    (workspace / "catalog.toml").write_text(text.replace(f'{key} = "', f'{key} = "x'))
    assert not {name for name, now in keys(workspace).items() if before[name] == now}


@pytest.mark.parametrize("how", ["content", "new", "gone", "renamed"])
def test_protos(how: str, workspace: Path) -> None:
    """Every .proto file counts: its content and its name."""
    before = keys(workspace)
    proto = workspace / "protos/acme/zoo/v1/zoo.proto"
    if how == "content":
        append(proto)()
    elif how == "new":
        shutil.copy(proto, proto.with_name("new.proto"))
    elif how == "gone":
        proto.unlink()
    else:
        proto.rename(proto.with_name("ark.proto"))
    assert not {name for name, now in keys(workspace).items() if before[name] == now}


def test_inputs_of_a_target(workspace: Path) -> None:
    """The file that a target declares counts for it, and for no other; a page of the user's does not."""
    before = keys(workspace)
    append(workspace / "site/index.md")()
    assert keys(workspace) == before
    append(workspace / "mkdocs.yml")()
    assert {name for name, now in keys(workspace).items() if before[name] != now} == {"site"}


def test_program(workspace: Path) -> None:
    """A built-in template that was written again counts, for every target."""
    before = keys(workspace)
    template = built_in_templates() / "yfm/method.md.j2"
    stat = template.stat()
    try:
        os.utime(template, ns=(stat.st_atime_ns, stat.st_mtime_ns + 1))
        after = keys(workspace)
    finally:
        os.utime(template, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert not {name for name in CACHED if before[name] == after[name]}
    assert keys(workspace) == before


def test_folder(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Names in messages depend on the current folder, so that it counts, too."""
    before = keys(workspace)
    monkeypatch.chdir(workspace / "protos")
    assert not {name for name, now in keys(workspace).items() if before[name] == now}
