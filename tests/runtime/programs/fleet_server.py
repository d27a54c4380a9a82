"""The server of machines, in memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import NoReturn

import grpc
import grpc.aio
from warehouse.acme.fleet.v1 import (
    CreateMachineRequest,
    DeleteMachineRequest,
    GetMachineRequest,
    ListMachinesRequest,
    ListMachinesResponse,
    Machine,
    MachineMetadata,
    MachineServiceAsyncServicer,
)
from warehouse.google.longrunning import GetOperationRequest, Operation, OperationsAsyncServicer
from warehouse.google.rpc import BadRequest, ErrorInfo, QuotaFailure, RetryInfo, Status

from toolkit.runtime import AnyMessage, AsyncContext, Empty, add_servicers, async_abort_with

Result = Operation.Result


class Machines(MachineServiceAsyncServicer):
    """Machines by name; a name says how its machine behaves."""

    def __init__(self) -> None:
        self.machines: dict[str, Machine] = {}
        self.operations: dict[str, Operation] = {}
        self.asked: dict[str, int] = {}
        self.tokens: set[str] = set()

    async def get(self, request: GetMachineRequest, context: AsyncContext) -> Machine:
        """A machine, with the server's name in the metadata."""
        if request.name.startswith("slow"):
            await asyncio.sleep(1)
        await context.send_initial_metadata([("served-by", "server-1")])
        return self.machines.get(request.name) or await missing(context, request.name)

    async def list(self, request: ListMachinesRequest, context: AsyncContext) -> ListMachinesResponse:
        """A page; its token is the number of its first machine."""
        start = int(request.page_token or 0)
        end = start + (request.page_size or 50)
        names = sorted(self.machines)
        return ListMachinesResponse(
            machines=[self.machines[name] for name in names[start:end]],
            next_page_token=str(end) if end < len(names) else "",
        )

    async def create(self, request: CreateMachineRequest, context: AsyncContext) -> Operation:
        """Start a machine."""
        self.tokens |= {str(value) for key, value in context.invocation_metadata() or () if key == "authorization"}
        name = request.name
        self.asked[name] = self.asked.get(name, 0) + 1
        if name.startswith("flaky") and self.asked[name] < 3:
            await context.abort(grpc.StatusCode.UNAVAILABLE, "come back later")
        if not name.islower():
            violation = BadRequest.FieldViolation(field="name", description="has to be in lower case")
            wait = RetryInfo(retry_delay=timedelta(seconds=1.5))
            details = [BadRequest(field_violations=[violation]), wait]
            await async_abort_with(context, grpc.StatusCode.INVALID_ARGUMENT, "not a name", details)
        quota = QuotaFailure(violations=[QuotaFailure.Violation(subject="cores")]) if name.startswith("late") else None
        packed = AnyMessage.pack(MachineMetadata(machine=name, quota=quota))
        operation = Operation(name=f"operations/{name}", metadata=packed)
        self.operations[operation.name] = operation
        return operation

    async def delete(self, request: DeleteMachineRequest, context: AsyncContext) -> Operation:
        """Stop a machine."""
        if self.machines.pop(request.name, None) is None:
            await missing(context, request.name)
        return Operation(name="operations/delete", done=True, result=Result.Response(AnyMessage.pack(Empty())))

    async def watch(self, request: GetMachineRequest, context: AsyncContext) -> AsyncIterator[Machine]:
        """A machine as it starts."""
        for status in (Machine.Status.STARTING, Machine.Status.RUNNING, Machine.Status(9)):
            yield Machine(name=request.name, status=status)


class Operations(OperationsAsyncServicer):
    """The operations of the machines: done when they are asked for the second time."""

    def __init__(self, machines: Machines) -> None:
        self._machines = machines
        self._asked: set[str] = set()
        self.late = True

    async def get_operation(self, request: GetOperationRequest, context: AsyncContext) -> Operation:
        """Go on with an operation."""
        operation = self._machines.operations[request.name]
        name = request.name.rpartition("/")[2]
        if operation.name not in self._asked or (name.startswith("late") and self.late):
            self._asked.add(operation.name)
            return operation
        operation.done = True
        if name.startswith("broken"):
            details = [AnyMessage.pack(ErrorInfo(reason="NO_CAPACITY")), AnyMessage.pack(Empty())]
            operation.result = Result.Error(Status(code=8, message="too many machines", details=details))
        else:
            machine = Machine(name=name, status=Machine.Status.RUNNING, started_at=datetime.now(UTC))
            self._machines.machines[name] = machine
            operation.result = Result.Response(AnyMessage.pack(machine))
        return operation


async def missing(context: AsyncContext, name: str) -> NoReturn:
    """End a call for a machine that is not there."""
    await async_abort_with(context, grpc.StatusCode.NOT_FOUND, f"no machine {name}", [ErrorInfo(reason="GONE")])


@asynccontextmanager
async def served(machines: Machines, operations: Operations) -> AsyncGenerator[str]:
    """A server on loopback; its address."""
    server = grpc.aio.server()
    add_servicers(server, machines, operations)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        await server.stop(None)
