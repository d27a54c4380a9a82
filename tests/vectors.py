"""`python -m tests.vectors`: on how many of protovalidate's conformance cases the bindings and `toolkit validate` agree.

A case agrees if the same fields, rules and rule ids are violated. What is not checked, which is said, is counted apart.
The cases are those of ``PROTOVALIDATE_CASES``, as for tests/semantics/test_protovalidate_cases.py.
"""

from __future__ import annotations

import base64
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from tests.semantics.test_protovalidate_cases import FOLDER, Case, Check, differs, expected
from tests.support.bindings_of import bindings_from
from toolkit.descriptors.compile import read_descriptor_set
from toolkit.descriptors.dynamic import DynamicClasses
from toolkit.descriptors.loader import load
from toolkit.runtime.constraints import Unchecked, Violation
from toolkit.runtime.errors import RuleError
from toolkit.semantics.facts import Facts
from toolkit.semantics.validator import Validator


@contextmanager
def checks() -> Iterator[dict[str, Check]]:
    """What checks a case, by what users call it."""
    compilation = read_descriptor_set(FOLDER / "set.binpb")
    validator, pool = Validator(Facts(load(compilation))), DynamicClasses(compilation).pool
    with tempfile.TemporaryDirectory() as folder, bindings_from(Path(folder), compilation) as made:

        def bindings(case: Case) -> list[Violation]:
            return made.root.message(case["message"]).from_bytes(base64.b64decode(case["bytes"])).validate()

        def command(case: Case) -> list[Violation]:
            return validator.check(validator.parse(pool, case["message"], json.dumps(case["json"])))

        yield {"from_bytes(…).validate()": bindings, "toolkit validate": command}


def judged(case: Case, check: Check) -> str:
    """What is said of a case: that it ``agrees``, ``differs``, or that something in it is ``unchecked``."""
    if differs(case, check) is not None:
        return "differs"
    if expected(case) == "error":
        return "agrees"
    try:
        return "unchecked" if any(isinstance(v, Unchecked) for v in check(case)) else "agrees"
    except RuleError:
        return "differs"


def main() -> int:
    """Print a line for each way to check, with and without the package."""
    if not (FOLDER / "cases.jsonl").is_file():
        print(f"protovalidate's cases are not in {FOLDER}: set PROTOVALIDATE_CASES", file=sys.stderr)
        return 2
    cases = [json.loads(line) for line in (FOLDER / "cases.jsonl").read_text().splitlines()]
    with_json = [case for case in cases if case["json"] is not None]
    wrong = 0
    with checks() as ways:
        for name, check in ways.items():
            some = cases if name.startswith("from_bytes") else with_json
            wrong += row(f"{name}, with protovalidate", some, check)
            with patch.dict(sys.modules, {"protovalidate": None}):
                wrong += row(f"{name}, without protovalidate", some, check)
    return min(wrong, 1)


def row(name: str, cases: Sequence[Case], check: Check) -> int:
    """Print the counts of one way; how many cases differ."""
    count = Counter(judged(case, check) for case in cases)
    print(
        f"{name:46} {count['agrees']:5} of {len(cases)} agree, {count['unchecked']} unchecked, {count['differs']} differ"
    )
    return count["differs"]


if __name__ == "__main__":
    sys.exit(main())
