"""Hostile names in .proto files: everything compiles, imports and works, and nothing is hidden by something else."""

from __future__ import annotations

import dataclasses
import keyword
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.support.bindings_of import Bindings, bindings_of, compiled, texts_of
from tests.support.messages import check_round_trip, message_of
from tests.support.protos_of import proto3
from toolkit.errors import ConfigError, SchemaError
from toolkit.runtime import Message

BUILT_IN = ("list", "str", "int", "dict", "bytes", "bool", "float", "id", "type", "object", "len", "super", "property")
OURS = """
to_bytes from_bytes to_json from_json to_dict from_dict to_pb from_pb validate self cls _unknown _extensions ROOT
_rt _t _dt annotations value name __init__ __slots__ __proto__ __class__ __dict__ __codec__ __renamed__
"""
OFFICIAL = "HasField WhichOneof ByteSize DiscardUnknownFields ListFields SerializeToString FromString DESCRIPTOR"
NAMES = sorted({*keyword.kwlist, *keyword.softkwlist, *BUILT_IN, *OURS.split()} - {"_"})


def round_trips(made: Bindings) -> None:
    """Every message of the bindings survives."""
    for name in made.message_names():
        cls = made.root.message(name)
        assert repr(cls()) == f"{cls.__qualname__}()"
        assert dataclasses.replace(cls()) == cls()
        for seed in range(3):
            check_round_trip(cls, message_of(made.official(name), Random(seed), made.pool), made.pool)


def test_fields(tmp_path: Path) -> None:
    """Fields can be called anything: keywords, built-in names, our methods, the official runtime's."""
    singles = "\n".join(f"string {name} = {number};" for number, name in enumerate(NAMES, 1))
    lists = "\n".join(f"repeated int32 {name} = {number};" for number, name in enumerate(NAMES, 1))
    cases = "\n".join(f"Singles {name} = {number};" for number, name in enumerate(NAMES, 1))
    present = "\n".join(f"optional bytes {name} = {number};" for number, name in enumerate(NAMES, 1))
    body = f"message Singles {{ {singles} }} message Lists {{ {lists} }} message Present {{ {present} }} message Cases {{ oneof one {{ {cases} }} }}"
    with bindings_of(tmp_path, {"a.proto": proto3("a", body)}) as made:
        round_trips(made)
        cls = made.module("a").Singles
        fields = [field.name for field in dataclasses.fields(cls)]
        assert len(fields) == len(NAMES)
        assert {"class_", "None_", "list_", "to_bytes_", "self_", "x__init__", "id", "type", "match"} <= set(fields)
        everything = cls(**{name: name for name in fields})
        assert cls.from_bytes(everything.to_bytes()) == everything
        assert everything.to_dict()["class"] == "class_"
        assert not any(callable(getattr(everything, name)) for name in fields)
        inherited = [name for name in dir(Message) if not name.startswith("__")]
        assert not set(inherited) & set(fields)


def test_fields_called_like_official_methods(tmp_path: Path) -> None:
    """Fields that hide the methods of official messages are read all the same."""
    plain = "\n".join(f"optional int32 {name} = {number};" for number, name in enumerate(OFFICIAL.split(), 1))
    cases = "\n".join(f"M {name} = {number};" for number, name in enumerate(OFFICIAL.split(), 1))
    body = f"message M {{ {plain} }} message Cases {{ oneof one {{ {cases} }} repeated M more = 100; }}"
    with bindings_of(tmp_path, {"a.proto": proto3("a", body)}) as made:
        module = made.module("a")
        message = module.M(**dict.fromkeys(OFFICIAL.split(), 5), _unknown=b"\x98\x06\x01")
        cases = module.Cases(one=module.Cases.One.HasField(message), more=[module.M(HasField=0)])
        assert module.M.from_bytes(message.to_bytes()) == message
        assert module.Cases.from_bytes(cases.to_bytes()) == cases
        assert module.Cases.from_pb(cases.to_pb()) == cases
        assert module.M.from_json(message.to_json()).to_dict() == dict.fromkeys(OFFICIAL.split(), 5)


