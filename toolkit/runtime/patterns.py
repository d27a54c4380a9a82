"""Regular expressions as RE2 reads them, in time linear in the text, whatever the expression and the text.

RE2 itself (google-re2) is used where it is installed. Without it, :mod:`re` runs the
expressions that mean the same to it and are proven not to backtrack much
(:mod:`toolkit.runtime.linear`); of others it cannot be told whether a text matches.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from toolkit.runtime.linear import is_linear
from toolkit.runtime.optional import optional

Search = Callable[[str], Any]
POSIX = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "digit": "0-9",
    "lower": "a-z",
    "space": r"\t\n\v\f\r ",
    "upper": "A-Z",
    "word": r"\w",
    "xdigit": "0-9A-Fa-f",
}
"""What POSIX classes stand for inside of brackets."""
_CLASS = r"\[\^?\]?(?:\[:\w+:\]|\\.|[^\]\\])*\]"
_TOKEN = re.compile(rf"({_CLASS})|(\\.)|.", re.S)
_IN_CLASS = re.compile(r"\[:(\w+):\]|(\\.)", re.S)
_ESCAPES = {r"\z": r"\Z", r"\s": r"[\t\n\f\r ]", r"\S": r"[^\t\n\f\r ]", r"\A": r"\A", r"\b": r"\b", r"\B": r"\B"}
_SHARED = frozenset("dDwWtnrfva")
"""Letters that mean the same to both after a backslash, also in brackets."""
_GROUP = re.compile(r"\((?!\?)|\(\?(?::|P<\w+>|[is]+[:)])", re.ASCII)
_FOLDS = re.compile(r"\(\?s*i")


class _NoCounterpart(Exception):
    """RE2 reads the expression differently."""


def matches(pattern: str, text: str, *, whole: bool) -> bool | None:
    """Whether an expression matches the whole text, or any part of it; None where that cannot be told."""
    re2 = optional("re2")
    try:
        search = _compiled(pattern, whole, re2)
        if search is None or (re2 is None and _FOLDS.search(pattern) and not (text + pattern).isascii()):
            return None  # of other letters, re knows other cases than RE2
        return search(text) is not None
    except UnicodeEncodeError:  # half of a surrogate pair, which no message can hold
        return False


@lru_cache(maxsize=1000)
def _compiled(pattern: str, whole: bool, re2: Any) -> Search | None:
    """Finds a match; None if it is not an RE2 expression, or cannot be run without RE2."""
    if re2 is None:
        return _standard(pattern, whole)
    options = re2.Options()
    options.log_errors = False
    try:
        compiled = re2.compile(pattern, options)
    except re2.error:
        return None
    found: Search = compiled.fullmatch if whole else compiled.search
    return found


def _standard(pattern: str, whole: bool) -> Search | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            translated = "".join(_translated(match) for match in _TOKEN.finditer(pattern))
            compiled = re.compile(translated, re.ASCII)
            if not is_linear(translated, whole=whole):
                return None
    except (re.error, FutureWarning, OverflowError, RecursionError, _NoCounterpart):
        return None
    return compiled.fullmatch if whole else compiled.search


def _translated(token: re.Match[str]) -> str:
    """A part of an RE2 expression as :mod:`re` writes it."""
    in_class, escape = token.groups()
    if in_class:
        return _IN_CLASS.sub(_member, in_class)
    if escape:
        return _ESCAPES.get(escape) or _same(escape)
    if token.string.startswith("{,", token.start()):  # to RE2, text
        raise _NoCounterpart
    if token[0] == "(" and not _GROUP.match(token.string, token.start()):
        raise _NoCounterpart
    return r"\Z" if token[0] == "$" else token[0]


def _member(match: re.Match[str]) -> str:
    if match[1]:
        if match[1] not in POSIX:
            raise _NoCounterpart
        return POSIX[match[1]]
    return r"\t\n\f\r " if match[2] == r"\s" else _same(match[2])


def _same(escape: str) -> str:
    letter = escape[1]
    if letter.isalnum() and letter not in _SHARED:  # \x41 and \x{41}, octal numbers, \pL, \Q…\E, \1
        raise _NoCounterpart
    return escape
