"""Generated messages: dataclasses that lose nothing and refuse what their type does not allow."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.bindings_of import Bindings, bindings_of
from tests.support.message_trees import TREE
from toolkit.runtime import DecodeError, EncodeError


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bindings]:
    """Bindings of every kind of field."""
    with bindings_of(tmp_path_factory.mktemp("tree"), TREE) as made:
        yield made


@pytest.fixture(scope="module")
def shop(tree: Bindings) -> Any:
    """The module of a proto3 package."""
    return tree.module("acme.shop.v1")


@pytest.fixture(scope="module")
def old(tree: Bindings) -> Any:
    """The module of a proto2 package."""
    return tree.module("acme.old")


@pytest.fixture(scope="module")
def following(tree: Bindings) -> Any:
    """The module of a package in an edition."""
    return tree.module("acme.next")


def full(shop: Any) -> Any:
    """An order with something in most fields."""
    return shop.Order(
        id="o1",
        status=shop.Status.PAID,
        items=[shop.Item(name="a", labels={"k": "v"}), shop.Item(inside=shop.Item(count=-1))],
        by_name={"b": shop.Item(name="b")},
        states={1: shop.Status.SENT},
        note="",
        payment=shop.Order.Payment.Barter(shop.Item(name="goat")),
        history=[shop.Status.PAID, 7],
        counts=[1, -1],
        ratio=0.5,
        raw=b"\x00\xff",
        gift=True,
    )


# Dataclass behaviour


def test_equality(shop: Any) -> None:
    """Messages are equal where all their fields are, and only to their own class."""
    assert full(shop) == full(shop)
    for change in ({"id": "o2"}, {"note": None}, {"history": []}, {"payment": None}, {"_unknown": b"\x98\x06\x01"}):
        assert full(shop) != dataclasses.replace(full(shop), **change)
    assert shop.Item() != shop.Order()
    assert shop.Order.Payment.CardNumber("a") != shop.Order.Sender.Person("a")


def test_repr(shop: Any) -> None:
    """A repr shows what differs from the defaults, and can be evaluated."""
    assert repr(shop.Order()) == "Order()"
    assert repr(shop.Order(id="x", note="", gift=False)) == "Order(id='x', note='')"
    order = shop.Order(payment=shop.Order.Payment.CardNumber("4"), items=[shop.Item(count=2)])
    assert repr(order) == "Order(items=[Item(count=2)], payment=Order.Payment.CardNumber('4'))"
    assert eval(repr(order), vars(shop).copy()) == order
    order.main = shop.Item()
    order.main.inside = order.main
    assert "Item(inside=...)" in repr(order)


@pytest.mark.parametrize("duplicate", [copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m)), dataclasses.replace])
def test_copies(shop: Any, duplicate: Any) -> None:
    """Copies of every make are equal, of the same class, and keep unknown fields."""
    order = full(shop)
    order._unknown = b"\x98\x06\x01"
    order.items[1].inside._unknown = b"\x98\x06\x02"
    made = duplicate(order)
    assert made == order
    assert type(made) is shop.Order
    assert made is not order
    assert made.to_bytes() == order.to_bytes()
    assert b"\x98\x06\x02" in made.to_bytes()


def test_copies_are_deep_or_not(shop: Any) -> None:
    """A copy shares its lists and messages, a deep copy does not."""
    order = full(shop)
    assert copy.copy(order) == order
    assert copy.copy(order).items is order.items
    deep = copy.deepcopy(order)
    deep.items[0].name = "changed"
    deep.payment.value.name = "changed"
    assert order == full(shop)


def test_dataclass_functions(shop: Any) -> None:
    """What dataclasses offers works: fields, replace, is_dataclass, asdict."""
    assert dataclasses.is_dataclass(shop.Item)
    assert dataclasses.is_dataclass(shop.Item())
    names = [field.name for field in dataclasses.fields(shop.Item)]
    assert names == ["name", "count", "labels", "inside", "size", "wanted"]
    assert all(field.kw_only for field in dataclasses.fields(shop.Item))
    item = shop.Item(name="a", labels={"k": "v"}, inside=shop.Item(count=2))
    assert dataclasses.replace(item, name="b") == shop.Item(name="b", labels={"k": "v"}, inside=shop.Item(count=2))
    assert dataclasses.asdict(item)["inside"]["count"] == 2
    with pytest.raises(TypeError):
        dataclasses.replace(item, colour="red")
    extended = [field.name for field in dataclasses.fields(shop.Order)]
    assert {"payment", "sender"} <= set(extended)
    assert not {"card_number", "_unknown"} & set(extended)


def test_leading_underscores(tmp_path: Path) -> None:
    """A field whose name begins with an underscore is a field like others, and so is a oneof named as optional's are."""
    sources = {"a.proto": 'syntax = "proto3"; package a; message M { string _x = 1; oneof _y { string y = 2; } }'}
    with bindings_of(tmp_path, sources) as made:
        cls = made.module("a").M
        assert [field.name for field in dataclasses.fields(cls)] == ["_x", "_y"]
        message = dataclasses.replace(cls(_x="1"), _y=cls.Y.Y(""))
        assert cls.from_bytes(message.to_bytes()) == message
        assert cls.from_dict(message.to_dict()) == message


