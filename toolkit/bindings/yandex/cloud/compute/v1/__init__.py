"""Bindings of yandex.cloud.compute.v1.

Generated from .proto files; changes are lost when it is generated again.
"""

from __future__ import annotations

import datetime as _dt
import typing as _t

from ....._root import ROOT

from toolkit import runtime as _rt

if _t.TYPE_CHECKING:
    from .....yandex.cloud import access as _yandex_cloud_access
    from .....yandex.cloud import operation as _yandex_cloud_operation
else:
    _yandex_cloud_access = ROOT.lazy("yandex.cloud", "access")
    _yandex_cloud_operation = ROOT.lazy("yandex.cloud", "operation")

__all__ = [
    "CreateImageMetadata",
    "CreateImageRequest",
    "DeleteImageMetadata",
    "DeleteImageRequest",
    "Generation2HardwareFeatures",
    "GetImageLatestByFamilyRequest",
    "GetImageRequest",
    "HardwareGeneration",
    "Image",
    "ImageServiceAsyncClient",
    "ImageServiceAsyncServicer",
    "ImageServiceClient",
    "ImageServiceServicer",
    "KMSKey",
    "LegacyHardwareFeatures",
    "ListImageOperationsRequest",
    "ListImageOperationsResponse",
    "ListImagesRequest",
    "ListImagesResponse",
    "Os",
    "PCITopology",
    "UpdateImageMetadata",
    "UpdateImageRequest",
]


class PCITopology(_rt.Enum):
    """Ways to lay out the PCI bus of an instance."""

    __proto__ = (ROOT, "yandex.cloud.compute.v1.PCITopology")
    if _t.TYPE_CHECKING:
        _UNKNOWN = 3
    PCI_TOPOLOGY_UNSPECIFIED = 0
    """The layout is not specified."""
    PCI_TOPOLOGY_V1 = 1
    """First version of the layout."""
    PCI_TOPOLOGY_V2 = 2
    """Second version of the layout, the one that the second hardware generation uses."""



class HardwareGeneration(_rt.Message):
    """A generation of virtual hardware and its settings.

    Not every operating system can run on every generation. This is why the generation is recorded
    in an image, and each instance that boots from a disk made of this image gets the same one.
    It shapes the instance at creation, and you cannot change it later.
    """

    __slots__ = (
        "features",
    )
    __proto__ = (ROOT, "yandex.cloud.compute.v1.HardwareGeneration")

    class Features:
        """The cases of `features`."""

        class LegacyFeatures(_rt.Case["LegacyHardwareFeatures"]):
            """First generation. Suits all older images."""

            __slots__ = ()
            __field__ = "legacy_features"

        class Generation2Features(_rt.Case["Generation2HardwareFeatures"]):
            """Second generation. Needs an operating system that can boot with UEFI."""

            __slots__ = ()
            __field__ = "generation2_features"

    __oneofs__ = {
        "features": ("features", Features),
    }

    features: HardwareGeneration.Features.LegacyFeatures | HardwareGeneration.Features.Generation2Features | None
    """The chosen generation. Set at most one of the fields."""

    def __init__(
        self,
        *,
        features: HardwareGeneration.Features.LegacyFeatures | HardwareGeneration.Features.Generation2Features | None = None,
        _unknown: bytes = b"",
    ) -> None:
        """A generation of virtual hardware and its settings.

        Args:
            features: The chosen generation. Set at most one of the fields.
        """
        self.features = features
        self._unknown = _unknown


class LegacyHardwareFeatures(_rt.Message):
    """Settings of the first hardware generation.

    Any older image works with the defaults. You can select another PCI topology and return to
    the previous one.
    """

    __slots__ = (
        "pci_topology",
    )
    __proto__ = (ROOT, "yandex.cloud.compute.v1.LegacyHardwareFeatures")

    pci_topology: PCITopology
    """Layout of the PCI bus. For example, `PCI_TOPOLOGY_V2`."""

    def __init__(
        self,
        *,
        pci_topology: PCITopology = _rt.FIRST,
        _unknown: bytes = b"",
    ) -> None:
        """Settings of the first hardware generation.

        Args:
            pci_topology: Layout of the PCI bus. For example, `PCI_TOPOLOGY_V2`.
        """
        self.pci_topology = PCITopology(0) if pci_topology is _rt.FIRST else pci_topology
        self._unknown = _unknown


class Generation2HardwareFeatures(_rt.Message):
    """Settings of the second hardware generation. There is nothing to configure yet.

    Instances boot with UEFI, have the features that depend on it, and use `PCI_TOPOLOGY_V2`.
    """

    __slots__ = ()
    __proto__ = (ROOT, "yandex.cloud.compute.v1.Generation2HardwareFeatures")

    def __init__(
        self,
        *,
        _unknown: bytes = b"",
    ) -> None:
        self._unknown = _unknown


class Image(_rt.Message):
    """A disk image: stored contents, such as an operating system, that new disks are made from.

    To learn more, read about [images](/docs/compute/concepts/image).
    """

    __slots__ = (
        "id",
        "folder_id",
        "created_at",
        "name",
        "description",
        "labels",
        "family",
        "storage_size",
        "min_disk_size",
        "product_ids",
        "status",
        "os",
        "pooled",
        "hardware_generation",
        "kms_key",
    )
    __proto__ = (ROOT, "yandex.cloud.compute.v1.Image")

    class Status(_rt.Enum):
        """Stages in the life of an image."""

        __proto__ = (ROOT, "yandex.cloud.compute.v1.Image.Status")
        if _t.TYPE_CHECKING:
            _UNKNOWN = 5
        STATUS_UNSPECIFIED = 0
        """The status is not specified."""
        CREATING = 1
        """The data is still being copied. Wait before you create disks."""
        READY = 2
        """The image can be used: for example, as a source for new disks."""
        ERROR = 3
        """Something went wrong, and the image cannot be used."""
        DELETING = 4
        """Removal has started. Do not use the image any more."""


    id: str
    """Image ID, generated at creation. It never changes."""
    folder_id: str
    """ID of the folder that contains the image."""
    created_at: _dt.datetime | None
    """When the image was created."""
    name: str
    """Image name, up to 63 characters."""
    description: str
    """Free text about the image, up to 256 characters."""
    labels: dict[str, str]
    """Labels: your own `key:value` pairs that help to group resources. An image has at most 64.

    For example, `"env": "test"`.
    """
    family: str
    """Name of the family that includes the image. For example, `ubuntu-2204-lts`.

    A family unites successive versions of an image. Call
    [yandex.cloud.compute.v1.ImageService.GetLatestByFamily] to find the newest one and use it
    for a new disk.
    """
    storage_size: int
    """How much storage the image takes up, in bytes."""
    min_disk_size: int
    """Size of the smallest disk that can be made from the image, in bytes.

    For example, `10737418240` stands for 10 GiB.
    """
    product_ids: list[str]
    """IDs of the software licenses that come with the image.

    They affect the price of the instances that use it. The platform issues these IDs and copies
    them to each resource made from the image. If your image lacks them, for example because you
    uploaded it as a file, list them in [CreateImageRequest.product_ids].
    """
    status: Image.Status
    """What state the image is in. It is ready for use only as `READY`."""
    os: Os | None
    """The operating system inside the image."""
    pooled: bool
    """Whether a pool is kept for the image. A pool makes creating disks faster."""
    hardware_generation: HardwareGeneration | None
    """Hardware generation for every instance whose boot disk is made from the image.

    If absent, an instance gets the generation that is the default when it is created.
    """
    kms_key: KMSKey | None
    """The KMS key that encrypts the image."""

    def __init__(
        self,
        *,
        id: str = "",
        folder_id: str = "",
        created_at: _dt.datetime | None = None,
        name: str = "",
        description: str = "",
        labels: dict[str, str] | None = None,
        family: str = "",
        storage_size: int = 0,
        min_disk_size: int = 0,
        product_ids: list[str] | None = None,
        status: Image.Status = _rt.FIRST,
        os: Os | None = None,
        pooled: bool = False,
        hardware_generation: HardwareGeneration | None = None,
        kms_key: KMSKey | None = None,
        _unknown: bytes = b"",
    ) -> None:
        """A disk image: stored contents, such as an operating system, that new disks are made from.

        Args:
            id: Image ID, generated at creation. It never changes.
            folder_id: ID of the folder that contains the image.
            created_at: When the image was created.
            name: Image name, up to 63 characters.
            description: Free text about the image, up to 256 characters.
            labels: Labels: your own `key:value` pairs that help to group resources. An image has at most 64.
            family: Name of the family that includes the image. For example, `ubuntu-2204-lts`.
            storage_size: How much storage the image takes up, in bytes.
            min_disk_size: Size of the smallest disk that can be made from the image, in bytes.
            product_ids: IDs of the software licenses that come with the image.
            status: What state the image is in. It is ready for use only as `READY`.
            os: The operating system inside the image.
            pooled: Whether a pool is kept for the image. A pool makes creating disks faster.
            hardware_generation: Hardware generation for every instance whose boot disk is made from the image.
            kms_key: The KMS key that encrypts the image.
        """
        self.id = id
        self.folder_id = folder_id
        self.created_at = created_at
        self.name = name
        self.description = description
        self.labels = {} if labels is None else labels
        self.family = family
        self.storage_size = storage_size
        self.min_disk_size = min_disk_size
        self.product_ids = [] if product_ids is None else product_ids
        self.status = Image.Status(0) if status is _rt.FIRST else status
        self.os = os
        self.pooled = pooled
        self.hardware_generation = hardware_generation
        self.kms_key = kms_key
        self._unknown = _unknown


