"""A very large tree that others made: google-proto-files from npm, about 8,000 protos of which a few do not compile."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from tests.bench.measure import TOOLKIT, in_turn, row
from toolkit.descriptors.compile import bundled_roots, compile_tree

VERSION = "5.0.3"
CACHE = Path("build/foreign")
METHOD = "google.pubsub.v1.Publisher.Publish"


def google_protos() -> Path:
    """The tree, which npm brings once; the end of the run if there is no npm."""
    target = CACHE / f"google-proto-files-{VERSION}"
    if not target.is_dir():
        npm = shutil.which("npm")
        if npm is None:
            raise SystemExit("no npm: install Node.js")
        CACHE.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=CACHE) as made:
            pack = [npm, "pack", "--silent", "--pack-destination", made, f"google-proto-files@{VERSION}"]
            subprocess.run(pack, check=True, stdout=subprocess.DEVNULL)
            (archive,) = Path(made).glob("*.tgz")
            with tarfile.open(archive) as packed:
                packed.extractall(made, filter="data")
            (Path(made) / "package").rename(target)
    return target


def bench_foreign(runs: int, folder: Path) -> None:
    """One page and one example of the tree, and all of its reference, beside protoc over what compiles of it."""
    tree = google_protos()
    compilation = compile_tree([tree])
    names = folder / "names"
    names.write_text("\n".join(sorted(compilation.requested or ())))
    includes = [f"-I{root}" for root in (tree, tree / "google/protobuf/compiler/ruby", *bundled_roots())]
    options = ["--include_imports", "--include_source_info", f"--descriptor_set_out={folder}/set.binpb"]
    alone = [sys.executable, "-m", "grpc_tools.protoc", *includes, *options, f"@{names}"]
    roots = ["--proto-path", str(tree)]
    reference = [*TOOLKIT, "generate", "reference", "--quiet", "--no-cache", *roots, "--out"]
    page, example, whole, protoc = in_turn(
        runs,
        lambda: [*TOOLKIT, "page", METHOD, *roots],
        lambda: [*TOOLKIT, "example", METHOD, *roots],
        lambda: [*reference, tempfile.mkdtemp(dir=folder)],
        lambda: alone,
    )
    row("protoc alone, google-proto-files", protoc)
    row("toolkit page, one method", page, protoc, "at most 0.5 × protoc for the whole tree")
    row("toolkit example, one method", example, protoc, "at most 0.5 × protoc for the whole tree")
    row("toolkit generate reference", whole, protoc)
    print(f"{len(compilation.requested or ())} files, {len(compilation.left_out)} left out")
