"""The program that the conformance runner talks to: every message goes through a generated dataclass.

    python -m tests.conformance.testee FOLDER

The folder holds bindings of the runner's own .proto files, with the root package ``suite``.
"""

from __future__ import annotations

import struct
import sys
from importlib import import_module
from typing import Any

from toolkit.runtime import DecodeError, EncodeError


def main() -> None:
    """Answer requests until standard input ends."""
    sys.path.insert(0, sys.argv[1])
    conformance = import_module("suite.conformance")
    root = import_module("suite._root").ROOT
    while length := sys.stdin.buffer.read(4):
        request = conformance.ConformanceRequest.from_bytes(sys.stdin.buffer.read(struct.unpack("<I", length)[0]))
        answer = conformance.ConformanceResponse(result=_answer(conformance, root, request)).to_bytes()
        sys.stdout.buffer.write(struct.pack("<I", len(answer)) + answer)
        sys.stdout.buffer.flush()


def _answer(conformance: Any, root: Any, request: Any) -> Any:
    result = conformance.ConformanceResponse.Result
    payload = conformance.ConformanceRequest.Payload
    if request.message_type == "conformance.FailureSet":
        return result.ProtobufPayload(b"")
    ignore = request.test_category == conformance.TestCategory.JSON_IGNORE_UNKNOWN_PARSING_TEST
    try:
        cls = root.message(request.message_type)
    except LookupError:
        return result.Skipped(f"no message {request.message_type}")
    try:
        match request.payload:
            case payload.ProtobufPayload(content):
                message = cls.from_bytes(content)
            case payload.JsonPayload(text):
                message = cls.from_json(text, ignore_unknown=ignore)
            case _:
                return result.Skipped("only the binary format and JSON are read")
    except DecodeError as error:
        return result.ParseError(str(error))
    try:
        match request.requested_output_format:
            case conformance.WireFormat.PROTOBUF:
                return result.ProtobufPayload(message.to_bytes())
            case conformance.WireFormat.JSON:
                return result.JsonPayload(message.to_json())
            case _:
                return result.Skipped("only the binary format and JSON are written")
    except EncodeError as error:
        return result.SerializeError(str(error))


if __name__ == "__main__":
    main()
