"""The errors that a tree declares, for the page about errors."""

from __future__ import annotations

from dataclasses import dataclass

from toolkit.descriptors.model import Enum
from toolkit.semantics.reasons import is_unset
from toolkit.targets.site.fields import Fields, ValueView

_MOST = 200
"""Values that the page has at most; if there are more, it only has links to the enums."""


@dataclass(frozen=True, slots=True)
class ReasonsView:
    """An enum of errors; every member is finished Markdown."""

    link: str
    package: str
    """A link."""
    summary: str
    count: int
    """Of its values, without the one that means nothing."""
    values: list[ValueView]
    """Empty if there are too many on the page."""


def reasons(fields: Fields) -> list[ReasonsView]:
    """The enums of errors that have a page, by name."""
    layout = fields.layout
    found = [enum for enum in layout.facts.error_enums if layout.has_page(enum.full_name)]
    are_few = sum(len(enum.values) for enum in found) <= _MOST
    views = [_view(enum, fields, are_few) for enum in sorted(found, key=lambda enum: enum.full_name)]
    return [view for view in views if view.count]


def _view(enum: Enum, fields: Fields, are_few: bool) -> ReasonsView:
    summary = fields.prose.summary
    values = [value for value in enum.values if not is_unset(value.name, value.number)]
    return ReasonsView(
        link=fields.link(enum.full_name),
        package=fields.package_link(enum.package),
        summary=summary(enum, enum.full_name),
        count=len(values),
        values=[fields.value(one, enum, summary(one, enum.parent)) for one in values] if are_few else [],
    )
