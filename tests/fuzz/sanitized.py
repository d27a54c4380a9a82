"""The code in C under the sanitizers for addresses and undefined behavior, with bytes and values that are wrong.

    python -m tests.fuzz.sanitized [--seconds 60] [--seed 1]

It compiles the code with them, and runs a process in which they end the first wrong read or write.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

from tests.support.repository import REPOSITORY

SOURCES = REPOSITORY / "toolkit/runtime/native"
FLAGS = [
    *("-O1", "-g", "-fno-omit-frame-pointer", "-shared", "-fPIC"),
    *("-fsanitize=address,undefined", "-fno-sanitize-recover=all"),
]
MODULE = "toolkit.runtime._native"


def compiled(folder: Path) -> Path:
    """The code in C with sanitizers."""
    made = folder / f"_native{sysconfig.get_config_var('EXT_SUFFIX')}"
    include = sysconfig.get_path("include")
    command = ["gcc", *FLAGS, f"-I{include}", *map(str, sorted(SOURCES.glob("*.c"))), "-o", str(made)]
    ran = subprocess.run(command, capture_output=True, text=True)
    if ran.returncode:
        raise SystemExit(f"cannot compile: {ran.stderr}")
    return made


def run(seconds: float, seed: int) -> subprocess.CompletedProcess[str]:
    """Run the process, which prints how much it tried; it fails if there is a finding."""
    with tempfile.TemporaryDirectory() as made:
        library = compiled(Path(made))
        libraries = [
            subprocess.run(
                ["gcc", f"-print-file-name={name}"], capture_output=True, text=True, check=True
            ).stdout.strip()
            for name in ("libasan.so", "libubsan.so")
        ]
        environment = {
            **os.environ,
            "LD_PRELOAD": " ".join(libraries),
            "PYTHONMALLOC": "malloc",  # so that each object has an address of its own
            "ASAN_OPTIONS": "detect_leaks=0:allocator_may_return_null=1",  # Python leaves much when it ends
            "UBSAN_OPTIONS": "print_stacktrace=1",
        }
        environment.pop("TOOLKIT_RUNTIME", None)
        command = [sys.executable, "-m", "tests.fuzz.sanitized", "--library", str(library)]
        command += ["--seconds", str(seconds), "--seed", str(seed)]
        return subprocess.run(command, cwd=REPOSITORY, env=environment, capture_output=True, text=True)


def _cut(random: Random, content: bytearray) -> None:
    del content[random.randrange(len(content)) :]


def _flip(random: Random, content: bytearray) -> None:
    content[random.randrange(len(content))] = random.choice((0, 1, 127, 128, 255, random.randrange(256)))


def _remove(random: Random, content: bytearray) -> None:
    start = random.randrange(len(content))
    del content[start : start + random.randrange(1, 5)]


def _insert(random: Random, content: bytearray) -> None:
    piece = random.choice(
        (
            b'"',
            b"\\",
            b"\\u00e9",
            b"{",
            b"]",
            b",",
            b"\xff" * 9,
            b"\xff" * 10,
            b"\x80" * 9 + b"\x01",
            b"\x00",
            b"\x03\xed\xa0\x80",
            b"\x7f",
        )
    )
    at = random.randrange(len(content))
    content[at:at] = piece


def _copy(random: Random, content: bytearray) -> None:
    start, at = random.randrange(len(content)), random.randrange(len(content))
    content[at:at] = content[start : start + random.randrange(1, 40)]


CHANGES: list[Callable[[Random, bytearray], None]] = [_cut, _flip, _flip, _remove, _insert, _copy]


def _changed(random: Random, whole: bytes, most: int) -> bytes:
    """The bytes after up to so many changes."""
    content = bytearray(whole)
    for _ in range(random.randrange(most + 1)):
        if content:
            random.choice(CHANGES)(random, content)
    return bytes(content)


def work(seconds: float, seed: int, library: str) -> None:
    """Try bytes and messages until the time is over."""
    spec = importlib.util.spec_from_file_location(MODULE, library)
    assert spec is not None
    assert spec.loader is not None
    sys.modules[MODULE] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(sys.modules[MODULE])

    from tests.fuzz.protobuf import bindings, classes, names
    from tests.support.messages import message_of
    from tests.support.natively import check_from_json, check_read, check_to_json, check_write
    from toolkit.runtime import EncodeError, native
    from toolkit.runtime.jsonout import STYLES

    assert native.accelerated
    tried = read = written = parsed = 0
    end = time.monotonic() + seconds
    random = Random(seed)
    odd: list[Any] = [None, 1, -1, 1 << 63, 1 << 64, 1.5, "a", "\ud800", "é" * 300, b"a" * 600, [], [None], {}, {1: 2}]
    while time.monotonic() < end:
        name = random.choice(names())
        cls, official = classes()[name]
        whole = message_of(official, random, bindings().pool).SerializePartialToString()
        message = cls.from_bytes(whole)
        setattr(message, random.choice(cls.__names__[:-1] or ("_unknown",)), random.choice(odd))
        with suppress(AttributeError, TypeError):  # of Python, for a wrong dictionary of extensions
            written += check_write(message) is not None
            check_to_json(message, random.choice([*STYLES.values()]))
        for _ in range(20):
            read += check_read(cls, _changed(random, whole, 3)) is not None
            tried += 1
        with suppress(EncodeError):
            text = json.dumps(cls.from_bytes(whole).to_dict(), ensure_ascii=random.random() < 0.7).encode()
            for _ in range(10):
                parsed += check_from_json(cls, _changed(random, text, 2)) is not None
    print(f"{tried} inputs, {read} read in C, {written} written in C after a change, {parsed} of JSON read in C")
    assert min(read, parsed) > tried / 10


def main() -> int:
    """Run it; 1 if there is a finding."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.sanitized", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--library", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.library:
        work(options.seconds, options.seed, options.library)
        return 0
    ran = run(options.seconds, options.seed)
    print(ran.stdout + ran.stderr[-5000:])
    return 1 if ran.returncode else 0


if __name__ == "__main__":
    sys.exit(main())
