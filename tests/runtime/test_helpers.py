"""Helpers for every day: merging, masks, text, files of messages, defaults, descriptors and Any."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from google.protobuf import text_format
from google.protobuf.internal import encoder

from tests.support.bindings_of import Bindings, bindings_of
from tests.support.message_trees import TREE
from tests.support.messages import message_of
from tests.support.protos_of import proto3
from toolkit.runtime import (
    AnyMessage,
    DecodeError,
    EncodeError,
    apply_mask,
    check_paths,
    default_of,
    descriptor_of,
    diff_paths,
    merge_mask,
    read_delimited,
    set_paths,
    write_delimited,
)

PARTY = """
message Guest { string name = 1; optional int32 age = 2; Guest partner = 3; string class = 4; }
message Party {
  string place = 1;
  Guest host = 2;
  repeated Guest guests = 3;
  map<string, Guest> seats = 4;
  oneof music { string band = 5; Guest singer = 6; }
  google.protobuf.Timestamp at = 7;
  map<string, int32> dishes = 8;
  double budget = 9;
  google.protobuf.Any gift = 10;
}
service Parties { rpc Give(Party) returns (Party); }
"""
OLD = """
syntax = "proto2";
package old;
enum Tone { LOW = 1; HIGH = 2; }
message Sound {
  optional sint32 level = 1 [default = -85];
  optional Tone tone = 2 [default = HIGH];
  optional bytes raw = 3 [default = "a\\001"];
  optional float rate = 4 [default = inf];
  optional string class = 5 [default = "none"];
  repeated int32 many = 6;
  optional Sound inner = 7;
  oneof one { bool loud = 8 [default = true]; }
}
"""
FILES = [f"google/protobuf/{name}.proto" for name in ("timestamp", "any")]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bindings]:
    """Bindings of parties and of sounds."""
    sources = {"party.proto": proto3("party", PARTY, *FILES), "old.proto": OLD}
    with bindings_of(tmp_path_factory.mktemp("party"), sources) as found:
        yield found


@pytest.fixture
def party(made: Bindings) -> Any:
    """The module of parties."""
    return made.module("party")


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bindings]:
    """Bindings of every kind of field."""
    with bindings_of(tmp_path_factory.mktemp("tree"), TREE) as found:
        yield found


def test_merge(tree: Bindings) -> None:
    """Messages of every kind are merged as the official runtime merges them."""
    merged = 0
    for name in tree.message_names():
        cls, official = tree.root.message(name), tree.official(name)
        for seed in range(4):
            one, other = (message_of(official, Random(seed + more), tree.pool) for more in (0, 100))
            ours = cls.from_pb(one)
            ours.merge_from(cls.from_pb(other))
            one.MergeFrom(other)
            # By bytes, since maps have no order.
            assert official.FromString(ours.to_bytes()) == one
            merged += 1
    assert merged > 80


def without_required(tree: Bindings) -> Iterator[tuple[Any, Any]]:
    """Messages that lack required fields, at every place where a message can be."""
    old = tree.module("acme.old")
    part = old.Part(count=1, parts=[old.Part()])
    yield old.Old(), old.Old()
    yield old.Old(text="a"), old.Old(id=1)
    yield old.Old(part=part, list_=[part]), old.Old(part=old.Part(name="a", parts=[part]), list_=[part])
    yield old.Old(parts={"a": part}), old.Old(parts={"a": old.Part(), "b": part})
    yield old.Old(one=old.Old.One.Right(part)), old.Old(one=old.Old.One.Right(old.Part(name="a")))
    yield old.Old(inner=old.Old.Inner(note="a")), old.Old(inner=old.Old.Inner(numbers=[1]))
    yield old.Dated(n=1), old.Dated(at=datetime(2026, 1, 1, tzinfo=UTC), parts=[part])
    yield old.Dated(parts=[part]), old.Dated(grade=old.Grade.GOOD, n=2)
    extended = old.Old()
    old.spare.set(extended, part)
    yield extended, old.Old(text="a")


def test_merge_without_required_fields(tree: Bindings) -> None:
    """Required fields may be missing, here or in messages inside, as in the official runtime."""
    for one, other in without_required(tree):
        official = tree.official(one.__proto__[1])
        expected = official_of(one, official)
        expected.MergeFrom(official_of(other, official))
        one.merge_from(other)
        assert official_of(one, official) == expected


def official_of(message: Any, official: Any) -> Any:
    """The official message, from bytes in which required fields may be missing."""
    return official.FromString(type(message).__codec__.to_partial_bytes(message))


def test_merge_of_wrong_values(tree: Bindings) -> None:
    """What is wrong is named, and not the required field that may be missing."""
    old = tree.module("acme.old")
    message = old.Old(id=1)
    with pytest.raises(EncodeError, match=r"^acme.old.Old.part.count: 'a' is not a valid int32"):
        message.merge_from(old.Old(part=old.Part(count="a")))
    assert message == old.Old(id=1)


def test_merge_of_others(party: Any) -> None:
    """A message of another type is refused, and nothing changes."""
    guest = party.Guest(name="a")
    with pytest.raises(TypeError, match=r"expected a Guest, got Party\(\)"):
        guest.merge_from(party.Party())
    assert guest == party.Guest(name="a")


def test_clear(party: Any) -> None:
    """All attributes are cleared, or those that are named."""
    full = party.Party(
        place="p", host=party.Guest(), music=party.Party.Music.Band("b"), dishes={"a": 1}, _unknown=b"\x98\x06\x01"
    )
    full.clear("place", "music")
    assert full == party.Party(host=party.Guest(), dishes={"a": 1}, _unknown=b"\x98\x06\x01")
    with pytest.raises(ValueError, match="Party has no attribute 'plce'"):
        full.clear("host", "plce")
    assert full.host is not None
    full.clear()
    assert full == party.Party()


def test_masks(party: Any) -> None:
    """A mask is made from what is set or differs; it copies, clears and keeps fields."""
    cls, guest = party.Party, party.Guest
    full = cls(
        place="p",
        host=guest(age=0, partner=guest(name="b"), class_="c"),
        music=cls.Music.Singer(guest(name="s")),
        at=datetime(2026, 1, 1, tzinfo=UTC),
        budget=-0.0,
    )
    assert set_paths(full) == ["place", "host", "singer", "at", "budget"]
    nested = ["place", "host.age", "host.partner.name", "host.class", "singer.name", "at", "budget"]
    assert set_paths(full, nested=True) == nested
    assert apply_mask(full, nested) == full
    kept = apply_mask(full, ["host.age", "singer"])
    assert kept == cls(host=guest(age=0), music=cls.Music.Singer(guest(name="s")))
    assert kept.music is not full.music
    other = cls(place="q", music=cls.Music.Band("b"), guests=[guest()])
    assert diff_paths(full, other) == ["place", "host", "guests", "band", "singer", "at"]
    assert diff_paths(full, full) == []
    changed = apply_mask(full, set_paths(full))
    changed.host.partner.name = "z"
    assert diff_paths(full, changed) == ["host.partner.name"]
    merge_mask(other, full, diff_paths(full, other))
    assert other == full
    assert diff_paths(cls(), cls(host=guest())) == ["host"]


def test_masks_of_a_message_in_itself(party: Any) -> None:
    """A message that contains itself is refused as it is when it is written, not followed endlessly."""
    guest, other = party.Guest(), party.Guest()
    guest.partner, other.partner = guest, other
    assert set_paths(guest) == ["partner"]
    assert diff_paths(guest, party.Guest(name="a")) == ["name", "partner"]
    refused = r"^party.Guest: the message is nested too deeply, or contains itself$"
    with pytest.raises(EncodeError, match=refused):
        set_paths(guest, nested=True)
    with pytest.raises(EncodeError, match=refused):
        diff_paths(guest, other)


def test_masks_clear(party: Any) -> None:
    """What the source does not have is cleared, and what is in the way of a path is made."""
    cls, guest = party.Party, party.Guest
    target = cls(place="p", host=guest(name="h", age=3), dishes={"a": 1}, music=cls.Music.Band("b"))
    merge_mask(target, cls(), ["host.name", "dishes", "singer.name"])
    assert target == cls(place="p", host=guest(age=3), music=cls.Music.Band("b"))
    merge_mask(target, cls(host=guest(partner=guest(age=1))), ["host.partner.age", "band"])
    assert target == cls(place="p", host=guest(age=3, partner=guest(age=1)))


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("no", "party.Party has no field 'no'"),
        ("host.no.age", "party.Guest has no field 'no'"),
        ("", "has no field ''"),
        ("music", "has no field 'music'"),
        ("guests.name", "party.Party.guests is not a single message"),
        ("seats.a", "party.Party.seats is not a single message"),
        ("place.x", "party.Party.place is not a single message"),
        ("host.class_", "party.Guest has no field 'class_'"),
    ],
)
def test_wrong_paths(party: Any, path: str, text: str) -> None:
    """A path that a message does not have is refused with the part that is wrong, and nothing is copied."""
    target = party.Party(place="p")
    with pytest.raises(ValueError, match="the path") as caught:
        merge_mask(target, party.Party(), ["place", path])
    assert text in str(caught.value)
    assert target.place == "p"
    with pytest.raises(ValueError, match="the path"):
        check_paths(party.Party, [path])
    with pytest.raises(ValueError, match="got one string"):
        check_paths(party.Party, "place")


def test_text(tree: Bindings) -> None:
    """The text format is that of the official runtime, and comes back the same."""
    for name in tree.message_names():
        cls, official = tree.root.message(name), message_of(tree.official(name), Random(7), tree.pool)
        ours = cls.from_pb(official)
        ours.clear("_unknown")
        text = ours.to_text()
        assert cls.from_text(text) == ours
        assert text_format.Parse(text, tree.official(name)(), descriptor_pool=tree.pool) == ours.to_pb(
            tree.official(name)
        )


def test_wrong_text(party: Any) -> None:
    """A text that is none says where."""
    with pytest.raises(DecodeError, match=r'not a party\.Guest in the text format: 2:1 : .*"nam"'):
        party.Guest.from_text("age: 1\nnam: 2")


def test_deterministic_bytes(party: Any) -> None:
    """Equal messages have equal bytes if asked for, whatever the order of their maps."""
    one = party.Party(dishes={str(n): n for n in range(20)}, _unknown=b"\x98\x06\x01")
    other = party.Party(dishes={str(n): n for n in reversed(range(20))}, _unknown=b"\x98\x06\x01")
    assert one == other
    assert one.to_bytes() != other.to_bytes()
    assert one.to_bytes(deterministic=True) == other.to_bytes(deterministic=True)
    assert party.Party.from_bytes(one.to_bytes(deterministic=True)) == one


def test_streams(party: Any) -> None:
    """Files of messages are read as they were written, by us and by others."""
    guests = [party.Guest(name="x" * size) for size in (0, 1, 127, 128, 20_000)]
    file = io.BytesIO()
    write_delimited(file, guests)
    theirs = io.BytesIO()
    for guest in guests:
        encoder._VarintEncoder()(theirs.write, len(guest.to_bytes()), True)
        theirs.write(guest.to_bytes())
    assert file.getvalue() == theirs.getvalue()
    file.seek(0)
    assert list(read_delimited(file, party.Guest)) == guests


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"\x05ab", "message 0 ends after 2 of 5 bytes"),
        (b"\x00\x80", "the file ends within the size of message 1"),
        (b"\xff" * 10, "the size of message 0 is not a varint"),
        (b"\xff\xff\xff\xff\x0f", "message 0 has 4294967295 bytes, and at most 67108864 are allowed"),
        (b"\x01\xff", "the bytes are not a valid party.Guest"),
    ],
)
def test_wrong_streams(party: Any, content: bytes, text: str) -> None:
    """A file that is cut, or is another one, is an error that says which message is wrong."""
    with pytest.raises(DecodeError) as caught:
        list(read_delimited(io.BytesIO(content), party.Guest))
    assert text in str(caught.value)


def test_defaults(made: Bindings) -> None:
    """Defaults of the .proto file are values of the types that attributes have."""
    sound, tone = made.module("old").Sound, made.module("old").Tone
    names = ["level", "tone", "raw", "rate", "class", "many", "inner", "loud"]
    assert [default_of(sound, name) for name in names] == [
        -85,
        tone.HIGH,
        b"a\x01",
        float("inf"),
        "none",
        [],
        None,
        True,
    ]
    assert isinstance(default_of(sound, "tone"), tone)
    assert sound().level is None
    assert default_of(made.module("party").Party, "budget") == 0.0
    with pytest.raises(LookupError, match=r"old\.Sound has no field 'class_'"):
        default_of(sound, "class_")


def test_descriptors(made: Bindings, party: Any) -> None:
    """Messages, enums and services have official descriptors."""
    assert descriptor_of(party.Guest).fields_by_name["class"].number == 4
    assert descriptor_of(made.module("old").Tone).values_by_name["HIGH"].number == 2
    for cls in (party.PartiesClient, party.PartiesAsyncServicer):
        assert descriptor_of(cls).methods_by_name["Give"].input_type is descriptor_of(party.Party)
    assert descriptor_of(AnyMessage).full_name == "google.protobuf.Any"


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (datetime(2026, 1, 2, tzinfo=UTC), "Timestamp"),
        (timedelta(seconds=1.5), "Duration"),
        ({"a": [1, None]}, "Struct"),
        ([1.5, "x"], "ListValue"),
        ("text", "StringValue"),
        (b"raw", "BytesValue"),
        (True, "BoolValue"),
        (-5, "Int64Value"),
        (0.5, "DoubleValue"),
    ],
)
def test_any_of_values(party: Any, value: Any, name: str) -> None:
    """The values of well-known types are packed and unpacked like messages."""
    packed = AnyMessage.pack(value)
    assert packed.type_name == f"google.protobuf.{name}"
    assert packed.unpack() == packed.unpack(type(value)) == value
    message = party.Party(gift=packed)
    assert party.Party.from_json(message.to_json()).gift.unpack() == value
    with pytest.raises(DecodeError, match=f"google.protobuf.{name}"):
        packed.unpack(party.Guest)


def test_any_of_a_chosen_type(party: Any) -> None:
    """The type of a value can be chosen; values that have none are refused."""
    assert AnyMessage.pack(7, type_name="google.protobuf.UInt32Value").to_dict()["value"] == 7
    assert AnyMessage.pack(["a.b"], type_name="google.protobuf.FieldMask").unpack() == ["a.b"]
    for wrong in (object(), None, 1j):
        with pytest.raises(TypeError, match="expected a message or the value of a well-known type"):
            AnyMessage.pack(wrong)
    with pytest.raises(DecodeError, match=r"expected str, got party\.Guest"):
        AnyMessage.pack(party.Guest()).unpack(str)


def test_any_as_a_generic_type(party: Any) -> None:
    """A type may say what a dictionary or list contains, which is not checked."""
    packed = AnyMessage.pack({"a": 1})
    assert packed.unpack(dict[str, object]) == {"a": 1}
    with pytest.raises(DecodeError, match=r"expected list, got a google\.protobuf\.Struct"):
        packed.unpack(list[int])
    with pytest.raises(DecodeError, match=r"expected dict, got party\.Guest"):
        AnyMessage.pack(party.Guest()).unpack(dict[str, int])