class Os(_rt.Message):
    """What is known about an operating system."""

    __slots__ = (
        "type",
    )
    __proto__ = (ROOT, "yandex.cloud.compute.v1.Os")

    class Type(_rt.Enum):
        """Families of operating systems."""

        __proto__ = (ROOT, "yandex.cloud.compute.v1.Os.Type")
        if _t.TYPE_CHECKING:
            _UNKNOWN = 3
        TYPE_UNSPECIFIED = 0
        """The type is not specified."""
        LINUX = 1
        """Any distribution of Linux."""
        WINDOWS = 2
        """Any edition of Windows."""


    type: Os.Type
    """Type of the system. Default value: `LINUX`.

    Two things depend on it: how the vCPUs of an instance are emulated and how much the
    instance costs.
    """

    def __init__(
        self,
        *,
        type: Os.Type = _rt.FIRST,
        _unknown: bytes = b"",
    ) -> None:
        """What is known about an operating system.

        Args:
            type: Type of the system. Default value: `LINUX`.
        """
        self.type = Os.Type(0) if type is _rt.FIRST else type
        self._unknown = _unknown


class GetImageRequest(_rt.Message):
    """Which image to get."""

    __slots__ = (
        "image_id",
    )
    __proto__ = (ROOT, "yandex.cloud.compute.v1.GetImageRequest")

    __constraints__ = (
        ("image_id", "required", "field", "yandex.cloud.required", "Required field.", None, (), ""),
        ("image_id", "length", "field", "yandex.cloud.length", "The maximum string length in characters is 50.", ("", "50", False, False), (), ""),
    )

    image_id: str
    """ID of the image you need, up to 50 characters.

    You can find it with [ImageService.List].

    Required. The maximum string length in characters is 50.
    """

    def __init__(
        self,
        *,
        image_id: str = "",
        _unknown: bytes = b"",
    ) -> None:
        """Which image to get.

        Args:
            image_id: ID of the image you need, up to 50 characters. Required. The maximum string length in characters is 50.
        """
        self.image_id = image_id
        self._unknown = _unknown


class GetImageLatestByFamilyRequest(_rt.Message):
    """Which folder and family to look in."""

    __slots__ = (
        "folder_id",
        "family",
    )
    __proto__ = (ROOT, "yandex.cloud.compute.v1.GetImageLatestByFamilyRequest")

    __constraints__ = (
        ("folder_id", "required", "field", "yandex.cloud.required", "Required field.", None, (), ""),
        ("folder_id", "length", "field", "yandex.cloud.length", "The maximum string length in characters is 50.", ("", "50", False, False), (), ""),
        ("family", "pattern", "field", "yandex.cloud.pattern", "Value must match the regular expression `|[a-z][-a-z0-9]{1,61}[a-z0-9]`.", None, (), "|[a-z][-a-z0-9]{1,61}[a-z0-9]"),
    )

    folder_id: str
    """ID of the folder with the images of the family, up to 50 characters.

    For example, `standard-images` is the folder with the public images of Yandex Cloud.

    Required. The maximum string length in characters is 50.
    """
    family: str
    """Family name, the same as in [Image.family]. For example, `ubuntu-2204-lts`.

    A family name has from 3 to 63 characters: lowercase Latin letters, digits and hyphens. It
    begins with a letter and does not end with a hyphen.

    Value must match the regular expression `|[a-z][-a-z0-9]{1,61}[a-z0-9]`.
    """

    def __init__(
        self,
        *,
        folder_id: str = "",
        family: str = "",
        _unknown: bytes = b"",
    ) -> None:
        """Which folder and family to look in.

        Args:
            folder_id: ID of the folder with the images of the family, up to 50 characters. Required. The maximum string length in characters is 50.
            family: Family name, the same as in [Image.family]. For example, `ubuntu-2204-lts`. Value must match the regular expression `|[a-z][-a-z0-9]{1,61}[a-z0-9]`.
        """
        self.folder_id = folder_id
        self.family = family
        self._unknown = _unknown


