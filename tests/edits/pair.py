"""Two copies of a project, of which one run remembers the last one and the other does not: both give the same."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.edits.edits import edited
from tests.support.protos_of import write
from toolkit.cli.main import main

PATIENCE = 300
"""Seconds for a command."""


class Differs(AssertionError):
    """The run that remembers did something else."""


@dataclass(frozen=True)
class Ran:
    """The result of a command."""

    code: int
    output: str
    seconds: float


@dataclass
class Running:
    """A command in a child of this process, which has imported everything."""

    child: int
    output: Path
    begun: float

    @classmethod
    def start(cls, arguments: Sequence[str], folder: Path, cache: Path) -> Running:
        """Start a command in a folder."""
        handle, name = tempfile.mkstemp(dir=cache.parent)
        begun = time.monotonic()
        child = os.fork()
        if not child:
            os.chdir(folder)
            os.environ["XDG_CACHE_HOME"] = str(cache)
            os.dup2(handle, 1)
            os.dup2(handle, 2)
            sys.stdout, sys.stderr = (os.fdopen(number, "w", encoding="utf-8", closefd=False) for number in (1, 2))
            sys.argv = ["toolkit", *arguments]
            signal.alarm(PATIENCE)
            code = 70
            try:
                main()
                code = 0
            except SystemExit as end:
                code = int(end.code or 0)
            finally:
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(code)
        os.close(handle)
        return cls(child, Path(name), begun)

    def wait(self) -> Ran:
        """Its result."""
        _, status = os.waitpid(self.child, 0)
        text = self.output.read_text(encoding="utf-8")
        self.output.unlink()
        if "Traceback" in text or os.WIFSIGNALED(status):
            raise Differs(text or f"signal {os.WTERMSIG(status)}")
        return Ran(os.waitstatus_to_exitcode(status), text, time.monotonic() - self.begun)


@dataclass
class Pair:
    """Two copies of a project."""

    folder: Path
    project: dict[str, str]
    targets: Sequence[str] = ()
    seconds: dict[str, list[float]] = field(default_factory=lambda: {"remembered": [], "cold": []})

    @property
    def copies(self) -> tuple[Path, Path]:
        """The folders: of the runs that remember, and of those that don't."""
        return self.folder / "remembered/project", self.folder / "cold/project"

    def write(self, before: Mapping[str, str]) -> None:
        """Write what changed into both copies."""
        for copy in self.copies:
            write(copy, {name: text for name, text in self.project.items() if before.get(name) != text})
            for name in before.keys() - self.project.keys():
                (copy / name).unlink()

    def both(self, *arguments: str) -> Ran:
        """Run a command in both copies at once; its result, which has to be the same."""
        remembered, cold = self.copies
        running = [
            Running.start(arguments, remembered, self.folder / "remembered/cache"),
            Running.start([*arguments, "--no-cache"], cold, self.folder / "cold/cache"),
        ]
        ours, theirs = [one.wait() for one in running]
        if (ours.code, ours.output) != (theirs.code, theirs.output):
            raise Differs(f"{arguments}: {ours}, not {theirs}")
        for kind, ran in (("remembered", ours), ("cold", theirs)):
            self.seconds[kind].append(ran.seconds)
        return ours

    def compare(self) -> None:
        """Raise where the files of the copies differ."""
        ours, theirs = (
            {path.relative_to(copy): path.read_bytes() for path in copy.rglob("*") if path.is_file()}
            for copy in self.copies
        )
        if wrong := [str(path) for path in ours.keys() | theirs.keys() if ours.get(path) != theirs.get(path)]:
            raise Differs(f"{len(wrong)} files differ: {', '.join(sorted(wrong)[:10])}")

    def step(self) -> bool:
        """Check, generate and check again; whether all compiled."""
        self.both("check", *self.targets)
        made = self.both("generate", *self.targets)
        self.compare()
        again = self.both("check", *self.targets)
        compiles = "left out" not in made.output and made.code == 0
        if compiles and again.code:
            raise Differs(f"check after generate: {again}")
        return compiles


def run(folder: Path, project: dict[str, str], edits: int, seed: int, targets: Sequence[str] = ()) -> Pair:
    """Make edits, one at a time; what does not compile is undone by the next. :class:`Differs` names the edit."""
    pair = Pair(folder, project, targets)
    for copy in pair.copies:
        shutil.rmtree(copy.parent, ignore_errors=True)
        (copy.parent / "cache").mkdir(parents=True)
    random = Random(seed)
    pair.write({})
    time.sleep(0.1)  # what was written just before a run counts as written during it
    good, last = dict(project), "the first run"
    for number in range(edits + 1):
        before = dict(pair.project)
        try:
            compiles = pair.step()
        except Differs as error:
            raise Differs(f"edit {number} of seed {seed}, {last}\n{error}") from error
        if compiles:
            good = before
            last = edited(pair.project, random)
        else:
            pair.project, last = dict(good), f"undone: {last}"
        pair.write(before)
        time.sleep(0.05)
    return pair
