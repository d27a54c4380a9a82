"""`python -m tests.mutations [ID …]`: plants one fault at a time in a copy, and runs the tests that have to notice it.

Exits with 1 if a fault survived, or is stale: the code that it changes is no longer there.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import REPOSITORY
from tests.mutations.mutations import MUTATIONS, Mutation
from tests.mutations.planting import planted

COPIED = (
    "toolkit",
    "templates",
    "protos",
    "site",
    "tests",
    "*.toml",
    "*.md",
    "mkdocs.yml",
    "toolkit.manifest",
    "Makefile",
    "action.yml",
    ".pre-commit-hooks.yaml",
    ".ci",
)
SHORT = ("-m", "not soak")
PATIENCE = 600
"""Seconds for the tests of one fault, some of which do not end with it."""


@dataclass(frozen=True)
class Ran:
    """The result of tests."""

    returncode: int
    output: str


def copy(folder: Path) -> None:
    """What tests need of the repository."""
    ignored = shutil.ignore_patterns("__pycache__", "node_modules", ".hypothesis")
    for pattern in COPIED:
        for path in REPOSITORY.glob(pattern):
            if path.is_dir():
                shutil.copytree(path, folder / path.name, ignore=ignored, symlinks=True)
            else:
                shutil.copyfile(path, folder / path.name)


def tests(folder: Path, paths: tuple[str, ...]) -> Ran:
    """Run tests of a copy, up to the first that fails."""
    environment = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    environment["XDG_CACHE_HOME"] = str(folder / ".cache")
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-o", "addopts=", "-p", "no:cacheprovider", *SHORT, *paths]
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as said:
        run = subprocess.Popen(command, cwd=folder, env=environment, stdout=said, stderr=said, start_new_session=True)
        try:
            code = run.wait(PATIENCE)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(run.pid, signal.SIGKILL)
        said.seek(0)
        return Ran(code, said.read())


def outcome(folder: Path, mutation: Mutation) -> str:
    """What becomes of a fault, and which test noticed it."""
    path = folder / mutation.file
    before = path.read_text(encoding="utf-8")
    try:
        after = planted(mutation, before)
    except ValueError as error:
        return f"STALE     {error}"
    path.write_text(after, encoding="utf-8")
    try:
        ran = tests(folder, mutation.tests)
    except subprocess.TimeoutExpired:
        return "caught    by the clock"
    finally:
        path.write_text(before, encoding="utf-8")
    if ran.returncode == 0:
        return "SURVIVED"
    named = [line.split(" - ")[0].split(" ", 1)[1] for line in ran.output.splitlines() if line.startswith("FAILED")]
    if not named:
        return f"UNSURE    {ran.output.strip()[-500:]}"
    passes = tests(folder, (named[0],)).returncode == 0
    return f"caught    {named[0]}" if passes else f"UNSURE    {named[0]} fails without the fault too"


def main() -> int:
    """Try the faults named, or all; 1 if one was not caught."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutations", description=__doc__)
    parser.add_argument("ids", nargs="*", metavar="ID", help="of faults; all by default")
    ids = parser.parse_args().ids
    if unknown := set(ids) - {mutation.id for mutation in MUTATIONS}:
        parser.error(f"no fault {', '.join(sorted(unknown))}")
    bad = 0
    with tempfile.TemporaryDirectory(prefix="toolkit-mutations-") as made:
        folder = Path(made)
        copy(folder)
        wanted = [mutation for mutation in MUTATIONS if not ids or mutation.id in ids]
        for mutation in wanted:
            start = time.monotonic()
            found = outcome(folder, mutation)
            bad += not found.startswith("caught")
            print(f"{mutation.id:<28}{time.monotonic() - start:>5.0f} s  {found}", flush=True)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
