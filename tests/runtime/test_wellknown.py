"""Well-known types in generated messages: Python's own types, without losing what those cannot hold."""

from __future__ import annotations

import copy
import math
import pickle
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from google.protobuf import any_pb2, duration_pb2, json_format, struct_pb2, timestamp_pb2, wrappers_pb2

from tests.support.bindings_of import Bindings, bindings_of
from tests.support.message_trees import TREE
from toolkit.runtime import NULL, AnyMessage, DecodeError, Duration, Empty, EncodeError, NullValue, Timestamp

LOWEST, HIGHEST = -(1 << 63), (1 << 63) - 1


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bindings]:
    """Bindings of every kind of field."""
    with bindings_of(tmp_path_factory.mktemp("tree"), TREE) as made:
        yield made


@pytest.fixture(scope="module")
def known(tree: Bindings) -> Any:
    """The module of messages with fields of well-known types."""
    return tree.module("acme.known.v1")


def stamp(seconds: int, nanos: int) -> bytes:
    """A Timestamp or Duration as bytes."""
    return duration_pb2.Duration(seconds=seconds, nanos=nanos).SerializeToString()


def at(known: Any, seconds: int, nanos: int) -> Any:
    """A message read from bytes with this Timestamp."""
    content = stamp(seconds, nanos)
    return known.Times.from_bytes(b"\x0a" + bytes((len(content),)) + content)


def took(known: Any, seconds: int, nanos: int) -> Any:
    """A message read from bytes with this Duration."""
    content = stamp(seconds, nanos)
    return known.Times.from_bytes(b"\x12" + bytes((len(content),)) + content)


def survives(message: Any) -> None:
    """The message comes back from bytes, JSON, copies and pickles."""
    assert type(message).from_bytes(message.to_bytes()) == message
    assert type(message).from_json(message.to_json()) == message
    assert pickle.loads(pickle.dumps(message)) == copy.deepcopy(message) == message


# Timestamps and durations


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(1970, 1, 1, tzinfo=UTC), "1970-01-01T00:00:00Z"),
        (datetime(1, 1, 1, tzinfo=UTC), "0001-01-01T00:00:00Z"),
        (datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC), "9999-12-31T23:59:59.999999Z"),
        (datetime(2026, 1, 31, 12, 0, 0, 500000, tzinfo=UTC), "2026-01-31T12:00:00.500Z"),
        (datetime(1969, 12, 31, 23, 59, 59, 1, tzinfo=UTC), "1969-12-31T23:59:59.000001Z"),
        (datetime(2026, 1, 31, 15, 0, tzinfo=timezone(timedelta(hours=3))), "2026-01-31T12:00:00Z"),
        (
            datetime(2026, 1, 31, 12, 0, 0, 1, tzinfo=timezone(timedelta(hours=-3, minutes=-30))),
            "2026-01-31T15:30:00.000001Z",
        ),
        (Timestamp.of(0, 1), "1970-01-01T00:00:00.000000001Z"),
        (Timestamp.of(-1, 999_999_999), "1969-12-31T23:59:59.999999999Z"),
        (Timestamp.of(253_402_300_799, 999_999_999), "9999-12-31T23:59:59.999999999Z"),
        (Timestamp.of(5, 1000), "1970-01-01T00:00:05.000001Z"),
    ],
)
def test_timestamps(tree: Bindings, known: Any, moment: datetime, text: str) -> None:
    """A moment is written as the official runtime does, in UTC, to the nanosecond, and comes back equal."""
    message = known.Times(at=moment, many=[moment], when=known.Times.When.Moment(moment))
    survives(message)
    assert message.to_dict() == {"at": text, "many": [text], "moment": text}
    assert json_format.MessageToDict(message.to_pb(tree.official("acme.known.v1.Times"))) == message.to_dict()
    read = known.Times.from_bytes(message.to_bytes()).at
    assert read == moment
    assert isinstance(read, datetime)
    assert read.utcoffset() == timedelta(0)
    assert hash(read) == hash(moment)


