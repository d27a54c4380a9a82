"""Generated from .proto files; changes are lost when it is generated again."""

try:
    from toolkit.runtime.interface import requires
    from toolkit.runtime.root import Root
except ModuleNotFoundError as error:
    raise ImportError(f"{__package__}: {error}; pip install 'proto-toolkit-runtime>=0.1.0'") from None

requires(1, "0.1.0", __package__)

ROOT = Root(
    __name__.rpartition(".")[0],
    packages={
        "google.rpc": "google.rpc",
        "yandex.cloud": "yandex.cloud",
        "yandex.cloud.access": "yandex.cloud.access",
        "yandex.cloud.api": "yandex.cloud.api",
        "yandex.cloud.compute.v1": "yandex.cloud.compute.v1",
        "yandex.cloud.operation": "yandex.cloud.operation",
    },
    files={
        "google/rpc/status.proto": "google.rpc",
        "yandex/cloud/access/access.proto": "yandex.cloud.access",
        "yandex/cloud/api/operation.proto": "yandex.cloud.api",
        "yandex/cloud/compute/v1/hardware_generation.proto": "yandex.cloud.compute.v1",
        "yandex/cloud/compute/v1/image.proto": "yandex.cloud.compute.v1",
        "yandex/cloud/compute/v1/image_service.proto": "yandex.cloud.compute.v1",
        "yandex/cloud/compute/v1/kek.proto": "yandex.cloud.compute.v1",
        "yandex/cloud/operation/operation.proto": "yandex.cloud.operation",
        "yandex/cloud/validation.proto": "yandex.cloud",
    },
    extensions={
    },
)
