"""Large trees are compiled in shards, with the result of compiling them at once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.protos_of import proto3, write
from toolkit.descriptors import compile as compiling
from toolkit.descriptors.compile import compile_tree, start_compiling
from toolkit.descriptors.dump import dump
from toolkit.descriptors.loader import load, read_tree

BUCKET = proto3("acme.storage.v1", "message Bucket { string name = 1; }")
BROKEN = proto3("acme.storage.v1", "message Bucket {\n  strin name\n}")


def _many(folder: Path) -> Path:
    files = {"acme/options.proto": OPTIONS}
    for n in range(30):
        imports = ["acme/options.proto", *([f"acme/m{n - 1}.proto"] if n else [])]
        body = f"message M{n} {{ option (acme.note) = 'n{n}'; {f'M{n - 1} before = 1;' if n else ''} }}"
        files[f"acme/m{n}.proto"] = proto3("acme", body, *imports)
    return write(folder, files)


OPTIONS = proto3(
    "acme", "extend google.protobuf.MessageOptions { string note = 50001; }", "google/protobuf/descriptor.proto"
)


def test_shards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A tree compiled in shards is the schema that it is compiled at once, by either way to read it."""
    roots = [_many(tmp_path)]
    whole = load(compile_tree(roots))
    assert whole.messages["acme.M7"].options == {"acme.note": "n7"}
    monkeypatch.setattr(compiling, "_SHARD_FROM", 5)
    assert len(list(start_compiling(roots).parts)) > 5
    schema = read_tree(start_compiling(roots))[0]
    assert schema == whole
    assert dump(schema) == dump(whole)


def test_shards_in_children(tmp_path: Path) -> None:
    """A program without threads compiles in forked children, with the same result."""
    roots = [_many(tmp_path)]
    code = (
        "import sys, pathlib\nfrom toolkit.descriptors import compile\nfrom toolkit.descriptors.dump import dump\n"
        "compile._SHARD_FROM = 5\ncompiling = compile.start_compiling([pathlib.Path(sys.argv[1])])\n"
        "from toolkit.descriptors.loader import read_tree\nschema, compilation = read_tree(compiling)\n"
        "print(dump(schema), end='')\nsys.exit(bool(compilation.diagnostics))"
    )
    ran = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, check=True)
    assert ran.stdout.decode() == dump(load(compile_tree(roots)))
    assert not ran.stderr


@pytest.mark.parametrize("name", ["acme/a.proto", "acme/m15.proto", "zoo/z.proto"])
def test_shards_with_a_broken_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """In whichever shard a broken file is, the same is left out as without shards."""
    roots = [write(_many(tmp_path), {name: BROKEN})]
    whole = compile_tree(roots)
    monkeypatch.setattr(compiling, "_SHARD_FROM", 5)
    assert read_tree(start_compiling(roots)) == (load(whole), whole)
    assert name in {p.location.file for p in whole.diagnostics}


def test_shards_that_declare_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two files that declare the same are found in different shards as well."""
    roots = [write(_many(tmp_path), {"acme/a.proto": BUCKET, "zoo/zz.proto": BUCKET})]
    monkeypatch.setattr(compiling, "_SHARD_FROM", 5)
    for compilation in (compile_tree(roots), read_tree(start_compiling(roots))[1]):
        assert [p.location.file for p in compilation.diagnostics] == ["zoo/zz.proto"]
