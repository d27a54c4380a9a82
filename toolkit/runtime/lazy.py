"""What a class is asked for only when it is used."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class Lazy:
    """A class attribute that is computed when it is first asked for, for each class its own."""

    def __init__(self, make: Callable[[Any], Any]) -> None:
        self._make = make

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, instance: object, owner: type) -> Any:
        made = self._make(owner)
        setattr(owner, self._name, made)
        return made
