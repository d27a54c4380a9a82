"""Typical use of the own bindings, which both type checkers accept as it stands, and which runs."""

from __future__ import annotations

import copy
import dataclasses
import datetime
import io
from collections.abc import AsyncIterator, Iterator
from typing import Any, assert_never, assert_type

import grpc
import grpc.aio
from google.protobuf.message import Message as OfficialMessage
from google.protobuf.timestamp_pb2 import Timestamp

from toolkit import runtime
from toolkit.bindings.yandex.cloud import access
from toolkit.bindings.yandex.cloud.compute.v1 import (
    CreateImageMetadata,
    CreateImageRequest,
    DeleteImageMetadata,
    DeleteImageRequest,
    Generation2HardwareFeatures,
    HardwareGeneration,
    Image,
    ImageServiceAsyncClient,
    ImageServiceAsyncServicer,
    ImageServiceClient,
    ImageServiceServicer,
    LegacyHardwareFeatures,
    ListImagesRequest,
    ListImagesResponse,
    Os,
    PCITopology,
    UpdateImageRequest,
)
from toolkit.bindings.yandex.cloud.operation import Operation
from toolkit.runtime import Empty

Source = CreateImageRequest.Source


def messages() -> CreateImageRequest:
    """Building a message, reading it and changing it."""
    request = CreateImageRequest(
        folder_id="f1",
        labels={"env": "test"},
        product_ids=["p1", "p2"],
        min_disk_size=4 << 20,
        source=Source.ImageId("i1"),
        os=Os(type=Os.Type.LINUX),
        hardware_generation=HardwareGeneration(
            features=HardwareGeneration.Features.LegacyFeatures(
                LegacyHardwareFeatures(pci_topology=PCITopology.PCI_TOPOLOGY_V2)
            )
        ),
    )
    request.name = "debian"
    request.labels["tier"] = "1"
    request.product_ids.append("p3")
    request.source = Source.Uri("https://example.com")
    request.source = None
    assert_type(request.folder_id, str)
    assert_type(request.labels, dict[str, str])
    assert_type(request.product_ids, list[str])
    assert_type(request.os, Os | None)
    if request.os is not None:
        assert_type(request.os.type, Os.Type)
    assert_type(copy.copy(request), CreateImageRequest)
    changed = dataclasses.replace(request, name="other", source=Source.DiskId("d1"))
    assert_type(changed, CreateImageRequest)
    assert "folder_id" in {field.name for field in dataclasses.fields(changed)}
    return changed


def codecs(image: Image) -> None:
    """Bytes, JSON, dictionaries and constraints."""
    assert_type(image.to_bytes(), bytes)
    assert_type(Image.from_bytes(image.to_bytes()), Image)
    assert_type(Image.from_json(image.to_json(preserve_names=True, indent=2), ignore_unknown=True), Image)
    assert_type(Image.from_dict(image.to_dict(defaults=True)), Image)
    assert_type(Image.from_text(image.to_text()), Image)
    assert_type(image.to_pb(), OfficialMessage)
    assert_type(image.to_pb(Timestamp), Timestamp) if image.pooled else None
    assert_type(list(runtime.read_delimited(io.BytesIO(), Image)), list[Image])
    assert_type(runtime.apply_mask(image, ["name"]), Image)
    image.merge_from(Image())
    for violation in image.validate():
        print(violation)


def describe(request: CreateImageRequest) -> str:
    """A oneof, with every case and none."""
    match request.source:
        case Source.ImageId(image_id):
            assert_type(image_id, str)
            return f"image {image_id}"
        case Source.DiskId(value) | Source.SnapshotId(value):
            return f"disk or snapshot {value}"
        case Source.Uri(uri):
            return uri
        case None:
            return "nothing"
        case _:
            assert_never(request.source)


def features(generation: HardwareGeneration) -> str:
    """A oneof of messages, with `isinstance`."""
    found = generation.features
    if isinstance(found, HardwareGeneration.Features.LegacyFeatures):
        assert_type(found.value, LegacyHardwareFeatures)
        return str(found.value.pci_topology)
    if isinstance(found, HardwareGeneration.Features.Generation2Features):
        assert_type(found.value, Generation2HardwareFeatures)
        return "2"
    assert_type(found, None)
    return "none"


def enums(image: Image) -> str:
    """Known and unknown values of an enum, which is a number too."""
    status = image.status
    assert_type(status, Image.Status)
    unknown = Image.Status(17)
    assert_type(Image.Status["READY"], Image.Status)
    if status is Image.Status.READY:
        return "ready"
    match status:
        case Image.Status.STATUS_UNSPECIFIED | Image.Status.CREATING | Image.Status.READY:
            pass
        case Image.Status.ERROR | Image.Status.DELETING:
            pass
        case _:
            assert_type(status.is_known, bool)
    number: int = status + 1
    return f"{unknown}, {number}, {status.name}, {status.is_known}"


