"""Plants a fault in the text of a module."""

from __future__ import annotations

import ast

from tests.mutations.mutations import Mutation


def planted(mutation: Mutation, text: str) -> str:
    """The text with the fault; ValueError where it cannot be planted."""
    if (count := text.count(mutation.old)) != 1:
        raise ValueError(f"{mutation.file} has {mutation.old!r} {count} times")
    after = text.replace(mutation.old, mutation.new)
    if ast.dump(ast.parse(text)) == ast.dump(ast.parse(after)):
        raise ValueError(f"{mutation.id} changes nothing")
    return after
