"""Reads descriptors from an address, in a process of its own.

That process can be ended at any time, whatever the server does. And this one
can still be forked, which it couldn't with the threads of grpcio.
"""

from __future__ import annotations

import json
import subprocess
import sys

from toolkit.descriptors.addresses import Access, Address, headers_of, metadata_of, without_secrets
from toolkit.descriptors.children import ending_with_this
from toolkit.errors import InputError


def fetch(text: str, access: Access) -> bytes:
    """The descriptor set at an address. Raises :class:`InputError` if there is none."""
    if text not in access.known:
        access.known[text] = _fetched(text, access)
    return access.known[text]


def _fetched(text: str, access: Access) -> bytes:
    address = Address.parse(text)
    if address.scheme == "http" and not (address.is_local or access.allow_http):
        raise InputError(
            f"{address} is not encrypted, so anybody on the way could change it",
            hint="use https://, or --allow-http if you trust the network",
        )
    if access.ca is not None and not access.ca.is_file():
        raise InputError(f"there is no file {str(access.ca)!r}", hint="set --ca to a file of certificates (PEM)")
    headers = headers_of(access.headers)
    if address.is_server:
        metadata_of(headers)
    request = {
        "address": text,
        "headers": headers,
        "ca": str(access.ca) if access.ca is not None else None,
        "max_bytes": access.max_bytes,
        "max_seconds": access.max_seconds,
    }
    # Headers are written to the process: other users could see its arguments.
    command = ending_with_this([sys.executable, "-P", "-m", "toolkit.descriptors.fetching"])
    try:
        ran = subprocess.run(
            command, input=json.dumps(request).encode(), capture_output=True, timeout=access.max_seconds, check=False
        )
    except subprocess.TimeoutExpired:
        said = f"{address} has not sent everything within {access.max_seconds} seconds"
        raise InputError(said, hint="raise max_fetch_seconds under [limits] in toolkit.toml") from None
    if ran.returncode == 0:
        return ran.stdout
    try:
        problem = json.loads(ran.stdout)
        message, hint = str(problem["message"]), str(problem["hint"])
    except (ValueError, KeyError, TypeError):  # it crashed
        last = ran.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
        message, hint = f"reading it failed: {last or f'exit code {ran.returncode}'}", ""
    raise InputError(without_secrets(f"{address}: {message}", headers), hint=hint)
