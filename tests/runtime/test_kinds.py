"""Enums, required fields, extensions, groups and packed lists of generated messages."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
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


# Enums


def test_unknown_numbers_survive(shop: Any) -> None:
    """A number without a name survives bytes and JSON, prints as a number and compares as an int."""
    order = shop.Order(status=shop.Status(17), history=[shop.Status.PAID, 17, -5], states={1: 17})
    again = shop.Order.from_bytes(order.to_bytes())
    assert again == order == shop.Order.from_json(order.to_json())
    assert type(again.status) is type(again.history[1]) is type(again.states[1]) is shop.Status
    assert order.to_dict() == {"status": 17, "history": ["PAID", 17, -5], "states": {"1": 17}}
    status = again.status
    assert (str(status), f"{status}", f"{status:>4}", repr(status)) == ("17", "17", "  17", "Status(17)")
    assert status == 17
    assert status in (17,)
    assert shop.Status.SENT < status < 18
    assert not status.is_known
    assert {17: "x"}[status] == "x"


def test_formats(shop: Any) -> None:
    """A format for numbers shows the number, any other the name."""
    sent = shop.Status.SENT
    assert (f"{sent:d}", f"{sent:03d}", f"{sent:x}") == (f"{int(sent)}", f"{int(sent):03}", f"{int(sent):x}")
    assert (f"{sent}", f"{sent:>6}", f"{sent:s}") == ("SENT", "  SENT", "SENT")


def test_known_values(shop: Any) -> None:
    """Known values are members with names, docstrings in the source, and are ints."""
    status = shop.Status
    assert (str(status.PAID), f"{status.PAID}", repr(status.PAID)) == ("PAID", "PAID", "<Status.PAID: 1>")
    assert status.PAID == 1 == status(1)
    assert status(1) is status.PAID
    assert status.PAID.is_known
    assert [member.name for member in status] == ["STATUS_UNSPECIFIED", "PAID", "SENT", "LOST"]
    assert shop.Order.from_bytes(shop.Order(status=status.LOST).to_bytes()).status is status.LOST
    assert '"""Paid for."""' in __import__("inspect").getsource(status)


def test_aliases(shop: Any) -> None:
    """An alias is the same value; JSON reads either name and writes the first."""
    assert shop.Status.DISPATCHED is shop.Status.SENT
    for name in ("SENT", "DISPATCHED", 2, 2.0):
        read = shop.Order.from_dict({"status": name})
        assert read.status is shop.Status.SENT
    assert read.to_json() == '{"status": "SENT"}'


@pytest.mark.parametrize("number", [1, 17])
def test_enums_are_copied(shop: Any, number: int) -> None:
    """Copies and pickles of values are values of the same enum."""
    status = shop.Status(number)
    for made in (copy.copy(status), copy.deepcopy(status), pickle.loads(pickle.dumps(status))):
        assert made == status
        assert type(made) is shop.Status
        assert str(made) == str(status)


def test_what_is_no_enum(shop: Any) -> None:
    """What does not fit an int32 is refused, in Python as in JSON."""
    for value in (1 << 31, -(1 << 31) - 1, "PAID", None, 1.5):
        with pytest.raises(ValueError, match="is not a valid Status"):
            shop.Status(value)
    for value in (1 << 31, "paid", True, [], 1.5):
        with pytest.raises(DecodeError, match=r"Order\.status"):
            shop.Order.from_dict({"status": value})


def test_closed_enums(tree: Bindings, old: Any) -> None:
    """Of a closed enum, a number that it does not have is an unknown field, which survives."""
    content = b"\x08\x01\x10\x09\x18\x01\x18\x09\x22\x02\x02\x0b"
    message = old.Old.from_bytes(content)
    assert message.grade is None
    assert message.grades == [old.Grade.GOOD]
    assert message.packed_grades == [old.Grade.BAD]
    assert message._unknown
    official = tree.official("acme.old.Old").FromString(content)
    assert tree.official("acme.old.Old").FromString(message.to_bytes()) == official
    assert old.Old.from_bytes(message.to_bytes()) == message
    assert old.Old(id=1, grade=old.Grade.BAD).to_dict() == {"id": 1, "grade": "BAD"}


def test_ignored_names(shop: Any) -> None:
    """With unknown things ignored, names that an enum does not have are left out, one by one."""
    text = '{"status": "GONE", "history": ["PAID", "GONE"], "states": {"1": "GONE", "2": "SENT"}, "colour": 1, "main": {"colour": 2}}'
    made = shop.Order.from_json(text, ignore_unknown=True)
    assert made == shop.Order(history=[shop.Status.PAID], states={2: shop.Status.SENT}, main=shop.Item())
    assert shop.Order.from_json('{"statusOfPayment": "GONE"}', ignore_unknown=True).payment is None
    with pytest.raises(DecodeError):
        shop.Order.from_json(text)


# Required fields


def test_required_fields(old: Any, following: Any) -> None:
    """A required field that is missing is an error when written, with its path."""
    for message, path in (
        (old.Old(), "acme.old.Old.id: a required field is not set"),
        (old.Old(id=1, part=old.Part()), "acme.old.Old.part.name: a required field is not set"),
        (old.Old(id=1, parts={"a": old.Part(name="a"), "b": old.Part()}), "acme.old.Old.parts['b'].name"),
        (
            old.Old(id=1, part=old.Part(name="a", parts=[old.Part(name="b"), old.Part()])),
            "acme.old.Old.part.parts[1].name: a required field is not set",
        ),
        (old.Old(id=1, one=old.Old.One.Right(old.Part())), "acme.old.Old.right.name"),
        (old.Dated(grade=old.Grade.GOOD), "acme.old.Dated.at: a required field is not set"),
        (old.Dated(at=datetime.now(UTC)), "acme.old.Dated.grade: a required field is not set"),
        (following.Next(), "acme.next.Next.must: a required field is not set"),
    ):
        with pytest.raises(EncodeError) as caught:
            message.to_bytes()
        assert path in str(caught.value)


def test_wrong_values_beside_required_ones(old: Any) -> None:
    """What is wrong is found beside required fields, whatever their types."""
    dated = old.Dated(at=datetime.now(UTC), grade=old.Grade.GOOD, parts=[old.Part(name="a"), old.Part(name=1)], n=1)
    with pytest.raises(EncodeError, match=r"Dated\.parts\[1\]\.name: expected a str, got 1"):
        dated.to_bytes()
    dated.parts, dated.n = [], "1"
    with pytest.raises(EncodeError, match=r"Dated\.n: '1' is not a valid int32"):
        dated.to_bytes()


def test_required_fields_on_the_wire(old: Any) -> None:
    """Bytes and JSON without a required field are read, as the official runtime does, and not written again."""
    unknown = b"\x98\x06\x01"
    message = old.Old.from_bytes(unknown)
    assert message == old.Old(_unknown=unknown)
    assert old.Old.from_bytes(b"\x4a\x00").part == old.Part()
    assert old.Old.from_json('{"part": {}}') == old.Old(part=old.Part())
    with pytest.raises(EncodeError):
        message.to_bytes()


# Extensions


def extended(tree: Bindings) -> Any:
    """A message with every extension set."""
    old, other = tree.module("acme.old"), tree.module("acme.other")
    message = old.Old(id=1)
    old.rank.set(message, 5)
    old.tags.set(message, ["a", "b"])
    old.spare.set(message, old.Part(name="p"))
    old.second.set(message, old.Grade.BAD)
    old.packed_ranks.set(message, [1, 300])
    old.spares.set(message, [old.Part(name="q"), old.Part(name="r")])
    old.seen.set(message, datetime(2026, 1, 2, tzinfo=UTC))
    old.Old.inner_note.set(message, "inner")
    other.note.set(message, other.Note(text="far"))
    return message


def test_extensions(tree: Bindings, old: Any) -> None:
    """Extensions are set and read by their declarations; None takes one away."""
    message = extended(tree)
    assert old.rank.get(message) == 5
    assert old.spare.get(message) == old.Part(name="p")
    assert old.Old.inner_note.get(message) == "inner"
    assert old.rank.get(old.Old(id=1)) is None
    other = copy.deepcopy(message)
    assert other == message
    old.rank.set(other, None)
    assert old.rank.get(other) is None
    assert other != message
    assert pickle.loads(pickle.dumps(message)) == message
    with pytest.raises(TypeError, match=r"acme\.old\.rank extends acme\.old\.Old, not acme\.old\.Part"):
        old.rank.set(old.Part(name="a"), 1)


def test_extensions_are_written_and_read(tree: Bindings, old: Any) -> None:
    """Extensions survive bytes and JSON, as the official runtime writes them."""
    message = extended(tree)
    assert old.Old.from_bytes(message.to_bytes()) == message
    assert old.Old.from_json(message.to_json()) == message
    content = message.to_dict()
    assert content["[acme.old.rank]"] == 5
    assert content["[acme.old.Old.inner_note]"] == "inner"
    assert content["[acme.other.note]"] == {"text": "far"}
    assert content["[acme.old.seen]"] == "2026-01-02T00:00:00Z"
    cls = tree.official("acme.old.Old")
    official = message.to_pb(cls)
    assert {field.full_name for field, _ in official.ListFields() if field.is_extension} == set(message._extensions)
    assert old.Old.from_pb(official) == message


def test_wrong_extensions(tree: Bindings, old: Any) -> None:
    """A value that does not fit an extension is refused with its name; so is a name that there is not."""
    message = old.Old(id=1)
    old.rank.set(message, "5")
    for write in (message.to_bytes, message.to_json):
        with pytest.raises(EncodeError, match=r"acme\.old\.Old\.\[acme\.old\.rank\]: '5' is not a valid int32"):
            write()
    with pytest.raises(DecodeError, match=r"has no extension 'acme\.old\.nothing'"):
        old.Old.from_json('{"id": 1, "[acme.old.nothing]": 1}')
    assert old.Old.from_json('{"id": 1, "[acme.old.nothing]": 1}', ignore_unknown=True) == old.Old(id=1)
    with pytest.raises(DecodeError, match="has no field"):
        old.Part.from_json('{"[acme.old.rank]": 1}')


def test_extensions_of_packages_not_imported(tree: Bindings) -> None:
    """Extensions that another package declares are known to what is read before that package is imported."""
    content = extended(tree).to_bytes()
    holder = tree.module("acme.other").Holder(old=extended(tree)).to_bytes()
    program = (
        f"import sys; sys.path.insert(0, {str(tree.folder)!r})\n"
        f"from {tree.package}.acme.old import Old\n"
        f"message = Old.from_bytes({content!r})\n"
        f"assert message._unknown == b'', message\n"
        f"from {tree.package}.acme.other import Holder, note\n"
        "assert note.get(message).text == 'far'\n"
        f"assert note.get(Holder.from_bytes({holder!r}).old).text == 'far'\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr


# Groups, delimited and packed fields


def test_groups(tree: Bindings, old: Any) -> None:
    """Groups are nested messages, written between their tags."""
    message = old.Old(
        id=1,
        inner=old.Old.Inner(note="n", numbers=[1, 2]),
        many=[old.Old.Many(flag=True), old.Old.Many()],
        one=old.Old.One.Middle(old.Old.Middle(x=1)),
    )
    assert message.to_bytes() == b"\x08\x01\x33\x0a\x01n\x10\x01\x10\x02\x34\x3b\x08\x01\x3c\x3b\x3c\x63\x08\x01\x64"
    assert old.Old.from_bytes(message.to_bytes()) == message
    assert old.Old.from_json(message.to_json()) == message
    assert message.to_pb(tree.official("acme.old.Old")).inner.numbers == [1, 2]


def test_delimited(tree: Bindings, following: Any) -> None:
    """Delimited messages of editions are written as groups, and nest."""
    child = following.Child(x=1, child=following.Child(x=2))
    message = following.Next(must=1, delimited=child, delimiteds=[child], plain=child)
    assert following.Next.from_bytes(message.to_bytes()) == message
    assert b"\x4b\x08\x01\x13\x08\x02\x14\x4c" in message.to_bytes()
    assert tree.official("acme.next.Next").FromString(message.to_bytes()).delimited.child.x == 2
    first = following.Next(must=1, one=following.Next.One.First(child))
    assert following.Next.from_bytes(first.to_bytes()) == first
    more = following.Next(must=1)
    following.more.set(more, child)
    following.numbers.set(more, [1, 2])
    assert following.Next.from_bytes(more.to_bytes()) == more
    assert following.Next.from_json(more.to_json()) == more


def test_packed(shop: Any, old: Any, following: Any) -> None:
    """Lists are packed as their file says, and read either way."""
    assert shop.Order(counts=[1, 2]).to_bytes() == b"\x7a\x02\x01\x02"
    assert shop.Order(loose=[1, -1]).to_bytes() == b"\x80\x01\x02\x80\x01\x01"
    assert shop.Order.from_bytes(b"\x78\x01\x7a\x01\x02").counts == [1, 2]
    assert shop.Order.from_bytes(b"\x82\x01\x02\x02\x01").loose == [1, -1]
    assert old.Old(id=1, loose=[1]).to_bytes() == b"\x08\x01\x68\x01"
    assert old.Old(id=1, packed_grades=[1, 2]).to_bytes() == b"\x08\x01\x22\x02\x01\x02"
    assert following.Next(must=1, packed=[1], expanded=[1]).to_bytes() == b"\x18\x01\x3a\x01\x01\x40\x01"


def test_threads_read_at_once(tree: Bindings, shop: Any) -> None:
    """Many threads that read the first message of a package at the same time all succeed."""
    content = shop.Order(items=[shop.Item(name="a")]).to_bytes()
    program = (
        f"import sys, threading; sys.path.insert(0, {str(tree.folder)!r}); sys.setswitchinterval(1e-6)\n"
        f"from {tree.package}.acme.shop.v1 import Order\n"
        "barrier, read = threading.Barrier(16), []\n"
        "def run():\n"
        "    barrier.wait()\n"
        f"    read.append(Order.from_bytes({content!r}).to_json())\n"
        "threads = [threading.Thread(target=run) for _ in range(16)]\n"
        "[t.start() for t in threads]; [t.join() for t in threads]\n"
        "assert len(read) == 16 and len(set(read)) == 1, read\n"
    )
    for _ in range(3):
        ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
        assert ran.returncode == 0, ran.stderr


def test_strings_that_are_no_text(tree: Bindings, old: Any, shop: Any) -> None:
    """Proto2 does not check strings: bytes that are not text survive, as half surrogates; JSON cannot have them."""
    content = b"\x08\x01\x2a\x03a\xffb\x42\x0a\x0a\x01k\x12\x05\x0a\x03\xe2\x82b\x52\x01\x80"
    message = old.Old.from_bytes(content)
    assert message.text == "a\udcffb"
    assert message.one == old.Old.One.Left("\udc80")
    assert message.parts == {"k": old.Part(name="\udce2\udc82b")}
    assert tree.official("acme.old.Old").FromString(message.to_bytes()) == tree.official("acme.old.Old").FromString(
        content
    )
    assert old.Old.from_bytes(message.to_bytes()) == message == copy.deepcopy(message)
    with pytest.raises(EncodeError, match=r"acme\.old\.Old"):
        message.to_json()
    old.tags.set(message, ["\udc80", "é"])
    assert old.Old.from_bytes(message.to_bytes()) == message
    with pytest.raises(DecodeError):
        shop.Order.from_bytes(b"\x0a\x01\xff")
    with pytest.raises(DecodeError):
        old.Old.from_bytes(content.replace(b"\x01k", b"\x01\xfe"))


def test_closed_enums_in_json(old: Any, following: Any) -> None:
    """JSON cannot give a closed enum a number that it does not have."""
    assert old.Old.from_dict({"grade": 2}).grade is old.Grade.BAD
    for cls, content in (
        (old.Old, {"grades": [1, 9]}),
        (following.Next, {"closed": 9}),
        (following.Next, {"third": 0}),
    ):
        with pytest.raises(DecodeError, match="is not a value of acme"):
            cls.from_dict(content)
    assert following.Next.from_dict({"open": 9}).open == 9
