"""Long lists, for which the official runtime is asked, and what is loaded for a first message."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.bindings_of import Bindings, bindings_of
from tests.support.message_trees import TREE
from toolkit.runtime import EncodeError
from toolkit.runtime.longlists import LONG

VALUES: dict[str, list[Any]] = {
    "int32": [0, 1, -1, 300, (1 << 31) - 1, -(1 << 31), True],
    "sint32": [0, 1, -1, 300, (1 << 31) - 1, -(1 << 31), True],
    "sfixed32": [0, 1, -1, 300, (1 << 31) - 1, -(1 << 31), True],
    "int64": [0, 1, -1, 1 << 40, (1 << 63) - 1, -(1 << 63), True],
    "sint64": [0, 1, -1, 1 << 40, (1 << 63) - 1, -(1 << 63), True],
    "sfixed64": [0, 1, -1, 1 << 40, (1 << 63) - 1, -(1 << 63), True],
    "uint32": [0, 1, 300, (1 << 32) - 1, False],
    "fixed32": [0, 1, 300, (1 << 32) - 1, False],
    "uint64": [0, 1, 1 << 40, (1 << 64) - 1, False],
    "fixed64": [0, 1, 1 << 40, (1 << 64) - 1, False],
    "float": [0.0, -0.0, 1.5, float("inf"), 2],
    "double": [0.0, -0.0, 0.1, float("inf"), 2],
    "bool": [True, False],
    "string": ["", "a", "ünïcode", "\U0001f600", "x" * 200],
    "bytes": [b"", b"\xff", bytearray(b"a"), b"x" * 200],
}


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bindings]:
    """Bindings of every kind of field."""
    with bindings_of(tmp_path_factory.mktemp("tree"), TREE) as made:
        yield made


@pytest.mark.parametrize("package", ["acme.shop.v1", "acme.next"])
@pytest.mark.parametrize("kind", VALUES)
def test_long_is_as_short(tree: Bindings, package: str, kind: str) -> None:
    """A long list holds the same elements as short lists one after another."""
    cls, official = tree.module(package).Scalars, tree.official(f"{package}.Scalars")
    name = f"many_{kind}"
    values = VALUES[kind] * LONG
    long = cls(**{name: values}).to_bytes()
    short = b"".join(cls(**{name: values[at : at + 5]}).to_bytes() for at in range(0, len(values), 5))
    assert cls.from_bytes(long) == cls.from_bytes(short)
    assert official.FromString(long) == official.FromString(short)
    assert official.FromString(long).SerializeToString() == long


@pytest.mark.parametrize("wrong", [None, "1", b"1", 1.5, 1 << 70, "\ud800", [], object()])
@pytest.mark.parametrize("kind", VALUES)
def test_wrong_elements(tree: Bindings, kind: str, wrong: Any) -> None:
    """An element that is refused in a short list is refused in a long one, with its index."""
    cls, name = tree.module("acme.shop.v1").Scalars, f"many_{kind}"
    try:
        cls(**{name: [wrong]}).to_bytes()
    except EncodeError as error:
        text = str(error)
    else:
        return
    good = VALUES[kind] * LONG
    with pytest.raises(EncodeError) as caught:
        cls(**{name: [*good, wrong, *good]}).to_bytes()
    assert str(caught.value) == text.replace("[0]", f"[{len(good)}]")


def test_first_message_loads_little(tree: Bindings) -> None:
    """A first message loads its file, what that imports, and no options."""
    program = (
        f"import sys; sys.path.insert(0, {str(tree.folder)!r})\n"
        f"from {tree.package}.acme.shop.v1 import Maps\n"
        "message = Maps(by_int32={1: 'a'}, to_string={'b': 'c'})\n"
        "assert Maps.from_bytes(message.to_bytes()) == message\n"
        "print(*sorted(type(message).__proto__[0]._loaded))\n"
        "print([name for name in ('dataclasses', 'google.protobuf.descriptor_pb2') if name in sys.modules])\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.splitlines() == ["acme/shop/v1/shop.proto google/protobuf/struct.proto", "[]"]


def test_one_file_of_a_package(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Of a package's files, only those that a message is in, or refers to, are loaded; others when they are needed."""
    sources = {
        "p/a.proto": 'syntax = "proto3"; package p; import "p/b.proto"; message A { B b = 1; }',
        "p/b.proto": 'syntax = "proto3"; package p; message B { message In { int32 x = 1; } In in = 1; }',
        "p/c.proto": 'syntax = "proto3"; package p; message C { string text = 1; }',
    }
    with bindings_of(tmp_path_factory.mktemp("files"), sources) as made:
        module, root = made.module("p"), made.root
        assert module.B.In(x=1).to_bytes() == b"\x08\x01"
        assert root._loaded == {"p/b.proto"}
        assert module.A(b=module.B()).to_bytes() == b"\x0a\x00"
        assert root._loaded == {"p/a.proto", "p/b.proto"}
        assert module.C(text="a").to_bytes() == b"\x0a\x01a"
