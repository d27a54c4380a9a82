"""The commands of the guide's pages are run, and print what the pages say; the other code on them is sound."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import google.api as google_api
import pytest
import yaml

import toolkit
from tests.conftest import REPOSITORY
from tests.support.command import run
from toolkit.cli import settings as config

SITE = REPOSITORY / "site"
PAGES = [SITE / "index.md", SITE / "quick-start.md", *sorted((SITE / "guide").glob("*.md")), SITE / "architecture.md"]
RUN = [
    "index.md",
    "guide/branding.md",
    "guide/ci.md",
    "guide/comments.md",
    "guide/configure.md",
    "guide/examples.md",
    "guide/imports.md",
    "guide/migrate.md",
    "guide/reference-pages.md",
    "guide/site.md",
    "guide/templates.md",
    "guide/tokens.md",
    "guide/your-pages.md",
]
"""The pages whose commands run in the folder that the quick start ends with."""
_ELSEWHERE = re.compile(
    r"(?m)^(?:pip|pipx|uv|git|make|buf|protoc|curl|grpcurl)\b|^toolkit (?:serve|diff (?:main|v1)|.*grpcs?://)"
)
"""Blocks that need a network, another program, a server or a git repository, or that do not end."""
_BLOCK = re.compile(
    r"^(?P<fence>`{3,})(?P<language>\w*)(?: title=\"(?P<title>[^\"\n]+)\")?\n(?P<text>.*?)^(?P=fence)$", re.M | re.S
)

pytestmark = pytest.mark.xdist_group("guide")


def read(name: str) -> str:
    """The text of a page."""
    return (SITE / name).read_text(encoding="utf-8")


def follow(name: str, folder: Path) -> int:
    """Do what a page says in a folder: write its files, run its commands, compare what they print; how many ran."""
    printed: str | None = None
    count = 0
    for block in _BLOCK.finditer(read(name)):
        language, text = block["language"], block["text"]
        if block["title"]:
            file = folder / block["title"]
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        elif language == "sh" and not _ELSEWHERE.search(text):
            printed = _run(text, folder)
            count += 1
            continue
        elif language == "text" and printed is not None:
            parts = [re.escape(part.strip("\n")) for part in re.split(r"(?m)^…\n", text)]
            assert re.fullmatch(r"(?s:.*)".join(parts), printed.strip("\n")), f"{name}: {text}\n----\n{printed}"
        printed = None
    return count


def _run(commands: str, folder: Path) -> str:
    """What commands print on a terminal."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "PYTHONIOENCODING": "utf-8", "NO_MKDOCS_2_WARNING": "1"}
    ran = subprocess.run(
        ["bash", "-c", commands], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment
    )
    text = ran.stdout.decode("utf-8")
    assert ran.returncode in (0, 1), f"{commands}\n{text}"
    assert "Traceback" not in text
    assert not re.search(r"(?m)^error: |^Error: |: command not found", text), f"{commands}\n{text}"
    return text


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the quick start ends with."""
    folder = tmp_path_factory.mktemp("quick-start")
    assert follow("quick-start.md", folder) >= 10
    return folder


@pytest.mark.slow(reason="runs all commands of the guide, MkDocs among them")
def test_quick_start(finished: Path) -> None:
    """Every command of the quick start does what the page says, from the first to the last."""
    assert (finished / "build/reference/acme/storage/v1/api-ref/grpc/Buckets/create.md").is_file()
    assert (finished / "build/site/reference/acme.storage.v1/Buckets.Create/index.md").is_file()
    assert run("check", "reference", "examples", "python", "site", cwd=finished).code == 0


@pytest.mark.slow(reason="runs all commands of the guide, MkDocs among them")
@pytest.mark.parametrize("name", RUN)
def test_guide(name: str, finished: Path, tmp_path: Path) -> None:
    """Every command of a page does what the page says, in the folder of the quick start."""
    folder = shutil.copytree(finished, tmp_path / "tree")
    assert follow(name, folder)


@pytest.mark.slow(reason="runs all commands of the guide, MkDocs among them")
def test_library(finished: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The code of the page about the library runs in the folder of the quick start, and finds what is there."""
    monkeypatch.chdir(finished)
    names: dict[str, object] = {"__name__": "guide"}
    blocks = [block["text"] for block in _BLOCK.finditer(read("guide/library.md")) if block["language"] == "python"]
    for number, text in enumerate(blocks):
        exec(compile(text, f"library.md, block {number}", "exec", dont_inherit=True), names)
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("acme.storage.v1.Buckets.Get /storage/v1/buckets/{name} acme/storage/v1/buckets.proto:")
    assert said[2:] == [
        "['name', 'created_at', 'storage']",
        "{'google.api.field_behavior': ['REQUIRED']} True",
        "['Get', 'Create']",
        "{",
        '  "name": "invoices"',
        "}",
        "",
        "4 out of date",
        "4 0",
        "name google.api.field_behavior",
        "[]",
    ]


