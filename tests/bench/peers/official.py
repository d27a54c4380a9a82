"""The official runtime. Arguments: the folder with the `_pb2` modules, and the file of bytes."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from google.protobuf import json_format

from tests.bench.peers.values import IMAGES, TOKEN
from tests.bench.peers.worker import serve

sys.path.insert(0, sys.argv[1])
from yandex.cloud.compute.v1 import image_service_pb2

Response: Any = image_service_pb2.ListImagesResponse


def build() -> Any:
    """The message, as a person would fill it."""
    response = Response()
    for values in IMAGES:
        image = response.images.add()
        image.id = values["id"]
        image.folder_id = values["folder_id"]
        image.created_at.FromDatetime(values["created_at"])
        image.name = values["name"]
        image.description = values["description"]
        image.labels.update(values["labels"])
        image.family = values["family"]
        image.storage_size = values["storage_size"]
        image.min_disk_size = values["min_disk_size"]
        image.product_ids.extend(values["product_ids"])
        image.status = values["status"]
        image.os.type = values["os"]["type"]
        image.pooled = values["pooled"]
        legacy = values["hardware_generation"]["legacy_features"]
        image.hardware_generation.legacy_features.pci_topology = legacy["pci_topology"]
        image.kms_key.key_id = values["kms_key"]["key_id"]
        image.kms_key.version_id = values["kms_key"]["version_id"]
    response.next_page_token = TOKEN
    return response


def read(response: Any) -> None:
    """Every field."""
    for image in response.images:
        image.id  # noqa: B018
        image.folder_id  # noqa: B018
        if image.HasField("created_at"):
            image.created_at.seconds  # noqa: B018
            image.created_at.nanos  # noqa: B018
        image.name  # noqa: B018
        image.description  # noqa: B018
        dict(image.labels)
        image.family  # noqa: B018
        image.storage_size  # noqa: B018
        image.min_disk_size  # noqa: B018
        list(image.product_ids)
        image.status  # noqa: B018
        if image.HasField("os"):
            image.os.type  # noqa: B018
        image.pooled  # noqa: B018
        if image.HasField("hardware_generation"):
            member = image.hardware_generation.WhichOneof("features")
            if member == "legacy_features":
                image.hardware_generation.legacy_features.pci_topology  # noqa: B018
        if image.HasField("kms_key"):
            key = image.kms_key
            key.key_id  # noqa: B018
            key.version_id  # noqa: B018
    response.next_page_token  # noqa: B018


built = build()
content = built.SerializeToString(deterministic=True)
Path(sys.argv[2]).write_bytes(content)
as_dict = json_format.MessageToDict(built)
as_text = json_format.MessageToJson(built, indent=None)

if __name__ == "__main__":
    serve(
        {
            "decode and read": lambda: read(Response.FromString(content)),
            "encode": lambda: build().SerializeToString(),
            "to dict": lambda: json_format.MessageToDict(built),
            "to text": lambda: json_format.MessageToJson(built, indent=None),
            "from dict": lambda: json_format.ParseDict(as_dict, Response()),
            "from text": lambda: json_format.Parse(as_text, Response()),
        },
        lambda: json_format.MessageToDict(Response.FromString(content)),
        lambda: json_format.MessageToDict(Response.FromString(build().SerializeToString())),
    )
