"""The servers that snippets call, how, and with which headers."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from toolkit.descriptors.model import Service
from toolkit.errors import ConfigError
from toolkit.targets.choices import one_of

GRPC, REST, CONNECT = "grpc", "rest", "connect"
PROTOCOLS = (GRPC, REST, CONNECT)
AUTHORIZATION = ("Authorization", "Bearer $TOKEN")
"""The header of services that declare OAuth scopes."""

_PORT = re.compile(r":\d+\Z")
_VARIABLE = re.compile(r"\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))", re.ASCII)
_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+", re.ASCII)
_VALUE = re.compile(r"[\x20-\x7e]*")
_PLAIN = re.compile(r"[\w @%+=:,./-]*", re.ASCII)
"""What needs no escapes in double quotes, in any shell."""


@dataclass(frozen=True, slots=True)
class Header:
    """A header of calls, whose value can contain environment variables, as ``$NAME`` or ``${NAME}``."""

    name: str
    value: str

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name) or not _VALUE.fullmatch(str(self.value)):
            hint = "names are tokens such as X-Request-Id; values are printable ASCII"
            raise ConfigError(f"[examples] headers: {self.name!r} is not a valid header", hint=hint)

    @property
    def parts(self) -> Iterator[tuple[str, bool]]:
        """The parts of the value: each a text, or the name of a variable and True."""
        end = 0
        for match in _VARIABLE.finditer(self.value):
            if match.start() > end:
                yield self.value[end : match.start()], False
            yield match[1] or match[2], True
            end = match.end()
        if end < len(self.value) or not end:
            yield self.value[end:], False

    @property
    def shell(self) -> str:
        """Name and value as a word for the shell, which expands the variables and nothing else."""
        parts = [(f"{self.name}: ", False), *self.parts]
        if not any(is_variable for _, is_variable in parts):
            return shlex.quote("".join(text for text, _ in parts))
        if all(is_variable or _PLAIN.fullmatch(text) for text, is_variable in parts):
            following = ["" if is_variable else text[:1] for text, is_variable in parts[1:]]
            pairs = zip(parts, [*following, ""], strict=True)
            return f'"{"".join(_reference(*part, after) for part, after in pairs)}"'
        return "".join(f'"${text}"' if is_variable else shlex.quote(text) for text, is_variable in parts)

    def expression(self, text: Callable[[str], str], variable: Callable[[str], str], plus: str = " + ") -> str:
        """The value as an expression of a programming language, given how it writes strings and reads variables."""
        return plus.join(variable(part) if is_variable else text(part) for part, is_variable in self.parts)


@dataclass(frozen=True, slots=True)
class Servers:
    """The servers in snippets: the given ones, otherwise the host of the service, otherwise neutral ones."""

    grpc: str = ""
    """Host and port."""
    http: str = ""
    """The base URL, without a trailing slash."""
    host: Callable[[Service], str] = lambda service: ""
    """The host of a service, possibly with a port; or empty."""
    tls: str = "auto"
    """``on``, ``off``, or ``auto``: unless the server is this machine."""
    protocols: tuple[str, ...] = (GRPC, REST)
    """What the servers speak: ``grpc``, ``rest`` and ``connect``."""
    headers: Mapping[str, str | Mapping[str, str]] = field(default_factory=dict)
    """The values of headers, by name; and those of a package or service, by its full name. Empty ones are not sent."""
    scopes: Callable[[Service], tuple[str, ...]] = lambda service: ()
    """The OAuth scopes of a service."""

    def __post_init__(self) -> None:
        check_known("protocols", self.protocols, PROTOCOLS)
        check_known("tls", (self.tls,), ("auto", "on", "off"))

    def grpc_of(self, service: Service) -> str:
        """Host and port for the calls of a service."""
        host = self._host(service)
        return self.grpc or (host if _PORT.search(host) else f"{host}:443" if host else "localhost:50051")

    def http_of(self, service: Service) -> str:
        """The base URL for the requests of a service."""
        host = self._host(service).removesuffix(":443") or "api.example.com"
        return self.http or self._url(host)

    def grpc_url(self, service: Service) -> str:
        """The server for the calls of a service as a URL."""
        return self._url(self.grpc_of(service))

    def is_plaintext(self, server: str) -> bool:
        """Whether a server is called without TLS."""
        if self.tls == "auto":
            return _PORT.sub("", server) in ("localhost", "127.0.0.1", "[::1]")
        return self.tls == "off"

    def headers_of(self, service: Service) -> tuple[Header, ...]:
        """The headers for the calls of a service."""
        scoped = dict([AUTHORIZATION]) if self.scopes(service) else {}
        found: dict[str, Header | None] = {}
        for values in (scoped, self.headers, *(self.headers.get(n) for n in (service.package, service.full_name))):
            for name, value in values.items() if isinstance(values, Mapping) else ():
                if isinstance(value, str):
                    found[name.lower()] = Header(name, value) if value else None
        return tuple(filter(None, found.values()))

    def _url(self, host: str) -> str:
        return f"{'http' if self.is_plaintext(host) else 'https'}://{host}"

    def _host(self, service: Service) -> str:
        """The host of a service without a scheme, which should not be there."""
        return self.host(service).rpartition("://")[2].strip(" /")


def _reference(text: str, is_variable: bool, after: str) -> str:
    """A part of a word in double quotes, given the character after it."""
    if not is_variable:
        return text
    return f"${{{text}}}" if re.match(r"\w", after) else f"${text}"


def check_known(setting: str, values: Iterable[str], known: Iterable[str]) -> None:
    """Raise for a value of a setting that is not known."""
    for value in values:
        one_of(value, known, f"[examples] {setting}: unknown value {value!r}")
