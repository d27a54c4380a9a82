"""Curl lines go through Envoy: the request arrives as the example, and so does the response."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.gateway.envoy import Servicers, envoy
from tests.support.bindings_of import bindings_from
from tests.targets.examples.test_examples import own
from toolkit.cli import settings as config
from toolkit.descriptors.dynamic import DynamicClasses
from toolkit.descriptors.model import Method, Schema
from toolkit.semantics.facts import Facts
from toolkit.targets.examples.examples import Examples
from toolkit.targets.examples.servers import Servers
from toolkit.targets.examples.snippets import Snippets
from toolkit.targets.rendering import Renderer
from toolkit.targets.workspace import Workspace

Gateway = tuple[Servicers, str, DynamicClasses]
DEMO = REPOSITORY / "site/demo/toolkit.toml"


def _unary(schema: Schema) -> list[Method]:
    return [m for m in schema.methods.values() if m.http and m.is_unary and schema.files[m.location.file].requested]


METHODS = _unary(own()[1])


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """Envoy with the own services, and its base URL."""
    compilation, schema, classes = own()
    servicers = Servicers(Examples(Facts(schema)), "toolkit.bindings")
    services = dict.fromkeys(schema.service_of(method) for method in METHODS)
    with envoy(tmp_path_factory.mktemp("envoy"), compilation, services, servicers) as url:
        yield servicers, url, classes


def _check(method: Method, gateway: Gateway) -> None:
    servicers, url, classes = gateway
    example = servicers.examples.request(method)
    command = Snippets(servicers.facts, Renderer(), Servers(http=url)).curl(method, example)
    assert command is not None
    servicers.asked.clear()
    said = subprocess.run(["sh", "-c", command], check=True, timeout=30, capture_output=True, text=True).stdout
    ((name, sent),) = servicers.asked
    assert name == method.full_name
    assert classes.get(method.input).FromString(sent) == classes.parse(method.input, json.dumps(example))
    response = json.dumps(servicers.examples.response(method))
    assert classes.parse(method.output, said) == classes.parse(method.output, response)


@pytest.mark.slow(reason="starts Envoy, and curl for each method")
@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)
def test_own(method: Method, gateway: Gateway) -> None:
    """The curl line of an own method, run as it stands, is a call of the method with the example."""
    if shutil.which("curl") is None:
        pytest.skip("no curl: apt-get install curl")
    _check(method, gateway)


@pytest.mark.slow(reason="starts Envoy, and curl for each method")
def test_demo(tmp_path: Path) -> None:
    """So are those of the demo, whose bindings have bodies and paths of every kind."""
    if shutil.which("curl") is None:
        pytest.skip("no curl: apt-get install curl")
    workspace = Workspace(config.read(DEMO, {}))
    schema, compilation = workspace.schema, workspace.compilation
    servicers = Servicers(Examples(workspace.facts), "demo_bindings")
    methods = _unary(schema)
    services = dict.fromkeys(map(schema.service_of, methods))
    bindings = bindings_from(tmp_path, compilation, "demo_bindings")
    with bindings, envoy(tmp_path, compilation, services, servicers) as url:
        for method in methods:
            _check(method, (servicers, url, workspace.classes))
    assert len(methods) > 6
