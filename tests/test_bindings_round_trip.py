"""Generated contents of whole trees survive dataclasses, bytes, official classes and JSON, and back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from google.protobuf import json_format
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.bindings_of import Bindings, bindings_from, bindings_of
from tests.golden.published import CLOUDAPI, REPOSITORY, import_roots
from tests.message_trees import TREE
from tests.messages import check_round_trip, message_of, messages
from toolkit.compile import compile_tree

_SETTINGS = settings(
    max_examples=40,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
_TREES = sorted(path.name for path in CLOUDAPI.iterdir() if path.is_dir()) if CLOUDAPI.is_dir() else []
_PARTS = 16
_NAMES = [
    f"acme.{name}"
    for name in (
        *(f"shop.v1.{name}" for name in ("Order", "Scalars", "Maps", "Choices")),
        *(f"known.v1.{name}" for name in ("Empties", "Times", "Wrapped", "Free", "Masked", "Anything")),
        *(f"old.{name}" for name in ("Old", "Dated", "Scalars")),
        "other.Holder",
        *(f"next.{name}" for name in ("Next", "Scalars")),
    )
]


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bindings]:
    """Bindings of every kind of field."""
    with bindings_of(tmp_path_factory.mktemp("tree"), TREE) as made:
        yield made


@pytest.mark.parametrize("name", _NAMES)
def test_every_kind_of_field(tree: Bindings, name: str) -> None:
    """Messages of proto3, proto2 and an edition survive every way there and back."""
    cls, official, pool = tree.root.message(name), tree.official(name), tree.pool

    @_SETTINGS
    @given(message=messages(official, pool, fast=True))
    def check(message: Any) -> None:
        check_round_trip(cls, message, pool)

    check()


@pytest.mark.parametrize("name", [name for name in _NAMES if "old" not in name and "other" not in name])
def test_json_options(tree: Bindings, name: str) -> None:
    """Names as in the .proto file, defaults and enum numbers are written as the official runtime writes them."""
    cls, official, pool = tree.root.message(name), tree.official(name), tree.pool

    @settings(_SETTINGS, max_examples=15)
    @given(
        message=messages(official, pool, fast=True), names=st.booleans(), defaults=st.booleans(), numbers=st.booleans()
    )
    def check(message: Any, names: bool, defaults: bool, numbers: bool) -> None:
        expected = json_format.MessageToDict(
            message,
            preserving_proto_field_name=names,
            always_print_fields_with_no_presence=defaults,
            use_integers_for_enums=numbers,
            descriptor_pool=pool,
        )
        made = cls.from_pb(message)
        assert made.to_dict(preserve_names=names, defaults=defaults, enum_numbers=numbers) == expected
        assert cls.from_dict(expected) == made

    check()


def test_own_protos(tmp_path: Path) -> None:
    """Every message of the repository's own protos survives."""
    with bindings_from(tmp_path, compile_tree([REPOSITORY / "protos"])) as made:
        names = made.message_names()
        assert "yandex.cloud.compute.v1.Image" in names
        for name in names:
            for seed in range(20):
                message = message_of(made.official(name), Random(seed), made.pool)
                check_round_trip(made.root.message(name), message, made.pool)


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bindings]:
    """Bindings of the newest published tree."""
    with bindings_from(tmp_path_factory.mktemp("cloud"), compile_tree(import_roots(CLOUDAPI / _TREES[-1]))) as made:
        yield made


@pytest.mark.skipif(not _TREES, reason=f"no proto trees in {CLOUDAPI}: set CLOUDAPI")
@pytest.mark.parametrize("part", range(_PARTS))
def test_published_tree(cloud: Bindings, part: int) -> None:
    """Every message of the newest published tree survives."""
    names = cloud.message_names()
    assert len(names) > 1000
    for name in names[part::_PARTS]:
        cls, official = cloud.root.message(name), cloud.official(name)
        for seed in range(3):
            check_round_trip(cls, message_of(official, Random(f"{name} {seed}"), cloud.pool), cloud.pool)


@pytest.mark.skipif(not _TREES, reason=f"no proto trees in {CLOUDAPI}: set CLOUDAPI")
def test_all_modules_import(cloud: Bindings) -> None:
    """Every package of the newest published tree has a module, and they import together."""
    packages = {
        match[1]
        for path in (CLOUDAPI / _TREES[-1] / "yandex").rglob("*.proto")
        if (match := re.search(r"^package ([\w.]+);", path.read_text(encoding="utf-8"), re.M))
    }
    assert len(packages) > 100
    for package in packages:
        assert cloud.module(package).__all__
