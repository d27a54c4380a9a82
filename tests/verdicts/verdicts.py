"""The verdicts of both sides on values."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import protovalidate
from google.protobuf import json_format
from jsonschema import Draft202012Validator

from tests.support.protos_of import write
from tests.verdicts.tree import NAMES, TREE
from tests.verdicts.values import Values
from toolkit.descriptors.compile import compile_tree
from toolkit.descriptors.dynamic import DynamicClasses
from toolkit.descriptors.loader import load
from toolkit.semantics.facts import Facts
from toolkit.targets.jsonschema.schemas import Form, Schemas
from toolkit.targets.jsonschema.texts import Texts


@dataclass(frozen=True)
class Difference:
    """A value on which the sides differ."""

    message: str
    value: Any
    says: str


@dataclass
class Verdicts:
    """The verdicts on values of a tree: by its schemas, and by the official parser with protovalidate."""

    folder: Path
    lenient: bool
    agreed: dict[bool, int] = field(default_factory=lambda: {True: 0, False: 0})
    """How many values were valid, and how many were not, on both sides."""

    def __post_init__(self) -> None:
        compilation = compile_tree([write(self.folder, {"a.proto": TREE})])
        facts = Facts(load(compilation))
        self._classes = DynamicClasses(compilation)
        self._official = protovalidate.Validator()
        form = Form(prefix="#/$defs/", lenient=self.lenient, strict=True, extensions=False, exact=True)
        self._schemas = {}
        for name in NAMES:
            schemas = Schemas(facts, form, Texts(facts))
            made = schemas.of_message(f"acme.{name}") | {"$defs": schemas.components()}
            Draft202012Validator.check_schema(made)
            checker = Draft202012Validator.FORMAT_CHECKER
            self._schemas[name] = Draft202012Validator(json.loads(json.dumps(made)), format_checker=checker)

    def differences(self, count: int, seed: int) -> Iterator[Difference]:
        """The values at random on which the sides differ, of so many for all messages together."""
        random = Random(seed)
        values = Values(random, lenient=self.lenient)
        for number in range(count):
            name = NAMES[number % len(NAMES)]
            cls = self._classes.get(f"acme.{name}")
            value, expected, why = self._expected(cls, values.of(cls.DESCRIPTOR), random)
            errors = [*self._schemas[name].iter_errors(value)]
            if expected is bool(errors):
                yield Difference(name, value, "; ".join(error.message for error in errors) or why)
            else:
                self.agreed[expected] += 1

    def _expected(self, cls: Any, value: Any, random: Random) -> tuple[Any, bool, str]:
        """A value for the schema, whether it is to be valid, and why not.

        Where schemas describe what printers write, it is what a printer writes for what was read.
        """
        try:
            message = json_format.Parse(json.dumps(value), cls())
        except json_format.ParseError as error:
            return value, False, str(error)
        if not self.lenient:
            zeros = random.random() < 0.5
            value = json_format.MessageToDict(message, always_print_fields_with_no_presence=zeros)
        found = self._official.collect_violations(message)
        return value, not found, "; ".join(f"{each.proto.rule_id} {each.proto.message}" for each in found)
