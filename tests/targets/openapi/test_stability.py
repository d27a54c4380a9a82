"""Whatever is added to a tree, what was in its documents keeps its name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.protos_of import proto3, schema_of
from tests.targets.openapi.documents import IMPORTS, Document, documents_of, operations
from toolkit.descriptors.model import Schema

_PACKAGES = ("", "acme", "acme.v1", "acme.v1.b", "other.v1")
_NAMES = ("A", "Aa", "Kind", "Book", "Status", "Get", "GetRequest", "A_B")
_TEMPLATES = (
    "{name}",
    "{name=shelves/*}",
    "{name=shelves/*/books/*}:get",
    "{inner.name}/x",
    "{name=**}",
    "*/{name}",
    "",
)
_SETTINGS = settings(max_examples=40, derandomize=True, database=None, deadline=None)


@dataclass(frozen=True)
class Declared:
    """A message, an enum or a service; a name is that of one thing in its package."""

    package: str
    name: str
    kind: str
    templates: tuple[str, ...] = ()
    body: str = ""

    @property
    def text(self) -> str:
        """Its declaration, which refers to nothing but itself and what every file has."""
        if self.kind == "enum":
            return f"enum {self.name} {{ {self.name}_ZERO = 0; {self.name}_ONE = 1; }}"
        if self.kind == "message":
            return (
                f"message {self.name} {{ string name = 1; Inner inner = 2; {self.name} again = 3; "
                "message Inner { string name = 1; Kind kind = 2; enum Kind { NONE = 0; } } }"
            )
        return f"service {self.name} {{\n{''.join(self._methods())}}}\n{self._request}"

    @property
    def _request(self) -> str:
        return (
            f"message Of{self.name} {{ string name = 1; Inner inner = 2; repeated Inner more = 3; "
            "google.protobuf.Struct free = 4; message Inner { string name = 1; } }"
        )

    def _methods(self) -> Iterator[str]:
        for number, template in enumerate(self.templates):
            body = f'body: "{self.body}"' if self.body else ""
            verb = "post" if body else "get"
            # A path that no other service has: two methods with one path share the names of its parameters.
            path = f"/{self.package}-{self.name}/{number}/{template}".rstrip("/")
            rule = f'{verb}: "{path}" {body} additional_bindings {{ put: "{path}" }}'
            yield f"  rpc Do{number}(Of{self.name}) returns (Of{self.name}) {{ option (google.api.http) = {{ {rule} }}; }}\n"


_ONE = st.builds(
    Declared,
    package=st.sampled_from(_PACKAGES),
    name=st.sampled_from(_NAMES),
    kind=st.sampled_from(("message", "enum", "service", "service")),
    templates=st.lists(st.sampled_from(_TEMPLATES), min_size=1, max_size=3).map(tuple),
    body=st.sampled_from(("", "*", "inner")),
)
_FILES = st.sampled_from(("a", "m", "z"))
_PLACED = st.tuples(_FILES, _ONE)


def _distinct(placed: list[tuple[str, Declared]]) -> list[tuple[str, Declared]]:
    """What can be declared side by side."""
    found = {}
    for file, one in placed:
        found.setdefault((one.package, one.name), (file, one))
    return [*found.values()]


def _schema(folder: Path, placed: list[tuple[str, Declared]]) -> Schema:
    sources = {}
    key = lambda each: (each[0], each[1].package)  # noqa: E731
    for (file, package), found in groupby(sorted(placed, key=key), key=key):
        body = "\n".join(one.text for _, one in found)
        text = proto3(package, body, *IMPORTS)
        sources[f"{file}_{package or 'none'}.proto"] = text if package else text.replace("package ;\n", "")
    return schema_of(folder, sources)


def _documents(placed: list[tuple[str, Declared]], merge: str) -> dict[str, Document]:
    """The documents of a tree by package; one for all if they are merged."""
    with TemporaryDirectory() as folder:
        schema = _schema(Path(folder), placed)
        made = documents_of(schema, merge=merge)
        services = sorted(schema.requested_services(), key=attrgetter("package"))
        packages = groupby(services, lambda service: merge or service.package)
        return {package: made.document([*found]) for package, found in packages}


@pytest.mark.slow(reason="compiles a hundred trees")
@_SETTINGS
@given(
    st.lists(_PLACED, min_size=1, max_size=6),
    st.lists(_PLACED, min_size=1, max_size=6),
    st.sampled_from(("", "all")),
    st.booleans(),
)
def test_names_do_not_move(
    base: list[tuple[str, Declared]], more: list[tuple[str, Declared]], merge: str, before: bool
) -> None:
    """A file, service, message or enum more, before or after the others, changes no path, operation or schema."""
    first = _distinct(base)
    both = _distinct([*first, *more])
    added = both[len(first) :]
    old = _documents(first, merge)
    new = _documents([*added, *first] if before else both, merge)
    for package, document in old.items():
        now = new[package]
        named = {(path, verb): one["operationId"] for path, verb, one in operations(document)}
        assert named.items() <= {(path, verb): one["operationId"] for path, verb, one in operations(now)}.items()
        schemas = document["components"].get("schemas", {})
        assert schemas.items() <= now["components"].get("schemas", {}).items()
        assert {tag["name"] for tag in document["tags"]} <= {tag["name"] for tag in now["tags"]}


@pytest.mark.slow(reason="compiles a hundred trees")
@_SETTINGS
@given(st.lists(_PLACED, min_size=2, max_size=6))
def test_order_of_messages(placed: list[tuple[str, Declared]]) -> None:
    """Messages may be declared in any order."""
    found = _distinct(placed)
    services = [each for each in found if each[1].kind == "service"]
    types = [each for each in found if each[1].kind != "service"]
    assert _documents([*services, *types], "") == _documents([*reversed(types), *services], "")


def test_operations_of_all_kinds() -> None:
    """The trees above have operations and schemas to compare."""
    placed = [("a", replace(Declared("acme.v1", "A", "service"), templates=_TEMPLATES, body="inner"))]
    document = _documents(placed, "")["acme.v1"]
    assert len([*operations(document)]) == 2 * len(_TEMPLATES)
    assert {"acme.v1.OfA", "acme.v1.OfA.Inner"} <= {*document["components"]["schemas"]}
