"""Where the check runs for others: the hooks under the real pre-commit, and the steps of the action."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.command import run, tree

REPOSITORY = Path(__file__).resolve().parents[2]
HOOKS: list[dict[str, Any]] = yaml.safe_load((REPOSITORY / ".pre-commit-hooks.yaml").read_text())
ACTION: dict[str, Any] = yaml.safe_load((REPOSITORY / "action.yml").read_text())
PAGE = "build/reference/acme/storage/v1/api-ref/grpc/Bucket/get.md"
WHO = {f"GIT_{role}_{what}": "a" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
pytestmark = pytest.mark.slow(reason="pre-commit builds an environment, and each hook gets a repository")


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A repository whose generated files are up to date."""
    folder = tree(tmp_path / "project")
    (folder / "toolkit.toml").write_text('proto_path = ["protos"]\n[reference]\n[examples]\n[python]\n')
    for target in ("reference", "examples", "python"):
        assert run("generate", target, cwd=folder).code == 0
    for command in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "all"]):
        subprocess.run(["git", *command], cwd=folder, check=True, env={**os.environ, **WHO})
    return folder


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook["id"])
def test_entries(hook: dict[str, Any], workspace: Path) -> None:
    """The command of every hook runs in a project that is up to date, and changes nothing."""
    program, *arguments = hook["entry"].split()
    assert program == "toolkit"
    assert run(*arguments, cwd=workspace).code == 0
    assert subprocess.run(["git", "diff", "--quiet"], cwd=workspace, check=False).returncode == 0


@pytest.mark.skipif(not (REPOSITORY / ".git").exists(), reason="pre-commit takes hooks from a git repository: clone it")
def test_pre_commit(workspace: Path, tmp_path: Path) -> None:
    """Under the real pre-commit the check passes if all is up to date, and fails with the file's name on drift."""
    environment = {**os.environ, **WHO, "PRE_COMMIT_HOME": str(tmp_path / "pre-commit")}
    command = [sys.executable, "-m", "pre_commit", "try-repo", str(REPOSITORY), "toolkit-check", "--all-files"]

    def check() -> tuple[int, str]:
        ran = subprocess.run(command, cwd=workspace, capture_output=True, text=True, timeout=300, env=environment)
        return ran.returncode, ran.stdout + ran.stderr

    code, said = check()
    assert code == 0, said
    (workspace / PAGE).write_text("edited by hand\n")
    code, said = check()
    assert code == 1
    assert f"edited by hand {PAGE}" in said


def test_action(workspace: Path) -> None:
    """The action's last step annotates drift, of the targets that it is given."""
    assert ACTION["runs"]["using"] == "composite"
    script = ACTION["runs"]["steps"][-1]["run"]

    def step(targets: str) -> subprocess.CompletedProcess[str]:
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        environment = {**os.environ, "TARGETS": targets, "PATH": path}
        return subprocess.run(
            ["bash", "-eo", "pipefail", "-c", script], cwd=workspace, capture_output=True, text=True, env=environment
        )

    assert step("").returncode == 0
    (workspace / PAGE).write_text("edited by hand\n")
    assert step("examples python").returncode == 0
    assert step("examples\n  python\n").returncode == 0
    assert step("examples\n\n  python   reference\n").returncode == 1
    ran = step("reference examples")
    assert ran.returncode == 1
    assert ran.stdout.startswith("::error file=protos/acme/storage/v1/storage.proto,line=10,")
