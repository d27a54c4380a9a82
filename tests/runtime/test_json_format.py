"""ProtoJSON beside the official ``json_format``: the same texts are accepted, mean the same, and are written the same."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from google.protobuf import json_format

from tests.support.bindings_of import Bindings, bindings_of
from tests.support.protos_of import proto3
from toolkit.runtime import DecodeError

KNOWN = ("any", "duration", "empty", "field_mask", "struct", "timestamp", "wrappers")
BODY = """
enum Tone { LOW = 0; HIGH = 1; TALL = 1; UNDER = -1; option allow_alias = true; }
message Part { int32 n = 1; Part part = 2; }
message All {
  int32 i32 = 1; int64 i64 = 2; uint32 u32 = 3; uint64 u64 = 4; float f = 5; double d = 6;
  bool b = 7; string s = 8; bytes raw = 9; Tone tone = 10; Part part = 11;
  optional int32 maybe = 12; optional Tone maybe_tone = 13; string other_name = 14 [json_name = "@alias"];
  int32 snake_case_9x = 15;
  repeated int32 i32s = 21; repeated string ss = 22; repeated Tone tones = 23; repeated Part parts = 24; repeated double ds = 25;
  map<string, int32> by_s = 31; map<bool, int32> by_b = 32; map<int64, Part> by_i64 = 33; map<uint32, Tone> by_u32 = 34;
  oneof one { int32 one_i = 41; string one_s = 42; Part one_part = 43; google.protobuf.NullValue one_null = 44; Tone one_tone = 45; }
  google.protobuf.Timestamp at = 51; google.protobuf.Duration took = 52; google.protobuf.FieldMask mask = 53;
  google.protobuf.Struct struct = 54; google.protobuf.Value value = 55; google.protobuf.ListValue list = 56;
  google.protobuf.Any any = 57; google.protobuf.Empty empty = 58;
  google.protobuf.Int64Value w64 = 61; google.protobuf.BoolValue wb = 62; google.protobuf.StringValue ws = 63;
  google.protobuf.BytesValue wraw = 64; google.protobuf.DoubleValue wd = 65; google.protobuf.UInt32Value wu32 = 66;
  repeated google.protobuf.Value values = 71; repeated google.protobuf.Timestamp ats = 72;
  repeated google.protobuf.Int64Value w64s = 73; map<string, google.protobuf.Value> value_by_s = 74;
}
"""
VALUES = {
    "integers": {
        "i32": '0 1 -1 2147483647 -2147483648 2147483648 -2147483649 1.0 1.5 1e3 1e-1 -0 -0.0 true null [] {} "1" "-1" '
        '"1.0" "1e2" "1.5" "" "a" "+1" "01" "0x1" "1_0" "٣" 1E400 01 1. .5 +1',
        "i64": '1 "9223372036854775807" "9223372036854775808" 9007199254740993 -9223372036854775808 "1e3" 1e18 1e19',
        "u32": '4294967295 4294967296 -1 "-1" -0 "4294967295"',
        "u64": '"18446744073709551615" "18446744073709551616" 18446744073709551615 -1',
        "snakeCase9x": "1 null",
        "maybe": "0 1 null",
    },
    "floats": {
        "f": '0 -0.0 1.5 1e-50 3.4028235e38 3.4028236e38 3.5e38 -3.5e38 "1.5" "NaN" "Infinity" "-Infinity" "inf" "nan" "-nan" '
        'NaN Infinity -Infinity true null "" "x" "1e400" 16777217 0.1 1.1754944e-38',
        "d": '0 -0.0 0.1 1e308 1e309 -1e309 "1e309" "NaN" "-Infinity" "infinity" 1.7976931348623157e308 "0x1p3" "1_0" 5e-324',
    },
    "bool": {"b": 'true false null 1 0 "true" "True" True'},
    "strings": {
        "s": '"" "é" "\\u0000" "\\ud83d\\ude00" "\\ud83d" "\\ude00" 1 true null [] "\\/" "\\q" \'a\'',
        "raw": '"" "AQI=" "AQI" "AQ" "A" "_-8=" "+/8=" "_-8" "AQI*" "AQI==" "A Q=" "é" 1 null []',
    },
    "enums": {
        "tone": '"LOW" "HIGH" "TALL" "UNDER" "high" "NONE" 0 1 -1 7 -7 2147483648 1.0 1.5 true null "1" ""',
        "maybeTone": '"LOW" 0 null',
    },
    "messages": {"part": '{} {"n":1} {"part":{"part":{}}} {"n":null} {"part":null} null [] 1 "" {"x":1} {"n":1,"n":2}'},
    "lists": {
        "i32s": '[] [1] [1,"2",3.0] null [null] [[1]] 1 {} "1"',
        "ss": '[""] ["a",null] [1] null "ab"',
        "tones": '["HIGH",0,7] ["NONE"] [null]',
        "parts": "[] [{}] [null] [[]]",
        "ds": '["NaN",1,-0.0,"Infinity"] [1e309]',
    },
    "maps": {
        "byS": '{} {"":1} {"a":null} {"a":1,"a":2} {"a":"1"} null [] 1',
        "byB": '{"true":1,"false":2} {"True":1} {"1":1} {"":1}',
        "byI64": '{"1":{}} {"-1":{"n":1}} {"01":{}} {"1.0":{}} {"a":{}} {"9223372036854775808":{}} {"1":null}',
        "byU32": '{"1":"HIGH"} {"1":7} {"1":"NONE"} {"-1":"LOW"} {"4294967296":"LOW"}',
    },
    "names": {"@alias": '"a"', "other_name": '"a"', "otherName": '"a"', "nope": "1", "i_32": "1", "by_s": '{"a":1}'},
    "oneofs": {
        "oneI": "0 null",
        "oneS": '"" null',
        "onePart": "{} null",
        "oneNull": 'null 0 "NULL_VALUE" 1',
        "oneTone": '"LOW" null',
    },
    "times": {
        "at": '"1970-01-01T00:00:00Z" "0001-01-01T00:00:00Z" "9999-12-31T23:59:59.999999999Z" "0000-01-01T00:00:00Z" '
        '"2026-01-02T03:04:05+01:30" "2026-01-02T03:04:05.1Z" "2026-01-02T03:04:05.1234567890Z" "2026-01-02T03:04:05" '
        '"2026-01-02t03:04:05z" "2026-02-30T00:00:00Z" "2026-01-02T24:00:00Z" "2026-01-02T03:04:60Z" "2026-1-2T03:04:05Z" '
        '"2026-01-02T03:04:05.Z" "2026-01-02T03:04:05-23:59" "9999-12-31T23:59:59-01:00" "" "2026-01-02" 1 null',
        "took": '"0s" "1s" "-1s" "1.5s" "-0.5s" "0.000000001s" "1.1234567890s" "315576000000s" "315576000001s" "-315576000001s" '
        '"1" "s" "1.s" ".5s" "+1s" "1e3s" " 1s" 1 null "-0s"',
    },
    "field masks": {"mask": '"" "a" "aB,c.dE" "a_b" "a," ",a" "fooBar.bazQux" 1 null ["a"]'},
    "free values": {
        "struct": '{} {"a":null} {"a":[1,{"b":"c"}]} {"":true} null [] 1 {"a":NaN}',
        "value": 'null 1 1.5 "a" true [] {} [null] {"a":{"b":[]}} "NaN" NaN 1e309',
        "list": '[] [null] [1,"a",[],{}] null {} 1',
        "values": "[null,1,[null]] null",
        "valueByS": '{"a":null,"b":1} {"a":{}}',
    },
    "any": {
        "any": '{} null {"@type":"type.googleapis.com/acme.v1.Part","n":1} {"n":1,"@type":"type.googleapis.com/acme.v1.Part"} '
        '{"@type":"type.googleapis.com/google.protobuf.Duration","value":"1s"} {"@type":"type.googleapis.com/google.protobuf.Struct","value":{"a":1}} '
        '{"@type":"type.googleapis.com/google.protobuf.Int64Value","value":"5"} {"@type":"type.googleapis.com/google.protobuf.Empty"} '
        '{"@type":"type.googleapis.com/google.protobuf.Any","value":{"@type":"type.googleapis.com/acme.v1.Part"}} '
        '{"@type":"type.googleapis.com/acme.v1.None"} {"@type":""} {"@type":"acme.v1.Part"} {"@type":1} {"n":1} '
        '{"@type":"type.googleapis.com/google.protobuf.Duration"} {"@type":"type.googleapis.com/acme.v1.Part","x":1}',
        "empty": '{} null {"a":1} [] 1',
    },
    "wrappers": {
        "w64": '"1" 0 null "9223372036854775808" {} {"value":1}',
        "wb": "true false null 1",
        "ws": '"" "a" null 1',
        "wraw": '"" "AQI=" null',
        "wd": '"NaN" -0.0 1 null',
        "wu32": "0 4294967295 4294967296 null",
        "w64s": '["1",2] [null] null',
        "ats": '["1970-01-01T00:00:00Z"] [null]',
    },
}
"""By section and name in JSON, texts of values; what is between two blanks is one text."""
WHOLE = [
    "", "null", "[]", "1", "{", "{}", " {} ", "{}x", "{'a':1}", '{"i32":1,}', '{"i32":1,"i32":2}', '{"oneI":1,"oneS":"a"}',
    '{"oneI":null,"oneS":"a"}', '{"otherName":"a","@alias":"b"}', '{"by_s":{},"byS":{}}', '{"i_32":1}', '{"":1}', "\ufeff{}",
    '{"i32":1 /* a */}', '{"@alias":"a","other_name":"b"}', '{"oneNull":null,"oneI":1}', '{"i32": 1, "i64": "2"}',
    "{\"part\":" * 40 + "null" + "}" * 40, '{"value":' + "[" * 40 + "]" * 40 + "}",
]  # fmt: skip
CASES = [
    *(
        (section, f'{{"{name}": {text}}}')
        for section, names in VALUES.items()
        for name, texts in names.items()
        for text in texts.split(" ")
    ),
    *(("whole texts", text) for text in WHOLE),
]
STYLES: list[tuple[dict[str, bool], dict[str, bool]]] = [
    ({}, {}),
    ({"preserve_names": True}, {"preserving_proto_field_name": True}),
    ({"defaults": True}, {"always_print_fields_with_no_presence": True}),
    ({"enum_numbers": True}, {"use_integers_for_enums": True}),
]
REASONS = {
    "an integer in quotes is one that JSON could have; the official one takes all that int() of Python takes": [
        '{"i32": "+1"}', '{"i32": "01"}', '{"i32": "1_0"}', '{"i32": "٣"}', '{"byI64": {"01":{}}}',
    ],
    "a number in quotes is one of JSON, or a name of the specification; the official one takes all that float() takes": [
        '{"f": "inf"}', '{"f": "-nan"}', '{"f": true}', '{"d": "infinity"}', '{"d": "1_0"}',
    ],
    "a number that is too large is refused with and without quotes; the official one only refuses it without them": [
        '{"f": "1e400"}', '{"d": "1e309"}',
    ],
    "it is the largest float, as the official one writes it, which doesn't read it": ['{"f": 3.4028235e38}'],
    "other characters than those of base64 are an error; the official one skips them": ['{"raw": "AQI*"}', '{"raw": "é"}'],
    "an enum is a name or a whole number; the official one takes all that int() of Python takes": [
        '{"tone": 1.5}', '{"tone": true}', '{"tone": "1"}',
    ],
    "a message is an object; the official one takes what is empty, too": [
        '{"part": []}', '{"part": ""}', '{"parts": [[]]}', '{"empty": []}', "[]",
    ],
    "times are as RFC 3339 has them, and durations have digits on both sides of the point": [
        '{"at": "2026-1-2T03:04:05Z"}', '{"at": "2026-01-02T03:04:05.Z"}', '{"took": "1.1234567890s"}', '{"took": "1.s"}',
        '{"took": "+1s"}',
    ],
    "JSON has no NaN outside of quotes; the official one reads it, but does not write it": [
        '{"struct": {"a":NaN}}', '{"value": NaN}',
    ],
    "what is not finite has no JSON in a free value; the official one reads it, but does not write it": ['{"value": 1e309}'],
    "null is a list that is not set, whatever it is a list of": ['{"values": null}'],
    "a type URL has a slash": ['{"any": {"@type":"acme.v1.Part"}}'],
    "two names of one field are that field twice": ['{"by_s":{},"byS":{}}', '{"@alias":"a","other_name":"b"}'],
    "a NullValue is a member of its oneof like any other": ['{"oneNull":null,"oneI":1}'],
}  # fmt: skip
"""Why we differ on purpose, and about which texts."""
DELIBERATE = [text for texts in REASONS.values() for text in texts]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bindings]:
    """Bindings of a message with every kind of field."""
    source = proto3("acme.v1", BODY, *(f"google/protobuf/{name}.proto" for name in KNOWN))
    with bindings_of(tmp_path_factory.mktemp("json"), {"all.proto": source}) as found:
        yield found


def difference(made: Bindings, text: str, ignore: bool) -> str:
    """How we differ from the official functions; empty if we don't."""
    cls, official = made.module("acme.v1").All, made.official("acme.v1.All")
    wanted: Any = None
    ours: Any = None
    with suppress(json_format.ParseError):
        wanted = json_format.Parse(text, official(), ignore_unknown_fields=ignore, descriptor_pool=made.pool)
    try:
        ours = cls.from_json(text, ignore_unknown=ignore)
    except DecodeError as error:
        return f"refuses: {error}" if wanted is not None else ""
    if wanted is None:
        return f"accepts: {ours!r}"
    content = ours.to_bytes()
    if official.FromString(content).SerializeToString(deterministic=True) != wanted.SerializeToString(
        deterministic=True
    ):
        return f"reads {ours!r}"
    for our_style, style in STYLES:
        written = json.dumps(json.loads(ours.to_json(**our_style), parse_int=float), sort_keys=True)
        official_text = json_format.MessageToJson(wanted, descriptor_pool=made.pool, **style)
        expected = json.dumps(json.loads(official_text, parse_int=float), sort_keys=True)
        if written != expected:
            return f"writes {written[:200]}, expected {expected[:200]}"
    return ""


@pytest.mark.parametrize("section", [*VALUES, "whole texts"])
def test_section(made: Bindings, section: str) -> None:
    """Each text of a section is accepted or refused as there, or is one of those about which we differ on purpose."""
    texts = [text for name, text in CASES if name == section]
    differing = {text: found for text in texts for ignore in (False, True) if (found := difference(made, text, ignore))}
    expected = {text for text in texts if text in DELIBERATE}
    assert (differing.keys() - expected, expected - differing.keys()) == (set(), set()), differing


def test_reasons() -> None:
    """Each difference is one of the cases, and has one reason."""
    assert set(DELIBERATE) <= {text for _, text in CASES}
    assert len(set(DELIBERATE)) == len(DELIBERATE)
