"""`toolkit generate python` for chosen packages."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.command import run, written
from tests.support.protos_of import proto3, write

pytestmark = pytest.mark.slow(reason="runs the command many times")

SOURCES = {
    "protos/acme/base.proto": proto3("acme.base", "message Id { string value = 1; }"),
    "protos/acme/shop.proto": proto3(
        "acme.shop",
        "message Order { acme.base.Id id = 1; }\nservice Shop { rpc Sell(Order) returns (acme.pay.Bill); }",
        "acme/base.proto",
        "acme/pay.proto",
    ),
    "protos/acme/pay.proto": proto3("acme.pay", "message Bill { string text = 1; }"),
    "protos/acme/zoo.proto": proto3(
        "acme.zoo.v1", "message Cat { string name = 1; acme.base.Id id = 2; }", "acme/base.proto"
    ),
    "protos/acme/more.proto": 'syntax = "proto2"; package acme.more; message Wide { extensions 1 to 9; }',
    "protos/acme/wider.proto": 'syntax = "proto2"; package acme.wider; import "acme/more.proto";'
    "extend acme.more.Wide { optional string wider = 1; }",
}


def modules(folder: Path) -> set[str]:
    """The packages with a module."""
    paths = (path.removesuffix("/_descriptors.py") for path in written(folder) if path.endswith("/_descriptors.py"))
    return {path.replace("/", ".") for path in paths}


@pytest.mark.parametrize("name", ["acme.shop", "acme.shop.Shop", "acme/shop.proto", "protos/acme/shop.proto"])
def test_with_what_is_used(tmp_path: Path, name: str) -> None:
    """A package comes with those whose types it uses, and works without the others."""
    write(tmp_path, SOURCES)
    assert run("generate", "python", name, "--proto-path", "protos", "--out", "out", cwd=tmp_path).code == 0
    assert modules(tmp_path / "out/bindings") == {"acme.shop", "acme.base", "acme.pay"}
    code = (
        "from bindings.acme.shop import Order, ShopClient; from bindings.acme.base import Id;"
        "from toolkit.runtime import Any;"
        "made = Order.from_bytes(Order(id=Id(value='x')).to_bytes()); assert made.id.value == 'x';"
        "print(Order.from_json(made.to_json()) == made)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path / "out", capture_output=True, text=True, check=False
    )
    assert (ran.stdout, ran.stderr) == ("True\n", "")


def test_messages_whose_extensions_were_not_asked_for(tmp_path: Path) -> None:
    """An extension in a package that was not generated is an unknown field."""
    write(tmp_path, SOURCES)
    assert run("generate", "python", "acme.more", "--proto-path", "protos", "--out", "out", cwd=tmp_path).code == 0
    code = "from bindings.acme.more import Wide; print(Wide.from_bytes(b'\\n\\x01x').to_bytes())"
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path / "out", capture_output=True, text=True, check=False
    )
    assert (ran.stdout, ran.stderr) == ("b'\\n\\x01x'\n", "")


def test_package_by_package(tmp_path: Path) -> None:
    """Packages that are generated one after the other work together, as they would had they been made at once."""
    write(tmp_path, {**SOURCES, "toolkit.toml": 'proto_path = ["protos"]\n[python]\nout = "one"\n'})
    for name in ("acme.shop", "acme.zoo.v1", "acme.wider", "acme.more"):
        assert run("generate", "python", name, cwd=tmp_path).code == 0
    ran = run("check", "python", cwd=tmp_path)
    assert (ran.code, ran.errors) == (0, "python: up to date\n")


def test_no_longer_asked_for(tmp_path: Path) -> None:
    """The modules and pages of a package that is excluded are orphans, and removed."""
    settings = 'proto_path = ["protos"]\n[python]\nout = "code"\n[site]\nout = "docs"\n'
    write(tmp_path, {**SOURCES, "toolkit.toml": settings})
    assert run("generate", cwd=tmp_path).code == 0
    assert "acme.zoo.v1" in modules(tmp_path / "code/bindings")
    (tmp_path / "toolkit.toml").write_text('exclude = ["acme/zoo.proto"]\n' + settings)
    found = run("check", cwd=tmp_path).output.decode()
    assert "orphaned" in found
    assert "zoo" in found
    assert run("generate", cwd=tmp_path).code == 0
    assert "acme.zoo.v1" not in modules(tmp_path / "code/bindings")
    assert not [path for path in written(tmp_path / "docs") if "zoo" in path]
    assert run("check", cwd=tmp_path).code == 0
