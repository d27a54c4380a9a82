"""Runs protobuf's own tests of its JSON format, with functions of generated dataclasses in place of its own.

    python -m tests.conformance.json_format FOLDER WORK

``tests/conformance/protobuf_tests.sh`` brings FOLDER. Prints JSON: for each test how it failed, or ``null``, and for
each whose statements were left out the options that dataclasses don't have.
The tests make official messages and compare them. What they ask of ``json_format`` is done by a dataclass, which
gets the official message as bytes and gives one back as bytes.
"""

from __future__ import annotations

import ast
import importlib
import json
import subprocess
import sys
import types
import unittest
from pathlib import Path
from typing import Any

import google.protobuf

from toolkit.delivery.staging import write
from toolkit.descriptors.compile import compile_tree
from toolkit.descriptors.loader import load
from toolkit.runtime import DecodeError, EncodeError, Message
from toolkit.runtime.anys import Any as AnyMessage
from toolkit.semantics.facts import Facts
from toolkit.targets.python.bindings import PythonBindings

ABSENT = {
    "descriptor_pool": "a class knows its types, so there is no pool to give",
    "float_precision": "numbers are always as long as they need to be; the official runtime dropped the option",
    "max_recursion_depth": "the limit is fixed",
    "sort_keys": "json.dumps(message.to_dict(), sort_keys=True) does it",
}
"""Options that the functions of dataclasses don't have: statements of a test that use one are left out, and why."""
DELIBERATE = {
    "testBytes": ("'AQI\\*' is not base64", "a character that base64 does not have is refused, not skipped"),
    "testInvalidTimestamp": ("expected a time such as .*'0001-01-01t", "refused too, and the text is ours"),
    "testJsonEscapeString": (
        "\\\\u2028",
        "text is written as it is, since JSON is UTF-8; the official default is ASCII",
    ),
}
"""How tests fail that are meant to, and why."""
ERRORS = (DecodeError, EncodeError)
REFUSED = "[unverified_lazy=true]"
"""An option that today's protoc refuses on extensions."""


class Classes:
    """The dataclass of each official message."""

    def __init__(self, root: Any) -> None:
        self._root = root

    def of(self, message: Any) -> type[Message]:
        """Of one message."""
        name = message.DESCRIPTOR.full_name
        if name == "google.protobuf.Any":
            return AnyMessage
        found: type[Message] = self._root.message(name)
        return found

    def message_to_json(
        self, message: Any, defaults: bool = False, names: bool = False, indent: int | None = 2, **options: Any
    ) -> str:
        """In place of ``MessageToJson``."""
        style = {"defaults": defaults, "preserve_names": names, **_renamed(options)}
        return self.of(message).from_bytes(message.SerializeToString()).to_json(indent=indent, **style)

    def message_to_dict(self, message: Any) -> dict[str, Any]:
        """In place of ``MessageToDict``."""
        return self.of(message).from_bytes(message.SerializeToString()).to_dict()

    def parse(self, text: str, message: Any, ignore_unknown_fields: bool = False) -> Any:
        """In place of ``Parse``; a dataclass is always a new message, so what was in ``message`` goes."""
        made = self.of(message).from_json(text, ignore_unknown=ignore_unknown_fields)
        message.Clear()
        message.MergeFromString(made.to_bytes())
        return message

    def parse_dict(self, content: dict[str, Any], message: Any) -> Any:
        """In place of ``ParseDict``."""
        message.Clear()
        message.MergeFromString(self.of(message).from_dict(content).to_bytes())
        return message


def _renamed(options: dict[str, Any]) -> dict[str, Any]:
    names = {
        "including_default_value_fields": "defaults",
        "preserving_proto_field_name": "preserve_names",
        "use_integers_for_enums": "enum_numbers",
    }
    return {names[name]: value for name, value in options.items()}


