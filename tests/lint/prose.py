"""`make lint`: words and phrases that do not read as plain English, and what to write instead.

Looks at comments, docstrings and messages of ``toolkit/``, at comments and docstrings of ``tests/``, and at all of the
docs, templates and settings. The fixed sentences of the published
format are exempt: they are not ours.
"""

from __future__ import annotations

import io
import re
import sys
import tokenize
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import NamedTuple

from tests.conftest import REPOSITORY


class Denied(NamedTuple):
    """A phrase that is not to be used."""

    pattern: str
    """A regular expression; a space in it is any white space, and case does not count."""
    instead: str
    reason: str


ARCHAIC = "archaic"
LITERAL = "reads as translated"
ROUNDABOUT = "roundabout"
UNUSUAL = "there is a usual term"
VAGUE = "vague"

TABLE = (
    Denied(r"\bmend(s|ed|ing)?\b", "fix", ARCHAIC),
    Denied(r"\bof (its|their|his|her|one's|our|your) own accord\b", "by itself, automatically", ARCHAIC),
    Denied(r"\bcame to\b(?! (be|an end|life|light)\b)", "the result of; produced, recorded", LITERAL),
    Denied(r"\b(comes?|coming) to the same\b", "become equal, collide; do the same", LITERAL),
    Denied(r"\b(comes?|coming) to (its|their) end\b", "end, finish", LITERAL),
    Denied(r"\bwhat\b[^.:;]{0,60}\b(comes?|coming) to\b", "the result of", LITERAL),
    Denied(r"\bthat \w+( \w+)? comes? to\b", "the result of; become", LITERAL),
    Denied(
        r"(?<!there\s)\b(is|are|was|were|be) no "
        r"(?!(better|different|earlier|fewer|good|harm|larger|later|less|longer|matter|more|need|problem|trouble|use|worse)\b)\w+",
        "is not a …, is not a valid …; expected …, got …",
        LITERAL,
    ),
    Denied(r"\b(is|are|was|were|be) none of\b", "is not one of, is not any of", LITERAL),
    Denied(r"\b(stand|stands|stood|standing) in\b(?! for\b)", "is in, is declared in, is listed in", LITERAL),
    Denied(
        r"\b(stand|stands|stood|standing) (above|at|before|behind|below|beside|between|here|on(?! its own)|there|together)\b",
        "is, is written, is shown",
        LITERAL,
    ),
    Denied(
        r"\b(what|that|which|they) (stands?|stood)\b(?! (alone|for|in for|out)\b)", "is, is written, is shown", LITERAL
    ),
    Denied(r"\bhow (it|the \w+) stands?\b", "the state of", LITERAL),
    Denied(r"\b(tell|tells|told|telling)( \w+){0,3} apart\b", "distinguish", LITERAL),
    Denied(r"\bforg(et|ets|ot|otten|etting) (what|all)\b", "clear, remove", LITERAL),
    Denied(r"\bruns? forgotten\b", "removed … cached runs", LITERAL),
    Denied(r"\bwhat (a|an|the|each|earlier|other|our) runs?\b", "the results of a run", LITERAL),
    Denied(r"\b(in|out of) step\b", "up to date, out of date", UNUSUAL),
    Denied(r"\bnames? nothing( that is there)?\b", "unresolved reference", LITERAL),
    Denied(r"\bnothing that is there\b", "unresolved, missing", LITERAL),
    Denied(r"\bholds? to\b(?! account\b)", "satisfies, conforms to", LITERAL),
    Denied(r"\bheld to (it|that|this) by\b", "tested against, checked against", LITERAL),
    Denied(r"\b(is|are) held by (a )?tests?\b", "is tested", LITERAL),
    Denied(r"\bheld by the fields?\b", "used in fields", LITERAL),
    Denied(r"\btaken or returned by\b", "used by", LITERAL),
    Denied(r"\b(memory|place|room|space|time) enough\b", "enough …; possibly out of memory", LITERAL),
    Denied(r"\b(files|ones|pages) from before\b", "the last good pages, the previous files", LITERAL),
    Denied(r"\bmistakes? (is|are) printed\b", "errors are printed", VAGUE),
    Denied(r"\ba word when\b", "tells you when", ROUNDABOUT),
    Denied(r"\bhow the program works inside\b", "how it works", ROUNDABOUT),
    Denied(r"\bset (it|them) up well\b", "configure it", ROUNDABOUT),
    Denied(r"\bcomes? along\b", "is included", LITERAL),
    Denied(r"\bput your own\b[^.]{1,60}\bin place of\b", "replace … with your own", LITERAL),
    Denied(r"\bdo not need (one|they|we|you) may\b", "everything else is optional", LITERAL),
    Denied(r"\bthat will be there\b", "the new …", LITERAL),
    Denied(r"\bdo without (a|an|the)\b", "… is optional, does not need …", ROUNDABOUT),
    Denied(r"\banother( \w+)? than\b", "a different … from, other than", LITERAL),
    Denied(r"\bsays? it better\b", "overrides", VAGUE),
    Denied(r"\byou are reading one\b", "this … is built with it", ROUNDABOUT),
    Denied(r"\bhiding goes on\b", "hiding is transitive", LITERAL),
    Denied(r"\b(can|cannot) be said without\b", "needs, depends on", LITERAL),
    Denied(r"\bnothing is kept of\b", "is not recorded", LITERAL),
    Denied(r"\bthe other side\b", "servers, the server", VAGUE),
    Denied(r"\blonger and longer waits\b", "exponential backoff", UNUSUAL),
    Denied(r"\bgives? [\w\s]{1,30} a meaning\b", "name the program, such as zsh", ROUNDABOUT),
    Denied(r"\bwithout a word\b", "silently, without output", LITERAL),
)
"""All that is denied."""

