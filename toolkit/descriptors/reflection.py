"""Reads descriptors from a server by server reflection, v1 or v1alpha: what it serves, and all that this imports.

Source: https://github.com/grpc/grpc/blob/master/doc/server-reflection.md
"""

from __future__ import annotations

import os
import re
import ssl
import time
from collections.abc import Iterator, Sequence, Set
from importlib import import_module
from pathlib import Path
from typing import Any

import grpc
from google.protobuf.descriptor_pb2 import FileDescriptorProto, FileDescriptorSet, SourceCodeInfo
from google.protobuf.message import DecodeError
from grpc_reflection.v1alpha import reflection_pb2 as pb  # v1 has the same messages

from toolkit.descriptors import bundled
from toolkit.descriptors.addresses import Address, metadata_of
from toolkit.descriptors.web import PATIENCE, UNTRUSTED, tls, too_large
from toolkit.errors import InputError

_VERSIONS = ("v1", "v1alpha")
_OF_SERVERS = ("grpc.reflection.", "grpc.health.", "grpc.channelz.")
"""What services are named that every server may have; they are not part of its API."""
_AT_ONCE = 100
"""Questions in a call."""
_LONGEST = 300
"""Characters of an error that are shown."""
_GOOGLE = re.compile(r"google/(protobuf|api|rpc|type|logging|longrunning)/[a-z0-9_/]+\.proto")
"""Files that protobuf and googleapis-common-protos have as Python modules."""
_LARGEST = (1 << 31) - 1
_SERVICE, _IMPORT = 6, 3
"""Members of ``FileDescriptorProto``."""
_OTHERWISE = "or use a descriptor set: buf build -o - | toolkit … --descriptor-set -"
_WORDS = {
    "CERTIFICATE_VERIFY_FAILED": ("its certificate is not trusted", UNTRUSTED),
    "Hostname Verification": ("its certificate is for another host", "use the host that the certificate names"),
    "not found in peer cert": ("its certificate is for another host", "use the host that the certificate names"),
    "WRONG_VERSION_NUMBER": ("it does not use TLS on this port", "use grpc:// instead of grpcs://"),
    "Connection refused": ("nothing listens on this port", "start the server, or check the host and port"),
    "address lookup failed": ("the host is not known", "check the host"),
}
"""What grpc says, and what it means."""


def served(address: Address, headers: Sequence[tuple[str, str]], ca: str | None, most: int, seconds: int) -> bytes:
    """The descriptor set of a server's services, without services in the same files that it does not serve.

    Raises :class:`InputError`.
    """
    with _channel(address, ca, most) as channel:
        server = _Server(channel, metadata_of(headers), address.scheme == "grpcs", most, time.monotonic() + seconds)
        names = server.services()
        files = _Files(most)
        for at in range(0, len(names), _AT_ONCE):
            wanted = [name for name in names[at : at + _AT_ONCE] if name not in files.services]
            _take_services(server, files, wanted)
        _take_imports(server, files)
    shown = frozenset(names)
    parts = [_part(file, shown, files.missing) for _, file in sorted(files.found.items())]
    return FileDescriptorSet(file=parts).SerializeToString()


def _take_services(server: _Server, files: _Files, names: Sequence[str]) -> None:
    requests = [pb.ServerReflectionRequest(file_containing_symbol=name) for name in names]
    for name, response in zip(names, server.ask(requests), strict=True):
        files.take(response)
        if name not in files.services:
            what = f"it lists the service {name[:_LONGEST]}, but has no descriptor of it"
            raise InputError(what, hint=f"register the service's descriptor in the server, {_OTHERWISE}")


def _take_imports(server: _Server, files: _Files) -> None:
    """Add what the files import, and what those import; a file that is not to be had is ``missing``."""
    while wanted := files.imports()[:_AT_ONCE]:
        requests = [pb.ServerReflectionRequest(file_by_filename=name) for name in wanted]
        for name, response in zip(wanted, server.ask(requests), strict=True):
            files.take(response)
            if name not in files.found and (own := _bundled(name)) is not None:
                files.add(own)
            elif name not in files.found:
                files.missing.add(name)