class Without(ast.NodeTransformer):
    """Leaves out the statements of tests that use an option which dataclasses don't have."""

    def __init__(self) -> None:
        self.left_out: dict[str, list[str]] = {}
        """The options, by test."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        """Leave out the statements of one test, and those that use what such a statement would have set."""
        kept: list[ast.stmt] = []
        options: set[str] = set()
        unset: set[str] = set()
        for statement in node.body:
            parts = list(ast.walk(statement))
            found = {part.arg for part in parts if isinstance(part, ast.keyword) and part.arg in ABSENT}
            names = {part.id: part.ctx for part in parts if isinstance(part, ast.Name)}
            if found or unset & set(names):
                options |= {option for option in found if option}
                unset |= {name for name, context in names.items() if isinstance(context, ast.Store)}
            else:
                kept.append(statement)
        if options:
            self.left_out[node.name] = sorted(options)
        node.body = kept or [ast.Pass()]
        return node


class Refused(unittest.TestCase):
    """What is refused is refused with an error of ours, whose text is ours."""

    def assertRaisesRegex(self, kind: Any, text: Any, *call: Any, **options: Any) -> Any:  # noqa: N802
        return self.assertRaises(ERRORS, *call, **options)  # noqa: PT027 - theirs

    assertRaisesRegexp = assertRaisesRegex  # noqa: N815 - Python 3.12 has none


def prepare(folder: Path, work: Path) -> Classes:
    """Official code and dataclasses for the .proto files of the tests, both importable."""
    from grpc_tools import protoc

    sources = {str(path.relative_to(folder)): path.read_text() for path in (folder / "protos").rglob("*.proto")}
    write({path: text.replace(REFUSED, "").encode() for path, text in sources.items()}, work)
    official = work / "official"
    official.mkdir()
    included = Path(protoc.__file__).parent / "_proto"
    options = [f"-I{work / 'protos'}", f"-I{included}", f"--python_out={official}"]
    names = [path.removeprefix("protos/") for path in sorted(sources)]
    subprocess.run([sys.executable, "-m", "grpc_tools.protoc", *options, *names], check=True)
    for name in ("google.protobuf", "google.protobuf.internal", "google.protobuf.util"):
        module = sys.modules[name] if name in sys.modules else types.ModuleType(name)
        module.__path__ = [*getattr(module, "__path__", ()), str(official / name.replace(".", "/"))]
        sys.modules[name] = module
    compilation = compile_tree([work / "protos"])
    files = PythonBindings(Facts(load(compilation)), compilation.descriptor_set, "ours").files()
    write({path: text.encode() for path, text in files}, work)
    sys.path.insert(0, str(work))
    return Classes(importlib.import_module("ours._root").ROOT)


def tests_of(folder: Path, classes: Classes, without: Without) -> unittest.TestSuite:
    """The tests, which see functions of ours in ``json_format``."""
    replaced = types.ModuleType("google.protobuf.json_format")
    replaced.MessageToJson = classes.message_to_json  # type: ignore[attr-defined]
    replaced.MessageToDict = classes.message_to_dict  # type: ignore[attr-defined]
    replaced.Parse = classes.parse  # type: ignore[attr-defined]
    replaced.ParseDict = classes.parse_dict  # type: ignore[attr-defined]
    replaced.ParseError = ERRORS  # type: ignore[attr-defined]
    source = folder / "json_format_test.py"
    tree = without.visit(ast.parse(source.read_text(), str(source)))
    module = types.ModuleType("json_format_test")
    module.__dict__["__file__"] = str(source)
    google.protobuf.json_format, unittest.TestCase = replaced, Refused  # type: ignore[misc]
    exec(compile(ast.fix_missing_locations(tree), str(source), "exec"), module.__dict__)
    return unittest.defaultTestLoader.loadTestsFromModule(module)


class _Outcomes(unittest.TestResult):
    """For each test its errors, or None."""

    def __init__(self) -> None:
        super().__init__()
        self.outcomes: dict[str, str | None] = {}

    def stopTest(self, test: unittest.TestCase) -> None:  # noqa: N802
        super().stopTest(test)
        found = [text for failed, text in (*self.failures, *self.errors) if failed is test]
        self.outcomes[test.id().rpartition(".")[2]] = "\n".join(found) or None


def main() -> None:
    """Run the tests."""
    folder, work = map(Path, sys.argv[1:])
    outcomes, without = _Outcomes(), Without()
    tests_of(folder, prepare(folder, work), without).run(outcomes)
    json.dump({"outcomes": outcomes.outcomes, "left out": without.left_out}, sys.stdout)


if __name__ == "__main__":
    main()
