"""Locates the built-in templates."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from toolkit.errors import TemplateError


@cache
def built_in_templates() -> Path:
    """The directory of the built-in templates.

    In a wheel it is inside the package, in a checkout next to it.
    """
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "templates", package.parent / "templates"):
        if (folder / "yfm").is_dir():
            return folder
    raise TemplateError("the built-in templates are missing", hint="reinstall the toolkit")