def well_known(image: Image) -> str:
    """Times, masks and Any."""
    update = UpdateImageRequest(image_id="i1", update_mask=["name", "labels"])
    assert_type(update.update_mask, list[str] | None)
    assert_type(image.created_at, datetime.datetime | None)
    image.created_at = datetime.datetime(2025, 1, 2, tzinfo=datetime.UTC)
    packed = runtime.AnyMessage.pack(image)
    assert_type(packed.unpack(Image), Image)
    assert_type(packed.unpack(), Any)  # a message, or the value of a well-known type
    assert_type(runtime.AnyMessage.pack({"a": 1}).unpack(dict), dict[Any, Any])
    return packed.type_name


def calls(channel: grpc.Channel) -> None:
    """A client, its options, an operation and pages."""
    polling, retry = runtime.Polling(first_wait=0.1), runtime.Retry(attempts=2)
    client = ImageServiceClient(channel, polling=polling, timeout=5, metadata=[("token", "x")], retry=retry)
    info = runtime.CallInfo()
    page = client.list(ListImagesRequest(folder_id="f1"), timeout=5, metadata=[("token", "x")], info=info)
    assert_type(page, ListImagesResponse)
    operation = client.create(messages(), timeout=5.0)
    assert_type(operation, runtime.Operation[CreateImageMetadata, Image])
    assert_type(operation.metadata, CreateImageMetadata | None)
    assert_type(operation.result(timeout=60), Image)
    operation.cancel(timeout=5)
    assert_type(client.operation(client.create, "o1"), runtime.Operation[CreateImageMetadata, Image])
    deletion = client.delete(DeleteImageRequest(image_id="i1"))
    assert_type(deletion, runtime.Operation[DeleteImageMetadata, Empty])
    try:
        deletion.result()
    except runtime.OperationFailed as failure:
        assert_type(failure.code, int)
    except grpc.RpcError:
        pass
    bindings = client.set_access_bindings(access.SetAccessBindingsRequest(resource_id="i1"))
    assert_type(bindings.result(), access.AccessBindingsOperationResult)
    assert_type(client.future(client.create, messages()).result(), runtime.Operation[CreateImageMetadata, Image])
    assert_type(client.with_call(client.list, ListImagesRequest(), timeout=5), tuple[ListImagesResponse, grpc.Call])
    pager = client.list_all(ListImagesRequest(folder_id="f1"), timeout=5)
    assert_type(pager, runtime.Pager[ListImagesResponse, Image])
    for image in pager:
        assert_type(image, Image)
    for found in pager.pages():
        assert_type(found, ListImagesResponse)


async def async_calls(channel: grpc.aio.Channel) -> None:
    """The same for asynchronous code."""
    client = ImageServiceAsyncClient(channel)
    assert_type(await client.list(ListImagesRequest(folder_id="f1"), timeout=5), ListImagesResponse)
    operation = await client.create(messages())
    assert_type(operation, runtime.AsyncOperation[CreateImageMetadata, Image])
    assert_type(await operation.result(timeout=60), Image)
    known = client.operation(client.create, "o1")
    assert_type(known, runtime.AsyncOperation[CreateImageMetadata, Image])
    async for image in client.list_all(ListImagesRequest(folder_id="f1")):
        assert_type(image, Image)


class Images(ImageServiceServicer):
    """A servicer of plain functions."""

    def list(self, request: ListImagesRequest, context: grpc.ServicerContext) -> ListImagesResponse:
        """One page."""
        if not request.folder_id:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, "a folder is wanted")
        return ListImagesResponse(images=[Image(id="i1")])


class AsyncImages(ImageServiceAsyncServicer):
    """A servicer of coroutines."""

    async def create(self, request: CreateImageRequest, context: runtime.AsyncContext) -> Operation:
        """A finished operation."""
        response = Operation.Result.Response(runtime.AnyMessage.pack(Image(name=request.name)))
        return Operation(id="o1", done=True, result=response)


def words(stream: runtime.Stream[Image]) -> Iterator[str]:
    """The responses of a stream."""
    with stream:
        for image in stream:
            yield image.name


async def async_words(stream: runtime.AsyncStream[Image]) -> AsyncIterator[str]:
    """The responses of an asynchronous stream."""
    async with stream:
        async for image in stream:
            yield image.name
