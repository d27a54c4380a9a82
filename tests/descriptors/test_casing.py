"""Names in other cases, where the rules of protoc, of the published pages and of ours differ."""

from __future__ import annotations

import pytest

from toolkit.descriptors.casing import (
    camel_case,
    kebab_case,
    pascal_case,
    separate_words,
    snake_case,
    survives_camel_case,
)


@pytest.mark.parametrize(
    ("name", "words", "snake", "kebab"),
    [
        ("ListOperations", "List Operations", "list_operations", "list-operations"),
        ("GetIAMToken", "Get IAM Token", "get_iam_token", "get-iamtoken"),
        ("UInt32Value", "U Int32 Value", "u_int32_value", "uint32-value"),
        ("already_there", "already_there", "already_there", "already_there"),
    ],
)
def test_capitals(name: str, words: str, snake: str, kebab: str) -> None:
    """Capitals begin words; an acronym ends before its last capital, but not where it is written with hyphens."""
    assert (separate_words(name, " "), snake_case(name), kebab_case(name)) == (words, snake, kebab)


@pytest.mark.parametrize(
    ("name", "pascal", "camel", "survives"),
    [
        ("image_id", "ImageId", "imageId", True),
        ("sha_256", "Sha256", "sha256", False),
        ("_hidden__name_", "HiddenName", "HiddenName", False),
        ("keepMe_URL", "KeepMeURL", "keepMeURL", False),
        ("__", "", "", False),
    ],
)
def test_underscores(name: str, pascal: str, camel: str, survives: bool) -> None:
    """Underscores go and what follows them gets a capital; only plain names can be read back from that."""
    assert (pascal_case(name), camel_case(name), survives_camel_case(name)) == (pascal, camel, survives)
