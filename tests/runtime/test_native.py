"""Messages read and written in C, beside the same in Python."""

from __future__ import annotations

import copy
import gc
import os
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import REPOSITORY
from tests.support.bindings_of import Bindings, bindings_of
from tests.support.message_trees import TREE
from tests.support.messages import message_of
from tests.support.natively import (
    NAMES,
    NOT_COMPILED,
    check_from_json,
    check_read,
    check_to_json,
    check_write,
    natively,
)
from toolkit.runtime import NULL, DecodeError, Duration, EncodeError, Timestamp
from toolkit.runtime.jsonout import Style
from toolkit.runtime.native import accelerated

pytestmark = pytest.mark.skipif(not accelerated, reason=NOT_COMPILED)


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bindings]:
    """Bindings of every kind of field."""
    with bindings_of(tmp_path_factory.mktemp("tree"), TREE) as made:
        yield made


def varint(value: int) -> bytes:
    """A number, seven bits a byte."""
    made = b""
    while value > 127:
        made += bytes((value & 127 | 128,))
        value >>= 7
    return made + bytes((value,))


@pytest.mark.parametrize("name", NAMES)
def test_random_messages(tree: Bindings, name: str) -> None:
    """What C reads and writes is what Python reads and writes, and C leaves no usual message to Python."""
    cls, official = tree.root.message(name), tree.official(name)
    random = Random(name)
    done = [0, 0]
    for _ in range(200):
        content = message_of(official, random, tree.pool).SerializePartialToString()
        made = check_read(cls, content)
        done[0] += made is not None
        done[1] += check_write(cls.__codec__._from_bytes(content)) is not None
    assert min(done) > (20 if name in ("acme.old.Old", "acme.next.Next", "acme.other.Holder") else 195), done


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 1 << 32), changes=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=3))
def test_changed_bytes(tree: Bindings, name: str, seed: int, changes: list[tuple[float, int]]) -> None:
    """Of bytes with something wrong, both make the same, or C leaves them to Python."""
    content = bytearray(message_of(tree.official(name), Random(seed), tree.pool).SerializePartialToString())
    for where, byte in changes if content else ():
        content[int(where * (len(content) - 1))] = byte
    check_read(tree.root.message(name), bytes(content))


