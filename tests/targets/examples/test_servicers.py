"""Python snippets run against generated servicers: an operation is waited for, and a list is read page by page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.bindings_of import Bindings as Made
from tests.support.bindings_of import bindings_of
from tests.support.client_trees import SOURCES, served
from toolkit.descriptors.loader import load
from toolkit.runtime import AnyMessage
from toolkit.semantics.facts import Facts
from toolkit.targets.examples.constructors import Bindings
from toolkit.targets.examples.examples import Examples
from toolkit.targets.examples.servers import Servers
from toolkit.targets.examples.snippets import Snippets
from toolkit.targets.rendering import Renderer


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    """The bindings of a tree with operations and lists."""
    with bindings_of(tmp_path_factory.mktemp("made"), SOURCES) as found:
        yield found


def run(made: Made, name: str, server: str) -> None:
    """Run the snippet of a method as it stands, with a header."""
    facts = Facts(load(made.compilation))
    method = facts.schema.methods[name]
    servers = Servers(grpc=server, headers={"x-team": "red $TEAM"})
    snippets = Snippets(facts, Renderer(), servers, Bindings(facts, made.package))
    code = snippets.python(method, Examples(facts).request(method))
    assert code is not None
    exec(compile(code, name, "exec"), {})


def test_operation(made: Made, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The snippet polls until the operation is done, with the headers of the call, and prints its result."""
    monkeypatch.setenv("TEAM", "fox")
    work, operation = made.module("acme.work.v1"), made.module("acme.operation")
    asked: list[str] = []
    teams: list[Any] = []

    class Works(work.WorksServicer):  # type: ignore[misc, name-defined]
        def make(self, request: Any, context: Any) -> Any:
            asked.append(request.name)
            teams.append(dict(context.invocation_metadata()).get("x-team"))
            return operation.Operation(id="op-1")

    class Operations(operation.OperationServiceServicer):  # type: ignore[misc, name-defined]
        def get(self, request: Any, context: Any) -> Any:
            asked.append(request.operation_id)
            if len(asked) < 3:
                return operation.Operation(id="op-1")
            result = operation.Operation.Result.Response(AnyMessage.pack(work.Thing(name="made it")))
            return operation.Operation(id="op-1", done=True, result=result)

    with served(Works(), Operations()) as server:
        run(made, "acme.work.v1.Works.Make", server)
    assert asked[1:] == ["op-1", "op-1"]
    assert teams == ["red fox"]
    assert capsys.readouterr().out == 'Thing(name="made it")\n'.replace('"', "'")


def test_list(made: Made, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The snippet prints the items of all pages."""
    monkeypatch.setenv("TEAM", "fox")
    work = made.module("acme.work.v1")
    tokens: list[str] = []

    class Shelf(work.ShelfServicer):  # type: ignore[misc, name-defined]
        def list(self, request: Any, context: Any) -> Any:
            tokens.append(request.page_token)
            token = "more" if len(tokens) == 1 else ""
            return work.ListResponse(things=[work.Thing(name=f"thing {len(tokens)}")], next_page_token=token)

    with served(Shelf()) as server:
        run(made, "acme.work.v1.Shelf.List", server)
    assert tokens[1:] == ["more"]
    assert capsys.readouterr().out == "Thing(name='thing 1')\nThing(name='thing 2')\n"
