"""The process in which an address is read: a request in JSON on standard input, a descriptor set on standard output.

An error is an object with ``message`` and ``hint`` on standard output, and the exit code 2.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence

from toolkit.descriptors.addresses import Address
from toolkit.descriptors.web import download
from toolkit.errors import InputError


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
        import grpc_reflection.v1alpha.reflection_pb2  # noqa: F401
    except ImportError as error:
        what = f"a server is read with grpcio-reflection, which cannot be imported: {error}"
        raise InputError(what, hint="pip install 'proto-toolkit[server]'") from None
    from toolkit.descriptors.reflection import served

    return served(address, headers, ca, most, seconds)


if __name__ == "__main__":
    sys.exit(main())