def _bundled(name: str) -> FileDescriptorProto | None:
    """A file that comes with the toolkit."""
    if name in bundled.names():
        sets = [FileDescriptorSet.FromString(path.read_bytes()) for path in bundled.descriptor_sets()]
        return next(file for files in sets for file in files.file if file.name == name)
    if not _GOOGLE.fullmatch(name):
        return None
    try:
        module = import_module(f"{name.removesuffix('.proto').replace('/', '.')}_pb2")
    except ImportError:
        return None
    return FileDescriptorProto.FromString(module.DESCRIPTOR.serialized_pb)


class _Server:
    """Answers questions."""

    def __init__(
        self, channel: grpc.Channel, metadata: Sequence[tuple[str, str | bytes]], tls: bool, most: int, end: float
    ) -> None:
        self._channel, self._metadata, self._tls, self._most, self._end = channel, metadata, tls, most, end
        self._version = _VERSIONS[0]

    def services(self) -> list[str]:
        """The names of its services; those of every server only if there are no others."""
        request = pb.ServerReflectionRequest(list_services="*")
        for self._version in _VERSIONS:
            try:
                (response,) = self._answers([request], PATIENCE)
                break
            except grpc.RpcError as error:
                if error.code() is not grpc.StatusCode.UNIMPLEMENTED:
                    raise self._problem(error) from None
        else:
            hint = f"add the reflection service to the server, {_OTHERWISE}"
            raise InputError("it has no server reflection", hint=hint)
        names = sorted({service.name for service in response.list_services_response.service})
        if not names:
            said = response.error_response.error_message[:_LONGEST]
            raise InputError(
                f"it lists no services{f': {said}' if said else ''}", hint="register them for reflection in the server"
            )
        for others in (_OF_SERVERS, _OF_SERVERS[:1]):
            if own := [name for name in names if not name.startswith(others)]:
                return own
        return names

    def ask(self, requests: Sequence[Any]) -> Iterator[Any]:
        """The answer to each question."""
        if not requests:
            return
        try:
            yield from self._answers(requests, self._end - time.monotonic())
        except grpc.RpcError as error:
            raise self._problem(error) from None

    def _answers(self, requests: Sequence[Any], seconds: float) -> Iterator[Any]:
        call = self._channel.stream_stream(
            f"/grpc.reflection.{self._version}.ServerReflection/ServerReflectionInfo",
            request_serializer=pb.ServerReflectionRequest.SerializeToString,
            response_deserializer=bytes,
        )(iter(requests), metadata=tuple(self._metadata), timeout=seconds)
        try:
            for _ in requests:
                yield pb.ServerReflectionResponse.FromString(next(call))
        except StopIteration:
            raise InputError("it ended the answer early", hint="try again later") from None
        except DecodeError:
            raise InputError(
                "its answer is not one of server reflection", hint=f"check the port, {_OTHERWISE}"
            ) from None
        finally:
            call.cancel()

    def _problem(self, error: Any) -> InputError:
        code, details = error.code(), str(error.details() or "")
        for words, (message, hint) in _WORDS.items():
            if code is grpc.StatusCode.UNAVAILABLE and words in details:
                return InputError(message, hint=hint)
        if code is grpc.StatusCode.DEADLINE_EXCEEDED:
            return InputError(f"no answer within {PATIENCE} seconds", hint="check the host and port, and the firewall")
        if code is grpc.StatusCode.RESOURCE_EXHAUSTED and "larger than max" in details:
            return too_large(self._most)
        hint = "check that a gRPC server uses this port"
        if code in (grpc.StatusCode.UNAUTHENTICATED, grpc.StatusCode.PERMISSION_DENIED):
            hint = "log in with --header 'Authorization: Bearer $TOKEN'"
        elif not self._tls:
            hint += "; if it uses TLS, write grpcs://"
        return InputError(f"the call failed with {code.name}: {details[:_LONGEST]}", hint=hint)


