"""What is left out of a tree that does not compile whole: as little as can be, with its cause."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.support.copied_trees import copied_tree
from tests.support.protos_of import proto3, write
from tests.support.work import growth
from toolkit.descriptors import compile as compiling
from toolkit.descriptors import partial, protoc
from toolkit.descriptors.compile import Compilation, compile_tree, refusal, start_compiling
from toolkit.descriptors.declarations import Declared
from toolkit.descriptors.loader import load, read_tree
from toolkit.descriptors.outside import outside
from toolkit.descriptors.roots import Root
from toolkit.errors import Diagnostic, InputError, Location, grouped

BASE = {name: proto3("acme.base", f"message {name} {{}}") for name in "AB"}
SHOP = proto3("acme.shop", "message Cart { acme.base.B b = 1; }\nservice Shop {}", "acme/base/b.proto")
TREE = {"acme/base/a.proto": BASE["A"], "acme/base/b.proto": BASE["B"], "acme/shop/shop.proto": SHOP}


def left_out(compilation: Compilation) -> dict[str, str]:
    """The files that were left out, and the cause of each."""
    return {d.location.file: d.cause for d in compilation.diagnostics}


def both_ways(folder: Path, files: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Compilation:
    """A tree compiled at once and in shards, with the same result."""
    roots = [write(folder, files)]
    whole = compile_tree(roots)
    with monkeypatch.context() as patch:
        patch.setattr(compiling, "_SHARD_FROM", 2)
        schema, compilation = read_tree(start_compiling(roots))
    assert schema == load(whole)
    assert compilation.diagnostics == whole.diagnostics
    return whole


@pytest.mark.parametrize("folder", ["preview", "aaa", "third_party/vendor", "zoo"])
def test_copies_in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str) -> None:
    """Of a file and its copy in a folder the copy goes, whatever sorts first; the original, its importers and others stay."""
    copies = {f"{folder}/{name}": text for name, text in TREE.items() if "base" in name}
    fresh = {f"{folder}/fresh.proto": proto3("fresh", "message F { acme.base.B b = 1; }", "acme/base/b.proto")}
    compilation = both_ways(tmp_path, {**TREE, **copies, **fresh}, monkeypatch)
    assert compilation.requested == {*TREE, *fresh}
    first = f"{folder}/acme/base/a.proto"
    assert left_out(compilation) == {first: "", f"{folder}/acme/base/b.proto": first}
    (line,) = grouped(compilation.diagnostics)
    assert str(line) == (
        f'{first}: declares "acme.base.A" again, which is declared in acme/base/a.proto; '
        f"left out with it: {folder}/acme/base/b.proto"
    )


def test_importers_of_a_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What imports the copy by its name goes with it, as the same cause."""
    importer = proto3("late", "message L { acme.base.B b = 1; }", "zz/acme/base/b.proto")
    compilation = both_ways(
        tmp_path, {**TREE, "zz/acme/base/b.proto": BASE["B"], "zz/late.proto": importer}, monkeypatch
    )
    assert left_out(compilation) == {"zz/acme/base/b.proto": "", "zz/late.proto": "zz/acme/base/b.proto"}