def test_oneofs(tmp_path: Path) -> None:
    """So can oneofs, beside nested types that have the names of their classes."""
    oneofs = "\n".join(
        f"message M{n} {{ oneof {name} {{ string a{n} = 1; int32 b{n} = 2; }} message One {{}} }}"
        for n, name in enumerate(NAMES)
    )
    body = (
        oneofs
        + """
    message Taken {
      message Source { string x = 1; }
      enum Sink { ZERO = 0; }
      oneof source { Source source_image = 1; Sink SourceImage_ = 2; string ImageId = 3; string image__id1 = 7; }
      oneof sink { string none = 4; string true = 5; Sink Value = 6; }
    }
    """
    )
    with bindings_of(tmp_path, {"a.proto": proto3("a", body)}) as made:
        round_trips(made)
        taken = made.module("a").Taken
        assert {"Source", "Source_", "Sink", "Sink_"} <= set(vars(taken))
        assert taken(sink=taken.Sink_.None_("")).to_dict() == {"none": ""}


def test_types(tmp_path: Path) -> None:
    """So can messages and enums, at the top and nested."""
    names = [name for name in NAMES if not name.startswith("__dict")]
    top = "\n".join(f"message {name} {{ {name} x = 1; repeated {name} y = 2; int32 z = 3; }}" for name in names)
    nested = "\n".join(f"message {name} {{ enum E {{ Z_{name} = 0; }} E e = 1; string s = 2; }}" for name in names)
    fields = "\n".join(f"map<string, Holder.{name}> m{number} = {number};" for number, name in enumerate(names, 1))
    enums = "\n".join(f"enum {name} {{ ZERO_{number} = 0; ONE_{number} = 1; }}" for number, name in enumerate(names))
    uses = "\n".join(f".b.{name} f{number} = {number};" for number, name in enumerate(names, 1))
    sources = {
        "a.proto": proto3("a", f"{top} message Holder {{ {nested} {fields} }}"),
        "b.proto": proto3("b", f"{enums} message User {{ {uses} }}"),
    }
    with bindings_of(tmp_path, sources) as made:
        round_trips(made)
        assert made.module("a").None_(z=1).to_dict() == {"z": 1}
        assert made.module("b").User().f1 == 0


def test_enum_values(tmp_path: Path) -> None:
    """So can enum values; JSON has their names of the .proto file."""
    own = [
        *NAMES,
        "mro",
        "real",
        "numerator",
        "is_known",
        "_missing_",
        "_value_",
        "_ignore_",
        "_Odd__x",
        "bit_length",
        "__members__",
    ]
    # protoc takes names for the same that differ in case and underscores only.
    names = list({name.replace("_", "").lower(): name for name in own}.values())
    values = "\n".join(f"{name} = {number};" for number, name in enumerate(names))
    body = f'syntax = "proto2"; package a; enum Odd {{ {values} }} message M {{ optional Odd odd = 1; repeated Odd many = 2; }}'
    with bindings_of(tmp_path, {"a.proto": body}) as made:
        module = made.module("a")
        assert len(module.Odd) == len(names)
        assert not {member.name for member in module.Odd} & {*dir(int), "mro", "name", "value", "is_known"}
        for number, name in enumerate(names):
            message = module.M(many=[module.Odd(number)])
            assert message.to_dict() == {"many": [name]}
            assert module.M.from_dict({"many": [name]}) == message == module.M.from_bytes(message.to_bytes())
            assert module.Odd(number).is_known
        round_trips(made)


def test_underscores_first(tmp_path: Path) -> None:
    """Packages, types and fields that begin with underscores are reached from everywhere."""
    body = "enum _k {{ {p}0 = 0; }} enum __k {{ {p}1 = 0; }} message __m {{ _k _k = 1; __k x = 2; {other} far = 3; }} message _m {{ __m __m = 1; }}"
    sources = {
        "a.proto": proto3("_a.__b", body.format(p="A", other=".__c._d._m"), "c.proto"),
        "c.proto": proto3("__c._d", body.format(p="C", other="._e._k"), "e.proto"),
        "e.proto": proto3("_e", "enum _k { E0 = 0; }"),
    }
    with bindings_of(tmp_path, sources) as made:
        round_trips(made)
        assert made.module("_a.x__b").x__m()._k == 0


