"""The command line does what the README says, and says what went wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from tests.support.command import BROKEN, SOURCES, STORAGE_PAGES, ZOO_PAGES, run, tree, written
from tests.support.protos_of import proto3
from toolkit.cli.main import main
from toolkit.descriptors.compile import compile_tree

pytestmark = pytest.mark.slow(reason="runs the command many times")

REFERENCE = ("generate", "reference")
PROTOS = ("--proto-path", "protos")


def pages(folder: Path) -> set[str]:
    """The paths of the pages in the default output folder."""
    return set(written(folder / "build/reference"))


def wrong(*arguments: str) -> str:
    """What a wrong use prints: its exit code is 2, nothing is on standard output, nothing is a traceback."""
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 2, result.output
    assert isinstance(result.exception, SystemExit)
    assert result.stdout == ""
    return result.stderr


def test_reference(tmp_path: Path) -> None:
    """All pages are written, and one line sums them up."""
    ran = run(*REFERENCE, *PROTOS, cwd=tree(tmp_path))
    assert ran.code == 0
    assert pages(tmp_path) == STORAGE_PAGES | ZOO_PAGES
    assert ran.output == b""
    assert ran.errors.splitlines()[-1] == "9 pages in build/reference: 9 written, 0 unchanged"
    assert [line for line in ran.errors.splitlines() if not line.startswith("warning: ")] == ran.errors.splitlines()[
        -1:
    ]


def test_second_run(tmp_path: Path) -> None:
    """A second run writes nothing, and a change only the pages it changes; the others keep their times."""
    run(*REFERENCE, *PROTOS, cwd=tree(tmp_path))
    out = tmp_path / "build/reference"
    for path in written(out):
        os.utime(out / path, (1_000_000, 1_000_000))
    assert "9 pages in build/reference: 0 written, 9 unchanged" in run(*REFERENCE, *PROTOS, cwd=tmp_path).errors
    (tmp_path / "protos/acme/zoo/v1/zoo.proto").write_text(
        proto3("acme.zoo.v1", "message Cat { string tail = 1; }\nservice Cats { rpc Feed(Cat) returns (Cat); }")
    )
    assert "1 written, 8 unchanged" in run(*REFERENCE, *PROTOS, cwd=tmp_path).errors
    assert {p for p in written(out) if (out / p).stat().st_mtime != 1_000_000} == {
        "acme/zoo/v1/api-ref/grpc/Cats/feed.md"
    }


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["acme.zoo.v1"], ZOO_PAGES),
        (["acme.storage.v1.ShelfService"], {p for p in STORAGE_PAGES if "/Bucket/" not in p}),
        (["acme/zoo/v1/zoo.proto"], ZOO_PAGES),
        (["protos/acme/zoo/v1/zoo.proto"], ZOO_PAGES),
        (["./protos/../protos/acme/zoo/v1/zoo.proto", "acme.storage.v1"], ZOO_PAGES | STORAGE_PAGES),
    ],
)
def test_names(names: list[str], expected: set[str], tmp_path: Path) -> None:
    """Packages, services and files, by name or path, are generated alone, each with its API's index."""
    assert run(*REFERENCE, *PROTOS, *names, cwd=tree(tmp_path)).code == 0
    assert pages(tmp_path) == expected


def test_longest_file_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A path that ends in the names of two files means the longer one."""
    monkeypatch.chdir(tree(tmp_path, zoo=proto3("acme.ark.v1", "service Ark {}")))
    assert (
        CliRunner().invoke(main, ["list", *PROTOS, "protos/acme/zoo/v1/zoo.proto"]).stdout.startswith("acme.zoo.v1\n")
    )
    assert CliRunner().invoke(main, ["list", *PROTOS, "protos/zoo.proto"]).stdout == "acme.ark.v1\n  Ark (Ark)\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("generate", "reference", "acme.storage.v2"), "did you mean acme.storage.v1"),
        (("generate", "reference", "BucketService"), "did you mean acme.storage.v1.BucketService?"),
        (("generate", "reference", "zoo.proto"), "did you mean acme/zoo/v1/zoo.proto?"),
        (("generate", "reference", "gone.proto"), "there is no package, service or file"),
        (("generate", "reference", ""), "there is no package, service or file"),
        (("list", "xyzzy"), "`toolkit list` shows all names"),
        (("page", "acme.zoo.v1.Cats.Fed"), "did you mean acme.zoo.v1.Cats.Feed"),
        (("page", "acme.zoo.v1.Cat"), "there is no method, service or package with services 'acme.zoo.v1.Cat'"),
        (("example", "acme.zoo.v1.Cats.Fed"), "did you mean acme.zoo.v1.Cats.Feed"),
    ],
)
def test_unknown_name(arguments: tuple[str, ...], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that means nothing is refused with what may have been meant, and nothing is written."""
    monkeypatch.chdir(tree(tmp_path))
    assert said in wrong(*arguments, *PROTOS)
    assert not (tmp_path / "build").exists()


