"""betterproto2. Arguments: the folder with the generated package, and the file of bytes."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import betterproto2

from tests.bench.peers.worker import serve

folder = Path(sys.argv[1])
sys.path.insert(0, str(folder.parent))
Response: Any = import_module(f"{folder.name}.yandex.cloud.compute.v1").ListImagesResponse


def read(response: Any) -> None:
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
            member, value = betterproto2.which_one_of(image.hardware_generation, "features")
            if member == "legacy_features" and value is not None:
                value.pci_topology  # noqa: B018
        key = image.kms_key
        if key is not None:
            key.key_id  # noqa: B018
            key.version_id  # noqa: B018
    response.next_page_token  # noqa: B018


content = Path(sys.argv[2]).read_bytes()
built = Response.parse(content)
as_dict = built.to_dict()
as_text = built.to_json()

if __name__ == "__main__":
    serve(
        {
            "decode and read": lambda: read(Response.parse(content)),
            "encode": lambda: bytes(built),
            "to dict": lambda: built.to_dict(),
            "to text": lambda: built.to_json(),
            "from dict": lambda: Response.from_dict(as_dict),
            "from text": lambda: Response.from_json(as_text),
        },
        lambda: Response.parse(content).to_dict(),
        lambda: Response.parse(bytes(built)).to_dict(),
    )
