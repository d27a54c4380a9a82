"""A large tree of small files, and the same with a complete copy of it in a folder."""

from __future__ import annotations

from pathlib import Path

from tests.support.protos_of import proto3, write

FOLDER = 50
"""Files of a folder, which is a package."""


def sources(count: int) -> dict[str, str]:
    """So many files by name: each imports the one before, and the first of its folder; half of them have a service."""
    found = {}
    for number in range(count):
        folder, place = divmod(number, FOLDER)
        imports = [name(before) for before in sorted({number - 1, folder * FOLDER}) if 0 <= before < number]
        fields = "".join(
            f" acme.p{before // FOLDER}.M{before} m{before} = {at};"
            for at, before in enumerate(sorted({number - 1, folder * FOLDER} - {number}), 2)
            if before >= 0
        )
        body = f"// The message {number}.\nmessage M{number} {{\n  // Its name.\n  string name = 1;\n {fields}\n}}\n"
        if place % 2:
            body += f"service S{number} {{\n  // Does it.\n  rpc Do(M{number}) returns (M{number});\n}}\n"
        found[name(number)] = proto3(f"acme.p{folder}", body, *imports)
    return found


def name(number: int) -> str:
    """The name of a file."""
    return f"acme/p{number // FOLDER}/m{number}.proto"


def copied_tree(folder: Path, count: int, copy: str = "") -> Path:
    """Write so many files into a folder, and all of them once more into ``copy`` below it, if that is given."""
    files = sources(count)
    write(folder, files)
    if copy:
        write(folder / copy, files)
    return folder
