"""Formats of strings and bytes, by name, as protovalidate defines them. Each check takes time linear in the value."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from typing import Any

_LABEL = re.compile(r"[0-9A-Za-z](?:[0-9A-Za-z-]{0,61}[0-9A-Za-z])?")
_LOCAL = re.compile(r"[0-9A-Za-z.!#$%&'*+/=?^_`{|}~-]+")
_PORT = re.compile(r"0|[1-9][0-9]{0,4}")
_LENGTH = re.compile(r"0|[1-9][0-9]{0,2}")
_URI = re.compile(r"(?:([^:/?#]+):)?(?://([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?", re.S)
_ESCAPE = re.compile(rb"%([0-9A-Fa-f]{2})")
_SCHEME = re.compile(r"[A-Za-z][0-9A-Za-z+.-]*")
_DIGITS = re.compile(r"[0-9]*")
_FUTURE = re.compile(r"[vV][0-9A-Fa-f]+\.[0-9A-Za-z._~!$&'()*+,;=:-]+")


def _escaped(more: str) -> re.Pattern[str]:
    """Characters that a part of a URI may hold: these, those that all may, and escapes."""
    return re.compile(rf"(?:[0-9A-Za-z._~{more}-]|%[0-9A-Fa-f]{{2}})*")


_ZONE = _escaped("")
_REGISTERED = _escaped("!$&'()*+,;=")
_USER = _escaped("!$&'()*+,;=:")
_SEGMENTS = _escaped("!$&'()*+,;=:@/")
_QUERY = _escaped("!$&'()*+,;=:@/?")


def is_email(value: str) -> bool:
    """An address as browsers define it, without comments and quotes."""
    local, at, domain = value.partition("@")
    return bool(at and _LOCAL.fullmatch(local)) and all(map(_LABEL.fullmatch, domain.split(".")))


def is_hostname(value: str) -> bool:
    """Labels of letters, digits and hyphens; the last one is not all digits."""
    name = value.removesuffix(".")
    labels = name[:254].split(".")
    return len(name) <= 253 and all(map(_LABEL.fullmatch, labels)) and not labels[-1].isdecimal()


def is_ip(value: str, version: int = 0) -> bool:
    """An address of version 4 or 6, or of either; one of version 6 may have a zone."""
    address, percent, zone = value.partition("%")
    if percent and zone and version != 4:
        return _number(address, 6) is not None
    return not percent and any(_number(value, one) is not None for one in (4, 6) if version in (0, one))


def _number(address: str, version: int) -> int | None:
    try:
        return int(IPv4Address(address) if version == 4 else IPv6Address(address))
    except AddressValueError:
        return None


def is_ip_prefix(value: str, version: int = 0, *, strict: bool = False) -> bool:
    """An address with the length of a prefix; if ``strict``, nothing but zeros follows the prefix."""
    address, slash, length = value.partition("/")
    if not slash or "%" in address or not _LENGTH.fullmatch(length):
        return False
    for one, bits in ((4, 32), (6, 128)):
        number = _number(address, one) if version in (0, one) else None
        if number is not None:
            rest = bits - int(length)
            return rest >= 0 and not (strict and number & ((1 << rest) - 1))
    return False


def is_host_and_port(value: str) -> bool:
    """A host name, an address of version 4, or one of version 6 in brackets, and a port."""
    host, colon, port = value.rpartition(":")
    if not colon or not _PORT.fullmatch(port) or int(port) > 65535:
        return False
    if host.startswith("["):
        return host.endswith("]") and is_ip(host[1:-1], 6)
    return is_hostname(host) or is_ip(host, 4)


def is_uri(value: str) -> bool:
    """A URI by RFC 3986, which begins with a scheme."""
    return _is_uri(value, relative=False)


def is_uri_ref(value: str) -> bool:
    """A URI, or a reference relative to one."""
    return _is_uri(value, relative=True)


def _is_uri(value: str, *, relative: bool) -> bool:
    match = _URI.fullmatch(value)
    assert match is not None
    scheme, authority, path, query, fragment = match.groups()
    if scheme is None and not relative:
        return False
    if scheme is not None and not _SCHEME.fullmatch(scheme):
        return False
    if authority is not None and not _is_authority(authority):
        return False
    if scheme is None and authority is None and ":" in path.partition("/")[0]:
        return False
    return bool(_SEGMENTS.fullmatch(path) and _QUERY.fullmatch(query or "") and _QUERY.fullmatch(fragment or ""))


def _is_authority(value: str) -> bool:
    user, _, address = value.rpartition("@")
    if not _USER.fullmatch(user):
        return False
    if address.startswith("["):
        host, bracket, rest = address[1:].partition("]")
        if not bracket or not (rest == "" or (rest[0] == ":" and _DIGITS.fullmatch(rest[1:]))):
            return False
        address, percent, zone = host.partition("%25")
        if percent:
            return bool(zone) and _is_registered(zone, _ZONE) and _number(address, 6) is not None
        return _FUTURE.fullmatch(host) is not None or ("%" not in host and _number(host, 6) is not None)
    host, _, port = address.partition(":")
    return _is_registered(host, _REGISTERED) and _DIGITS.fullmatch(port) is not None


def _is_registered(host: str, allowed: re.Pattern[str]) -> bool:
    """Whether a host has only characters that it may, and its escapes are UTF-8."""
    if not allowed.fullmatch(host):
        return False
    try:
        _ESCAPE.sub(lambda match: bytes.fromhex(match[1].decode()), host.encode()).decode()
    except UnicodeDecodeError:
        return False
    return True


def _expression(pattern: str) -> Callable[[Any], bool]:
    compiled = re.compile(pattern)
    return lambda value: compiled.fullmatch(value) is not None


def _size(*sizes: int) -> Callable[[Any], bool]:
    return lambda value: len(value) in sizes


FORMATS: Mapping[str, Callable[[Any], bool]] = {
    "email": is_email,
    "hostname": is_hostname,
    "ip": is_ip,
    "ipv4": lambda value: is_ip(value, 4),
    "ipv6": lambda value: is_ip(value, 6),
    "address": lambda value: is_hostname(value) or is_ip(value),
    "uri": is_uri,
    "uri_ref": is_uri_ref,
    "ip_with_prefixlen": is_ip_prefix,
    "ipv4_with_prefixlen": lambda value: is_ip_prefix(value, 4),
    "ipv6_with_prefixlen": lambda value: is_ip_prefix(value, 6),
    "ip_prefix": lambda value: is_ip_prefix(value, strict=True),
    "ipv4_prefix": lambda value: is_ip_prefix(value, 4, strict=True),
    "ipv6_prefix": lambda value: is_ip_prefix(value, 6, strict=True),
    "host_and_port": is_host_and_port,
    "uuid": _expression(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"),
    "tuuid": _expression(r"[0-9A-Fa-f]{32}"),
    "ulid": _expression(r"[0-7][0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{25}"),
    "protobuf_fqn": _expression(r"[A-Za-z_][A-Za-z_0-9]*(?:\.[A-Za-z_][A-Za-z_0-9]*)*"),
    "protobuf_dot_fqn": _expression(r"(?:\.[A-Za-z_][A-Za-z_0-9]*)+"),
    "header_name": _expression(r":?[0-9A-Za-z!#$%&'*+-.^_|~`]+"),
    "header_name_loose": _expression(r"[^\0\n\r]+"),
    "header_value": _expression(r"[^\0-\x08\x0a-\x1f\x7f]*"),
    "header_value_loose": _expression(r"[^\0\n\r]*"),
    "bytes.ip": _size(4, 16),
    "bytes.ipv4": _size(4),
    "bytes.ipv6": _size(16),
    "bytes.uuid": _size(16),
}
"""The checks; the names of formats of bytes begin with ``bytes.``."""