def test_page(tmp_path: Path) -> None:
    """A page of a method, a service or a package on the terminal is the generated file, byte for byte."""
    run(*REFERENCE, *PROTOS, cwd=tree(tmp_path, snow=proto3("acme.snow.v1", "// Schnee ☃\nservice Snow {}")))
    files = written(tmp_path / "build/reference")
    for name, path in {
        "acme.storage.v1.BucketService.Put": "acme/storage/v1/api-ref/grpc/Bucket/put.md",
        "acme.storage.v1.BucketService": "acme/storage/v1/api-ref/grpc/Bucket/index.md",
        "acme.storage.v1": "acme/storage/v1/api-ref/grpc/index.md",
    }.items():
        assert run("page", name, *PROTOS, cwd=tmp_path).output == files[path]
    latin = run("page", "acme.snow.v1", *PROTOS, cwd=tmp_path, env={"PYTHONIOENCODING": "latin-1"})
    assert latin.output == files["acme/snow/v1/api-ref/grpc/index.md"]


def test_list(tmp_path: Path) -> None:
    """Packages, services and methods are listed with types and streams, whatever the encoding of the terminal."""
    ran = run("list", *PROTOS, "acme.storage.v1", cwd=tree(tmp_path), env={"PYTHONIOENCODING": "latin-1"})
    assert ran.text.splitlines() == [
        "acme.storage.v1",
        "  BucketService (Bucket)",
        "    Get: acme.storage.v1.Bucket → acme.storage.v1.Bucket",
        "    Put: acme.storage.v1.Thing → acme.storage.v1.Bucket",
        "  ShelfService (Shelf)",
        "    List: acme.storage.v1.Bucket → stream acme.storage.v1.Thing",
    ]


def test_dump(tmp_path: Path) -> None:
    """The model is printed as JSON, with comments and places."""
    dumped = json.loads(run("dump", *PROTOS, cwd=tree(tmp_path)).output)
    bucket = dumped["messages"][0]
    assert bucket["full_name"] == "acme.storage.v1.Bucket"
    assert bucket["comment"] == {"leading": "A bucket of [Thing]s."}
    assert bucket["location"].startswith("acme/storage/v1/storage.proto:5")


def test_init(tmp_path: Path) -> None:
    """The settings file that `init` writes works, and is not overwritten unasked."""
    assert run("init", cwd=tree(tmp_path)).code == 0
    text = (tmp_path / "toolkit.toml").read_text()
    assert 'proto_path = ["protos"]\n' in text
    assert run(*REFERENCE, cwd=tmp_path).code == 0
    assert pages(tmp_path) == STORAGE_PAGES | ZOO_PAGES
    (tmp_path / "toolkit.toml").write_text("strict = true\n")
    again = run("init", cwd=tmp_path)
    assert again.code == 2
    assert "--force replaces it" in again.errors
    assert (tmp_path / "toolkit.toml").read_text() == "strict = true\n"
    assert run("init", "--force", tmp_path, cwd=tmp_path.parent).code == 0
    assert (tmp_path / "toolkit.toml").read_text() == text


def test_init_where_nothing_is(tmp_path: Path) -> None:
    """`init` writes nothing for a folder without protos; those in hidden folders do not count."""
    hidden = tmp_path / ".venv/site-packages/x.proto"
    hidden.parent.mkdir(parents=True)
    hidden.write_text(BROKEN)
    ran = run("init", cwd=tmp_path)
    assert ran.code == 2
    assert "no .proto file in" in ran.errors
    assert set(written(tmp_path)) == {".venv/site-packages/x.proto"}


def test_descriptor_set(tmp_path: Path) -> None:
    """A ready descriptor set, from a file or standard input, gives the pages that the sources give."""
    run(*REFERENCE, *PROTOS, cwd=tree(tmp_path))
    content = compile_tree([tmp_path / "protos"]).descriptor_set
    (tmp_path / "api.binpb").write_bytes(content)
    assert run(*REFERENCE, "--descriptor-set", "api.binpb", "--out", "file", cwd=tmp_path).code == 0
    assert run(*REFERENCE, "--descriptor-set", "-", "--out", "pipe", cwd=tmp_path, stdin=content).code == 0
    assert written(tmp_path / "file") == written(tmp_path / "pipe") == written(tmp_path / "build/reference")


