"""Which enums name errors, and which only look like it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.protos_of import proto3, schema_of
from toolkit.semantics.facts import Facts
from toolkit.semantics.reasons import is_unset

CASES = {
    "a reason that no message has": ("enum ErrorReason { A = 0; }", ["ErrorReason"]),
    "with words in front": ("enum BookErrorReason { A = 0; }", ["BookErrorReason"]),
    "a code in an error": ("enum ErrorCode { A = 0; } message Error { ErrorCode code = 1; }", ["ErrorCode"]),
    "in a list of details": (
        "enum LoanErrorCode { A = 0; } message ErrorDetails { repeated LoanErrorCode codes = 1; }",
        ["LoanErrorCode"],
    ),
    "inside of an error": (
        "message LoanError { enum Code { B = 0; } enum ErrorCode { A = 0; } message In { ErrorCode code = 1; } }",
        ["LoanError.ErrorCode"],
    ),
    "a general code in a status": ("enum ErrorCode { A = 0; } message Status { ErrorCode c = 1; }", ["ErrorCode"]),
    "a code of something in a status": ("enum DiskErrorCode { A = 0; } message Status { DiskErrorCode c = 1; }", []),
    "the state of a resource": ("enum ErrorReason { A = 0; } message Disk { ErrorReason why = 1; }", []),
    "an enum in a message for it": ("message FeedErrorEnum { enum FeedError { A = 0; } }", ["FeedErrorEnum.FeedError"]),
    "a level of logging": ("enum LogErrorVerbosity { A = 0; }", []),
    "a type": ("message UploadError { enum ErrorType { A = 0; } ErrorType type = 1; }", []),
    "an option with errors": (
        'import "google/protobuf/descriptor.proto"; enum ErrorCode { A = 0; } '
        "extend google.protobuf.MethodOptions { repeated ErrorCode errors = 50000; }",
        ["ErrorCode"],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_errors(name: str, tmp_path: Path) -> None:
    """Enums by their names, unless resources have them as fields."""
    body, wanted = CASES[name]
    found = Facts(schema_of(tmp_path, {"a.proto": proto3("acme", body)})).error_enums
    assert [enum.full_name.removeprefix("acme.") for enum in found] == wanted


@pytest.mark.parametrize(
    ("name", "number", "unset"),
    [("ERROR_REASON_UNSPECIFIED", 0, True), ("UNSPECIFIED", 0, True), ("GONE", 0, False), ("A_UNSPECIFIED", 1, False)],
)
def test_unset(name: str, number: int, *, unset: bool) -> None:
    """The zero that means nothing is left out."""
    assert is_unset(name, number) is unset
