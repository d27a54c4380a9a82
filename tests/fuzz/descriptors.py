"""Descriptor sets: structured, spoiled anywhere and with flipped bits; everything the toolkit makes of a set."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from google.protobuf import descriptor_pb2 as pb
from google.protobuf.message import DecodeError
from hypothesis import strategies as st

from tests.fuzz.bases import files, with_imports
from tests.fuzz.kind import Kind, Wrong
from tests.fuzz.trees import CUTS, SPOILS, STRANGE, flipped, spoil
from toolkit.api import compare, write
from toolkit.changes import report
from toolkit.changes.rules import FORMATS
from toolkit.changes.sets import ParsedSet, compare_sets
from toolkit.cli import answers
from toolkit.delivery.memory import made_by
from toolkit.descriptors.compile import Compilation, read_descriptor_set
from toolkit.descriptors.dump import dump
from toolkit.errors import ToolkitError
from toolkit.semantics.mappings import built_in
from toolkit.targets import registry
from toolkit.targets.changelog import ChangelogSettings
from toolkit.targets.examples.target import examples_of
from toolkit.targets.reference.target import reference_of
from toolkit.targets.settings import Common, Settings
from toolkit.targets.workspace import Workspace

OWN = [name for name in files() if name.startswith("acme/")]
NAMES = st.one_of(
    st.sampled_from(["A", "B", "a", "b_c", "aB", "_x", "class", "Message", "x1"]), st.sampled_from(STRANGE)
)
TYPES = st.sampled_from([".acme.A", ".acme.B", ".acme.A.B", ".acme.E", "A", ".google.protobuf.Timestamp", "", ".x.Y"])
MORE = {
    kind: sorted({item.options.SerializeToString() for item in items if item.HasField("options")})
    for kind, items in {
        "field": [f for m in files()["acme/zoo/v1/zoo.proto"].message_type for f in m.field],
        "method": list(files()["acme/zoo/v1/zoo.proto"].service[0].method),
    }.items()
}
"""Options that real files have, serialized."""


@st.composite
def fields(draw: Any) -> pb.FieldDescriptorProto:
    """A field of any type, which is seldom what it should be."""
    made = pb.FieldDescriptorProto(
        name=draw(NAMES),
        number=draw(st.integers(1, 8) | st.sampled_from([0, -1, 19000, 2**29])),
        label=draw(st.integers(1, 3)),
        type=draw(st.integers(1, 18)),
    )
    if made.type in (10, 11, 14):
        made.type_name = draw(TYPES)
    if draw(st.integers(0, 5)) == 0:
        made.oneof_index = draw(st.sampled_from([0, 1, 7]))
    if draw(st.integers(0, 5)) == 0:
        made.default_value = draw(st.sampled_from(["1", "true", "X", "inf", "nan", "1e400", "\\x80", *STRANGE]))
    if draw(st.integers(0, 3)) == 0:
        made.options.ParseFromString(draw(st.sampled_from(MORE["field"])))
    made.proto3_optional = draw(st.integers(0, 9)) == 0
    return made


@st.composite
def enums(draw: Any) -> pb.EnumDescriptorProto:
    """An enum."""
    values = draw(st.lists(st.tuples(NAMES, st.integers(-1, 3)), max_size=3))
    return pb.EnumDescriptorProto(
        name=draw(st.just("E") | NAMES),
        value=[pb.EnumValueDescriptorProto(name=name, number=number) for name, number in values],
    )


@st.composite
def messages(draw: Any, depth: int = 0) -> pb.DescriptorProto:
    """A message with what is in it."""
    return pb.DescriptorProto(
        name=draw(NAMES),
        field=draw(st.lists(fields(), max_size=4)),
        nested_type=draw(st.lists(messages(depth + 1), max_size=2)) if depth < 2 else [],
        enum_type=draw(st.lists(enums(), max_size=1)),
        oneof_decl=[pb.OneofDescriptorProto(name=draw(NAMES)) for _ in range(draw(st.integers(0, 2)))],
        options=pb.MessageOptions(map_entry=True) if draw(st.integers(0, 9)) == 0 else None,
        extension_range=[pb.DescriptorProto.ExtensionRange(start=100, end=draw(st.sampled_from([0, 101, 2**29])))]
        if draw(st.integers(0, 5)) == 0
        else [],
    )


@st.composite
def services(draw: Any) -> pb.ServiceDescriptorProto:
    """A service with methods."""
    made = pb.ServiceDescriptorProto(name=draw(NAMES))
    for _ in range(draw(st.integers(0, 3))):
        method = made.method.add(name=draw(NAMES), input_type=draw(TYPES), output_type=draw(TYPES))
        method.client_streaming, method.server_streaming = draw(st.booleans()), draw(st.booleans())
        if draw(st.booleans()):
            method.options.ParseFromString(draw(st.sampled_from(MORE["method"])))
    return made


@st.composite
def structured(draw: Any) -> list[pb.FileDescriptorProto]:
    """A file of all that was drawn, with the files of its options."""
    made = pb.FileDescriptorProto(
        name=draw(st.just("a.proto") | NAMES),
        package=draw(st.sampled_from(["acme", "acme", "", "acme.v1", "a.class", ".."])),
        syntax=draw(st.sampled_from(["proto3", "proto2", "", "editions", "x"])),
        message_type=[pb.DescriptorProto(name="A"), *draw(st.lists(messages(), max_size=3))],
        enum_type=draw(st.lists(enums(), max_size=1)),
        service=draw(st.lists(services(), max_size=2)),
        extension=draw(st.lists(fields(), max_size=1)),
    )
    for extension in made.extension:
        extension.extendee = draw(TYPES)
    for path, span in draw(st.lists(st.tuples(PATHS, PATHS), max_size=2)):
        made.source_code_info.location.add(path=path, span=span, leading_comments="A [B] `c")
    known = (
        [] if draw(st.booleans()) else with_imports("yandex/cloud/api/operation.proto", "yandex/cloud/validation.proto")
    )
    made.dependency.extend(file.name for file in known)
    return [*known, made]


PATHS = st.lists(st.sampled_from([0, 1, 2, 3, 4, 6, 8]), max_size=5)


def real(names: list[str]) -> list[pb.FileDescriptorProto]:
    """Files that are as they should be."""
    return with_imports(*names)


@st.composite
def sets(draw: Any) -> bytes:
    """The bytes of a set."""
    source = st.lists(st.sampled_from(OWN), min_size=1, max_size=2).map(real)
    made = pb.FileDescriptorSet(file=draw(st.one_of(structured(), source)))
    target = made.file[-1] if draw(st.integers(0, 3)) else made
    spoil(target, draw(SPOILS), lambda name: not name.endswith((".features", ".uninterpreted_option")))
    content = made.SerializePartialToString()
    return flipped(content, draw(CUTS)) if draw(st.integers(0, 3)) == 0 else content


def check(content: bytes, folder: Path) -> None:
    """Whatever a set holds, each command gives an output or an error that says what is wrong."""
    inner = folder / "a/b"
    inner.mkdir(parents=True)
    path, good = inner / "x.binpb", inner / "good.binpb"
    path.write_bytes(content)
    good.write_bytes(pb.FileDescriptorSet(file=with_imports(OWN[0])).SerializeToString())
    try:
        source = read_descriptor_set(path)
    except ToolkitError:
        return
    sections = {ChangelogSettings: ChangelogSettings(revisions={"old": str(good), "new": str(path)})}
    workspace = Workspace(Settings(Common(), sections), source)
    for step in steps(workspace, source, read_descriptor_set(good), inner):
        try:
            step()
        except ToolkitError as error:
            if not str(error).isprintable() and set(str(error)) & {"\x00", "\x1b"}:
                raise Wrong(f"control characters in {str(error)!r}") from error
    if sorted(p.name for p in folder.iterdir()) != ["a"] or sorted(p.name for p in (folder / "a").iterdir()) != ["b"]:
        raise Wrong("written outside")
    if not {p.name for p in inner.iterdir()} <= {"x.binpb", "good.binpb", "out"}:
        raise Wrong("written outside")


def steps(workspace: Workspace, source: Compilation, other: Compilation, inner: Path) -> Iterator[Any]:
    """What to try with a set, each of which may raise a ToolkitError."""
    for kind in registry.BUILT_IN:
        yield lambda kind=kind: generated(workspace, kind, inner / "out")
    for pair in ((source, other), (other, source), (source, source)):
        yield lambda pair=pair: compared(*pair)
    try:
        schema = workspace.schema
    except ToolkitError:
        return
    yield lambda: json.loads(dump(schema))
    yield lambda: answers.services(workspace, ())
    yield lambda: answers.services(workspace, (*list(schema.services)[:1], "acme"))
    for name in (*list(schema.services)[:2], *list(schema.methods)[:2], "acme", "x"):
        yield lambda name=name: answers.page(workspace, reference_of(workspace), name)
    for name in list(schema.methods)[:2]:
        for form in ("request", "response", "curl", "grpcurl", "python"):
            yield lambda name=name, form=form: answers.example(
                workspace, examples_of(workspace), name, answers.Form(form)
            )
    for name in list(schema.messages)[:3]:
        for text in (b"{}", b'{"a": "1", "name": 1}'):
            yield lambda name=name, text=text: answers.violations(workspace, name, text, "x.json")


def generated(workspace: Workspace, name: str, out: Path) -> None:
    """All files of a target: they are below their folder, Python compiles, JSON parses, and a check finds them."""
    files = made_by(registry.get(name), workspace).files
    write(files, out / name)
    if differences := compare(files, out / name):
        raise Wrong(f"not as written: {differences[0].path}")
    for path, content in files.items():
        if path.endswith(".py"):
            compile(content, path, "exec", dont_inherit=True)
        elif path.endswith(".json"):
            json.loads(content)


def compared(old: Compilation, new: Compilation) -> None:
    """What changed between two sets, in every format."""
    changes = compare_sets(ParsedSet(old), ParsedSet(new), built_in())
    if old is new and changes:
        raise Wrong(f"a set differs from itself: {changes[0]}")
    for form in FORMATS:
        text = report.report(changes, form)
        if form == "json":
            json.loads(text)
        elif set(text) & {"\x00", "\x1b"}:
            raise Wrong(f"control characters in a report as {form}")


def shown(content: bytes) -> str:
    """What is not as in the files that sets are made from."""
    try:
        parsed = pb.FileDescriptorSet.FromString(content)
    except DecodeError:
        return repr(content)
    return "\n".join(str(file) for file in parsed.file if files().get(file.name) != file)


KIND = Kind(sets(), check, shown)
