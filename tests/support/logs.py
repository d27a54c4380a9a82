"""Logs as CI systems and terminals read them."""

from __future__ import annotations

import re

ACTING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]")


def commands(log: str) -> list[str]:
    """The lines that a CI system obeys.

    GitHub obeys ``::name::`` behind white space, and its older form ``##[name]`` anywhere in a line; Azure Pipelines
    and TeamCity obey ``##vso[…]`` and ``##teamcity[…]``.
    """
    lines = re.split("[\r\n]", log)
    return [line for line in lines if line.lstrip().startswith("::") or re.search(r"##(?:vso|teamcity)?\[", line)]
