"""Regular expressions: what RE2 means by them, with it and without, in time that grows with the text alone."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.work import growth
from toolkit.runtime.patterns import matches

MEANINGS = [
    ("b$", "b\n", False, False),
    (r"b\z", "b\n", False, False),
    ("^b", "ab", False, False),
    ("b", "abc", False, True),
    ("b", "abc", True, False),
    ("a|b", "b", True, True),
    ("a.b", "a\nb", True, False),
    ("(?s)a.b", "a\nb", True, True),
    ("(?i)[a-f]+", "AbC", True, True),
    (r"\d", "٣", True, False),
    (r"\w", "é", True, False),
    (r"\s", "\v", True, False),
    (r"[\s]", "\t", True, True),
    ("[[:alpha:]]+", "abc", True, True),
    ("[[:^alpha:]]", "1", True, None),
    (r"[^\]a]", "]", True, False),
    (r"(?P<name>a)", "a", True, True),
    ("a{,2}", "aa", True, None),
    ("a*", "", True, True),
    ("[a-z]([-a-z0-9]{0,61}[a-z0-9])?", "a-b", True, True),
    ("[a-z]([-a-z0-9]{0,61}[a-z0-9])?", "a-", True, False),
]
"""Expression, text, whether all of it has to match, and the answer; None where it cannot be told without RE2."""


@pytest.mark.parametrize(("pattern", "text", "whole", "answer"), MEANINGS)
def test_meaning(pattern: str, text: str, whole: bool, answer: bool | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """An expression means the same with RE2 and without, or it cannot be told."""
    with_re2 = matches(pattern, text, whole=whole)
    monkeypatch.setitem(sys.modules, "re2", None)
    assert matches(pattern, text, whole=whole) is answer
    if answer is not None:
        assert with_re2 is answer


NOT_RE2 = ["(?=a)a", r"(a)\1", "a++", "(?>a)", "a{1001}", "(", "(?x) a", r"\Z", "(?<=a)b"]


@pytest.mark.parametrize("pattern", NOT_RE2)
def test_not_re2(pattern: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """For an expression that RE2 does not have, a match cannot be determined."""
    assert matches(pattern, "a", whole=True) is None
    monkeypatch.setitem(sys.modules, "re2", None)
    assert matches(pattern, "a", whole=True) is None


SLOW = [
    ("(a+)+b", True),
    ("(a|a)*b", True),
    ("^(([a-z])+.)+[A-Z]([a-z])+$", False),
    (".*.*=.*", True),
    ("a*a*b", True),
    ("^a*[ab]*c$", False),
    ("a+$", False),
    ("(x?){30}x{30}", True),
    ("((a{0,9}){0,9}){0,9}", True),
    ("(?i)(?:a+)+$", False),
]


@pytest.mark.parametrize(("pattern", "whole"), SLOW)
def test_not_proven(pattern: str, whole: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """What could backtrack for long is not run without RE2; with it, it is no matter."""
    monkeypatch.setitem(sys.modules, "re2", None)
    assert matches(pattern, "a" * 40 + "!", whole=whole) is None
    monkeypatch.undo()
    assert matches(pattern, "a" * 100_000 + "!", whole=whole) is False


PROVEN = [
    "(a|ab)*c",
    "[a-z]([-a-z0-9]{0,61}[a-z0-9])?",
    "a*b*c*",
    "(a+,)*b",
    ".*a",
    "([a-z0-9]+(-[a-z0-9]+)*)",
    "a{1,50}b{1,50}",
]


@pytest.mark.parametrize("pattern", PROVEN)
@pytest.mark.parametrize("text", ["a", "ab", "a-", "a,"])
def test_proven(pattern: str, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is proven to be linear is, for texts that nearly match."""
    monkeypatch.setitem(sys.modules, "re2", None)

    def work(size: int) -> None:
        assert matches(pattern, (text * size)[:size] + "!", whole=True) is False

    assert growth(work, 20_000, 200_000) < 5


PARTS = st.sampled_from(["a", "b", "[ab]", "[^a]", ".", r"\w", "ab", "(?:a|b)", "(?:a|ab)"])
REPEATS = st.sampled_from(["", "", "*", "+", "?", "*?", "{2}", "{0,3}", "{2,}"])
EXPRESSIONS = st.recursive(
    st.builds(str.__add__, PARTS, REPEATS),
    lambda inner: st.builds(lambda parts, repeat: f"(?:{'|'.join(parts)}){repeat}", st.lists(inner, min_size=1, max_size=3), REPEATS)
    | st.builds("".join, st.lists(inner, max_size=3)),
    max_leaves=6,
)  # fmt: skip


@given(
    EXPRESSIONS, st.sampled_from(["", "^"]), st.sampled_from(["", "$"]), st.text("ab\nc", max_size=12), st.booleans()
)
def test_same_answers(inner: str, start: str, end: str, text: str, whole: bool) -> None:
    """Without RE2, the answer is RE2's or none."""
    pattern = start + inner + end
    answer = matches(pattern, text, whole=whole)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "re2", None)
        assert matches(pattern, text, whole=whole) in (None, answer)
