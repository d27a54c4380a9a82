"""Starts many machines at once, and follows those that an earlier run of the program left behind."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import assert_type

import grpc
import grpc.aio
from warehouse.acme.fleet.v1 import (
    CreateMachineRequest,
    DeleteMachineRequest,
    GetMachineRequest,
    ListMachinesRequest,
    Machine,
    MachineMetadata,
    MachineServiceAsyncClient,
)
from warehouse.google.rpc import BadRequest, ErrorInfo, QuotaFailure, RetryInfo

from toolkit.runtime import AsyncOperation, CallInfo, Empty, OperationFailed, Polling, Retry, status_of

Boot = CreateMachineRequest.Boot
Operation = AsyncOperation[MachineMetadata, Machine]


@dataclass
class Report:
    """What came of a run."""

    started: list[str] = field(default_factory=list[str])
    refused: dict[str, str] = field(default_factory=dict[str, str])
    failed: dict[str, str] = field(default_factory=dict[str, str])
    unfinished: list[str] = field(default_factory=list[str])
    """The ids of operations that the next run has to ask for."""


class Fleet:
    """The machines of a server."""

    def __init__(self, channel: grpc.aio.Channel, token: str, *, patience: float = 10) -> None:
        self._client = MachineServiceAsyncClient(
            channel,
            timeout=5,
            metadata=[("authorization", f"Bearer {token}")],
            retry=Retry(attempts=3, codes=[grpc.StatusCode.UNAVAILABLE], first_wait=0.01),
            polling=Polling(first_wait=0.01, longest_wait=0.05),
        )
        self._patience = patience

    async def start(self, names: Sequence[str]) -> Report:
        """Start machines, all at once."""
        report = Report()
        await asyncio.gather(*(self._start(name, report) for name in names))
        return report

    async def _start(self, name: str, report: Report) -> None:
        request = CreateMachineRequest(name=name, boot=Boot.Image("debian"))
        try:
            operation = await self._client.create(request)
        except grpc.aio.AioRpcError as error:
            report.refused[name] = describe(error)
            return
        await self._wait(name, operation, report)

    async def _wait(self, name: str, operation: Operation, report: Report) -> None:
        try:
            machine = await operation.result(timeout=self._patience)
        except OperationFailed as failure:
            causes = [detail.unpack(ErrorInfo).reason for detail in failure.details if detail.holds(ErrorInfo)]
            assert_type(causes, list[str])
            report.failed[name] = f"{failure.operation.id}: {failure.message} ({', '.join(causes)})"
        except TimeoutError:
            report.unfinished.append(operation.id)
        else:
            assert_type(machine, Machine)
            report.started.append(machine.name)

    async def resume(self, ids: Sequence[str]) -> Report:
        """Wait for operations that an earlier run started."""
        report = Report()
        operations = [self._client.operation(self._client.create, operation_id) for operation_id in ids]
        await asyncio.gather(*(self._wait(operation.id, operation, report) for operation in operations))
        return report

    async def quotas(self, operation_id: str) -> list[str]:
        """What an operation waits for."""
        operation = self._client.operation(self._client.create, operation_id)
        await operation.refresh(timeout=1)
        match operation.metadata:
            case MachineMetadata(quota=QuotaFailure(violations=violations)):
                return [violation.subject for violation in violations]
            case _:
                return []

    async def names(self) -> list[str]:
        """All machines, whatever the number of pages."""
        return [machine.name async for machine in self._client.list_all(ListMachinesRequest(page_size=20))]

    async def first_page(self) -> tuple[int, str]:
        """The number of machines on the first page, and the token of the next."""
        async for page in self._client.list_all(ListMachinesRequest(page_size=20)).pages():
            return len(page.machines), page.next_page_token
        return 0, ""

    async def served_by(self, name: str) -> str:
        """The server that answers for a machine, as it says in its metadata."""
        info = CallInfo()
        await self._client.get(GetMachineRequest(name=name), info=info, metadata=[("trace", "t1")])
        found = dict(info.initial_metadata).get("served-by", "")
        return found if isinstance(found, str) else found.decode()

    async def is_slow(self, name: str) -> bool:
        """Whether a machine is not found within a moment."""
        try:
            await self._client.get(GetMachineRequest(name=name), timeout=0.05)
        except grpc.aio.AioRpcError as error:
            if error.code() is not grpc.StatusCode.DEADLINE_EXCEEDED:
                raise
            return True
        return False

    async def until_running(self, name: str) -> list[Machine.Status]:
        """The states that a machine goes through until it runs."""
        seen: list[Machine.Status] = []
        async with self._client.watch(GetMachineRequest(name=name), timeout=5) as machines:
            async for machine in machines:
                seen.append(machine.status)
                if machine.status is Machine.Status.RUNNING:
                    break
        return seen

    async def stop(self, name: str) -> None:
        """Stop a machine."""
        operation = await self._client.delete(DeleteMachineRequest(name=name))
        assert_type(await operation.result(), Empty)


def describe(error: grpc.aio.AioRpcError) -> str:
    """An error of the server, with its details."""
    status = status_of(error)
    if status is None:
        return f"{error.code().name}: {error.details()}"
    said = [status.message]
    for detail in status.details:
        if detail.holds(BadRequest):
            fields = detail.unpack(BadRequest).field_violations
            said += [f"{violation.field}: {violation.description}" for violation in fields]
        elif detail.holds(RetryInfo) and (delay := detail.unpack(RetryInfo).retry_delay) is not None:
            said.append(f"again in {delay.total_seconds():g} s")
    return "; ".join(said)
