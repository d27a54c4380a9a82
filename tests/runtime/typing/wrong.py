"""Wrong uses of the own bindings. What a type checker must say, or a part of it, is below each line.

A line without a comment for a checker is one that it finds no error in.
"""

# ruff: noqa

from __future__ import annotations

import dataclasses
from typing import assert_never

import grpc

from toolkit import runtime
from toolkit.bindings.yandex.cloud.compute.v1 import (
    CreateImageRequest,
    DeleteImageRequest,
    GetImageRequest,
    HardwareGeneration,
    Image,
    ImageServiceAsyncClient,
    ImageServiceClient,
    ImageServiceServicer,
    ListImagesRequest,
    Os,
)

Source = CreateImageRequest.Source


def build() -> None:
    CreateImageRequest(folder="f1")
    # mypy says: Unexpected keyword argument "folder" for "CreateImageRequest"; did you mean "folder_id"?
    # pyright says: No parameter named "folder"
    CreateImageRequest("f1")
    # mypy says: Too many positional arguments for "CreateImageRequest"
    # pyright says: Expected 0 positional arguments
    CreateImageRequest(folder_id=1)
    # mypy says: incompatible type "int"; expected "str"
    # pyright says: "Literal[1]" cannot be assigned to parameter "folder_id"
    CreateImageRequest(folder_id=None)
    # mypy says: incompatible type "None"; expected "str"
    # pyright says: "None" cannot be assigned to parameter "folder_id"
    CreateImageRequest(labels={"a": 1})
    # mypy says: Dict entry 0 has incompatible type "str": "int"; expected "str": "str"
    # pyright says: "dict[str, int]" cannot be assigned to parameter "labels"
    CreateImageRequest(product_ids="p1")
    # mypy says: incompatible type "str"; expected "list[str] | None"
    # pyright says: "Literal['p1']" cannot be assigned to parameter "product_ids"
    CreateImageRequest(image_id="i1")
    # mypy says: Unexpected keyword argument "image_id" for "CreateImageRequest"
    # pyright says: No parameter named "image_id"
    CreateImageRequest(source="i1")
    # mypy says: incompatible type "str"; expected "ImageId | DiskId | SnapshotId | Uri | None"
    # pyright says: "Literal['i1']" cannot be assigned to parameter "source"
    CreateImageRequest(source=Source.ImageId(1))
    # mypy says: incompatible type "int"; expected "str"
    # pyright says: "Literal[1]" cannot be assigned to parameter "value"
    CreateImageRequest(source=HardwareGeneration.Features.LegacyFeatures)
    # mypy says: incompatible type "type[LegacyFeatures]"; expected "ImageId | DiskId | SnapshotId | Uri | None"
    # pyright says: "type[LegacyFeatures]" cannot be assigned to parameter "source"
    Image(status=1)
    # mypy says: incompatible type "int"; expected "Status"
    # pyright says: "Literal[1]" cannot be assigned to parameter "status"
    Image(status="READY")
    # mypy says: incompatible type "str"; expected "Status"
    # pyright says: "Literal['READY']" cannot be assigned to parameter "status"
    Image(created_at="2025-01-01")
    # mypy says: incompatible type "str"; expected "datetime | None"
    # pyright says: "Literal['2025-01-01']" cannot be assigned to parameter "created_at"
    Image(os=Os.Type.LINUX)
    # mypy says: incompatible type "Type"; expected "Os | None"
    # pyright says: "Literal[Type.LINUX]" cannot be assigned to parameter "os"


def change(request: CreateImageRequest) -> None:
    request.folder = "f1"
    # mypy says: "CreateImageRequest" has no attribute "folder"; maybe "folder_id"?
    # pyright says: Cannot assign to attribute "folder" for class "CreateImageRequest"
    request.min_disk_size = "big"
    # mypy says: expression has type "str", variable has type "int"
    # pyright says: Cannot assign to attribute "min_disk_size" for class "CreateImageRequest"
    request.labels = None
    # mypy says: expression has type "None", variable has type "dict[str, str]"
    # pyright says: Cannot assign to attribute "labels" for class "CreateImageRequest"
    request.product_ids.append(1)
    # mypy says: incompatible type "int"; expected "str"
    # pyright says: "Literal[1]" cannot be assigned to parameter "object"
    request.source = "i1"
    # mypy says: expression has type "str", variable has type "ImageId | DiskId | SnapshotId | Uri | None"
    # pyright says: Cannot assign to attribute "source" for class "CreateImageRequest"
    dataclasses.replace(request, "f1")
    # mypy says: Too many arguments for "replace"
    # pyright says: Expected 1 positional argument


def read(request: CreateImageRequest, image: Image) -> str:
    request.os.type
    # mypy says: Item "None" of "Os | None" has no attribute "type"
    # pyright says: "type" is not a known attribute of "None"
    request.source.value
    # mypy says: Item "None" of "ImageId | DiskId | SnapshotId | Uri | None" has no attribute "value"
    # pyright says: "value" is not a known attribute of "None"
    Image.Status.UNKNOWN
    # mypy says: "type[Status]" has no attribute "UNKNOWN"
    # pyright says: Cannot access attribute "UNKNOWN" for class "type[Status]"
    image.created_at.year
    # mypy says: Item "None" of "datetime | None" has no attribute "year"
    # pyright says: "year" is not a known attribute of "None"
    number: str = image.status
    # mypy says: expression has type "Status", variable has type "str"
    # pyright says: Type "Status" is not assignable to declared type "str"
    text: str = image.to_bytes()
    # mypy says: expression has type "bytes", variable has type "str"
    # pyright says: Type "bytes" is not assignable to declared type "str"
    other: Os = Image.from_bytes(b"")
    # mypy says: expression has type "Image", variable has type "Os"
    # pyright says: Type "Image" is not assignable to declared type "Os"
    Image.from_json({})
    # mypy says: incompatible type "dict[Never, Never]"; expected "str | bytes"
    # pyright says: "dict[Any, Any]" cannot be assigned to parameter "text"
    return image.min_disk_size
    # mypy says: Incompatible return value type (got "int", expected "str"
    # pyright says: Type "int" is not assignable to return type "str"


