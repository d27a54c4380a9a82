"""The canonical codes of errors, and the HTTP statuses that gateways send for them.

Source: ``google/rpc/code.proto``.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Code:
    """A code."""

    name: str
    number: int
    status: int
    """The HTTP status."""
    meaning: str
    advice: str
    """What a caller does about it."""


CODES = (
    Code("OK", 0, 200, "The call succeeded.", "Nothing."),
    Code("CANCELLED", 1, 499, "The caller cancelled the call.", "Nothing."),
    Code("UNKNOWN", 2, 500, "The server failed in a way that it can't describe.", "Report it."),
    Code("INVALID_ARGUMENT", 3, 400, "The request itself is wrong.", "Fix the request."),
    Code("DEADLINE_EXCEEDED", 4, 504, "The call took too long. It may have succeeded.", "Find out, then retry."),
    Code("NOT_FOUND", 5, 404, "Something that the request names does not exist.", "Fix the name or ID."),
    Code("ALREADY_EXISTS", 6, 409, "What the request would create exists.", "Use it, or choose another name."),
    Code("PERMISSION_DENIED", 7, 403, "The caller is known, but may not do this.", "Ask for access."),
    Code("RESOURCE_EXHAUSTED", 8, 429, "A quota or a rate limit is used up.", "Wait and retry, or raise the quota."),
    Code(
        "FAILED_PRECONDITION",
        9,
        400,
        "The resource is in the wrong state for this.",
        "Change the state first.",
    ),
    Code("ABORTED", 10, 409, "Another call interfered.", "Retry from the last read."),
    Code("OUT_OF_RANGE", 11, 400, "A value is past the end of what there is.", "Stop there."),
    Code("UNIMPLEMENTED", 12, 501, "The server does not have the method.", "Call another version."),
    Code("INTERNAL", 13, 500, "Something inside the server is broken.", "Report it."),
    Code("UNAVAILABLE", 14, 503, "The server can't be reached right now.", "Retry."),
    Code("DATA_LOSS", 15, 500, "Data is lost or damaged.", "Report it."),
    Code("UNAUTHENTICATED", 16, 401, "The call has no valid credentials.", "Get a new token."),
)
"""The codes, by number."""
