"""Calls in Go, TypeScript, Java and C#: the names that the usual generators of these languages give to a method."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from toolkit.descriptors.casing import camel_case
from toolkit.descriptors.model import File, Message, Method, Schema, Service
from toolkit.targets.examples.servers import Header
from toolkit.targets.examples.values import indented

_OPTION = "google.protobuf.FileOptions."
_DOTTED = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*", re.ASCII)
_JAVA_WORDS = frozenset(
    re.findall(
        r"\w+",
        "abstract assert boolean break byte case catch char class const continue default do double else enum extends "
        "false final finally float for goto if implements import instanceof int interface long native new null package "
        "private protected public return short static strictfp super switch synchronized this throw throws transient "
        "true try void volatile while",
    )
)
_JAVA_TAKEN = frozenset(
    re.findall(
        r"\w+",
        "CountDownLatch Example Exception Grpc InsecureChannelCredentials JsonFormat ManagedChannel Metadata "
        "MetadataUtils Override StreamObserver String System Throwable TlsChannelCredentials TypeRegistry",
    )
)
"""Names that the Java snippet uses itself."""
_TYPESCRIPT_TAKEN = {
    "client",
    "console",
    "createClient",
    "createRegistry",
    "fromJson",
    "process",
    "request",
    "response",
    "transport",
}
_TYPESCRIPT_TAKEN |= {"createConnectTransport", "createGrpcTransport"}
_TYPESCRIPT_METHODS = frozenset(("constructor", "toString", "toJSON", "valueOf"))


@dataclass(frozen=True, slots=True)
class Call:
    """A call in a language; every member is finished source."""

    imports: tuple[str, ...]
    """The import lines of generated code."""
    server: str
    """Host and port as a string."""
    url: str
    """The same with a scheme."""
    request: str
    """The request as JSON: the text between the quotes of a multi-line string; in TypeScript, an object."""
    request_type: str
    response_type: str
    """Only in Java, if the client streams."""
    client: str
    """The type of the client; in Go, the function that creates it."""
    call: str
    """The name of the method."""
    headers: tuple[tuple[str, str], ...]
    """Names as strings, and values as expressions."""
    variables: bool
    """Whether a value reads an environment variable."""
    packed: tuple[str, ...] = ()
    """The types of what ``Any`` fields in the request contain, for a type registry; none in Go, which imports them."""


@dataclass(frozen=True, slots=True)
class Caller:
    """What a call in any language is made of."""

    schema: Schema
    method: Method
    example: Mapping[str, Any]
    server: str
    url: str
    headers: tuple[Header, ...]
    packed: tuple[Message, ...] = ()
    """The types of what ``Any`` fields in the request contain."""
    answered: tuple[Message, ...] = ()
    """The types that options name for those in the response."""

    @property
    def service(self) -> Service:
        """The service of the method."""
        return self.schema.service_of(self.method)

    def file_of(self, element: Message | Service) -> File:
        """The file that declares an element."""
        return self.schema.files[element.location.file]

    def message(self, name: str) -> Message:
        """A message by its full name."""
        return self.schema.message(name)

    def text(self, indent: int) -> str:
        """The request as JSON, all lines indented by these columns, except the first."""
        return indented(self.example).replace("\n", "\n" + " " * indent)

    def call(self, variable: Callable[[str], str], plus: str = " + ", **members: Any) -> Call:
        """The call, given how the language reads environment variables and joins strings."""
        headers = [(quoted(header.name), header.expression(quoted, variable, plus)) for header in self.headers]
        variables = any(is_variable for header in self.headers for _, is_variable in header.parts)
        return Call(
            server=quoted(self.server), url=quoted(self.url), headers=tuple(headers), variables=variables, **members
        )


def quoted(text: str) -> str:
    """A text as a string of Go, TypeScript, Java and C#, which agree with JSON here."""
    return json.dumps(text, ensure_ascii=False)


def _option(file: File, name: str) -> str:
    """An option that is a dotted name; empty if it is not set, or not a name."""
    found = str(file.options.get(_OPTION + name, ""))
    return found if _DOTTED.fullmatch(found) else ""


