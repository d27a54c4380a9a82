"""Functions written for one message at a time, as text: what is known of its fields is not asked again for each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class Emitter:
    """The text of a function, and the objects that it names.

    Only what this runtime wrote gets into the text: names of fields are put
    there as string literals or, where they are identifiers, as attributes.
    """

    def __init__(self, head: str) -> None:
        self._lines = [head]
        self._names: dict[str, Any] = {}
        self._known: dict[int, str] = {}

    def line(self, depth: int, text: str) -> None:
        """Add a line."""
        self._lines.append("    " * depth + text)

    def bind(self, thing: Any) -> str:
        """The name by which the function knows an object."""
        name = self._known.get(id(thing))
        if name is None:
            name = self._known[id(thing)] = f"_{len(self._known)}"
            self._names[name] = thing  # which also keeps it, and so its id
        return name

    def function(self, title: str) -> Callable[..., Any]:
        """The function; ``title`` is shown in tracebacks."""
        name = self._lines[0].split("(")[0].removeprefix("def ")
        code = compile("\n".join(self._lines), f"<{title}>", "exec")
        exec(code, self._names)  # noqa: S102 — the text is ours, see above
        made: Callable[..., Any] = self._names[name]
        return made