def test_unset_is_none(known: Any) -> None:
    """An unset Timestamp or Duration is None, which is not the same as 1970 or nothing."""
    assert known.Times().at is None
    assert known.Times().took is None
    zero = known.Times(at=datetime(1970, 1, 1, tzinfo=UTC), took=timedelta())
    assert zero.to_bytes() == b"\x0a\x00\x12\x00"
    assert known.Times.from_bytes(zero.to_bytes()) == zero != known.Times()


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (timedelta(), "0s"),
        (timedelta(seconds=-1, microseconds=-500000), "-1.500s"),
        (timedelta(microseconds=-1), "-0.000001s"),
        (timedelta(days=1, seconds=1, microseconds=1), "86401.000001s"),
        (Duration.of(0, 1), "0.000000001s"),
        (Duration.of(0, -1), "-0.000000001s"),
        (Duration.of(-3, -500_000_001), "-3.500000001s"),
        (timedelta(seconds=315_576_000_000), "315576000000s"),
        (timedelta(seconds=-315_576_000_000), "-315576000000s"),
    ],
)
def test_durations(tree: Bindings, known: Any, span: timedelta, text: str) -> None:
    """A span is written as the official runtime does, with one sign for seconds and fraction, and comes back equal."""
    message = known.Times(took=span, by_name={"a": span}, when=known.Times.When.Later(span))
    survives(message)
    assert message.to_dict() == {"took": text, "byName": {"a": text}, "later": text}
    official = message.to_pb(tree.official("acme.known.v1.Times"))
    assert json_format.MessageToDict(official) == message.to_dict()
    assert official.took.seconds * official.took.nanos >= 0
    read = known.Times.from_bytes(message.to_bytes()).took
    assert read == span
    assert isinstance(read, timedelta)
    assert hash(read) == hash(span)


@pytest.mark.parametrize(
    "seconds", [LOWEST, -86_399_999_999_999, -62_135_596_801, 253_402_300_800, 86_399_999_999_999, HIGHEST]
)
@pytest.mark.parametrize("nanos", [-(1 << 31), -1, 0, 999_999_999, 1_000_000_000, (1 << 31) - 1])
def test_out_of_range(known: Any, seconds: int, nanos: int) -> None:
    """A time outside what protobuf allows survives bytes, copies and pickles, and is refused in JSON."""
    moment = at(known, seconds, nanos)
    assert moment.to_bytes() == at(known, seconds, nanos).to_bytes()
    assert timestamp_pb2.Timestamp.FromString(moment.to_bytes()[2:]) == timestamp_pb2.Timestamp(
        seconds=seconds, nanos=nanos
    )
    assert copy.deepcopy(moment) == pickle.loads(pickle.dumps(moment)) == moment
    with pytest.raises(EncodeError, match=r"Times\.at: .*outside the years 1 to 9999"):
        moment.to_json()
    span = took(known, seconds, nanos)
    assert duration_pb2.Duration.FromString(span.to_bytes()[2:]) == duration_pb2.Duration(seconds=seconds, nanos=nanos)
    assert copy.deepcopy(span) == pickle.loads(pickle.dumps(span)) == span
    if abs(seconds) > 315_576_000_000 or not -999_999_999 <= nanos <= 999_999_999 or seconds * nanos < 0:
        with pytest.raises(EncodeError, match=r"Times\.took"):
            span.to_json()


def test_nanoseconds_are_in_order() -> None:
    """Moments and spans compare and hash to the nanosecond, also with Python's own."""
    one, two = Timestamp.of(1, 1), Timestamp.of(1, 2)
    plain = datetime.fromtimestamp(1, UTC)
    assert plain < one < two
    assert one <= two
    assert two > one >= one
    assert one != plain
    assert plain != one
    assert Timestamp.of(1, 0) == plain
    assert hash(Timestamp.of(1, 0)) == hash(plain)
    assert sorted([two, plain, one]) == [plain, one, two]
    assert (one.nanosecond, one.microsecond) == (1, 0)
    assert one != datetime(1970, 1, 1)
    with pytest.raises(TypeError):
        _ = one < datetime(1970, 1, 1)
    short, long = Duration.of(0, -2), Duration.of(0, 1)
    assert short < timedelta() < long
    assert short <= short < Duration.of(0, -1)
    assert long > timedelta() >= timedelta()
    assert long != timedelta()
    assert (short.nanosecond, long.nanosecond, Duration.of(1, 0)) == (-2, 1, timedelta(seconds=1))


def test_arithmetic() -> None:
    """Arithmetic is Python's; another time zone shows the same moment to the nanosecond."""
    moment = Timestamp.of(1, 5)
    there = moment.astimezone(timezone(timedelta(hours=3)))
    assert there == moment
    assert (there.hour, there.nanosecond) == (3, 5)
    assert moment + timedelta(seconds=1) == datetime.fromtimestamp(2, UTC)
    assert moment - datetime.fromtimestamp(0, UTC) == timedelta(seconds=1)
    assert moment.replace(second=9) == datetime.fromtimestamp(9, UTC)
    assert Duration.of(1, 5) + timedelta(seconds=1) == timedelta(seconds=2)
    assert -Duration.of(1, 0) == timedelta(seconds=-1)


