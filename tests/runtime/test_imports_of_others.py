"""Packages that other bindings have, which are imported from there: two distributions share their classes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.bindings_of import compiled
from tests.support.command import run
from tests.support.protos_of import proto3, write
from toolkit.descriptors.compile import Compilation
from toolkit.descriptors.loader import load
from toolkit.errors import ConfigError
from toolkit.runtime import AnyMessage
from toolkit.semantics.facts import Facts
from toolkit.targets.python.bindings import PythonBindings

COMMON = {
    "deep/deep.proto": proto3("deep.v1", "message Deep { int32 n = 1; }"),
    "common/common.proto": proto3(
        "common.v1",
        """
import "deep/deep.proto";
import "google/protobuf/any.proto";
enum Level { LEVEL_UNSPECIFIED = 0; HIGH = 1; }
message Status { int32 code = 1; string text = 2; deep.v1.Deep deep = 3; repeated google.protobuf.Any details = 4; }
""",
    ),
}
SHOP = {
    "shop/shop.proto": proto3(
        "shop.v1",
        """
import "common/common.proto";
message Order {
  common.v1.Status status = 1;
  repeated common.v1.Status history = 2;
  map<string, common.v1.Level> levels = 3;
  oneof outcome { common.v1.Status failed = 4; string receipt = 5; }
}
service Orders { rpc Get(common.v1.Status) returns (Order); }
""",
    ),
}
IMPORTS = {"common.v1": "shared_bindings.common.v1"}


@pytest.fixture(scope="module")
def compilation(tmp_path_factory: pytest.TempPathFactory) -> Compilation:
    """The protos of both."""
    return compiled(tmp_path_factory.mktemp("protos"), COMMON | SHOP)


def texts(compilation: Compilation, package: str, imports: dict[str, str]) -> dict[str, str]:
    """The files of bindings."""
    facts = Facts(load(compilation))
    return dict(PythonBindings(facts, compilation.descriptor_set, package, imports=imports).files())


@pytest.fixture(scope="module")
def folder(compilation: Compilation, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Shared bindings, and two that import from them, on the path."""
    made = tmp_path_factory.mktemp("made")
    common = compiled(tmp_path_factory.mktemp("common"), COMMON)
    write(made, texts(common, "shared_bindings", {}))
    for name in ("shop_bindings", "store_bindings"):
        write(made, texts(compilation, name, IMPORTS | {"deep.v1": "shared_bindings.deep.v1"}))
    write(made, texts(compilation, "half_bindings", IMPORTS | {"deep.v1": "shared_bindings.deep.v1"}))
    sys.path.insert(0, str(made))
    yield made
    sys.path.remove(str(made))
    for name in [name for name in sys.modules if name.partition(".")[0].endswith("_bindings")]:
        del sys.modules[name]


@pytest.fixture
def modules(folder: Path) -> Any:
    """The modules of the shared package and of the two that use it."""
    from importlib import import_module

    names = ("shared_bindings.common.v1", "shop_bindings.shop.v1", "store_bindings.shop.v1")
    return [import_module(name) for name in names]


def test_not_generated(folder: Path) -> None:
    """What is imported is not generated again, nor what only that uses."""
    found = {path.relative_to(folder).as_posix() for path in (folder / "shop_bindings").rglob("v1")}
    assert found == {"shop_bindings/shop/v1"}


def test_shared(modules: Any) -> None:
    """The classes are the same in all three, and messages go there and back as bytes, JSON and official messages."""
    common, shop, store = modules
    failed = common.Status(code=5, text="no", details=[AnyMessage.pack(common.Status(code=1))])
    order = shop.Order(
        status=failed,
        history=[failed, common.Status(code=2)],
        levels={"a": common.Level.HIGH},
        outcome=shop.Order.Outcome.Failed(failed),
    )
    again = shop.Order.from_bytes(order.to_bytes())
    assert again == order
    assert type(again.status) is common.Status
    assert type(again.levels["a"]) is common.Level
    assert again.status.details[0].unpack() == common.Status(code=1)
    assert shop.Order.from_json(order.to_json()) == order
    assert shop.Order.from_pb(order.to_pb()) == order
    moved = store.Order(status=order.status)
    assert type(store.Order.from_bytes(moved.to_bytes()).status) is type(order.status)
    assert order.validate() == []


