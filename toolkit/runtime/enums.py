"""The base of generated enums: open, as protobuf's are."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Any, ClassVar, Self

from toolkit.runtime.lazy import Lazy, pydantic_core_schema, pydantic_json_schema

_NUMERIC = frozenset("bcdeEfFgGnoxX%")
"""How a format ends that is for numbers."""


class _Members(dict[int, Any]):
    """Members by number; a number that has none gives one without a name."""

    def __init__(self, cls: type[Enum]) -> None:
        super().__init__((int(member), member) for member in cls)
        self._cls = cls

    def __missing__(self, number: int) -> Any:
        return self._cls(number)


def _members_by_name(cls: type[Enum]) -> dict[str, Any]:
    """By names of the .proto file, aliases too."""
    names, members = _proto_names(cls), cls.__members_by_number__
    return {names[name]: members[int(member)] for name, member in cls.__members__.items()}


class Enum(int, enum.Enum):
    """An enum whose unknown numbers survive: ``Status(17)`` is a value without a name.

    A value is an ``int``. As text it is its name, or its number where it has none; a
    format for numbers, as in ``f"{status:d}"``, shows the number.

    For type checkers, an open enum has a member ``_UNKNOWN`` that stands for such
    numbers, so that a ``match`` of all names is not exhaustive.
    """

    if TYPE_CHECKING:
        __renamed__: ClassVar[dict[str, str]]
        __members_by_number__: ClassVar[dict[int, Any]]
        __json_names__: ClassVar[dict[int, str]]
        __members_by_name__: ClassVar[dict[str, Any]]
    else:
        __renamed__ = {}
        """Names of the .proto file that cannot be names in Python."""
        __members_by_number__ = Lazy(_Members)
        __json_names__ = Lazy(lambda cls: {int(m): _proto_names(cls)[m.name] for m in cls})
        __members_by_name__ = Lazy(_members_by_name)
        __get_pydantic_core_schema__ = pydantic_core_schema
        __get_pydantic_json_schema__ = pydantic_json_schema

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, int) or not -0x80000000 <= value <= 0x7FFFFFFF:
            return None
        made = int.__new__(cls, value)
        made._name_ = str(int(value))
        made._value_ = int(value)
        return made

    @property
    def is_known(self) -> bool:
        """Whether the number has a name."""
        return int(self) in type(self)._value2member_map_

    def __repr__(self) -> str:
        return (
            f"<{type(self).__name__}.{self.name}: {int(self)}>"
            if self.is_known
            else f"{type(self).__name__}({int(self)})"
        )

    def __str__(self) -> str:
        return str(self._name_)

    def __format__(self, spec: str) -> str:
        return format(int(self), spec) if spec[-1:] in _NUMERIC else format(str(self), spec)

    __hash__ = int.__hash__

    def __reduce_ex__(self, protocol: Any) -> tuple[Any, ...]:
        return type(self), (int(self),)

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: Any) -> Self:
        return self


def _proto_names(cls: type[Enum]) -> dict[str, str]:
    back = {renamed: name for name, renamed in cls.__renamed__.items()}
    return {name: back.get(name, name) for name in cls.__members__}