def test_match_statements(shop: Any) -> None:
    """Messages, cases and enum values are patterns."""
    match full(shop):
        case shop.Order(status=shop.Status.PAID, payment=shop.Order.Payment.Barter(shop.Item(name=name))):
            assert name == "goat"
        case _:
            pytest.fail("no pattern matched")
    match shop.Order(status=shop.Status(99)):
        case shop.Order(status=shop.Status.PAID | shop.Status.SENT):
            pytest.fail("99 is neither")
        case shop.Order(status=status):
            assert status == 99


def test_only_known_attributes(shop: Any) -> None:
    """Unknown and positional arguments and unknown attributes are refused."""
    with pytest.raises(TypeError):
        shop.Item(colour="red")
    with pytest.raises(TypeError):
        shop.Item("a")
    item = shop.Item()
    with pytest.raises(AttributeError):
        item.colour = "red"
    with pytest.raises(AttributeError):
        shop.Order.Payment.CardNumber("a").other = 1
    assert not hasattr(item, "__dict__")
    with pytest.raises(TypeError):
        hash(item)


def test_a_class_of_ones_own(shop: Any) -> None:
    """A derived class reads, writes, compares and shows itself."""

    class Mine(shop.Item):  # type: ignore[misc]
        __slots__ = ()

    made = Mine(name="a")
    assert repr(made).endswith("Mine(name='a')")
    assert shop.Order.from_bytes(shop.Order(main=made).to_bytes()).main == shop.Item(name="a")
    assert made == Mine(name="a")
    assert made != shop.Item(name="a")


# Presence


def test_presence_in_proto3(shop: Any) -> None:
    """Only messages and optional fields of proto3 can be unset."""
    order = shop.Order()
    nullable = {f.name for f in dataclasses.fields(order) if getattr(order, f.name) is None}
    assert nullable == {"note", "weight", "main", "payment", "sender"}
    assert shop.Item().wanted is None
    assert shop.Item().size is shop.Item.Size.SMALL
    assert shop.Order.from_bytes(shop.Order(note="").to_bytes()).note == ""
    assert shop.Order.from_bytes(shop.Order().to_bytes()).note is None
    assert shop.Order(id="").to_bytes() == b""
    assert shop.Order(weight=0).to_dict() == {"weight": "0"}


def test_presence_in_proto2(old: Any) -> None:
    """Every single field of proto2 can be unset; a default that is declared is not filled in."""
    scalars = [field.name for field in dataclasses.fields(old.Scalars)]
    for name in scalars:
        value = getattr(old.Scalars(), name)
        assert value is None if name.startswith("maybe_") else value == []
    assert old.Part(name="a").count is None
    assert old.Part.from_bytes(old.Part(name="a", count=0).to_bytes()).count == 0
    assert "Default: 7." in __import__("inspect").getsource(old.Part)


def test_presence_in_editions(following: Any) -> None:
    """Features decide on presence."""
    message = following.Next()
    assert message.explicit is None
    assert message.implicit == ""
    assert message.open is None
    assert message.open_implicit is following.Open.OPEN_ZERO
    for field in dataclasses.fields(following.Scalars):
        value = getattr(following.Scalars(), field.name)
        assert (value is None) == field.name.startswith("maybe_")


def test_lists_and_maps_are_never_none(shop: Any) -> None:
    """Lists and maps are empty by default, one for each message, and None stands for an empty one."""
    first, second = shop.Order(), shop.Order(items=None, by_name=None)
    assert first.items == second.items == []
    assert first.by_name == second.by_name == {}
    first.items.append(shop.Item())
    first.by_name["a"] = shop.Item()
    assert second == shop.Order()
    assert shop.Order.from_json('{"items": null, "byName": null}') == shop.Order()
    assert shop.Order.from_bytes(b"").items == []
    second.items = None
    with pytest.raises(EncodeError, match=r"Order\.items"):
        second.to_bytes()


# Unknown fields