class ListImagesRequest(_rt.Message):
    """Which images to list, in what order, and how many of them to return at once."""

    __slots__ = (
        "folder_id",
        "page_size",
        "page_token",
        "filter",
        "order_by",
    )
    __proto__ = (ROOT, "yandex.cloud.compute.v1.ListImagesRequest")

    __constraints__ = (
        ("folder_id", "required", "field", "yandex.cloud.required", "Required field.", None, (), ""),
        ("folder_id", "length", "field", "yandex.cloud.length", "The maximum string length in characters is 50.", ("", "50", False, False), (), ""),
        ("page_size", "value", "field", "yandex.cloud.value", "The maximum value is 1000.", ("", "1000", False, False), (), ""),
        ("page_token", "length", "field", "yandex.cloud.length", "The maximum string length in characters is 100.", ("", "100", False, False), (), ""),
        ("filter", "length", "field", "yandex.cloud.length", "The maximum string length in characters is 1000.", ("", "1000", False, False), (), ""),
        ("order_by", "length", "field", "yandex.cloud.length", "The maximum string length in characters is 100.", ("", "100", False, False), (), ""),
    )

    folder_id: str
    """ID of the folder whose images you want to see, up to 50 characters.

    For example, `standard-images` is the folder with the public images of Yandex Cloud.

    Required. The maximum string length in characters is 50.
    """
    page_size: int
    """How many images a page may contain, 1000 at most.

    If some images did not fit, the response comes with a [ListImagesResponse.next_page_token].

    The maximum value is 1000.
    """
    page_token: str
    """Where to continue. Leave empty to start from the first page; for any other page, pass the
    [ListImagesResponse.next_page_token] of the page before it.

    The maximum string length in characters is 100.
    """
    filter: str
    """Conditions that an image must meet to get into the list, up to 1000 characters.

    A condition is made up of a field name, an operator and a value. For example,
    `name = "my-image"`. Join conditions with `AND`: an image has to meet all of them.

    * Not every field can be used in a filter.
    * The operators are `=`, `!=`, `IN` and `NOT IN`.
    * Put strings in quotes, either `"` or `'`. Inside a string, write `\\"`, `\\'` and `\\\\` for
      the two quotes and the backslash.

    The maximum string length in characters is 1000.
    """
    order_by: str
    """Field to sort the list by and, after a space, the direction: `asc` or `desc`.

    For example, `createdAt desc` puts the newest images first. If you omit the direction, the
    order is ascending. Default value: `id asc`.

    The maximum string length in characters is 100.
    """

    def __init__(
        self,
        *,
        folder_id: str = "",
        page_size: int = 0,
        page_token: str = "",
        filter: str = "",
        order_by: str = "",
        _unknown: bytes = b"",
    ) -> None:
        """Which images to list, in what order, and how many of them to return at once.

        Args:
            folder_id: ID of the folder whose images you want to see, up to 50 characters. Required. The maximum string length in characters is 50.
            page_size: How many images a page may contain, 1000 at most. The maximum value is 1000.
            page_token: Where to continue. Leave empty to start from the first page; for any other page, pass the [ListImagesResponse.next_page_token] of the page before it. The maximum string length in characters is 100.
            filter: Conditions that an image must meet to get into the list, up to 1000 characters. The maximum string length in characters is 1000.
            order_by: Field to sort the list by and, after a space, the direction: `asc` or `desc`. The maximum string length in characters is 100.
        """
        self.folder_id = folder_id
        self.page_size = page_size
        self.page_token = page_token
        self.filter = filter
        self.order_by = order_by
        self._unknown = _unknown


class ListImagesResponse(_rt.Message):
    """One page of the images of a folder."""

    __slots__ = (
        "images",
        "next_page_token",
    )
    __proto__ = (ROOT, "yandex.cloud.compute.v1.ListImagesResponse")

    images: list[Image]
    """Images on this page."""
    next_page_token: str
    """Token of the page that comes next, or an empty string if this page is the last.

    Pass it in [ListImagesRequest.page_token]. Every page has a token of its own.
    """

    def __init__(
        self,
        *,
        images: list[Image] | None = None,
        next_page_token: str = "",
        _unknown: bytes = b"",
    ) -> None:
        """One page of the images of a folder.

        Args:
            images: Images on this page.
            next_page_token: Token of the page that comes next, or an empty string if this page is the last.
        """
        self.images = [] if images is None else images
        self.next_page_token = next_page_token
        self._unknown = _unknown


