"""The code beside a method: its examples, the schemas of its messages, and snippets that call it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from toolkit.descriptors.model import Field, Method
from toolkit.descriptors.type_graph import Types
from toolkit.targets.examples.examples import Examples, text
from toolkit.targets.examples.snippets import Snippets
from toolkit.targets.markdown.inline import code as as_code
from toolkit.targets.samples import LIMIT, Samples
from toolkit.targets.site.prose import Prose

MOST_TEXT = 8_000
"""Characters of code on a page at most; longer code has a file of its own."""
MOST_NAMED = 5
"""Fields that a sample leaves out and that are named at most."""
_LIMITS = (LIMIT, 2_000, 400, 1)
"""Limits in characters for nested messages in a schema, tried in turn until the schema is small enough."""
_BACKTICKS = re.compile("`{3,}")
_NOT_IN_NAMES = re.compile("[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab with code."""

    label: str
    language: str
    code: str
    """Empty if it is in a file."""
    ticks: str
    """The fence around the code: longer than any run of backticks in it."""
    file: str
    """The file next to the page with code that is too long for it, or empty."""
    text: str
    """The content of the file."""
    note: str = ""
    """What the code leaves out, as a sentence of Markdown."""


class Schemas(Samples):
    """The fields of messages as JSON, with their types as values and the first sentences of their comments."""

    def __init__(self, prose: Prose, *, maps: bool, limit: int) -> None:
        super().__init__(prose.layout.facts, maps=maps, limit=limit)
        self._prose = prose

    def key(self, field: Field) -> str:
        """The JSON name."""
        return field.json_name

    def remarks(self, field: Field) -> Iterable[str]:
        """The first sentence of a comment."""
        said = self._prose.words(field)
        return (f"// {said}",) if said else ()


@dataclass(frozen=True)
class Sampling:
    """Makes the tabs of methods."""

    prose: Prose
    examples: Examples
    snippets: Snippets
    maps: bool = True
    _schemas: dict[int, Schemas] = field(default_factory=dict)

    def request(self, method: Method, name: str) -> tuple[list[Tab], list[str]]:
        """The tabs of a request, and the labels of those that call the method; ``name`` is that of the page."""
        minimal = self.examples.request(method, minimal=True)
        whole, left_out = self.examples.full_request(method)
        least, most = text(minimal), text(whole)
        shown = [("Example", most)] if least == most else [("Minimal", least), ("Full", most)]
        tabs = [_tab(f"{name}.request", label, "json", said) for label, said in shown]
        tabs[-1] = replace(tabs[-1], note=_note(left_out))
        tabs.append(_tab(f"{name}.request", "Schema", "json", self._schema(method.input, {})))
        calls = self._calls(method, name, minimal)
        return tabs + calls, [one.label for one in calls]

    def calls(self, method: Method, name: str) -> list[Tab]:
        """The tabs of what calls a method with a minimal request."""
        return self._calls(method, name, self.examples.request(method, minimal=True))

    def _calls(self, method: Method, name: str, request: Mapping[str, Any]) -> list[Tab]:
        return [_tab(f"{name}.call", *one) for one in self.snippets.tabs(method, request)]

    def response(self, method: Method, name: str, types: Types) -> list[Tab]:
        """The tabs of a response: that of an operation at once, and with its result."""
        done = text(self.examples.response(method))
        if self.prose.layout.facts.operation(method) is None:
            shown = [("Example", done)]
        else:
            shown = [("At once", text(self.examples.response(method, done=False))), ("When done", done)]
        shown.append(("Response schema", self._schema(method.output, types)))
        return [_tab(f"{name}.response", label, "json", said) for label, said in shown]

    def _schema(self, message: str, types: Types) -> str:
        made = ""
        for limit in _LIMITS:
            if limit not in self._schemas:
                self._schemas[limit] = Schemas(self.prose, maps=self.maps, limit=limit)
            made = self._schemas[limit].sample(message, types)
            if len(made) <= MOST_TEXT:
                break
        return made


def tab(file: str, label: str, language: str, code: str) -> Tab:
    """A tab; ``file`` is the name of the file next to the page, in case that the code is too long for it."""
    if len(code) > MOST_TEXT:
        return Tab(label, language, "", "", file, code)
    longest = max(map(len, _BACKTICKS.findall(code)), default=2) if "```" in code else 2
    return Tab(label, language, code.rstrip("\n"), "`" * (longest + 1), "", "")


def _tab(stem: str, label: str, language: str, code: str) -> Tab:
    part = _NOT_IN_NAMES.sub("-", label.lower()).strip("-")
    return tab(f"{stem}-{part}.{'json' if language == 'json' else 'txt'}", label, language, code)


def _note(paths: Sequence[str]) -> str:
    """A sentence with the fields that an example has no room for; empty if it has all."""
    if not paths:
        return ""
    more = len(paths) - MOST_NAMED
    named = ", ".join(as_code(path, in_cell=False) for path in paths[:MOST_NAMED])
    return f"Left out for length: {named}" + (f" and {more} more." if more > 0 else ".")
