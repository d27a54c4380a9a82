"""The style of a page: the switches by which the published format changed, one for comments, and sets with names."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from toolkit.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Style:
    """How pages are set; the defaults are those of the newest published pages."""

    maps: str = "map"
    """``map``: a map reads ``map<K, V>``; ``value``: just as its value type."""
    constraints: bool = True
    """Constraint options become sentences."""
    unspecified_values: bool = False
    """The zero value of an enum is listed where its name ends in ``_UNSPECIFIED``."""
    operation_types: bool = True
    """The types behind an operation's ``Any`` fields are shown in their place."""
    source_path: bool = False
    """The front matter has a ``sourcePath`` line."""
    plain: bool = False
    """Nothing in a comment acts; published pages pass on what Diplodoc takes for more than Markdown."""

    @property
    def raw_html(self) -> bool:
        """The oldest pages pass ``<…>`` in prose through; all later ones escape it."""
        return self.maps == "value"


PRESETS = {
    "plain": Style(plain=True),
    "values": Style(maps="value", constraints=False, unspecified_values=True),
    "maps": Style(constraints=False, unspecified_values=True),
    "current": Style(),
    "opaque": Style(operation_types=False),
}
"""For trees that were never published in this format; then from the oldest to the newest of those that were, and
``opaque``, which shows operations as ``Any``."""


def style_of(text: str) -> Style:
    """A style from ``NAME[,switch=value…]``, such as ``current,source_path=true``."""
    name, *changes = [part.strip() for part in text.split(",")]
    if name not in PRESETS:
        raise ConfigError(f"there is no style {name!r}", hint=f"one of: {', '.join(PRESETS)}")
    return with_switches(PRESETS[name], dict(_split(change) for change in changes))


def with_switches(style: Style, switches: dict[str, object]) -> Style:
    """A style with some switches set; values may be strings."""
    known = {f.name for f in fields(Style)}
    changes: dict[str, object] = {}
    for name, value in switches.items():
        if name not in known:
            raise ConfigError(f"a style has no switch {name!r}", hint=f"one of: {', '.join(sorted(known))}")
        allowed: dict[object, object] = (
            {"map": "map", "value": "value"}
            if name == "maps"
            else {"true": True, "false": False, True: True, False: False}
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
