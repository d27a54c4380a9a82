"""Addresses and headers: what is accepted, what is refused, and what errors don't show."""

from __future__ import annotations

import pytest

from toolkit.descriptors.addresses import Access, Address, headers_of, is_address, metadata_of, without_secrets
from toolkit.descriptors.remote import fetch
from toolkit.errors import InputError


@pytest.mark.parametrize(
    ("text", "origin", "is_local"),
    [
        ("grpc://localhost:50051", ("grpc", "localhost", 50051), True),
        ("GRPCS://api.acme.example:443", ("grpcs", "api.acme.example", 443), False),
        ("grpc://[::1]:1", ("grpc", "::1", 1), True),
        ("grpc://127.8.9.1:1/", ("grpc", "127.8.9.1", 1), True),
        ("https://acme.example/api.binpb", ("https", "acme.example", 443), False),
        ("http://localhost.acme.example/", ("http", "localhost.acme.example", 80), False),
    ],
)
def test_valid(text: str, origin: tuple[str, str, int], is_local: bool) -> None:
    """An address has a scheme, a host, a port, and may be this machine's."""
    assert is_address(text)
    found = Address.parse(text)
    assert found.origin == origin
    assert found.is_local is is_local
    assert found.is_server is origin[0].startswith("grpc")


@pytest.mark.parametrize("text", ["protos", "-", "main:protos", "localhost:50051", "C:/protos", "a/grpc://b", "://x"])
def test_not_an_address(text: str) -> None:
    """Paths, revisions and hosts without a scheme are not taken for addresses."""
    assert not is_address(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("grpc://localhost", "must be a host and a port"),
        ("grpc://localhost:1/acme.Service", "must be a host and a port"),
        ("grpc://localhost:99999", "no valid host and port"),
        ("grpc://[::1:5", "no valid host and port"),
        ("grpc://:50051", "is not a valid address"),
        ("https://acme.example/a b", "is not a valid address"),
        ("grpc://acme.example:1\n", "is not a valid address"),
        ("ftp://acme.example/api.binpb", "ftp:// is not supported"),
        ("https://me:sesame@acme.example/a", "contains a user name"),
        ("grpcs://me:sesame@acme.example:99999", "no valid host and port"),
        ("http://acme.example/api.binpb?key=sesame", "is not encrypted"),
    ],
)
def test_refused(text: str, said: str) -> None:
    """What cannot be read is refused before anything is sent, and passwords are not shown."""
    with pytest.raises(InputError) as raised:
        fetch(text, Access())
    assert said in str(raised.value)
    assert raised.value.hint
    assert "sesame" not in str(raised.value)


def test_headers() -> None:
    """Values may use variables in two forms, and a dollar sign is written twice."""
    lines = ["Authorization: Bearer $TOKEN", "x-both:${TOKEN}-$$5", "X-Empty:"]
    expected = [("Authorization", "Bearer sesame"), ("x-both", "sesame-$5"), ("X-Empty", "")]
    assert headers_of(lines, {"TOKEN": "sesame"}) == expected


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("sesame", "header 2 has no valid name"),
        ("ses ame: x", "header 2 has no valid name"),
        ("A: sesame $OTHER", "the header A uses $OTHER, which is not set"),
        ("A: sesame $EMPTY", "the header A uses $EMPTY, which is not set"),
        ("A: sesame 5$", "has a $ without a name"),
        ("A: $LINES", "not printable ASCII"),
    ],
)
def test_wrong_headers(line: str, said: str) -> None:
    """An error names the header, and does not show its value."""
    with pytest.raises(InputError) as raised:
        headers_of(["Fine: yes", line], {"EMPTY": "", "LINES": "sesame\r\nHost: other"})
    assert said in str(raised.value)
    assert "sesame" not in str(raised.value)


def test_metadata() -> None:
    """GRPC has names in lower case, and bytes in headers that end in -bin."""
    assert metadata_of([("X-Id", "1"), ("Trace-Bin", "AAE=")]) == [("x-id", "1"), ("trace-bin", b"\0\1")]
    with pytest.raises(InputError, match="trace-bin is not base64"):
        metadata_of([("trace-bin", "A")])


def test_secrets() -> None:
    """No value of a header is shown, even if only a part of it is repeated."""
    headers = [("Authorization", "Bearer sesame-open"), ("X-Key", "sesame")]
    text = without_secrets("denied: 'sesame-open' (Bearer sesame-open), sesame", headers)
    assert text == "denied: '***' (***), ***"
