"""JSON read and written in C, beside the same in Python."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.bindings_of import Bindings, bindings_of
from tests.support.message_trees import TREE
from tests.support.messages import message_of
from tests.support.natively import NAMES, NOT_COMPILED, assert_same, check_from_json, check_to_json
from toolkit.runtime.jsonout import STYLES, Style
from toolkit.runtime.native import accelerated

pytestmark = pytest.mark.skipif(not accelerated, reason=NOT_COMPILED)

_PIECES = ["", "{", "}", "[", "]", ",", ":", '"', "\\", "\\u0041", "\\ud83d", "null", "true", "-", "0", "1e5", ".5", "é", "\x00", "\n", " ", "\ufeff", "=", "_"]  # fmt: skip
_VALUES = [
    *("null", "true", "false", "True", "NaN", "Infinity", "-Infinity", "[]", "{}", "''", "tru", "nul", '"'),
    *("0", "-0", "1", "-1", "01", "+1", "1.", ".5", "1.0", "1.5", "-0.0", "1e3", "1E+2", "1e-7", "1e400", "-1e400", "1e", "--1"),
    *("2147483647", "2147483648", "-2147483648", "-2147483649", "4294967295", "4294967296", "9007199254740993"),
    *("9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809", "18446744073709551615"),
    *("18446744073709551616", "1" * 30, "1" * 400, "0." + "1" * 60, "3.4028235e38", "3.4028236e38", "1.1754944e-38", "5e-324"),
    *('""', '"0"', '"-0"', '"1"', '"01"', '" 1"', '"1 "', '"1.0"', '"1e3"', '"18446744073709551615"', '"-9223372036854775808"'),
    *('"NaN"', '"Infinity"', '"-Infinity"', '"nan"', '"1_0"', '"true"', '"false"', '"null"', '"\\u0031"', '"\\u00e9\\n\\/"'),
    *('"\\ud83d\\ude00"', '"\\ud83d"', '"\\ude00"', '"\\ud83d\\u0041"', '"\\x"', '"\\u12"', '"\\u00g0"', '"a\tb"', '"\ud800"'),
    *('"YQ=="', '"YQ="', '"YQ"', '"YR=="', '"Y"', '"YQ==="', '"_-8="', '"+/8="', '"YWI="', '"YWJj"', '"Y Q="', '"é"', '"=="'),
    *('"PAID"', '"paid"', '"DISPATCHED"', '"GOOD"', '"NULL_VALUE"', '"SMALL"', "99", "-7", "2.0"),
    *('"2026-01-31T12:00:00Z"', '"2026-01-31T12:00:00.5Z"', '"2026-01-31T12:00:00.123456789Z"', '"2026-01-31T12:00:00.1234567890Z"'),
    *('"2024-02-29T23:59:59.999999Z"', '"2023-02-29T00:00:00Z"', '"0001-01-01T00:00:00Z"', '"0000-01-01T00:00:00Z"'),
    *('"9999-12-31T23:59:59.999999999Z"', '"2026-01-31T24:00:00Z"', '"2026-01-31T23:60:00Z"', '"2026-01-31T23:59:60Z"'),
    *('"2026-01-31T12:00:00+01:00"', '"2026-1-31T12:00:00Z"', '"2026-01-31t12:00:00z"', '"2026-01-31T12:00:00.Z"', '"2026-13-01T00:00:00Z"'),
    *('"2026-01-00T00:00:00Z"', '"2026-01-31T12:00:00.1+0Z"', '"2026-01-31T12:00:00"', '"20260131T120000Z1234"', '"Z"'),
    *('"0s"', '"-0s"', '"1s"', '"-1.5s"', '"-0.000000001s"', '"1.s"', '".5s"', '"1.0000000001s"', '"315576000000s"', '"315576000001s"'),
    *('"-315576000000.999999999s"', '"007s"', '"1"', '"s"', '"-s"', '"- 1s"', '"1.5"', '"000000000000001s"', '"1.5ss"'),
    *('"a.b"', '"fooBar,baz"', '"a,"', '","', '"foo_bar"', '"FooBar"', '"a b"', '"a1B2"', '{"a": 1, "a": 1}', '{"a": [1, -0, {}]}'),
    *('{"name": "a"}', '{"name": "a", "name": "b"}', '{"name": 1}', '{"x": 1}', '{"text": "a"}', "[null]", "[[]]", "[1,]", '{"a": null}'),
    *('{"@type": "type.googleapis.com/google.protobuf.Duration", "value": "1s"}', '{"1": 1, "01": 1}', '{"\\u0061": 1}', "1 1", '"a" "b"'),
]  # fmt: skip


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bindings]:
    """Bindings of every kind of field."""
    with bindings_of(tmp_path_factory.mktemp("tree"), TREE) as made:
        yield made


@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES)
@pytest.mark.parametrize("name", NAMES)
def test_random_json(tree: Bindings, name: str, style: Style) -> None:
    """The JSON that C writes is what Python writes, in every style, and C leaves no usual message to Python."""
    cls, official = tree.root.message(name), tree.official(name)
    random = Random(name)
    done = 0
    for _ in range(40):
        message = cls.__codec__._from_bytes(message_of(official, random, tree.pool).SerializePartialToString())
        done += check_to_json(message, style) is not None
    assert done > (
        0 if name in ("acme.known.v1.Anything", "acme.old.Old", "acme.next.Next", "acme.other.Holder") else 20
    )


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("name", NAMES)
def test_random_json_is_read(tree: Bindings, name: str, indent: int | None) -> None:
    """What C reads of JSON is what Python reads, with names of either kind, and C leaves no usual text to Python."""
    cls, official = tree.root.message(name), tree.official(name)
    random = Random(name)
    done = 0
    for _ in range(60):
        codec = cls.__codec__
        message = codec._from_bytes(message_of(official, random, tree.pool).SerializePartialToString())
        for style in STYLES.values():
            text = codec._to_json(message, style, indent)
            made = check_from_json(cls, text)
            assert_same(made, check_from_json(cls, text.encode()), name)
            done += made is not None
    few = ("acme.known.v1.Anything", "acme.old.Old", "acme.next.Next", "acme.other.Holder")
    assert done > (0 if name in few else 400)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 1 << 32), changes=st.lists(st.tuples(st.floats(0, 1), st.sampled_from(_PIECES)), max_size=3))
def test_changed_json(tree: Bindings, name: str, seed: int, changes: list[tuple[float, str]]) -> None:
    """Of JSON with something wrong, both make the same, or C leaves it to Python."""
    cls = tree.root.message(name)
    content = message_of(tree.official(name), Random(seed), tree.pool).SerializePartialToString()
    text = cls.__codec__._to_json(cls.__codec__._from_bytes(content), Style(), None)
    for where, piece in changes:
        at = int(where * len(text))
        text = text[:at] + piece + text[at + Random(seed).randrange(3) :]
    check_from_json(cls, text)


@pytest.mark.parametrize("value", _VALUES)
def test_json_values(tree: Bindings, value: str) -> None:
    """A value of whatever form, for a field of whatever kind, is read as Python reads it, or left to Python."""
    for name in NAMES:
        cls = tree.root.message(name)
        for field in cls.__codec__.fields:
            for text in (
                value,
                f"[{value}]",
                f"[{value}, {value}]",
                f'{{"a": {value}}}',
                f'{{"1":{value},"true":{value}}}',
            ):
                check_from_json(cls, f'{{"{field.json_name}": {text}}}')
            check_from_json(cls, f'{{"{field.json_name}": {value}, "{field.name}": {value}}}')
            check_from_json(cls, f' {{ "{field.name}" : {value} }} ')
            if value[0] == '"':
                check_from_json(cls, f'{{"{field.json_name}": {{{value}: {value}, {value}: {value}}}}}')
                check_from_json(cls, f'{{"{field.json_name}": {{{value}: 1, "1": "1"}}}}')


@pytest.mark.parametrize("depth", [1, 40, 80, 95, 300, 5000])
def test_deep_json(tree: Bindings, depth: int) -> None:
    """However deep JSON is nested, C makes the same as Python, or leaves it to it."""
    item, free = tree.root.message("acme.shop.v1.Item"), tree.root.message("acme.known.v1.Free")
    for cls, before, after in (
        (item, '{"inside": ', "}"),
        (free, '{"struct": {"a": ' + "[" * depth + "1" + "]" * depth + "}}", ""),
        (free, '{"value": ' + '{"a": ' * depth + "null" + "}" * depth + "}", ""),
    ):
        text = before * depth + "{}" + after * depth if after else before
        made = check_from_json(cls, text)
        assert made is not None or depth > 80
        if made is not None:
            assert check_to_json(made, Style())


@pytest.mark.parametrize("exponent", range(-46, 40))
def test_numbers_in_json(tree: Bindings, exponent: int) -> None:
    """Floats have as many digits as they need, and doubles as many as Python shows."""
    cls = tree.root.message("acme.shop.v1.Scalars")
    random = Random(exponent)
    for _ in range(60):
        value = random.choice((-1, 1)) * random.uniform(0.1, 1) * 10.0**exponent
        single = struct.unpack("<f", struct.pack("<f", value))[0] if abs(value) < 3.4e38 else value
        check_to_json(cls(one_double=value, many_float=[single, value, round(value, 3)], one_float=single), Style())


def test_text_in_json(tree: Bindings) -> None:
    """Letters are escaped as Python escapes them."""
    cls = tree.root.message("acme.shop.v1.Item")
    letters = [
        *map(chr, range(0x120)),
        "\u2028",
        "\ud7ff",
        "\ue000",
        "\uffff",
        "\U00010000",
        "\U0010ffff",
        "\ud800",
        "\udfff",
    ]
    for letter in letters:
        for text in (letter, letter * 700, f"a{letter}b" * 300, "x" * 1019 + letter, "x" * 1023 + letter + "y"):
            check_to_json(cls(name=text, labels={text: text}), Style())
    assert check_to_json(cls(name="é\n"), Style()) == '{"name": "é\\n"}'
