"""What is known of a schema of which not all messages are read yet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol


class Index(Protocol):
    """Finds elements without reading them; see :mod:`toolkit.descriptors.finding`."""

    @property
    def extending(self) -> Sequence[str]:
        """The messages that declare extensions."""

    @property
    def optioned(self) -> Sequence[str]:
        """The messages that have options."""

    def holders(self, field_name: str) -> Iterable[str]:
        """The messages that have a field of that name."""

    def file_of(self, type_name: str) -> str | None:
        """The file that declares the message or enum of a name, or None."""

    def typed(self, file: str) -> Iterable[tuple[str, str]]:
        """The type of each field and extension in a file, empty for scalars, and what it extends, or empty."""

    def mentioning(self, texts: Sequence[str]) -> Iterable[str]:
        """The files in which a comment may contain one of the texts."""
