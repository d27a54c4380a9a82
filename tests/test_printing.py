"""Names and values out of somebody's protos are shown in reports, logs and messages, and do nothing there."""

from __future__ import annotations

import json
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hostile import FOLDER, texts
from tests.support.logs import ACTING, commands
from toolkit.changes.model import Change, Kind
from toolkit.changes.report import report
from toolkit.changes.rules import FORMATS
from toolkit.changes.sets import ParsedSet, compare_sets
from toolkit.cli.terminal import say_diagnostics, say_error
from toolkit.delivery import reporting
from toolkit.delivery.drift import Drift
from toolkit.descriptors.compile import compile_tree
from toolkit.errors import Diagnostic, Location, SchemaError
from toolkit.printing import as_json, printable
from toolkit.semantics.mappings import built_in

HOSTILE = {**texts("logs"), "no character of UTF-8": "a \udc80 b", "escapes of annotations": "50%25, 100%3A %0A"}
CHANGE_FORMATS = [form for form in FORMATS if form != "github"]


def change(text: str) -> Change:
    """A change that has a text wherever one out of a tree can be."""
    location = Location(text, 1, 2)
    return Change(
        kind=Kind.DEFAULT,
        noun="field",
        element=text,
        message=f"default changed from {text} to {text}",
        package=text,
        old=location,
        new=location,
        at=location,
        rules=("FIELD_SAME_DEFAULT",),
        excepted=(("FIELD_SAME_TYPE", text),),
    )


def drift(text: str) -> Drift:
    """A file that differs, with a text wherever one out of a tree can be."""
    return Drift("reference", text, "changed", Location(text, 1), f"a\n{text}\nb\nc", f"a\n{text}\nb\nd")


@pytest.mark.parametrize("form", CHANGE_FORMATS)
@pytest.mark.parametrize("name", HOSTILE)
def test_changes(name: str, form: str) -> None:
    """Whatever a change holds, a report of it has the same lines as any other, none of which is obeyed."""
    text = report([change(HOSTILE[name])], form)
    assert commands(text) == []
    assert not ACTING.search(text)
    assert text.count("\n") == report([change("plain")], form).count("\n")


@pytest.mark.parametrize("form", FORMATS)
def test_differences(form: str) -> None:
    """Each change of a hostile tree is one line, or one row, and nothing of it is obeyed but annotations of GitHub."""
    old, new = (ParsedSet(compile_tree([FOLDER / "differences" / side])) for side in ("before", "after"))
    changes = compare_sets(old, new, built_in())
    assert len(changes) == 8
    text = report(changes, form)
    assert not ACTING.search(text)
    if form == "github":
        assert commands(text) == text.splitlines()
        assert all(line.startswith(("::error file=a.proto,", "::notice file=a.proto,")) for line in commands(text))
    else:
        assert commands(text) == []
    if form == "text":
        assert len(text.splitlines()) == len(changes)


@pytest.mark.parametrize("form", reporting.FORMATS)
@pytest.mark.parametrize("name", HOSTILE)
def test_drifts(name: str, form: str) -> None:
    """The same for files that are not what generating makes; but its annotations are commands."""
    text = reporting.reported([drift(HOSTILE[name])], form)
    assert (form == "github") == (len(commands(text)) == 1)
    assert not ACTING.search(text)


@pytest.mark.parametrize("name", HOSTILE)
def test_annotations(name: str) -> None:
    """An annotation is one command, which names the file as it is shown."""
    (text,) = report([change(HOSTILE[name])], "github").splitlines()
    assert text.startswith("::error file=")
    value = text.removeprefix("::error file=").partition(",line=")[0]
    for sign, written in ((",", "%2C"), (":", "%3A"), ("%", "%25")):
        value = value.replace(written, sign)
    assert value == printable(HOSTILE[name])


@pytest.mark.parametrize("name", HOSTILE)
def test_machines(name: str) -> None:
    """JSON gives the text back as it was, and JUnit is XML that says which file it is."""
    text = HOSTILE[name]
    (found,) = json.loads(report([change(text)], "json"))["changes"]
    assert found["element"] == text
    assert json.loads(reporting.reported([drift(text)], "json"))["drift"][0]["file"] == text
    case = ElementTree.fromstring(reporting.reported([drift(text)], "junit")).find("testcase")
    assert case is not None
    assert case.get("name") == printable(text)


@pytest.mark.parametrize("name", HOSTILE)
def test_messages(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A warning is one line; an error may be several, of which only the first is at the beginning of a line."""
    text = HOSTILE[name]
    say_diagnostics([Diagnostic(Location(text, 1), text, text)])
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    say_error(str(SchemaError(text, location=Location(text), hint="what to do")))
    said += capsys.readouterr().err
    assert commands(said) == []
    assert not ACTING.search(said)
    assert [line for line in said.splitlines() if line[0] != " "] == [said.splitlines()[0], said.splitlines()[1]]
    assert said.endswith("\n  what to do\n")


@given(st.text())
def test_any_text(text: str) -> None:
    """Any text is one line that is not obeyed; it shows as it is where nothing in it could act; JSON gives it back."""
    line = printable(text)
    assert commands(line) == []
    assert not ACTING.search(line)
    assert line.count("\n") == 0
    assert printable(line) == line
    assert line == text or ACTING.search(text) or commands(text) or "\n" in text or "#" in text or "\u061c" in text
    assert json.loads(as_json([text])) == [text]