class CreateImageRequest(_rt.Message):
    """Properties of a new image and the source of its data."""

    __slots__ = (
        "folder_id",
        "name",
        "description",
        "labels",
        "family",
        "min_disk_size",
        "product_ids",
        "os",
        "pooled",
        "hardware_generation",
        "source",
    )
    __proto__ = (ROOT, "yandex.cloud.compute.v1.CreateImageRequest")

    class Source:
        """The cases of `source`."""

        class ImageId(_rt.Case["str"]):
            """ID of an image to copy, up to 50 characters.

            The maximum string length in characters is 50.
            """

            __slots__ = ()
            __field__ = "image_id"

        class DiskId(_rt.Case["str"]):
            """ID of a disk to read, up to 50 characters.

            The maximum string length in characters is 50.
            """

            __slots__ = ()
            __field__ = "disk_id"

        class SnapshotId(_rt.Case["str"]):
            """ID of a snapshot to read, up to 50 characters.

            The maximum string length in characters is 50.
            """

            __slots__ = ()
            __field__ = "snapshot_id"

        class Uri(_rt.Case["str"]):
            """Link to an image file in Object Storage; no other storage is supported.

            The file must be in the Qcow2, VMDK or RAW format. Sign the link in advance, as described in
            [Pre-signed URLs](/docs/storage/concepts/pre-signed-urls), and make sure it has not expired.
            """

            __slots__ = ()
            __field__ = "uri"

    __oneofs__ = {
        "source": ("source", Source),
    }

    __constraints__ = (
        ("folder_id", "required", "field", "yandex.cloud.required", "Required field.", None, (), ""),
        ("folder_id", "length", "field", "yandex.cloud.length", "The maximum string length in characters is 50.", ("", "50", False, False), (), ""),
        ("name", "pattern", "field", "yandex.cloud.pattern", "Value must match the regular expression `|[a-z]([-_a-z0-9]{0,61}[a-z0-9])?`.", None, (), "|[a-z]([-_a-z0-9]{0,61}[a-z0-9])?"),
        ("description", "length", "field", "yandex.cloud.length", "The maximum string length in characters is 256.", ("", "256", False, False), (), ""),
        ("labels", "size", "field", "yandex.cloud.size", "No more than 64 per resource.", ("", "64", False, False), (), ""),
        ("labels", "length", "field", "yandex.cloud.length", "The maximum string length in characters for each value is 63.", ("", "63", False, False), (), ""),
        ("labels", "pattern", "field", "yandex.cloud.pattern", "Each value must match the regular expression `[-_./\\@0-9a-z]*`.", None, (), "[-_./\\@0-9a-z]*"),
        ("labels", "length", "key", "yandex.cloud.map_key length", "The string length in characters for each key must be 1-63.", ("1", "63", False, False), (), ""),
        ("labels", "pattern", "key", "yandex.cloud.map_key pattern", "Each key must match the regular expression `[a-z][-_./\\@0-9a-z]*`.", None, (), "[a-z][-_./\\@0-9a-z]*"),
        ("family", "pattern", "field", "yandex.cloud.pattern", "Value must match the regular expression `|[a-z][-a-z0-9]{1,61}[a-z0-9]`.", None, (), "|[a-z][-a-z0-9]{1,61}[a-z0-9]"),
        ("min_disk_size", "value", "field", "yandex.cloud.value", "Acceptable values are 4194304 to 4398046511104, inclusive.", ("4194304", "4398046511104", False, False), (), ""),
        ("product_ids", "length", "field", "yandex.cloud.length", "The maximum string length in characters for each value is 50.", ("", "50", False, False), (), ""),
        ("image_id", "length", "field", "yandex.cloud.length", "The maximum string length in characters is 50.", ("", "50", False, False), (), ""),
        ("disk_id", "length", "field", "yandex.cloud.length", "The maximum string length in characters is 50.", ("", "50", False, False), (), ""),
        ("snapshot_id", "length", "field", "yandex.cloud.length", "The maximum string length in characters is 50.", ("", "50", False, False), (), ""),
        ("source", "exactly_one", "field", "yandex.cloud.exactly_one", "Exactly one of the fields `image_id`, `disk_id`, `snapshot_id`, `uri` must be set.", None, (), ""),
    )

    folder_id: str
    """ID of the folder where the image will be stored, up to 50 characters.

    Required. The maximum string length in characters is 50.
    """
    name: str
    """Name for the new image, up to 63 characters. For example, `web-server_2`.

    Lowercase Latin letters, digits, hyphens and underscores are allowed. The first character must
    be a letter, the last one a letter or a digit. You may leave the name empty.

    Value must match the regular expression `|[a-z]([-_a-z0-9]{0,61}[a-z0-9])?`.
    """
    description: str
    """Free text about the new image, up to 256 characters.

    The maximum string length in characters is 256.
    """
    labels: dict[str, str]
    """Labels for the new image, 64 at most. For example, `"env": "test"`.

    * A key has from 1 to 63 characters and begins with a lowercase Latin letter.
    * A value has up to 63 characters and may be empty.
    * Both may contain lowercase Latin letters, digits and the characters `-`, `_`, `.`, `/`
      and `@`.

    No more than 64 per resource. The maximum string length in characters for each value is 63. Each value must match the regular expression `[-_./\\@0-9a-z]*`. The string length in characters for each key must be 1-63. Each key must match the regular expression `[a-z][-_./\\@0-9a-z]*`.
    """
    family: str
    """Family to add the image to. To learn more, read about
    [image families](/docs/compute/concepts/image#family).

    A family name has from 3 to 63 characters: lowercase Latin letters, digits and hyphens. It
    begins with a letter and does not end with a hyphen. Leave it empty if the image does
    not belong to a family.

    Later, [ImageService.GetLatestByFamily] finds the newest image by this name.

    Value must match the regular expression `|[a-z][-a-z0-9]{1,61}[a-z0-9]`.
    """
    min_disk_size: int
    """Size of the smallest disk that can be made from the image, in bytes: from 4194304 (4 MiB) to
    4398046511104 (4 TiB).

    Optional. The size must exceed the amount of data in the source.

    Acceptable values are 4194304 to 4398046511104, inclusive.
    """
    product_ids: list[str]
    """IDs of the software licenses that come with the image, up to 50 characters each.

    They affect the price of the instances that use the image. As a rule, there is no need to set
    them: the platform issues these IDs and copies them from the source. Set them if the source
    has lost them: for example, if the image was built by another program and then uploaded to
    Object Storage.

    The maximum string length in characters for each value is 50.
    """
    os: Os | None
    """The operating system inside the image.

    If you leave it out and the source is an image or a disk, the system recorded there may be
    used instead.
    """
    pooled: bool
    """Whether to set up a pool for the image. A pool makes creating disks faster."""
    hardware_generation: HardwareGeneration | None
    """Hardware generation for the image.

    Takes precedence over the generation recorded in the source image, disk or snapshot. If the
    source has none, takes precedence over the defaults.
    """
    source: CreateImageRequest.Source.ImageId | CreateImageRequest.Source.DiskId | CreateImageRequest.Source.SnapshotId | CreateImageRequest.Source.Uri | None
    """Where the data comes from. Set exactly one of the fields.

    Exactly one of these must be set.
    """

    def __init__(
        self,
        *,
        folder_id: str = "",
        name: str = "",
        description: str = "",
        labels: dict[str, str] | None = None,
        family: str = "",
        min_disk_size: int = 0,
        product_ids: list[str] | None = None,
        os: Os | None = None,
        pooled: bool = False,
        hardware_generation: HardwareGeneration | None = None,
        source: CreateImageRequest.Source.ImageId | CreateImageRequest.Source.DiskId | CreateImageRequest.Source.SnapshotId | CreateImageRequest.Source.Uri | None = None,
        _unknown: bytes = b"",
    ) -> None:
        """Properties of a new image and the source of its data.

        Args:
            folder_id: ID of the folder where the image will be stored, up to 50 characters. Required. The maximum string length in characters is 50.
            name: Name for the new image, up to 63 characters. For example, `web-server_2`. Value must match the regular expression `|[a-z]([-_a-z0-9]{0,61}[a-z0-9])?`.
            description: Free text about the new image, up to 256 characters. The maximum string length in characters is 256.
            labels: Labels for the new image, 64 at most. For example, `"env": "test"`. No more than 64 per resource. The maximum string length in characters for each value is 63. Each value must match the regular expression `[-_./\\@0-9a-z]*`. The string length in characters for each key must be 1-63. Each key must match the regular expression `[a-z][-_./\\@0-9a-z]*`.
            family: Family to add the image to. To learn more, read about [image families](/docs/compute/concepts/image#family). Value must match the regular expression `|[a-z][-a-z0-9]{1,61}[a-z0-9]`.
            min_disk_size: Size of the smallest disk that can be made from the image, in bytes: from 4194304 (4 MiB) to 4398046511104 (4 TiB). Acceptable values are 4194304 to 4398046511104, inclusive.
            product_ids: IDs of the software licenses that come with the image, up to 50 characters each. The maximum string length in characters for each value is 50.
            os: The operating system inside the image.
            pooled: Whether to set up a pool for the image. A pool makes creating disks faster.
            hardware_generation: Hardware generation for the image.
            source: Where the data comes from. Set exactly one of the fields. Exactly one of these must be set.
        """
        self.folder_id = folder_id
        self.name = name
        self.description = description
        self.labels = {} if labels is None else labels
        self.family = family
        self.min_disk_size = min_disk_size
        self.product_ids = [] if product_ids is None else product_ids
        self.os = os
        self.pooled = pooled
        self.hardware_generation = hardware_generation
        self.source = source
        self._unknown = _unknown


class CreateImageMetadata(_rt.Message):
    """Metadata of an operation that creates an image."""

    __slots__ = (
        "image_id",
    )
    __proto__ = (ROOT, "yandex.cloud.compute.v1.CreateImageMetadata")

    image_id: str
    """ID of the new image. You know it before the image is ready."""

    def __init__(
        self,
        *,
        image_id: str = "",
        _unknown: bytes = b"",
    ) -> None:
        """Metadata of an operation that creates an image.

        Args:
            image_id: ID of the new image. You know it before the image is ready.
        """
        self.image_id = image_id
        self._unknown = _unknown