@pytest.mark.parametrize("method", ["to_bytes", "to_json"])
def test_times_without_a_zone(known: Any, method: str) -> None:
    """A datetime without a time zone is refused, with the reason; so is anything but a datetime."""
    naive = datetime(2026, 1, 31)
    for message, path in (
        (known.Times(at=naive), r"Times\.at"),
        (known.Times(many=[datetime.now(UTC), naive]), r"Times\.many\[1\]"),
    ):
        with pytest.raises(EncodeError, match=path + ".*it has no time zone"):
            getattr(message, method)()
    for wrong in (timedelta(), "2026-01-31T12:00:00Z", 0, datetime(2026, 1, 31, tzinfo=UTC).date()):
        with pytest.raises(EncodeError, match=r"Times\.at: .* is not a valid google\.protobuf\.Timestamp"):
            getattr(known.Times(at=wrong), method)()
    for wrong in (1, "1s", datetime.now(UTC)):
        with pytest.raises(EncodeError, match=r"Times\.took: .* is not a valid google\.protobuf\.Duration"):
            getattr(known.Times(took=wrong), method)()


@pytest.mark.parametrize(
    ("text", "seconds", "nanos"),
    [
        ("2026-01-31T12:00:00+03:00", 1769850000, 0),
        ("2026-01-31T12:00:00.1-03:30", 1769873400, 100_000_000),
        ("2026-01-31T12:00:00.123456789Z", 1769860800, 123_456_789),
        ("2026-01-31T12:00:00.12Z", 1769860800, 120_000_000),
    ],
)
def test_times_in_json(known: Any, text: str, seconds: int, nanos: int) -> None:
    """JSON may hold any offset and number of digits."""
    assert known.Times.from_dict({"at": text}).at == Timestamp.of(seconds, nanos)


@pytest.mark.parametrize(
    "text",
    ["", "2026-01-31", "2026-01-31T12:00:00", "2026-13-31T12:00:00Z", "2026-02-30T12:00:00Z", "2026-01-31T24:00:00Z", "2026-01-31T12:00:60Z",
     "2026-01-31 12:00:00Z", "2026-01-31t12:00:00Z", "2026-01-31T12:00:00z", "2026-01-31T12:00:00.1234567890Z", "2026-01-31T12:00:00,123Z",
     "2026-01-31T12:00:00.Z", "0001-01-01T00:00:00+01:00", "10000-01-01T00:00:00Z", "2026-W01-1T12:00:00Z", "２０２６-01-31T12:00:00Z", 5, True],
)  # fmt: skip
def test_wrong_times_in_json(known: Any, text: Any) -> None:
    """Anything but a time is refused, with its place."""
    with pytest.raises(DecodeError, match=r"Times\.at"):
        known.Times.from_dict({"at": text})
    for wrong in ("", "1", "s", "1.s", ".5s", "1.0000000000s", "1 s", "+1s", "--1s", "315576000001s", "1e3s", "١s", 1):
        with pytest.raises(DecodeError, match=r"Times\.took"):
            known.Times.from_dict({"took": wrong})


# Wrappers


def test_wrappers(tree: Bindings, known: Any) -> None:
    """Wrapped values are plain ones, unset ones None, and a wrapped default is not unset."""
    wrapped = known.Wrapped
    assert all(getattr(wrapped(), name) is None for name in ("double", "i64", "flag", "text", "data", "one"))
    zeros = wrapped(
        double=0.0, single=0.0, i64=0, u64=0, i32=0, u32=0, flag=False, text="", data=b"", one=wrapped.One.Yes(False)
    )
    survives(zeros)
    assert len(zeros.to_bytes()) == 20
    full = wrapped(double=-0.0, single=0.5, i64=LOWEST, u64=(1 << 64) - 1, i32=-1, u32=1, flag=True, text="é", data=b"\xff",
                   many=[1, 0], by_name={"a": "", "b": "x"}, one=wrapped.One.Words(""))  # fmt: skip
    survives(full)
    assert math.copysign(1, wrapped.from_bytes(full.to_bytes()).double) == -1
    for message in (zeros, full):
        official = message.to_pb(tree.official("acme.known.v1.Wrapped"))
        assert json_format.MessageToDict(official) == message.to_dict()
        assert wrapped.from_pb(official) == message
    assert wrapped.from_json('{"i64": null, "text": null}') == wrapped()