def test_services(modules: Any) -> None:
    """Requests and responses may be imported, and the descriptors of a service include theirs."""
    _, shop, _ = modules
    descriptor = shop.OrdersClient.__root__.descriptor("shop.v1.Orders")
    assert descriptor.methods_by_name["Get"].input_type.full_name == "common.v1.Status"
    assert descriptor.file.pool.FindMessageTypeByName("deep.v1.Deep").full_name == "deep.v1.Deep"


@pytest.mark.slow(reason="runs mypy")
def test_types(folder: Path) -> None:
    """Type checkers see the class of the other distribution."""
    (folder / "use.py").write_text(
        "from shared_bindings.common.v1 import Status\nfrom shop_bindings.shop.v1 import Order\n"
        "reveal_type(Order(status=Status(code=1)).status)\nOrder(status=1)\n"
    )
    environment = {**os.environ, "MYPYPATH": str(folder)}
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(folder / "cache"), "use.py"]
    ran = subprocess.run(command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", timeout=300)
    assert ran.stdout.splitlines() == [
        'use.py:3: note: Revealed type is "shared_bindings.common.v1.Status | None"',
        'use.py:4: error: Argument "status" to "Order" has incompatible type "int"; expected "Status | None"  [arg-type]',
        "Found 1 error in 1 file (checked 1 source file)",
    ], ran.stdout + ran.stderr


def test_another_version(compilation: Compilation, modules: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the other bindings lack a file, the error says which, and what to do."""
    import half_bindings.shop.v1 as half
    import shared_bindings.common.v1._descriptors as descriptors

    monkeypatch.delitem(descriptors.FILES, "common/common.proto")
    with pytest.raises(LookupError, match=r"has no common/common\.proto, which half_bindings uses: generate both from"):
        half.Order(status=None).to_pb()


@pytest.mark.parametrize(
    ("imports", "said"),
    [
        ({"nope.v1": "a.b"}, "there is no package 'nope.v1'"),
        ({"common.v1": "common"}, "'common' for common.v1 is not a module of generated bindings"),
        ({"common.v1": "a.b c"}, "'a.b c' for common.v1 is not a module of generated bindings"),
        ({"common.v1": "a.class"}, "'a.class' for common.v1 is not a module of generated bindings"),
    ],
)
def test_refused(imports: dict[str, str], said: str, compilation: Compilation) -> None:
    """Packages that don't exist and modules that can't be are errors."""
    with pytest.raises(ConfigError, match=said):
        texts(compilation, "made", imports)


def test_setting(tmp_path: Path) -> None:
    """The setting is a table of toolkit.toml."""
    write(tmp_path / "protos", COMMON | SHOP)
    table = '[python.imports]\n"common.v1" = "shared.common.v1"\n'
    (tmp_path / "toolkit.toml").write_text(f'proto_path = ["protos"]\n[python]\nout = "made"\n{table}')
    assert run("generate", "python", cwd=tmp_path).code == 0
    found = {path.relative_to(tmp_path / "made").as_posix() for path in (tmp_path / "made").rglob("v1/__init__.py")}
    assert found == {"bindings/shop/v1/__init__.py", "bindings/deep/v1/__init__.py"}


def test_snippet(tmp_path: Path) -> None:
    """A snippet imports a request from the bindings that have its package."""
    write(tmp_path / "protos", COMMON | SHOP)
    table = '[python.imports]\n"common.v1" = "shared.common.v1"\n'
    (tmp_path / "toolkit.toml").write_text(f'proto_path = ["protos"]\n[python]\npackage = "shop_bindings"\n{table}')
    ran = run("example", "shop.v1.Orders.Get", "--as", "python", cwd=tmp_path)
    found = [line for line in ran.text.splitlines() if line.startswith("from ")]
    assert found == ["from shared.common.v1 import Status", "from shop_bindings.shop.v1 import OrdersClient"]