def test_packages(tmp_path: Path) -> None:
    """So can packages, also where one is below another and called like a message in it or like a module of ours."""
    names = [
        "class",
        "import",
        "None",
        "list",
        "_root",
        "_descriptors",
        "unpackaged",
        "__init__",
        "toolkit",
        "google",
        "py",
    ]
    sources = {
        f"{name}.proto": proto3(
            f"acme.{name}",
            f"message M {{ string s = 1; .acme.Main.Inner back = 2; }} message Only{n} {{}}",
            "main.proto",
        )
        for n, name in enumerate(names)
    }
    sources["main.proto"] = proto3(
        "acme", "message Main { message Inner { int32 x = 1; } Inner inner = 1; } message py_ {} message Unpackaged {}"
    )
    sources["user.proto"] = proto3(
        "user",
        "\n".join(f"message U{n} {{ .acme.{name}.M m = 1; }}" for n, name in enumerate(names)),
        *(f"{name}.proto" for name in names),
    )
    sources["no.proto"] = 'syntax = "proto3"; message Bare { string x = 1; }'
    with bindings_of(tmp_path, sources) as made:
        round_trips(made)
        assert made.module("acme.class_").M(s="a").to_bytes() == b"\x0a\x01a"
        assert made.module("unpackaged").Bare(x="1").to_dict() == {"x": "1"}
        assert made.module("acme").py_ is not None


def test_a_message_called_like_a_package_below(tmp_path: Path) -> None:
    """A message whose name in Python is that of a package below its own gets another."""
    sources = {
        "a.proto": proto3("acme", "message List { string x = 1; } message list { List one = 1; } message class_ {}"),
        "b.proto": proto3("acme.class", "message M { .acme.list v = 1; .acme.class_ w = 2; }", "a.proto"),
    }
    with bindings_of(tmp_path, sources) as made:
        round_trips(made)
        assert made.module("acme.class_").M.__proto__[1] == "acme.class.M"
        assert made.module("acme").class__.__proto__[1] == "acme.class_"
        assert made.module("acme").class_ is made.module("acme.class_")


def test_types_that_hide_others(tmp_path: Path) -> None:
    """A nested type that has the name of its parent, or of one of the module's, hides neither."""
    body = """
    message Content { enum Status { A = 0; } Status status = 1; }
    enum ContentStatus { B = 0; B1 = 1; }
    message Both { Content.Status one = 1; ContentStatus two = 2; Content content = 3; }
    enum Kind { K0 = 0; K1 = 1; }
    message Named { Kind Kind = 1; .acme.v1.Content Content = 2; repeated .acme.v1.Kind many = 3; Other other = 4; } message Shadow { Kind Kind = 1; .acme.v1._Kind x = 2; string kind_ = 3; }
    message Other { Kind _acme_v2 = 1; .acme.v2.Far far = 2; .acme.v2.Flag flag = 3; }
    message _acme_v2 { string x = 1; }
    message _Kind { string y = 1; }
    message Parent {
      message Parent { message Parent { int32 deep = 1; } Parent p = 1; .acme.v1.Parent q = 2; }
      message Content { string own = 1; }
      Content own = 1;
      .acme.v1.Content outer = 2;
      Parent p = 3;
      .acme.v1.Parent q = 4;
      oneof one { Content ContentOwn = 5; .acme.v1.Content ContentOuter = 6; .acme.v1.Kind Kind = 7; }
    }
    message Chosen { oneof kind { Kind Kind_ = 1; .acme.v1.Content Content = 2; } .acme.v1.Kind after = 3; }
    """
    sources = {
        "a.proto": proto3("acme.v1", body, "b.proto"),
        "b.proto": proto3("acme.v2", "message Far { int32 x = 1; } enum Flag { F0 = 0; F1 = 1; }"),
    }
    with bindings_of(tmp_path, sources) as made:
        round_trips(made)
        module = made.module("acme.v1")
        assert module.Named().Kind is module.Kind.K0
        assert module.Both().two is module.ContentStatus.B
        assert module.Both().one is module.Content.Status.A
        assert module.Other().flag is made.module("acme.v2").Flag.F0
        parent = module.Parent(own=module.Parent.Content(own="a"), outer=module.Content())
        assert module.Parent.from_bytes(parent.to_bytes()) == parent


def test_import_cycles(tmp_path: Path) -> None:
    """Packages whose files use each other in a circle work, whichever is imported first."""
    sources = {
        "a1.proto": proto3("a", "message One { .b.Two two = 1; .b.E e = 2; }", "b1.proto"),
        "a2.proto": proto3("a", "message Three { string x = 1; } enum F { F0 = 0; }"),
        "b1.proto": proto3("b", "message Two { .a.Three three = 1; .a.F f = 2; } enum E { E0 = 0; }", "a2.proto"),
    }
    for first in ("a", "b"):
        with bindings_of(tmp_path / first, sources) as made:
            made.module(first)
            round_trips(made)
            assert made.module("a").One().e == 0