class UpdateImageRequest(_rt.Message):
    """New values for the properties of an image."""

    __slots__ = (
        "image_id",
        "update_mask",
        "name",
        "description",
        "min_disk_size",
        "labels",
    )
    __proto__ = (ROOT, "yandex.cloud.compute.v1.UpdateImageRequest")

    __constraints__ = (
        ("image_id", "required", "field", "yandex.cloud.required", "Required field.", None, (), ""),
        ("image_id", "length", "field", "yandex.cloud.length", "The maximum string length in characters is 50.", ("", "50", False, False), (), ""),
        ("name", "pattern", "field", "yandex.cloud.pattern", "Value must match the regular expression `|[a-z]([-_a-z0-9]{0,61}[a-z0-9])?`.", None, (), "|[a-z]([-_a-z0-9]{0,61}[a-z0-9])?"),
        ("description", "length", "field", "yandex.cloud.length", "The maximum string length in characters is 256.", ("", "256", False, False), (), ""),
        ("min_disk_size", "value", "field", "yandex.cloud.value", "Acceptable values are 4194304 to 4398046511104, inclusive.", ("4194304", "4398046511104", False, False), (), ""),
        ("labels", "size", "field", "yandex.cloud.size", "No more than 64 per resource.", ("", "64", False, False), (), ""),
        ("labels", "length", "field", "yandex.cloud.length", "The maximum string length in characters for each value is 63.", ("", "63", False, False), (), ""),
        ("labels", "pattern", "field", "yandex.cloud.pattern", "Each value must match the regular expression `[-_./\\@0-9a-z]*`.", None, (), "[-_./\\@0-9a-z]*"),
        ("labels", "length", "key", "yandex.cloud.map_key length", "The string length in characters for each key must be 1-63.", ("1", "63", False, False), (), ""),
        ("labels", "pattern", "key", "yandex.cloud.map_key pattern", "Each key must match the regular expression `[a-z][-_./\\@0-9a-z]*`.", None, (), "[a-z][-_./\\@0-9a-z]*"),
    )

    image_id: str
    """ID of the image you want to change, up to 50 characters.

    You can find it with [ImageService.List].

    Required. The maximum string length in characters is 50.
    """
    update_mask: list[str] | None
    """Names of the properties to change. In JSON, separate them with commas: for example,
    `name,description`.

    Properties that the mask names get the values from this request; the others are left alone.
    Always send a mask: without it, every property that can be changed is overwritten, and those
    missing from the request are reset to their defaults. The format is described in
    [google.protobuf.FieldMask].
    """
    name: str
    """New name, up to 63 characters. For example, `web-server_2`.

    Lowercase Latin letters, digits, hyphens and underscores are allowed. The first character must
    be a letter, the last one a letter or a digit. You may leave the name empty.

    Value must match the regular expression `|[a-z]([-_a-z0-9]{0,61}[a-z0-9])?`.
    """
    description: str
    """New free text about the image, up to 256 characters.

    The maximum string length in characters is 256.
    """
    min_disk_size: int
    """New size of the smallest disk that can be made from the image, in bytes: from 4194304 (4 MiB)
    to 4398046511104 (4 TiB).

    The size must exceed both the amount of data in the source and the size of the virtual disk.

    Acceptable values are 4194304 to 4398046511104, inclusive.
    """
    labels: dict[str, str]
    """New labels, 64 at most. For example, `"env": "test"`.

    They replace the current ones: to keep a label, repeat it here.

    * A key has from 1 to 63 characters and begins with a lowercase Latin letter.
    * A value has up to 63 characters and may be empty.
    * Both may contain lowercase Latin letters, digits and the characters `-`, `_`, `.`, `/`
      and `@`.

    No more than 64 per resource. The maximum string length in characters for each value is 63. Each value must match the regular expression `[-_./\\@0-9a-z]*`. The string length in characters for each key must be 1-63. Each key must match the regular expression `[a-z][-_./\\@0-9a-z]*`.
    """

    def __init__(
        self,
        *,
        image_id: str = "",
        update_mask: list[str] | None = None,
        name: str = "",
        description: str = "",
        min_disk_size: int = 0,
        labels: dict[str, str] | None = None,
        _unknown: bytes = b"",
    ) -> None:
        """New values for the properties of an image.

        Args:
            image_id: ID of the image you want to change, up to 50 characters. Required. The maximum string length in characters is 50.
            update_mask: Names of the properties to change. In JSON, separate them with commas: for example, `name,description`.
            name: New name, up to 63 characters. For example, `web-server_2`. Value must match the regular expression `|[a-z]([-_a-z0-9]{0,61}[a-z0-9])?`.
            description: New free text about the image, up to 256 characters. The maximum string length in characters is 256.
            min_disk_size: New size of the smallest disk that can be made from the image, in bytes: from 4194304 (4 MiB) to 4398046511104 (4 TiB). Acceptable values are 4194304 to 4398046511104, inclusive.
            labels: New labels, 64 at most. For example, `"env": "test"`. No more than 64 per resource. The maximum string length in characters for each value is 63. Each value must match the regular expression `[-_./\\@0-9a-z]*`. The string length in characters for each key must be 1-63. Each key must match the regular expression `[a-z][-_./\\@0-9a-z]*`.
        """
        self.image_id = image_id
        self.update_mask = update_mask
        self.name = name
        self.description = description
        self.min_disk_size = min_disk_size
        self.labels = {} if labels is None else labels
        self._unknown = _unknown


class UpdateImageMetadata(_rt.Message):
    """Metadata of an operation that updates an image."""

    __slots__ = (
        "image_id",
    )
    __proto__ = (ROOT, "yandex.cloud.compute.v1.UpdateImageMetadata")

    image_id: str
    """ID of the image that gets the new values."""

    def __init__(
        self,
        *,
        image_id: str = "",
        _unknown: bytes = b"",
    ) -> None:
        """Metadata of an operation that updates an image.

        Args:
            image_id: ID of the image that gets the new values.
        """
        self.image_id = image_id
        self._unknown = _unknown


class DeleteImageRequest(_rt.Message):
    """Which image to delete."""

    __slots__ = (
        "image_id",
    )
    __proto__ = (ROOT, "yandex.cloud.compute.v1.DeleteImageRequest")

    __constraints__ = (
        ("image_id", "required", "field", "yandex.cloud.required", "Required field.", None, (), ""),
        ("image_id", "length", "field", "yandex.cloud.length", "The maximum string length in characters is 50.", ("", "50", False, False), (), ""),
    )

    image_id: str
    """ID of the image you no longer need, up to 50 characters.

    You can find it with [ImageService.List].

    Required. The maximum string length in characters is 50.
    """

    def __init__(
        self,
        *,
        image_id: str = "",
        _unknown: bytes = b"",
    ) -> None:
        """Which image to delete.

        Args:
            image_id: ID of the image you no longer need, up to 50 characters. Required. The maximum string length in characters is 50.
        """
        self.image_id = image_id
        self._unknown = _unknown


class DeleteImageMetadata(_rt.Message):
    """Metadata of an operation that deletes an image."""

    __slots__ = (
        "image_id",
    )
    __proto__ = (ROOT, "yandex.cloud.compute.v1.DeleteImageMetadata")

    image_id: str
    """ID of the image that will be gone once the operation succeeds."""

    def __init__(
        self,
        *,
        image_id: str = "",
        _unknown: bytes = b"",
    ) -> None:
        """Metadata of an operation that deletes an image.

        Args:
            image_id: ID of the image that will be gone once the operation succeeds.
        """
        self.image_id = image_id
        self._unknown = _unknown


class ListImageOperationsRequest(_rt.Message):
    """Whose operations to list and how many of them to return at once."""

    __slots__ = (
        "image_id",
        "page_size",
        "page_token",
    )
    __proto__ = (ROOT, "yandex.cloud.compute.v1.ListImageOperationsRequest")

    __constraints__ = (
        ("image_id", "required", "field", "yandex.cloud.required", "Required field.", None, (), ""),
        ("image_id", "length", "field", "yandex.cloud.length", "The maximum string length in characters is 50.", ("", "50", False, False), (), ""),
        ("page_size", "value", "field", "yandex.cloud.value", "The maximum value is 1000.", ("", "1000", False, False), (), ""),
        ("page_token", "length", "field", "yandex.cloud.length", "The maximum string length in characters is 100.", ("", "100", False, False), (), ""),
    )

    image_id: str
    """ID of the image whose operations you want to see, up to 50 characters.

    You can find it with [ImageService.List].

    Required. The maximum string length in characters is 50.
    """
    page_size: int
    """How many operations a page may contain, 1000 at most.

    If some operations did not fit, the response comes with a
    [ListImageOperationsResponse.next_page_token].

    The maximum value is 1000.
    """
    page_token: str
    """Where to continue. Leave empty to start from the first page; for any other page, pass the
    [ListImageOperationsResponse.next_page_token] of the page before it.

    The maximum string length in characters is 100.
    """

    def __init__(
        self,
        *,
        image_id: str = "",
        page_size: int = 0,
        page_token: str = "",
        _unknown: bytes = b"",
    ) -> None:
        """Whose operations to list and how many of them to return at once.

        Args:
            image_id: ID of the image whose operations you want to see, up to 50 characters. Required. The maximum string length in characters is 50.
            page_size: How many operations a page may contain, 1000 at most. The maximum value is 1000.
            page_token: Where to continue. Leave empty to start from the first page; for any other page, pass the [ListImageOperationsResponse.next_page_token] of the page before it. The maximum string length in characters is 100.
        """
        self.image_id = image_id
        self.page_size = page_size
        self.page_token = page_token
        self._unknown = _unknown


