"""Bindings of yandex.cloud.access.

Generated from .proto files; changes are lost when it is generated again.
"""

from __future__ import annotations

import typing as _t

from ...._root import ROOT

from toolkit import runtime as _rt

__all__ = [
    "AccessBinding",
    "AccessBindingAction",
    "AccessBindingDelta",
    "AccessBindingsOperationResult",
    "ListAccessBindingsRequest",
    "ListAccessBindingsResponse",
    "SetAccessBindingsMetadata",
    "SetAccessBindingsRequest",
    "Subject",
    "UpdateAccessBindingsMetadata",
    "UpdateAccessBindingsRequest",
]


class AccessBindingAction(_rt.Enum):
    """What to do with an access binding."""

    __proto__ = (ROOT, "yandex.cloud.access.AccessBindingAction")
    if _t.TYPE_CHECKING:
        _UNKNOWN = 3
    ACCESS_BINDING_ACTION_UNSPECIFIED = 0
    """No action is chosen. Do not send this value: an action is required."""
    ADD = 1
    """Give the role to the subject."""
    REMOVE = 2
    """Take the role away from the subject."""



class Subject(_rt.Message):
    """An account or a group of accounts that can be given a role."""

    __slots__ = (
        "id",
        "type",
    )
    __proto__ = (ROOT, "yandex.cloud.access.Subject")

    __constraints__ = (
        ("id", "required", "field", "yandex.cloud.required", "Required field.", None, (), ""),
        ("id", "length", "field", "yandex.cloud.length", "The maximum string length in characters is 100.", ("", "100", False, False), (), ""),
        ("type", "required", "field", "yandex.cloud.required", "Required field.", None, (), ""),
        ("type", "length", "field", "yandex.cloud.length", "The maximum string length in characters is 100.", ("", "100", False, False), (), ""),
    )

    id: str
    """Subject ID. The format depends on the [type].

    For `userAccount`, `federatedUser` and `serviceAccount`, pass the ID that the cloud generated
    for the account.

    For `system`, pass the name of a group:
    * `allUsers`: Everyone, including those who send requests without an IAM token.
    * `allAuthenticatedUsers`: Everyone who has passed authentication.
    * `group:organization:<id>:users`: All members of the organization whose ID is `<id>`.
    * `group:federation:<id>:users`: All users of the identity federation whose ID is `<id>`.

    The maximum length is 100 characters.

    Required. The maximum string length in characters is 100.
    """
    type: str
    """Kind of the subject:
    * `userAccount`: A person with a Yandex account who has been added to Yandex Cloud.
    * `federatedUser`: A person who signs in through an identity federation. For example, one
      backed by Active Directory.
    * `serviceAccount`: An account that programs use to call the API.
    * `system`: A predefined group of accounts with a common name.

    To learn more, read about
    [subjects and roles](/docs/iam/concepts/access-control/#subject).

    Required. The maximum string length in characters is 100.
    """

    def __init__(
        self,
        *,
        id: str = "",
        type: str = "",
        _unknown: bytes = b"",
    ) -> None:
        """An account or a group of accounts that can be given a role.

        Args:
            id: Subject ID. The format depends on the [type]. Required. The maximum string length in characters is 100.
            type: Kind of the subject: * `userAccount`: A person with a Yandex account who has been added to Yandex Cloud. * `federatedUser`: A person who signs in through an identity federation. For example, one backed by Active Directory. * `serviceAccount`: An account that programs use to call the API. * `system`: A predefined group of accounts with a common name. Required. The maximum string length in characters is 100.
        """
        self.id = id
        self.type = type
        self._unknown = _unknown


class AccessBinding(_rt.Message):
    """A role given to a subject.

    A binding always belongs to one resource, the one named in the request.
    """

    __slots__ = (
        "role_id",
        "subject",
    )
    __proto__ = (ROOT, "yandex.cloud.access.AccessBinding")

    __constraints__ = (
        ("role_id", "required", "field", "yandex.cloud.required", "Required field.", None, (), ""),
        ("role_id", "length", "field", "yandex.cloud.length", "The maximum string length in characters is 50.", ("", "50", False, False), (), ""),
        ("subject", "required", "field", "yandex.cloud.required", "Required field.", None, (), ""),
    )

    role_id: str
    """ID of the role that the [subject] gets. For example, `viewer` or `editor`.

    The maximum length is 50 characters.

    Required. The maximum string length in characters is 50.
    """
    subject: Subject | None
    """Who gets the role: a single account or a system group.

    Required.
    """

    def __init__(
        self,
        *,
        role_id: str = "",
        subject: Subject | None = None,
        _unknown: bytes = b"",
    ) -> None:
        """A role given to a subject.

        Args:
            role_id: ID of the role that the [subject] gets. For example, `viewer` or `editor`. Required. The maximum string length in characters is 50.
            subject: Who gets the role: a single account or a system group. Required.
        """
        self.role_id = role_id
        self.subject = subject
        self._unknown = _unknown


