"""Curl lines of the own methods go through Envoy: the request arrives as the example, and so does the response."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator

import pytest

from tests.gateway.envoy import Servicers, envoy
from tests.targets.examples.test_examples import own
from toolkit.descriptors.model import Method
from toolkit.semantics.facts import Facts
from toolkit.targets.examples.examples import Examples
from toolkit.targets.examples.servers import Servers
from toolkit.targets.examples.snippets import Snippets
from toolkit.targets.rendering import Renderer

METHODS = [method for method in own()[1].methods.values() if method.http and method.is_unary]


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Servicers, str]]:
    """Envoy with the own services, and its base URL."""
    compilation, schema, _ = own()
    servicers = Servicers(Examples(Facts(schema)), "toolkit.bindings")
    services = dict.fromkeys(schema.service_of(method) for method in METHODS)
    with envoy(tmp_path_factory.mktemp("envoy"), compilation, services, servicers) as url:
        yield servicers, url


@pytest.mark.slow(reason="starts Envoy, and curl for each method")
@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)
def test_own(method: Method, gateway: tuple[Servicers, str]) -> None:
    """The curl line of an own method, run as it stands, is a call of the method with the example."""
    if shutil.which("curl") is None:
        pytest.skip("no curl: apt-get install curl")
    servicers, url = gateway
    _, schema, classes = own()
    example = servicers.examples.request(method)
    command = Snippets(Facts(schema), Renderer(), Servers(http=url)).curl(method, example)
    assert command is not None
    servicers.asked.clear()
    said = subprocess.run(["sh", "-c", command], check=True, timeout=30, capture_output=True, text=True).stdout
    ((name, sent),) = servicers.asked
    assert name == method.full_name
    assert classes.get(method.input).FromString(sent) == classes.parse(method.input, json.dumps(example))
    response = json.dumps(servicers.examples.response(method))
    assert classes.parse(method.output, said) == classes.parse(method.output, response)
