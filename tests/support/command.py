"""The real command line, in a process of its own, and a small tree to run it on."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.support.protos_of import proto3, write

STORAGE = proto3(
    "acme.storage.v1",
    """
// A bucket of [Thing]s.
message Bucket { string name = 1; }
// A thing; see [Nowhere.name].
message Thing { string id = 1; Bucket bucket = 2; }
// Keeps buckets.
service BucketService {
  // Gets a bucket.
  rpc Get(Bucket) returns (Bucket);
  // Puts a thing.
  rpc Put(Thing) returns (Bucket);
}
service ShelfService { rpc List(Bucket) returns (stream Thing); }
""",
)
ZOO = proto3("acme.zoo.v1", "message Cat { string name = 1; }\nservice Cats { rpc Feed(Cat) returns (Cat); }")
BROKEN = 'syntax = "proto3";\npackage acme.bad.v1;\nmessage Bad {\n  strin name = 1\n}\n'
SOURCES = {"protos/acme/storage/v1/storage.proto": STORAGE, "protos/acme/zoo/v1/zoo.proto": ZOO}
STORAGE_PAGES = {
    "acme/storage/v1/api-ref/grpc/index.md",
    "acme/storage/v1/api-ref/grpc/Bucket/index.md",
    "acme/storage/v1/api-ref/grpc/Bucket/get.md",
    "acme/storage/v1/api-ref/grpc/Bucket/put.md",
    "acme/storage/v1/api-ref/grpc/Shelf/index.md",
    "acme/storage/v1/api-ref/grpc/Shelf/list.md",
}
ZOO_PAGES = {
    "acme/zoo/v1/api-ref/grpc/index.md",
    "acme/zoo/v1/api-ref/grpc/Cats/index.md",
    "acme/zoo/v1/api-ref/grpc/Cats/feed.md",
}


@dataclass(frozen=True)
class Ran:
    """The result of a run."""

    code: int
    output: bytes
    errors: str

    @property
    def text(self) -> str:
        """Standard output."""
        return self.output.decode("utf-8")


def run(
    *arguments: str | Path,
    cwd: Path,
    stdin: bytes = b"",
    env: Mapping[str, str] | None = None,
    program: str = "toolkit",
    patience: float = 120,
) -> Ran:
    """Run ``python -m toolkit``."""
    command = [sys.executable, "-m", program, *map(str, arguments)]
    ran = subprocess.run(
        command, cwd=cwd, input=stdin, capture_output=True, env={**os.environ, **(env or {})}, timeout=patience
    )
    errors = ran.stderr.decode("utf-8", "replace")
    assert "Traceback" not in errors, errors
    return Ran(ran.returncode, ran.stdout, errors)


def tree(folder: Path, **more: str) -> Path:
    """Write the small tree into a folder; ``more`` are further files under ``protos``, by stem."""
    return write(folder, {**SOURCES, **{f"protos/{name}.proto": text for name, text in more.items()}})


def written(folder: Path) -> dict[str, bytes]:
    """The files below a folder."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
