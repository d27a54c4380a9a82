"""A web service of orders, whose bodies and responses are messages."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import FastAPI, HTTPException, Query, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field, TypeAdapter
from warehouse.acme.shop.v1 import Line, Order, State, UpdateOrderRequest

from toolkit.runtime import Unchecked, Violation, check_paths, merge_mask

Delivery = Order.Delivery


class Invalid(Exception):
    """An order that breaks a rule of the .proto file."""

    def __init__(self, violations: list[Violation]) -> None:
        super().__init__(len(violations))
        self.violations = violations


class Page(BaseModel):
    """Orders, newest first; a model of the service's own around messages."""

    orders: list[Order]
    of: int = Field(ge=0, description="How many there are in all.")
    state: State | None = None


class Total(BaseModel):
    """What an order costs."""

    cents: int
    delivered: str


class Shop:
    """Orders in memory."""

    def __init__(self) -> None:
        self.orders: dict[str, Order] = {}

    def find(self, order_id: str) -> Order:
        """An order, or a 404."""
        try:
            return self.orders[order_id]
        except KeyError:
            raise HTTPException(404, f"no order {order_id}") from None


def checked(order: Order) -> Order:
    """An order that breaks no rule."""
    violations = [violation for violation in order.validate() if not isinstance(violation, Unchecked)]
    if violations:
        raise Invalid(violations)
    return order


def total(order: Order) -> Total:
    """The sum of the lines, and where they go."""
    match order.delivery:
        case Delivery.Address(address):
            where = f"to {address.city}"
        case Delivery.Locker(number):
            where = f"in locker {number}"
        case None:
            where = "at the counter"
    return Total(cents=sum(line.count * line.price for line in order.lines), delivered=where)


def invalid(_: Request, error: Exception) -> Response:
    """A response that lists the rules."""
    assert isinstance(error, Invalid)
    found = [{"path": each.path, "rule": each.rule_id, "message": each.message} for each in error.violations]
    return JSONResponse(found, 422)


def made() -> FastAPI:
    """The service."""
    app, shop = FastAPI(), Shop()
    app.add_exception_handler(Invalid, invalid)

    def create(order: Order) -> Order:
        checked(order)
        order.id = f"o{len(shop.orders) + 1}"
        order.state, order.created_at = State.OPEN, datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
        shop.orders[order.id] = order
        return order

    def read(order_id: str) -> Order:
        return shop.find(order_id)

    def update(order_id: str, request: UpdateOrderRequest) -> Order:
        order, mask = shop.find(order_id), request.update_mask or []
        try:
            check_paths(Order, mask)
        except ValueError as error:
            raise HTTPException(400, str(error)) from None
        changed = Order.from_bytes(order.to_bytes())
        merge_mask(changed, request.order or Order(), mask)
        shop.orders[order_id] = checked(changed)
        return changed

    def add(order_id: str, lines: list[Line]) -> Total:
        order = shop.find(order_id)
        order.lines.extend(lines)
        return total(checked(order))

    def find(state: Annotated[State | None, Query()] = None) -> Page:
        found = [order for order in shop.orders.values() if state is None or order.state == state]
        return Page(orders=found, of=len(shop.orders), state=state)

    app.post("/orders")(create)
    app.get("/orders/{order_id}")(read)
    app.patch("/orders/{order_id}")(update)
    app.post("/orders/{order_id}/lines")(add)
    app.get("/orders")(find)
    return app


def schema() -> dict[str, Any]:
    """The JSON Schema of an order."""
    return TypeAdapter(Order).json_schema()
