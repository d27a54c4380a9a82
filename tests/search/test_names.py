"""Names are found as people write them, on a tree of our own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.search.ranking import ask
from tests.support.command import run
from tests.support.protos_of import proto3, write

TREE = {
    "protos/shop.proto": proto3(
        "acme.shop.v1",
        """
        service OrderService {
          rpc Get(GetOrderRequest) returns (Order) { option (google.api.http) = { get: "/v1/{name=orders/*}" }; }
          rpc List(ListOrdersRequest) returns (ListOrdersResponse);
          rpc Create(CreateOrderRequest) returns (Order);
          rpc Update(UpdateOrderRequest) returns (Order);
        }
        message Order { string name = 1; State state = 2; repeated Item items = 3; }
        message Item { int32 unit_price = 1; }
        enum State { STATE_UNSPECIFIED = 0; STATE_PAID = 1; }
        message GetOrderRequest { string name = 1; }
        message ListOrdersRequest { int32 page_size = 1; }
        message ListOrdersResponse { repeated Order orders = 1; }
        message CreateOrderRequest { Order order = 1; int32 unit_price = 2; }
        message UpdateOrderRequest { Order order = 1; }
        """,
        "google/api/annotations.proto",
    ),
    "protos/stock.proto": proto3(
        "acme.stock.v1",
        "service OrderService { rpc Get(A) returns (A); } message A { map<string, string> labels = 1; } message Über { int32 x = 1; }",
    ),
    "protos/none.proto": 'syntax = "proto3"; message Loose { int32 y = 1; } enum E { ZERO = 0; }',
}
SHOP = "acme.shop.v1"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The index of names of the tree."""
    folder = write(tmp_path_factory.mktemp("names"), {n: t.replace("Über", "Uber") for n, t in TREE.items()})
    ran = run("generate", "site", "-q", "--proto-path", "protos", cwd=folder)
    assert ran.code == 0, ran.errors
    return folder / "site/assets/toolkit/names.json"


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("OrderService.Create", f"{SHOP}.OrderService.Create"),
        ("orderservice/create", f"{SHOP}.OrderService.Create"),
        ("/acme.stock.v1.OrderService/Get", "acme.stock.v1.OrderService.Get"),
        ("stock order get", "acme.stock.v1.OrderService.Get"),
        ("create order", f"{SHOP}.OrderService.Create"),
        ("create an order", f"{SHOP}.OrderService.Create"),
        ("how do I change an order?", f"{SHOP}.OrderService.Update"),
        ("orders list", f"{SHOP}.OrderService.List"),
        ("creat ordre", f"{SHOP}.OrderService.Create"),
        ("OrderServce.Update", f"{SHOP}.OrderService.Update"),
        ("GET /v1/orders/7", f"{SHOP}.OrderService.Get"),
        ("https://acme.example/v1/orders/7?x=1", f"{SHOP}.OrderService.Get"),
        ("unit_price", f"{SHOP}.CreateOrderRequest.unit_price"),
        ("Item.unit_price", f"{SHOP}.Item.unit_price"),
        ("STATE_PAID", f"{SHOP}.STATE_PAID"),
        ("labels", "acme.stock.v1.A.labels"),
        ("Order", f"{SHOP}.Order"),
        ("Loose.y", "Loose.y"),
        ("ZERO", "ZERO"),
    ],
)
def test_first(index: Path, query: str, first: str) -> None:
    """The first hit is what the query means."""
    ((found,), _, _) = ask(index, [query])
    assert found[:1] == [first]


@pytest.mark.parametrize(
    "query", ["", "  ", "zyxwvut", ".", "/", "//", "a" * 5000, "\\(", "[[", "constructor", "__proto__"]
)
def test_nothing(index: Path, query: str) -> None:
    """Of what has no meaning nothing is found, and nothing breaks."""
    ((found,), _, _) = ask(index, [query])
    assert found == []


def test_kinds_in_order(index: Path) -> None:
    """The thing of that name comes first, then methods, and requests last."""
    ((found, words), _, _) = ask(index, ["order", "order create"])
    assert found[0] == f"{SHOP}.Order"
    assert found[1].startswith(f"{SHOP}.OrderService.")
    assert words.index(f"{SHOP}.OrderService.Create") < words.index(f"{SHOP}.CreateOrderRequest")