@pytest.mark.slow(reason="runs all commands of the guide, MkDocs among them")
def test_targets(finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The target on the page about targets works as the page says, uses the public API alone, and is short."""
    folder = shutil.copytree(finished, tmp_path / "tree")
    code, project = (
        next(b["text"] for b in _BLOCK.finditer(read("guide/targets.md")) if b["language"] == language)
        for language in ("python", "toml")
    )
    assert len(code.splitlines()) <= 40
    imported = re.findall(r"(?m)^from (toolkit[\w.]*) import (.+)$", code)
    assert [module for module, _ in imported] == ["toolkit"]
    assert set(imported[0][1].split(", ")) <= set(toolkit.__all__)
    metadata = tomllib.loads(project)["project"]
    installed = folder / "inventory" / f"{metadata['name']}.dist-info"
    installed.mkdir(parents=True)
    lines = [f"{name} = {value}" for name, value in metadata["entry-points"]["toolkit.targets"].items()]
    (installed / "entry_points.txt").write_text("\n".join(["[toolkit.targets]", *lines]))
    (installed / "METADATA").write_text(f"Name: {metadata['name']}\nVersion: {metadata['version']}\n")
    monkeypatch.setenv("PYTHONPATH", str(folder / "inventory"))
    assert follow("guide/targets.md", folder) == 1


@pytest.mark.parametrize(
    ("method", "form"),
    [
        ("GetLatestByFamily", "curl --full"),
        ("GetLatestByFamily", "grpcurl --full"),
        ("GetLatestByFamily", "python --full"),
        ("Create", "curl"),
    ],
)
def test_image_api(method: str, form: str) -> None:
    """What the quick start shows as calls of the Image API is what the toolkit prints for the repository's protos."""
    ran = run("example", f"yandex.cloud.compute.v1.ImageService.{method}", "--as", *form.split(), cwd=REPOSITORY)
    assert ran.code == 0, ran.errors
    language = "python" if form.startswith("python") else "sh"
    assert f"```{language}\n{ran.text}```\n" in read("quick-start.md")


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_settings_files(path: Path, tmp_path: Path) -> None:
    """Blocks of TOML and YAML parse, and settings are settings that there are."""
    for block in _BLOCK.finditer(path.read_text(encoding="utf-8")):
        if block["language"] == "yaml":
            assert yaml.safe_load(block["text"])
        elif block["language"] == "toml":
            assert tomllib.loads(block["text"])
            if not block["title"] and "[dependency-groups]" not in block["text"]:
                (tmp_path / config.NAME).write_text(block["text"], encoding="utf-8")
                config.read(tmp_path / config.NAME, {})


@pytest.mark.slow(reason="starts buf")
def test_buf(finished: Path, tmp_path: Path) -> None:
    """What the page about imports says of buf makes imports resolve; modules of a registry are directories here."""
    folder = shutil.copytree(finished, tmp_path / "tree")
    commands = [b["text"] for b in _BLOCK.finditer(read("guide/imports.md")) if b["text"].startswith("buf ")]
    export, build = ("\n".join(line for line in text.splitlines() if line != "buf dep update") for text in commands)
    titled = {b["title"]: b["text"] for b in _BLOCK.finditer(read("guide/imports.md")) if b["title"]}
    modules = {"protos": "acme/billing/v1/billing.proto", "third_party": "acme/common/v1/money.proto"}
    for name, path in modules.items():
        file = folder / ("common" if name == "third_party" else name) / path
        file.parent.mkdir(parents=True)
        file.write_text(titled[f"{name}/{path}"])
    google = Path(next(iter(google_api.__path__)))
    shutil.copytree(google, folder / "google/google/api", ignore=shutil.ignore_patterns("*.py", "*.pyi", "__pycache__"))
    local = "".join(f"  - path: {name}\n" for name in ("protos", "common", "google"))
    (folder / "buf.yaml").write_text(f"version: v2\nmodules:\n{local}")
    _run(export.replace("toolkit init --force", ""), folder)
    (folder / "buf.yaml").write_text(titled["buf.yaml"])
    said = _run("toolkit init --force && toolkit list --types acme.billing.v1", folder)
    assert 'import_path = ["third_party"]' in said
    assert "message Price" in said
    (folder / "buf.yaml").write_text(f"version: v2\nmodules:\n{local}")
    assert "written" in _run(build, folder)
