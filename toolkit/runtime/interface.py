"""Which generated code this runtime works with.

Generated code says which interface of the runtime it was written for, so that another runtime fails at once and says
why, and not somewhere with an AttributeError.
"""

from __future__ import annotations

INTERFACE = 1
"""It grows by one when generated code begins to use something that earlier releases of the runtime don't have."""
SINCE = "0.1.0"
"""The first release of proto-toolkit-runtime with this interface."""
OLDEST = 1
"""The oldest interface whose generated code still works."""


def requires(interface: int, since: str, package: str | None) -> None:
    """Raise ImportError if this runtime is too old or too new for a generated package.

    ``since`` is the first release of the runtime with the interface.
    """
    needs = f"{package} was generated for proto-toolkit-runtime {since}"
    if interface > INTERFACE:
        raise ImportError(f"{needs} or later, and an older one is installed: pip install -U proto-toolkit-runtime")
    if interface < OLDEST:
        raise ImportError(f"{needs}, and the installed one no longer works with it: generate the package again")
