"""The script for diagrams: a pinned version, from the user's cache directory or downloaded by npm."""

from __future__ import annotations

import functools
import hashlib
import re
import shutil
import subprocess
import tarfile
import zlib
from contextlib import suppress
from pathlib import Path

from toolkit.delivery import cache
from toolkit.delivery.staging import write
from toolkit.descriptors.children import ending_with_this
from toolkit.descriptors.signals import temporary_folder
from toolkit.errors import Diagnostic, Location, OutputError

VERSION = "11.17.2"
SHA256 = "581ed7d74bd9048d0e3a91363927d72ef22942d7722546b27f7cc29e35390eb8"
"""The hash of ``dist/mermaid.min.js`` in this version; update both together."""

_MEMBER = "package/dist/mermaid.min.js"
_MOST = 1 << 25
"""Bytes to read at most; the pinned script has a tenth of that."""
_PATIENCE = 120.0
"""Seconds that npm may take."""


def place() -> Path:
    """Where the script is cached, and where users without npm can put it."""
    return cache.folder() / "site" / f"mermaid-{VERSION}.min.js"


def script() -> bytes | Diagnostic:
    """The content of ``mermaid.min.js``; a warning if it is neither cached nor available."""
    kept = place()
    with suppress(OSError):
        content = kept.read_bytes()
        if _is_pinned(content):
            return content
    brought = _bring(kept)
    if isinstance(brought, bytes):
        return brought
    what = "this is not" if kept.exists() else "there is no copy of"
    return Diagnostic(
        Location(str(kept)),
        f"{what} mermaid.min.js of Mermaid {VERSION}, and {brought}; diagrams are shown as text",
        "install npm and run again with access to its registry, or put the file there",
    )


@functools.cache  # a preview does not wait for npm on every change
def _bring(kept: Path) -> bytes | str:
    """The script from npm, which is then cached; or the reason why there is none."""
    npm = shutil.which("npm")
    if npm is None:
        return "npm is not installed"
    with temporary_folder() as folder:
        command = [npm, "pack", f"mermaid@{VERSION}", "--pack-destination", folder, "--ignore-scripts"]
        command += ["--loglevel=error", "--no-update-notifier"]
        command += ["--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--fetch-timeout=30000"]
        try:
            ran = subprocess.run(
                ending_with_this(command),
                cwd=folder,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=_PATIENCE,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return f"npm did not download it within {_PATIENCE:.0f} s"
        if ran.returncode:
            code = re.search(rb"\bcode (\w+)", ran.stderr)
            return f"npm cannot download it: {code[1].decode() if code else f'exit code {ran.returncode}'}"
        content = _member(Path(folder) / f"mermaid-{VERSION}.tgz")
    if not _is_pinned(content):
        return "the file that npm downloaded is not the pinned one"
    with suppress(OSError, OutputError):  # then it is downloaded again next time
        write({kept.name: content}, kept.parent)
    return content


def _member(archive: Path) -> bytes:
    """The script in a package, or empty if it is not there; nothing is unpacked to disk."""
    try:
        with tarfile.open(archive, "r:gz") as package:
            file = package.extractfile(_MEMBER)
            return file.read(_MOST) if file else b""
    except (OSError, EOFError, KeyError, tarfile.TarError, zlib.error):
        return b""


def _is_pinned(content: bytes) -> bool:
    return hashlib.sha256(content).hexdigest() == SHA256
