"""The script that draws diagrams: out of the user's cache folder, else brought by npm, and always the pinned one."""

from __future__ import annotations

import functools
import hashlib
import re
import shutil
import subprocess
import tarfile
import tempfile
import zlib
from contextlib import suppress
from pathlib import Path

from toolkit.delivery import cache
from toolkit.delivery.staging import write
from toolkit.errors import Diagnostic, Location, OutputError

VERSION = "11.17.2"
SHA256 = "581ed7d74bd9048d0e3a91363927d72ef22942d7722546b27f7cc29e35390eb8"
"""Of ``dist/mermaid.min.js`` of that version; a new version needs a new one."""

_MEMBER = "package/dist/mermaid.min.js"
_MOST = 1 << 25
"""Bytes of a script that are read; the pinned one has a tenth of them."""
_PATIENCE = 120.0
"""Seconds that npm may take."""


def place() -> Path:
    """Where the script is kept, and where who has no npm may put it."""
    return cache.folder() / "site" / f"mermaid-{VERSION}.min.js"


def script() -> bytes | Diagnostic:
    """The content of ``mermaid.min.js``; a warning where it is neither kept nor to be had."""
    kept = place()
    with suppress(OSError):
        content = kept.read_bytes()
        if _is_pinned(content):
            return content
    brought = _bring(kept)
    if isinstance(brought, bytes):
        return brought
    what = "this is not" if kept.exists() else "there is no"
    return Diagnostic(
        Location(str(kept)),
        f"{what} mermaid.min.js of Mermaid {VERSION}, and {brought}; diagrams show as text",
        "npm with access to its registry brings it; install that and run again, or put the file there",
    )


@functools.cache  # a preview does not wait for npm at every change
def _bring(kept: Path) -> bytes | str:
    """The script by way of npm, kept for later; or why there is none."""
    npm = shutil.which("npm")
    if npm is None:
        return "npm is not installed"
    with tempfile.TemporaryDirectory(prefix="toolkit-") as folder:
        command = [npm, "pack", f"mermaid@{VERSION}", "--pack-destination", folder, "--ignore-scripts"]
        command += ["--loglevel=error", "--no-update-notifier"]
        command += ["--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--fetch-timeout=30000"]
        try:
            ran = subprocess.run(
                command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, timeout=_PATIENCE, check=False
            )
        except subprocess.TimeoutExpired:
            return f"npm did not bring it within {_PATIENCE:.0f} s"
        except OSError as error:
            return f"npm does not start: {error.strerror}"
        if ran.returncode:
            code = re.search(rb"\bcode (\w+)", ran.stderr)
            return f"npm cannot bring it: {code[1].decode() if code else f'it ended with code {ran.returncode}'}"
        content = _member(Path(folder) / f"mermaid-{VERSION}.tgz")
    if not _is_pinned(content):
        return "what npm brought is not the pinned file"
    with suppress(OSError, OutputError):  # then it is brought again next time
        write({kept.name: content}, kept.parent)
    return content


def _member(archive: Path) -> bytes:
    """The script in a package; nothing of the package is put on the disk. Empty where it is not in there."""
    try:
        with tarfile.open(archive, "r:gz") as package:
            file = package.extractfile(_MEMBER)
            return file.read(_MOST) if file else b""
    except (OSError, EOFError, KeyError, tarfile.TarError, zlib.error):
        return b""


def _is_pinned(content: bytes) -> bool:
    return hashlib.sha256(content).hexdigest() == SHA256
