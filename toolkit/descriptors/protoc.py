"""Runs the real protoc: in child processes, several at a time where there is that much to do."""

from __future__ import annotations

import functools
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from pathlib import Path

from toolkit.descriptors import bundled, children
from toolkit.descriptors.parallel import can_fork, close, fork_pool
from toolkit.descriptors.roots import Root
from toolkit.descriptors.signals import starting_children, temporary_folder
from toolkit.errors import Diagnostic, InputError, Location

_DIAGNOSTIC = re.compile(
    r"^(?:Could not make proto path relative: )?"
    r"(?P<file>.+?\.proto)(?::(?P<line>\d+):(?P<column>\d+))?: (?P<message>.*)$"
)
_NEW_EDITION = re.compile(r'Edition \S+ is later than|Unknown edition "\d{4}"')
_UPDATE = "update protoc: pip install -U grpcio-tools"
_SHARD_SIZES = (1, 2, 4, 4, 4, 4, 4)


class DoesNotCompile(InputError):
    """Some file does not compile; protoc stops at the first one, in the order given."""

    diagnostics: Sequence[Diagnostic] = ()
    """All that protoc said; nothing where it crashed."""


class NoneFound(InputError):
    """There is nothing to compile."""


Find = Callable[[], Sequence[str]]
"""Finds the names of files; it can be pickled."""
Protoc = Callable[[Sequence[Root], Sequence[str], str], tuple[int, str]]


def absolute(includes: Sequence[Root]) -> list[Root]:
    """Roots as protoc is told them.

    Absolute, so that a file of the working folder that has the name of one under a root is not taken for it. Raises
    :class:`InputError` for one that protoc cannot read.
    """
    roots = [Root(Path(os.path.abspath(include.folder)), include.prefix) for include in includes]
    for root in map(str, roots):
        if os.pathsep in root or re.search(r"[\x00-\x1f\ud800-\udfff]", root):
            raise InputError(f"protoc cannot search the import root {root!r}", hint="rename the directory")
    return roots


def start(
    includes: Sequence[Root], names: Sequence[str], shards_from: int | None = None
) -> tuple[ExitStack, Iterator[bytes]]:
    """Start protoc over the named files, in shards where there are that many or more; what ends it, and the outputs."""
    processors = min(os.cpu_count() or 1, 4)
    shards = _shards(names, processors) if shards_from is not None and len(names) >= shards_from else [names]
    return _start(includes, [functools.partial(_given, shard) for shard in shards], min(processors, len(shards)))


def start_found(includes: Sequence[Root], find: Find) -> tuple[ExitStack, Iterator[bytes]]:
    """Start protoc over the files that a function finds, which runs in the same child; :class:`NoneFound`."""
    return _start(includes, [find], 1)


def check(includes: Sequence[Root], names: Sequence[str]) -> Sequence[Diagnostic]:
    """All that protoc says of files that do not compile.

    Of files that it is told to compile, protoc stops at the first that fails. Of what a file imports, it reads
    everything.
    """
    with temporary_folder() as folder:
        name = f"{os.path.basename(folder)}.proto"
        imports = ('import "{}";'.format(imported.replace('"', '\\"')) for imported in names)
        Path(folder, name).write_text("\n".join(('syntax = "proto3";', *imports)), encoding="utf-8")
        try:
            for _ in start([*includes, Root(Path(folder))], [name])[1]:
                pass
        except DoesNotCompile as error:
            return [diagnostic for diagnostic in error.diagnostics if diagnostic.location.file != name]
        return ()


def _given(names: Sequence[str]) -> Sequence[str]:
    return names


def _start(includes: Sequence[Root], shards: Sequence[Find], workers: int) -> tuple[ExitStack, Iterator[bytes]]:
    roots = absolute(includes)
    pool, protoc = (fork_pool(workers), in_this_process) if can_fork() else (ThreadPoolExecutor(workers), in_another)
    with ExitStack() as stack:
        folder = stack.enter_context(temporary_folder())
        stack.callback(close, pool)
        outputs = [os.path.join(folder, f"{number}.binpb") for number in range(len(shards))]
        work = zip(shards, outputs, strict=True)
        with starting_children():
            running = [pool.submit(_run, protoc, roots, find, output) for find, output in work]
        kept = stack.pop_all()
        return kept, _outputs(kept, running, outputs, roots)


