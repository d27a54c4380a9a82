"""Buf's protobuf-py. Arguments: the folder with the generated modules, and the file of bytes."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from protobuf import message_from_json_value, message_to_json_value

from tests.bench.peers.worker import serve

folder = Path(sys.argv[1])
sys.path.insert(0, str(folder.parent))
Response: Any = import_module(f"{folder.name}.yandex.cloud.compute.v1.image_service_pb").ListImagesResponse


def read(response: Any) -> None:
    """Every field."""
    for image in response.images:
        image.id  # noqa: B018
        image.folder_id  # noqa: B018
        created = image.created_at
        if created is not None:
            created.seconds  # noqa: B018
            created.nanos  # noqa: B018
        image.name  # noqa: B018
        image.description  # noqa: B018
        image.labels  # noqa: B018
        image.family  # noqa: B018
        image.storage_size  # noqa: B018
        image.min_disk_size  # noqa: B018
        image.product_ids  # noqa: B018
        image.status  # noqa: B018
        if image.os is not None:
            image.os.type  # noqa: B018
        image.pooled  # noqa: B018
        if image.hardware_generation is not None:
            member = image.hardware_generation.features
            if member is not None and member.field == "legacy_features":
                member.value.pci_topology  # noqa: B018
        key = image.kms_key
        if key is not None:
            key.key_id  # noqa: B018
            key.version_id  # noqa: B018
    response.next_page_token  # noqa: B018


content = Path(sys.argv[2]).read_bytes()
built = Response.from_binary(content)
as_dict = message_to_json_value(built)
as_text = built.to_json()

if __name__ == "__main__":
    serve(
        {
            "decode and read": lambda: read(Response.from_binary(content)),
            "encode": lambda: built.to_binary(),
            "to dict": lambda: message_to_json_value(built),
            "to text": lambda: built.to_json(),
            "from dict": lambda: message_from_json_value(Response, as_dict),
            "from text": lambda: Response.from_json(as_text),
        },
        lambda: message_to_json_value(Response.from_binary(content)),
        lambda: message_to_json_value(Response.from_binary(built.to_binary())),
    )
