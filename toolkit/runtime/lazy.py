"""What a class is asked for only when it is used."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


@classmethod  # type: ignore[misc]
def pydantic_core_schema(cls: type[Any], source: Any, handler: Any) -> Any:
    """What pydantic asks a class for to read and write its values."""
    from toolkit.runtime.schema import core_schema

    return core_schema(cls)


@classmethod  # type: ignore[misc]
def pydantic_json_schema(cls: type[Any], core: Any, handler: Any) -> Any:
    """What pydantic asks a class for to describe its values."""
    from toolkit.runtime.schema import json_schema

    return json_schema(cls, handler)


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
