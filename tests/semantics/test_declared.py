"""Configuration files against declared types: what fits is converted, what does not is named with its place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, TypedDict

import pytest

from toolkit.errors import ConfigError, Location
from toolkit.semantics.declared import Table, Text, check_keys, convert, matching, read_json, read_toml


class Shelf(Table, frozen=True):
    """A table in a list, with tables in it."""

    label: Text
    width: Literal["narrow", "wide"] = "wide"
    books: tuple[str, ...] = ()
    sizes: Mapping[Annotated[str, matching("[a-z]+", "a word")], Literal["small", "large"]] = {}


class Room(Table, frozen=True):
    """A table at the top of a file."""

    floor: Text
    shelf: tuple[Shelf, ...] = ()


class House(Table, frozen=True):
    """A file."""

    open: bool = False
    room: tuple[Room, ...] = ()
    address: Mapping[str, str] = {}
    attic: Room = Room("top")


class _Named(TypedDict):
    name: str


class Guest(_Named, total=False):
    """An object of a JSON file."""

    visits: tuple[Literal["day", "night"], ...]
    notes: dict[str, Any]


def toml(folder: Path, text: str) -> House:
    """A file that is declared as a house."""
    path = folder / "house.toml"
    path.write_text(text, encoding="utf-8")
    return convert(read_toml(path, "the house"), House, path)


def guest(folder: Path, text: str) -> Guest:
    """A JSON file that is declared as a guest."""
    path = folder / "guest.json"
    path.write_text(text, encoding="utf-8")
    return convert(read_json(path, "the guest"), Guest, path, "guest")


def test_fits(tmp_path: Path) -> None:
    """What is written is taken, lists become tuples, and what is left out has its default."""
    text = 'open = true\n[[room]]\nfloor = "1"\n[[room.shelf]]\nlabel = "A"\nbooks = ["x"]\nsizes = { x = "small" }\n'
    shelf = Shelf("A", "wide", ("x",), {"x": "small"})
    assert toml(tmp_path, text) == House(open=True, room=(Room("1", (shelf,)),))
    assert toml(tmp_path, "") == House()


def test_json_keys(tmp_path: Path) -> None:
    """An object may have keys that are not declared, and loses them."""
    assert guest(tmp_path, '{"name": "A", "age": 3, "visits": ["day"]}') == {"name": "A", "visits": ("day",)}


ROOM = '[[room]]\nfloor = "1"\n'
SHELF = f'{ROOM}[[room.shelf]]\nlabel = "A"\n'
WRONG = [
    ("open = 1", "open must be true or false, not 1"),
    ("open = nan", "open must be true or false, not nan"),
    ("open = 1979-05-27", "open must be true or false, not datetime.date(1979, 5, 27)"),
    ("room = 'x'", "[[room]] must be a list of tables, not 'x'"),
    ("[room]\nfloor = '1'", "[[room]] must be a list of tables, not {'floor': '1'}"),
    ("room = [{ floor = '1' }, 2]", "[[room]] number 2 must be a table, not 2"),
    ("attic = 3", "[attic] must be a table, not 3"),
    ("[attic]", "[attic] floor is missing"),
    ("[attic]\nfloor = 3", "[attic] floor must be a non-empty string, not 3"),
    ("address = 3", "[address] must be a table, not 3"),
    ("[address]\nstreet = 3", "[address] street must be a string, not 3"),
    ("[address]\n'a.b' = 3", "[address] 'a.b' must be a string, not 3"),
    ("[[room]]", "[[room]] number 1: floor is missing"),
    (ROOM + "[[room]]\nfloor = ''", "[[room]] number 2: floor must be a non-empty string, not ''"),
    (ROOM + "shelf = 3", "[[room]] number 1 (1): shelf must be a list of tables, not 3"),
    (SHELF + "[[room.shelf]]", "[[room]] number 1 (1): shelf number 2: label is missing"),
    (
        SHELF + "width = 'huge'",
        "[[room]] number 1 (1): shelf number 1 (A): width must be one of narrow, wide, not 'huge'",
    ),
    (SHELF + "width = ['wide']", "shelf number 1 (A): width must be one of narrow, wide, not ['wide']"),
    (SHELF + "books = 'x'", "shelf number 1 (A): books must be a list where each item is a string, not 'x'"),
    (SHELF + "books = ['x', 1.5]", "shelf number 1 (A): books number 2 must be a string, not 1.5"),
    (SHELF + "sizes = 'x'", "shelf number 1 (A): sizes must be a table, not 'x'"),
    (SHELF + "sizes = { X = 'small' }", "shelf number 1 (A): sizes: key must be a word, not 'X'"),
    (SHELF + "sizes = { x = 1 }", "shelf number 1 (A): sizes: x must be one of small, large, not 1"),
]


@pytest.mark.parametrize(("text", "message"), WRONG)
def test_wrong(tmp_path: Path, text: str, message: str) -> None:
    """A value that does not fit is named by its place, however deep, with what is expected there."""
    with pytest.raises(ConfigError) as caught:
        toml(tmp_path, text)
    assert caught.value.message.endswith(message)
    assert caught.value.location == Location(str(tmp_path / "house.toml"))


UNKNOWN = [
    ("roof = 1", "unknown key 'roof' at the top of the file", "did you mean 'room'? known: open, room, address, attic"),
    ("x = 1", "unknown key 'x' at the top of the file", "known: open, room, address, attic"),
    (
        "[[room]]\nfloors = '1'",
        "unknown key 'floors' in [[room]] number 1",
        "did you mean 'floor'? known: floor, shelf",
    ),
    (
        SHELF + "lable = 'B'",
        "unknown key 'lable' in [[room]] number 1 (1): shelf number 1 (A)",
        "did you mean 'label'? known: label, width, books, sizes",
    ),
    ("[attic]\n'a - at `$.b' = 1", "unknown key 'a - at `$.b' in [attic]", "known: floor, shelf"),
]


@pytest.mark.parametrize(("text", "message", "hint"), UNKNOWN)
def test_unknown_key(tmp_path: Path, text: str, message: str, hint: str) -> None:
    """An unknown key is refused, also where a required one is missing, with those that are known there."""
    with pytest.raises(ConfigError) as caught:
        toml(tmp_path, text)
    assert (caught.value.message, caught.value.hint) == (message, hint)


def test_check_keys() -> None:
    """Keys alone may be checked, and a list of known ones is enough."""
    check_keys(["a", "b"], ["b", "a"], None, "")
    with pytest.raises(ConfigError, match=r"^unknown key 'c' in \[x\]\n  known: b, a$"):
        check_keys(["a", "c"], ["b", "a"], None, "[x]")


JSON = [
    ("[]", "guest must be an object, not []"),
    ("null", "guest must be an object, not None"),
    ("{}", "guest: name is missing"),
    ('{"name": null}', "guest: name must be a string, not None"),
    ('{"name": NaN}', "guest: name must be a string, not nan"),
    ('{"name": "A", "visits": ["day", "noon"]}', "guest: visits number 2 must be one of day, night, not 'noon'"),
    ('{"name": "A", "notes": []}', "guest: notes must be a table, not []"),
    ('{"name": "A", "\\ud800": 1}', "guest: 'utf-8' codec can't encode character"),
]


@pytest.mark.parametrize(("text", "message"), JSON)
def test_wrong_json(tmp_path: Path, text: str, message: str) -> None:
    """Objects of JSON are checked like tables, and are called objects."""
    with pytest.raises(ConfigError) as caught:
        guest(tmp_path, text)
    assert caught.value.message.startswith(message)


@pytest.mark.parametrize(("syntax", "read"), [("TOML", read_toml), ("JSON", read_json)], ids=["toml", "json"])
@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"{", id="open brace"),
        pytest.param(b'"\xff"', id="not UTF-8"),
        pytest.param(b"a = " + b"1" * 5000, id="huge number"),
        pytest.param(b'{"a": ' + b"1" * 5000 + b"}", id="huge number in JSON"),
        pytest.param(b"a = " + b"[" * 100_000, id="deep list"),
        pytest.param(b"[" * 100_000, id="deep list in JSON"),
    ],
)
def test_not_valid(tmp_path: Path, syntax: str, read: Callable[[Path, str], Any], content: bytes) -> None:
    """What cannot be parsed, whatever the reason, is not valid, and the file is named."""
    path = tmp_path / "x"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match=f": not valid {syntax}: .") as caught:
        read(path, "the file")
    assert caught.value.location == Location(str(path))


def test_unreadable(tmp_path: Path) -> None:
    """A file that is not there, or is a folder, is named with what it is."""
    for path, read in ((tmp_path / "gone", read_toml), (tmp_path, read_json)):
        with pytest.raises(ConfigError) as caught:
            read(path, "the house")
        assert caught.value.message.startswith(f"cannot read the house {str(path)!r}: ")


def test_shown_values(tmp_path: Path) -> None:
    """Values are shown in an error only as far as a line holds, numbers that Python cannot write included."""
    shown = {
        "0x" + "f" * 5000: "a huge number",
        "'" + "x" * 5000 + "'": "'xxx",
        "{ a" + ".a" * 10_000 + " = 1 }": "{'a': {'a': {'a': ",
        "[" * 50 + "]" * 50: "[[[[[[[...]]]]]]]",
        "[" + "1," * 5000 + "]": "[1, 1, 1, 1, 1, 1, ...]",
    }
    for written, start in shown.items():
        with pytest.raises(ConfigError) as caught:
            toml(tmp_path, f"open = {written}")
        said = caught.value.message.removeprefix("open must be true or false, not ")
        assert said.startswith(start)
        assert len(said) <= 80


def test_strings_that_match() -> None:
    """A pattern has to match all of a string, line breaks at its end included."""
    word = Annotated[str, matching("a|b", "a letter")]
    assert convert(["a", "b"], tuple[word, ...], None) == ("a", "b")
    for text in ("ab", "a\n", "\nb", ""):
        with pytest.raises(ConfigError, match="x number 2 must be a letter, not "):
            convert(["a", text], tuple[word, ...], None, "x")