class ListAccessBindingsRequest(_rt.Message):
    """Which access bindings to list and how many of them to return at once."""

    __slots__ = (
        "resource_id",
        "page_size",
        "page_token",
    )
    __proto__ = (ROOT, "yandex.cloud.access.ListAccessBindingsRequest")

    __constraints__ = (
        ("resource_id", "required", "field", "yandex.cloud.required", "Required field.", None, (), ""),
        ("resource_id", "length", "field", "yandex.cloud.length", "The maximum string length in characters is 50.", ("", "50", False, False), (), ""),
        ("page_size", "value", "field", "yandex.cloud.value", "The maximum value is 1000.", ("", "1000", False, False), (), ""),
        ("page_token", "length", "field", "yandex.cloud.length", "The maximum string length in characters is 100.", ("", "100", False, False), (), ""),
    )

    resource_id: str
    """ID of the resource whose bindings you want to see.

    For example, an image ID that you got from [yandex.cloud.compute.v1.ImageService.List].
    The maximum length is 50 characters.

    Required. The maximum string length in characters is 50.
    """
    page_size: int
    """How many bindings a page may contain, 1000 at most. Default value: 100.

    If some bindings did not fit, the response comes with a
    [ListAccessBindingsResponse.next_page_token].

    The maximum value is 1000.
    """
    page_token: str
    """Where to continue. Leave empty to start from the first page; for any other page, pass the
    [ListAccessBindingsResponse.next_page_token] of the page before it.

    The maximum string length in characters is 100.
    """

    def __init__(
        self,
        *,
        resource_id: str = "",
        page_size: int = 0,
        page_token: str = "",
        _unknown: bytes = b"",
    ) -> None:
        """Which access bindings to list and how many of them to return at once.

        Args:
            resource_id: ID of the resource whose bindings you want to see. Required. The maximum string length in characters is 50.
            page_size: How many bindings a page may contain, 1000 at most. Default value: 100. The maximum value is 1000.
            page_token: Where to continue. Leave empty to start from the first page; for any other page, pass the [ListAccessBindingsResponse.next_page_token] of the page before it. The maximum string length in characters is 100.
        """
        self.resource_id = resource_id
        self.page_size = page_size
        self.page_token = page_token
        self._unknown = _unknown


class ListAccessBindingsResponse(_rt.Message):
    """One page of the access bindings of a resource."""

    __slots__ = (
        "access_bindings",
        "next_page_token",
    )
    __proto__ = (ROOT, "yandex.cloud.access.ListAccessBindingsResponse")

    access_bindings: list[AccessBinding]
    """Bindings on this page."""
    next_page_token: str
    """Token of the page that comes next, or an empty string if this page is the last.

    Pass it in [ListAccessBindingsRequest.page_token]. Every page has a token of its own.
    """

    def __init__(
        self,
        *,
        access_bindings: list[AccessBinding] | None = None,
        next_page_token: str = "",
        _unknown: bytes = b"",
    ) -> None:
        """One page of the access bindings of a resource.

        Args:
            access_bindings: Bindings on this page.
            next_page_token: Token of the page that comes next, or an empty string if this page is the last.
        """
        self.access_bindings = [] if access_bindings is None else access_bindings
        self.next_page_token = next_page_token
        self._unknown = _unknown


class SetAccessBindingsRequest(_rt.Message):
    """The full list of access bindings that a resource is to have."""

    __slots__ = (
        "resource_id",
        "access_bindings",
    )
    __proto__ = (ROOT, "yandex.cloud.access.SetAccessBindingsRequest")

    __constraints__ = (
        ("resource_id", "required", "field", "yandex.cloud.required", "Required field.", None, (), ""),
        ("resource_id", "length", "field", "yandex.cloud.length", "The maximum string length in characters is 50.", ("", "50", False, False), (), ""),
        ("access_bindings", "size", "field", "yandex.cloud.size", "The maximum number of elements is 1000.", ("", "1000", False, False), (), ""),
    )

    resource_id: str
    """ID of the resource whose bindings you want to replace.

    The maximum length is 50 characters.

    Required. The maximum string length in characters is 50.
    """
    access_bindings: list[AccessBinding]
    """New bindings, 1000 at most.

    They replace the current ones: any binding that is not in this list is lost.
    To learn more, read about
    [assigning roles](/docs/iam/concepts/access-control/#access-bindings).

    The maximum number of elements is 1000.
    """

    def __init__(
        self,
        *,
        resource_id: str = "",
        access_bindings: list[AccessBinding] | None = None,
        _unknown: bytes = b"",
    ) -> None:
        """The full list of access bindings that a resource is to have.

        Args:
            resource_id: ID of the resource whose bindings you want to replace. Required. The maximum string length in characters is 50.
            access_bindings: New bindings, 1000 at most. The maximum number of elements is 1000.
        """
        self.resource_id = resource_id
        self.access_bindings = [] if access_bindings is None else access_bindings
        self._unknown = _unknown