@pytest.mark.parametrize("name", NAMES)
def test_every_end(tree: Bindings, name: str) -> None:
    """Bytes that end early are what Python makes of them, wherever they end."""
    cls, official = tree.root.message(name), tree.official(name)
    for seed in range(4):
        content = message_of(official, Random(seed), tree.pool).SerializePartialToString()
        for end in range(0, len(content), 1 + len(content) // 200):
            check_read(cls, content[:end])


@pytest.mark.parametrize("tag", [*range(1, 26), 41, 55, 100, 101, 536870911, 536870912])
@pytest.mark.parametrize("wire", range(8))
def test_wrong_wire_types(tree: Bindings, tag: int, wire: int) -> None:
    """A field of whatever wire type is read, kept as unknown or refused, as Python does."""
    contents = [b"", b"\x00", b"\x01\x08", b"\x02\x08\x01", b"\x80\x00", b"\xff" * 9 + b"\x01", b"\xff" * 10]
    contents += [b"\x01" * 4, b"\x01" * 8, b"\x08\x01" + varint(tag << 3 | 4), b"\x83\x80\x00abc", b"\x03\xed\xa0\x80"]
    for name in NAMES:
        for content in contents:
            check_read(tree.root.message(name), varint(tag << 3 | wire) + content)
            check_read(tree.root.message(name), varint(tag << 3 | wire) + content + b"\x08\x01")


def test_unknown_fields(tree: Bindings) -> None:
    """Unknown fields are kept in the order in which they came, with numbers as short as they can be."""
    item = tree.root.message("acme.shop.v1.Item")
    content = (
        b"\xb8\x3e\x81\x80\x00" + b"\x0a\x01a" + b"\xbb\x3e\x08\x81\x00\x13\x0a\x01b\x14\xbc\x3e" + b"\xba\x3e\x02hi"
    )
    made = check_read(item, content)
    assert made.name == "a"
    assert made._unknown == b"\xb8\x3e\x01\xbb\x3e\x08\x01\x13\x0a\x01b\x14\xbc\x3e\xba\x3e\x02hi"
    nested = check_read(item, b"\x22" + varint(len(content)) + content)
    assert nested.inside == made
    assert check_write(nested)


def test_repeated_messages_are_merged(tree: Bindings) -> None:
    """A message that comes twice is merged, in a field as in a oneof; a member replaces another one."""
    order = tree.root.message("acme.shop.v1.Order")
    for tag in (b"\x42", b"\x52"):
        content = tag + b"\x03\x0a\x01a" + tag + b"\x05\x10\x05\xb8\x3e\x01" + tag + b"\x03\xb8\x3e\x02"
        made = check_read(order, content)
        item = made.main or made.payment.value
        assert (item.name, item.count, item._unknown) == ("a", 5, b"\xb8\x3e\x01\xb8\x3e\x02")
    made = check_read(order, b"\x52\x03\x0a\x01a" + b"\x4a\x01c" + b"\x52\x02\x10\x05")
    assert made.payment == order.Payment.Barter(tree.root.message("acme.shop.v1.Item")(count=5))
    assert check_read(tree.root.message("acme.known.v1.Times"), b"\x0a\x02\x08\x01\x0a\x02\x10\x00") is None


@pytest.mark.parametrize("depth", [1, 44, 45, 88, 89, 90, 91, 99, 100, 101, 150, 2000])
def test_deep(tree: Bindings, depth: int) -> None:
    """However deep messages are nested, C makes the same as Python, or leaves them to it."""
    item, maps = tree.root.message("acme.shop.v1.Item"), tree.root.message("acme.shop.v1.Maps")
    free, child = tree.root.message("acme.known.v1.Free"), tree.root.message("acme.next.Child")
    nested = struct = entries = b""
    for _ in range(depth):
        nested = b"\x22" + varint(len(nested)) + nested
        struct = b"\x32" + varint(len(struct) + 1 + len(varint(len(struct)))) + b"\x0a" + varint(len(struct)) + struct
        value = b"\x12" + varint(len(entries)) + entries
        entries = b"\xca\x02" + varint(len(value)) + value
    for cls, content in (
        (item, nested),
        (maps, entries),
        (free, b"\x12" + varint(len(struct)) + struct),
        (child, b"\x13" * depth + b"\x14" * depth),
        (child, b"\xbb\x3e" * depth + b"\xbc\x3e" * depth),
    ):
        made = check_read(cls, content)
        assert (made is not None) == (depth < 44 or (depth < 90 and cls in (item, child))) or depth in (44, 45, 89, 90)
        if made is not None:
            check_write(made)


def test_a_message_in_itself(tree: Bindings) -> None:
    """A message that contains itself is refused as it is in Python."""
    item = tree.root.message("acme.shop.v1.Item")()
    item.inside = item
    assert check_write(item) is None
    with pytest.raises(EncodeError, match="contains itself"):
        item.to_bytes()


_ODD: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 1 << 31, -(1 << 31) - 1, 1 << 32, 1 << 63, -(1 << 63) - 1, 1 << 64, 1 << 2000),
    *(0.0, -0.0, 1.5, 1e39, float("inf"), float("nan"), "", "a", "\ud800", "é", "\U0001f600", b"", b"a"),
    *(bytearray(b"a"), memoryview(b"a"), [], [1], (1,), {}, {1: 1}, {"a": 1}, {"a": None}, object(), NULL, type),
    *(datetime(2026, 1, 2), datetime(2026, 1, 2, tzinfo=UTC), datetime(1, 1, 1, tzinfo=UTC), timedelta(1, 2, 3)),
    *(
        datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
        datetime(2024, 2, 29, tzinfo=timezone(timedelta(hours=5))),
    ),
    *(
        timedelta(-1, 2, 3),
        timedelta.max,
        timedelta.min,
        Timestamp.of(5, 7),
        Timestamp.of(1 << 63, -1),
        Duration.of(-1, -5),
    ),
)


@pytest.mark.parametrize("name", NAMES)
def test_odd_values(tree: Bindings, name: str) -> None:
    """A value of whatever type, in whatever field, is written as Python writes it, or left to Python."""
    cls = tree.root.message(name)
    items = [*_ODD, cls(), tree.root.enum("acme.shop.v1.Status")(99), _Int(3), _Str("a"), _Float(1.5)]
    required = {"acme.old.Old": {"id": 1}, "acme.old.Part": {"name": "a"}, "acme.next.Next": {"must": 1}}.get(name, {})
    written = 0
    for attribute in set(cls.__names__) - {"_extensions"}:
        for item in items:
            for value in (
                item,
                [item],
                [item, item],
                {"a": item},
                {1: item},
                {True: item},
                {item: "a"} if _hashable(item) else 0,
            ):
                message = cls(**required)
                setattr(message, attribute, value)
                written += check_write(message) is not None
                check_to_json(message, Style(defaults=bool(written % 2)))
        message = cls(**required)
        delattr(message, attribute)
        assert check_write(message) is None
    assert written >= (0 if name == "acme.old.Dated" else 3)  # which has two required fields


