"""Settings are declared once: the file, the flags and `init` agree."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import Field
from pathlib import Path
from typing import Any

import click
import pytest

from tests.support.command import run
from tests.support.protos_of import proto3, write
from toolkit.cli import settings as config
from toolkit.cli.main import main
from toolkit.descriptors.roots import Root
from toolkit.errors import ConfigError
from toolkit.targets.settings import Settings

SETTINGS = [(name, field) for name in config.tables() for field in config.declared(name).values()]
IDS = [f"{name}.{f.name}" if name else f.name for name, f in SETTINGS]


def commands(group: click.Group) -> Iterator[click.Command]:
    """All commands below a group."""
    context = click.Context(group)
    for command in filter(None, (group.get_command(context, name) for name in group.list_commands(context))):
        yield command
        if isinstance(command, click.Group):
            yield from commands(command)


def read(tmp_path: Path, text: str, **flags: Any) -> Settings:
    """The settings of a file with that text."""
    (tmp_path / config.NAME).write_text(text)
    return config.read(tmp_path / config.NAME, flags)


def value_of(settings: Settings, name: str, setting: Field[Any]) -> Any:
    """The value of a declared setting."""
    section = config.section(name)
    assert section is not None
    return getattr(settings.of(section) if name else settings.common, setting.name)


def test_template_is_the_default(tmp_path: Path) -> None:
    """What `toolkit init` writes is the defaults, the import root apart, and no target is there to be checked."""
    assert config.template({}) == config.template({"proto_path": ["."]}).replace(
        'proto_path = ["."]', '# proto_path = ["protos"]'
    )
    written = read(tmp_path, config.template({"proto_path": ["protos"]}))
    plain = read(tmp_path, "")
    assert written.configured == ()
    assert written.common.proto_path == (Root(tmp_path / "protos"),)
    for name, setting in SETTINGS:
        if setting.name != "proto_path":
            assert value_of(written, name, setting) == value_of(plain, name, setting), setting.name


def test_template_uncommented(tmp_path: Path) -> None:
    """Every setting is in the template as TOML, commented out, with its default or an example, after its help."""
    text = re.sub(r"(?m)^# (?=\w+ = |\[\w+\]$)", "", config.template({"proto_path": ["protos"]}))
    content = tomllib.loads(text)
    settings = read(tmp_path, text)
    for name, setting in SETTINGS:
        key = setting.name.rstrip("_")
        assert key in (content[name] if name else content)
        assert f"# {setting.metadata['help']}\n{key} = " in text
        value = value_of(settings, name, setting)
        if not setting.metadata["example"]:
            assert value == (tmp_path / setting.default if isinstance(setting.default, Path) else setting.default)
        else:
            assert value != setting.default


@pytest.mark.parametrize(("name", "setting"), SETTINGS, ids=IDS)
def test_flag_and_key(name: str, setting: Field[Any], tmp_path: Path) -> None:
    """Each setting is a flag with its help, tables apart, and a key; the flag wins."""
    kind = setting.metadata["kind"]
    options = [p for c in commands(main) for p in c.params if isinstance(p, click.Option) and p.name == setting.name]
    assert bool(options) == setting.metadata["flag"]
    assert setting.metadata["help"] in [getattr(o, "help", "") for o in options] or not setting.metadata["flag"]
    in_file: Any = {
        "switch": "true",
        "paths": '["a", "b"]',
        "roots": '["a", "x=b"]',
        "words": '["a", "b"]',
        "table": "{ x = 1 }",
        "texts": '{ x = "a" }',
        "grouped texts": '{ x = "a", y = { z = "b" } }',
        "number": "7",
    }.get(kind, '"a"')
    table = f"[{name}]\n" if name else ""
    base = tmp_path
    kept: dict[str, Any] = {
        "switch": True, "paths": (base / "a", base / "b"), "roots": (Root(base / "a"), Root(base / "b", "x")), "table": {"x": 1}, "texts": {"x": "a"}, "grouped texts": {"x": "a", "y": {"z": "b"}}, "text": "a", "path": base / "a", "source": base / "a",
        "words": ("a", "b"), "headers": ("a",), "number": 7,
    }  # fmt: skip
    assert value_of(read(tmp_path, f"{table}{setting.name.rstrip('_')} = {in_file}"), name, setting) == kept[kind]
    if not setting.metadata["flag"]:
        return
    flag: Any = {"switch": False, "paths": ("c",), "roots": ("c",), "words": ("c",), "headers": ("c",)}.get(kind, "c")
    won: dict[str, Any] = {
        "switch": False, "paths": (Path("c"),), "roots": (Root(Path("c")),), "words": ("c",), "headers": ("c",), "text": "c", "path": Path("c"), "source": Path("c"),
    }  # fmt: skip
    key = f"{name}.{setting.name}" if name else setting.name
    settings = read(tmp_path, f"{table}{setting.name.rstrip('_')} = {in_file}", **{key: flag})
    assert value_of(settings, name, setting) == won[kind]


@pytest.mark.parametrize("value", ["5", "[{ a = 'sesame' }]", "{ Authorization = 'sesame' }"])
def test_headers_are_not_shown(tmp_path: Path, value: str) -> None:
    """An error about headers does not show what is in them, and an address stays one."""
    with pytest.raises(ConfigError, match="header must be a list of strings") as raised:
        read(tmp_path, f"header = {value}")
    assert "sesame" not in str(raised.value)
    address = "grpcs://acme.example:443"
    assert read(tmp_path, f"descriptor_set = '{address}'").common.descriptor_set == address


def test_table_of_strings(tmp_path: Path) -> None:
    """Another value in a table of strings is an error that says where it is."""
    with pytest.raises(ConfigError, match=r"\[examples\] headers: 'x-team' must be a string, not False"):
        read(tmp_path, "[examples]\nheaders = { x-team = false }")
    with pytest.raises(ConfigError, match=r"\[examples\] headers a.Cats: 'x-team' must be a string, not 1"):
        read(tmp_path, "[examples.headers.'a.Cats']\nx-team = 1")
    with pytest.raises(ConfigError, match=r"\[examples\] headers acme: v1.Cats.X is not in quotes"):
        read(tmp_path, "[examples.headers.acme.v1.Cats]\nX = 'red'")
    with pytest.raises(ConfigError, match=r"\[examples\] headers must be a table"):
        read(tmp_path, "[examples]\nheaders = 'x-team: red'")


def test_flags_not_given(tmp_path: Path) -> None:
    """A flag that was not given leaves what the file says."""
    settings = read(tmp_path, "strict = true\nrules = ['r.toml']", strict=None, rules=())
    assert settings.common.strict
    assert settings.common.rules == (tmp_path / "r.toml",)


def test_one_path_for_a_list(tmp_path: Path) -> None:
    """A list of paths may be written as one path, and absolute paths stay as they are."""
    assert read(tmp_path, "proto_path = '/protos'").common.proto_path == (Root(Path("/protos")),)


def test_standard_input(tmp_path: Path) -> None:
    """'-' is standard input for the descriptor set, and a name like any other elsewhere."""
    settings = read(tmp_path, "descriptor_set = '-'\ncatalog = '-'")
    assert settings.common.descriptor_set == Path("-")
    assert settings.common.catalog == tmp_path / "-"


def test_nearest_file(tmp_path: Path) -> None:
    """The nearest toolkit.toml counts, a folder of that name does not, and without one there are defaults."""
    below = tmp_path / "a/b/c"
    below.mkdir(parents=True)
    (tmp_path / "a" / config.NAME).write_text("")
    (tmp_path / "a/b" / config.NAME).mkdir()
    assert config.find(below) == tmp_path / "a" / config.NAME
    (below / config.NAME).write_text("")
    assert config.find(below) == below / config.NAME
    assert config.read(None, {}).file is None


def test_missing_file(tmp_path: Path) -> None:
    """A file that cannot be read is a ConfigError that names it."""
    with pytest.raises(ConfigError, match=r"cannot read the settings '.*gone\.toml'"):
        config.read(tmp_path / "gone.toml", {})


def test_unknown_key_names_the_known(tmp_path: Path) -> None:
    """An unknown key is refused with the file and all that is known in its place."""
    with pytest.raises(ConfigError, match="unknown key 'Out' in \\[reference\\]") as caught:
        read(tmp_path, "[reference]\nOut = 'x'")
    assert caught.value.hint == "did you mean 'out'? known: out, style, committed"
    assert str(caught.value).startswith(str(tmp_path / config.NAME))


def test_defaults_beside_the_file(tmp_path: Path) -> None:
    """Defaults that are paths are relative to the settings file, as those in it: a run below it writes to the same place."""
    write(
        tmp_path,
        {"toolkit.toml": "[reference]\n", "acme/zoo.proto": proto3("acme.zoo", "service Zoo {}"), "below/x": ""},
    )
    assert run("generate", cwd=tmp_path / "below").code == 0
    assert (tmp_path / "build/reference").is_dir()
    assert not (tmp_path / "below/build").exists()
    assert run("check", cwd=tmp_path).code == 0


@pytest.mark.parametrize("flag", [("--quiet",), ("--force", "x"), ("--no-cache",)])
def test_flags_before_a_command(flag: tuple[str, ...], tmp_path: Path) -> None:
    """A flag of a group that has no effect on the command is refused, with where to put it."""
    write(tmp_path, {"acme/zoo.proto": proto3("acme.zoo", "service Zoo {}")})
    ran = run("generate", *flag, "reference", cwd=tmp_path)
    assert ran.code == 2
    assert "put it after `toolkit generate reference`" in ran.errors
    assert run("generate", "reference", *flag, cwd=tmp_path).code == 0


@pytest.mark.parametrize("line", ['acme.v1.Bucket = "Container"', 'acme = { v1 = { Bucket = "Container" } }'])
def test_name_without_quotes(line: str, tmp_path: Path) -> None:
    """A name with dots that is not in quotes is an error that says how to write it."""
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, f'[python.names]\n"acme.v1.Disk" = "Plate"\n{line}\n')
    said, hint = str(caught.value).splitlines()
    assert said.endswith(
        "toolkit.toml: [python] names: acme.v1.Bucket is not in quotes, so it is not a name but a table in a table"
    )
    assert hint.strip() == 'write "acme.v1.Bucket" = "Container"'