def test_what_does_not_compile(tmp_path: Path) -> None:
    """A broken file is left out with file, line, column and reason, and what imports it with it; the rest is generated."""
    user = proto3("acme.user.v1", "message User { acme.bad.v1.Bad bad = 1; }\nservice Users {}", "bad.proto")
    ran = run(*REFERENCE, *PROTOS, cwd=tree(tmp_path, bad=BROKEN, user=user))
    assert ran.code == 0
    assert pages(tmp_path) == STORAGE_PAGES | ZOO_PAGES
    assert 'warning: bad.proto:5:1: Expected ";"; left out with it: user.proto\n' in ran.errors
    assert ran.errors.splitlines()[-2].endswith("9 written, 0 unchanged, 2 files left out")
    assert ran.errors.splitlines()[-1] == "2 files left out, because 1 file has an error: bad.proto (2 files)"


def test_strict(tmp_path: Path) -> None:
    """With --strict a file that does not compile ends the run with 2 and the cause, and nothing is written or printed."""
    tree(tmp_path, bad=BROKEN, again=proto3("acme.again.v1", "message Again { acme.bad.v1.Bad bad = 1; }", "bad.proto"))
    for command in (REFERENCE, ("list",), ("dump",), ("page", "acme.zoo.v1")):
        ran = run(*command, *PROTOS, "--strict", cwd=tmp_path)
        assert (ran.code, ran.output) == (2, b"")
        assert ran.errors.splitlines() == [
            "error: 2 files do not compile and --strict is set:",
            '  bad.proto:5:1: Expected ";"; left out with it: again.proto',
        ]
    assert not (tmp_path / "build").exists()


def test_settings_file(tmp_path: Path) -> None:
    """toolkit.toml is found from a folder below it, its paths are relative to it, and flags win over it."""
    tree(tmp_path)
    (tmp_path / "toolkit.toml").write_text(
        'proto_path = ["protos"]\ncatalog = "titles.toml"\nstrict = true\n[reference]\nout = "pages"\nstyle = "maps"\n'
    )
    entry = '[[package]]\nname = "acme.zoo.v1"\ntitle = "The Zoo"\ndocs_path = "zoo"\n'
    (tmp_path / "titles.toml").write_text(entry)
    below = tmp_path / "protos/acme/zoo"
    assert run(*REFERENCE, cwd=below).code == 0
    assert b"\n# The Zoo: gRPC reference\n" in written(tmp_path / "pages")["zoo/api-ref/grpc/index.md"]
    assert run(*REFERENCE, "--out", "here", "--link-prefix", "/x/", cwd=below).code == 0
    assert set(written(below / "here")) == set(written(tmp_path / "pages"))
    (tmp_path / "protos/bad.proto").write_text(BROKEN)
    assert run(*REFERENCE, cwd=below).code == 2
    assert run(*REFERENCE, "--no-strict", cwd=below).code == 0


