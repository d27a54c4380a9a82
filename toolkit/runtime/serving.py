"""A server with servicers, and what tools ask it for: its health, and its descriptors by reflection."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from toolkit.runtime.servicers import AsyncServicer, Servicer

if TYPE_CHECKING:
    import grpc
    import grpc.aio

    from toolkit.runtime.root import Root


def add_servicers(
    server: grpc.Server | grpc.aio.Server,
    *servicers: Servicer | AsyncServicer,
    health: bool = False,
    reflection: bool = False,
) -> Any:
    """Make a server answer the calls of servicers.

    With ``health`` it also says that it serves each of them, which needs the package
    ``grpcio-health-checking``; the health servicer is returned. With ``reflection`` it
    describes them, which needs ``grpcio-reflection``.
    """
    for servicer in servicers:
        # A servicer of the other kind is refused by grpcio when it is called.
        servicer.add_to(server)  # type: ignore[arg-type]
    names = [servicer.__service__ for servicer in servicers]
    checker = _add_health(server, names) if health else None
    if reflection:
        _add_reflection(server, [*names, "grpc.health.v1.Health"] if health else names, servicers)
    return checker


def _add_health(server: Any, names: Iterable[str]) -> Any:
    import grpc.aio
    from grpc_health.v1 import health, health_pb2, health_pb2_grpc

    is_async = isinstance(server, grpc.aio.Server)
    checker: Any = health.aio.HealthServicer() if is_async else health.HealthServicer()
    for name in ("", *names):
        done = checker.set(name, health_pb2.HealthCheckResponse.SERVING)
        if is_async:
            with suppress(StopIteration):
                done.send(None)  # it waits for nothing, since nobody asks yet
    health_pb2_grpc.add_HealthServicer_to_server(checker, server)
    return checker


def _add_reflection(server: Any, names: Iterable[str], servicers: Iterable[Any]) -> None:
    from google.protobuf.descriptor_pool import DescriptorPool
    from grpc_reflection.v1alpha import reflection

    pool = DescriptorPool()
    added: set[str] = set()

    def add(file: Any) -> None:
        if file.name not in added:
            added.add(file.name)
            for needed in file.dependencies:
                add(needed)
            pool.AddSerializedFile(file.serialized_pb)

    for servicer in servicers:
        root: Root = servicer.__root__
        add(root.descriptor(servicer.__service__).file)
    names = list(names)
    if "grpc.health.v1.Health" in names:
        from grpc_health.v1 import health_pb2

        add(health_pb2.DESCRIPTOR)
    reflection.enable_server_reflection((*names, reflection.SERVICE_NAME), server, pool=pool)
