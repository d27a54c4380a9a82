"""Values to try for a field: pinned ones, those in its comment, then those that its name suggests."""

from __future__ import annotations

import hashlib
import pkgutil
import random
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

import re2
import rstr

from toolkit.descriptors.casing import separate_words
from toolkit.descriptors.model import Field, Message

_WRAPPED = re.compile(
    r"(?P<verb>Get|List|Create|Update|Delete|Set|Add|Remove|BatchGet|Batch\w+?|Start|Stop|Move|Restart)?"
    r"(?P<noun>[A-Z]\w*?)(?:Request|Response|Metadata|Params|Spec|Options|Config|Result)\Z"
)
_QUOTED = r"""(?:`([^`\n]+)`|"([^"\n]+)"|'([^'\n]+)')"""
_HINTS = (
    (("efault",), re.compile(rf"[Dd]efault(?:\s+value)?(?:\s+is|\s*:)?\s*{_QUOTED}")),
    (("efault",), re.compile(r"[Dd]efault(?:\s+value)?(?:\s+is|\s*:)\s*(-?\d[\w.]*?)(?=[\s,;)]|\.?\s|\.?\Z)")),
    (
        ("g.", "xample", "nstance", "uch as", "like"),
        re.compile(
            r"(?:e\.\s?g\.|[Ff]or (?:example|instance)|[Ee]xample(?:\s+value)?s?|\b[Ss]uch as|\blike)"
            rf"\s*[,:]?\s*{_QUOTED}(?!\s*:)"
        ),
    ),
    (("following value",), re.compile(rf"following values?:?\s*[-*]?\s*{_QUOTED}")),
    (
        ("ossible", "upported", "llowed", "cceptable", "alid"),
        re.compile(
            rf"(?:[Pp]ossible|[Ss]upported|[Aa]llowed|[Aa]cceptable|[Vv]alid)(?: \w+)?(?: are)?\s*:?\s*{_QUOTED}"
        ),
    ),
)
"""Patterns of hints, each with texts one of which is in whatever it matches: looking for them first is faster."""
_IN_QUOTES = re.compile(r"""\"[^"]*\"|'[^']*'""")
_MEMBER = re.compile(r"""["'][^"']*["']\s*:""")
"""A key with a value, which is not a value itself."""
_NAMING = re.compile(r"_(?:id|name|uuid|key|uri|url|description)s?\Z")
_SEED = 20260101
_STRINGS_TRIED = 60


@dataclass(frozen=True, slots=True)
class _Rules:
    """The rows for values of a kind; each set of patterns is matched at once."""

    names: Any
    ofs: Any
    values: Sequence[tuple[str | int | float, ...]]


@cache
def _rules(kind: str) -> _Rules:
    """The rows of values.toml for ``string``, ``number``, ``timestamp`` or ``duration``."""
    rows = _content()[kind]
    names, ofs = re2.Set.FullMatchSet(), re2.Set.FullMatchSet()
    for row in rows:
        names.Add(row["name"])
        ofs.Add(row.get("of", ".*"))
    names.Compile()
    ofs.Compile()
    return _Rules(names, ofs, [tuple(row["values"]) for row in rows])


@cache
def _content() -> dict[str, Any]:
    content = pkgutil.get_data(__package__, "values.toml")
    assert content is not None
    return tomllib.loads(content.decode("utf-8"))


@cache
def vocabulary(name: str) -> tuple[str, ...]:
    """Words of a kind, in the order of values.toml."""
    return tuple(_content()["words"][name])


@cache
def says(kind: str, name: str) -> bool:
    """Whether a name is one of a kind, by a pattern in values.toml."""
    return kind in _kinds(name.lower())


@cache
def _kinds(name: str) -> frozenset[str]:
    """The kinds of a name, by all patterns at once."""
    kinds, patterns = _word_patterns()
    return frozenset(kinds[number] for number in patterns.Match(name) or ())


@cache
def _word_patterns() -> tuple[Sequence[str], Any]:
    kinds = [kind for kind, words in _content()["words"].items() if isinstance(words, str)]
    patterns = re2.Set.FullMatchSet()
    for kind in kinds:
        patterns.Add(_content()["words"][kind])
    patterns.Compile()
    return kinds, patterns


_UNCOUNTED = 1_000_000
"""From here on, a number that a name suggests is a size in bytes, not a number of things."""
_UNIT = re.compile(
    r"\b(?:in|number of|[Mm]aximum|[Mm]inimum|[Ss]ize,? in|[Tt]ime,? in)\s+(?:an? )?(\w+)\b|\b(percentage)\b", re.I
)


