"""No command connects to anything that the user did not name."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from tests.support.command import run, tree
from tests.support.protos_of import write
from toolkit.cli.main import main
from toolkit.targets import registry

pytestmark = pytest.mark.slow(reason="starts every command")

REFUSE = '''
import os
import sys


def refuse(event, arguments):
    """Note and refuse connections, and look-ups of names, except to this machine."""
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else "localhost"
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = arguments[0]
    else:
        return
    if host not in ("127.0.0.1", "::1", "localhost", None):
        with open(os.environ["REFUSED"], "a") as file:
            file.write(f"{sys.argv}: {event} {host}\\n")
        raise PermissionError(f"no network: {host}")


sys.addaudithook(refuse)
'''
GET = "acme.storage.v1.BucketService.Get"
TREE = ("--proto-path", "protos")
COMMANDS: list[tuple[str, ...]] = [
    *(("generate", name) for name in registry.BUILT_IN),
    ("check",),
    ("build", "-q"),
    ("changelog",),
    ("finish",),
    ("serve", "--port", "99999"),
    ("page", GET),
    ("list",),
    ("dump",),
    ("example", GET),
    ("validate", "cat.json", "--message", "acme.zoo.v1.Cat"),
    ("diff", "protos", "protos"),
    ("init", "protos"),
    ("cache", "clear"),
    ("generate", "reference", "--shard", "1/2"),
    ("generate", "reference", "--shard", "2/2"),
    ("merge",),
]


def names(group: click.Group, *before: str) -> Iterator[tuple[str, ...]]:
    """The words of every command."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from names(command, *before, name)
        else:
            yield (*before, name)


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Variables that make Python refuse connections, and npm stay offline."""
    write(tmp_path / "refuse", {"sitecustomize.py": REFUSE})
    return {
        "PYTHONPATH": str(tmp_path / "refuse"),
        "REFUSED": str(tmp_path / "refused"),
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "npm_config_offline": "true",
        "npm_config_registry": "http://127.0.0.1:9/",
        "npm_config_cache": str(tmp_path / "npm"),
    }


def test_every_command(tmp_path: Path, environment: dict[str, str]) -> None:
    """Every command does its work without a network, and none tries to reach one."""
    assert {command[: len(name)] for name in names(main) for command in COMMANDS} >= set(names(main))
    folder = tree(tmp_path / "project")
    toml = 'proto_path = ["protos"]\n[reference]\n[examples]\n[python]\n[changelog]\n[changelog.revisions]\none = "protos"\ntwo = "protos"\n'
    write(folder, {"toolkit.toml": toml, "cat.json": json.dumps({"name": "Tom"})})
    for command in COMMANDS:
        ran = run(*command, cwd=folder, env=environment)
        assert ran.code == (2 if "serve" in command else 0), (command, ran.errors)
    assert not (tmp_path / "refused").exists(), (tmp_path / "refused").read_text()


def test_refusal_works(tmp_path: Path, environment: dict[str, str]) -> None:
    """A connection would be noticed."""
    write(
        tmp_path,
        {
            "connects.py": "import socket\ntry:\n    socket.create_connection(('192.0.2.1', 80), 1)\nexcept OSError:\n    pass\n"
        },
    )
    environment["PYTHONPATH"] += f":{tmp_path}"
    assert run(cwd=tmp_path, env=environment, program="connects").code == 0
    assert "192.0.2.1" in (tmp_path / "refused").read_text()