class ListImageOperationsResponse(_rt.Message):
    """One page of the operations on an image."""

    __slots__ = (
        "operations",
        "next_page_token",
    )
    __proto__ = (ROOT, "yandex.cloud.compute.v1.ListImageOperationsResponse")

    operations: list[_yandex_cloud_operation.Operation]
    """Operations on this page."""
    next_page_token: str
    """Token of the page that comes next, or an empty string if this page is the last.

    Pass it in [ListImageOperationsRequest.page_token]. Every page has a token of its own.
    """

    def __init__(
        self,
        *,
        operations: list[_yandex_cloud_operation.Operation] | None = None,
        next_page_token: str = "",
        _unknown: bytes = b"",
    ) -> None:
        """One page of the operations on an image.

        Args:
            operations: Operations on this page.
            next_page_token: Token of the page that comes next, or an empty string if this page is the last.
        """
        self.operations = [] if operations is None else operations
        self.next_page_token = next_page_token
        self._unknown = _unknown


class KMSKey(_rt.Message):
    """A symmetric key from Key Management Service (KMS) that protects the data of a resource."""

    __slots__ = (
        "key_id",
        "version_id",
    )
    __proto__ = (ROOT, "yandex.cloud.compute.v1.KMSKey")

    key_id: str
    """Key ID in KMS."""
    version_id: str
    """ID of the key version in use."""

    def __init__(
        self,
        *,
        key_id: str = "",
        version_id: str = "",
        _unknown: bytes = b"",
    ) -> None:
        """A symmetric key from Key Management Service (KMS) that protects the data of a resource.

        Args:
            key_id: Key ID in KMS.
            version_id: ID of the key version in use.
        """
        self.key_id = key_id
        self.version_id = version_id
        self._unknown = _unknown


class ImageServiceClient(_rt.Client):
    """Creates, finds, changes and deletes disk images.

    Methods that only read data answer at once. The others start an operation: the work goes on in
    the background, and its `done` field tells when it is over.
    """

    __service__ = "yandex.cloud.compute.v1.ImageService"
    __root__ = ROOT
    __methods__ = {
        "Get": _rt.Method(
            "unary_unary",
            "yandex.cloud.compute.v1.GetImageRequest",
            "yandex.cloud.compute.v1.Image",
            "get",
        ),
        "GetLatestByFamily": _rt.Method(
            "unary_unary",
            "yandex.cloud.compute.v1.GetImageLatestByFamilyRequest",
            "yandex.cloud.compute.v1.Image",
            "get_latest_by_family",
        ),
        "List": _rt.Method(
            "unary_unary",
            "yandex.cloud.compute.v1.ListImagesRequest",
            "yandex.cloud.compute.v1.ListImagesResponse",
            "list",
        ),
        "Create": _rt.Method(
            "unary_unary",
            "yandex.cloud.compute.v1.CreateImageRequest",
            "yandex.cloud.operation.Operation",
            "create",
            _rt.OperationTypes(metadata="yandex.cloud.compute.v1.CreateImageMetadata", response="yandex.cloud.compute.v1.Image", id_field="id"),
        ),
        "Update": _rt.Method(
            "unary_unary",
            "yandex.cloud.compute.v1.UpdateImageRequest",
            "yandex.cloud.operation.Operation",
            "update",
            _rt.OperationTypes(metadata="yandex.cloud.compute.v1.UpdateImageMetadata", response="yandex.cloud.compute.v1.Image", id_field="id"),
        ),
        "Delete": _rt.Method(
            "unary_unary",
            "yandex.cloud.compute.v1.DeleteImageRequest",
            "yandex.cloud.operation.Operation",
            "delete",
            _rt.OperationTypes(metadata="yandex.cloud.compute.v1.DeleteImageMetadata", response="google.protobuf.Empty", id_field="id"),
        ),
        "ListOperations": _rt.Method(
            "unary_unary",
            "yandex.cloud.compute.v1.ListImageOperationsRequest",
            "yandex.cloud.compute.v1.ListImageOperationsResponse",
            "list_operations",
        ),
        "ListAccessBindings": _rt.Method(
            "unary_unary",
            "yandex.cloud.access.ListAccessBindingsRequest",
            "yandex.cloud.access.ListAccessBindingsResponse",
            "list_access_bindings",
        ),
        "SetAccessBindings": _rt.Method(
            "unary_unary",
            "yandex.cloud.access.SetAccessBindingsRequest",
            "yandex.cloud.operation.Operation",
            "set_access_bindings",
            _rt.OperationTypes(metadata="yandex.cloud.access.SetAccessBindingsMetadata", response="yandex.cloud.access.AccessBindingsOperationResult", id_field="id"),
        ),
        "UpdateAccessBindings": _rt.Method(
            "unary_unary",
            "yandex.cloud.access.UpdateAccessBindingsRequest",
            "yandex.cloud.operation.Operation",
            "update_access_bindings",
            _rt.OperationTypes(metadata="yandex.cloud.access.UpdateAccessBindingsMetadata", response="yandex.cloud.access.AccessBindingsOperationResult", id_field="id"),
        ),
    }

    def get(
        self, request: GetImageRequest, **options: _t.Unpack[_rt.CallOptions]
    ) -> Image:
        """Gets one image by its ID.

        If you do not know the ID, look it up with [ImageService.List].
        """
        made: Image = self._call("Get", request, options)
        return made

    def get_latest_by_family(
        self, request: GetImageLatestByFamilyRequest, **options: _t.Unpack[_rt.CallOptions]
    ) -> Image:
        """Gets the newest image of a family.

        Use it to always start from the current version without keeping track of image IDs.
        """
        made: Image = self._call("GetLatestByFamily", request, options)
        return made

    def list(
        self, request: ListImagesRequest, **options: _t.Unpack[_rt.CallOptions]
    ) -> ListImagesResponse:
        """Lists the images of a folder, page by page.

        You can filter and sort the list: see [ListImagesRequest.filter] and
        [ListImagesRequest.order_by].
        """
        made: ListImagesResponse = self._call("List", request, options)
        return made

    def list_all(
        self, request: ListImagesRequest, **options: _t.Unpack[_rt.CallOptions]
    ) -> _rt.Pager[ListImagesResponse, Image]:
        """Everything that `list` has on its pages, each asked for when the one before is used up."""
        return _rt.Pager(self.list, request, options, "images")

    def create(
        self, request: CreateImageRequest, **options: _t.Unpack[_rt.CallOptions]
    ) -> _rt.Operation[CreateImageMetadata, Image]:
        """Makes a new image and puts it in a folder.

        The data comes from one of four sources:
        * another image;
        * a disk;
        * a snapshot;
        * a file in Object Storage.

        The method starts an operation. You can cancel it until it is done.
        """
        made: _rt.Operation[CreateImageMetadata, Image] = self._operation("Create", request, options)
        return made

    def update(
        self, request: UpdateImageRequest, **options: _t.Unpack[_rt.CallOptions]
    ) -> _rt.Operation[UpdateImageMetadata, Image]:
        """Changes the properties of an image.

        You can change the name, the description, the labels and the minimum disk size. The data in
        the image stays the same.
        """
        made: _rt.Operation[UpdateImageMetadata, Image] = self._operation("Update", request, options)
        return made

    def delete(
        self, request: DeleteImageRequest, **options: _t.Unpack[_rt.CallOptions]
    ) -> _rt.Operation[DeleteImageMetadata, _rt.Empty]:
        """Deletes an image together with its data.

        A deleted image cannot be restored.
        """
        made: _rt.Operation[DeleteImageMetadata, _rt.Empty] = self._operation("Delete", request, options)
        return made

    def list_operations(
        self, request: ListImageOperationsRequest, **options: _t.Unpack[_rt.CallOptions]
    ) -> ListImageOperationsResponse:
        """Shows what has been done with an image.

        Returns the operations on the image, both finished and running.
        """
        made: ListImageOperationsResponse = self._call("ListOperations", request, options)
        return made

    def list_operations_all(
        self, request: ListImageOperationsRequest, **options: _t.Unpack[_rt.CallOptions]
    ) -> _rt.Pager[ListImageOperationsResponse, _yandex_cloud_operation.Operation]:
        """Everything that `list_operations` has on its pages, each asked for when the one before is used up."""
        return _rt.Pager(self.list_operations, request, options, "operations")

    def list_access_bindings(
        self, request: _yandex_cloud_access.ListAccessBindingsRequest, **options: _t.Unpack[_rt.CallOptions]
    ) -> _yandex_cloud_access.ListAccessBindingsResponse:
        """Shows who has which roles on an image."""
        made: _yandex_cloud_access.ListAccessBindingsResponse = self._call("ListAccessBindings", request, options)
        return made

    def list_access_bindings_all(
        self, request: _yandex_cloud_access.ListAccessBindingsRequest, **options: _t.Unpack[_rt.CallOptions]
    ) -> _rt.Pager[_yandex_cloud_access.ListAccessBindingsResponse, _yandex_cloud_access.AccessBinding]:
        """Everything that `list_access_bindings` has on its pages, each asked for when the one before is used up."""
        return _rt.Pager(self.list_access_bindings, request, options, "access_bindings")

    def set_access_bindings(
        self, request: _yandex_cloud_access.SetAccessBindingsRequest, **options: _t.Unpack[_rt.CallOptions]
    ) -> _rt.Operation[_yandex_cloud_access.SetAccessBindingsMetadata, _yandex_cloud_access.AccessBindingsOperationResult]:
        """Replaces all roles on an image with a new list.

        Roles that are not in the list are revoked. To add or revoke only some of them, call
        [ImageService.UpdateAccessBindings].
        """
        made: _rt.Operation[_yandex_cloud_access.SetAccessBindingsMetadata, _yandex_cloud_access.AccessBindingsOperationResult] = self._operation("SetAccessBindings", request, options)
        return made

    def update_access_bindings(
        self, request: _yandex_cloud_access.UpdateAccessBindingsRequest, **options: _t.Unpack[_rt.CallOptions]
    ) -> _rt.Operation[_yandex_cloud_access.UpdateAccessBindingsMetadata, _yandex_cloud_access.AccessBindingsOperationResult]:
        """Grants and revokes individual roles on an image.

        Roles that the request does not mention stay in force.
        """
        made: _rt.Operation[_yandex_cloud_access.UpdateAccessBindingsMetadata, _yandex_cloud_access.AccessBindingsOperationResult] = self._operation("UpdateAccessBindings", request, options)
        return made


