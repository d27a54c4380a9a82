"""The bindings of the project. Arguments: unused, and the file of bytes."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tests.bench.peers.values import IMAGES, TOKEN
from tests.bench.peers.worker import serve
from toolkit.bindings.yandex.cloud.compute.v1 import (
    HardwareGeneration,
    Image,
    KMSKey,
    LegacyHardwareFeatures,
    ListImagesResponse,
    Os,
    PCITopology,
)

Legacy = HardwareGeneration.Features.LegacyFeatures


def build() -> ListImagesResponse:
    """The message, as a person would write it."""
    return ListImagesResponse(
        images=[
            Image(
                id=values["id"],
                folder_id=values["folder_id"],
                created_at=values["created_at"],
                name=values["name"],
                description=values["description"],
                labels=dict(values["labels"]),
                family=values["family"],
                storage_size=values["storage_size"],
                min_disk_size=values["min_disk_size"],
                product_ids=list(values["product_ids"]),
                status=Image.Status(values["status"]),
                os=Os(type=Os.Type(values["os"]["type"])),
                pooled=values["pooled"],
                hardware_generation=HardwareGeneration(
                    features=Legacy(
                        LegacyHardwareFeatures(
                            pci_topology=PCITopology(values["hardware_generation"]["legacy_features"]["pci_topology"])
                        )
                    )
                ),
                kms_key=KMSKey(key_id=values["kms_key"]["key_id"], version_id=values["kms_key"]["version_id"]),
            )
            for values in IMAGES
        ],
        next_page_token=TOKEN,
    )


def read(response: ListImagesResponse) -> None:
    """Every field."""
    for image in response.images:
        image.id  # noqa: B018
        image.folder_id  # noqa: B018
        image.created_at  # noqa: B018
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
            match image.hardware_generation.features:
                case Legacy(legacy):
                    legacy.pci_topology  # noqa: B018
        if image.kms_key is not None:
            key = image.kms_key
            key.key_id  # noqa: B018
            key.version_id  # noqa: B018
    response.next_page_token  # noqa: B018


content = Path(sys.argv[2]).read_bytes()
built = build()
as_dict = built.to_dict()
as_text = json.dumps(as_dict)

if __name__ == "__main__":
    serve(
        {
            "decode and read": lambda: read(ListImagesResponse.from_bytes(content)),
            "encode": lambda: built.to_bytes(),
            "to dict": lambda: built.to_dict(),
            "to text": lambda: built.to_json(),
            "from dict": lambda: ListImagesResponse.from_dict(as_dict),
            "from text": lambda: ListImagesResponse.from_json(as_text),
        },
        lambda: ListImagesResponse.from_bytes(content).to_dict(),
        lambda: ListImagesResponse.from_bytes(built.to_bytes()).to_dict(),
    )
