"""What generated bindings need: messages, enums, well-known types, codecs, clients.

It imports only the standard library and protobuf; grpc only with a client or
a servicer that is put to work.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from toolkit.runtime.enums import Enum
from toolkit.runtime.errors import DecodeError, EncodeError, RepeatedPage, RuleError
from toolkit.runtime.message import FIRST, Case, Extendable, Extension, Message
from toolkit.runtime.root import Root

if TYPE_CHECKING:
    from toolkit.runtime.anys import Any as AnyMessage
    from toolkit.runtime.anys import Empty, NullValue
    from toolkit.runtime.calloptions import CallInfo, CallOptions, StreamOptions
    from toolkit.runtime.calls import AsyncClient, AsyncStream, Client, Method, Stream
    from toolkit.runtime.constraints import Unchecked, Violation
    from toolkit.runtime.futures import Future
    from toolkit.runtime.masks import apply_mask, check_paths, diff_paths, merge_mask, set_paths
    from toolkit.runtime.native import accelerated
    from toolkit.runtime.operations import AsyncOperation, Operation, OperationFailed, OperationTypes, Polling
    from toolkit.runtime.pagers import AsyncPager, Pager
    from toolkit.runtime.reflect import default_of, descriptor_of, options_of
    from toolkit.runtime.retries import Retry
    from toolkit.runtime.servicers import AsyncContext, AsyncServicer, Context, Servicer
    from toolkit.runtime.serving import add_servicers
    from toolkit.runtime.status import Status, abort_with, async_abort_with, status_of
    from toolkit.runtime.streams import read_delimited, write_delimited
    from toolkit.runtime.wellknown import NULL, Duration, Timestamp

_WHERE = {
    "AnyMessage": "anys",
    "Empty": "anys",
    "NullValue": "anys",
    "CallInfo": "calloptions",
    "CallOptions": "calloptions",
    "StreamOptions": "calloptions",
    "AsyncClient": "calls",
    "AsyncContext": "servicers",
    "AsyncServicer": "servicers",
    "AsyncStream": "calls",
    "Client": "calls",
    "Context": "servicers",
    "Method": "calls",
    "Servicer": "servicers",
    "Stream": "calls",
    "accelerated": "native",
    "Unchecked": "constraints",
    "Violation": "constraints",
    "Future": "futures",
    "AsyncOperation": "operations",
    "Operation": "operations",
    "OperationFailed": "operations",
    "OperationTypes": "operations",
    "Polling": "operations",
    "AsyncPager": "pagers",
    "Pager": "pagers",
    "Retry": "retries",
    "add_servicers": "serving",
    "Status": "status",
    "abort_with": "status",
    "async_abort_with": "status",
    "status_of": "status",
    "read_delimited": "streams",
    "write_delimited": "streams",
    "default_of": "reflect",
    "descriptor_of": "reflect",
    "options_of": "reflect",
    "apply_mask": "masks",
    "check_paths": "masks",
    "diff_paths": "masks",
    "merge_mask": "masks",
    "set_paths": "masks",
    "NULL": "wellknown",
    "Duration": "wellknown",
    "Timestamp": "wellknown",
}
"""What is imported when it is first asked for."""

__all__ = [
    "FIRST",
    "NULL",
    "AnyMessage",
    "AsyncClient",
    "AsyncContext",
    "AsyncOperation",
    "AsyncPager",
    "AsyncServicer",
    "AsyncStream",
    "CallInfo",
    "CallOptions",
    "Case",
    "Client",
    "Context",
    "DecodeError",
    "Duration",
    "Empty",
    "EncodeError",
    "Enum",
    "Extendable",
    "Extension",
    "Future",
    "Message",
    "Method",
    "NullValue",
    "Operation",
    "OperationFailed",
    "OperationTypes",
    "Pager",
    "Polling",
    "RepeatedPage",
    "Retry",
    "Root",
    "RuleError",
    "Servicer",
    "Status",
    "Stream",
    "StreamOptions",
    "Timestamp",
    "Unchecked",
    "Violation",
    "abort_with",
    "accelerated",
    "add_servicers",
    "apply_mask",
    "async_abort_with",
    "check_paths",
    "default_of",
    "descriptor_of",
    "diff_paths",
    "merge_mask",
    "options_of",
    "read_delimited",
    "set_paths",
    "status_of",
    "write_delimited",
]


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = import_module(f"{__name__}.{_WHERE[name]}")
    found = getattr(module, "Any" if name == "AnyMessage" else name)
    globals()[name] = found
    return found
