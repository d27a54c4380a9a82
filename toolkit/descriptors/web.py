"""Reads a descriptor set from the web."""

from __future__ import annotations

import http.client
import ssl
import urllib.error
import urllib.request
from collections.abc import Sequence
from typing import IO, Any

from google.protobuf.descriptor_pb2 import FileDescriptorSet
from google.protobuf.message import DecodeError

from toolkit.descriptors.addresses import Address
from toolkit.errors import InputError

PATIENCE = 10
"""Seconds to wait for a connection, and for the next bytes."""
_MAKE_ONE = "the address must be that of the file that `buf build -o api.binpb` writes, or protoc --descriptor_set_out"
UNTRUSTED = "if its CA is your own, name it with --ca FILE"


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
    except (OSError, ValueError, http.client.HTTPException) as error:  # the second where it leads to no address
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
    if 300 <= code < 400:
        return InputError(f"it leads elsewhere, with the status {code}", hint="name the address where the file is")
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