class _Files:
    """The files that a server has sent."""

    def __init__(self, most: int) -> None:
        self.found: dict[str, FileDescriptorProto] = {}
        self.services: set[str] = set()
        self.missing: set[str] = set()
        """Imports that the server does not have, and the toolkit neither."""
        self._wanted: dict[str, None] = {}
        self._most = self._left = most

    def take(self, response: Any) -> None:
        """Add the files of an answer."""
        for content in response.file_descriptor_response.file_descriptor_proto:
            try:
                file = FileDescriptorProto.FromString(content)
            except DecodeError:
                raise InputError(
                    "it sends descriptors that are damaged", hint=f"fix the server, {_OTHERWISE}"
                ) from None
            if file.name not in self.found:
                self._left -= len(content)
                if self._left < 0:
                    raise too_large(self._most)
                self.add(file)

    def add(self, file: FileDescriptorProto) -> None:
        """Add a file."""
        self.found[file.name] = file
        self.services.update(f"{file.package}.{service.name}".lstrip(".") for service in file.service)
        self._wanted |= dict.fromkeys(file.dependency)

    def imports(self) -> list[str]:
        """What is imported and not there yet."""
        self._wanted = {name: None for name in self._wanted if name not in self.found and name not in self.missing}
        return sorted(self._wanted)


def _part(file: FileDescriptorProto, services: Set[str], missing: Set[str]) -> FileDescriptorProto:
    """A file without services that are not served, and without imports that are not there."""
    prefix = f"{file.package}." if file.package else ""
    _remove(file, _SERVICE, [at for at, each in enumerate(file.service) if prefix + each.name not in services])
    gone = [at for at, name in enumerate(file.dependency) if name in missing]
    for indexes in (file.public_dependency, file.weak_dependency) if gone else ():
        kept = [at - sum(before < at for before in gone) for at in indexes if at not in gone]
        indexes[:] = kept
    _remove(file, _IMPORT, gone)
    return file


def _remove(file: FileDescriptorProto, number: int, gone: Sequence[int]) -> None:
    """Remove elements of a repeated member, and what the source info says about them."""
    if not gone:
        return
    elements: Any = file.service if number == _SERVICE else file.dependency
    for at in reversed(gone):
        del elements[at]
    kept = SourceCodeInfo()
    for location in file.source_code_info.location:
        if len(location.path) > 1 and location.path[0] == number:
            if location.path[1] in gone:
                continue
            location.path[1] -= sum(before < location.path[1] for before in gone)
        kept.location.append(location)
    if file.HasField("source_code_info"):
        file.source_code_info.CopyFrom(kept)


def _channel(address: Address, ca: str | None, most: int) -> grpc.Channel:
    host = f"[{address.host}]" if ":" in address.host else address.host
    options = [
        ("grpc.max_receive_message_length", min(most, _LARGEST)),
        ("grpc.enable_retries", 0),
        ("grpc.service_config_disable_resolution", 1),
        ("grpc.enable_http_proxy", int(not address.is_local)),
    ]
    target = f"dns:///{host}:{address.port}"
    if address.scheme == "grpc":
        return grpc.insecure_channel(target, options)
    return grpc.secure_channel(target, grpc.ssl_channel_credentials(_certificates(ca)), options)


def _certificates(ca: str | None) -> bytes | None:
    """The certificates of a file, or else of the system; None for those of grpcio."""
    if ca is not None:
        tls(ca)  # which says what is wrong with it
        return Path(ca).read_bytes()
    found = ssl.get_default_verify_paths()
    if found.cafile:
        return Path(found.cafile).read_bytes()
    names = sorted(os.listdir(found.capath)) if found.capath else []
    hashed = [name for name in names if re.fullmatch(r"[0-9a-f]{8}\.\d+", name)]  # as OpenSSL reads them
    return b"\n".join(Path(found.capath, name).read_bytes() for name in hashed) or None
