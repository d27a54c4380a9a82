"""Generated code names the runtime that it needs."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.bindings_of import bindings_of
from tests.support.protos_of import proto3
from toolkit.runtime import interface


@pytest.mark.parametrize(
    ("current", "oldest", "said"),
    [
        (0, 0, "0.1.0 or later, and an older one is installed: pip install -U proto-toolkit-runtime"),
        (9, 2, "0.1.0, and the installed one no longer works with it: generate the package again"),
    ],
)
def test_another_runtime(current: int, oldest: int, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a runtime that is too old or too new, an import of any package fails in one line that says what to do."""
    monkeypatch.setattr(interface, "INTERFACE", current)
    monkeypatch.setattr(interface, "OLDEST", oldest)
    with bindings_of(tmp_path, {"a.proto": proto3("acme.v1", "message M { string name = 1; }")}) as made:
        with pytest.raises(ImportError) as caught:
            made.module("acme.v1")
        assert str(caught.value) == f"{made.package} was generated for proto-toolkit-runtime {said}"


def test_newer_runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A newer runtime that still knows the interface is fine."""
    monkeypatch.setattr(interface, "INTERFACE", 9)
    with bindings_of(tmp_path, {"a.proto": proto3("acme.v1", "message M { string name = 1; }")}) as made:
        assert made.module("acme.v1").M(name="a").name == "a"
