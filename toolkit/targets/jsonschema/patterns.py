"""RE2 expressions as ECMA-262 ones, which JSON Schema uses; only if they match the same strings."""

from __future__ import annotations

import re
from functools import cache

from toolkit.runtime.patterns import POSIX

_TOKEN = re.compile(
    r"(?P<set>\[\^?\]?(?:\[:\^?\w+:\]|\\.|[^\]\\])*\])"
    r"|(?P<escape>\\(?:x\{[0-9A-Fa-f]+\}|x[0-9A-Fa-f]{2}|.))"
    r"|(?P<group>\((?!\?)|\(\?(?::|P?<\w+>))"
    r"|(?P<repeat>\{\d+(?:,\d*)?\}\??|[*+?]\??)"
    r"|(?P<other>.)",
    re.S,
)
_IN_SET = re.compile(r"\[:(?P<class>\w+):\]|(?P<escape>\\(?:x\{[0-9A-Fa-f]+\}|x[0-9A-Fa-f]{2}|.))|(?P<other>.)", re.S)
_SAME = frozenset("dDwWtnrfvbB")
"""Letters that mean the same after a backslash."""
_IN_BOTH = _SAME - {"b", "B"}
_SYNTAX = frozenset(r"^$\.*+?()[]{}|/")
"""What a backslash may precede in an expression with the flag ``u``."""
_ANCHORS = {"A": "^", "z": "$"}
_PLAIN = {".": r"[^\n]", "{": r"\{", "}": r"\}", "]": r"\]"}
_LONGEST = 1_000


class _Different(Exception):
    """There is no expression that means the same."""


@cache
def ecma(pattern: str, *, whole: bool = False) -> str:
    """The ECMA expression for an RE2 expression that is searched for, or matches the ``whole`` text; empty if none."""
    try:
        if len(pattern) > _LONGEST or not pattern.isprintable():
            return ""
        re.compile(made := "".join(map(_translated, _TOKEN.finditer(pattern))))
    except (_Different, re.error, OverflowError, RecursionError):
        return ""
    if not whole:
        return made
    is_anchored = made.startswith("^") and made.endswith("$") and not made.endswith(r"\$") and "|" not in made
    return made if is_anchored else f"^(?:{made})$"


def _translated(found: re.Match[str]) -> str:
    text = found[0]
    if found["set"]:
        return _set(text)
    if found["escape"]:
        return _escape(text[1:], in_set=False)
    if found["group"]:
        return "(" if text.endswith(">") or text == "(" else text
    if found["repeat"]:
        return text
    if text in "[(\\":
        raise _Different
    return _PLAIN.get(text, text)


def _set(text: str) -> str:
    inner = text[1:-1]
    sign = "^" if inner.startswith("^") else ""
    made = "".join(_member(found) for found in _IN_SET.finditer(inner[len(sign) :]))
    if not made:
        raise _Different
    return f"[{sign}{made}]"


def _member(found: re.Match[str]) -> str:
    if found["class"]:
        if found["class"] not in POSIX:
            raise _Different
        return POSIX[found["class"]]
    if found["escape"]:
        return _escape(found[0][1:], in_set=True)
    return f"\\{found[0]}" if found[0] in "[]^" else found[0]


def _escape(name: str, *, in_set: bool) -> str:
    if name[0] == "x":
        number = int(name.strip("x{}"), 16)
        if number > 0xFFFF or not number:
            raise _Different
        return f"\\u{number:04x}"
    if name in (_IN_BOTH if in_set else _SAME):
        return f"\\{name}"
    if name == "s":
        return r"\t\n\f\r " if in_set else r"[\t\n\f\r ]"
    if name == "S" and not in_set:
        return r"[^\t\n\f\r ]"
    if name in _ANCHORS and not in_set:
        return _ANCHORS[name]
    if name.isalnum() or name.isspace():
        raise _Different
    if name in _SYNTAX or (in_set and name == "-"):
        return f"\\{name}"
    return name