def test_unknown_fields_survive(tree: Bindings, shop: Any) -> None:
    """Fields of a later version are written again, in the message and in those within."""
    extra = b"\xa2\x06\x03abc\x98\x06\x01\xa5\x06\x01\x02\x03\x04\xa1\x06\x01\x02\x03\x04\x05\x06\x07\x08\xab\x06\x08\x01\xac\x06"
    order = full(shop)
    order._unknown = extra
    order.items[0]._unknown = extra
    order.by_name["b"]._unknown = extra
    order.payment.value._unknown = extra
    content = order.to_bytes()
    again = shop.Order.from_bytes(content)
    assert again == order
    for held in (again, again.items[0], again.by_name["b"], again.payment.value):
        assert held._unknown == extra
    assert again.to_bytes() == content
    official = tree.official("acme.shop.v1.Order").FromString(content)
    assert shop.Order.from_pb(official) == order
    assert again.to_pb(type(official)) == official
    assert "abc" not in again.to_json()


def test_merged_as_on_the_wire(shop: Any) -> None:
    """A single field that comes twice is merged, as protobuf says."""
    twice = shop.Order(main=shop.Item(name="a")).to_bytes() + shop.Order(main=shop.Item(count=2)).to_bytes()
    assert shop.Order.from_bytes(twice).main == shop.Item(name="a", count=2)


# Oneofs


def test_oneofs(shop: Any) -> None:
    """A oneof is one attribute; a member with its default is set."""
    payment = shop.Order.Payment
    for case in (
        payment.CardNumber(""),
        payment.Barter(shop.Item()),
        payment.StatusOfPayment(shop.Status.STATUS_UNSPECIFIED),
        payment.Token(b""),
    ):
        order = shop.Order(payment=case)
        assert shop.Order.from_bytes(order.to_bytes()) == order
        assert shop.Order.from_json(order.to_json()) == order
        assert order.to_bytes() != b""
    assert {payment.CardNumber("a"): 1}[payment.CardNumber("a")] == 1


def test_two_members_of_a_oneof(shop: Any) -> None:
    """Two members in JSON are refused, also by their other names; a null one is none."""
    for text in (
        '{"cardNumber": "1", "barter": {}}',
        '{"card_number": "1", "token": ""}',
        '{"token": "", "nothing": null}',
    ):
        with pytest.raises(DecodeError, match="second member"):
            shop.Order.from_json(text)
    assert shop.Order.from_json('{"cardNumber": null, "token": ""}').payment == shop.Order.Payment.Token(b"")


def test_null_member_of_a_oneof(shop: Any) -> None:
    """NullValue as a member of a oneof is set by null."""
    order = shop.Order.from_json('{"nothing": null}')
    assert type(order.payment) is shop.Order.Payment.Nothing
    assert order.to_json() == '{"nothing": null}'
    assert shop.Order.from_bytes(order.to_bytes()) == order


# Wrong values


def wrong(shop: Any) -> list[tuple[Any, str]]:
    """Orders that cannot be written, and where the fault is."""
    item, order = shop.Item, shop.Order
    deep = order(items=[item(), item(), item(labels={"b": "", "a": 1})])
    deeper = order(by_name={"x": item(inside=item(inside=item(count="1")))})
    return [
        (deep, "acme.shop.v1.Order.items[2].labels['a']: expected a str, got 1"),
        (deeper, "acme.shop.v1.Order.by_name['x'].inside.inside.count: '1' is not a valid int32"),
        (order(counts=[0, 1 << 31]), "Order.counts[1]: 2147483648 does not fit int32"),
        (order(counts=[-(1 << 31) - 1]), "Order.counts[0]: -2147483649 does not fit int32"),
        (order(loose=[1 << 63]), "Order.loose[0]"),
        (order(total=-1), "Order.total: -1 does not fit uint64"),
        (order(weight=1.5), "Order.weight: 1.5 is not a valid int64"),
        (order(id=1), "Order.id: expected a str, got 1"),
        (order(id=b"a"), "Order.id: expected a str, got b'a'"),
        (order(id="\ud800"), "Order.id"),
        (order(note=0), "Order.note: expected a str, got 0"),
        (order(raw="text"), "Order.raw: expected bytes, got 'text'"),
        (order(gift=1), "Order.gift: expected True or False, got 1"),
        (order(ratio="1"), "Order.ratio: expected a number, got '1'"),
        (order(ratio=1e39), "Order.ratio: 1e+39 does not fit float"),
        (order(status="PAID"), "Order.status: 'PAID' is not a valid acme.shop.v1.Status"),
        (order(status=1 << 31), "Order.status: 2147483648 is not a valid acme.shop.v1.Status"),
        (order(history=[1, None]), "Order.history[1]: None"),
        (order(states={"a": 1}), "Order.states: the key 'a' is not a valid int32"),
        (order(states={1 << 31: 1}), "Order.states: the key 2147483648 is not a valid int32"),
        (order(states={1: "a"}), "Order.states[1]: 'a' is not a valid acme.shop.v1.Status"),
        (order(main=order()), "Order.main: Order() is not a valid acme.shop.v1.Item"),
        (order(main={"name": "a"}), "Order.main: {'name': 'a'} is not a valid acme.shop.v1.Item"),
        (order(items=[item(), None]), "Order.items[1]: None is not a valid acme.shop.v1.Item"),
        (order(items="ab"), "Order.items: expected a list of acme.shop.v1.Item, got 'ab'"),
        (order(items=iter([item()])), "Order.items: expected a list of acme.shop.v1.Item, got <list_iterator"),
        (order(by_name=[item()]), "Order.by_name: expected a dict, got [Item()]"),
        (order(payment="4"), "Order.payment: '4' is not a case of this oneof: CardNumber, Barter"),
        (
            order(payment=order.Sender.Person("a")),
            "Order.payment: Order.Sender.Person('a') is not a case of this oneof",
        ),
        (order(payment=order.Payment.Barter(item(count=1.5))), "Order.barter.count: 1.5 is not a valid int32"),
        (order(payment=order.Payment.CardNumber(None)), "Order.card_number: expected a str, got None"),
    ]


