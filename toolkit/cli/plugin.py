"""``protoc-gen-toolkit``: every target as a plugin of protoc and buf.

Parameters are targets (``reference`` by default) and settings, named as in ``toolkit.toml``, separated by commas:

    protoc --toolkit_out=docs --toolkit_opt=reference,style=maps,catalog=catalog.toml …

A ``;`` inside a value means a comma. ``shard=1/4`` makes the first of four
shares, for ``toolkit merge``. A target needs all files at once, so
``buf.gen.yaml`` must set ``strategy: all``.
"""

from __future__ import annotations

import sys
from typing import Any

from google.protobuf import descriptor_pb2 as pb
from google.protobuf.compiler import plugin_pb2
from google.protobuf.message import DecodeError

from toolkit.cli import settings as reader
from toolkit.cli.options import REMOTE
from toolkit.cli.terminal import say_diagnostics
from toolkit.delivery import shards
from toolkit.delivery.memory import made_by
from toolkit.descriptors.compile import Compilation
from toolkit.descriptors.signals import ended_by_signals
from toolkit.errors import ConfigError, ToolkitError
from toolkit.printing import printable_lines
from toolkit.targets import registry
from toolkit.targets.workspace import Workspace

_Response = plugin_pb2.CodeGeneratorResponse
_FEATURES = _Response.FEATURE_PROTO3_OPTIONAL | _Response.FEATURE_SUPPORTS_EDITIONS
_NOT_HERE = {"proto_path", "import_path", "exclude", "descriptor_set", *REMOTE, "strict", "out"}
"""Settings that protoc itself decides."""


def main() -> None:
    """Answer the request on standard input; errors are part of the response, as protoc expects."""
    with ended_by_signals():
        _answer()


def _answer() -> None:
    try:
        content = sys.stdin.buffer.read() if sys.stdin is not None else b"\0"  # it may be closed
        request = plugin_pb2.CodeGeneratorRequest.FromString(content)
    except DecodeError:
        sys.exit("protoc-gen-toolkit is run by protoc or buf: protoc --toolkit_out=DIR …")
    sys.stdout.buffer.write(respond(request).SerializeToString())


def respond(request: plugin_pb2.CodeGeneratorRequest) -> plugin_pb2.CodeGeneratorResponse:
    """The requested files, or an error."""
    response = _Response(
        supported_features=_FEATURES, minimum_edition=pb.EDITION_PROTO2, maximum_edition=pb.EDITION_2024
    )
    try:
        if any(isinstance(text, bytes) for text in (request.parameter, *request.file_to_generate)):
            raise ConfigError("a parameter or file name in the request is not UTF-8")
        targets, flags = parameters(request.parameter)
        shard = shards.Shard.parse(found) if (found := flags.pop("shard", None)) is not None else None
        workspace = Workspace(reader.read(None, flags), _compilation(request))
        shares: dict[str, shards.Made] = {}
        for name in targets:
            made = made_by(registry.get(name), workspace, shard=shard)
            for path, content in made.files.items():
                response.file.add(name=path, content=_text(path, content))
            say_diagnostics(made.diagnostics)
            if made.share is not None:
                shares[name] = made.share
        if shard is not None:
            response.file.add(name=shard.file, content=shards.dumped(shards.ShardFile(shares)).decode("utf-8"))
    except ToolkitError as error:
        response.error = printable_lines(str(error))
        del response.file[:]
    return response


def _text(path: str, content: bytes) -> str:
    """The content of a file as protoc takes it; :class:`ConfigError` for one that is not text."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        hint = "run toolkit generate instead, or protoc with --descriptor_set_out"
        raise ConfigError(f"protoc cannot write {path}, which is not text", hint=hint) from None


def parameters(text: str) -> tuple[list[str], dict[str, Any]]:
    """The targets and settings (as flags) in a parameter string; a setting is that of every target that has it."""
    targets: list[str] = []
    flags: dict[str, Any] = {}
    known: dict[str, tuple[list[str], str]] = {"shard": (["shard"], "text")}
    for table in reader.tables():
        for name, field in reader.declared(table).items():
            if field.metadata["flag"] and field.metadata["kind"] != "words" and name not in _NOT_HERE:
                keys, _ = known.setdefault(name, ([], field.metadata["kind"]))
                keys.append(f"{table}.{name}" if table else name)
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, equals, value = part.partition("=")
        value = value.replace(";", ",")
        if not equals and registry.find(name) is not None:
            targets.append(name)
        elif name not in known:
            raise ConfigError(
                f"{part!r} is neither a target nor a setting",
                hint=f"known: {', '.join([*registry.names(), *known])}",
            )
        elif known[name][1] == "switch":
            if value not in ("", "true", "false"):
                raise ConfigError(f"{name} is true or false, not {value!r}")
            flags |= dict.fromkeys(known[name][0], value != "false")
        elif known[name][1] == "paths":
            flags |= {key: (*flags.get(key, ()), value) for key in known[name][0]}
        else:
            flags |= dict.fromkeys(known[name][0], value)
    return targets or [registry.BUILT_IN[0]], flags


def _compilation(request: plugin_pb2.CodeGeneratorRequest) -> Compilation:
    """The files of the request; those to generate with all options, including source-retention ones."""
    whole = {file.name: file for file in request.source_file_descriptors}
    files = pb.FileDescriptorSet(file=[whole.get(file.name, file) for file in request.proto_file])
    return Compilation(files.SerializeToString(), frozenset(request.file_to_generate))


if __name__ == "__main__":
    main()
