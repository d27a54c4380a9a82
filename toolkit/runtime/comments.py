"""The comments of fields, which are only in the source of a generated module: it is read when they are asked for."""

from __future__ import annotations

import ast
import inspect
import sys
from functools import cache
from itertools import pairwise


def comments_of(cls: type) -> dict[str, str]:
    """The attributes of a class that have a comment; nothing if the source is not there."""
    return _comments(cls.__module__).get(cls.__qualname__, {})


@cache
def _comments(module: str) -> dict[str, dict[str, str]]:
    try:
        tree = ast.parse(inspect.getsource(sys.modules[module]))
    except (OSError, TypeError, KeyError, SyntaxError):
        return {}
    found: dict[str, dict[str, str]] = {}
    queue: list[tuple[str, ast.AST]] = [("", tree)]
    while queue:
        name, node = queue.pop()
        body = getattr(node, "body", [])
        for before, after in pairwise(body):
            match before, after:
                case ast.AnnAssign(target=ast.Name(id=attribute)), ast.Expr(value=ast.Constant(value=str(text))):
                    found.setdefault(name, {})[attribute] = inspect.cleandoc(text)
        queue += [(f"{name}.{inner.name}".lstrip("."), inner) for inner in body if isinstance(inner, ast.ClassDef)]
    return found