def incomplete(request: CreateImageRequest) -> str:
    match request.source:
        case Source.ImageId(value):
            return value
        case Source.DiskId(value) | Source.SnapshotId(value):
            return value
        case None:
            return ""
        case _:
            assert_never(request.source)
            # mypy says: incompatible type "Uri"; expected "Never"
            # pyright says: "Uri" cannot be assigned to parameter "arg"


def known_names(status: Image.Status) -> None:
    match status:
        case Image.Status.STATUS_UNSPECIFIED | Image.Status.CREATING | Image.Status.READY:
            pass
        case Image.Status.ERROR | Image.Status.DELETING:
            pass
        case _:
            assert_never(status)
            # mypy says: incompatible type "Literal[Status._UNKNOWN]"; expected "Never"
            # pyright says: "Literal[Status._UNKNOWN]" cannot be assigned to parameter "arg"


def call(client: ImageServiceClient, channel: grpc.Channel) -> None:
    client.get(DeleteImageRequest(image_id="i1"))
    # mypy says: incompatible type "DeleteImageRequest"; expected "GetImageRequest"
    # pyright says: "DeleteImageRequest" cannot be assigned to parameter "request"
    client.get(image_id="i1")
    # mypy says: Unexpected keyword argument "image_id" for "get" of "ImageServiceClient"
    # pyright says: Argument missing for parameter "request"
    # pyright says: No parameter named "image_id"
    client.get(GetImageRequest(), time_out=5)
    # mypy says: Unexpected keyword argument "time_out" for "get" of "ImageServiceClient"; did you mean "timeout"?
    # pyright says: No parameter named "time_out"
    client.get(GetImageRequest(), timeout="5")
    # mypy says: incompatible type "str"; expected "float | None"
    # pyright says: "Literal['5']" cannot be assigned to parameter "timeout"
    client.fetch(GetImageRequest())
    # mypy says: "ImageServiceClient" has no attribute "fetch"
    # pyright says: Cannot access attribute "fetch" for class "ImageServiceClient"
    image: Image = client.create(CreateImageRequest())
    # mypy says: expression has type "Operation[CreateImageMetadata, Image]", variable has type "Image"
    # pyright says: Type "Operation[CreateImageMetadata, Image]" is not assignable to declared type "Image"
    name: str = client.create(CreateImageRequest()).result()
    # mypy says: expression has type "Image", variable has type "str"
    # pyright says: Type "Image" is not assignable to declared type "str"
    client.create(CreateImageRequest()).metadata.image_id
    # mypy says: Item "None" of "CreateImageMetadata | None" has no attribute "image_id"
    # pyright says: "image_id" is not a known attribute of "None"
    client.delete(DeleteImageRequest()).result().name
    # mypy says: "Empty" has no attribute "name"
    # pyright says: Cannot access attribute "name" for class "Empty"
    for item in client.list_all(ListImagesRequest()):
        item.title
        # mypy says: "Image" has no attribute "title"
        # pyright says: Cannot access attribute "title" for class "Image"
    for image in client.list(ListImagesRequest()):
        # mypy says: "ListImagesResponse" has no attribute "__iter__" (not iterable
        # pyright says: "ListImagesResponse" is not iterable
        pass
    ImageServiceAsyncClient(channel)
    # mypy says: incompatible type "grpc.Channel"; expected "grpc.aio.Channel"
    # pyright says: "Channel" cannot be assigned to parameter "channel"
    runtime.Polling(0.1)
    # mypy says: Too many positional arguments for "Polling"
    # pyright says: Expected 0 positional arguments


class Images(ImageServiceServicer):
    def get(self, request: DeleteImageRequest, context: grpc.ServicerContext) -> Image:
        # mypy says: is incompatible with supertype
        return Image()

    def list(self, request: ListImagesRequest, context: grpc.ServicerContext) -> Image:
        # mypy says: Return type "Image" of "list" incompatible with return type "ListImagesResponse"
        return Image()


async def async_call(client: ImageServiceAsyncClient) -> None:
    client.get(GetImageRequest()).name
    # mypy says: "Coroutine[Any, Any, Image]" has no attribute "name"
    # pyright says: Cannot access attribute "name" for class "CoroutineType[Any, Any, Image]"
    (await client.create(CreateImageRequest())).result().name
    # mypy says: "Coroutine[Any, Any, Image]" has no attribute "name"
    # pyright says: Cannot access attribute "name" for class "CoroutineType[Any, Any, Image]"
    for image in client.list_all(ListImagesRequest()):
        # mypy says: "AsyncPager[ListImagesResponse, Image]" has no attribute "__iter__"; maybe "__aiter__"? (not iterable
        # pyright says: "AsyncPager[ListImagesResponse, Image]" is not iterable
        pass