class SetAccessBindingsMetadata(_rt.Message):
    """Metadata of an operation that replaces access bindings."""

    __slots__ = (
        "resource_id",
    )
    __proto__ = (ROOT, "yandex.cloud.access.SetAccessBindingsMetadata")

    resource_id: str
    """ID of the resource that receives the new bindings."""

    def __init__(
        self,
        *,
        resource_id: str = "",
        _unknown: bytes = b"",
    ) -> None:
        """Metadata of an operation that replaces access bindings.

        Args:
            resource_id: ID of the resource that receives the new bindings.
        """
        self.resource_id = resource_id
        self._unknown = _unknown


class UpdateAccessBindingsRequest(_rt.Message):
    """Changes to make to the access bindings of a resource."""

    __slots__ = (
        "resource_id",
        "access_binding_deltas",
    )
    __proto__ = (ROOT, "yandex.cloud.access.UpdateAccessBindingsRequest")

    __constraints__ = (
        ("resource_id", "required", "field", "yandex.cloud.required", "Required field.", None, (), ""),
        ("resource_id", "length", "field", "yandex.cloud.length", "The maximum string length in characters is 50.", ("", "50", False, False), (), ""),
        ("access_binding_deltas", "size", "field", "yandex.cloud.size", "The number of elements must be in the range 1-1000.", ("1", "1000", False, False), (), ""),
    )

    resource_id: str
    """ID of the resource whose bindings you want to change.

    The maximum length is 50 characters.

    Required. The maximum string length in characters is 50.
    """
    access_binding_deltas: list[AccessBindingDelta]
    """Bindings to add and to remove, from 1 to 1000 changes in total.

    Bindings that are not mentioned here stay as they are.

    The number of elements must be in the range 1-1000.
    """

    def __init__(
        self,
        *,
        resource_id: str = "",
        access_binding_deltas: list[AccessBindingDelta] | None = None,
        _unknown: bytes = b"",
    ) -> None:
        """Changes to make to the access bindings of a resource.

        Args:
            resource_id: ID of the resource whose bindings you want to change. Required. The maximum string length in characters is 50.
            access_binding_deltas: Bindings to add and to remove, from 1 to 1000 changes in total. The number of elements must be in the range 1-1000.
        """
        self.resource_id = resource_id
        self.access_binding_deltas = [] if access_binding_deltas is None else access_binding_deltas
        self._unknown = _unknown


class UpdateAccessBindingsMetadata(_rt.Message):
    """Metadata of an operation that adds or removes access bindings."""

    __slots__ = (
        "resource_id",
    )
    __proto__ = (ROOT, "yandex.cloud.access.UpdateAccessBindingsMetadata")

    resource_id: str
    """ID of the resource that the changes apply to."""

    def __init__(
        self,
        *,
        resource_id: str = "",
        _unknown: bytes = b"",
    ) -> None:
        """Metadata of an operation that adds or removes access bindings.

        Args:
            resource_id: ID of the resource that the changes apply to.
        """
        self.resource_id = resource_id
        self._unknown = _unknown


class AccessBindingDelta(_rt.Message):
    """A single change to the access bindings of a resource."""

    __slots__ = (
        "action",
        "access_binding",
    )
    __proto__ = (ROOT, "yandex.cloud.access.AccessBindingDelta")

    __constraints__ = (
        ("action", "required", "field", "yandex.cloud.required", "Required field.", None, (), ""),
        ("access_binding", "required", "field", "yandex.cloud.required", "Required field.", None, (), ""),
    )

    action: AccessBindingAction
    """Whether to add the [access_binding] or to remove it.

    Required.
    """
    access_binding: AccessBinding | None
    """The binding to add or remove.

    To remove a binding, repeat its role and subject exactly.

    Required.
    """

    def __init__(
        self,
        *,
        action: AccessBindingAction = _rt.FIRST,
        access_binding: AccessBinding | None = None,
        _unknown: bytes = b"",
    ) -> None:
        """A single change to the access bindings of a resource.

        Args:
            action: Whether to add the [access_binding] or to remove it. Required.
            access_binding: The binding to add or remove. Required.
        """
        self.action = AccessBindingAction(0) if action is _rt.FIRST else action
        self.access_binding = access_binding
        self._unknown = _unknown


class AccessBindingsOperationResult(_rt.Message):
    """What an operation on access bindings has done."""

    __slots__ = (
        "effective_deltas",
    )
    __proto__ = (ROOT, "yandex.cloud.access.AccessBindingsOperationResult")

    effective_deltas: list[AccessBindingDelta]
    """Changes that actually took effect."""

    def __init__(
        self,
        *,
        effective_deltas: list[AccessBindingDelta] | None = None,
        _unknown: bytes = b"",
    ) -> None:
        """What an operation on access bindings has done.

        Args:
            effective_deltas: Changes that actually took effect.
        """
        self.effective_deltas = [] if effective_deltas is None else effective_deltas
        self._unknown = _unknown

