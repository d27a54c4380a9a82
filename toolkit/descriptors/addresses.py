"""Addresses that descriptors are read from, and the headers and limits with which they are."""

from __future__ import annotations

import base64
import binascii
import ipaddress
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from string import Template
from urllib.parse import SplitResult, urlsplit

from toolkit.descriptors.roots import MAX_INPUT_BYTES
from toolkit.errors import InputError

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_NAME = re.compile(r"[A-Za-z0-9_.-]+")
_VALUE = re.compile(r"[\x20-\x7e]*")
_HEADER = "write it as 'Name: value', such as 'Authorization: Bearer $TOKEN'"
_FORMS = "name a server as grpc://HOST:PORT, or with TLS as grpcs://HOST:PORT, and a descriptor set as https://…"


@dataclass(frozen=True, slots=True)
class Access:
    """How addresses are read."""

    headers: tuple[str, ...] = ()
    """Each as ``Name: value``; ``$NAME`` in a value is an environment variable."""
    ca: Path | None = None
    """A PEM file of the certificates to trust instead of those of the system."""
    allow_http: bool = False
    """Whether http:// may lead to other hosts."""
    max_bytes: int = MAX_INPUT_BYTES
    max_seconds: int = 60
    known: dict[str, bytes] = field(default_factory=dict, compare=False, repr=False)
    """What addresses have sent so far; they are not read again."""


@dataclass(frozen=True, slots=True)
class Address:
    """A server, or a descriptor set on the web."""

    scheme: str
    """grpc, grpcs, http or https."""
    host: str
    port: int | None
    """Servers have one."""
    text: str

    @classmethod
    def parse(cls, text: str) -> Address:
        """Read an address. Raises :class:`InputError`, which shows no password and no query."""
        try:
            parts = urlsplit(text)
            found = cls(parts.scheme.lower(), parts.hostname or "", parts.port, text)
        except ValueError:
            shown = re.sub(r"[?#].*|(?<=//).*@", "", text)
            raise InputError(f"{shown} has no valid host and port", hint=_FORMS) from None
        if found.scheme not in ("grpc", "grpcs", "http", "https"):
            raise InputError(f"cannot read from {found}: {found.scheme}:// is not supported", hint=_FORMS)
        if not found.host or re.search(r"[^\x21-\x7e]", text):
            raise InputError(f"{found} is not a valid address", hint=_FORMS)
        if parts.username is not None:
            raise InputError(f"the address of {found} contains a user name", hint=f"use --header instead: {_HEADER}")
        if found.is_server and (found.port is None or _below(parts)):
            raise InputError(f"{found} must be a host and a port, without a path", hint=_FORMS)
        return found

    def __str__(self) -> str:
        """The address without what may be secret."""
        parts = urlsplit(self.text)
        path = "" if self.is_server else parts.path
        return f"{self.scheme}://{parts.netloc.rpartition('@')[2]}{path}"

    @property
    def is_server(self) -> bool:
        """Whether descriptors come by server reflection."""
        return self.scheme.startswith("grpc")

    @property
    def origin(self) -> tuple[str, str, int | None]:
        """Scheme, host and port, which may be the default one."""
        return self.scheme, self.host, self.port or {"http": 80, "https": 443}.get(self.scheme)

    @property
    def is_local(self) -> bool:
        """Whether it is this machine's own."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost" or self.host.endswith(".localhost")


def is_address(text: str) -> bool:
    """Whether a text names an address, not a path."""
    return _SCHEME.match(text) is not None


def _below(parts: SplitResult) -> bool:
    return bool(parts.path.strip("/") or parts.query or parts.fragment)


def headers_of(lines: Sequence[str], variables: Mapping[str, str] = os.environ) -> list[tuple[str, str]]:
    """Headers as names and values, with variables replaced. No error shows a value."""
    return [_header(line, number, variables) for number, line in enumerate(lines, 1)]


def _header(line: str, number: int, variables: Mapping[str, str]) -> tuple[str, str]:
    name, colon, value = line.partition(":")
    name, value = name.strip(), value.strip()
    if not colon or not _NAME.fullmatch(name):
        raise InputError(f"header {number} has no valid name", hint=_HEADER)
    try:
        value = Template(value).substitute({key: text for key, text in variables.items() if text})
    except KeyError as error:
        hint = "set and export the variable; for a $ in the value, write $$"
        raise InputError(f"the header {name} uses ${error.args[0]}, which is not set", hint=hint) from None
    except ValueError:
        raise InputError(f"the value of the header {name} has a $ without a name", hint="for a $, write $$") from None
    if not _VALUE.fullmatch(value):
        raise InputError(f"the value of the header {name} is not printable ASCII", hint="check for line breaks in it")
    return name, value


def metadata_of(headers: Sequence[tuple[str, str]]) -> list[tuple[str, str | bytes]]:
    """Headers as gRPC has them: names in lower case, and those that end in -bin in base64."""
    found: list[tuple[str, str | bytes]] = []
    for name, value in headers:
        try:
            decoded = base64.b64decode(value) if name.lower().endswith("-bin") else value
        except binascii.Error:
            raise InputError(f"the value of the header {name} is not base64", hint="headers in -bin are") from None
        found.append((name.lower(), decoded))
    return found


def without_secrets(text: str, headers: Sequence[tuple[str, str]]) -> str:
    """A text in which values of headers, and the words of values, are not shown."""
    values = {part for _, value in headers for part in (value, *value.split()) if len(part) > 3}
    for value in sorted(values, key=len, reverse=True):
        text = text.replace(value, "***")
    return text
