"""What is hidden is nowhere in the schema that is left, and all else is."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.protos_of import proto3, schema_of
from tests.support.work import calls
from toolkit.descriptors.model import Comment, Element, Field, File, Kind, Message, Schema, TypeRef
from toolkit.errors import ConfigError, Location
from toolkit.semantics.facts import Facts
from toolkit.semantics.visibility import Visibility, visible

OPTIONS = """
syntax = "proto2";
package acme.options;
import "google/protobuf/descriptor.proto";
enum Stage { STAGE_UNSPECIFIED = 0; ALPHA = 1; BETA = 2; }
extend google.protobuf.FileOptions { optional Stage file_stage = 50001; }
message Audience {
  optional string only = 1;
  repeated string also = 2;
  optional Stage stage = 3;
  optional Audience within = 4;
  extensions 100 to 200;
}
extend Audience { optional string team = 100; }
extend google.protobuf.FieldOptions {
  optional bool internal = 50001;
  optional Audience audience = 50002;
  optional string labels = 50003;
  repeated Stage stages = 50004;
}
extend google.protobuf.MethodOptions { optional bool secret = 50001; }
"""
ZOO = proto3(
    "acme.zoo.v1",
    """
import "acme/options.proto";
import "google/api/visibility.proto";
option (acme.options.file_stage) = BETA;
service CatService {
  rpc Get(GetCatRequest) returns (Cat);
  rpc Feed(Cat) returns (stream Cat) { option (acme.options.secret) = false; }
}
service DogService { rpc Walk(Dog) returns (Nothing); }
message GetCatRequest { string id = 1; }
message Nothing {}
message Cat {
  string name = 1 [(acme.options.internal) = true];
  Mood mood = 2 [(acme.options.audience) = { only: "cats" also: "vets" also: "us" stage: BETA within { only: "you" } [acme.options.team]: "t" }];
  repeated Cat kittens = 3 [(acme.options.labels) = "INTERNAL, TRUSTED_TESTER"];
  map<string, Toy> toys = 4 [(google.api.field_visibility).restriction = "INTERNAL,EARLY"];
  oneof home { string street = 5; Toy box = 6; }
  message Toy {
    bytes colour = 1;
    Mood mood = 2 [(acme.options.stages) = ALPHA, (acme.options.stages) = BETA];
    enum Size { SMALL = 0; LARGE = 1; }
  }
}
message Dog { Cat.Toy.Size size = 1; optional string bone = 2 [(acme.options.internal) = false]; }
enum Mood { MOOD_UNSPECIFIED = 0; PURRING = 1; }
""",
)
OLD = """
syntax = "proto2";
package acme.old;
import "acme/zoo.proto";
message Base { extensions 10 to 20; optional Level level = 1 [default = HIGH]; extend Base { optional Base again = 12; } }
enum Level { LOW = 0; HIGH = 1; }
extend Base { optional acme.zoo.v1.Dog dog = 10; optional string tag = 11; }
"""
SOURCES = {"acme/options.proto": OPTIONS, "acme/zoo.proto": ZOO, "acme/old.proto": OLD}


@cache
def zoo() -> Schema:
    """The tree above, once."""
    with TemporaryDirectory() as folder:
        return schema_of(Path(folder), SOURCES)


def one_of(folder: Path, body: str, *, head: str = "") -> Schema:
    """A schema of one file; ``head`` goes before its package statement."""
    return schema_of(folder, {"acme/one.proto": f'syntax = "proto3";\n{head}\npackage acme.one;\n\n{body}\n'})


def elements(schema: Schema) -> Iterator[Element]:
    """All elements of a schema."""
    for message in schema.messages.values():
        yield message
        yield from (*message.fields, *message.oneofs, *message.extensions)
    for enum in schema.enums.values():
        yield enum
        yield from enum.values
    for service in schema.services.values():
        yield service
        yield from service.methods
    for file in schema.files.values():
        yield from file.extensions


def names(schema: Schema, within: str = "acme.") -> set[str]:
    """The full names of elements."""
    return {element.full_name for element in elements(schema) if element.full_name.startswith(within)}


def strings(value: Any) -> Iterator[str]:
    """Every string anywhere in a value."""
    if isinstance(value, str):
        yield str(value)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from strings(key)
            yield from strings(item)
    elif isinstance(value, tuple | list):
        for item in value:
            yield from strings(item)
    elif dataclasses.is_dataclass(value):
        for part in dataclasses.fields(value):
            yield from strings(getattr(value, part.name))


def expected(schema: Schema, marked: set[str]) -> set[str]:
    """What is hidden where ``marked`` is, and what only that uses."""
    hidden = closed(schema, marked)
    return closed(schema, hidden | unused(schema, hidden))


def closed(schema: Schema, marked: set[str]) -> set[str]:
    """What is hidden where ``marked`` is: every rule over every element until nothing is added."""
    hidden = set(marked)
    while True:
        before = len(hidden)
        for message in schema.messages.values():
            gone = message.full_name in hidden
            for field in (*message.fields, *message.extensions):
                oneof = f"{message.full_name}.{field.oneof}" if field.oneof else ""
                if gone or oneof in hidden or field.type.name in hidden or field.extendee in hidden:
                    hidden.add(field.full_name)
            for oneof_ in message.oneofs:
                if gone or {f"{message.full_name}.{name}" for name in oneof_.fields} <= hidden:
                    hidden.add(oneof_.full_name)
            hidden.update((*message.messages, *message.enums) if gone else ())
        for enum in schema.enums.values():
            values = {value.full_name for value in enum.values}
            if enum.full_name in hidden or values <= hidden:
                hidden |= {enum.full_name, *values}
        for service in schema.services.values():
            for method in service.methods:
                if hidden & {service.full_name, method.input, method.output}:
                    hidden.add(method.full_name)
            if service.methods and {method.full_name for method in service.methods} <= hidden:
                hidden.add(service.full_name)
        for file in schema.files.values():
            hidden.update(e.full_name for e in file.extensions if hidden & {e.extendee, e.type.name})
        if len(hidden) == before:
            return hidden


def unused(schema: Schema, hidden: set[str]) -> set[str]:
    """The types that only hidden elements use, or the fields of one that something shown is declared in."""
    fields = [*schema.extensions.values(), *(f for m in schema.messages.values() for f in m.fields)]
    uses = {(f.extendee or f.parent, f.type.name, f.full_name) for f in fields if f.type.kind is not Kind.SCALAR}
    holds = {(m.full_name, name) for m in schema.messages.values() for name in (*m.messages, *m.enums)}
    follows = holds | {(by, to) for by, to, _ in uses}
    brought = {(name, m.full_name) for m in schema.methods.values() for name in (m.input, m.output)}

    def reached(names: set[str], end: str = "") -> set[str]:
        found = names - hidden - {end}
        while more := {to for by, to in follows if by in found} - found - hidden - {end}:
            found |= more
        return {name for name in found if not name.startswith("google.")}

    below = reached({name for name, method in brought if method in hidden})
    below = below.union(*(reached({to}, by) for by, to, field in uses if field in hidden))
    shown = {name for name, method in brought if method not in hidden}
    shown |= {to for by, to, field in uses if by not in below and field not in hidden}
    while more := {to for by, to, field in uses if by in shown & below and field not in hidden} - shown:
        shown |= more
    gone = below - shown
    found: set[str] = set()
    for name in gone:
        within = {e.full_name for e in elements(schema) if e.full_name.startswith(f"{name}.")}
        types = {n for n in within if n in schema.messages or n in schema.enums}
        extended = {schema.extensions[n].extendee for n in within if n in schema.extensions}
        whole = types | extended <= gone
        found |= {name} if whole else {f.full_name for f in schema.messages[name].fields}
    return found


def is_whole(schema: Schema) -> None:
    """Everything that a schema names is in it."""
    for file in schema.files.values():
        assert set(file.messages) <= schema.messages.keys()
        assert set(file.enums) <= schema.enums.keys()
        assert set(file.services) <= schema.services.keys()
        assert set(file.imports) <= schema.files.keys()
    for message in schema.messages.values():
        assert set(message.messages) <= schema.messages.keys()
        assert set(message.enums) <= schema.enums.keys()
        for oneof in message.oneofs:
            assert oneof.fields == tuple(f.name for f in message.fields if f.oneof == oneof.name) != ()
        assert {field.oneof for field in message.fields} - {""} == {oneof.name for oneof in message.oneofs}
    for element in elements(schema):
        assert element.location.file in schema.files
        if isinstance(element, Field):
            kinds = {Kind.MESSAGE: schema.messages, Kind.ENUM: schema.enums}
            assert element.type.kind is Kind.SCALAR or element.type.name in kinds[element.type.kind]
    assert {m.input for m in schema.methods.values()} | {m.output for m in schema.methods.values()} <= {
        *schema.messages
    }


ALL = sorted(names(zoo()))


@given(marked=st.sets(st.sampled_from(ALL), min_size=1, max_size=6), internal=st.booleans())
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@pytest.mark.slow(reason="generates every target")
def test_what_is_hidden_is_nowhere(marked: set[str], internal: bool) -> None:
    """No part of the result names what is hidden, in any structure, and all that is not hidden is there."""
    schema = visible(Facts(zoo()), Visibility(hide=tuple(sorted(marked)), internal=internal))
    hidden = expected(zoo(), marked)
    assert not hidden.intersection(strings(schema))
    assert names(schema) == set(ALL) - hidden
    is_whole(schema)
    assert not {f for f in zoo().files if f.startswith("acme/") and f not in schema.files}.intersection(strings(schema))


@pytest.mark.parametrize("seed", range(40))
def test_marks_in_comments_hide_like_patterns(seed: int) -> None:
    """Random elements with a mark in their comment are hidden as those whose names are given."""
    pick = random.Random(seed)
    marked = set(pick.sample(ALL, pick.randint(1, 5)))

    def mark(element: Any) -> Any:
        if element.full_name not in marked:
            return element
        comment = pick.choice(
            [Comment("Words.\n@internal"), Comment("", "@internal for us"), Comment(internal=("ours",))]
        )
        return dataclasses.replace(element, comment=comment)

    def each(items: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(map(mark, items))

    def message(one: Message) -> Message:
        return dataclasses.replace(
            mark(one), fields=each(one.fields), oneofs=each(one.oneofs), extensions=each(one.extensions)
        )

    schema = zoo()
    schema = Schema(
        {n: dataclasses.replace(f, extensions=each(f.extensions)) for n, f in schema.files.items()},
        {n: message(m) for n, m in schema.messages.items()},
        {n: dataclasses.replace(mark(e), values=each(e.values)) for n, e in schema.enums.items()},
        {n: dataclasses.replace(mark(s), methods=each(s.methods)) for n, s in schema.services.items()},
    )
    left = visible(Facts(schema), Visibility())
    assert names(left) == set(ALL) - expected(zoo(), marked)
    is_whole(left)
    shown = visible(Facts(schema), Visibility(internal=True))
    assert names(shown) == set(ALL)
    assert not any("@internal" in element.comment.leading + element.comment.trailing for element in elements(shown))


COMMENTS = {
    "the word alone": ("// @internal", True),
    "after words": ("// Words.\n//\n// @internal", True),
    "before words": ("// @internal\n// Words.", True),
    "with a reason": ("// @internal only for us", True),
    "in a block": ("/* Words.\n * @internal\n */", True),
    "inside a sentence": ("// Not @internal at all.", False),
    "a longer word": ("// @internally kept.", False),
    "another word": ("// @deprecated", False),
    "nothing but a block": ("// (-- Ours. --)", True),
    "two blocks, one for a tool": ("// (-- api-linter: core::0131=disabled --) (-- Ours. --)", True),
    "a block and words": ("// Words. (-- Ours. --)", False),
    "a block below other words": ("// Words.\n\n// (-- Ours. --)", False),
    "a block for the linter": (
        "// (-- api-linter: core::0131=disabled\n//     aip.dev/not-precedent: so it is. --)",
        False,
    ),
    "a block for this tool": ("// (-- toolkit:allow FIELD_NO_DELETE --)", False),
    "a block for another tool": ("// (-- buf:lint:ignore ENUM_FIRST_VALUE_ZERO --)", False),
    "a note to oneself": ("// (-- TODO(me): describe. --)", False),
}


@pytest.mark.parametrize("case", COMMENTS)
def test_a_comment_marks(tmp_path: Path, case: str) -> None:
    """A line of its own that begins with @internal marks, and a comment that is only for those who write it."""
    comment, hidden = COMMENTS[case]
    schema = visible(Facts(one_of(tmp_path, f"{comment}\nmessage Marked {{}}\nmessage Other {{}}")), Visibility())
    assert ("acme.one.Marked" not in schema.messages) == hidden
    assert "acme.one.Other" in schema.messages


def test_a_trailing_comment_marks(tmp_path: Path) -> None:
    """So does the comment behind a field."""
    schema = visible(
        Facts(one_of(tmp_path, "message One { string a = 1; // @internal\n string b = 2; }")), Visibility()
    )
    assert [field.name for field in schema.messages["acme.one.One"].fields] == ["b"]


OPTION_MARKS = {
    "acme.options.internal": {"Cat.name"},
    "acme.options.internal=true": {"Cat.name"},
    "acme.options.internal=false": {"Dog.bone"},
    "acme.options.internal=True": set(),
    "acme.options.audience": {"Cat.mood"},
    "acme.options.audience.only=cats": {"Cat.mood"},
    "acme.options.audience.only=dogs": set(),
    "acme.options.audience.also=us": {"Cat.mood"},
    "acme.options.audience.stage=BETA": {"Cat.mood"},
    "acme.options.audience.within.only = you": {"Cat.mood"},
    "acme.options.audience.acme.options.team=t": {"Cat.mood"},
    "acme.options.audience.within.stage": set(),
    "acme.options.labels=INTERNAL": {"Cat.kittens"},
    "acme.options.labels=TRUSTED_TESTER": {"Cat.kittens"},
    "acme.options.labels=INTERNAL, TRUSTED_TESTER": {"Cat.kittens"},
    "acme.options.labels=TESTER": set(),
    "acme.options.stages=BETA": {"Cat.Toy.mood"},
    "google.api.field_visibility.restriction=INTERNAL": {"Cat.toys"},
    "google.api.field_visibility": {"Cat.toys"},
    "acme.options.secret": set(),
    "acme.options.secret=false": {"CatService.Feed"},
    "acme.options.nothing": set(),
}


@pytest.mark.parametrize("option", OPTION_MARKS)
def test_an_option_marks(option: str) -> None:
    """An option marks by being set, or by its value: all of it, an item of a list, or a word between commas."""
    left = visible(Facts(zoo()), Visibility(hide_options=(option,)))
    assert {name.removeprefix("acme.zoo.v1.") for name in set(ALL) - names(left)} == OPTION_MARKS[option]
    assert visible(Facts(zoo()), Visibility(internal=True, hide_options=(option,))) is zoo()


@pytest.mark.parametrize(
    "visibility",
    [
        Visibility(hide_options=("",)),
        Visibility(hide_options=("=x",)),
        Visibility(hide_options=("(acme.internal)",)),
        Visibility(hide_options=("acme..internal",), internal=True),
        Visibility(hide=("",)),
    ],
    ids=repr,
)
def test_what_is_no_option_is_an_error(visibility: Visibility) -> None:
    """A mark without a name is an error that says what one looks like."""
    with pytest.raises(ConfigError, match="hide") as caught:
        visible(Facts(zoo()), visibility)
    assert caught.value.hint


def test_patterns_reach_packages_nested_elements_and_values() -> None:
    """A pattern hides by full name, whatever is in what it matches, and a value by either of its names."""
    left = visible(Facts(zoo()), Visibility(internal=True, hide=("acme.old", "*.Toy", "acme.zoo.v1.Mood.PURRING")))
    assert "acme/old.proto" not in left.files
    assert "acme.old" not in left.packages
    assert {"acme.zoo.v1.Cat.Toy.Size", "acme.zoo.v1.SMALL", "acme.zoo.v1.Dog.size"}.isdisjoint(names(left))
    assert [value.name for value in left.enums["acme.zoo.v1.Mood"].values] == ["MOOD_UNSPECIFIED"]
    assert not visible(Facts(zoo()), Visibility(hide=("acme",))).packages.keys() & {
        "acme.old",
        "acme.zoo.v1",
        "acme.options",
    }
    assert visible(Facts(zoo()), Visibility(hide=("acme.zo", "ACME.*"))) is zoo()


def test_a_package_statement_marks_its_file(tmp_path: Path) -> None:
    """A file whose package comment says @internal is gone, from imports too; another of the package is not."""
    schema = schema_of(
        tmp_path,
        {
            "acme/a.proto": 'syntax = "proto3";\n// Ours.\n// @internal\npackage acme.one;\nmessage A {}\nenum E { Z = 0; }\n',
            "acme/b.proto": proto3("acme.one", "message B { A a = 1; E e = 2; string s = 3; }", "acme/a.proto"),
        },
    )
    left = visible(Facts(schema), Visibility())
    assert (set(left.files), left.files["acme/b.proto"].imports) == ({"acme/b.proto"}, ())
    assert names(left) == {"acme.one.B", "acme.one.B.s"}
    shown = visible(Facts(schema), Visibility(internal=True))
    assert shown.files["acme/a.proto"].comment.leading == "Ours."
    assert names(shown) == names(schema)


def test_the_names_of_files_and_of_elements_are_apart(tmp_path: Path) -> None:
    """A file stays imported where an element that is hidden has the same name."""
    schema = schema_of(
        tmp_path,
        {"acme.proto": proto3("acme", "message proto {} message B {}"), "b.proto": proto3("b", "", "acme.proto")},
    )
    left = visible(Facts(schema), Visibility(hide=("acme.proto",)))
    assert left.files["b.proto"].imports == ("acme.proto",)
    assert names(left) == {"acme.B"}


def test_scalars_are_no_types_that_can_be_hidden(tmp_path: Path) -> None:
    """A message with the name of a scalar takes no field of that scalar with it."""
    source = 'syntax = "proto3";\nmessage string {}\nmessage One { string a = 1; .string b = 2; }\n'
    left = visible(Facts(schema_of(tmp_path, {"one.proto": source})), Visibility(hide=("string",)))
    assert [field.name for field in left.messages["One"].fields] == ["a"]


def test_options_and_defaults_that_are_hidden_are_gone() -> None:
    """An option of a hidden type is on no element and in no value, and a hidden value is not a default."""
    left = visible(Facts(zoo()), Visibility(hide=("acme.options.Audience", "acme.old.HIGH")))
    assert not left.messages["acme.zoo.v1.Cat"].fields[1].options
    assert left.messages["acme.old.Base"].fields[0].default is None
    left = visible(Facts(zoo()), Visibility(hide=("acme.options.team",)))
    options = left.messages["acme.zoo.v1.Cat"].fields[1].options
    assert list(options["acme.options.audience"]) == ["only", "also", "stage", "within"]


def test_internal_lines_are_not_shown(tmp_path: Path) -> None:
    """What is shown though it is marked has no mark in its comment, which begins on a line of the file."""
    body = "//\n// @internal for us\n//\n// Words.\n// @internal\n// More.\nmessage One {\n  // @internal\n  string a = 1;\n}"
    schema = one_of(tmp_path, body)
    shown = visible(Facts(schema), Visibility(internal=True))
    comment = shown.messages["acme.one.One"].comment
    assert comment.leading == "Words.\nMore."
    source = (tmp_path / "acme/one.proto").read_text().split("\n")
    assert source[comment.line - 1] == "// Words."
    assert shown.messages["acme.one.One"].fields[0].comment == Comment()


def test_nothing_hidden_is_the_same_schema() -> None:
    """A schema that is shown whole is the object that it was."""
    assert visible(Facts(zoo()), Visibility()) is zoo()
    assert visible(Facts(zoo()), Visibility(internal=True)) is zoo()
    assert visible(Facts(zoo()), Visibility(hide=("other.*",), hide_options=("other.option=x",))) is zoo()


def test_a_large_schema_costs_little() -> None:
    """Where little is hidden, an element of a large schema costs a few calls."""
    location = Location("a.proto")
    string = TypeRef(Kind.SCALAR, "string")

    def message(number: int) -> Message:
        name = f"M{number}"
        fields = tuple(
            Field(full_name=f"a.{name}.f{n}", name=f"f{n}", location=location, number=n, json_name="", type=string)
            for n in range(1, 5)
        )
        return Message(full_name=f"a.{name}", name=name, location=location, package="a", fields=fields)

    messages = {m.full_name: m for m in map(message, range(7_000))}
    schema = Schema(
        {"a.proto": File(name="a.proto", package="a", edition="proto3", messages=(*messages,))}, messages, {}, {}
    )
    visibility = Visibility(
        hide=("*.internal.*", "*.M123"), hide_options=("google.api.field_visibility.restriction=X",)
    )
    assert len(visible(Facts(schema), visibility).messages) == 6_999
    elements = 5 * 7_000
    assert calls(lambda: visible(Facts(schema), visibility)) < 20 * elements
