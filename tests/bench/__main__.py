"""`make bench`: times and peak memory of whole commands, as ratios against another program in the same run.

The large tree is the newest one in ``CLOUDAPI``. Commands take turns, and the
medians are compared, so that a machine whose speed drifts does not decide.
"""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
from pathlib import Path

from tests.bench.broken import bench_broken
from tests.bench.changes import bench_changes
from tests.bench.copies import bench_copies
from tests.bench.edits import bench_edits
from tests.bench.foreign import bench_foreign
from tests.bench.measure import TOOLKIT, Series, generate, in_turn, large_tree, protoc, row, with_imports
from tests.bench.python import bench_python, chosen
from tests.bench.shapes import bench_shapes
from tests.bench.shards import bench_shards
from tests.bench.site import bench_site
from tests.examples.check import Check
from tests.support.published import import_roots
from toolkit.descriptors.compile import compile_tree
from toolkit.descriptors.loader import load
from toolkit.descriptors.roots import Root, find_files

MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None
"""Where outputs go: a disk that is busy removing what was there before would be what is measured."""


def half_of(tree: Path, folder: Path) -> Path:
    """A tree of every second folder's files, and what they import."""
    files = find_files(map(Root, import_roots(tree)))
    folders = sorted({name.rpartition("/")[0] for name in files})
    wanted = {name for name in files if folders.index(name.rpartition("/")[0]) % 2}
    target = folder / "half"
    for name in with_imports(files, wanted):
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(files[name], target / name)
    return target


def bench_reference(runs: int, folder: Path) -> None:
    """The reference of the whole tree, cold, protoc included; and of half of it."""
    tree = large_tree()
    half = half_of(tree, folder)
    whole, part, alone, alone_half = in_turn(
        runs,
        generate("reference", tree, folder),
        generate("reference", half, folder),
        lambda: protoc(tree, folder),
        lambda: protoc(half, folder),
    )
    row("protoc alone, whole tree", alone)
    row("toolkit generate reference, whole tree", whole, alone, "at most 2.0 × protoc, 600 MiB")
    row("protoc alone, half the folders", alone_half)
    row("toolkit generate reference, half the folders", part, alone_half, "grows with the tree, not faster")


def bench_rest(runs: int, folder: Path) -> None:
    """The REST reference of the whole tree, cold, protoc included."""
    tree = large_tree()
    whole, alone = in_turn(runs, generate("rest", tree, folder), lambda: protoc(tree, folder))
    row("toolkit generate rest, whole tree", whole, alone, "at most 2.5 × protoc, 600 MiB")


def bench_examples(runs: int, folder: Path) -> None:
    """The examples of the whole tree, cold, protoc included; and what is wrong with them."""
    tree = large_tree()
    whole, alone = in_turn(runs, generate("examples", tree, folder), lambda: protoc(tree, folder))
    row("toolkit generate examples, whole tree", whole, alone, "at most 3.0 × protoc, 600 MiB")
    found = list(Check(compile_tree(import_roots(tree))).faults())
    print(f"{len(found)} faults", *found[:5], sep="\n  ")


def bench_openapi(runs: int, folder: Path) -> None:
    """OpenAPI documents and JSON Schemas of the whole tree, cold, beside the examples that documents contain."""
    tree = large_tree()
    documents, schemas, examples = in_turn(
        runs,
        generate("openapi", tree, folder),
        generate("jsonschema", tree, folder),
        generate("examples", tree, folder),
    )
    row("toolkit generate openapi, whole tree", documents, examples, "at most 1.5 × examples, 600 MiB")
    row("toolkit generate jsonschema, whole tree", schemas, examples, "at most 1.5 × examples, 600 MiB")


def bench_element(runs: int, folder: Path) -> None:
    """The page and the example of one method of the whole tree, which compile only what they need."""
    tree = large_tree()
    roots = [argument for root in import_roots(tree) for argument in ("--proto-path", str(root))]
    methods = sorted(load(compile_tree(import_roots(tree))).methods)
    method = methods[len(methods) // 2]
    page, example, alone = in_turn(
        runs,
        lambda: [*TOOLKIT, "page", method, *roots],
        lambda: [*TOOLKIT, "example", method, *roots],
        lambda: protoc(tree, folder),
    )
    row("toolkit page, one method", page, alone, "at most 0.5 × protoc for the whole tree")
    row("toolkit example, one method", example, alone, "at most 0.5 × protoc for the whole tree")


def bench_check(runs: int, folder: Path) -> None:
    """A check with nothing changed, beside the run that made everything."""
    tree = large_tree()
    roots = ", ".join(f'"{root}"' for root in import_roots(tree))
    settings = folder / "toolkit.toml"
    settings.write_text(f"proto_path = [{roots}]\n[reference]\n")
    make = [*TOOLKIT, "generate", "reference", "--quiet", "--config", str(settings)]
    Series().run(make)
    cold, unchanged = in_turn(
        runs,
        lambda: [*make, "--no-cache", "--out", tempfile.mkdtemp(dir=folder)],
        lambda: [*TOOLKIT, "check", "--config", str(settings)],
    )
    row("toolkit generate reference, cold", cold)
    row("toolkit check, nothing changed", unchanged, cold, "at most 0.15 × the cold run")


BENCHES = {
    "reference": bench_reference,
    "rest": bench_rest,
    "examples": bench_examples,
    "openapi": bench_openapi,
    "check": bench_check,
    "element": bench_element,
    "foreign": bench_foreign,
    "changes": bench_changes,
    "copies": bench_copies,
    "broken": bench_broken,
    "edits": bench_edits,
    "site": bench_site,
    "shards": bench_shards,
}


def main() -> None:
    """Run the benches named, or all."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    known = [*BENCHES, "python", "shapes"]
    parser.add_argument("names", nargs="*", help=f"of {', '.join(known)}; all by default")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument(
        "--peers", action="store_true", help="python, shapes: compare with protobuf-py and betterproto2 too"
    )
    parser.add_argument(
        "--generate", action="store_true", help="python: let the peers generate the whole tree too; slow"
    )
    arguments = parser.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # bytecode is there, as where a program is installed
    for name in arguments.names or known:
        with tempfile.TemporaryDirectory(prefix="toolkit-bench-", dir=MEMORY) as made:
            folder = Path(made)
            if name == "python":
                bench_python(arguments.runs, folder, with_peers=arguments.peers, generating=arguments.generate)
            elif name == "shapes":
                bench_shapes(arguments.runs, folder, chosen(arguments.peers)[:2])
            else:
                BENCHES[name](arguments.runs, folder)


if __name__ == "__main__":
    main()