@pytest.mark.parametrize("name", ["acme.shop.v1.Order", "acme.shop.v1.Choices", "acme.old.Old", "acme.known.v1.Times"])
def test_odd_members(tree: Bindings, name: str) -> None:
    """A member of a oneof with a value of whatever type is written as Python writes it, or left to Python."""
    cls = tree.root.message(name)
    for attribute, cases in cls.__codec__.oneofs.values():
        for case in cases.values():
            for value in (*_ODD, cls(), _Int(3)):
                message = cls(id=1) if name == "acme.old.Old" else cls()
                setattr(message, attribute, case(value))
                check_write(message)
                check_to_json(message, Style())
            empty = case(1)
            del empty.value
            setattr(message, attribute, empty)
            assert natively(cls.__codec__, "write", message) is None


class _Int(int):
    pass


class _Str(str):
    __slots__ = ()


class _Float(float):
    pass


def _hashable(value: Any) -> bool:
    try:
        hash(value)
    except (TypeError, ValueError):
        return False
    return True


def test_all_days(tree: Bindings) -> None:
    """Every day of the years that a datetime can have is read and written."""
    times = tree.root.message("acme.known.v1.Times")
    for start in range(-719_162, 2_932_897, 5000):
        days = range(start, min(start + 5000, 2_932_897), 7 if start < -2000 or start > 40_000 else 1)
        many = [datetime(1970, 1, 1, 23, 59, 59, 999999, tzinfo=UTC) + timedelta(day) for day in days]
        content = check_write(times(many=many))
        assert content is not None
        assert natively(times.__codec__, "read", content).many == many
        text = check_to_json(times(many=many), Style())
        assert text is not None
        assert check_from_json(times, text).many == many


@pytest.mark.parametrize("seconds", [0, 1, -1, 86399, 86400, -86400, -86401, -62135596800, -62135596801, 253402300799, 253402300800, 86399999913599, 86399999913600, -86399999913599, -86399999913600, (1 << 63) - 1, -(1 << 63)])  # fmt: skip
@pytest.mark.parametrize("nanos", [0, 1, 1000, -1, -1000, 999999999, 999999000, 1000000000, -999999000, -1000000000, 2147483647, -2147483648])  # fmt: skip
def test_odd_times(tree: Bindings, seconds: int, nanos: int) -> None:
    """Times that Python's types cannot hold, or that protobuf does not allow, are read as Python reads them."""
    parts = b"\x08" + varint(seconds % (1 << 64)) + b"\x10" + varint(nanos % (1 << 64))
    for tag in (b"\x0a", b"\x12", b"\x2a", b"\x32"):
        made = check_read(tree.root.message("acme.known.v1.Times"), tag + bytes((len(parts),)) + parts)
        assert made is not None
        assert check_write(made) is not None
        check_to_json(made, Style())


def test_other_objects(tree: Bindings) -> None:
    """Bytes of another type, and messages of another class, are left to Python."""
    item = tree.root.message("acme.shop.v1.Item")
    codec = item.__codec__

    class Derived(item):  # type: ignore[misc, valid-type]
        __slots__ = ()

    for content in (bytearray(b"\x0a\x01a"), memoryview(b"\x0a\x01a"), "a", None, 1):
        assert natively(codec, "read", content) is None
    for message in (Derived(name="a"), item, "a", None, tree.root.message("acme.shop.v1.Order")()):
        assert natively(codec, "write", message) is None
    assert Derived(name="a", inside=Derived(name="b")).to_bytes() == item(name="a", inside=item(name="b")).to_bytes()
    assert item.from_bytes(bytearray(b"\x0a\x01a")) == item(name="a")
    with pytest.raises(DecodeError, match=r"not a valid acme\.shop\.v1\.Item"):
        item.from_bytes(b"\x0a\x05a")


def test_definitions_that_make_no_sense(tree: Bindings) -> None:
    """A table refuses what it cannot be defined by, and stays undefined."""
    from toolkit.runtime.native import Table

    item = tree.root.message("acme.shop.v1.Item")
    good = (1, "name", "string", "", 0, 0, False, False, None, None, None, "name", "name", None, None)
    for cls, slots, fields in (
        (item, [], [(0, *good[1:])]),
        (item, [], [(1 << 29, *good[1:])]),
        (item, [], [good, good]),
        (item, [], [(1, "no", *good[2:])]),
        (item, [], [(1, "name", "no", *good[3:])]),
        (item, [], [(*good[:4], 9, *good[5:])]),
        (item, [], [(*good[:4], 2, *good[5:])]),
        (item, [], [(*good[:4], 3, *good[5:])]),
        (item, [], [(1, "name", "message", *good[3:])]),
        (item, [], [(1, "name", "enum", *good[3:])]),
        (item, [], [(*good[:10], item, *good[11:])]),
        (item, [], [(*good[:11], "\ud800", *good[12:])]),
        (item, [], [(*good[:11], None, *good[12:])]),
        (item, [], [(1, "name", "enum", *good[3:9], {}, *good[10:])]),
        (item, [], [(1, "name", "enum", *good[3:9], {}, *good[10:13], {}, None)]),
        (item, [], [good[:5]]),
        (item, [("no", 0, None)], []),
        (item, [1], []),
        (item, (), []),
        (int, [], []),
        (list, [], []),
        (type("C", (), {"__slots__": ("name",)}), [], [good]),
        (type("C", (tuple,), {}), [], []),
        (type("C", (dict,), {"__slots__": ("_unknown",)}), [], []),
        (type("C", (set,), {"__slots__": ("_unknown",)}), [], []),
        (item, [], [(*good[:10], type("C", (dict,), {"__slots__": ("value",)}), *good[11:])]),
    ):
        table = Table(None)
        with pytest.raises((LookupError, TypeError)):
            table.define(cls, slots, fields, True)
        assert table.read(b"") is table
    with pytest.raises(TypeError):
        type("C", (Table,), {})


