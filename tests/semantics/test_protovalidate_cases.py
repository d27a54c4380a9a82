"""protovalidate's conformance cases: bindings and `toolkit validate` say of each message what upstream says.

The cases are not part of the repository. PROTOVALIDATE_CASES names a folder that has
them as ``cases.jsonl``, beside ``set.binpb``, the descriptor set of their messages.
"""

from __future__ import annotations

import base64
import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import REPOSITORY
from tests.support.bindings_of import bindings_from
from toolkit.descriptors.compile import Compilation, read_descriptor_set
from toolkit.descriptors.dynamic import DynamicClasses
from toolkit.descriptors.loader import load
from toolkit.errors import SchemaError
from toolkit.runtime.constraints import Unchecked, Violation
from toolkit.runtime.errors import RuleError
from toolkit.semantics.facts import Facts
from toolkit.semantics.validator import Validator

FOLDER = Path(os.environ.get("PROTOVALIDATE_CASES", REPOSITORY.parent / "shared/protovalidate"))
pytestmark = [
    pytest.mark.skipif(
        not (FOLDER / "cases.jsonl").is_file(),
        reason=f"protovalidate's cases are not in {FOLDER}: set PROTOVALIDATE_CASES",
    ),
    pytest.mark.slow(reason="generates bindings of 43 files"),
    pytest.mark.xdist_group("protovalidate cases"),
]

Case = dict[str, Any]
Check = Callable[[Case], list[Violation]]
Finding = tuple[str, str, str, bool]


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    """All cases."""
    return [json.loads(line) for line in (FOLDER / "cases.jsonl").read_text().splitlines()]


@pytest.fixture(scope="module")
def compilation() -> Compilation:
    """The messages of the cases."""
    return read_descriptor_set(FOLDER / "set.binpb")


@pytest.fixture(scope="module")
def bindings(compilation: Compilation, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Check]:
    """Checks a case with generated bindings."""
    with bindings_from(tmp_path_factory.mktemp("cases"), compilation) as made:
        root = made.root
        yield lambda case: root.message(case["message"]).from_bytes(base64.b64decode(case["bytes"])).validate()


@pytest.fixture(scope="module")
def command(compilation: Compilation) -> Check:
    """Checks a case that has JSON as `toolkit validate` does."""
    validator, pool = Validator(Facts(load(compilation))), DynamicClasses(compilation).pool
    return lambda case: validator.check(validator.parse(pool, case["message"], json.dumps(case["json"])))


def expected(case: Case) -> set[Finding] | str:
    """What upstream says: violations, or that the rules fail."""
    if {"compile_error", "runtime_error"} & case["expected"].keys():
        return "error"
    violations = case["expected"].get("violations", [])
    return {(v["field"], v["rule"], v["rule_id"], v["for_key"]) for v in violations}


def finding(violation: Violation) -> Finding:
    """A violation as upstream has it: of a field's rules the path in FieldRules, of others nothing."""
    option, _, rule = violation.rule.partition(" ")
    return violation.path, rule if option.endswith(".field") else "", violation.rule_id, violation.for_key


def differs(case: Case, check: Check) -> object:
    """What is said of a case instead of what upstream says; of what is not checked, nothing may be said."""
    wanted = expected(case)
    try:
        said = check(case)
    except (RuleError, SchemaError) as error:
        return None if wanted == "error" else error
    open_ = {finding(v)[:2] for v in said if isinstance(v, Unchecked)}
    found = {finding(v) for v in said if not isinstance(v, Unchecked)}
    if isinstance(wanted, str):
        return None if open_ else found
    missing = {one for one in wanted - found if one[:2] not in open_}
    return (found, open_) if missing or found - wanted else None


def report(cases: list[Case], check: Check) -> dict[str, object]:
    """The cases that are judged otherwise, with what is said of them."""
    said = {case["id"]: (differs(case, check), expected(case)) for case in cases}
    return {name: one for name, one in said.items() if one[0] is not None}


def test_bindings(cases: list[Case], bindings: Check) -> None:
    """With the package, generated bindings agree on every case: field, rule, rule id, and whether the key is meant."""
    pytest.importorskip("protovalidate")
    assert report(cases, bindings) == {}
    assert not [
        case["id"] for case in cases if expected(case) != "error" for v in bindings(case) if isinstance(v, Unchecked)
    ]


def test_command(cases: list[Case], command: Check) -> None:
    """So does the command line, on every case that has JSON."""
    pytest.importorskip("protovalidate")
    assert report([case for case in cases if case["json"] is not None], command) == {}


def test_without_the_package(cases: list[Case], bindings: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the package, all but CEL expressions and predefined rules are judged the same; these are unchecked."""
    monkeypatch.setitem(sys.modules, "protovalidate", None)
    assert report(cases, bindings) == {}
    unchecked = {
        case["id"].split("/")[0]
        for case in cases
        if expected(case) != "error"
        for v in bindings(case)
        if isinstance(v, Unchecked)
    }
    assert unchecked == {"custom_rules", "library", "predefined_rules", "standard_rules"}


def test_command_without_the_package(cases: list[Case], command: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the package, the command line says the same as the bindings."""
    monkeypatch.setitem(sys.modules, "protovalidate", None)
    assert report([case for case in cases if case["json"] is not None], command) == {}
