"""Curl lines of a large tree through Envoy, drawn by a seed, and all others through a router of path templates.

python -m tests.gateway [TREE] [--count 200] [--seed 1]
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.gateway.envoy import Servicers, envoy
from tests.gateway.router import Router
from tests.support.bindings_of import bindings_from
from tests.support.published import CLOUDAPI, import_roots
from toolkit.descriptors.compile import compile_tree
from toolkit.descriptors.dynamic import DynamicClasses
from toolkit.descriptors.loader import load
from toolkit.descriptors.model import Method
from toolkit.semantics.facts import Facts
from toolkit.semantics.http import HttpRequest
from toolkit.targets.examples.examples import Examples
from toolkit.targets.examples.servers import Servers
from toolkit.targets.examples.snippets import Snippets
from toolkit.targets.rendering import Renderer


def routed(methods: Sequence[Method], examples: Examples, classes: DynamicClasses) -> Iterator[tuple[str, str]]:
    """Each method, and ``ok`` or what is wrong with its request, as a router of the templates sees it."""
    router = Router(examples.schema)
    for method in methods:
        example = examples.request(method)
        request = examples.facts.http(method).request(example)
        if not isinstance(request, HttpRequest):
            yield method.full_name, f"no request: {request}"
            continue
        found = router.find(request.verb, request.target, request.body, method)
        if found is None:
            yield method.full_name, f"404: {request.target}"
            continue
        expected = classes.parse(method.input, json.dumps(example))
        same = classes.parse(method.input, json.dumps(found)) == expected
        yield method.full_name, "ok" if same else f"arrives as another request: {found}"


def sent(
    methods: Sequence[Method], servicers: Servicers, classes: DynamicClasses, url: str
) -> Iterator[tuple[str, str]]:
    """Each method, and ``ok`` or what is wrong with its curl line, as a gateway and a server see it."""
    snippets = Snippets(servicers.facts, Renderer(), Servers(http=url))
    for method in methods:
        example = servicers.examples.request(method)
        command = snippets.curl(method, example)
        if command is None:
            yield method.full_name, "no curl"
            continue
        servicers.asked.clear()
        said = subprocess.run(["sh", "-c", command], timeout=60, capture_output=True, text=True, check=False).stdout
        if [name for name, _ in servicers.asked] != [method.full_name]:
            yield method.full_name, f"did not arrive: {said}"
            continue
        request = classes.get(method.input).FromString(servicers.asked[0][1])
        if request != classes.parse(method.input, json.dumps(example)):
            yield method.full_name, "arrives as another request"
            continue
        response = classes.parse(method.output, json.dumps(servicers.examples.response(method)))
        try:
            same = classes.parse(method.output, said) == response
        except Exception as error:
            yield method.full_name, f"the response can't be read: {error}: {said[:200]}"
            continue
        yield method.full_name, "ok" if same else "another response"


def main(arguments: Sequence[str]) -> int:
    """Print the failures, and how many methods each outcome has."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tree", nargs="?", type=Path, default=CLOUDAPI / "2026-06-29-8ad214f2")
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    compilation = compile_tree(import_roots(given.tree))
    schema, classes = load(compilation), DynamicClasses(compilation)
    facts = Facts(schema)
    examples = Examples(facts)
    methods = [m for service in schema.requested_services() for m in service.methods if facts.http(m)]
    unary = [method for method in methods if method.is_unary]
    drawn = random.Random(given.seed).sample(unary, min(given.count, len(unary)))
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        services = dict.fromkeys(map(schema.service_of, drawn))
        servicers = Servicers(examples, "drawn")
        bindings = bindings_from(Path(folder), compilation, "drawn")
        with bindings, envoy(Path(folder), compilation, services, servicers) as url:
            results = {
                "gateway": [*sent(drawn, servicers, classes, url)],
                "router": [*routed(methods, examples, classes)],
            }
    for name, outcomes in results.items():
        for method, outcome in outcomes:
            if outcome != "ok":
                failed = True
                print(f"{name}: {method}: {outcome}")
        print(f"{name}: {dict(Counter('ok' if outcome == 'ok' else 'failed' for _, outcome in outcomes))}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