def nested_names(message: Message) -> list[str]:
    """The name of a message and of those it is nested in, outermost first."""
    name = message.full_name
    return (name[len(message.package) + 1 :] if message.package else name).split(".")


# Go, by protoc-gen-go and protoc-gen-go-grpc


def go(caller: Caller) -> Call | None:
    """A call in Go; None if a file has no ``go_package``."""
    messages = [caller.message(caller.method.input), caller.message(caller.method.output)]
    paths = [_go_path(caller.file_of(element)) for element in (caller.service, messages[0])]
    needed = [_go_path(caller.file_of(message)) for message in caller.packed]
    if not all((*paths, *needed)):
        return None
    aliases = {paths[0]: "pb"} | ({paths[1]: "requestpb"} if paths[1] != paths[0] else {})
    for path in (*needed, *(_go_path(caller.file_of(message)) for message in caller.answered)):
        if path:
            aliases.setdefault(path, "_")  # an import registers the types that Any fields contain
    return caller.call(
        lambda name: f"os.Getenv({quoted(name)})",
        "+",
        imports=tuple(f"{alias} {quoted(path)}" for path, alias in sorted(aliases.items())),
        # A backtick ends a raw string. In JSON it is in a string, and can be escaped.
        request=caller.text(0).replace("`", "\\u0060"),
        request_type=f"{aliases[paths[1]]}.{_go_type(messages[0])}",
        response_type="",
        client=f"pb.New{go_name(caller.service.name)}Client",
        call=go_name(caller.method.name),
    )


def _go_path(file: File) -> str:
    return str(file.options.get(f"{_OPTION}go_package", "")).partition(";")[0]


def _go_type(message: Message) -> str:
    first, *inner = nested_names(message)
    return go_name(first) + "".join(f"_{name}" if not name[:1].islower() else go_name(name) for name in inner)


def go_name(name: str) -> str:
    """A name as an exported one of Go: ``_`` before a small letter is removed, and a leading one becomes ``X``."""
    made = re.sub(r"(\A_)?(?:\A|_|(?<=[0-9_]))([a-z])", lambda match: "X" * bool(match[1]) + match[2].upper(), name)
    return f"X{made[1:]}" if made.startswith("_") else made


# TypeScript, by protoc-gen-es and Connect


def typescript(caller: Caller) -> Call:
    """A call in TypeScript."""
    message = caller.message(caller.method.input)
    schema = f"{'_'.join(nested_names(message))}Schema"
    service = caller.service.name
    client = f"{service}Service" if service in _TYPESCRIPT_TAKEN or service == schema else service
    request = f"{schema}2" if schema in _TYPESCRIPT_TAKEN else schema
    used: dict[str, tuple[str, Message | Service]] = {client: (service, caller.service), request: (schema, message)}
    packed = [_typescript_name(one, used) for one in caller.packed]
    modules: dict[str, list[str]] = {}
    for made, (name, element) in used.items():
        names = modules.setdefault(_typescript_module(caller.file_of(element)), [])
        names.append(name if name == made else f"{name} as {made}")
    call = caller.method.name[:1].lower() + caller.method.name[1:]
    return caller.call(
        lambda name: f"process.env.{name}",
        imports=tuple(
            f"import {{ {', '.join(sorted(names))} }} from {quoted(module)};" for module, names in modules.items()
        ),
        # In an object, this key would set the prototype.
        request=re.sub(r'^( *)"__proto__":', r'\1["__proto__"]:', caller.text(0), flags=re.MULTILINE),
        request_type=request,
        response_type="",
        client=client,
        call=f"{call}$" if call in _TYPESCRIPT_METHODS else call,
        packed=tuple(packed),
    )


def _typescript_name(message: Message, used: dict[str, tuple[str, Message | Service]]) -> str:
    """The name of a schema in the snippet, which is added to those that are ``used``."""
    name = made = f"{'_'.join(nested_names(message))}Schema"
    number = 2
    while made in _TYPESCRIPT_TAKEN or used.get(made, (name, message)) != (name, message):
        made, number = f"{name}{number}", number + 1
    used[made] = name, message
    return made