@pytest.mark.parametrize("method", ["to_bytes", "to_json"])
def test_wrong_wrapped_values(known: Any, method: str) -> None:
    """A wrapped value of another type is refused, also where it is as false as the default."""
    for field, values in {
        "text": (0, False, b"", [], 1),
        "data": (0, "", False, "a"),
        "flag": (0, 1, "", None.__class__),
        "i32": ("", 1 << 31, 0.5, None.__class__, []),
        "u64": (-1, 1 << 64),
        "double": ("", [], "1"),
    }.items():
        for value in values:
            with pytest.raises(EncodeError, match=rf"Wrapped\.{field}: .* is not a valid google\.protobuf\."):
                getattr(known.Wrapped(**{field: value}), method)()


# Struct, Value, ListValue


def test_free_values(tree: Bindings, known: Any) -> None:
    """Structs are dictionaries, lists lists, values plain values."""
    content = {"a": 1.0, "b": [None, True, "x", {"c": []}], "": None, "d": {}}
    free = known.Free(struct=content, value=5.0, items=[1.0, None], many=["a", NULL, False], by_name={"k": [1.0]},
                      one=known.Free.One.Fields({"z": None}))  # fmt: skip
    survives(free)
    official = free.to_pb(tree.official("acme.known.v1.Free"))
    assert json_format.MessageToDict(official) == free.to_dict()
    assert known.Free.from_pb(official) == free
    assert free.to_dict()["struct"] == {"a": 1, "b": [None, True, "x", {"c": []}], "": None, "d": {}}
    read = known.Free.from_bytes(free.to_bytes())
    assert read.struct == content
    assert read.many == ["a", NULL, False]


def test_null_is_not_none(known: Any) -> None:
    """The null of a Value is NULL, which is false and itself; None is unset."""
    assert known.Free().value is None
    null = known.Free(value=NULL, one=known.Free.One.Other(NULL))
    survives(null)
    assert known.Free.from_bytes(null.to_bytes()).value is NULL
    assert null.to_json() == '{"value": null, "other": null}'
    assert known.Free.from_json('{"value": null, "struct": null, "items": null}') == known.Free(value=NULL)
    assert copy.deepcopy(NULL) is pickle.loads(pickle.dumps(NULL)) is NULL
    assert not NULL
    assert repr(NULL) == "NULL"
    assert known.Free(value=None).to_bytes() == b""
    for empty in (known.Free(struct={}), known.Free(items=[])):
        survives(empty)
        assert empty != known.Free()
    assert known.Free(nothing=NullValue.NULL_VALUE) == known.Free()


def test_wrong_free_values(known: Any) -> None:
    """What JSON cannot hold is refused; numbers that are not finite survive bytes only."""
    for wrong in ({"a": object()}, {"a": {1, 2}}, {1: 2}, [1], "text"):
        for write in ("to_bytes", "to_json"):
            with pytest.raises(EncodeError, match=r"Free\.struct"):
                getattr(known.Free(struct=wrong), write)()
    for number in (math.inf, math.nan):
        infinite = known.Free(value=number)
        assert repr(known.Free.from_bytes(infinite.to_bytes())) == repr(infinite)
        with pytest.raises(EncodeError, match=r"Free\.value: .*cannot be converted to JSON"):
            infinite.to_json()
    for content in ({"struct": []}, {"items": {}}, {"struct": {1: 2}}, {"value": {1}}):
        with pytest.raises(DecodeError, match=r"acme\.known\.v1\.Free"):
            known.Free.from_dict(content)


# Field masks, Empty


def test_field_masks(tree: Bindings, known: Any) -> None:
    """A mask is a list of paths, in lowerCamelCase and with commas in JSON; an empty one is not unset."""
    masked = known.Masked(mask=["name", "disk_spec.image_id"], many=[[], ["a"]])
    survives(masked)
    assert masked.to_dict() == {"mask": "name,diskSpec.imageId", "many": ["", "a"]}
    assert json_format.MessageToDict(masked.to_pb(tree.official("acme.known.v1.Masked"))) == masked.to_dict()
    assert known.Masked().mask is None
    assert known.Masked.from_bytes(known.Masked(mask=[]).to_bytes()).mask == []
    for path in ("fooBar", "a__b", "a_1", "a,b"):
        with pytest.raises(EncodeError, match=r"Masked\.mask.*cannot be converted to JSON"):
            known.Masked(mask=[path]).to_json()
        assert known.Masked.from_bytes(known.Masked(mask=[path]).to_bytes()).mask == [path]
    for wrong in ("name", [1], 5):
        with pytest.raises(EncodeError, match=r"Masked\.mask"):
            known.Masked(mask=wrong).to_bytes()
    with pytest.raises(DecodeError, match=r"Masked\.mask"):
        known.Masked.from_dict({"mask": "disk_spec"})


