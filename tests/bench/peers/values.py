"""What the messages that are measured hold: plain Python values, the same in every run.

Imported by programs that run with other packages than the project's: the standard library only.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

COUNT = 100
_START = datetime(2026, 1, 31, 9, 30, tzinfo=UTC)


def image(number: int) -> dict[str, Any]:
    """The fields of an image; nested messages are dictionaries, and enums numbers."""
    return {
        "id": f"fd8{number:017d}",
        "folder_id": f"b1g{number % 7:017d}",
        "created_at": _START + timedelta(hours=7 * number, seconds=number, microseconds=1 + 9973 * number),
        "name": f"web-server-{number:03d}",
        "description": "The image that the web servers of the shop start from, rebuilt each night",
        "labels": {"env": "production", "team": f"storefront-{number % 5}"},
        "family": "web-server-2204-lts",
        "storage_size": 2_500_000_000 + 4096 * number,
        "min_disk_size": 10_737_418_240,
        "product_ids": [f"f2e{number:017d}"],
        "status": 2,
        "os": {"type": 1},
        "pooled": True,
        "hardware_generation": {"legacy_features": {"pci_topology": 1}},
        "kms_key": {"key_id": f"abj{number:017d}", "version_id": f"abj{number + 1:017d}"},
    }


IMAGES = [image(number) for number in range(COUNT)]
TOKEN = "bmV4dCBwYWdl"
