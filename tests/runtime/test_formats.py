"""Formats of strings and bytes: what fits and what does not, and that a hostile value costs no more than its length."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.work import growth
from toolkit.runtime.formats import FORMATS

LABEL = "a" * 63
FITTING: dict[str, list[Any]] = {
    "email": ["a@b", "a.b+c@d-e.f", "!#$%@1.2"],
    "hostname": ["a", "a.b.", "1.a", f"{LABEL}.{LABEL}.{LABEL}.{'a' * 61}."],
    "ip": ["1.2.3.4", "::", "fe80::1%a b", "::ffff:1.2.3.4"],
    "ipv4": ["0.0.0.0", "255.255.255.255"],
    "ipv6": ["1:2:3:4:5:6:7:8", "1::8"],
    "address": ["a.b", "1.2.3.4", "::1"],
    "uri": ["a:", "http://a", "http://u:p@[::1%25e]:/a//b?c/?d#e?", "http://[v1.a:b]", "urn:a:b", "http://%41"],
    "uri_ref": ["", "//a", "./a:b", "?a", "#", "a/b:c", "http://a"],
    "ip_with_prefixlen": ["1.2.3.4/0", "1::/128"],
    "ipv4_with_prefixlen": ["1.2.3.4/32"],
    "ipv6_with_prefixlen": ["1::2/64"],
    "ip_prefix": ["1.2.3.0/24", "1::/16"],
    "ipv4_prefix": ["0.0.0.0/0"],
    "ipv6_prefix": ["::/0"],
    "host_and_port": ["a:0", "1.2.3.4:65535", "[::1%e]:1"],
    "uuid": ["3F2504E0-4f89-41d3-9a0c-0305e82c3301"],
    "tuuid": ["3F2504E04f8941d39a0c0305e82c3301"],
    "ulid": ["01arz3ndektsv4rrffq69g5fav"],
    "protobuf_fqn": ["a", "a._b1"],
    "protobuf_dot_fqn": [".a._b1"],
    "header_name": [":authority", "X-Foo,"],
    "header_name_loose": ["a b"],
    "header_value": ["", "a\tb", "é"],
    "header_value_loose": ["\x01"],
    "bytes.ip": [bytes(4), bytes(16)],
    "bytes.ipv4": [bytes(4)],
    "bytes.ipv6": [bytes(16)],
    "bytes.uuid": [bytes(16)],
}
OTHERS: dict[str, list[Any]] = {
    "email": ["", "a", "@b", "a@", "a@b.", "a@b@c", "a b@c", "a@b\n", "é@a", f"a@{LABEL}a"],
    "hostname": ["", ".", "a..b", "-a", "a-", "a_b", "1.2.3.4", "é", "a\n", f"{LABEL}.{LABEL}.{LABEL}.{'a' * 62}"],
    "ip": ["", "1.2.3", "01.2.3.4", "1.2.3.4%e", "::1%", ":::", "1.2.3.٤"],
    "ipv4": ["::", "1.2.3.256", "1.2.3.4/8", "1.2.3.4\n"],
    "ipv6": ["1.2.3.4", "1:2:3:4:5:6:7:8:9", "12345::", "1::2::3"],
    "address": ["", "a_b"],
    "uri": ["", "a", "1a:b", "a:%4", "http://a b", "http://[::1", "http://[::1%e]", "http://%ff", "http://a:b", "a:é"],
    "uri_ref": ["%", ":a", "1:a", "//[", "a#b#c", "\\"],
    "ip_with_prefixlen": [
        "1.2.3.4",
        "1.2.3.4/33",
        "1.2.3.4/01",
        "1.2.3.4/+1",
        "1::/129",
        "1::%e/8",
        "1.2.3.4/255.0.0.0",
    ],
    "ipv4_with_prefixlen": ["1::/8"],
    "ipv6_with_prefixlen": ["1.2.3.4/8"],
    "ip_prefix": ["1.2.3.4/24", "1::1/16"],
    "ipv4_prefix": ["::/0"],
    "ipv6_prefix": ["0.0.0.0/0"],
    "host_and_port": ["a", "a:", ":1", "a:01", "a:65536", "::1:80", "[::1]", "[::1]80", "[a]:1", "a:1 "],
    "uuid": ["", "3f2504e0-4f89-41d3-9a0c-0305e82c330", "{3f2504e0-4f89-41d3-9a0c-0305e82c3301}"],
    "tuuid": ["3f2504e0-4f89-41d3-9a0c-0305e82c3301"],
    "ulid": ["81ARZ3NDEKTSV4RRFFQ69G5FAV", "01ARZ3NDEKTSV4RRFFQ69G5FAU"],
    "protobuf_fqn": ["", "1a", "a.", ".a", "a..b", "a\n"],
    "protobuf_dot_fqn": ["a", ".", ".a."],
    "header_name": ["", ":", "a b", "a:b"],
    "header_name_loose": ["", "a\n"],
    "header_value": ["\x7f", "a\n"],
    "header_value_loose": ["\r"],
    "bytes.ip": [b"", bytes(5)],
    "bytes.ipv4": [bytes(16)],
    "bytes.ipv6": [bytes(4)],
    "bytes.uuid": [bytes(15)],
}


def test_all_have_examples() -> None:
    """Each format has values that fit and others here."""
    assert FITTING.keys() == OTHERS.keys() == FORMATS.keys()


@pytest.mark.parametrize("name", FORMATS)
def test_fitting(name: str) -> None:
    """Values of a format are of it, and others are not."""
    assert [value for value in FITTING[name] if not FORMATS[name](value)] == []
    assert [value for value in OTHERS[name] if FORMATS[name](value)] == []


@pytest.mark.parametrize("name", [name for name in FORMATS if not name.startswith("bytes.")])
def test_cost(name: str) -> None:
    """The time for a value grows with its length and no faster."""
    for part in ("a", "a.", "1.", ":", "%41", "a@", "[", "/"):
        assert growth(lambda size, part=part: FORMATS[name]((part * size)[:size] + "\0"), 5_000, 100_000) < 8  # type: ignore[misc]
