"""The style of a page: switches for what changed in the published format, one for comments, and named sets of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import ClassVar, TypeVar

from toolkit.errors import ConfigError
from toolkit.targets.choices import one_of


@dataclass(frozen=True, slots=True)
class Style:
    """The switches of a style; the defaults are those of the newest published pages."""

    maps: str = "map"
    """``map``: show maps as ``map<K, V>``; ``value``: as the type of their values."""
    constraints: bool = True
    """Whether constraints become sentences."""
    unspecified_values: bool = False
    """Whether to list the zero value of an enum if its name ends in ``_UNSPECIFIED``."""
    operation_types: bool = True
    """Whether to show the types behind the ``Any`` fields of an operation."""
    source_path: bool = False
    """Whether the front matter has a ``sourcePath`` line."""
    trailing_comments: bool = False
    """Whether an element without a comment above it has the one beside it."""
    plain: bool = False
    """Whether comments are only text. Published pages pass on what Diplodoc interprets beyond Markdown."""

    choices: ClassVar[Mapping[str, tuple[str, ...]]] = {"maps": ("map", "value")}
    """The values of the switches that are more than on and off."""

    @property
    def raw_html(self) -> bool:
        """Whether to escape ``<…>`` in prose, as all but the oldest pages do."""
        return self.maps == "value"


PRESETS = {
    "plain": Style(plain=True, trailing_comments=True),
    "values": Style(maps="value", constraints=False, unspecified_values=True),
    "maps": Style(constraints=False, unspecified_values=True),
    "current": Style(),
    "opaque": Style(operation_types=False),
}
"""For trees that were never published in this format; then from the oldest to the newest of those that were, and
``opaque``, which shows operations as ``Any``."""

S = TypeVar("S", bound=Style)


def style_of(text: str, presets: Mapping[str, S]) -> S:
    """Parse a style from ``NAME[,switch=value…]``, such as ``current,source_path=true``."""
    name, *changes = [part.strip() for part in text.split(",")]
    one_of(name, presets, f"there is no style {name!r}")
    return with_switches(presets[name], dict(_split(change) for change in changes))


def with_switches(style: S, switches: dict[str, object]) -> S:
    """A style with some switches set; values may be strings."""
    known = sorted(f.name for f in fields(style))
    changes: dict[str, object] = {}
    for name, value in switches.items():
        one_of(name, known, f"a style has no switch {name!r}")
        choice = style.choices.get(name, ())
        allowed: dict[object, object] = (
            {text: text for text in choice} if choice else {"true": True, "false": False, True: True, False: False}
        )
        if value not in allowed:
            choices = ", ".join(k for k in allowed if isinstance(k, str))
            raise ConfigError(f"style switch {name} cannot be {value!r}", hint=f"one of: {choices}")
        changes[name] = allowed[value]
    return replace(style, **changes)  # type: ignore[arg-type]


def _split(change: str) -> tuple[str, str]:
    name, equals, value = change.partition("=")
    if not equals:
        raise ConfigError(f"{change!r} is not switch=value")
    return name.strip(), value.strip()