def _typescript_module(file: File) -> str:
    name = file.name.removesuffix(".proto")
    return "@bufbuild/protobuf/wkt" if name.startswith("google/protobuf/") else f"./gen/{name}_pb"


# Java, by protoc and grpc-java


def java(caller: Caller) -> Call:
    """A call in Java."""
    imports: dict[str, None] = {}
    service = f"{caller.service.name}Grpc"
    package = _java_package(caller.file_of(caller.service))
    method = caller.method
    names = [method.input, method.output] if method.client_streaming else [method.input]
    types = [_java_type(caller, caller.message(name)) for name in names]
    used = [_java_import(package, service, imports), *(_java_import(*found, imports) for found in types)]
    packed = [_java_import(*_java_type(caller, message), imports) for message in caller.packed]
    call = camel_case(method.name[:1].lower() + method.name[1:])
    return caller.call(
        lambda name: f"System.getenv({quoted(name)})",
        imports=tuple(f"import {name};" for name in sorted(imports)),
        request=caller.text(10).replace("\\", "\\\\"),
        request_type=used[1],
        response_type=used[2] if method.client_streaming else "",
        client=used[0],
        call=f"{call}_" if call in _JAVA_WORDS else call,
        packed=tuple(packed),
    )


def _java_import(package: str, name: str, imports: dict[str, None]) -> str:
    """The name of a class in the snippet: imported, unless another one of that name is, or there is no package."""
    outer = name.partition(".")[0]
    full = f"{package}.{outer}"
    taken = _JAVA_TAKEN | {known.rpartition(".")[2] for known in imports if known != full}
    if not package:
        return name
    if outer in taken:
        return f"{package}.{name}"
    imports[full] = None
    return name


def _java_package(file: File) -> str:
    return _option(file, "java_package") or file.package


def _java_type(caller: Caller, message: Message) -> tuple[str, str]:
    """The package of a message's class, and its name there."""
    file, names = caller.file_of(message), nested_names(message)
    if file.options.get(f"{_OPTION}java_multiple_files") is not True:
        names = [_java_outer(file, caller.schema), *names]
    return _java_package(file), ".".join(names)


def _java_outer(file: File, schema: Schema) -> str:
    """The class around the classes of a file."""
    given = _option(file, "java_outer_classname")
    if given:
        return given
    stem = PurePosixPath(file.name).stem
    made = "".join(part[:1].upper() + part[1:] for part in re.split(r"[_-]", stem))
    return f"{made}OuterClass" if made in set(_names_in(file, schema)) else made


def _names_in(file: File, schema: Schema) -> Iterator[str]:
    """The simple names of what a file declares."""
    for elements in (schema.messages, schema.enums, schema.services):
        yield from (each.name for each in elements.values() if each.location.file == file.name)


# C#, by protoc and Grpc.Tools


def csharp(caller: Caller) -> Call:
    """A call in C#."""
    service = f"{_namespace(caller.file_of(caller.service))}{caller.service.name}"
    message = caller.message(caller.method.input)
    return caller.call(
        lambda name: f"Environment.GetEnvironmentVariable({quoted(name)})",
        imports=(),
        request=caller.text(0),
        request_type=_csharp_type(caller, message),
        response_type="",
        client=f"{service}.{caller.service.name}Client",
        call=caller.method.name,
        packed=tuple(_csharp_type(caller, one) for one in caller.packed),
    )


def _csharp_type(caller: Caller, message: Message) -> str:
    return _namespace(caller.file_of(message)) + ".Types.".join(nested_names(message))


def _namespace(file: File) -> str:
    """The namespace of a file, with a dot at the end; empty if there is none."""
    given = _option(file, "csharp_namespace")
    found = given or ".".join(map(_pascal, file.package.split(".")))
    return f"{found}." if found else ""


def _pascal(name: str) -> str:
    """``big_data2v`` → ``BigData2V``."""
    return re.sub(r"(?:\A|_|(?<=[0-9]))([a-z])", lambda match: match[1].upper(), name).replace("_", "")
