"""Three programs of users of the bindings: type checkers accept them in strict mode, and they do what they should."""

from __future__ import annotations

import asyncio
import importlib
import io
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import grpc.aio
import jsonschema
import pytest
from fastapi.testclient import TestClient

from tests.conftest import REPOSITORY
from tests.runtime.test_typing import CHECKERS, Check
from tests.support.bindings_of import bindings_from, texts_of
from tests.support.protos_of import write
from toolkit.descriptors.compile import compile_tree
from toolkit.runtime import AnyMessage

PROGRAMS = REPOSITORY / "tests/runtime/programs"
PACKAGE = "warehouse"
NAMES = ("fleet", "fleet_server", "pipeline", "shop")


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The programs, by name, with bindings of their protos."""
    compilation = compile_tree([PROGRAMS / "protos"])
    assert not compilation.diagnostics
    with bindings_from(tmp_path_factory.mktemp("programs"), compilation, PACKAGE):
        modules = [f"tests.runtime.programs.{name}" for name in NAMES]
        yield dict(zip(NAMES, map(importlib.import_module, modules), strict=True))
        for name in modules:
            del sys.modules[name]


@pytest.mark.slow(reason="runs mypy and pyright")
@CHECKERS
def test_types(check: Check, tmp_path: Any) -> None:
    """Nothing in a program needs a cast, and nothing in the bindings is untyped, in the strict mode of both checkers."""
    write(tmp_path, texts_of(compile_tree([PROGRAMS / "protos"]), PACKAGE))
    bindings = sorted(tmp_path.rglob("__init__.py"))
    assert len(bindings) > 5
    assert check(tmp_path, *PROGRAMS.glob("*.py"), *bindings, strict=True) == []


# Bulk client


def test_fleet(programs: Any) -> None:
    """Fifty operations at once, retries, deadlines, metadata, pages, details of errors, and ids kept from a run before."""
    asyncio.run(asyncio.wait_for(_fleet(programs["fleet"], programs["fleet_server"]), 30))


async def _fleet(fleet: Any, server: Any) -> None:
    machines = server.Machines()
    operations = server.Operations(machines)
    names = [f"m{number:02}" for number in range(47)]
    others = ["flaky", "broken", "Upper", "late"]
    async with server.served(machines, operations) as address, grpc.aio.insecure_channel(address) as channel:
        client = fleet.Fleet(channel, "t0k3n", patience=0.5)
        report = await client.start([*names, *others])
        assert sorted(report.started) == ["flaky", *names]
        assert report.failed == {"broken": "operations/broken: too many machines (NO_CAPACITY)"}
        assert report.refused == {"Upper": "not a name; name: has to be in lower case; again in 1.5 s"}
        assert report.unfinished == ["operations/late"]
        assert machines.asked["flaky"] == 3
        assert machines.tokens == {"Bearer t0k3n"}
        assert await client.quotas("operations/late") == ["cores"]
        assert await client.quotas("operations/m01") == []
        operations.late = False
        resumed = await client.resume(["operations/late", "operations/broken"])
        assert (resumed.started, list(resumed.failed)) == (["late"], ["operations/broken"])
        assert await client.names() == ["flaky", "late", *names]
        assert await client.first_page() == (20, "20")
        assert await client.served_by("late") == "server-1"
        assert await client.is_slow("slow")
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await client.is_slow("none")
        assert fleet.describe(caught.value) == "no machine none"
        assert [status.name for status in await client.until_running("m01")] == ["STARTING", "RUNNING"]
        await client.stop("m01")
        assert "m01" not in machines.machines
        with pytest.raises(grpc.aio.AioRpcError, match="no machine m01"):
            await client.stop("m01")


# Event pipeline


def test_replay(programs: Any) -> None:
    """A log that was written is read, and leads to what was written in it."""
    pipeline = programs["pipeline"]
    first = pipeline.sample()
    second = pipeline.sample()
    second.email, second.address.city, second.level = "b@example.com", "Bergen", pipeline.Level.GOLD
    second.tags, second.trial = [], None
    event = pipeline.update_of(2, first, second, "ann")
    assert event.change.value.mask == ["email", "level", "address.city", "tags", "trial"]
    assert event.time == datetime(2026, 1, 2, 0, 2, tzinfo=UTC)
    change = pipeline.Event.Change
    log = io.BytesIO()
    events = [
        pipeline.Event(change=change.Created(first)),
        event,
        pipeline.Event(change=change.Created(pipeline.Account(id="a2"))),
        pipeline.Event(change=change.Raised(pipeline.Level.BASIC)),
        pipeline.Event(change=change.Updated(pipeline.Update())),
        pipeline.Event(change=change.Deleted("a2")),
        pipeline.Event(id="e7", details=AnyMessage.pack({"name": "bob"})),
    ]
    assert pipeline.write(log, events) == len(log.getvalue()) > 100
    log.seek(0)
    accounts = pipeline.replay(log)
    assert accounts.known == {"a1": second}
    assert accounts.skipped == ["", "e7"]
    assert list(pipeline.actors(events)) == ["nobody", "ann", "nobody", "nobody", "nobody", "nobody", "bob"]


def test_update_without_a_mask(programs: Any) -> None:
    """What is set is what changes, in nested messages too."""
    pipeline = programs["pipeline"]
    account = pipeline.Account(id="a1", address=pipeline.Address(city="Rome"))
    accounts = pipeline.Accounts()
    accounts.take(pipeline.Event(change=pipeline.Change.Created(pipeline.sample())))
    accounts.take(pipeline.Event(change=pipeline.Change.Updated(pipeline.Update(account=account))))
    wanted = pipeline.sample()
    wanted.address.city = "Rome"
    assert accounts.known == {"a1": wanted}


def test_versions(programs: Any) -> None:
    """What an older version does not know survives it: fields, in nested messages too, and values of an enum."""
    pipeline = programs["pipeline"]
    v2 = pipeline.v2
    account = v2.Account(
        id="a", level=v2.Level.PLATINUM, nickname="al", address=v2.Address(city="Oslo", country="Norway")
    )
    seen = pipeline.through_old_version(account)
    assert seen.tags == ["seen", "level 3"]
    seen.tags.clear()
    assert seen == account


def test_merged(programs: Any) -> None:
    """Merging adds to lists and replaces values, and leaves the messages that it takes from alone."""
    pipeline = programs["pipeline"]
    base, other = pipeline.sample(), pipeline.Account(tags=["old"], trial=timedelta(days=1))
    made = pipeline.merged(base, other)
    assert (made.tags, made.trial, made.address) == (["new", "old"], timedelta(days=1), pipeline.Address(city="Oslo"))
    assert base == pipeline.sample()


def test_fingerprint(programs: Any) -> None:
    """Equal events have equal bytes if that is asked for."""
    pipeline = programs["pipeline"]
    one, two = (pipeline.Event(attributes=dict.fromkeys(order, "x")) for order in ("ab", "ba"))
    assert one.to_bytes() != two.to_bytes()
    assert pipeline.fingerprint(one) == pipeline.fingerprint(two) != pipeline.fingerprint(pipeline.Event())


def test_wrong_events(programs: Any) -> None:
    """What is said about broken input names the place."""
    said = programs["pipeline"].wrong(b"\x0a\x05a", '{"change": {}, "time": "yesterday"}')
    assert len(said) == 4
    for text, word in zip(said, ("acme.events.v1.Event", "change", "time", "planet"), strict=True):
        assert word in text


# Web service

ORDER = {
    "customer": "ann",
    "lines": [{"product": "tea-pot", "count": 2, "price": "1250"}, {"product": "tea", "count": 1, "price": "399"}],
    "address": {"city": "Oslo"},
}


@pytest.fixture
def client(programs: Any) -> Any:
    """A client of a service with one order."""
    made = TestClient(programs["shop"].made())
    assert made.post("/orders", json=ORDER).status_code == 200
    return made


def test_orders(client: Any) -> None:
    """Bodies and responses are ProtoJSON: names in camel case, 64-bit numbers as text, times, oneofs flat."""
    wanted = {"id": "o1", **ORDER, "state": "OPEN", "createdAt": "2026-01-02T03:04:05Z"}
    assert client.get("/orders/o1").json() == wanted
    assert client.get("/orders/o2").status_code == 404
    page = {"orders": [wanted], "of": 1, "state": "OPEN"}
    assert client.get("/orders", params={"state": "OPEN"}).json() == page
    assert client.get("/orders", params={"state": "SENT"}).json()["orders"] == []
    assert client.get("/orders", params={"state": "LOST"}).status_code == 422
    lines = [{"product": "cup", "count": 3, "price": 100}]
    assert client.post("/orders/o1/lines", json=lines).json() == {"cents": 3199, "delivered": "to Oslo"}


def test_updates(client: Any) -> None:
    """A mask says what changes; a wrong one is refused, and so is what breaks a rule."""
    request = {"order": {"locker": "17", "customer": "bob"}, "updateMask": "locker"}
    changed = client.patch("/orders/o1", json=request).json()
    assert (changed["locker"], changed["customer"], "address" in changed) == ("17", "ann", False)
    wrong = client.patch("/orders/o1", json={"updateMask": "planet"})
    assert (wrong.status_code, "planet" in wrong.json()["detail"]) == (400, True)
    assert client.patch("/orders/o1", json={"updateMask": "customer"}).json() == [
        {"path": "customer", "rule": "string.min_len", "message": "At least 1 character."}
    ]
    assert client.get("/orders/o1").json()["customer"] == "ann"


def test_invalid_orders(client: Any) -> None:
    """What is not an order is refused by its type, and what breaks rules by them, with all paths."""
    for body in ({"custmer": "x"}, {"lines": {}}, {"locker": 1, "address": {}}, {"state": "LOST"}, []):
        assert client.post("/orders", json=body).status_code == 422, body
    order = {**ORDER, "lines": [{"product": "T", "count": 100, "price": -1}]}
    found = client.post("/orders", json=order)
    assert found.status_code == 422
    assert [(each["path"], each["rule"]) for each in found.json()] == [
        ("lines[0].product", "string.pattern"),
        ("lines[0].count", "int32.gt_lte"),
        ("lines[0].price", "int64.gte"),
    ]


def test_schema(programs: Any, client: Any) -> None:
    """The schema accepts what the service says, and refuses what it would; the service's OpenAPI document has it."""
    schema = programs["shop"].schema()
    validator = jsonschema.Draft202012Validator(schema)
    validator.check_schema(schema)
    validator.validate(client.get("/orders/o1").json())
    for wrong in ({"customer": 1}, {"locker": "1", "address": {}}, {"state": "LOST"}, {"createdAt": 5}):
        assert not validator.is_valid(wrong), wrong
    document = client.get("/openapi.json").json()
    order = document["components"]["schemas"]["Order"]
    assert order["description"] == "An order of a customer."
    assert order["properties"]["customer"]["description"].startswith("Whose order it is.")
    assert order["properties"]["lines"]["items"] == {"$ref": "#/components/schemas/Line"}
