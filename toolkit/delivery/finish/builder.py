"""Builds the HTML of a site, with MkDocs or Zensical, from the same mkdocs.yml."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from toolkit.delivery.finish import BUILDERS
from toolkit.delivery.finish.site import NEEDS, load
from toolkit.descriptors.children import ending_with_this
from toolkit.errors import ConfigError, Location, OutputError

_RECORD = re.compile(r"^(?=(?:DEBUG|INFO|WARNING|ERROR|CRITICAL) +- )", re.M)
"""The beginning of a message from MkDocs."""


def build_html(config: Path, site_dir: Path | None = None, builder: str = BUILDERS[0]) -> Path:
    """Build a site with ``--strict``, and return the directory of its HTML.

    ``builder`` is one of :data:`BUILDERS`. Raises :class:`ConfigError` if it is
    not installed, and :class:`OutputError` with its messages if it fails.
    """
    folder, _ = _build(config, site_dir, builder, strict=True)
    return folder


def build_anyway(config: Path, site_dir: Path) -> list[str]:
    """Build a site with MkDocs even if there are warnings, and return these; otherwise like :func:`build_html`."""
    return _build(config, site_dir, BUILDERS[0], strict=False)[1]


def _build(config: Path, site_dir: Path | None, builder: str, *, strict: bool) -> tuple[Path, list[str]]:
    if find_spec(builder) is None:
        raise ConfigError(
            f"{builder} is not installed", hint=NEEDS if builder == BUILDERS[0] else f"pip install {builder}"
        )
    folder = Path(load(config, site_dir).site_dir)
    _check_replaceable(folder, config)
    command = [builder, "build", *(["--strict"] if strict else [])]  # with --quiet, MkDocs ignores warnings
    command += ["--config-file", str(config)]
    if builder == "mkdocs":
        command += ["--site-dir", str(folder)]
    elif site_dir is not None:
        raise ConfigError("zensical takes no --site-dir", hint="set site_dir in mkdocs.yml")
    return folder, built(command, config, builder, strict=strict)


def _check_replaceable(folder: Path, config: Path) -> None:
    """Raise for a directory with something else than a built site, since builders empty it."""
    names = {name for name in os.listdir(folder) if not name.startswith(".")} if folder.is_dir() else set()
    if names and not names & {"index.html", "404.html"}:
        raise ConfigError(
            f"a build would empty {str(folder)!r}, which is not a built site",
            location=Location(str(config)),
            hint="set site_dir to another directory, such as build/site, or remove this one",
        )


def built(command: Sequence[str], config: Path, builder: str, *, strict: bool = True) -> list[str]:
    """Run a Python module that builds HTML, and return its warnings; :class:`OutputError` has them if it fails."""
    with started(command) as process:
        return ended(process, config, builder, strict=strict)


def started(command: Sequence[str]) -> subprocess.Popen[bytes]:
    """A Python module that builds HTML."""
    # The variable turns off a notice of the theme that has nothing to do with the site.
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    command = ending_with_this([sys.executable, "-m", *command])
    return subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )


def ended(
    process: subprocess.Popen[bytes], config: Path, builder: str, told: str = "", *, strict: bool = True
) -> list[str]:
    """The warnings of a module that was started, after it was ``told`` its input; like :func:`built`."""
    said = process.communicate(os.fsencode(told))[0].decode("utf-8", "replace")
    worse = [record for record in _RECORD.split(said) if not record.startswith("INFO")]
    if process.returncode:
        said = ("".join(worse) or said).strip()
        raise OutputError(
            f"{builder} build --strict fails for {config}:\n{said}"
            if strict
            else f"{builder} cannot build {config}:\n{said}"
        )
    return [record.strip() for record in worse if record.startswith("WARNING")]
