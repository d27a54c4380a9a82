"""The HTML of a site, made by MkDocs or by Zensical from the same mkdocs.yml."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from toolkit.delivery.finish import BUILDERS
from toolkit.delivery.finish.site import load
from toolkit.errors import ConfigError, OutputError

_RECORD = re.compile(r"^(?=(?:DEBUG|INFO|WARNING|ERROR|CRITICAL) +- )", re.M)
"""Where something that MkDocs says begins."""


def build_html(config: Path, site_dir: Path | None = None, builder: str = BUILDERS[0]) -> Path:
    """Build a site, strictly; the folder of its HTML.

    ``builder`` is one of :data:`BUILDERS`. Raises :class:`ConfigError` where it
    is not installed, and :class:`OutputError` with what it said where it fails.
    """
    if find_spec(builder) is None:
        raise ConfigError(f"{builder} is not installed", hint=f"pip install {builder}")
    folder = Path(load(config, site_dir).site_dir)
    command = [sys.executable, "-m", builder, "build", "--strict"]  # with --quiet MkDocs would not count warnings
    command += ["--config-file", str(config)]
    if builder == "mkdocs":
        command += ["--site-dir", str(folder)]
    elif site_dir is not None:
        raise ConfigError("zensical takes no --site-dir", hint="set site_dir in mkdocs.yml")
    # The variable is for a notice of the theme that is not about the site.
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    ran = subprocess.run(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if ran.returncode:
        said = ran.stdout.decode("utf-8", "replace")
        worse = [record for record in _RECORD.split(said) if not record.startswith("INFO")]
        raise OutputError(f"{builder} build --strict fails for {config}:\n{(''.join(worse) or said).strip()}")
    return folder
