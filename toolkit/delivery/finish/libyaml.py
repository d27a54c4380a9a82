"""Has MkDocs read its configuration with libyaml, which takes a tenth of the time for a large navigation."""

from __future__ import annotations

import functools

import yaml
from mkdocs.config import defaults
from mkdocs.utils.yaml import get_yaml_loader


def use_libyaml() -> None:
    """Replace the YAML loader of MkDocs, if PyYAML has been built with libyaml; the content read is the same."""
    if hasattr(yaml, "CLoader"):
        defaults.get_yaml_loader = functools.partial(get_yaml_loader, yaml.CLoader)  # type: ignore[attr-defined]
