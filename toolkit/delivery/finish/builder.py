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
from toolkit.errors import ConfigError, OutputError

_RECORD = re.compile(r"^(?=(?:DEBUG|INFO|WARNING|ERROR|CRITICAL) +- )", re.M)
"""The beginning of a message from MkDocs."""


def build_html(config: Path, site_dir: Path | None = None, builder: str = BUILDERS[0]) -> Path:
    """Build a site with ``--strict``, and return the directory of its HTML.

    ``builder`` is one of :data:`BUILDERS`. Raises :class:`ConfigError` if it is
    not installed, and :class:`OutputError` with its messages if it fails.
    """
    if find_spec(builder) is None:
        raise ConfigError(
            f"{builder} is not installed", hint=NEEDS if builder == BUILDERS[0] else f"pip install {builder}"
        )
    folder = Path(load(config, site_dir).site_dir)
    command = [builder, "build", "--strict"]  # with --quiet, MkDocs ignores warnings
    command += ["--config-file", str(config)]
    if builder == "mkdocs":
        command += ["--site-dir", str(folder)]
    elif site_dir is not None:
        raise ConfigError("zensical takes no --site-dir", hint="set site_dir in mkdocs.yml")
    built(command, config, builder)
    return folder


def built(command: Sequence[str], config: Path, builder: str) -> None:
    """Run a Python module that builds HTML; raises :class:`OutputError` with its messages if it fails."""
    # The variable turns off a notice of the theme that has nothing to do with the site.
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    command = ending_with_this([sys.executable, "-m", *command])
    ran = subprocess.run(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if ran.returncode:
        said = ran.stdout.decode("utf-8", "replace")
        worse = [record for record in _RECORD.split(said) if not record.startswith("INFO")]
        raise OutputError(f"{builder} build --strict fails for {config}:\n{(''.join(worse) or said).strip()}")