_LISTED = re.compile(r"\bvalues?\b[^`\n]*?((?:`[^`\n]+`[,;\s]*(?:and |or )?)+)")
_BULLETS = re.compile(
    r"(?:[Pp]ossible|[Ss]upported|[Aa]llowed|[Aa]vailable|[Aa]cceptable|[Vv]alid) (?:\w+ )?(?:values|types|options)"
    r"[^\n]*:\s*((?:\n\s*[*-] [^\n]*)+)"
)
_BULLET = re.compile(r"^\s*[*-] (?:`([^`\n]+)`|([A-Za-z][\w.-]*)(?=\s*(?:[(:;,–—]| - |\n|\Z)))([^\n]*)", re.M)
_VERSION = re.compile(r"v?(\d+(?:[._]\d+)*)\Z")


def newest(texts: Iterable[str]) -> Sequence[str]:
    """Those of several texts that are versions, such as ``8.4``, the newest first."""
    found = [(match, text) for text in texts if (match := _VERSION.match(text))]
    return [text for _, text in sorted(found, key=lambda pair: version(pair[0][1]), reverse=True)]


def version(text: str) -> tuple[int, ...]:
    """The numbers in a version, for comparing."""
    return tuple(map(int, re.findall(r"\d+", text)))


def listed(comment: str) -> Sequence[str]:
    """The values in a list such as "Possible values: `11`, `12`" in a comment."""
    return [text for match in _LISTED.finditer(comment) for text in re.findall(r"`([^`\n]+)`", match[1])]


def bulleted(comment: str) -> Sequence[str]:
    """The values in a list with bullets after "Possible values:", the one called default first."""
    if "\n" not in comment:
        return []
    found = [item for match in _BULLETS.finditer(comment) for item in _BULLET.findall(match[1])]
    return [quoted or bare for quoted, bare, _ in sorted(found, key=lambda item: "default" not in item[2].lower())]


def in_unit(comment: str, name: str) -> Iterator[str | int | float]:
    """Numbers in the unit that a comment says, unless the name of the field already suggests better ones."""
    units = _content()["units"]
    for match in _UNIT.finditer(comment):
        unit = units.get((match[1] or match[2]).lower(), "")
        if unit == "seconds" and says("lasts", name):
            return
        first = suggested("number", name)[0]
        if not unit and match.start() == 0 and "number of" in match[0].lower():
            yield from suggested("number", "count") if isinstance(first, int) and first >= _UNCOUNTED else ()
            return
        if unit and not (unit == "bytes" and isinstance(first, int) and first >= 1024):
            yield from suggested("number", unit)
            return


@cache
def suggested(kind: str, name: str, of: str = "") -> tuple[str | int | float, ...]:
    """The values that the name of a field suggests, in a message about ``of``: those of every row that it matches."""
    matching = _rows(kind, "names", name.lower()) & _rows(kind, "ofs", of)
    return tuple(value for row in sorted(matching) for value in _rules(kind).values[row])


@cache
def _rows(kind: str, patterns: str, text: str) -> frozenset[int]:
    """The numbers of the rows whose pattern, of those in an attribute of the rules, matches a text."""
    return frozenset(getattr(_rules(kind), patterns).Match(text) or ())


def record(type_name: str) -> str:
    """The data of a DNS record of a type, such as ``MX``; empty for types that are not known."""
    return str(_content()["records"].get(type_name.rpartition("_")[2].upper(), ""))


def hinted(comment: str) -> Iterator[str]:
    """The values in a comment: a default, or what follows “for example”."""
    for texts, pattern in _HINTS:
        for match in pattern.finditer(comment) if any(map(comment.__contains__, texts)) else ():
            text = next(group for group in match.groups() if group is not None).strip()
            if not _MEMBER.match(text) and any(map(str.isalnum, text)):
                yield text[1:-1] if _IN_QUOTES.fullmatch(text) else text


def strings(field: Field, message: Message, comment: str, form: str) -> Iterator[str]:
    """Strings to try for a field with a comment and a format, best first. IDs are UUIDs if the comment says so."""
    noun = noun_of(field, message)
    name = singular(field.name.lower()) if field.repeated else field.name.lower()
    texts = {
        "noun": noun.replace(" ", "-"),
        "snake": noun.replace(" ", "_"),
        "words": noun,
        "field": name.replace("_", "-"),
        "snake_field": name,
    }

    def filled(slot: re.Match[str]) -> str:
        if slot["id"]:
            make = uuid if slot["id"] == "uuid" or _SAYS_UUID.search(comment) else identifier
            return make(noun, slot["number"])
        return texts[slot["text"]]

    values = suggested("string", _NAMES.get(form, field.name), words(message))
    made: Iterable[str] = (_SLOT.sub(filled, str(value)) for value in values)
    if _SAYS_DOMAIN.search(comment) and says("domain", field.name):
        given = list(made)
        domains = [*filter(_DOMAIN.match, given), "example.com"]
        made = [*domains, *given]
        if _SAYS_DOT.search(comment) and not _SAYS_NO_DOT.search(comment):
            yield from (f"{text.rstrip('.')}." for text in domains)
    yield from made