def test_empty(known: Any) -> None:
    """Empty is a message without fields that is set or not, and keeps unknown fields."""
    message = known.Empties(empty=Empty(), many=[Empty(), Empty(_unknown=b"\x98\x06\x01")])
    assert known.Empties.from_bytes(message.to_bytes()) == message
    assert message.to_dict() == {"empty": {}, "many": [{}, {}]}
    assert known.Empties.from_json('{"empty": {}}') == known.Empties(empty=Empty()) != known.Empties()
    with pytest.raises(DecodeError, match=r"Empties\.empty"):
        known.Empties.from_json('{"empty": {"a": 1}}')


# Any


def test_any(tree: Bindings, known: Any) -> None:
    """An Any packs a message, says what it holds, and unpacks by class or by name."""
    shop = tree.module("acme.shop.v1")
    item = shop.Item(name="a", _unknown=b"\x98\x06\x01")
    packed = AnyMessage.pack(item)
    assert packed.type_url == "type.googleapis.com/acme.shop.v1.Item"
    assert packed.type_name == "acme.shop.v1.Item"
    assert packed.holds(shop.Item)
    assert not packed.holds(shop.Order)
    assert packed.unpack() == packed.unpack(shop.Item) == item
    with pytest.raises(DecodeError, match=r"expected acme\.shop\.v1\.Order, got acme\.shop\.v1\.Item"):
        packed.unpack(shop.Order)
    assert AnyMessage.pack(item, prefix="example.com/x/").unpack() == item
    for name in ("a.B", "acme.shop.v1.Item.Size", "google.protobuf.NullValue"):  # two of them name enums
        with pytest.raises(DecodeError, match=f"unknown type '{name}'"):
            AnyMessage(type_url=f"type.googleapis.com/{name}").unpack()
    with pytest.raises(DecodeError):
        AnyMessage(type_url="type.googleapis.com/acme.shop.v1.Item", value=b"\xff").unpack()
    message = known.Anything(
        any=packed, many=[packed, AnyMessage()], one=known.Anything.One.Other(AnyMessage.pack(Empty()))
    )
    assert known.Anything.from_bytes(message.to_bytes()) == message
    assert pickle.loads(pickle.dumps(message)) == copy.deepcopy(message) == copy.copy(message) == message
    official = any_pb2.Any.FromString(packed.to_bytes())
    assert (official.type_url, official.value) == (packed.type_url, packed.value)


def test_any_in_json(tree: Bindings, known: Any) -> None:
    """In JSON an Any is the message inside beside its type, alone and in a field, also inside another."""
    shop = tree.module("acme.shop.v1")
    body = {"@type": "type.googleapis.com/acme.shop.v1.Item", "name": "a"}
    packed = AnyMessage.pack(shop.Item(name="a"))
    assert packed.to_dict() == body
    assert AnyMessage.from_dict(body) == packed == AnyMessage.from_json(packed.to_json())
    assert known.Anything.from_dict({"any": body}).any.unpack() == shop.Item(name="a")
    nested = AnyMessage.pack(packed)
    survives(known.Anything(any=nested, many=[packed, AnyMessage()]))
    assert nested.to_dict() == {"@type": "type.googleapis.com/google.protobuf.Any", "value": body}
    inner = wrappers_pb2.Int64Value(value=5)
    held = AnyMessage(type_url="type.googleapis.com/google.protobuf.Int64Value", value=inner.SerializeToString())
    survives(known.Anything(any=held))
    assert held.to_dict() == {"@type": "type.googleapis.com/google.protobuf.Int64Value", "value": "5"}
    assert held.unpack() == 5
    with pytest.raises(DecodeError, match=r"the bytes are not a valid google\.protobuf\.Int64Value"):
        AnyMessage(type_url=held.type_url, value=b"\xff").unpack()
    cls = tree.official("acme.known.v1.Anything")
    message = known.Anything(any=nested, many=[held, AnyMessage.pack(Empty()), AnyMessage()])
    assert json_format.MessageToDict(message.to_pb(cls), descriptor_pool=tree.pool) == message.to_dict()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (
            {"@type": "type.googleapis.com/a.B"},
            "Anything.any: unknown type 'a.B'",
        ),
        (
            {"@type": "type.googleapis.com/acme.shop.v1.Item", "name": 1},
            "Anything.any: acme.shop.v1.Item.name: 1 is not a string",
        ),
        ({"@type": "type.googleapis.com/acme.shop.v1.Item", "colour": 1}, "Anything.any: acme.shop.v1.Item.colour"),
        ({"@type": "type.googleapis.com/google.protobuf.Duration"}, "'value' is missing"),
        (
            {"@type": "type.googleapis.com/google.protobuf.Duration", "value": 1},
            "expected a duration such as 1.5s, of at most 10,000 years, got 1",
        ),
        ({"@type": "acme.shop.v1.Item"}, "'@type'"),
        ({"@type": "x/"}, "'@type'"),
        ({"@type": 1}, "'@type'"),
        ({"name": "a"}, "'@type'"),
        ([], "[] is not an object"),
    ],
)
def test_wrong_any_in_json(known: Any, content: Any, reason: str) -> None:
    """Anything but an Any is refused, with its place."""
    with pytest.raises(DecodeError) as caught:
        known.Anything.from_dict({"any": content})
    assert "acme.known.v1.Anything.any" in str(caught.value)
    assert reason in str(caught.value)


