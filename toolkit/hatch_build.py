"""Builds the part of the runtime that is in C, where there is a compiler for it; without one, the wheel is pure Python.

``python toolkit/hatch_build.py`` builds it into the checkout, as an editable installation does.
"""

from __future__ import annotations

import os
import shutil
import sys
import sysconfig
import tempfile
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

RUNTIME = Path(__file__).resolve().parent / "runtime"
NAME = f"_native{sysconfig.get_config_var('EXT_SUFFIX')}"
"""The file that Python imports; the suffix says for which Python it is."""
REPRODUCIBLE = ["-O2", "-g0", "-fvisibility=hidden"]
"""For compilers other than Microsoft's: without paths of this machine."""


class CustomBuildHook(BuildHookInterface[Any]):
    """What hatchling calls before it packs a wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add what was compiled, or say in one line why nothing was."""
        problem = unwanted()
        self._folder = Path(tempfile.mkdtemp(prefix="toolkit-native-"))
        if not problem:
            try:
                built = compiled(self._folder)
            except Exception as error:  # of whichever tool is missing or fails
                problem = f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
        if problem:
            self.app.display_info(f"toolkit.runtime in pure Python, without code in C: {problem}")
            return
        if version == "editable":
            shutil.copyfile(built, RUNTIME / NAME)
            return
        build_data["pure_python"] = False
        build_data["infer_tag"] = True
        build_data["force_include"][str(built)] = f"runtime/{NAME}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove what is in the wheel now."""
        shutil.rmtree(self._folder, ignore_errors=True)


def unwanted() -> str:
    """Why nothing is to be compiled; empty if it is."""
    if os.environ.get("TOOLKIT_RUNTIME") == "pure":
        return "TOOLKIT_RUNTIME is pure"
    if sys.implementation.name != "cpython":
        return f"it is for CPython, not {sys.implementation.name}"
    if sysconfig.get_config_var("Py_GIL_DISABLED"):
        return "it is not for Python without the global interpreter lock"
    return ""


def compiled(folder: Path) -> Path:
    """The file that Python imports, in a folder."""
    from setuptools import Distribution, Extension

    os.environ.setdefault("SOURCE_DATE_EPOCH", "0")
    sources = sorted(path.relative_to(RUNTIME).as_posix() for path in (RUNTIME / "native").glob("*.c"))
    options = [] if sys.platform == "win32" else REPRODUCIBLE
    extension = Extension("_native", sources, depends=["native/native.h"], extra_compile_args=options)
    command: Any = Distribution({"ext_modules": [extension]}).get_command_obj("build_ext")
    command.build_temp, command.build_lib, command.force = str(folder / "objects"), str(folder), True
    before = Path.cwd()
    os.chdir(RUNTIME)  # so that the names of sources are the same wherever they are
    try:
        with redirect_stdout(sys.stderr):  # hatchling's own output is read by a program
            command.ensure_finalized()
            command.run()
    finally:
        os.chdir(before)
    return folder / NAME


if __name__ == "__main__":
    if reason := unwanted():
        sys.exit(f"not compiled: {reason}")
    with tempfile.TemporaryDirectory() as made:
        shutil.copyfile(compiled(Path(made)), RUNTIME / NAME)