SOURCES = (
    "*.md",
    "*.toml",
    "*.yml",
    ".pre-commit-hooks.yaml",
    ".ci/run",
    "Makefile",
    "site/*.md",
    "site/guide/*.md",
    "templates/**/*",
    "tests/**/*.py",
    "tests/**/*.sh",
    "toolkit/**/*.py",
    "toolkit/**/*.toml",
)
EXEMPT = ("templates/yfm/*", "toolkit/bindings/*", "toolkit/semantics/mappings/*.toml")
CODE = "\0"
"""Takes the place of code, so that no phrase goes across it."""
_QUOTES = re.compile(r"\A#+|\A\w*('''|\"\"\"|'|\")|('''|\"\"\"|'|\")\Z|\\[nrt]")


def prose(text: str, *, messages: bool) -> str:
    """A Python module with all but its prose blanked, character by character; of strings only docstrings, or all."""
    starts = [0]
    starts.extend(match.end() for match in re.finditer("\n", text))
    shown = [character if character.isspace() else CODE for character in text]
    before = "NEWLINE"
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        kind = tokenize.tok_name[token.type]
        begin, end = (starts[row - 1] + column for row, column in (token.start, token.end))
        is_docstring = kind == "STRING" and before in ("NEWLINE", "INDENT", "DEDENT", "ENCODING")
        if kind == "COMMENT" or is_docstring or (messages and "STRING" in kind):
            shown[begin:end] = _QUOTES.sub(lambda match: " " * len(match[0]), text[begin:end])
        if kind not in ("NL", "COMMENT"):
            before = kind
    return "".join(shown)


def findings(text: str) -> Iterator[tuple[int, str]]:
    """The lines of denied phrases in a text, with what to write instead; of phrases that overlap the first."""
    found = [
        (match.start(), match.end(), f"{' '.join(match[0].split())} → {denied.instead} ({denied.reason})")
        for denied in TABLE
        for match in re.finditer(denied.pattern.replace(" ", r"\s+"), text, re.IGNORECASE)
    ]
    last = 0
    for start, end, what in sorted(found):
        if start >= last:
            yield text.count("\n", 0, start) + 1, what
            last = end


def files() -> Iterator[Path]:
    """The files whose prose is ours."""
    for path in sorted({path for source in SOURCES for path in REPOSITORY.glob(source) if path.is_file()}):
        name = path.relative_to(REPOSITORY).as_posix()
        if not any(fnmatch(name, pattern) for pattern in EXEMPT):
            yield path


def main() -> int:
    """Print what is denied; 1 if there is anything."""
    found = []
    for path in files():
        name = path.relative_to(REPOSITORY)
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".py":
            text = prose(text, messages=name.parts[0] == "toolkit")
        found.extend(f"{name}:{line}: {what}" for line, what in findings(text))
    print(*found, sep="\n", end="\n" if found else "")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