_SAYS_DOMAIN = re.compile(r"\b(?:DNS|FQDN|domain|fully[- ]qualified)\b", re.I)
_SAYS_DOT = re.compile(
    r"\b(?:trailing|final|ending|terminating) (?:dot|period)\b|\b(?:dot|period) at the end\b"
    r"|\bend(?:s|ing)? (?:with|in) (?:a |the )?(?:dot|period|[`\"'][.][`\"'])",
    re.I,
)
_SAYS_NO_DOT = re.compile(r"\b(?:without|no|not|omit)\b[^.]*\b(?:dot|period)\b", re.I)
_DOMAIN = re.compile(r"[a-z0-9-]+(?:[.][a-z0-9-]+)+[.]?\Z")
_SLOT = re.compile(r"\{(?:(?P<id>(?:uu)?id)(?P<number>[23]?)|(?P<text>noun|snake|words|field|snake_field))\}")
_NAMES = {"UUID4": "uuid", "IPV4": "ipv4", "IPV6": "ipv6", "IPV4_OR_IPV6": "ipv4"}
"""Names that suggest values of a format."""
_SAYS_UUID = re.compile(r"\b(?:UUID|GUID)(?:v?[1-8])?s?\b", re.I)


def matching(pattern: str, shortest: int, longest: int | None) -> Iterator[str]:
    """Strings that match a pattern, the same in every run, preferably with an allowed length."""
    generator = rstr.Rstr(random.Random(_SEED))  # noqa: S311 — examples, not secrets
    bare = pattern.removeprefix("^").removesuffix("$").replace(r"\z", "").replace(r"\A", "")
    bounded = _bounded(bare, shortest, longest)
    for text in dict.fromkeys((bounded, bare)):
        unprintable = []
        for _ in range(_STRINGS_TRIED):
            try:
                made = generator.xeger(text)
            except (re.error, IndexError, ValueError, RecursionError, KeyError, OverflowError):
                break
            if made and len(made) >= shortest and (longest is None or len(made) <= longest):
                if made.isprintable():
                    yield made  # most often the first one fits
                else:
                    unprintable.append(made)
        yield from unprintable


def _bounded(pattern: str, shortest: int, longest: int | None) -> str:
    """A pattern with its open repeats limited to a readable length, so that generating ends soon."""
    top = max(shortest, min(longest or 12, 12))
    least = max(shortest, 3) if top >= 3 else shortest
    return re.sub(r"(?<!\\)[*+](?![?+])", lambda m: f"{{{1 if m[0] == '+' else 0},{max(top, least)}}}", pattern)


@cache
def identifier(noun: str, number: str = "") -> str:
    """The ID of a thing: its name and six hexadecimal digits, the same wherever the thing is named.

    Others of the same kind have a ``number``.
    """
    return "-".join([*noun.split(), _digest(noun, number).hex()[:6]])


@cache
def uuid(noun: str, number: str = "") -> str:
    """The UUID of a thing, of version 4, the same wherever the thing is named."""
    return str(UUID(bytes=_digest(noun, number)[:16], version=4))


def _digest(noun: str, number: str) -> bytes:
    return hashlib.sha256(f"{noun}{number}".encode()).digest()


def noun_of(field: Field, message: Message) -> str:
    """The thing that a field identifies or belongs to: ``image_id`` → image; ``name`` in CreateImageRequest → image."""
    base = _NAMING.sub("", field.name)
    if base != field.name and base not in ("", "display", "full"):
        return base.replace("_", " ").lower()
    return words(message)


@cache
def _words(name: str) -> str:
    match = _WRAPPED.match(name)
    text = separate_words(match["noun"] if match else name, " ").replace("_", " ").lower()
    return singular(text) if match and match["verb"] == "List" else text


@cache
def singular(text: str) -> str:
    """``policies`` → ``policy``; ``shelves`` → ``shelf``; ``addresses`` → ``address``."""
    if re.search(r"(?:l|ar|ea)ves\Z", text) and not re.search(r"(?:val|sl|cur)ves\Z", text):
        return f"{text[:-3]}f"
    if re.search(r"(?:ss|x|ch|sh|us)es\Z", text) and len(text) > 4:
        return text[:-2]
    if text.endswith("ies"):
        return f"{text[:-3]}y"
    return text[:-1] if re.search(r"[^sui]s\Z", text) else text


def words(message: Message) -> str:
    """The thing that a message is about: CreateImageRequest → image."""
    return _words(message.name)


def pinned(field: Field, pins: Mapping[str, object]) -> Sequence[object]:
    """The value pinned for a field by its full name, by message and name, or by name; empty if there is none."""
    if not pins:
        return ()
    owner = field.full_name.rpartition(".")[0].rpartition(".")[2]
    for key in (field.full_name, f"{owner}.{field.name}", field.name):
        if key in pins:
            return (pins[key],)
    return ()