def test_long_and_many(tmp_path: Path) -> None:
    """Names of 300 letters and a message with 2,000 fields work."""
    long = "x" * 300
    fields = "\n".join(f"string field_{n} = {n};" for n in range(1, 2001))
    body = f"message {long} {{ {long} {long}y = 1; enum {long}e {{ {long}v = 0; }} {long}e z = 2; }} message Many {{ {fields} }}"
    with bindings_of(tmp_path, {"a.proto": proto3("a", body)}) as made:
        round_trips(made)
        many = made.module("a").Many
        assert len(dataclasses.fields(many)) == 2000
        full = many(**{f"field_{n}": str(n) for n in range(1, 2001)})
        assert many.from_json(full.to_json()) == many.from_bytes(full.to_bytes()) == full


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ("message M { message list {} string list_ = 2; }", ("a.M.list", "a.M.list_")),
        ("message M { string __x = 1; string x__x = 2; }", ("a.M.__x", "a.M.x__x")),
        ("message M { string class = 1; oneof class_ { string b = 2; } }", ("a.M.class", "a.M.class_")),
        ("message str {} message str_ {}", ("a.str", "a.str_")),
        ("enum E { option allow_alias = true; mro = 0; mro_ = 0; }", ("mro", "mro_")),
        ("message M { message self {} string self_ = 1; }", ("a.M.self", "a.M.self_")),
    ],
)
def test_clashes(tmp_path: Path, body: str, names: tuple[str, str]) -> None:
    """Two names that become equal in Python are an error that names both, and where."""
    with pytest.raises(SchemaError) as caught:
        texts_of(compiled(tmp_path, {"a.proto": proto3("a", body)}))
    assert all(name in str(caught.value) for name in names)
    assert "a.proto:" in str(caught.value)


def test_clashes_of_packages(tmp_path: Path) -> None:
    """Two packages that become equal in Python are an error that names both."""
    sources = {"a.proto": proto3("a.class", "message M {}"), "b.proto": proto3("a.class_", "message N {}")}
    with pytest.raises(SchemaError, match=r"a\.class and a\.class_"):
        texts_of(compiled(tmp_path, sources))


@pytest.mark.parametrize("package", ["", "class", "a.import", "1a", "a-b", "a..b", "a b", "__x", "list.x.y;import os"])
def test_wrong_roots(tmp_path: Path, package: str) -> None:
    """A root package that cannot be imported is refused."""
    compilation = compiled(tmp_path, {"a.proto": proto3("a", "message M {}")})
    with pytest.raises(ConfigError, match="is not a valid name of a Python package"):
        texts_of(compilation, package)


def test_what_is_exported(tmp_path: Path) -> None:
    """A module exports its top-level classes, and they all exist."""
    body = "message M { message N {} } enum E { Z = 0; } message list {} service S { rpc Do(M) returns (M); }"
    with bindings_of(tmp_path, {"a.proto": proto3("a", body)}) as made:
        module = made.module("a")
        assert {"M", "E", "list_", "SClient"} <= set(module.__all__)
        assert "N" not in module.__all__
        namespace: dict[str, Any] = {}
        exec(f"from {module.__name__} import *", namespace)
        assert set(module.__all__) <= set(namespace)


def test_types_of_the_compiler(tmp_path: Path) -> None:
    """Google's files without faces of their own, such as descriptor.proto, are generated like others."""
    body = "message M { google.protobuf.FileDescriptorProto file = 1; google.protobuf.Api api = 2; google.protobuf.Type type = 3; }"
    sources = {
        "a.proto": proto3("a", body, *(f"google/protobuf/{name}.proto" for name in ("descriptor", "api", "type")))
    }
    with bindings_of(tmp_path, sources) as made:
        cls = made.module("a").M
        for seed in range(10):
            check_round_trip(cls, message_of(made.official("a.M"), Random(seed), made.pool), made.pool)
        assert made.module("google.protobuf").FileDescriptorProto(name="x").to_bytes() == b"\x0a\x01x"
