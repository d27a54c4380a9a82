"""The rules and their categories, as data.

Names, categories and purposes are buf's (`buf config ls-breaking-rules`), but for ``CONSTRAINT`` and ``REST``, which are
ours.
"""
# ruff: noqa: E501 — a row a rule, as buf words it

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

CATEGORIES = ("FILE", "PACKAGE", "WIRE_JSON", "WIRE", "CONSTRAINT", "REST")
FORMATS = ("text", "markdown", "json", "github")
"""Of reports."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule, and what holds where it is kept."""

    id: str
    categories: tuple[str, ...]
    purpose: str


_TABLE = """
EXTENSION_NO_DELETE | FILE | extensions are not deleted from a given file.
SERVICE_NO_DELETE | FILE | services are not deleted from a given file.
ENUM_NO_DELETE | FILE | enums are not deleted from a given file.
FILE_NO_DELETE | FILE | files are not deleted.
MESSAGE_NO_DELETE | FILE | messages are not deleted from a given file.
ENUM_SAME_TYPE | FILE PACKAGE | enums have the same type (open vs closed).
FIELD_SAME_CARDINALITY | FILE PACKAGE | fields have the same cardinalities in a given message.
FIELD_SAME_CPP_STRING_TYPE | FILE PACKAGE | fields have the same C++ string type, based on ctype field option or (pb.cpp).string_type feature.
FIELD_SAME_JAVA_UTF8_VALIDATION | FILE PACKAGE | fields have the same Java string UTF8 validation, based on java_string_check_utf8 file option or (pb.java).utf8_validation feature.
FIELD_SAME_JSTYPE | FILE PACKAGE | fields have the same value for the jstype option.
FIELD_SAME_UTF8_VALIDATION | FILE PACKAGE | string fields have the same UTF8 validation mode.
FILE_SAME_CC_ENABLE_ARENAS | FILE PACKAGE | files have the same value for the cc_enable_arenas option.
FILE_SAME_CC_GENERIC_SERVICES | FILE PACKAGE | files have the same value for the cc_generic_services option.
FILE_SAME_CSHARP_NAMESPACE | FILE PACKAGE | files have the same value for the csharp_namespace option.
FILE_SAME_GO_PACKAGE | FILE PACKAGE | files have the same value for the go_package option.
FILE_SAME_JAVA_GENERIC_SERVICES | FILE PACKAGE | files have the same value for the java_generic_services option.
FILE_SAME_JAVA_MULTIPLE_FILES | FILE PACKAGE | files have the same value for the java_multiple_files option.
FILE_SAME_JAVA_OUTER_CLASSNAME | FILE PACKAGE | files have the same value for the java_outer_classname option.
FILE_SAME_JAVA_PACKAGE | FILE PACKAGE | files have the same value for the java_package option.
FILE_SAME_OBJC_CLASS_PREFIX | FILE PACKAGE | files have the same value for the objc_class_prefix option.
FILE_SAME_OPTIMIZE_FOR | FILE PACKAGE | files have the same value for the optimize_for option.
FILE_SAME_PHP_CLASS_PREFIX | FILE PACKAGE | files have the same value for the php_class_prefix option.
FILE_SAME_PHP_METADATA_NAMESPACE | FILE PACKAGE | files have the same value for the php_metadata_namespace option.
FILE_SAME_PHP_NAMESPACE | FILE PACKAGE | files have the same value for the php_namespace option.
FILE_SAME_PY_GENERIC_SERVICES | FILE PACKAGE | files have the same value for the py_generic_services option.
FILE_SAME_RUBY_PACKAGE | FILE PACKAGE | files have the same value for the ruby_package option.
FILE_SAME_SWIFT_PREFIX | FILE PACKAGE | files have the same value for the swift_prefix option.
RPC_NO_DELETE | FILE PACKAGE | rpcs are not deleted from a given service.
ENUM_VALUE_NO_DELETE | FILE PACKAGE REST | enum values are not deleted from a given enum.
EXTENSION_MESSAGE_NO_DELETE | FILE PACKAGE | extension ranges are not deleted from a given message.
FIELD_NO_DELETE | FILE PACKAGE REST | fields are not deleted from a given message.
FIELD_SAME_TYPE | FILE PACKAGE | fields have the same types in a given message.
FILE_SAME_SYNTAX | FILE PACKAGE | files have the same syntax.
MESSAGE_NO_REMOVE_STANDARD_DESCRIPTOR_ACCESSOR | FILE PACKAGE | messages do not change the no_standard_descriptor_accessor option from false or unset to true.
ONEOF_NO_DELETE | FILE PACKAGE | oneofs are not deleted from a given message.
ENUM_SAME_JSON_FORMAT | FILE PACKAGE WIRE_JSON | enums have the same JSON format support.
ENUM_VALUE_SAME_NAME | FILE PACKAGE WIRE_JSON | enum values have the same name.
FIELD_SAME_JSON_NAME | FILE PACKAGE WIRE_JSON REST | fields have the same value for the json_name option.
FIELD_SAME_NAME | FILE PACKAGE WIRE_JSON | fields have the same names in a given message.
MESSAGE_SAME_JSON_FORMAT | FILE PACKAGE WIRE_JSON | messages have the same JSON format support.
FIELD_SAME_DEFAULT | FILE PACKAGE WIRE_JSON WIRE | fields have the same default value, if a default is specified.
FIELD_SAME_ONEOF | FILE PACKAGE WIRE_JSON WIRE REST | fields have the same oneofs in a given message.
FILE_SAME_PACKAGE | FILE PACKAGE WIRE_JSON WIRE | files have the same package.
MESSAGE_SAME_REQUIRED_FIELDS | FILE PACKAGE WIRE_JSON WIRE REST | messages have no added or deleted required fields.
RESERVED_ENUM_NO_DELETE | FILE PACKAGE WIRE_JSON WIRE | reserved ranges and names are not deleted from a given enum.
RESERVED_MESSAGE_NO_DELETE | FILE PACKAGE WIRE_JSON WIRE | reserved ranges and names are not deleted from a given message.
RPC_SAME_CLIENT_STREAMING | FILE PACKAGE WIRE_JSON WIRE REST | rpcs have the same client streaming value.
RPC_SAME_IDEMPOTENCY_LEVEL | FILE PACKAGE WIRE_JSON WIRE | rpcs have the same value for the idempotency_level option.
RPC_SAME_REQUEST_TYPE | FILE PACKAGE WIRE_JSON WIRE | rpcs have the same request type.
RPC_SAME_RESPONSE_TYPE | FILE PACKAGE WIRE_JSON WIRE | rpcs have the same response type.
RPC_SAME_SERVER_STREAMING | FILE PACKAGE WIRE_JSON WIRE REST | rpcs have the same server streaming value.
PACKAGE_ENUM_NO_DELETE | PACKAGE | enums are not deleted from a given package.
PACKAGE_EXTENSION_NO_DELETE | PACKAGE | extensions are not deleted from a given package.
PACKAGE_MESSAGE_NO_DELETE | PACKAGE | messages are not deleted from a given package.
PACKAGE_NO_DELETE | PACKAGE | packages are not deleted.
PACKAGE_SERVICE_NO_DELETE | PACKAGE REST | services are not deleted from a given package.
ENUM_VALUE_NO_DELETE_UNLESS_NAME_RESERVED | WIRE_JSON | enum values are not deleted from a given enum unless the name is reserved.
FIELD_NO_DELETE_UNLESS_NAME_RESERVED | WIRE_JSON | fields are not deleted from a given message unless the name is reserved.
FIELD_WIRE_JSON_COMPATIBLE_CARDINALITY | WIRE_JSON REST | fields have wire and JSON compatible cardinalities in a given message.
FIELD_WIRE_JSON_COMPATIBLE_TYPE | WIRE_JSON REST | fields have wire and JSON compatible types in a given message.
ENUM_VALUE_NO_DELETE_UNLESS_NUMBER_RESERVED | WIRE_JSON WIRE | enum values are not deleted from a given enum unless the number is reserved.
FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED | WIRE_JSON WIRE | fields are not deleted from a given message unless the number is reserved.
FIELD_WIRE_COMPATIBLE_CARDINALITY | WIRE | fields have wire-compatible cardinalities in a given message.
FIELD_WIRE_COMPATIBLE_TYPE | WIRE | fields have wire-compatible types in a given message.
CONSTRAINT_REQUIRED_ADDED | CONSTRAINT REST | fields of existing messages do not become required, and required fields are not added to them.
CONSTRAINT_PATTERN_CHANGED | CONSTRAINT | patterns are not added or changed.
CONSTRAINT_EXPRESSION_CHANGED | CONSTRAINT | expressions that must hold are not added or changed.
CONSTRAINT_LENGTH_TIGHTENED | CONSTRAINT | limits on the length of strings are not tightened.
CONSTRAINT_BYTES_TIGHTENED | CONSTRAINT | limits on the length in bytes are not tightened.
CONSTRAINT_SIZE_TIGHTENED | CONSTRAINT | limits on the number of elements are not tightened.
CONSTRAINT_VALUE_TIGHTENED | CONSTRAINT | ranges of allowed values are not tightened.
CONSTRAINT_CHOICES_REMOVED | CONSTRAINT | allowed values are not removed.
CONSTRAINT_UNIQUE_ADDED | CONSTRAINT | elements of lists are not newly required to be unique.
CONSTRAINT_EXACTLY_ONE_ADDED | CONSTRAINT | oneofs do not become required.
REST_BINDING_NO_DELETE | REST | paths of rpcs are not deleted, nor any of their verbs.
REST_BINDING_SAME_BODY | REST | bindings have the same body, in requests and in responses.
"""


def _rules() -> Mapping[str, Rule]:
    rows = (tuple(part.strip() for part in line.split("|")) for line in _TABLE.strip().splitlines())
    return {name: Rule(name, tuple(categories.split()), purpose) for name, categories, purpose in rows}


RULES = _rules()
"""By id."""


def categories_of(rules: Iterable[str]) -> tuple[str, ...]:
    """The categories that any of the rules is in, in the order of :data:`CATEGORIES`."""
    found = {category for rule in rules for category in RULES[rule].categories}
    return tuple(category for category in CATEGORIES if category in found)