def test_any_that_cannot_be_shown(known: Any) -> None:
    """An Any of an unknown type survives bytes and cannot be JSON, which the error says, with its path."""
    unknown = known.Anything(many=[AnyMessage(), AnyMessage(type_url="x/a.B", value=b"\x01")])
    assert known.Anything.from_bytes(unknown.to_bytes()) == unknown
    with pytest.raises(EncodeError, match=r"Anything\.many\[1\]: .*unknown type 'a\.B'"):
        unknown.to_json()
    with pytest.raises(EncodeError, match=r"Anything\.any: .*it has a value but no type_url"):
        known.Anything(any=AnyMessage(value=b"a")).to_json()


# Options, official classes


def test_json_options(tree: Bindings) -> None:
    """Names, defaults, enum numbers and indentation are options, as the official runtime has them."""
    shop = tree.module("acme.shop.v1")
    item = shop.Item(size=shop.Item.Size.LARGE, inside=shop.Item())
    assert item.to_dict() == {"inside": {}, "size": "LARGE"}
    assert item.to_dict(enum_numbers=True) == {"inside": {}, "size": 1}
    assert shop.Order(by_name={"a": item}).to_dict(preserve_names=True) == {"by_name": {"a": item.to_dict()}}
    full = shop.Item().to_dict(defaults=True)
    assert full == {"name": "", "count": 0, "labels": {}, "size": "SMALL"}
    assert shop.Item.from_dict(full) == shop.Item()
    order = shop.Order(payment=shop.Order.Payment.CardNumber("4")).to_dict(preserve_names=True, defaults=True)
    assert order["card_number"] == "4"
    assert order["total"] == "0"
    assert order["raw"] == ""
    assert not {"note", "main", "token", "person"} & set(order)
    assert item.to_json(indent=2) == '{\n  "inside": {},\n  "size": "LARGE"\n}'
    assert "é" in shop.Item(name="é").to_json()
    assert shop.Item.from_json('{"a": {"b": [1]}, "name": "x"}', ignore_unknown=True) == shop.Item(name="x")
    assert shop.Item.from_json(b'{"name": "\xc3\xa9"}') == shop.Item(name="é")


def test_official_classes(tree: Bindings, known: Any) -> None:
    """Messages become official ones of the root's pool or of a class given, and come from either."""
    message = known.Times(at=Timestamp.of(1, 5), took=timedelta(seconds=-1, microseconds=-5))
    own, other = message.to_pb(), message.to_pb(tree.official("acme.known.v1.Times"))
    assert type(own) is not type(other)
    assert own.at.nanos == other.at.nanos == 5
    assert (other.took.seconds, other.took.nanos) == (-1, -5000)
    assert known.Times.from_pb(own) == known.Times.from_pb(other) == message
    with pytest.raises(DecodeError, match=r"expected acme\.known\.v1\.Times, got google\.protobuf\.Struct"):
        known.Times.from_pb(struct_pb2.Struct())
    with pytest.raises(EncodeError):
        known.Times(at=0).to_pb()
