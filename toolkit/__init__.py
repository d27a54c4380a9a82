"""Protocol descriptors → reference pages, examples, typed Python, docs sites.

The whole program is one way: protos → descriptor set → ``Schema`` → ``Facts``
→ a target's view models → templates → ``Files`` → write or compare.

    import toolkit

    compilation = toolkit.compile("protos")
    schema = toolkit.load(compilation)
    for path, content in toolkit.generate(compilation, "reference").items(): ...

The names in ``__all__`` are the public API, and ``toolkit.runtime`` is that of
generated code; all other modules are internal. Names are imported when they are
first used: generated bindings may lie below this package, and an import of them
costs nothing else.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from toolkit.api import *


__all__ = [
    "Compilation",
    "ConfigError",
    "Diagnostic",
    "Difference",
    "Facts",
    "Files",
    "InputError",
    "Location",
    "LookupFailed",
    "OutputError",
    "Part",
    "Schema",
    "SchemaError",
    "Target",
    "TargetSettings",
    "TargetType",
    "TemplateError",
    "ToolkitError",
    "Unchecked",
    "Violation",
    "Workspace",
    "compare",
    "compile",
    "diff",
    "generate",
    "load",
    "read_descriptor_set",
    "setting",
    "validate",
    "write",
]


def __getattr__(name: str) -> Any:
    if name not in __all__:  # a submodule, perhaps: looking for it must not import the rest
        raise AttributeError(f"module 'toolkit' has no attribute {name!r}")
    try:
        api = import_module("toolkit.api")
    except ModuleNotFoundError as error:  # only the runtime is installed, which contains this module
        if error.name != "toolkit.api":
            raise
        raise ImportError(f"toolkit.{name} is in another package: pip install proto-toolkit") from None
    return getattr(api, name)


def __dir__() -> list[str]:
    return __all__