def _run(protoc: Protoc, roots: Sequence[Root], find: Find, output: str) -> tuple[int, str] | None:
    names = find()
    return protoc(roots, names, output) if names else None


def _outputs(
    stack: ExitStack, running: Sequence[Future[tuple[int, str] | None]], outputs: Sequence[str], roots: Sequence[Root]
) -> Iterator[bytes]:
    with stack:
        try:
            for future, output in zip(running, outputs, strict=True):
                ran = future.result()
                if ran is None:
                    raise NoneFound("no file was found")
                code, said = ran
                if code:
                    raise failure(code, said, roots)
                yield Path(output).read_bytes()
        except BrokenProcessPool:
            raise DoesNotCompile("protoc crashed", hint="a .proto file is nested too deeply, or damaged") from None


def _shards(names: Sequence[str], processors: int) -> list[Sequence[str]]:
    """The names in runs, several a processor; the first are short, so that reading begins early."""
    sizes = [size for size in _SHARD_SIZES for _ in range(processors)]
    unit = -(-len(names) // sum(sizes))
    starts = [unit * sum(sizes[:number]) for number in range(len(sizes))]
    shards = [names[start : start + unit * size] for start, size in zip(starts, sizes, strict=True)]
    return [shard for shard in shards if shard]


def in_another(includes: Sequence[Root], names: Sequence[str], output: str) -> tuple[int, str]:
    """Write the descriptor set of the named files and what they import; protoc's exit code and words."""
    # -P: a folder named grpc_tools where the user happens to be is not the one meant.
    command = [sys.executable, "-P", "-m", "grpc_tools.protoc", *_arguments(includes, names, output)]
    code, said = children.run(command)
    return code, said.decode("utf-8", "replace")


def in_this_process(includes: Sequence[Root], names: Sequence[str], output: str) -> tuple[int, str]:
    """The same in this process, which is a child: no interpreter starts, but standard error is taken over."""
    from grpc_tools import protoc

    words = f"{output}.words"
    handle = os.open(words, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.dup2(handle, 2)
    os.close(handle)
    code = protoc.main(["protoc", *_arguments(includes, names, output)])
    return code, Path(words).read_text(encoding="utf-8", errors="replace")


def _arguments(includes: Sequence[Root], names: Sequence[str], output: str) -> list[str]:
    lines = [f"-I{include.prefix}={include.folder}" for include in includes]  # the path may contain another =
    lines.append(f"--descriptor_set_in={os.pathsep.join(map(str, bundled.descriptor_sets()))}")
    lines += ["--include_source_info", "--include_imports", f"--descriptor_set_out={output}", *names]
    Path(f"{output}.args").write_text("\n".join(lines), encoding="utf-8")
    return [f"@{output}.args"]


def failure(code: int, said: str, roots: Sequence[Root]) -> InputError:
    """The error for what protoc said: :class:`DoesNotCompile` where it names a file."""
    diagnostics = _diagnostics(said, roots)
    if not diagnostics:
        return InputError(f"protoc failed: {said.strip() or f'it ended with code {code}'}")
    error = DoesNotCompile(diagnostics[0].message, location=diagnostics[0].location, hint=diagnostics[0].hint)
    error.diagnostics = diagnostics
    return error


def _diagnostics(text: str, roots: Sequence[Root]) -> list[Diagnostic]:
    """What protoc printed, warnings left out. Some protocs say a file's name, some its path."""
    roots = sorted(roots, key=lambda root: len(str(root.folder)), reverse=True)
    found = []
    for line in text.splitlines():
        match = _DIAGNOSTIC.match(line)
        if match and not match["message"].startswith("warning:"):
            file = match["file"]
            file = next((root.name(file) for root in roots if file.startswith(f"{root.folder}{os.sep}")), file)
            location = Location(file.replace(os.sep, "/"), int(match["line"] or 0), int(match["column"] or 0))
            hint = _UPDATE if _NEW_EDITION.match(match["message"]) else ""
            found.append(Diagnostic(location, match["message"], hint))
    return found
