"""What reading, writing and calling can raise, each also the built-in error that fits."""

from __future__ import annotations

from typing import Any


class DecodeError(ValueError):
    """Bytes or JSON that are not the message they should be; the text says where."""


class EncodeError(ValueError):
    """A message that holds what its type does not allow; the text names the field by its path."""


class RepeatedPage(RuntimeError):
    """A list does not end: its server gave a page token that it had given before."""

    def __init__(self, token: str) -> None:
        super().__init__(f"the server gave the page token {token!r} for the second time; asking on would not end")
        self.token = token


class RuleError(ValueError):
    """A validation rule of the .proto file that makes no sense, or that fails on a value; the text says which."""


def other_root(cls: Any, value: object) -> str:
    """How a message differs from those of a class that was generated for the same type; empty if it is another type."""
    root, name = getattr(type(value), "__proto__", (None, ""))
    if root is None or name != cls.__proto__[1] or isinstance(value, cls):
        return ""
    return f"from the package {cls.__proto__[0].package}, not {root.package}"
