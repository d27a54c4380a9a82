"""Wire bytes: the bindings' `from_bytes`, beside the official runtime."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from google.protobuf.message import DecodeError as OfficialError
from hypothesis import strategies as st

from tests.fuzz.kind import Kind, Wrong
from tests.fuzz.protobuf import SEEDS, classes, content_of, names
from tests.fuzz.trees import CUTS, flipped
from toolkit.runtime.errors import DecodeError, EncodeError

VARINTS = st.sampled_from(
    [b"\x00", b"\x01", b"\xff\x01", b"\xff" * 9 + b"\x01", b"\xff" * 10, b"\x80" * 9 + b"\x02", b"\x80\x00"]
)
PAYLOADS = st.one_of(
    VARINTS,
    st.binary(max_size=9),
    st.binary(max_size=20).map(lambda piece: bytes([len(piece)]) + piece),
    st.sampled_from([b"\xff\xff\xff\xff\x07", b"\x02\xc3\x28", b"\x03\xed\xa0\x80"]),
)


@st.composite
def records(draw: Any) -> bytes:
    """Tags of small numbers and any wire type, each with something behind it."""
    pieces = []
    for number, wire_type, payload in draw(
        st.lists(st.tuples(st.sampled_from([*range(25), 110, 150]), st.integers(0, 7), PAYLOADS), max_size=8)
    ):
        tag = number << 3 | wire_type
        pieces.append((bytes([tag]) if tag < 128 else bytes([tag & 127 | 128, tag >> 7])) + payload)
    return b"".join(pieces)


@st.composite
def inputs(draw: Any) -> tuple[str, bytes]:
    """A message's name, and bytes."""
    name = draw(st.sampled_from(names()))
    known = SEEDS.map(lambda seed: bytes(content_of(name, seed).SerializePartialToString()))
    made = draw(st.one_of(known, known, records(), st.binary(max_size=40)))
    return name, flipped(made, draw(CUTS)) if draw(st.booleans()) else made


def canonical(message: Any) -> bytes:
    """The bytes of an official message: maps have no order, and unknown numbers may be written in more bytes than needed."""
    message.DiscardUnknownFields()
    return bytes(message.SerializeToString(deterministic=True))


def check(value: tuple[str, bytes], folder: Path) -> None:
    """Bytes are refused, as the official runtime refuses them, or are a message that is written again as the same.

    But a ``Value`` without a kind is null, by design.
    """
    name, raw = value
    ours, official = classes()[name]
    try:
        expected = official.FromString(raw)
    except OfficialError:
        expected = None
    try:
        made = ours.from_bytes(raw)
    except DecodeError as error:
        # A key of a map in proto2 that is not UTF-8 cannot be read from the official message either.
        if expected is not None and expected.IsInitialized() and "codec can't decode" not in str(error):
            raise Wrong(f"refused, but the official runtime reads it: {error}") from None
        return
    if expected is None:
        raise Wrong("read, but the official runtime refuses it")
    if not expected.IsInitialized():
        return
    again = made.to_bytes()
    for content in () if name == "acme.known.v1.Free" else (again, ours.from_bytes(again).to_bytes()):
        if canonical(official.FromString(content)) != canonical(expected):
            raise Wrong(f"another message for the official runtime: {content!r}")
    made.validate()
    repr(made)
    try:
        made.to_json()
    except EncodeError:
        return


KIND = Kind(inputs(), check)