def test_classes_that_a_program_changed(tmp_path: Path) -> None:
    """A class with a property in place of a slot is read and written in Python."""
    with bindings_of(tmp_path, {"a.proto": 'syntax = "proto3"; package a; message M { string s = 1; }'}) as made:
        module = made.module("a")
        seen = []
        slot = module.M.s
        module.M.s = property(slot.__get__, lambda self, value: (seen.append(value), slot.__set__(self, value))[1])
        assert module.M.from_bytes(b"\x0a\x01a").s == "a"
        assert module.M.from_bytes(module.M(s="b").to_bytes()).s == "b"
        assert "a" in seen


@pytest.mark.parametrize("name", NAMES)
def test_nothing_leaks(tree: Bindings, name: str) -> None:
    """Reading, writing and refusing again and again takes no more memory, and no more references."""
    cls = tree.root.message(name)
    random = Random(name)
    contents = [message_of(tree.official(name), random, tree.pool).SerializePartialToString() for _ in range(8)]
    contents += [content[: len(content) // 2] for content in contents]
    contents += [content[:-1] + b"\xff" for content in contents[:8]]
    messages = [cls.__codec__._from_bytes(content) for content in contents[:8]]
    wrong = copy.deepcopy(messages[0])
    setattr(wrong, cls.__names__[0], object())
    messages.append(wrong)
    table = cls.__codec__.table
    texts: list[str | bytes] = [cls.__codec__._to_json(message, Style(), None) for message in messages[:8]]
    texts += [text[: len(text) // 2] for text in texts]
    texts += [f"{text[:-2]}?{text[-2:]}" for text in texts[:8]]
    texts += [text.encode() for text in texts if isinstance(text, str)]

    def work() -> None:
        for content in contents:
            natively(cls.__codec__, "read", content)
        for message in messages:
            natively(cls.__codec__, "write", message)
            natively(cls.__codec__, "to_json", message, 2)
        for text in texts:
            natively(cls.__codec__, "from_json", text)

    watched = [None, True, NULL, cls, table, "", b"", tree.root.enum("acme.shop.v1.Status")(0), Timestamp, Duration]
    for _ in range(3):
        work()
    gc.collect()
    before = [sys.getrefcount(thing) for thing in watched]
    tracemalloc.start()
    work()
    gc.collect()
    start = tracemalloc.get_traced_memory()[0]
    for _ in range(50):
        work()
    gc.collect()
    grown = tracemalloc.get_traced_memory()[0] - start
    tracemalloc.stop()
    after = [sys.getrefcount(thing) for thing in watched]
    assert grown < 2000
    assert all(abs(late - early) < 40 for early, late in zip(before, after, strict=True)), (before, after)


@pytest.mark.slow(reason="runs the tests of the bindings again")
def test_the_tests_in_python() -> None:
    """The tests of messages also pass with the Python code alone."""
    names = ["kinds", "messages", "round_trip", "errors", "wellknown", "times", "python", "helpers", "long_lists"]
    files = [f"tests/runtime/test_{name}.py" for name in names]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", "not slow", *files]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    environment["TOOLKIT_RUNTIME"] = "pure"
    ran = subprocess.run(command, cwd=REPOSITORY, env=environment, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout[-4000:]


def test_the_choice(tree: Bindings) -> None:
    """TOOLKIT_RUNTIME=pure leaves everything to Python, and `accelerated` says which it is."""
    program = (
        f"import sys; sys.path.insert(0, {str(tree.folder)!r})\n"
        f"import toolkit.runtime\nfrom {tree.package}.acme.shop.v1 import Item\n"
        "assert Item.from_bytes(Item(name='a').to_bytes()) == Item(name='a')\n"
        "print(toolkit.runtime.accelerated, 'toolkit.runtime._native' in sys.modules)\n"
    )
    for choice, said in (("pure", "False False"), ("", "True True")):
        environment = {**os.environ, "TOOLKIT_RUNTIME": choice}
        ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=environment)
        assert ran.stdout.strip() == said, ran.stderr
