"""Names in other cases: the words of fields are separated by underscores, those of messages and methods by capitals."""

from __future__ import annotations

import re

_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_LOWER_TO_UPPER = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_SAME_AGAIN = re.compile(r"[a-z][a-z0-9]*(?:_[a-z][a-z0-9]*)*\Z")


def separate_words(name: str, separator: str) -> str:
    """``ListOperations`` → ``List-Operations``; ``GetIAMToken`` → ``Get-IAM-Token``."""
    return _WORDS.sub(separator, name)


def snake_case(name: str) -> str:
    """``ListOperations`` → ``list_operations``; ``GetIAMToken`` → ``get_iam_token``."""
    return separate_words(name, "_").lower()


def kebab_case(name: str) -> str:
    """``FieldMask`` → ``field-mask``; capitals in a row stay together: ``UInt32Value`` → ``uint32-value``."""
    return _LOWER_TO_UPPER.sub("-", name).lower()


def pascal_case(name: str) -> str:
    """``image_id`` → ``ImageId``; of a name of underscores only, nothing."""
    return "".join(part[:1].upper() + part[1:] for part in name.split("_"))


def camel_case(name: str) -> str:
    """``image_id`` → ``imageId``, as protoc makes a field's JSON name."""
    head, _, rest = name.partition("_")
    return head + pascal_case(rest)


def survives_camel_case(name: str) -> bool:
    """Whether a name can be told from its ``camel_case``, as the paths of a field mask must be."""
    return _SAME_AGAIN.match(name) is not None
