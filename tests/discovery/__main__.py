"""How many HTTP bindings and types of fields of Google's APIs are the same in Discovery and in OpenAPI documents.

python -m tests.discovery DOCUMENTS PROTOS [API.VERSION …] [--without API.VERSION]

DOCUMENTS is a folder of Discovery documents, such as ``googleapiclient/discovery_cache/documents`` of the package
google-api-python-client from PyPI; PROTOS is an import root with the protos of the same APIs, such as the package
google-proto-files from npm. Without names, it compares all APIs that both have. What only one side has is listed, and
not counted: they are of different days. Leave out compute.v1 and bigquery.v2, which do not follow their protos: those of
the one were made from Discovery, and the document of the other was written by hand.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.discovery.described import Described, of_discovery, of_openapi
from toolkit.descriptors.compile import compile_tree
from toolkit.descriptors.loader import load
from toolkit.descriptors.roots import Root, Tree
from toolkit.semantics.facts import Facts
from toolkit.targets.examples.examples import Examples
from toolkit.targets.openapi.document import Documents
from toolkit.targets.openapi.settings import OpenApi

_HOST = re.compile(r'\(google\.api\.default_host\)\s*=\s*"([^"]+)"')
_PACKAGE = re.compile(r"^package\s+([\w.]+)\s*;", re.M)
_WILDCARD = re.compile(r"\{\}")
BINDINGS, TYPES = 0.998, 1.0
"""The shares that have to be the same."""


@dataclass
class Count:
    """How many are the same, of how many that both sides have."""

    same: int = 0
    all: int = 0

    def add(self, is_same: bool) -> bool:
        """Count one."""
        self.same += is_same
        self.all += 1
        return is_same

    @property
    def share(self) -> float:
        """The share that is the same."""
        return self.same / self.all if self.all else 0.0

    def __str__(self) -> str:
        return f"{self.same} of {self.all}"


def folders(protos: Path) -> Mapping[tuple[str, str], set[Path]]:
    """The folders of the services of each host and version."""
    found: dict[tuple[str, str], set[Path]] = {}
    for path in sorted(protos.rglob("*.proto")):
        text = path.read_text("utf-8", "replace")
        package = _PACKAGE.search(text)
        for host in {*_HOST.findall(text)} if package else ():
            version = package[1].rpartition(".")[2] if package else ""
            found.setdefault((host, version), set()).add(path.parent)
    return found


def document(protos: Path, asked: set[Path], host: str) -> Mapping[str, Any]:
    """The OpenAPI document of the services of a host in some folders."""
    roots = tuple(Root(folder, folder.relative_to(protos).as_posix()) for folder in sorted(asked))
    facts = Facts(load(compile_tree(Tree(roots, (Root(protos),)))))
    services = [one for one in facts.schema.requested_services() if facts.host(one) == host]
    made = Documents(facts, OpenApi(merge="all"), Examples(facts))
    loaded: Mapping[str, Any] = json.loads(json.dumps(made.document(services)))
    return loaded


class Comparison:
    """The counts of all APIs, and what differs."""

    def __init__(self) -> None:
        self.bindings, self.queries, self.types = Count(), Count(), Count()

    def differences(self, theirs: Described, ours: Described) -> Iterator[str]:
        """What differs in an API; counts everything."""
        unmatched = {_rough(key): key for key in ours.queries if key not in theirs.queries}
        for key, query in theirs.queries.items():
            if key in ours.queries:
                self.bindings.add(True)
                mine = ours.queries[key]
                if not self.queries.add(query == mine):
                    sides = {"Discovery": query - mine, "OpenAPI": mine - query}
                    said = (f"only in {side} {' '.join(sorted(names))}" for side, names in sides.items() if names)
                    yield f"query of {key}: {'; '.join(said)}"
            elif _rough(key) in unmatched:
                self.bindings.add(False)
                yield f"binding: {key} in Discovery, {unmatched[_rough(key)]} in OpenAPI"
            else:
                yield f"only in Discovery: {key}"
        for key in sorted(ours.queries.keys() - theirs.queries.keys()):
            if not any(_rough(key) == _rough(other) for other in theirs.queries):
                yield f"only in OpenAPI: {key}"
        for name, fields in theirs.types.items():
            fields_of = ours.types.get(name, {}) if f"GoogleRpc{name}" not in theirs.types else {}
            for field, kind in fields.items():
                if field in fields_of and not self.types.add(kind == fields_of[field]):
                    yield f"type: {name}.{field} is {kind} in Discovery, {fields_of[field]} in OpenAPI"


def _rough(key: str) -> str:
    """A binding without what is variable in its path."""
    return "/".join(part for part in _WILDCARD.sub("", key).split("/") if part)


def main(arguments: Sequence[str]) -> int:
    """Print what differs, and how much is the same; fail if that is less than it has to be."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("documents", type=Path)
    parser.add_argument("protos", type=Path)
    parser.add_argument("apis", nargs="*", help="names as of files of Discovery: pubsub.v1")
    parser.add_argument("--without", action="append", default=[], help="an API to leave out; can be repeated")
    given = parser.parse_args(arguments)
    known, compared, count = folders(given.protos), Comparison(), 0
    paths = [given.documents / f"{name}.json" for name in given.apis] or sorted(given.documents.glob("*.json"))
    for path in (path for path in paths if path.stem not in given.without):
        discovery = json.loads(path.read_text("utf-8"))
        host = urlsplit(discovery.get("rootUrl", "")).hostname or ""
        asked = known.get((host, discovery.get("version", "")))
        if asked is None:
            if given.apis:
                print(f"{path.stem}: no service of {host} in {given.protos}")
            continue
        ours = of_openapi(document(given.protos, asked, host))
        found = [*compared.differences(of_discovery(discovery), ours)]
        print(f"{path.stem}, revision {discovery['revision']}: {len(found)} differences", flush=True)
        print("".join(f"  {line}\n" for line in found), end="")
        count += 1
    print(f"{count} APIs: bindings {compared.bindings}, types {compared.types}, queries {compared.queries}")
    return int(compared.bindings.share < BINDINGS or compared.types.share < TYPES)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
