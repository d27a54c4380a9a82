"""What names in square brackets mean."""

from __future__ import annotations

import pytest

from tests.support.protos_of import proto3, schema_of
from toolkit.descriptors.references import REFERENCE, References, Target, TargetKind

FILES = {
    "acme/zoo.proto": proto3(
        "acme.zoo.v1",
        """message Animal { string name = 1; Kind kind = 2; message Meal { string what = 1; Animal of = 2; } enum Kind { WILD = 0; } }
        message Meal { int32 size = 1; } enum Mood { CALM = 0; }
        message Cage { oneof guest { string cat = 1; string dog = 2; } Mood mood = 3; }
        service Zoo { rpc Feed(Animal) returns (Meal); rpc Walk(Animal) returns (acme.keeper.v1.Keeper); }""",
        "acme/keeper.proto",
    ),
    "acme/keeper.proto": proto3(
        "acme.keeper.v1",
        "message Keeper { string name = 1; message Shift { string day = 1; } } enum Rank { JUNIOR = 0; } service Keepers { rpc Hire(Keeper) returns (Keeper); }",
    ),
    "acme/other.proto": proto3("acme.other.v1", "message Stranger { string name = 1; }"),
}
ANIMAL = "acme.zoo.v1.Animal"
CASES = [
    ("name", ANIMAL, TargetKind.FIELD, f"{ANIMAL}.name"),
    ("Meal", ANIMAL, TargetKind.MESSAGE, f"{ANIMAL}.Meal"),
    ("Meal", "acme.zoo.v1.Zoo", TargetKind.MESSAGE, "acme.zoo.v1.Meal"),
    ("Meal.size", "acme.zoo.v1", TargetKind.FIELD, "acme.zoo.v1.Meal.size"),
    ("Animal.Meal.what", "acme.zoo.v1.Meal", TargetKind.FIELD, f"{ANIMAL}.Meal.what"),
    ("name", f"{ANIMAL}.Meal", TargetKind.FIELD, f"{ANIMAL}.name"),
    ("Kind", ANIMAL, TargetKind.ENUM, f"{ANIMAL}.Kind"),
    ("Animal.Kind", "acme.zoo.v1.Zoo", TargetKind.ENUM, f"{ANIMAL}.Kind"),
    ("Mood", ANIMAL, TargetKind.ENUM, "acme.zoo.v1.Mood"),
    ("Feed", "acme.zoo.v1.Zoo", TargetKind.METHOD, "acme.zoo.v1.Zoo.Feed"),
    ("Zoo.Feed", ANIMAL, TargetKind.METHOD, "acme.zoo.v1.Zoo.Feed"),
    ("zoo.v1.Animal", ANIMAL, TargetKind.MESSAGE, ANIMAL),
    ("acme.zoo.v1.Animal.name", "", TargetKind.FIELD, f"{ANIMAL}.name"),
    ("acme.keeper.v1.Keeper", ANIMAL, TargetKind.MESSAGE, "acme.keeper.v1.Keeper"),
    ("Keeper", ANIMAL, TargetKind.MESSAGE, "acme.keeper.v1.Keeper"),
    ("v1.Keeper", "acme.zoo", TargetKind.MESSAGE, "acme.keeper.v1.Keeper"),
    ("Keeper.name", ANIMAL, TargetKind.FIELD, "acme.keeper.v1.Keeper.name"),
    ("Shift", ANIMAL, TargetKind.MESSAGE, "acme.keeper.v1.Keeper.Shift"),
    ("Keeper.Shift.day", ANIMAL, TargetKind.FIELD, "acme.keeper.v1.Keeper.Shift.day"),
    ("Rank", ANIMAL, TargetKind.ENUM, "acme.keeper.v1.Rank"),
    ("Keepers.Hire", ANIMAL, TargetKind.METHOD, "acme.keeper.v1.Keepers.Hire"),
    ("Zoo", ANIMAL, TargetKind.SERVICE, "acme.zoo.v1.Zoo"),
    ("Keepers", ANIMAL, TargetKind.SERVICE, "acme.keeper.v1.Keepers"),
    ("acme.keeper.v1.Keepers", "", TargetKind.SERVICE, "acme.keeper.v1.Keepers"),
    ("acme.zoo.v1", ANIMAL, TargetKind.PACKAGE, "acme.zoo.v1"),
    ("guest", "acme.zoo.v1.Cage", TargetKind.ONEOF, "acme.zoo.v1.Cage.guest"),
    ("Cage.guest", ANIMAL, TargetKind.ONEOF, "acme.zoo.v1.Cage.guest"),
]
VALUES = [
    ("WILD", ANIMAL, f"{ANIMAL}.WILD", f"{ANIMAL}.Kind"),
    ("Animal.WILD", "acme.zoo.v1.Zoo", f"{ANIMAL}.WILD", f"{ANIMAL}.Kind"),
    ("Animal.Kind.WILD", "acme.zoo.v1.Zoo", f"{ANIMAL}.WILD", f"{ANIMAL}.Kind"),
    ("Kind.WILD", ANIMAL, f"{ANIMAL}.WILD", f"{ANIMAL}.Kind"),
    ("WILD", f"{ANIMAL}.Kind", f"{ANIMAL}.WILD", f"{ANIMAL}.Kind"),
    ("acme.zoo.v1.CALM", "", "acme.zoo.v1.CALM", "acme.zoo.v1.Mood"),
    ("acme.zoo.v1.Mood.CALM", "", "acme.zoo.v1.CALM", "acme.zoo.v1.Mood"),
    ("CALM", "acme.zoo.v1.Cage", "acme.zoo.v1.CALM", "acme.zoo.v1.Mood"),
    ("Rank.JUNIOR", ANIMAL, "acme.keeper.v1.JUNIOR", "acme.keeper.v1.Rank"),
]
NOWHERE = [
    "Gone",
    "Animal.gone",
    "Keeper.gone",
    "Stranger",
    "Stranger.name",
    "eeper",
    "Rank.CALM",
    "Mood.WILD",
    "zoo.v1",
    "v1",
    "Rank.name",
    "Mood.x",
]


