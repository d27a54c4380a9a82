"""Where the templates are that come with the toolkit."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from toolkit.errors import TemplateError


@cache
def built_in_templates() -> Path:
    """The folder of the templates that come with the toolkit.

    In a wheel it lies inside the package, in a checkout beside it.
    """
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "templates", package.parent / "templates"):
        if (folder / "yfm").is_dir():
            return folder
    raise TemplateError("the toolkit's own templates are missing", hint="install the toolkit again")
