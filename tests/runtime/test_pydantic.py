"""Messages, cases of oneofs and enums in pydantic models, and as bodies and responses of FastAPI: as ProtoJSON."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import BaseModel, TypeAdapter, ValidationError, create_model

from tests.support.bindings_of import bindings_of
from tests.support.protos_of import proto3
from toolkit.runtime import AnyMessage, Message

KITCHEN = """
// A meal and what it is made of.
message Dish {
  // As the menu says it.
  string name = 1;
  int64 calories = 2;
  bytes photo = 3;
  repeated Dish sides = 4;
  map<string, Course> courses = 5;
  Course course = 6;
  oneof origin {
    // From our own garden.
    Garden garden = 7;
    string shop_name = 8;
  }
  google.protobuf.Timestamp cooked = 9;
  double weight = 10;
  google.protobuf.Int64Value price = 11;
  google.protobuf.Any more = 12;
  uint32 guests = 13;
  message Garden { int32 row = 1; }
}
// A part of a meal.
enum Course { STARTER = 0; MAIN = 1; }
"""
FILES = [f"google/protobuf/{name}.proto" for name in ("timestamp", "wrappers", "any")]
JSON = {
    "name": "stew",
    "calories": "9007199254740993",
    "photo": "//4=",
    "sides": [{"name": "bread", "sides": [{"course": "MAIN"}]}],
    "courses": {"a": "MAIN", "b": "STARTER", "c": 7},
    "shopName": "corner",
    "cooked": "2026-01-02T03:04:05.000000006Z",
    "weight": "-Infinity",
    "price": "5",
    "more": {"@type": "type.googleapis.com/food.Dish.Garden", "row": 1},
    "guests": 2,
}


@pytest.fixture(scope="module")
def food(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The module of dishes."""
    with bindings_of(tmp_path_factory.mktemp("food"), {"food.proto": proto3("food", KITCHEN, *FILES)}) as made:
        yield made.module("food")


def test_messages(food: Any) -> None:
    """A message is read from ProtoJSON or taken as it is, is whole, and is written as ProtoJSON."""
    adapter = TypeAdapter(food.Dish)
    dish = adapter.validate_python(JSON)
    assert dish.to_dict() == JSON
    assert adapter.validate_python(dish) is dish
    assert adapter.validate_json(adapter.dump_json(dish)).to_bytes() == dish.to_bytes()
    assert adapter.dump_python(dish) == JSON
    assert food.Dish.from_bytes(adapter.validate_python({"name": "a"}).to_bytes()) == food.Dish(name="a")
    for wrong in ({"nam": 1}, {"calories": "x"}, [], None, food.Dish.Garden()):
        with pytest.raises(ValidationError, match=r"food\.Dish|expected an object or a Dish"):
            adapter.validate_python(wrong)


def test_models(food: Any) -> None:
    """Messages, cases and enums are fields of models."""
    origin = food.Dish.Origin
    table = create_model(
        "Table", dishes=(list[food.Dish], ...), course=(food.Course, food.Course.MAIN), of=(origin.Garden, ...)
    )
    made: Any = table.model_validate({"dishes": [JSON], "of": {"garden": {"row": 3}}})
    assert made.of == origin.Garden(food.Dish.Garden(row=3))
    assert made.course is food.Course.MAIN
    assert made.model_dump(mode="json") == {"dishes": [JSON], "course": "MAIN", "of": {"garden": {"row": 3}}}
    assert table.model_validate_json(made.model_dump_json()) == made
    assert table.model_validate({"dishes": [], "course": 9, "of": made.of}).model_dump()["course"] == 9
    for wrong in ({"course": "DESSERT"}, {"course": True}, {"of": {"shopName": "a"}}, {"of": 1}):
        with pytest.raises(ValidationError, match=r"Value error"):
            table.model_validate({"dishes": [], "of": made.of, **wrong})


def test_json_schema(food: Any) -> None:
    """The JSON Schema accepts what is written, knows the comments, and refuses two members of a oneof."""
    schema = TypeAdapter(food.Dish).json_schema()
    dish = schema["$defs"]["Dish"]
    assert dish["description"] == "A meal and what it is made of."
    assert dish["properties"]["name"] == {"type": "string", "description": "As the menu says it."}
    assert dish["properties"]["garden"]["description"] == "From our own garden."
    assert dish["properties"]["sides"]["items"] == {"$ref": "#/$defs/Dish"}
    assert schema["$defs"]["Course"]["description"] == "A part of a meal."
    validator = jsonschema.Draft202012Validator(schema)
    validator.check_schema(schema)
    validator.validate(JSON)
    for wrong in ({"name": 1}, {"course": "DESSERT"}, {"guests": -1}, {"garden": {}, "shopName": "a"}, {"sides": {}}):
        assert not validator.is_valid(wrong), wrong
    both = TypeAdapter(food.Dish.Origin.ShopName).json_schema()
    assert both["properties"] == {"shopName": {"type": "string"}}


def test_fast_api(food: Any) -> None:
    """A message is the body and the response of a FastAPI route, which describes it in its OpenAPI document."""
    app = FastAPI()

    def cook(dish: Any) -> Any:
        return food.Dish(name=f"more {dish.name}", calories=dish.calories, course=food.Course.MAIN)

    cook.__annotations__ = {"dish": food.Dish, "return": food.Dish}
    app.post("/dishes")(cook)
    client = TestClient(app)
    answer = client.post("/dishes", json=JSON)
    assert answer.json() == {"name": "more stew", "calories": "9007199254740993", "course": "MAIN"}
    assert client.post("/dishes", json={"name": 1}).status_code == 422
    document = client.get("/openapi.json").json()
    # As of other recursive types, pydantic keeps what is read and what is written apart.
    assert document["components"]["schemas"]["Dish-Input"]["properties"]["calories"]["type"] == "string"
    body = document["paths"]["/dishes"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert body == {"$ref": "#/components/schemas/Dish-Input"}


class Envelope(BaseModel):
    """A model with types of the runtime."""

    inner: AnyMessage | None = None


def test_any(food: Any) -> None:
    """An Any is the JSON of its message, with its type."""
    made = Envelope(inner=AnyMessage.pack(food.Dish.Garden(row=2)))
    assert made.model_dump(mode="json") == {"inner": {"@type": "type.googleapis.com/food.Dish.Garden", "row": 2}}
    assert Envelope.model_validate(made.model_dump()) == made
    assert "@type" in Envelope.model_json_schema()["$defs"]["Any"]["properties"]


def test_without_pydantic() -> None:
    """The bindings don't import pydantic."""
    code = "import sys; from toolkit.bindings.yandex.cloud.compute.v1 import Image; Image().to_json(); assert 'pydantic' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
    assert issubclass(AnyMessage, Message)
