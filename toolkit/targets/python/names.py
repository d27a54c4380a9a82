"""Names of a .proto file → names in Python.

A name that can't be used gets a trailing underscore. One that begins with two
underscores, which Python mangles inside a class, gets a leading ``x``. If
another element has that name, more underscores follow: an element whose own
name is valid always keeps it. Names can also be chosen in ``toolkit.toml``.
"""

from __future__ import annotations

import keyword
from collections.abc import Collection, Iterable, Mapping

from toolkit.descriptors.casing import pascal_case
from toolkit.errors import ConfigError

_BUILT_IN = {"bool", "bytes", "dict", "float", "int", "list", "str"}
"""Built-in names in generated annotations, which fields with these names would shadow."""
_OTHERS = """
abs aiter all anext any ArithmeticError ascii AssertionError AttributeError BaseException BaseExceptionGroup bin
BlockingIOError breakpoint BrokenPipeError BufferError bytearray BytesWarning callable ChildProcessError chr
classmethod compile complex ConnectionAbortedError ConnectionError ConnectionRefusedError ConnectionResetError
copyright credits delattr DeprecationWarning dir divmod Ellipsis ellipsis EncodingWarning enumerate
EnvironmentError EOFError eval Exception ExceptionGroup exec exit FileExistsError FileNotFoundError filter
FloatingPointError format frozendict frozenset function FutureWarning GeneratorExit getattr globals hasattr hash
help hex id ImportCycleError ImportError ImportWarning IndentationError IndexError input InterruptedError
IOError IsADirectoryError isinstance issubclass iter KeyboardInterrupt KeyError len license locals LookupError
map max MemoryError memoryview min ModuleNotFoundError NameError next NotADirectoryError NotImplemented
NotImplementedError object oct open ord OSError OverflowError PendingDeprecationWarning PermissionError pow
print ProcessLookupError property PythonFinalizationError quit range RecursionError ReferenceError repr
ResourceWarning reversed round RuntimeError RuntimeWarning sentinel set setattr slice sorted staticmethod
StopAsyncIteration StopIteration sum super SyntaxError SyntaxWarning SystemError SystemExit TabError
TimeoutError tuple type TypeError UnboundLocalError UnicodeDecodeError UnicodeEncodeError UnicodeError
UnicodeTranslateError UnicodeWarning UserWarning ValueError vars Warning WindowsError ZeroDivisionError zip
"""
FORWARD_BUILT_IN = frozenset(_OTHERS.split())
"""The other built-in names of all Python releases and of mypy, which takes one in a class body for the built-in if the
class of that name follows. They are listed so that the output doesn't depend on the release that generates it."""
_IMPORTED = {"_dt", "_rt", "_t"}
"""Names that every module imports."""
OF_MESSAGES = (
    _BUILT_IN
    | _IMPORTED
    | {
        "ROOT",
        "self",
        "from_bytes",
        "from_dict",
        "from_json",
        "from_pb",
        "from_text",
        "clear",
        "merge_from",
        "to_text",
        "to_bytes",
        "to_dict",
        "to_json",
        "to_pb",
        "validate",
        "_extensions",
        "_unknown",
    }
)
_OF_INT = {
    "as_integer_ratio",
    "bit_count",
    "bit_length",
    "conjugate",
    "denominator",
    "from_bytes",
    "imag",
    "is_integer",
    "numerator",
    "real",
    "to_bytes",
}
OF_ENUMS = _OF_INT | {"mro", "name", "value", "is_known", "_UNKNOWN"}
OF_MODULES = _BUILT_IN | _IMPORTED | {"ROOT", "annotations", "super"}
OF_CLIENTS = {
    "self",
    "add_to",
    "future",
    "operation",
    "with_call",
    "_attempts",
    "_begun",
    "_call",
    "_calls",
    "_channel",
    "_defaults",
    "_handle",
    "_handlers",
    "_is_async",
    "_name_of",
    "_once",
    "_operation",
    "_operations",
    "_polling",
    "_prepared",
    "_requests",
    "_retry",
    "_stream",
    "_types",
    "_unimplemented",
    "_with_defaults",
}
"""Names in the base classes of clients and servicers; a test compares them."""


def python_name(name: str, reserved: Iterable[str] = ()) -> str:
    """A valid Python name that is not reserved."""
    if name.startswith("__"):
        name = f"x{name}"
    if keyword.iskeyword(name) or name in reserved or name in ("_", "None"):
        return f"{name}_"
    if len(name) > 2 and name[0] == name[-1] == "_" and name[1] != "_" != name[-2]:
        return f"{name}_"  # enum reserves such names
    return name


def class_name(name: str) -> str:
    """``image_id`` → ``ImageId``; names that don't begin with a letter get a leading ``X``."""
    made = pascal_case(name) or name
    return made if made[0].isalpha() else f"X{made}"


def check_chosen(chosen: str, source: str, what: str, reserved: Collection[str] = ()) -> None:
    """Raise ConfigError if a name in the configuration is not a valid name, or is reserved."""
    if not (chosen.isascii() and chosen.isidentifier()):
        raise ConfigError(
            f"[python.names]: {chosen!r} for {source} is not a Python identifier",
            hint="use letters, digits and underscores, and begin with a letter",
        )
    if python_name(chosen, reserved) != chosen:
        raise ConfigError(
            f"[python.names]: {chosen!r} for {source} is reserved in {what}", hint=f"such as {chosen.strip('_')}_value"
        )


class Scope:
    """Names in the same scope, each used by one element."""

    def __init__(self, what: str, reserved: Iterable[str] = (), chosen: Mapping[str, str] | None = None) -> None:
        self._what = what
        self._reserved = set(reserved)
        self._chosen = chosen or {}
        self._used: dict[str, str] = {}

    def add_all(self, elements: Iterable[tuple[str, str]]) -> dict[str, str]:
        """The Python names of elements, given as name and full name, by full name.

        Names from the configuration come first, then those that are valid as they are, so that neither depends on
        the others; ConfigError if two of these are equal.
        """
        elements = list(elements)
        found: dict[str, str] = {}
        for _, source in elements:
            if source in self._chosen:
                found[source] = self._choose(self._chosen[source], source)
        for name, source in elements:
            if source not in found and python_name(name, self._reserved) == name:
                if self._used.get(name) in self._chosen:
                    self._choose(name, source)  # raises
                if self._used.setdefault(name, source) == source:
                    found[source] = name
        for name, source in elements:
            if source not in found:
                found[source] = self.add_own(name, source)
        return {source: found[source] for _, source in elements}

    def _choose(self, name: str, source: str) -> str:
        check_chosen(name, source, self._what, self._reserved)
        other = self._used.setdefault(name, source)
        if other != source:
            raise ConfigError(
                f"[python.names]: {other} and {source} are both {name!r} in {self._what}",
                hint="choose another name for one of them",
            )
        return name

    def add_own(self, name: str, source: str) -> str:
        """The name of an element that gets underscores as long as another element has it."""
        made = python_name(name, self._reserved)
        while self._used.setdefault(made, source) != source:
            made = python_name(f"{made}_", self._reserved)
        return made

    @property
    def names(self) -> frozenset[str]:
        """The names that are used."""
        return frozenset(self._used)
