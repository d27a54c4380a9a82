"""The recipes for shards in the guide: their steps run on machines that share a checkout only, and give what one run does."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.docs.test_commands import _BLOCK, read
from tests.support.command import SOURCES, run, written
from tests.support.protos_of import write

pytestmark = pytest.mark.slow(reason="runs the recipes of the guide, MkDocs among them")

BIN = Path(sys.executable).parent
PROGRAMS = {
    "@protobuf//:protoc": f"{sys.executable} -m grpc_tools.protoc",
    ":protoc-gen-toolkit": f"{BIN}/protoc-gen-toolkit",
    ":toolkit": f"{sys.executable} -m toolkit",
}
SETTINGS = 'proto_path = ["protos"]\n[reference]\nout = "build/reference"\n[examples]\nout = "build/examples"\n'


def recipe(title: str) -> str:
    """A file of the guide."""
    return next(block["text"] for block in _BLOCK.finditer(read("guide/ci.md")) if block["title"] == title)


def steps(lines: Iterable[str], folder: Path, environment: Mapping[str, str] | None = None) -> None:
    """Run shell lines, except those that install the toolkit."""
    script = "\n".join(line for line in lines if not line.startswith("pip "))
    assert "toolkit" in script
    environment = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", **(environment or {})}
    ran = subprocess.run(
        ["bash", "-eo", "pipefail", "-c", script], cwd=folder, env=environment, capture_output=True, text=True
    )
    assert ran.returncode == 0, f"{script}\n{ran.stdout}{ran.stderr}"


def checkout(folder: Path) -> Path:
    """A project as it is checked out."""
    return write(folder, {"toolkit.toml": SETTINGS, "README.md": "Ours.\n", **SOURCES})


def copy(patterns: Iterable[str], source: Path, target: Path) -> None:
    """Hand over the files that patterns match, at the same paths."""
    for path in (path for pattern in patterns for path in source.glob(pattern)):
        if path.is_dir():
            shutil.copytree(path, target / path.name, dirs_exist_ok=True)
        else:
            target.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, target)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What a build without shards writes."""
    folder = checkout(tmp_path_factory.mktemp("whole") / "project")
    assert run("build", cwd=folder).code == 0
    return written(folder)


def test_github(whole: Mapping[str, bytes], tmp_path: Path) -> None:
    """The jobs of the matrix and the job that needs them build the site of one build."""
    jobs: dict[str, Any] = yaml.safe_load(recipe(".github/workflows/docs.yml"))["jobs"]
    numbers = jobs["shard"]["strategy"]["matrix"]["shard"]
    merged = checkout(tmp_path / "merged")
    assert jobs["merge"]["needs"] == "shard"
    download = next(step["with"] for step in jobs["merge"]["steps"] if "download-artifact" in step.get("uses", ""))

    def job(number: int) -> None:
        values = {"matrix.shard": number, "strategy.job-total": len(numbers)}
        text = re.sub(r"\$\{\{ ([\w.-]+) \}\}", lambda found: str(values[found[1]]), yaml.dump(jobs["shard"]["steps"]))
        found = yaml.safe_load(text)
        folder = checkout(tmp_path / f"job-{number}")
        steps([step["run"] for step in found if "run" in step], folder)
        upload = next(step["with"] for step in found if "upload-artifact" in step.get("uses", ""))
        assert upload["include-hidden-files"]
        copy(upload["path"].split(), folder, merged / download["path"] / upload["name"])

    with ThreadPoolExecutor() as pool:
        list(pool.map(job, numbers))
    steps([step["run"] for step in jobs["merge"]["steps"] if "run" in step], merged)
    shutil.rmtree(merged / download["path"])
    assert written(merged) == whole


def test_gitlab(whole: Mapping[str, bytes], tmp_path: Path) -> None:
    """The parallel jobs and the job that needs them, in which all artifacts are unpacked, build the site of one build."""
    jobs: dict[str, Any] = yaml.safe_load(recipe(".gitlab-ci.yml"))
    count = jobs["shard"]["parallel"]
    merged = checkout(tmp_path / "merged")
    assert jobs["merge"]["needs"] == ["shard"]

    def job(number: int) -> Path:
        folder = checkout(tmp_path / f"job-{number}")
        steps(jobs["shard"]["script"], folder, {"CI_NODE_INDEX": str(number), "CI_NODE_TOTAL": str(count)})
        return folder

    with ThreadPoolExecutor() as pool:
        for folder in pool.map(job, range(1, count + 1)):
            copy(jobs["shard"]["artifacts"]["paths"], folder, merged)
    steps(jobs["merge"]["script"], merged)
    assert written(merged) == whole


def test_bazel(tmp_path: Path) -> None:
    """The rules, each in a folder with what it declares only, make the reference of one run with the real protoc."""
    rules: list[dict[str, Any]] = []
    names: dict[str, Any] = {name: lambda *_, **__: None for name in ("load", "py_console_script_binary", "filegroup")}
    names |= {"glob": list, "genrule": lambda **rule: rules.append(rule)}
    exec(recipe("BUILD.bazel"), names)
    made = tmp_path / "made"
    for rule in rules:
        folder = tmp_path / rule["name"]
        (folder / "out").mkdir(parents=True)
        sources = [*SOURCES] if rule["srcs"] == [":protos"] else rule["srcs"]
        if rule["srcs"] == [":protos"]:
            write(folder, SOURCES)
        else:
            copy(sources, made, folder)
        command = re.sub(r"\$\(execpath ([^)]+)\)", lambda found, rule=rule: program(found[1], rule), rule["cmd"])
        command = command.replace("$(SRCS)", " ".join(sources)).replace("$@", f"out/{rule['outs'][0]}")
        steps(command.replace("$$", "$").split("\n"), folder, {"TMPDIR": str(folder)})
        copy(rule["outs"], folder / "out", made)
    assert len(rules) == 4
    subprocess.run(["tar", "-x", "-f", made / "reference.tar", "-C", made], check=True)
    whole = tmp_path / "whole"
    flags = ("--proto-path", write(whole, SOURCES) / "protos", "--out", "docs")
    assert run("generate", "reference", *flags, cwd=whole).code == 0
    assert {p: c for p, c in written(made).items() if not p.endswith(".tar")} == written(whole / "docs") != {}


def program(label: str, rule: Mapping[str, Any]) -> str:
    """The program of a label that a rule declares."""
    assert label in rule["tools"]
    return PROGRAMS[label]