class ImageServiceAsyncClient(_rt.AsyncClient):
    """Creates, finds, changes and deletes disk images.

    Methods that only read data answer at once. The others start an operation: the work goes on in
    the background, and its `done` field tells when it is over.
    """

    __service__ = "yandex.cloud.compute.v1.ImageService"
    __root__ = ROOT
    __methods__ = ImageServiceClient.__methods__

    async def get(
        self, request: GetImageRequest, **options: _t.Unpack[_rt.CallOptions]
    ) -> Image:
        """Gets one image by its ID.

        If you do not know the ID, look it up with [ImageService.List].
        """
        made: Image = await self._call("Get", request, options)
        return made

    async def get_latest_by_family(
        self, request: GetImageLatestByFamilyRequest, **options: _t.Unpack[_rt.CallOptions]
    ) -> Image:
        """Gets the newest image of a family.

        Use it to always start from the current version without keeping track of image IDs.
        """
        made: Image = await self._call("GetLatestByFamily", request, options)
        return made

    async def list(
        self, request: ListImagesRequest, **options: _t.Unpack[_rt.CallOptions]
    ) -> ListImagesResponse:
        """Lists the images of a folder, page by page.

        You can filter and sort the list: see [ListImagesRequest.filter] and
        [ListImagesRequest.order_by].
        """
        made: ListImagesResponse = await self._call("List", request, options)
        return made

    def list_all(
        self, request: ListImagesRequest, **options: _t.Unpack[_rt.CallOptions]
    ) -> _rt.AsyncPager[ListImagesResponse, Image]:
        """Everything that `list` has on its pages, each asked for when the one before is used up."""
        return _rt.AsyncPager(self.list, request, options, "images")

    async def create(
        self, request: CreateImageRequest, **options: _t.Unpack[_rt.CallOptions]
    ) -> _rt.AsyncOperation[CreateImageMetadata, Image]:
        """Makes a new image and puts it in a folder.

        The data comes from one of four sources:
        * another image;
        * a disk;
        * a snapshot;
        * a file in Object Storage.

        The method starts an operation. You can cancel it until it is done.
        """
        made: _rt.AsyncOperation[CreateImageMetadata, Image] = await self._operation("Create", request, options)
        return made

    async def update(
        self, request: UpdateImageRequest, **options: _t.Unpack[_rt.CallOptions]
    ) -> _rt.AsyncOperation[UpdateImageMetadata, Image]:
        """Changes the properties of an image.

        You can change the name, the description, the labels and the minimum disk size. The data in
        the image stays the same.
        """
        made: _rt.AsyncOperation[UpdateImageMetadata, Image] = await self._operation("Update", request, options)
        return made

    async def delete(
        self, request: DeleteImageRequest, **options: _t.Unpack[_rt.CallOptions]
    ) -> _rt.AsyncOperation[DeleteImageMetadata, _rt.Empty]:
        """Deletes an image together with its data.

        A deleted image cannot be restored.
        """
        made: _rt.AsyncOperation[DeleteImageMetadata, _rt.Empty] = await self._operation("Delete", request, options)
        return made

    async def list_operations(
        self, request: ListImageOperationsRequest, **options: _t.Unpack[_rt.CallOptions]
    ) -> ListImageOperationsResponse:
        """Shows what has been done with an image.

        Returns the operations on the image, both finished and running.
        """
        made: ListImageOperationsResponse = await self._call("ListOperations", request, options)
        return made

    def list_operations_all(
        self, request: ListImageOperationsRequest, **options: _t.Unpack[_rt.CallOptions]
    ) -> _rt.AsyncPager[ListImageOperationsResponse, _yandex_cloud_operation.Operation]:
        """Everything that `list_operations` has on its pages, each asked for when the one before is used up."""
        return _rt.AsyncPager(self.list_operations, request, options, "operations")

    async def list_access_bindings(
        self, request: _yandex_cloud_access.ListAccessBindingsRequest, **options: _t.Unpack[_rt.CallOptions]
    ) -> _yandex_cloud_access.ListAccessBindingsResponse:
        """Shows who has which roles on an image."""
        made: _yandex_cloud_access.ListAccessBindingsResponse = await self._call("ListAccessBindings", request, options)
        return made

    def list_access_bindings_all(
        self, request: _yandex_cloud_access.ListAccessBindingsRequest, **options: _t.Unpack[_rt.CallOptions]
    ) -> _rt.AsyncPager[_yandex_cloud_access.ListAccessBindingsResponse, _yandex_cloud_access.AccessBinding]:
        """Everything that `list_access_bindings` has on its pages, each asked for when the one before is used up."""
        return _rt.AsyncPager(self.list_access_bindings, request, options, "access_bindings")

    async def set_access_bindings(
        self, request: _yandex_cloud_access.SetAccessBindingsRequest, **options: _t.Unpack[_rt.CallOptions]
    ) -> _rt.AsyncOperation[_yandex_cloud_access.SetAccessBindingsMetadata, _yandex_cloud_access.AccessBindingsOperationResult]:
        """Replaces all roles on an image with a new list.

        Roles that are not in the list are revoked. To add or revoke only some of them, call
        [ImageService.UpdateAccessBindings].
        """
        made: _rt.AsyncOperation[_yandex_cloud_access.SetAccessBindingsMetadata, _yandex_cloud_access.AccessBindingsOperationResult] = await self._operation("SetAccessBindings", request, options)
        return made

    async def update_access_bindings(
        self, request: _yandex_cloud_access.UpdateAccessBindingsRequest, **options: _t.Unpack[_rt.CallOptions]
    ) -> _rt.AsyncOperation[_yandex_cloud_access.UpdateAccessBindingsMetadata, _yandex_cloud_access.AccessBindingsOperationResult]:
        """Grants and revokes individual roles on an image.

        Roles that the request does not mention stay in force.
        """
        made: _rt.AsyncOperation[_yandex_cloud_access.UpdateAccessBindingsMetadata, _yandex_cloud_access.AccessBindingsOperationResult] = await self._operation("UpdateAccessBindings", request, options)
        return made