@pytest.mark.parametrize("method", ["to_bytes", "to_json"])
def test_wrong_values(shop: Any, method: str) -> None:
    """A value that does not fit is refused when it is written, with its path."""
    for message, reason in wrong(shop):
        with pytest.raises(EncodeError) as caught:
            getattr(message, method)()
        assert reason in str(caught.value)


def test_a_message_in_itself(shop: Any) -> None:
    """A message that contains itself is refused, not followed endlessly."""
    item = shop.Item()
    item.inside = item
    for write in (item.to_bytes, item.to_json):
        with pytest.raises(EncodeError, match="contains itself"):
            write()


def test_wrong_bytes(shop: Any) -> None:
    """What is not the message's bytes is a DecodeError, which is a ValueError."""
    for content in (b"\x0a\x05a", b"\x0a", b"\xff", b"\x0a\x01\xff", "text", None):
        with pytest.raises(DecodeError, match=r"acme\.shop\.v1\.Order"):
            shop.Order.from_bytes(content)
    assert issubclass(DecodeError, ValueError)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"items": [{}, {"count": "x"}]}', "Order.items[1].count: 'x' is not a valid int32"),
        ('{"byName": {"a": {"labels": {"b": 1}}}}', "Order.byName['a'].labels['b']: 1 is not a string"),
        (
            '{"barter": {"inside": {"colour": 1}}}',
            "Order.barter.inside.colour: acme.shop.v1.Item has no field 'colour'",
        ),
        ('{"states": {"x": 1}}', "Order.states['x']"),
        ('{"states": {"1": 1, "1.0": 1}}', "Order.states"),
        ('{"history": ["PAID", "GONE"]}', "Order.history[1]: 'GONE' is not a value of acme.shop.v1.Status"),
        ('{"items": [null]}', "Order.items[0]: null is not allowed in an array"),
        ('{"items": {}}', "Order.items: {} is not an array"),
        ('{"main": []}', "Order.main: [] is not an object"),
        ('{"counts": [2147483648]}', "Order.counts[0]: 2147483648 does not fit int32"),
        ('{"byName": {}, "by_name": {}}', "duplicate field 'byName'"),
        ('{"id": "a", "id": "b"}', "duplicate key 'id'"),
        ('{"ratio": NaN}', "NaN"),
        ('{"id": "\\ud800"}', "not JSON"),
        ('{"id": "a"', "not JSON"),
        ("[]", "[] is not an object"),
        ("null", "None is not an object"),
    ],
)
def test_wrong_json(shop: Any, text: str, reason: str) -> None:
    """What is not the message's JSON is refused, with its place."""
    with pytest.raises(DecodeError) as caught:
        shop.Order.from_json(text)
    assert reason in str(caught.value)


def test_wrong_dictionaries(shop: Any) -> None:
    """Dictionaries of any kind are read; keys other than strings are refused, with their place."""
    from collections import OrderedDict
    from types import MappingProxyType

    for kind in (OrderedDict, MappingProxyType, dict):
        content = kind({"items": [kind({"labels": kind({"a": "b"})})]})
        assert shop.Order.from_dict(content) == shop.Order(items=[shop.Item(labels={"a": "b"})])
    for wrong_content in ({1: 2}, {"items": [{"labels": {1: "a"}}]}, {"states": {("a",): 1}}):
        with pytest.raises(DecodeError, match=r"acme\.shop\.v1\.Order"):
            shop.Order.from_dict(wrong_content)
