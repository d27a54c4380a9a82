"""The process in which an address is read: a request in JSON on standard input, a descriptor set on standard output.

An error is an object with ``message`` and ``hint`` on standard output, and the exit code 2.
"""

from __future__ import annotations

import http.client
import json
import ssl
import sys
import urllib.error
import urllib.request
from collections.abc import Sequence
from typing import IO, Any

from google.protobuf.descriptor_pb2 import FileDescriptorSet
from google.protobuf.message import DecodeError

from toolkit.descriptors.addresses import Address
from toolkit.errors import InputError

PATIENCE = 10
"""Seconds to wait for the other side's next word."""
_MAKE_ONE = "the address must be that of the file that `buf build -o api.binpb` writes, or protoc --descriptor_set_out"
UNTRUSTED = "if its CA is your own, name it with --ca FILE"


def main() -> int:
    """Answer the request."""
    request = json.load(sys.stdin)
    address = Address.parse(request["address"])
    headers = [(name, value) for name, value in request["headers"]]
    try:
        content = _read(address, headers, request["ca"], request["max_bytes"], request["max_seconds"])
    except InputError as error:
        json.dump({"message": error.message, "hint": error.hint}, sys.stdout)
        return 2
    sys.stdout.buffer.write(content)
    return 0


def _read(address: Address, headers: Sequence[tuple[str, str]], ca: str | None, most: int, seconds: int) -> bytes:
    if not address.is_server:
        return download(address, headers, ca, most)
    try:
        from toolkit.descriptors.reflection import served
    except ImportError as error:
        what = f"a server is read with grpcio-reflection, which cannot be imported: {error}"
        raise InputError(what, hint="pip install 'proto-toolkit[server]'") from None
    return served(address, headers, ca, most, seconds)


class _SameOrigin(urllib.request.HTTPRedirectHandler):
    """Follows a redirect only to where it came from: nobody named another host, and headers are not for it."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Any, newurl: str
    ) -> urllib.request.Request | None:
        """The request to follow with."""
        here, there = Address.parse(req.full_url), Address.parse(newurl)
        if here.origin != there.origin:
            hint = "name that address, or fetch it yourself: curl -L … | toolkit … --descriptor-set -"
            raise InputError(f"it leads to {there}, which you did not name", hint=hint)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def download(address: Address, headers: Sequence[tuple[str, str]], ca: str | None, most: int) -> bytes:
    """A descriptor set on the web."""
    handlers: list[urllib.request.BaseHandler] = [_SameOrigin()]
    if address.is_local:
        handlers.append(urllib.request.ProxyHandler({}))
    if address.scheme == "https":
        handlers.append(urllib.request.HTTPSHandler(context=tls(ca)))
    request = urllib.request.Request(address.text, headers={"User-Agent": "proto-toolkit", **dict(headers)})  # noqa: S310
    try:
        with urllib.request.build_opener(*handlers).open(request, timeout=PATIENCE) as response:
            content = response.read(most + 1)
            kind = response.headers.get_content_type()
    except urllib.error.HTTPError as error:
        raise _refused(error.code, error.reason) from None
    except urllib.error.URLError as error:
        raise _unreachable(error.reason) from None
    except (OSError, http.client.HTTPException) as error:
        raise _unreachable(error) from None
    if len(content) > most:
        raise too_large(most)
    return _checked(content, kind)


def _checked(content: bytes, kind: str) -> bytes:
    try:
        if kind != "text/html" and FileDescriptorSet.FromString(content).file:
            return content
    except DecodeError:
        pass
    raise InputError(f"this is not a descriptor set, but {kind}", hint=_MAKE_ONE)


def tls(ca: str | None) -> ssl.SSLContext:
    """The certificates that are trusted: those of a file, or the system's."""
    try:
        return ssl.create_default_context(cafile=ca)
    except (ssl.SSLError, OSError) as error:
        raise InputError(f"{ca!r} has no certificates: {error}", hint="--ca takes a file in PEM format") from None


def too_large(most: int) -> InputError:
    """The error for more than is read."""
    return InputError(f"it has more than {most} bytes", hint="raise max_input_bytes under [limits] in toolkit.toml")


def _refused(code: int, reason: str) -> InputError:
    hints = {401: "log in with --header 'Authorization: Bearer $TOKEN'", 404: "check the path of the address"}
    hints[403] = hints[401]
    return InputError(f"the web server answers {code} {reason}".rstrip(), hint=hints.get(code, "try again later"))


def _unreachable(reason: object) -> InputError:
    if isinstance(reason, ssl.SSLCertVerificationError):
        return InputError(f"its certificate is not trusted: {reason.verify_message}", hint=UNTRUSTED)
    if isinstance(reason, ssl.SSLError):
        return InputError(f"TLS failed: {reason.reason}", hint="check that the server uses TLS on this port")
    if isinstance(reason, TimeoutError):
        return InputError(f"no answer within {PATIENCE} seconds", hint="check the host and port, and the firewall")
    return InputError(f"cannot be reached: {reason}", hint="check the host and port")


if __name__ == "__main__":
    sys.exit(main())
