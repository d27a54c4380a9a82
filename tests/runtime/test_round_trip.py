"""Generated contents of whole trees survive dataclasses, bytes, official classes and JSON, and back."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from google.protobuf import json_format
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.bindings_of import Bindings, bindings_from, bindings_of
from tests.support.message_trees import TREE
from tests.support.messages import check_round_trip, message_of, messages
from tests.support.published import CLOUDAPI, REPOSITORY, import_roots
from toolkit.descriptors.compile import compile_tree
from toolkit.runtime import DecodeError, EncodeError

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


@pytest.mark.slow(reason="compiles a whole tree")
@pytest.mark.skipif(not _TREES, reason=f"no proto trees in {CLOUDAPI}: set CLOUDAPI")
@pytest.mark.parametrize(
    "part", [pytest.param(part, marks=pytest.mark.xdist_group(f"tree {part % 2}")) for part in range(_PARTS)]
)
def test_published_tree(cloud: Bindings, part: int) -> None:
    """Every message of the newest published tree survives."""
    names = cloud.message_names()
    assert len(names) > 1000
    for name in names[part::_PARTS]:
        cls, official = cloud.root.message(name), cloud.official(name)
        for seed in range(3):
            check_round_trip(cls, message_of(official, Random(f"{name} {seed}"), cloud.pool), cloud.pool)


@pytest.mark.slow(reason="compiles a whole tree")
@pytest.mark.xdist_group("tree 0")
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


_LEAVES: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1.5, -0.0, 1e39, 2**31, 2**63, 2**64, 10**30, "", "a", "1", "1.0", "1.5", "-1", "1e3", "NaN", "-Infinity"),
    *("PAID", "1s", "-1.5s", "2026-01-31T12:00:00Z", "YQ==", "YQ", "_-8", "a.b", "fooBar", "foo_bar", [], {}, [None], {"a": None}, [[]]),
    *({"@type": "x"}, {"@type": "type.googleapis.com/google.protobuf.Duration", "value": "1s"}),
)  # fmt: skip


def _mutated(content: Any, random: Random) -> Any:
    """JSON with one of its values replaced."""
    if not isinstance(content, (dict, list)) or not content or random.random() < 0.2:
        return random.choice(_LEAVES)
    location = random.choice(list(content) if isinstance(content, dict) else range(len(content)))
    made: Any = content.copy()
    made[location] = _mutated(content[location], random)
    return made


@pytest.mark.parametrize("name", _NAMES)
def test_mutated_json(tree: Bindings, name: str) -> None:
    """JSON with something wrong is a DecodeError with the message's name, or means what the official runtime takes it for."""
    cls, official, pool = tree.root.message(name), tree.official(name), tree.pool
    random = Random(name)
    accepted, refusals = 0, []
    for _ in range(150):
        content = json_format.MessageToDict(message_of(official, random, pool), descriptor_pool=pool)
        content = {key: value if random.random() < 0.7 else _mutated(value, random) for key, value in content.items()}
        try:
            made = cls.from_dict(content)
        except DecodeError as error:
            refusals.append(str(error))
            continue
        # The official runtime refuses a little more, and a required field can be lost.
        with contextlib.suppress(json_format.ParseError, EncodeError):
            assert made.to_pb(official) == json_format.ParseDict(content, official(), descriptor_pool=pool)
            accepted += 1
    assert accepted
    assert all(name in refusal for refusal in refusals)


@pytest.mark.parametrize("name", _NAMES)
def test_mutated_bytes(tree: Bindings, name: str) -> None:
    """Bytes with something wrong are a DecodeError, or are read and written as the official runtime does."""
    cls, official = tree.root.message(name), tree.official(name)
    random = Random(name)
    accepted = 0
    for _ in range(150):
        content = bytearray(message_of(official, random, tree.pool).SerializeToString())
        for _ in range(min(2, len(content))):
            content[random.randrange(len(content))] = random.randrange(256)
        try:
            made = cls.from_bytes(bytes(content))
        except DecodeError:
            continue
        expected = official.FromString(bytes(content))
        with contextlib.suppress(EncodeError):  # a required field got lost
            again = official.FromString(made.to_bytes())
            # Unknown fields in well-known types are left out, NaN is not equal to itself.
            if "acme.known" not in name and "nan" not in str(expected) and "at {" not in str(expected):
                assert again == expected
            accepted += 1
    assert accepted


_ODD = {
    "features of other languages": """edition = "2023"; package a; import "google/protobuf/cpp_features.proto";
        option features.(pb.cpp).string_type = VIEW;
        message M { string s = 1 [features.(pb.cpp).string_type = CORD]; int64 i = 3 [jstype = JS_STRING, deprecated = true]; }""",
    "edition 2024": """edition = "2024"; package a; export message M { local message N { int32 x = 1; } N n = 2; string s = 3; }""",
    "a message set": """syntax = "proto2"; package a; message M { optional S set = 1; }
        message S { option message_set_wire_format = true; extensions 4 to max; }
        message X { extend S { optional X x = 1000; } optional string s = 1; }""",
    "options of one's own": """syntax = "proto2"; package a; import "google/protobuf/descriptor.proto";
        message Opt { optional int32 x = 1; } extend google.protobuf.FieldOptions { optional Opt opt = 50001; }
        message M { optional string s = 1 [(opt).x = 5]; extend google.protobuf.MessageOptions { optional int32 q = 50002; } }""",
    "numbers": """syntax = "proto3"; package a; enum E { Z = 0; N = -5; H = 2147483647; L = -2147483648; }
        message M { int32 a = 536870911; repeated string c = 20000; repeated int32 d = 15; map<bool, E> e = 16; M f = 2048;
          map<fixed64, bytes> g = 17; map<sint32, M> h = 18; repeated E i = 19; repeated bool j = 20; oneof o { M k = 2047; string l = 262144; } }""",
}


@pytest.mark.parametrize("text", _ODD.values(), ids=_ODD)
def test_odd_files(tmp_path: Path, text: str) -> None:
    """Files with what is rarely used generate, and their messages survive."""
    with bindings_of(tmp_path, {"a.proto": text}) as made:
        assert "a.M" in made.message_names()
        for name in made.message_names():
            for seed in range(10):
                check_round_trip(
                    made.root.message(name), message_of(made.official(name), Random(seed), made.pool), made.pool
                )


def test_public_imports_and_many_files(tmp_path: Path) -> None:
    """Types that come through a public import, and a package of several files, are found."""
    sources = {
        "x/a.proto": 'syntax = "proto3"; package p; import public "y/a.proto"; message A { B b = 1; }',
        "y/a.proto": 'syntax = "proto3"; package p; message B { int32 x = 1; }',
        "c.proto": 'syntax = "proto3"; package c; import "x/a.proto"; message C { .p.A a = 1; .p.B b = 2; }',
    }
    with bindings_of(tmp_path, sources) as made:
        assert made.message_names() == ["c.C", "p.A", "p.B"]
        for seed in range(10):
            check_round_trip(
                made.root.message("c.C"), message_of(made.official("c.C"), Random(seed), made.pool), made.pool
            )
