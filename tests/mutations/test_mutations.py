"""The faults that `python -m tests.mutations` plants fit the code as it is; that they are caught is not tried here."""

from __future__ import annotations

import pytest

from tests.conftest import REPOSITORY
from tests.mutations.mutations import MUTATIONS, Mutation
from tests.mutations.planting import planted


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.id)
def test_fits(mutation: Mutation) -> None:
    """The code that a fault changes is there once, and is another program with it; its tests exist."""
    text = (REPOSITORY / mutation.file).read_text(encoding="utf-8")
    assert planted(mutation, text) != text
    assert mutation.tests
    assert all((REPOSITORY / path).exists() for path in mutation.tests)


def test_ids() -> None:
    """Each fault has a name of its own."""
    assert len({mutation.id for mutation in MUTATIONS}) == len(MUTATIONS) >= 40