def test_what_is_imported_is_the_original(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two files that declare the same the one that others import stays, though its name is longer."""
    files = {"b.proto": BASE["B"], "acme/base/b.proto": BASE["B"], "acme/shop/shop.proto": SHOP}
    assert left_out(both_ways(tmp_path, files, monkeypatch)) == {"b.proto": ""}


def test_copies_of_another_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Copies that their names do not show are found too: of one file they are one cause."""
    copies = {f"old/copy{n}.proto": BASE["B"] for n in range(5)}
    compilation = both_ways(tmp_path, {**TREE, **copies}, monkeypatch)
    assert set(left_out(compilation)) == set(copies)
    (line,) = grouped(compilation.diagnostics)
    assert line.message.endswith("left out with it: old/copy1.proto, old/copy2.proto, old/copy3.proto and 1 more files")


def test_same_names_that_are_no_copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files whose names end alike and that declare other things all stay."""
    files = {**TREE, "preview/acme/base/b.proto": proto3("preview.base", "message B {}"), "b.proto": proto3("b", "")}
    compilation = both_ways(tmp_path, files, monkeypatch)
    assert (compilation.requested, compilation.diagnostics) == (set(files), ())


@pytest.mark.parametrize("fault", ["message A { Gone g = 1; }", 'import "gone.proto"; message A {}'])
def test_copy_of_what_is_broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    """Where the original does not compile, its copy takes its place."""
    files = {"acme/a.proto": proto3("acme", fault), "old/acme/a.proto": proto3("acme", "message A {}")}
    compilation = both_ways(tmp_path, files, monkeypatch)
    assert compilation.requested == {"old/acme/a.proto"}
    assert left_out(compilation) == {"acme/a.proto": ""}


def test_values_of_enums_that_clash(tmp_path: Path) -> None:
    """Enum values are siblings of their enum: of files that declare one twice, only one stays, imported or shorter."""
    files = {f"{'x' * n}.proto": proto3("acme", f"enum E{n} {{ Z{n} = 0; SAME = 1; }}") for n in (1, 2, 3)}
    files["user.proto"] = proto3("acme", "message U { E3 e = 1; }", "xxx.proto")
    compilation = compile_tree([write(tmp_path, files)])
    assert compilation.requested == {"user.proto", "xxx.proto"}
    assert set(left_out(compilation)) == {"x.proto", "xx.proto"}


def test_what_declares_the_same_as_its_import(tmp_path: Path) -> None:
    """A file that declares again what it imports goes itself, though its name is shorter and others import it."""
    files = {
        "long.proto": proto3("acme", "message M {}"),
        "x.proto": proto3("acme", "enum E { M = 0; }", "long.proto"),
        "user.proto": proto3("user", "", "x.proto"),
    }
    compilation = compile_tree([write(tmp_path, files)])
    assert left_out(compilation) == {"x.proto": "", "user.proto": "x.proto"}


def test_copy_of_a_bundled_file(tmp_path: Path) -> None:
    """Where a file of the tree declares what a bundled one does, the bundled one and its importers stay."""
    files = {
        "own/latlng.proto": proto3("google.type", "message LatLng { double latitude = 1; }"),
        "a.proto": proto3("acme", "message A { google.type.LatLng l = 1; }", "google/type/latlng.proto"),
        "b.proto": proto3("acme", "message B {}"),
    }
    compilation = compile_tree([write(tmp_path, files)])
    assert compilation.requested == {"a.proto", "b.proto"}


@pytest.mark.parametrize("copy", ["", "preview"])
def test_large_tree(tmp_path: Path, copy: str) -> None:
    """Of a tree with a complete copy in a folder all is loaded that the tree without it has."""
    schema, compilation = read_tree(start_compiling([copied_tree(tmp_path, 300, copy)]))
    assert len(schema.methods) == 150
    assert len(compilation.diagnostics) == (300 if copy else 0)
    assert len(grouped(compilation.diagnostics)) == (1 if copy else 0)


def test_causes_first(tmp_path: Path) -> None:
    """However long the chain, the file that fails is the cause of all that imports it, and is what is said."""
    files = {f"m{n}.proto": proto3("acme", f"message M{n} {{}}", f"m{n + 1}.proto") for n in range(12)}
    files |= {"m12.proto": proto3("acme", "message M12 { Missing m = 1; }"), "good.proto": proto3("acme", "")}
    compilation = compile_tree([write(tmp_path, files)])
    assert left_out(compilation) == {f"m{n}.proto": "" if n == 12 else "m12.proto" for n in range(13)}
    error = refusal(compilation.diagnostics)
    assert str(error) == (
        "13 files do not compile and --strict is set:\n"
        '  m12.proto:3:15: "Missing" is not defined; left out with it: m0.proto, m1.proto, m10.proto and 9 more files'
    )


def test_many_causes() -> None:
    """An error names causes up to a number, and how many there are."""
    lines = str(refusal([Diagnostic(Location(f"{n}.proto"), "x") for n in range(100)])).splitlines()
    assert lines[:2] == ["100 files do not compile and --strict is set:", "  0.proto: x"]
    assert lines[-1] == "  … and 80 more causes"


def test_grouped_with_other_warnings() -> None:
    """Only what a file was left out for is counted with it; what follows from nothing that is known is said by itself."""
    found = [Diagnostic(Location("a"), "why."), Diagnostic(Location("b"), "for a", cause="a")]
    others = [Diagnostic(Location("a"), "another"), Diagnostic(Location("c"), "for d", cause="d")]
    lines = ["a: why; left out with it: b", "a: another", "c: for d"]
    assert list(map(str, grouped([*found, *others]))) == lines


class Runs:
    """What protoc is asked to compile."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.names: list[Sequence[str]] = []
        real = protoc.start

        def start(
            includes: Sequence[Path], names: Sequence[str], shards: int | None = None
        ) -> tuple[ExitStack, object]:
            self.names.append(names)
            return real(includes, names, shards)

        monkeypatch.setattr(protoc, "start", start)


def test_missing_imports_need_no_protoc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files that import what no root holds are left out at once, as one cause for each such import."""
    files = {f"a{n:03}.proto": proto3("acme", f"message A{n} {{}}", f"gone/{n % 2}.proto") for n in range(150)}
    files |= {"user.proto": proto3("acme", "message U {}", "a001.proto"), "good.proto": proto3("acme", "")}
    runs = Runs(monkeypatch)
    compilation = compile_tree([write(tmp_path, files)])
    assert runs.names == [["good.proto"]]
    assert [str(d).partition(";")[0] for d in grouped(compilation.diagnostics)] == [
        'a000.proto:3:1: Import "gone/0.proto" was not found',
        'a001.proto:3:1: Import "gone/1.proto" was not found',
    ]
    assert left_out(compilation)["user.proto"] == "a001.proto"
    assert "--import-path" in compilation.diagnostics[0].hint


def test_option_import_that_is_missing(tmp_path: Path) -> None:
    """Protoc itself crashes on a missing `import option`; here the file is left out like any other."""
    option = 'edition = "2024";\npackage acme;\nimport option "gone.proto";\nmessage O {}\n'
    compilation = compile_tree([write(tmp_path, {"o.proto": option, "good.proto": proto3("acme", "")})])
    assert left_out(compilation) == {"o.proto": ""}


def test_imports_in_comments(tmp_path: Path) -> None:
    """An import that is commented out is not one: the file stays though that file is missing or broken."""
    comment = '/*\nimport "gone.proto";\nimport "bad.proto";\n*/\n'
    files = {"a.proto": proto3("acme", f"{comment}message A {{}}"), "bad.proto": proto3("acme", "message {}")}
    compilation = compile_tree([write(tmp_path, files)])
    assert compilation.requested == {"a.proto"}


def test_imports_that_only_protoc_sees(tmp_path: Path) -> None:
    """An import with a comment in it is one all the same."""
    files = {
        "a.proto": 'syntax = "proto3";\nimport /* here */ "bad.proto";\n',
        "b.proto": 'syntax = "proto3";\nimport /* here */ "gone.proto";\n',
        "bad.proto": proto3("acme", "message {}"),
        "good.proto": proto3("acme", ""),
    }
    compilation = compile_tree([write(tmp_path, files)])
    assert left_out(compilation) == {"a.proto": "bad.proto", "b.proto": "", "bad.proto": ""}
    assert {d.location.file: d.hint for d in compilation.diagnostics}["b.proto"] == partial._ADD_FOLDER


@pytest.mark.parametrize("fault", ["message {}", "message A { Gone g = 1; }", 'import /**/ "gone.proto";'])
def test_many_that_fail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    """However many files fail, protoc runs as often as for one: each is a cause, and the others are left."""
    files = {f"bad/m{n:03}.proto": proto3(f"acme.p{n}", fault) for n in range(200)}
    files |= {f"m{n:03}.proto": proto3(f"acme.m{n}", "message M {}", f"bad/m{n:03}.proto") for n in range(50)}
    files["good.proto"] = proto3("good", "message G {}")
    runs = Runs(monkeypatch)
    compilation = compile_tree([write(tmp_path, files)])
    assert compilation.requested == {"good.proto"}
    assert len(runs.names) == 3  # all; all once more, for what is wrong with each; the rest
    assert {name for name, cause in left_out(compilation).items() if not cause} == {n for n in files if "bad" in n}
    assert all(d.location.line for d in compilation.diagnostics)


def test_name_with_quotes(tmp_path: Path) -> None:
    """Files whose names have quotes are among those that are left out for their own errors."""
    files = {
        "it's.proto": proto3("a", "message {}"),
        'a"b.proto': proto3("b", "message {}"),
        "c.proto": proto3("c", ""),
    }
    assert left_out(compile_tree([write(tmp_path, files)])) == {"it's.proto": "", 'a"b.proto': ""}


def test_importer_of_what_is_kept(tmp_path: Path) -> None:
    """A file that imports the kept one of two that declare the same stays, whichever of them protoc objects to."""
    files = {
        "a.proto": proto3("acme", "enum A { A0 = 0; SAME = 1; }"),
        "kept.proto": proto3("acme", "enum K { K0 = 0; SAME = 1; }"),
        "user.proto": proto3("user", "message U { acme.K k = 1; }", "kept.proto"),
    }
    compilation = compile_tree([write(tmp_path, files)])
    assert (compilation.requested, left_out(compilation)) == ({"kept.proto", "user.proto"}, {"a.proto": ""})


def test_circle_of_imports(tmp_path: Path) -> None:
    """Of files that import each other the circle is the cause, and the others follow from it."""
    circle = {f"{name}.proto": proto3(name, "", f"{other}.proto") for name, other in ("ab", "bc", "ca")}
    compilation = compile_tree([write(tmp_path, {**circle, "good.proto": proto3("good", "")})])
    (line,) = grouped(compilation.diagnostics)
    assert str(line).startswith(
        "a.proto:3:1: File recursively imports itself: a.proto -> b.proto -> c.proto -> a.proto"
    )


def test_missing_import_that_is_only_in_a_comment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A tree in which such an import is commented out is compiled once, as any other."""
    files = {"a.proto": proto3("acme", '/* import "gone.proto"; */'), "b.proto": proto3("acme", "message B {}")}
    runs = Runs(monkeypatch)
    compile_tree([write(tmp_path, files)])
    assert runs.names == [["a.proto", "b.proto"]]


def test_search_outside_the_tree_is_linear(tmp_path: Path) -> None:
    """What files import is looked up at the same cost a file in a large tree as in a small one."""
    files = {f"m{n}.proto": tmp_path / f"m{n}.proto" for n in range(4000)}
    write(tmp_path, {name: proto3("acme", "", "m0.proto") for name in files})
    names = sorted(files)

    def work(size: int) -> None:
        outside({name: files[name] for name in names[:size]}, [Root(tmp_path)], Declared())

    assert growth(work, 500, 4000) < 2


def test_nothing_compiles(tmp_path: Path) -> None:
    """A tree of which nothing compiles is refused with the causes, not with what follows from them."""
    files = {f"a{n}.proto": proto3("acme", "", "z.proto") for n in range(9)} | {"z.proto": proto3("acme", "message {}")}
    with pytest.raises(InputError, match=r"no file compiles: z\.proto:3:9: .*; left out with it: a0\.proto, ") as error:
        compile_tree([write(tmp_path, files)])
    assert "imports" not in str(error.value)
