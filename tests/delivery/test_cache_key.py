"""The key of the run cache: whatever a run reads, a change of it is a miss."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import Field, replace
from pathlib import Path
from typing import Any

import pytest

from tests.support.command import run, tree
from tests.support.protos_of import proto3, write
from toolkit.cli import settings as reader
from toolkit.delivery import cache, inputs
from toolkit.delivery.run import Mode
from toolkit.delivery.run import run as run_target
from toolkit.targets import registry
from toolkit.targets.registry import Choose, Target
from toolkit.targets.templates import built_in_templates
from toolkit.targets.workspace import Workspace

pytestmark = pytest.mark.xdist_group("templates")  # one test touches a built-in one

CACHED = [name for name in registry.names() if registry.get(name).is_cacheable]
SETTINGS = [(table, field) for table in reader.tables() for field in reader.declared(table).values()]
IDS = [f"{table}.{field.name}" if table else field.name for table, field in SETTINGS]
CATALOG = (
    '[[package]]\nname = "acme.zoo.v1"\ntitle = "Zoo"\ndocs_path = "zoo"\nservice_url = "u"\nsource_dir = "s"\n'
    'intro = "i"\nconcepts_url = "c"\nsource_url = "d"\n'
)
CATALOG_KEYS = ["name", "title", "docs_path", "service_url", "source_dir", "intro", "concepts_url", "source_url"]
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
OTHER: dict[str, object] = {
    "switch": None,
    "text": '"other"',
    "path": '"other"',
    "source": '"set.binpb"',
    "number": "123456",
    "headers": '"A: b"',
}


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tree with every kind of input."""
    write(tree(tmp_path), {**FILES, "set.binpb": b"\n\0", "other": "", "more.toml": ""})
    (tmp_path / "more/acme").mkdir(parents=True)
    shutil.copy(tmp_path / "protos/acme/zoo/v1/zoo.proto", tmp_path / "more/acme/other.proto")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def keys(folder: Path) -> dict[str, str]:
    """The key of every cached target."""
    settings = reader.read(folder / "toolkit.toml", {})
    found = {name: inputs.keys_of(settings, registry.get(name)) for name in CACHED}
    return {name: key.run for name, key in found.items() if key}


def changed(field: Field[Any]) -> str:
    """Another value of a setting, as TOML."""
    kind = field.metadata["kind"]
    if kind == "switch":
        return "false" if field.default else "true"
    if field.name == "rules":
        return '["more.toml"]'
    return {
        "paths": '["more"]',
        "roots": '["more"]',
        "words": '["a"]',
        "table": '{ x = "y" }',
        "texts": '{ x = "y" }',
        "grouped texts": '{ x = "y" }',
    }.get(kind) or str(OTHER[kind])


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


@pytest.mark.parametrize("key", CATALOG_KEYS)
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


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty project with a cache of its own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "home/protos").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "home")
    return tmp_path / "home"


def check(folder: Path) -> tuple[bool, int]:
    """Whether a check of the reference is answered from the cache, and how many differences there are."""
    outcome = run_target(
        Workspace(reader.read(folder / "toolkit.toml", {})), registry.get("reference"), Mode.CHECK, cached=True
    )
    return outcome.target is None, len(outcome.differences)


def generate(folder: Path) -> None:
    """Generate the reference, of inputs that were not written just now, and see that the cache knows it."""
    assert run("generate", "reference", cwd=folder).code == 0
    assert check(folder) == (True, 0)


def linked(folder: Path) -> Path:
    """An import through a linked directory."""
    write(folder.parent, {"vendor/x/v.proto": VENDORED})
    (folder / "protos/third").symlink_to("../../vendor")
    return write(folder, {"protos/a.proto": importing("third/x/v.proto")}).parent / "vendor/x/v.proto"


def hidden(folder: Path) -> Path:
    """An import from a hidden directory."""
    write(folder, {"protos/.hid/v.proto": VENDORED, "protos/a.proto": importing(".hid/v.proto")})
    return folder / "protos/.hid/v.proto"


def suffix(folder: Path) -> Path:
    """An import of a file with another suffix."""
    write(folder, {"protos/v.protodevel": VENDORED, "protos/a.proto": importing("v.protodevel")})
    return folder / "protos/v.protodevel"


def twice(folder: Path) -> Path:
    """A link in the first root that hides a file in the second."""
    write(folder.parent, {"vendor/v.proto": VENDORED})
    write(folder, {"protos/a.proto": importing("third/v.proto"), "more/third/v.proto": VENDORED.replace("vend", "old")})
    (folder / "protos/third").symlink_to("../../vendor")
    return folder.parent / "vendor/v.proto"


