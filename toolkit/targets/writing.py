"""JSON values as the text of files: JSON, or YAML that every parser reads as the same object."""

from __future__ import annotations

import json
import re
from typing import Any

import msgspec
import yaml

_PLAIN = re.compile(r"[A-Za-z/$#][A-Za-z0-9 /_.$#{}()-]*[A-Za-z0-9/_}]|[A-Za-z]")
_WORDS = re.compile(r"(?i:y|n|yes|no|on|off|true|false|null|nan|inf)|.*(?:: | #).*")
"""What a parser of YAML 1.1 or 1.2 may read as something other than a string."""
_WIDTH = 2**31


def as_json(document: Any) -> str:
    """Indented JSON."""
    text = json.dumps(document, ensure_ascii=False)
    try:
        return msgspec.json.format(text, indent=2) + "\n"  # json itself takes ten times as long if it indents
    except UnicodeEncodeError:
        return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


class _Dumper(yaml.SafeDumper):  # type: ignore[misc]  # has no types
    """Writes strings in double quotes unless they can only be strings, and nothing as an alias."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _string(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    is_plain = _PLAIN.fullmatch(text) and not _WORDS.fullmatch(text)
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=None if is_plain else '"')


_Dumper.add_representer(str, _string)


def as_yaml(document: Any) -> str:
    """YAML whose strings are strings for every parser."""
    text: str = yaml.dump(document, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=_WIDTH)
    return text