@pytest.fixture(scope="module")
def references(tmp_path_factory: pytest.TempPathFactory) -> References:
    """Over a schema of three packages, of which one imports another."""
    return References(schema_of(tmp_path_factory.mktemp("protos"), FILES))


@pytest.mark.parametrize(("name", "scope", "kind", "full_name"), CASES)
def test_found(references: References, name: str, scope: str, kind: TargetKind, full_name: str) -> None:
    """A name is looked for from the scope outwards, then by its ending among what the file imports."""
    assert references.resolve(name, scope, "acme/zoo.proto") == Target(kind, full_name)


@pytest.mark.parametrize("name", NOWHERE)
def test_not_found(references: References, name: str) -> None:
    """What is neither in scope nor imported leads nowhere; packages have only their full name."""
    assert references.resolve(name, ANIMAL, "acme/zoo.proto") is None


@pytest.mark.parametrize(("name", "scope", "full_name", "enum"), VALUES)
def test_values(references: References, name: str, scope: str, full_name: str, enum: str) -> None:
    """A value is named as protobuf scopes it, beside its enum, or by its enum; the enum shows it."""
    target = references.resolve(name, scope, "acme/zoo.proto")
    assert target == Target(TargetKind.VALUE, full_name, enum)
    assert target.shown_by == enum


def test_meant(references: References) -> None:
    """A name that can't be resolved is meant as a reference if it has a dot, or if a type, service or method has it."""
    names = ["Optional", "i", "EXPERIMENTAL", "PROJECT_ID", "Stranger", "Hire", "Gone", "acme.Gone", "Gone.name"]
    assert [name for name in names if references.is_meant(name)] == ["Stranger", "Hire", "acme.Gone", "Gone.name"]


def test_imports_decide(references: References) -> None:
    """A file that imports nothing, and one that is not there, see their scope only; full names lead from everywhere."""
    for file in ("acme/other.proto", "gone.proto"):
        assert references.resolve("Keeper", "acme.other.v1", file) is None
        target = references.resolve("acme.keeper.v1.Keeper", "acme.other.v1", file)
        assert target == Target(TargetKind.MESSAGE, "acme.keeper.v1.Keeper")


def test_shown_by(references: References) -> None:
    """A field or oneof is shown by its message, everything else but values by itself."""
    shown = {
        name: references.resolve(name, ANIMAL, "acme/zoo.proto").shown_by
        for name in ("name", "Meal", "Mood", "Zoo.Feed")
    }
    assert shown == {
        "name": ANIMAL,
        "Meal": f"{ANIMAL}.Meal",
        "Mood": "acme.zoo.v1.Mood",
        "Zoo.Feed": "acme.zoo.v1.Zoo.Feed",
    }


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("See [Animal] and [Animal.name].", ["Animal", "Animal.name"]),
        ("[Animal](https://x), [Animal][zoo]", ["zoo"]),
        ("[two words] [1] [] [a-b] [.a] [a.] [a..b]", []),
        ("[_a1]", ["_a1"]),
    ],
)
def test_written(text: str, names: list[str]) -> None:
    """A reference is a dotted name in brackets that is not the text of a Markdown link."""
    assert REFERENCE.findall(text) == names
