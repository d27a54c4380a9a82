"""The project file that makes a distribution of the generated packages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from toolkit.errors import ConfigError
from toolkit.runtime.interface import SINCE
from toolkit.targets.python.text import string

RUNTIME = "proto-toolkit-runtime"
REQUIREMENT = f"{RUNTIME}>={SINCE}"
"""What generated code needs, as a requirement of pip."""
_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?")
_VERSION = re.compile(r"\d+(\.\d+)*((a|b|rc)\d+)?(\.post\d+)?(\.dev\d+)?(\+[a-z0-9]+(\.[a-z0-9]+)*)?", re.ASCII)
_REQUIREMENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*[\x20-\x7e]*")


@dataclass(frozen=True)
class Distribution:
    """What the configuration says about the distribution."""

    name: str
    version: str
    dependencies: Sequence[str] = ()
    """Requirements besides the runtime."""

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ConfigError(
                f"{self.name!r} is not a valid name of a distribution", hint="such as --distribution acme-bindings"
            )
        if not _VERSION.fullmatch(self.version):
            raise ConfigError(
                f"{self.version!r} is not a valid version of a distribution", hint="such as 1.2.0 or 1.2.0rc1"
            )
        for requirement in self.dependencies:
            if not _REQUIREMENT.fullmatch(requirement):
                raise ConfigError(f"{requirement!r} is not a requirement of pip", hint="such as acme-common>=1.2")


@dataclass(frozen=True)
class ProjectView:
    """The members of the project file."""

    name: str
    version: str
    dependencies: Sequence[str]
    """Requirements, in quotes."""
    grpc: str
    """The requirement of the extra for calls; empty if there are no services."""
    folder: str
    """The directory of the root package."""

    @classmethod
    def of(cls, distribution: Distribution, folder: str, has_services: bool) -> ProjectView:
        """The project file of a distribution."""
        return cls(
            name=distribution.name,
            version=distribution.version,
            dependencies=[string(each) for each in (REQUIREMENT, *distribution.dependencies)],
            grpc=REQUIREMENT.replace(RUNTIME, f"{RUNTIME}[grpc]") if has_services else "",
            folder=folder,
        )
