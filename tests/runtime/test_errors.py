"""What errors say about values of the wrong type, and what Python values are taken as they are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.bindings_of import Bindings, bindings_of
from tests.support.protos_of import proto3
from toolkit.runtime import DecodeError, EncodeError

SHELF = """
message Book { string title = 1; }
message Shelf {
  repeated string tags = 1;
  repeated int64 sizes = 2;
  repeated Book books = 3;
  map<string, Book> by_title = 4;
  repeated Mood moods = 5;
  Book best = 6;
  oneof gift { Book wrapped = 7; string note = 8; }
  google.protobuf.ListValue plain = 9;
  google.protobuf.Struct facts = 10;
}
enum Mood { CALM = 0; WILD = 1; }
service Shelves { rpc Put(Shelf) returns (Shelf); }
"""
OLD = """
syntax = "proto2";
package old;
message Base { extensions 1 to 99; }
enum Color { RED = 0; }
extend Base { optional Color color = 1; repeated Color colors = 2; }
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bindings]:
    """Bindings of shelves."""
    sources = {"shelf.proto": proto3("shop", SHELF, "google/protobuf/struct.proto"), "old.proto": OLD}
    with bindings_of(tmp_path_factory.mktemp("shelves"), sources) as found:
        yield found


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"tags": "abc"}, "shop.Shelf.tags: expected a list of str, got 'abc'"),
        ({"tags": {"a": 1}}, "shop.Shelf.tags: expected a list of str, got {'a': 1}"),
        ({"sizes": 3}, "shop.Shelf.sizes: expected a list of int, got 3"),
        ({"sizes": (1, "2")}, "shop.Shelf.sizes[1]: '2' is not a valid int64: expected an int"),
        ({"moods": 1}, "shop.Shelf.moods: expected a list of shop.Mood, got 1"),
        ({"by_title": []}, "shop.Shelf.by_title: expected a dict, got []"),
        ({"by_title": {"a": 1}}, "shop.Shelf.by_title['a']: 1 is not a valid shop.Book"),
    ],
)
def test_lists_and_maps(made: Bindings, values: dict[str, Any], text: str) -> None:
    """What is not a list or a dictionary is said to be none, and an element that is wrong has its index."""
    with pytest.raises(EncodeError) as caught:
        made.module("shop").Shelf(**values).to_bytes()
    assert str(caught.value) == text


def test_a_message_for_a_list(made: Bindings) -> None:
    """One message in place of a list, and something that can be read only once, are refused for a list."""
    module = made.module("shop")
    for method in ("to_bytes", "to_json"):
        with pytest.raises(EncodeError, match=r"Shelf\.books: expected a list of shop\.Book, got Book\(title='a'\)"):
            getattr(module.Shelf(books=module.Book(title="a")), method)()
    with pytest.raises(EncodeError, match=r"Shelf\.tags: expected a list of str, got <generator"):
        module.Shelf(tags=(tag for tag in "ab")).to_bytes()


def test_messages_of_another_root(made: Bindings, tmp_path: Path) -> None:
    """A message that another package was generated for is said to be from there."""
    with bindings_of(tmp_path, {"shelf.proto": proto3("shop", SHELF, "google/protobuf/struct.proto")}) as other:
        here, there = made.module("shop"), other.module("shop")
        text = f"from the package {made.package}, not {other.package}"
        book = there.Book(title="a")
        wrong = [
            here.Shelf(best=book),
            here.Shelf(books=[book]),
            here.Shelf(by_title={"a": book}),
            here.Shelf(gift=here.Shelf.Gift.Wrapped(book)),
        ]
        for message in wrong:
            with pytest.raises(EncodeError, match="Book") as caught:
                message.to_bytes()
            assert text in str(caught.value)
        with pytest.raises(TypeError, match=text):
            here.ShelvesClient(_NoChannel()).put(there.Shelf())


class _NoChannel:
    """Nothing is sent to it."""

    def unary_unary(self, *given: Any, **options: Any) -> Any:
        return None


def test_tuples(made: Bindings) -> None:
    """Tuples are lists, as they are for the official runtime; other mappings are objects."""
    cls = made.module("shop").Shelf
    shelf = cls.from_dict({"tags": ("a", "b"), "plain": (1, (2,)), "facts": {"x": ("y",)}, "books": ({"title": "t"},)})
    assert shelf == cls.from_bytes(shelf.to_bytes())
    assert (shelf.tags, shelf.plain, shelf.facts) == (["a", "b"], [1, [2]], {"x": ["y"]})
    with pytest.raises(DecodeError, match=r"Shelf\.tags: 'ab' is not an array"):
        cls.from_dict({"tags": "ab"})


def test_unknown_names_in_extensions(made: Bindings) -> None:
    """A name that an enum does not have leaves an extension unset, and a list without it."""
    old = made.module("old")
    text = '{"[old.color]": "BLUE", "[old.colors]": ["RED", "BLUE", "RED"]}'
    base = old.Base.from_json(text, ignore_unknown=True)
    assert old.color.get(base) is None
    assert old.colors.get(base) == [old.Color.RED] * 2
    assert old.Base.from_bytes(base.to_bytes()) == base
    with pytest.raises(DecodeError, match=r"'BLUE' is not a value of old\.Color"):
        old.Base.from_json(text)
