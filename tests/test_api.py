"""The public API: small, typed, lazy, and all that the guide's page about it uses."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

import toolkit
from tests.support.protos_of import proto3
from tests.support.protos_of import write as write_sources
from tests.support.repository import REPOSITORY
from toolkit import api

STORAGE = proto3(
    "acme.v1",
    """
import "google/api/field_behavior.proto";
message Bucket { string name = 1 [(google.api.field_behavior) = REQUIRED]; }
service Buckets { rpc Get(Bucket) returns (Bucket); }
""",
)


def test_names() -> None:
    """The names of the package and of the module that defines them are the same, sorted, and all there."""
    assert toolkit.__all__ == sorted(toolkit.__all__)
    for name in toolkit.__all__:
        assert getattr(toolkit, name) is getattr(api, name)
    assert set(dir(toolkit)) == set(toolkit.__all__)


def test_unknown_name() -> None:
    """What is not public is not an attribute, although a module of that name may be imported."""
    with pytest.raises(AttributeError, match="no attribute 'compiler'"):
        toolkit.compiler  # type: ignore[attr-defined]  # noqa: B018


def test_functions_are_typed() -> None:
    """Every public function says what it takes and returns, and has a docstring."""
    functions = [value for name in toolkit.__all__ if inspect.isfunction(value := getattr(toolkit, name))]
    assert len(functions) >= 8
    for function in functions:
        signature = inspect.signature(function)
        assert function.__doc__
        assert signature.return_annotation is not inspect.Signature.empty
        assert all(p.annotation is not inspect.Parameter.empty for p in signature.parameters.values())


def test_lazy() -> None:
    """Importing the package or its runtime loads nothing else of the toolkit."""
    loaded = "import sys; print(*[name for name in sys.modules if name.split('.')[0] == 'toolkit'])"
    for program in ("import toolkit.runtime", "from toolkit import runtime", "import toolkit"):
        command = [sys.executable, "-c", f"{program}; {loaded}"]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        assert {name for name in said.split() if not name.startswith("toolkit.runtime")} == {"toolkit"}


def test_guide_uses_nothing_else() -> None:
    """The guide's page about the library imports only public names."""
    text = (REPOSITORY / "site/guide/library.md").read_text()
    imported = re.findall(r"^(?:from|import) (toolkit[\w.]*)", text, re.M)
    assert set(imported) == {"toolkit"}
    used = set(re.findall(r"\btoolkit\.(\w+)\b(?!\.toml)", text)) - {"toml", "runtime"}
    assert used <= set(toolkit.__all__)


def test_from_protos_to_violations(tmp_path: Path) -> None:
    """Protos are compiled, loaded, generated, written, compared, diffed and validated by public names alone."""
    source = toolkit.compile(write_sources(tmp_path / "protos", {"a.proto": STORAGE}))
    assert [m.full_name for m in toolkit.load(source).methods.values()] == ["acme.v1.Buckets.Get"]
    files = toolkit.generate(source, "examples", variants=True)
    assert "acme/v1/Buckets/get.request.json" in files
    assert {d.path for d in toolkit.compare(files, tmp_path / "out")} == files.keys()
    assert toolkit.write(files, tmp_path / "out").written == len(files)
    assert not toolkit.compare(files, tmp_path / "out")
    assert [v.path for v in toolkit.validate(source, "acme.v1.Bucket", "{}")] == ["name"]
    changed = toolkit.compile(
        write_sources(tmp_path / "new", {"a.proto": STORAGE.replace("string name = 1", "int32 name = 1")})
    )
    assert [change.element for change in toolkit.diff(source, changed)] == ["acme.v1.Bucket.name"]