class ImageServiceServicer(_rt.Servicer):
    """Creates, finds, changes and deletes disk images.

    Methods that only read data answer at once. The others start an operation: the work goes on in
    the background, and its `done` field tells when it is over.
    """

    __service__ = "yandex.cloud.compute.v1.ImageService"
    __root__ = ROOT
    __methods__ = ImageServiceClient.__methods__

    def get(
        self,
        request: GetImageRequest,
        context: _rt.Context,
    ) -> Image:
        """Gets one image by its ID.

        If you do not know the ID, look it up with [ImageService.List].
        """
        self._unimplemented(context, "Get")

    def get_latest_by_family(
        self,
        request: GetImageLatestByFamilyRequest,
        context: _rt.Context,
    ) -> Image:
        """Gets the newest image of a family.

        Use it to always start from the current version without keeping track of image IDs.
        """
        self._unimplemented(context, "GetLatestByFamily")

    def list(
        self,
        request: ListImagesRequest,
        context: _rt.Context,
    ) -> ListImagesResponse:
        """Lists the images of a folder, page by page.

        You can filter and sort the list: see [ListImagesRequest.filter] and
        [ListImagesRequest.order_by].
        """
        self._unimplemented(context, "List")

    def create(
        self,
        request: CreateImageRequest,
        context: _rt.Context,
    ) -> _yandex_cloud_operation.Operation:
        """Makes a new image and puts it in a folder.

        The data comes from one of four sources:
        * another image;
        * a disk;
        * a snapshot;
        * a file in Object Storage.

        The method starts an operation. You can cancel it until it is done.
        """
        self._unimplemented(context, "Create")

    def update(
        self,
        request: UpdateImageRequest,
        context: _rt.Context,
    ) -> _yandex_cloud_operation.Operation:
        """Changes the properties of an image.

        You can change the name, the description, the labels and the minimum disk size. The data in
        the image stays the same.
        """
        self._unimplemented(context, "Update")

    def delete(
        self,
        request: DeleteImageRequest,
        context: _rt.Context,
    ) -> _yandex_cloud_operation.Operation:
        """Deletes an image together with its data.

        A deleted image cannot be restored.
        """
        self._unimplemented(context, "Delete")

    def list_operations(
        self,
        request: ListImageOperationsRequest,
        context: _rt.Context,
    ) -> ListImageOperationsResponse:
        """Shows what has been done with an image.

        Returns the operations on the image, both finished and running.
        """
        self._unimplemented(context, "ListOperations")

    def list_access_bindings(
        self,
        request: _yandex_cloud_access.ListAccessBindingsRequest,
        context: _rt.Context,
    ) -> _yandex_cloud_access.ListAccessBindingsResponse:
        """Shows who has which roles on an image."""
        self._unimplemented(context, "ListAccessBindings")

    def set_access_bindings(
        self,
        request: _yandex_cloud_access.SetAccessBindingsRequest,
        context: _rt.Context,
    ) -> _yandex_cloud_operation.Operation:
        """Replaces all roles on an image with a new list.

        Roles that are not in the list are revoked. To add or revoke only some of them, call
        [ImageService.UpdateAccessBindings].
        """
        self._unimplemented(context, "SetAccessBindings")

    def update_access_bindings(
        self,
        request: _yandex_cloud_access.UpdateAccessBindingsRequest,
        context: _rt.Context,
    ) -> _yandex_cloud_operation.Operation:
        """Grants and revokes individual roles on an image.

        Roles that the request does not mention stay in force.
        """
        self._unimplemented(context, "UpdateAccessBindings")


class ImageServiceAsyncServicer(_rt.AsyncServicer):
    """Creates, finds, changes and deletes disk images.

    Methods that only read data answer at once. The others start an operation: the work goes on in
    the background, and its `done` field tells when it is over.
    """

    __service__ = "yandex.cloud.compute.v1.ImageService"
    __root__ = ROOT
    __methods__ = ImageServiceClient.__methods__

    async def get(
        self,
        request: GetImageRequest,
        context: _rt.AsyncContext,
    ) -> Image:
        await self._unimplemented(context, "Get")

    async def get_latest_by_family(
        self,
        request: GetImageLatestByFamilyRequest,
        context: _rt.AsyncContext,
    ) -> Image:
        await self._unimplemented(context, "GetLatestByFamily")

    async def list(
        self,
        request: ListImagesRequest,
        context: _rt.AsyncContext,
    ) -> ListImagesResponse:
        await self._unimplemented(context, "List")

    async def create(
        self,
        request: CreateImageRequest,
        context: _rt.AsyncContext,
    ) -> _yandex_cloud_operation.Operation:
        await self._unimplemented(context, "Create")

    async def update(
        self,
        request: UpdateImageRequest,
        context: _rt.AsyncContext,
    ) -> _yandex_cloud_operation.Operation:
        await self._unimplemented(context, "Update")

    async def delete(
        self,
        request: DeleteImageRequest,
        context: _rt.AsyncContext,
    ) -> _yandex_cloud_operation.Operation:
        await self._unimplemented(context, "Delete")

    async def list_operations(
        self,
        request: ListImageOperationsRequest,
        context: _rt.AsyncContext,
    ) -> ListImageOperationsResponse:
        await self._unimplemented(context, "ListOperations")

    async def list_access_bindings(
        self,
        request: _yandex_cloud_access.ListAccessBindingsRequest,
        context: _rt.AsyncContext,
    ) -> _yandex_cloud_access.ListAccessBindingsResponse:
        await self._unimplemented(context, "ListAccessBindings")

    async def set_access_bindings(
        self,
        request: _yandex_cloud_access.SetAccessBindingsRequest,
        context: _rt.AsyncContext,
    ) -> _yandex_cloud_operation.Operation:
        await self._unimplemented(context, "SetAccessBindings")

    async def update_access_bindings(
        self,
        request: _yandex_cloud_access.UpdateAccessBindingsRequest,
        context: _rt.AsyncContext,
    ) -> _yandex_cloud_operation.Operation:
        await self._unimplemented(context, "UpdateAccessBindings")


