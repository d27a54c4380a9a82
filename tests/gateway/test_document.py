"""Requests made of nothing but the OpenAPI document go through Envoy: they arrive as the examples."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

import pytest

from tests.gateway.envoy import Servicers, envoy
from tests.gateway.shelves import Call, Gateway, calls, document_of_called, shelves
from tests.targets.examples.test_examples import own
from tests.targets.openapi.documents import operation, validator_of
from toolkit.semantics.facts import Facts
from toolkit.targets.examples.examples import Examples


@pytest.fixture(scope="module")
def own_gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """Envoy with the own services, and their document."""
    compilation, schema, classes = own()
    servicers = Servicers(Examples(Facts(schema)), "toolkit.bindings")
    methods = [method for method in schema.methods.values() if method.http and method.is_unary]
    services = dict.fromkeys(map(schema.service_of, methods))
    with envoy(tmp_path_factory.mktemp("envoy"), compilation, services, servicers) as url:
        yield Gateway(servicers, url, document_of_called(servicers, methods), classes)


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """Envoy with the services of a tree that has every kind of binding, and their document."""
    with shelves(tmp_path_factory.mktemp("shelves")) as made:
        yield made


def _send(url: str, call: Call, many: set[str]) -> Any:
    """The response to a call; ``many`` are the parameters that may have slashes."""
    path = call.path
    for name, value in call.in_path.items():
        path = path.replace(f"{{{name}}}", quote(str(value), safe="/" if name in many else ""))
    assert "{" not in path
    lists = {name: value if isinstance(value, list) else [value] for name, value in call.in_query.items()}
    query = [(name, _text(item)) for name, items in lists.items() for item in items]
    data = None if call.body is None else json.dumps(call.body).encode()
    address = url + path + (f"?{urlencode(query, quote_via=quote)}" if query else "")
    request = Request(address, data, {"Content-Type": "application/json"}, method=call.verb.upper())
    with urlopen(request, timeout=30) as response:
        return json.load(response)


def _text(value: Any) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def _check(gateway: Gateway) -> int:
    gateway.servicers.asked.clear()
    found = calls(gateway.document)
    for call in found:
        described = operation(gateway.document, call.id)
        many = {one["name"] for one in described.get("parameters", ()) if one.get("x-proto-multi-segment")}
        said = _send(gateway.url, call, many)
        schema = described["responses"]["200"]["content"]["application/json"]["schema"]
        assert not [*validator_of(schema, gateway.document).iter_errors(said)], call.id
    gateway.check()
    return len(found)


@pytest.mark.slow(reason="starts Envoy")
def test_own(own_gateway: Gateway) -> None:
    """Own methods."""
    assert _check(own_gateway) > 5


@pytest.mark.slow(reason="starts Envoy")
def test_all_kinds(gateway: Gateway) -> None:
    """Templates of all kinds, bodies that are a field, and queries with nested messages and lists."""
    assert _check(gateway) == 6
