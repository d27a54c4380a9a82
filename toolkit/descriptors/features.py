"""Edition features: the result of a file's syntax or edition, and of overrides further down.

Only the features that show in the model are kept. Source: the defaults in
``google/protobuf/descriptor.proto`` (``FeatureSet``, ``edition_defaults``).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from google.protobuf import descriptor_pb2 as pb

from toolkit.errors import SchemaError

_FEATURES = pb.FeatureSet


@dataclass(frozen=True, slots=True)
class Features:
    """The features in force at an element."""

    field_presence: int
    enum_type: int
    repeated_encoding: int
    message_encoding: int

    def override(self, features: pb.FeatureSet) -> Features:
        """These features, and what an element sets of its own."""
        return replace(
            self,
            field_presence=features.field_presence or self.field_presence,
            enum_type=features.enum_type or self.enum_type,
            repeated_encoding=features.repeated_field_encoding or self.repeated_encoding,
            message_encoding=features.message_encoding or self.message_encoding,
        )


PROTO2 = Features(_FEATURES.EXPLICIT, _FEATURES.CLOSED, _FEATURES.EXPANDED, _FEATURES.LENGTH_PREFIXED)
PROTO3 = Features(_FEATURES.IMPLICIT, _FEATURES.OPEN, _FEATURES.PACKED, _FEATURES.LENGTH_PREFIXED)
EDITIONS = Features(_FEATURES.EXPLICIT, _FEATURES.OPEN, _FEATURES.PACKED, _FEATURES.LENGTH_PREFIXED)


def of_file(file: pb.FileDescriptorProto) -> tuple[str, Features]:
    """A file's edition (``proto2``, ``proto3``, ``2023`` …) and the features in force at its top."""
    if file.syntax in ("", "proto2"):
        return "proto2", PROTO2
    if file.syntax == "proto3":
        return "proto3", PROTO3
    edition = pb.Edition.DESCRIPTOR.values_by_number.get(file.edition)
    if file.syntax != "editions" or edition is None or file.edition < pb.EDITION_2023:
        said = f"the syntax {file.syntax!r}" if file.syntax != "editions" else f"the edition number {file.edition}"
        raise SchemaError(f"{file.name} has {said}, which is not known here", hint="pip install -U protobuf")
    return edition.name.removeprefix("EDITION_").lower(), EDITIONS.override(file.options.features)
