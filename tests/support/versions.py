"""`toolkit diff` between versions of a tree, and the git repositories that hold them."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.support.command import Ran, run


def diff(folder: Path, *arguments: str, stdin: bytes = b"", **env: str) -> Ran:
    """Run it."""
    return run("diff", *arguments, cwd=folder, stdin=stdin, env=env)


def git(folder: Path, *arguments: str, stdin: bytes = b"") -> str:
    """Run git; what it prints."""
    who = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"]
    ran = subprocess.run(["git", *who, *arguments], cwd=folder, input=stdin, check=True, capture_output=True)
    return ran.stdout.decode().strip()


def commit_all(folder: Path) -> None:
    """A repository whose branch main holds the folder as it is."""
    for arguments in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-q", "-m", "old"]):
        git(folder, *arguments)