def test_named_settings_file(tmp_path: Path) -> None:
    """--config names another file, and the nearest toolkit.toml is not read then."""
    tree(tmp_path)
    (tmp_path / "toolkit.toml").write_text("nonsense = 1\n")
    (tmp_path / "conf").mkdir()
    (tmp_path / "conf/other.toml").write_text('proto_path = ["../protos"]\n[reference]\nout = "o"\n')
    assert run(*REFERENCE, "--config", "conf/other.toml", cwd=tmp_path).code == 0
    assert set(written(tmp_path / "conf/o")) == STORAGE_PAGES | ZOO_PAGES


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("strict = tru", "toolkit.toml: not valid TOML: "),
        ("\xff", "toolkit.toml: not valid TOML: "),
        ("stric = true", "unknown key 'stric' at the top of the file\n  did you mean 'strict'?"),
        ("[refrence]\nout = 'x'", "[reference]"),
        ("[reference]\nstrict = true", "unknown key 'strict' in [reference]"),
        ("reference = 1", "[reference] must be a table, not 1"),
        ("strict = 'yes'", "strict must be true or false, not 'yes'"),
        ("link_prefix = 1", "link_prefix must be a string, not 1"),
        ("proto_path = [1]", "proto_path number 1 must be a path"),
        ("proto_path = ''", "proto_path number 1 must be a path"),
        ("proto_path = 1", "proto_path must be a list where each item is a path"),
        ("catalog = ['x']", "catalog must be a path"),
        ("catalog = ''", "catalog must be a path"),
        ("[examples]\nvalues = 1", "[examples] values must be a table, not 1"),
        ('[reference]\nout = "a\\u0000"', "[reference] out must be a path"),
        ("[reference]\nstyle = 'nice'", "one of: plain, values, maps, current, opaque"),
        ("[reference]\nstyle = 'current,colour=red'", "a style has no switch 'colour'"),
        ("[reference]\nstyle = 'current,maps=red'", "style switch maps cannot be 'red'"),
        ("[reference]\nstyle = 'current,maps'", "'maps' is not switch=value"),
        ("catalog = 'gone.toml'", "cannot read the catalog"),
        ("catalog = 'protos'", "cannot read the catalog"),
        ("rules = ['gone.toml']", "gone.toml"),
        ("templates = ['gone']", "gone' does not exist"),
        ("proto_path = ['gone']", "gone' is not a directory"),
        ("proto_path = []", "--proto-path"),
        ("descriptor_set = 'gone.binpb'", "cannot read '"),
        ("descriptor_set = 'toolkit.toml'", "error: "),
    ],
)
def test_wrong_settings(toml: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mistake in toolkit.toml is exit code 2 and a sentence that names it, and nothing is written."""
    monkeypatch.chdir(tree(tmp_path))
    if "proto_path" not in toml:
        toml = 'proto_path = ["protos"]\n' + toml
    (tmp_path / "toolkit.toml").write_text(toml, encoding="latin-1")
    assert said in wrong(*REFERENCE)
    assert not (tmp_path / "build").exists()


@pytest.mark.parametrize(
    ("catalog", "said"),
    [
        ("[[package", "not valid TOML"),
        ("package = 1", "[[package]]"),
        ('[[package]]\nname = "acme.zoo.v1"', "number 1 (acme.zoo.v1): title is missing"),
        ('[[package]]\nname = "a"\ntitle = "t"\ndocs_path = "../up"', "must be a plain relative path"),
        ('[[package]]\nname = "a"\ntitle = "t"\ndocs_path = "/up"', "must be a plain relative path"),
        ('[[packages]]\nname = "a"', "unknown key 'packages'"),
    ],
)
def test_wrong_catalog(catalog: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mistake in the catalog is exit code 2 and a sentence that names the file."""
    monkeypatch.chdir(tree(tmp_path))
    (tmp_path / "titles.toml").write_text(catalog)
    message = wrong(*REFERENCE, *PROTOS, "--catalog", "titles.toml")
    assert said in message
    assert "titles.toml" in message


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("--nonsense",),
        ("page",),
        ("page", "a", "b"),
        ("page", "a", "--out", "x"),
        ("list", "--style", "maps"),
        ("generate", "nonsense"),
        ("generate", "reference", "--out"),
        ("generate", "reference", "--out", ""),
        ("generate", "reference", "--proto-path", "gone"),
        ("generate", "reference", "--proto-path", "protos/acme/zoo/v1/zoo.proto"),
        ("generate", "reference", "--config", "gone.toml"),
        ("generate", "reference", "--config", "protos"),
        ("init", "gone"),
        ("init", "--force", "protos/acme/zoo/v1/zoo.proto"),
    ],
)
def test_wrong_use(arguments: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Arguments that mean nothing, or name what is not there, are exit code 2, and nothing is written."""
    monkeypatch.chdir(tree(tmp_path))
    assert "rror: " in wrong(*arguments)
    assert set(written(tmp_path)) == set(SOURCES)


def test_out_is_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An output folder that is a file, or below one, or that nobody can make, is refused; the file stays."""
    monkeypatch.chdir(tree(tmp_path))
    (tmp_path / "taken").write_text("mine")
    for out in ("taken", "taken/below", "/proc/toolkit"):
        assert f"cannot write '{os.path.realpath(out)}" in wrong(*REFERENCE, *PROTOS, "--out", out)
    assert (tmp_path / "taken").read_text() == "mine"


def test_out_is_a_loop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An output folder that is a link to itself is refused."""
    monkeypatch.chdir(tree(tmp_path))
    (tmp_path / "loop").symlink_to("loop")
    assert "cannot write '" in wrong(*REFERENCE, *PROTOS, "--out", "loop")


@pytest.mark.parametrize(
    "arguments", [("list", "--descriptor-set", "-"), ("validate", "-", *PROTOS, "--message", "acme.zoo.v1.Cat")]
)
def test_closed_input(arguments: tuple[str, ...], tmp_path: Path) -> None:
    """A standard input that is closed is an error of the command that reads it."""
    command = ["sh", "-c", '"$0" -m toolkit "$@" <&-', sys.executable, *arguments]
    ran = subprocess.run(command, cwd=tree(tmp_path), capture_output=True, timeout=60)
    assert (ran.returncode, ran.stdout) == (2, b"")
    assert b"standard input is closed" in ran.stderr
    assert b"Traceback" not in ran.stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere: run as another user")
def test_read_only_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that may not be written into is refused by name."""
    monkeypatch.chdir(tree(tmp_path))
    (tmp_path / "locked").mkdir(mode=0o500)
    assert f"cannot write '{tmp_path}/locked/" in wrong(*REFERENCE, *PROTOS, "--out", "locked")


def test_broken_pipe(tmp_path: Path) -> None:
    """A reader that stops reading, as `head` does, ends the run quietly."""
    many = "".join(f"message M{number} {{ string name = 1; }}\n" for number in range(2000))
    tree(tmp_path, many=proto3("acme.many.v1", many))
    command = [sys.executable, "-m", "toolkit", "dump", *PROTOS]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == b"{\n"
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(60) == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full: run on Linux")
def test_full_disk(tmp_path: Path) -> None:
    """Output that cannot be written is exit code 2 and a sentence."""
    with Path("/dev/full").open("wb") as full:
        command = [sys.executable, "-m", "toolkit", "list", *PROTOS]
        ran = subprocess.run(command, cwd=tree(tmp_path), stdout=full, stderr=subprocess.PIPE, timeout=60)
    assert (ran.returncode, ran.stderr.decode()) == (2, "error: No space left on device\n")


def test_unresolved_references(tmp_path: Path) -> None:
    """A reference that leads nowhere is a warning with file and line, once, with the page it is on too."""
    expected = "warning: acme/storage/v1/storage.proto:6: unresolved reference [Nowhere.name]"
    ran = run(*REFERENCE, *PROTOS, cwd=tree(tmp_path))
    assert ran.errors.count("warning: ") == 1
    assert expected in ran.errors
    assert expected in run("page", "acme.storage.v1.BucketService.Put", *PROTOS, cwd=tmp_path).errors
    assert run("page", "acme.zoo.v1", *PROTOS, cwd=tmp_path).errors == ""


def test_quiet(tmp_path: Path) -> None:
    """--quiet prints errors only."""
    tree(tmp_path, bad=BROKEN)
    assert run(*REFERENCE, *PROTOS, "--quiet", cwd=tmp_path).errors == ""
    assert pages(tmp_path) == STORAGE_PAGES | ZOO_PAGES
    assert run(*REFERENCE, *PROTOS, "--quiet", "acme.gone", cwd=tmp_path).errors.startswith("error: ")


def options(*command: str) -> set[str]:
    """The long options that a command's help names, less those of every command."""
    result = CliRunner().invoke(main, [*command, "--help"])
    assert result.exit_code == 0
    words = result.stdout.replace("/", " ").split()
    return {word for word in words if word.startswith("--") and not word.startswith("--no-")} - {"--help"}


REMOTE = {"--header", "--ca", "--allow-http"}
TREE = {"--config", "--proto-path", "--import-path", "--exclude", "--descriptor-set", "--strict"} | REMOTE
WRITES = {"--out", "--quiet", "--cache", "--force", "--shard"}


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (REFERENCE, TREE | WRITES | {"--catalog", "--rules", "--templates", "--link-prefix", "--style"}),
        (("page",), TREE | {"--catalog", "--rules", "--templates", "--link-prefix", "--style", "--rest"}),
        (("list",), TREE | {"--types"}),
        (("dump",), TREE),
        (("validate",), TREE | {"--rules", "--message"}),
        (("generate", "examples"), TREE | WRITES | {"--rules", "--variants"}),
        (
            ("generate", "python"),
            TREE | WRITES | {"--rules", "--templates", "--package", "--distribution", "--distribution-version"},
        ),
        (
            ("check",),
            TREE
            | {
                "--catalog",
                "--rules",
                "--templates",
                "--link-prefix",
                "--format",
                "--published",
                "--trees",
                "--cache",
                "--shard",
            },
        ),
        (
            ("example",),
            TREE
            | {"--rules", "--templates", "--package", "--grpc-server", "--http-server", "--as"}
            | {"--tls", "--full", "--done"},
        ),
        (("init",), {"--force", "--proto-path", "--import-path"}),
    ],
)
def test_help(command: tuple[str, ...], expected: set[str]) -> None:
    """The help of a command names the settings that mean something there, and no others."""
    assert options(*command) == expected


def test_every_command_has_help() -> None:
    """Every command says what it does."""
    with click.Context(main) as context:
        for name in main.list_commands(context):
            command = main.get_command(context, name)
            assert command is not None
            assert command.help, name
            assert command.get_short_help_str(), name
