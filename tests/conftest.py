"""What the tests have in common: the repository, and the switch that rewrites goldens."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as shells start programs in the background
    signal.signal(signal.SIGINT, signal.default_int_handler)  # or the programs that tests interrupt ignore it, too


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--golden` rewrites the expected files instead of comparing with them."""
    parser.addoption("--golden", action="store_true", help="rewrite the goldens; read the diff before you commit")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> bool:
    """Whether goldens are to be rewritten."""
    return bool(request.config.getoption("--golden"))
