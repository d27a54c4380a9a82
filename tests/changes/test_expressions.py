"""Changes of CEL expressions, of fields and of messages, and of predefined rules with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.protos_of import proto3, write
from tests.targets.changelog.test_sentences import NoPages, lines_of
from toolkit.changes.compare import compare
from toolkit.changes.model import Change, Kind
from toolkit.changes.sets import ParsedSet, compare_sets
from toolkit.descriptors.compile import Compilation, compile_tree
from toolkit.descriptors.loader import load
from toolkit.descriptors.model import Schema
from toolkit.semantics.facts import Facts
from toolkit.semantics.mappings import built_in
from toolkit.targets.changelog.groups import Groups

VALIDATE = "buf/validate/validate.proto"
PREDEFINED = """syntax = "proto2"; package own; import "buf/validate/validate.proto";
extend buf.validate.Int32Rules {
  optional int32 step = 80001 [(buf.validate.predefined).cel = {id: "step" message: "must be a multiple" expression: "this % rule == 0"}];
  optional bool odd = 80002 [(buf.validate.predefined).cel = {id: "odd" message: "must be odd" expression: "this % 2 == 1"}];
}
"""
SERVICE = "service S { rpc Do(A) returns (B); } message B {}"
RULE = "CONSTRAINT_EXPRESSION_CHANGED"


def changes_of(folder: Path, old: str, new: str) -> tuple[list[Change], tuple[Schema, Schema]]:
    """The changes between two bodies: as whole schemas and as sets, which must be the same."""
    made: list[Compilation] = []
    for side, body in (("old", old), ("new", new)):
        sources = {"a.proto": proto3("t", f"{body} {SERVICE}", VALIDATE, "own.proto"), "own.proto": PREDEFINED}
        made.append(compile_tree([write(folder / side, sources)]))
        assert not made[-1].diagnostics
    schemas = load(made[0]), load(made[1])
    found = compare(*schemas, comments=False)
    assert found == compare_sets(ParsedSet(made[0]), ParsedSet(made[1]), built_in(), comments=False)
    return found, schemas


def field(options: str, kind: str = "int32") -> str:
    """A request with a field that has these rules."""
    return f"message A {{ {kind} f = 1{f' [(buf.validate.field) = {{{options}}}]' if options else ''}; }}"


def message(*options: str) -> str:
    """A request with these rules."""
    return f"message A {{ {' '.join(f'option (buf.validate.message).{one};' for one in options)} int32 f = 1; }}"


def cel(text: str, expression: str = "this > 1", name: str = "x") -> str:
    """A rule with a message."""
    return f"cel: {{id: '{name}' message: '{text}' expression: '{expression}'}}"


def of_message(text: str, expression: str = "this.f > 1") -> str:
    """The same of a message."""
    return f"cel = {{id: 'x' message: '{text}' expression: '{expression}'}}"


CASES = [
    (field(""), field(cel("must be odd")), "! `f` must now be odd. Other values are refused.",
     "expression added: must be odd"),
    (field(cel("must be odd")), field(""), "`f` no longer has to be odd.", "expression removed: must be odd"),
    (field(""), field(cel("must not be 7")), "! `f` may no longer be 7. Other values are refused.",
     "expression added: must not be 7"),
    (field(cel("must not be 7.")), field(""), "`f` may now be 7.", "expression removed: must not be 7."),
    (field(""), field(cel("f: odd *numbers* only")),
     "! `f` must now satisfy “f: odd \\*numbers\\* only”. Other values are refused.",
     "expression added: f: odd *numbers* only"),
    (field(""), field("cel_expression: 'this < 5'"), "! `f` must now satisfy <code>this &#60; 5</code>. Other values are refused.",
     "expression added: this < 5"),
    (field(cel("must be 1")), field(cel("must be 2", "this > 2")),
     "! `f` must now be 2 (was 1). Other values are refused.", "expression changed from must be 1 to must be 2"),
    (field(cel("must be big")), field(cel("must be big", "this > 2")),
     "! `f` must now satisfy `this > 2` (was `this > 1`). Other values are refused.",
     "expression changed from this > 1 to this > 2"),
    (field("", "repeated int32"), field(f"repeated: {{items: {{{cel('must be odd')}}}}}", "repeated int32"),
     "! Each value of `f` must now be odd. Other values are refused.", "expression of each value added: must be odd"),
    (field("int32: {[own.step]: 5}"), field("int32: {[own.step]: 7}"),
     "! `f` must now satisfy `this % rule == 0`, where `rule` is `7` (was `this % rule == 0`, where `rule` is `5`). Other values are refused.",
     "expression changed from this % rule == 0, where rule is 5 to this % rule == 0, where rule is 7"),
    (field(""), field("int32: {[own.odd]: true}"), "! `f` must now be odd. Other values are refused.",
     "expression added: must be odd"),
    (message(), message(of_message("must be odd")), "! `A` must now be odd. Other values are refused.",
     "expression added: must be odd"),
    (message(of_message("f is *big*")), message(), "`A` no longer has to satisfy “f is \\*big\\*”.",
     "expression removed: f is *big*"),
    (message("cel_expression = 'this.f > 1'"), message(), "`A` no longer has to satisfy `this.f > 1`.",
     "expression removed: this.f > 1"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "sentence", "report"), CASES)
def test_expressions(tmp_path: Path, old: str, new: str, sentence: str, report: str) -> None:
    """An added or changed expression is stricter, a removed one looser; each is shown by its message if it has one."""
    changes, schemas = changes_of(tmp_path, old, new)
    (change,) = changes
    assert change.message == report
    is_strict = not report.startswith("expression removed")
    assert change.kind is (Kind.TIGHTENED if is_strict else Kind.LOOSENED)
    assert change.rules == ((RULE,) if is_strict else ())
    groups, _, _ = Groups(*(Facts(schema, built_in()) for schema in schemas), NoPages()).of(changes)
    assert lines_of(groups) == [sentence]


def test_other_words(tmp_path: Path) -> None:
    """Another message or ID for the same expression changes nothing."""
    old, new = field(cel("must be odd")), field(cel("must be uneven", name="y"))
    assert changes_of(tmp_path, old, new)[0] == []


def test_options_beside_expressions(tmp_path: Path) -> None:
    """What else an option of a message says is told as an option."""
    changes, _ = changes_of(tmp_path, message(of_message("a")), message("oneof = {fields: ['f']}"))
    assert sorted(change.kind for change in changes) == [Kind.LOOSENED, Kind.OPTION]
    (option,) = (change for change in changes if change.kind is Kind.OPTION)
    assert option.message == "option (buf.validate.message) set to {'oneof': [{'fields': ['f']}]}"