def broken(folder: Path) -> Path:
    """A hidden file that does not compile, so that what imports it is left out."""
    hidden(folder).write_text("broken")
    write(folder, {"protos/b.proto": proto3("b", "message B {} service S { rpc Get(B) returns (B); }")})
    return folder / "protos/.hid/v.proto"


VENDORED = proto3("v", "message V {\n  // Is vended.\n  string name = 1; }")


def importing(name: str) -> str:
    """A service that shows the fields of a message in another file."""
    return proto3("a", "service S { rpc Get(v.V) returns (v.V); }", name)


@pytest.mark.slow(reason="starts the command")
@pytest.mark.parametrize("layout", [linked, hidden, suffix, twice, broken])
@pytest.mark.parametrize("how", ["edited", "gone"])
def test_imports(layout: Callable[[Path], Path], how: str, home: Path) -> None:
    """A file that protoc reads counts, wherever an import leads to."""
    (home / "toolkit.toml").write_text('proto_path = ["protos", "more"]\n[reference]\n')
    (home / "more").mkdir()
    file = layout(home)
    generate(home)
    if how == "edited":
        file.write_text(VENDORED.replace("vended", "edited"))
    else:
        file.unlink()
    fresh, cached = (run("check", *flags, cwd=home) for flags in (["--no-cache"], []))
    assert (cached.code, cached.errors) == (fresh.code, fresh.errors)
    assert cached.code or layout is broken  # which has no effect if it is gone: what imports it was left out anyway


@pytest.mark.slow(reason="starts the command")
def test_import_that_was_not_there(home: Path) -> None:
    """A file that an import did not find counts as soon as it is there, also in a hidden directory."""
    ark = proto3("ark", "message M {} service S { rpc Get(M) returns (M); }")
    write(home, {"protos/a.proto": importing(".hid/v.proto"), "protos/ark.proto": ark})
    (home / "toolkit.toml").write_text('proto_path = ["protos"]\n[reference]\n')
    generate(home)
    write(home, {"protos/.hid/v.proto": VENDORED})
    assert check(home)[0] is False
    assert check(home)[1] > 0


@pytest.mark.parametrize("loop", [False, True])
def test_linked_templates(loop: bool, workspace: Path) -> None:
    """A template in a linked directory counts; links that lead back to where they are do no harm."""
    write(workspace, {"real/method.md.j2": "mine", "mine/other": ""})
    (workspace / "mine/linked").symlink_to("../real")
    if loop:
        (workspace / "real/back").symlink_to("../mine")
    before = keys(workspace)
    append(workspace / "real/method.md.j2")()
    assert not {name for name, now in keys(workspace).items() if before[name] == now}


@pytest.mark.parametrize("edit", ["none", "kept", "undone"])
def test_edited_during_the_run(edit: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run during which an input was edited is not remembered, even if the edit was undone."""
    write(home, {"protos/v.proto": VENDORED, "protos/a.proto": importing("v.proto")})
    (home / "toolkit.toml").write_text('proto_path = ["protos"]\n[reference]\n')
    time.sleep(0.1)  # what was written just before a run counts as written during it
    target = registry.get("reference")
    edited = []

    def make(workspace: Workspace, choose: Choose | None) -> Target:
        if edit != "none":
            (home / "protos/v.proto").write_text(VENDORED.replace("vended", "edited"))
        edited.append(edit)
        workspace.schema  # noqa: B018
        if edit == "undone":
            (home / "protos/v.proto").write_text(VENDORED)
        return target.make(workspace, choose)

    make.__module__ = target.make.__module__
    workspace = Workspace(reader.read(home / "toolkit.toml", {}))
    start = Workspace.start
    # protoc starts only when the schema is read, after the edit
    late = lambda self, kept=None: None if self is workspace and not edited else start(self)  # noqa: E731
    monkeypatch.setattr(Workspace, "start", late)
    run_target(workspace, replace(target, make=make), Mode.WRITE)
    assert len(list((cache.folder() / "runs").iterdir())) == (edit == "none")


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A directory in front of all others that modules are imported from."""
    (tmp_path / "front").mkdir()
    monkeypatch.syspath_prepend(tmp_path / "front")
    return tmp_path / "front"


@pytest.mark.parametrize("name", ["jinja2", "markupsafe", "msgspec", "protovalidate", "re2", "rstr"])
def test_packages(name: str, path: Path, workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another version of a package that the output depends on counts, wherever it is imported from."""
    before = keys(workspace)
    write(path, {f"{name}.py": "raise ImportError"})
    monkeypatch.delitem(sys.modules, name, raising=False)
    assert not {target for target, now in keys(workspace).items() if before[target] == now}


def test_distributions(path: Path, workspace: Path) -> None:
    """Another version of any installed distribution counts, since targets of other packages need some."""
    before = keys(workspace)
    (path / "acme_target-2.0.dist-info").mkdir()
    assert not {name for name, now in keys(workspace).items() if before[name] == now}
