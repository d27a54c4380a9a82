"""What the published pages say about Google's types, whatever their protos say."""

from __future__ import annotations

TIMESTAMP = """\
String in [RFC3339](https://www.ietf.org/rfc/rfc3339.txt) text format. The range of possible values is from
`0001-01-01T00:00:00Z` to `9999-12-31T23:59:59.999999999Z`, i.e. from 0 to 9 digits for fractions of a second.

To work with values in this field, use the APIs described in the
[Protocol Buffers reference](https://developers.google.com/protocol-buffers/docs/reference/overview).
In some languages, built-in datetime utilities do not support nanosecond precision (9 digits)."""
"""Follows the comment of a field."""
FIELD_MASK = """\
A comma-separated names off ALL fields to be updated.
Only the specified fields will be changed. The others will be left untouched.
If the field is specified in `` updateMask `` and no value for that field was sent in the request,
the field's value will be reset to the default. The default value for most fields is null or 0.

If `` updateMask `` is not sent in the request, all fields' values will be updated.
Fields specified in the request will be updated to provided values.
The rest of the fields will be reset to the default."""
"""Replaces the comment of a field."""
MESSAGES = {
    "google.rpc.Status": "The error result of the operation in case of failure or cancellation.",
}
FIELDS = {
    "google.rpc.Status.code": "Error code. An enum value of [google.rpc.Code]"
    "(https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto).",
    "google.rpc.Status.message": "An error message.",
    "google.rpc.Status.details": "A list of messages that carry the error details.",
}
