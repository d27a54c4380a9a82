"""Which files of a tree are asked for, and under which names."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.protos_of import proto3, write
from toolkit.descriptors.compile import compile_tree, read_descriptor_set
from toolkit.descriptors.loader import load
from toolkit.descriptors.roots import Root, Tree
from toolkit.errors import InputError

LEAF = proto3("acme.leaf", "message Leaf { string name = 1; }")
USER = proto3("acme.tree", "message Tree { acme.leaf.Leaf leaf = 1; }", "acme/leaf.proto")


def asked_for(tree: Tree) -> set[str]:
    """The files that are asked for, all of which compile."""
    compilation = compile_tree(tree)
    assert not compilation.diagnostics
    return {name for name, file in load(compilation).files.items() if file.requested}


def test_import_path(tmp_path: Path) -> None:
    """What is only imported is compiled where it is, and not asked for."""
    write(tmp_path, {"own/acme/tree.proto": USER, "vendor/acme/leaf.proto": LEAF, "vendor/acme/other.proto": "broken"})
    tree = Tree((Root(tmp_path / "own"),), imports=(Root(tmp_path / "vendor"),))
    assert asked_for(tree) == {"acme/tree.proto"}


def test_import_path_inside_a_root(tmp_path: Path) -> None:
    """A folder of imports may be in a root: its files have their names below it, and are not asked for."""
    write(tmp_path, {"acme/tree.proto": USER, "lib/acme/leaf.proto": LEAF})
    tree = Tree((Root(tmp_path),), imports=(Root(tmp_path / "lib"),))
    assert asked_for(tree) == {"acme/tree.proto"}


@pytest.mark.parametrize("pattern", ["preview/**", "preview", "/preview/", "pre*/**/*.proto", "{home}/preview/**"])
def test_exclude(tmp_path: Path, pattern: str) -> None:
    """Patterns match names and paths; what is excluded does not conflict, and can be imported."""
    write(
        tmp_path / "protos",
        {
            "acme/leaf.proto": LEAF,
            "acme/tree.proto": USER,
            "preview/acme/leaf.proto": LEAF,
            "preview/fresh.proto": proto3("fresh", "message Fresh {}"),
            "acme/uses.proto": proto3("acme.uses", "message M { fresh.Fresh f = 1; }", "preview/fresh.proto"),
        },
    )
    pattern = pattern.replace("{home}", "/protos")
    tree = Tree((Root(tmp_path / "protos"),), exclude=(pattern,), home=tmp_path)
    assert asked_for(tree) == {"acme/leaf.proto", "acme/tree.proto", "acme/uses.proto"}


def test_everything_excluded(tmp_path: Path) -> None:
    """A tree of which nothing is left is refused, and so is a pattern that is none."""
    write(tmp_path, {"acme/leaf.proto": LEAF})
    with pytest.raises(InputError, match=r"every \.proto file in .* is excluded"):
        compile_tree(Tree((Root(tmp_path),), exclude=("**",)))


def test_prefix(tmp_path: Path) -> None:
    """A prefix is in front of the names of a root, as imports have it."""
    write(
        tmp_path,
        {
            "api/leaf.proto": LEAF,
            "server/tree.proto": USER.replace("acme/leaf.proto", "github.com/acme/api/leaf.proto"),
        },
    )
    tree = Tree((Root.parse("github.com/acme=.", tmp_path),))
    assert asked_for(tree) == {"github.com/acme/api/leaf.proto", "github.com/acme/server/tree.proto"}


def test_error_behind_a_prefix(tmp_path: Path) -> None:
    """An error is reported by the name with the prefix."""
    write(tmp_path, {"api/leaf.proto": LEAF, "api/bad.proto": proto3("bad", "message Bad { Gone gone = 1; }")})
    (diagnostic,) = compile_tree(Tree((Root.parse("acme=api", tmp_path),))).diagnostics
    assert str(diagnostic).startswith('acme/api/bad.proto:3:15: "Gone" is not defined'.replace("api/", ""))


def test_folder_with_an_equals_sign(tmp_path: Path) -> None:
    """A folder whose name looks like a prefix and a folder is that folder."""
    write(tmp_path, {"a=b/leaf.proto": LEAF})
    assert asked_for(Tree((Root.parse("a=b", tmp_path),))) == {"leaf.proto"}


def test_two_names_of_one_file(tmp_path: Path) -> None:
    """Of the names of one file, through links or prefixes, the one that is imported stays."""
    write(tmp_path, {"api/leaf.proto": LEAF, "api/alone.proto": proto3("alone", "message Alone {}")})
    write(tmp_path, {"api/tree.proto": USER.replace("acme/leaf", "mirror/leaf")})
    (tmp_path / "mirror").symlink_to("api")
    assert asked_for(Tree((Root(tmp_path),))) == {"mirror/leaf.proto", "api/alone.proto", "api/tree.proto"}
    (tmp_path / "mirror").unlink()
    tree = Tree((Root(tmp_path), Root(tmp_path / "api", "mirror")))
    assert "mirror/leaf.proto" in asked_for(tree)
    assert len(asked_for(tree)) == 3


def test_linked_folders(tmp_path: Path) -> None:
    """A farm of links is a tree."""
    write(tmp_path, {"elsewhere/leaf.proto": LEAF, "farm/readme": ""})
    (tmp_path / "farm/acme").symlink_to(tmp_path / "elsewhere")
    assert asked_for(Tree((Root(tmp_path / "farm"),))) == {"acme/leaf.proto"}


def test_links_in_circles(tmp_path: Path) -> None:
    """Links to what they are in, to each other and to nothing end somewhere, and bring in nothing from above the root."""
    write(tmp_path, {"outside.proto": "broken", "protos/a/leaf.proto": LEAF, "protos/b/c/x.proto": proto3("x", "")})
    links = {"self": ".", "up": "..", "top": "/", "a/up": "..", "a/b": "../b", "b/c/a": "../../a", "gone": "nowhere"}
    for name, target in links.items():
        (tmp_path / "protos" / name).symlink_to(target)
    assert asked_for(Tree((Root(tmp_path / "protos"),))) == {"a/leaf.proto", "b/c/x.proto"}


def test_vendored_copies(tmp_path: Path) -> None:
    """Copies of what comes with the toolkit are not documented, unless they are among others of their kind."""
    http = proto3("google.api", "message Http {}")
    own = proto3("acme", "message Own { google.api.Http http = 1; }", "google/api/http.proto")
    write(tmp_path, {"acme/own.proto": own, "google/api/http.proto": http})
    assert asked_for(Tree((Root(tmp_path),))) == {"acme/own.proto"}
    assert "google.api.Http" in load(compile_tree([tmp_path])).messages
    write(tmp_path, {"google/acme/zoo.proto": proto3("google.acme", "message Zoo {}")})
    assert asked_for(Tree((Root(tmp_path),))) == {"acme/own.proto", "google/api/http.proto", "google/acme/zoo.proto"}


def test_image_of_buf(tmp_path: Path) -> None:
    """Files that an image marks as imports are not asked for."""
    write(
        tmp_path,
        {
            "buf.yaml": "version: v2\nmodules:\n  - path: own\n  - path: lib\n",
            "own/acme/tree.proto": USER,
            "lib/acme/leaf.proto": LEAF,
        },
    )
    buf = Path(sys.executable).with_name("buf")
    subprocess.run([buf, "build", "own", "-o", "own.binpb"], cwd=tmp_path, check=True)
    files = load(read_descriptor_set(tmp_path / "own.binpb")).files
    assert {name: file.requested for name, file in files.items()} == {
        "acme/tree.proto": True,
        "acme/leaf.proto": False,
    }
