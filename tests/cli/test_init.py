"""`toolkit init` finds its way in trees that nobody prepared for it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.support.command import Ran, run
from tests.support.protos_of import proto3, write


def message(package: str, name: str, *imports: str, uses: str = "") -> str:
    """A file with a message, perhaps with a field."""
    return proto3(package, f"message {name} {{ {uses and f'{uses} it = 1;'} }}", *imports)


def service(package: str, name: str, type_: str, *imports: str) -> str:
    """A file with a service."""
    return proto3(package, f"service {name} {{ rpc Get({type_}) returns ({type_}); }}", *imports)


def started(folder: Path, *arguments: str) -> tuple[Ran, dict[str, Any]]:
    """What init says, and the settings that it writes."""
    ran = run("init", *arguments, cwd=folder)
    file = folder / "toolkit.toml"
    return ran, tomllib.loads(file.read_text()) if file.exists() else {}


ID = message("acme.core.v1", "Id")
SHOP = service("acme.shop.v1", "Shop", "acme.core.v1.Id", "acme/core/v1/id.proto")
WORKSPACE = {"core/acme/core/v1/id.proto": ID, "shop/acme/shop/v1/shop.proto": SHOP, "shop/legacy/shop.proto": SHOP}
LAYOUTS: dict[str, tuple[dict[str, str], dict[str, Any]]] = {
    "buf v2 workspace": (
        {
            **WORKSPACE,
            "buf.yaml": "version: v2\nmodules:\n  - path: core\n  - path: shop\n    excludes:\n      - shop/legacy\n",
        },
        {"proto_path": ["core", "shop"], "exclude": ["/shop/legacy"]},
    ),
    "buf v1 workspace": (
        {
            **WORKSPACE,
            "buf.work.yaml": "version: v1\ndirectories:\n  - core\n  - shop\n",
            "core/buf.yaml": "version: v1\n",
            "shop/buf.yaml": "version: v1\nbuild:\n  excludes: [legacy]\n",
        },
        {"proto_path": ["core", "shop"], "exclude": ["/shop/legacy"]},
    ),
    "buf v1beta1 roots": (
        {**WORKSPACE, "buf.yaml": "version: v1beta1\nbuild:\n  roots: [core, shop]\n  excludes: [shop/legacy]\n"},
        {"proto_path": ["core", "shop"], "exclude": ["/shop/legacy"]},
    ),
    "a module of buf below": (
        {"proto/buf.yaml": "version: v1\n", "proto/acme/id.proto": ID, "docs/x.txt": ""},
        {"proto_path": ["proto"]},
    ),
    "several roots by imports": (
        {"a/acme/core/v1/id.proto": ID, "b/acme/shop/v1/shop.proto": SHOP},
        {"proto_path": ["a", "b"]},
    ),
    "files named without directories": (
        {
            "protobufs/rooms.proto": message("live", "Room", "models.proto", uses="Model"),
            "protobufs/models.proto": message("live", "Model"),
            "protobufs/agents/agent.proto": message("live.agents", "Agent", "models.proto", uses="live.Model"),
        },
        {"proto_path": ["protobufs"]},
    ),
    "imports with an alias": (
        {
            "api/kv/kv.proto": message("kv", "Pair"),
            "server/lease.proto": message("lease", "Lease", "acmedb/api/kv/kv.proto", uses="kv.Pair"),
        },
        {"proto_path": ["acmedb=."]},
    ),
    "an alias with a host": (
        {
            "proto/ext/ext.proto": message("ext", "Ext"),
            "proto/main/main.proto": service("main", "Main", "ext.Ext", "github.com/acme/gn/proto/ext/ext.proto"),
        },
        {"proto_path": ["github.com/acme/gn=."]},
    ),
    "vendored imports": (
        {
            "proto/acme/shop/v1/shop.proto": SHOP,
            "third_party/more/acme/core/v1/id.proto": ID,
            "third_party/more/unused.proto": "broken",
        },
        {"proto_path": ["proto"], "import_path": ["third_party/more", "third_party"]},
    ),
    "relative imports": (
        {
            "rpc/main.proto": message("rpc", "Main", "part.proto", uses="Part"),
            "rpc/part.proto": message("rpc", "Part"),
            "rpc/wallet/wallet.proto": message("wallet", "Wallet", "part.proto", uses="rpc.Part"),
        },
        {"proto_path": ["rpc"]},
    ),
    "nothing but packages to go by": (
        {"deep/down/acme/zoo/v1/zoo.proto": message("acme.zoo.v1", "Cat")},
        {"proto_path": ["deep/down"]},
    ),
    "a usual name": ({"proto/zoo.proto": message("acme.zoo", "Cat")}, {"proto_path": ["proto"]}),
    "no directory": ({"zoo.proto": message("acme.zoo", "Cat")}, {"proto_path": ["."]}),
    "one slip": (
        {
            "acme/a.proto": message("acme", "A", "acme/b.proto", uses="B"),
            "acme/b.proto": message("acme", "B"),
            "acme/c.proto": message("acme", "C"),
            "acme/slip.proto": message("acme", "Slip", "c.proto", uses="C"),
        },
        {"proto_path": ["."]},
    ),
    "a copy in a directory": (
        {
            "acme/core/v1/id.proto": ID,
            "acme/shop/v1/shop.proto": SHOP,
            "preview/acme/core/v1/id.proto": ID,
        },
        {"proto_path": ["."]},
    ),
}


@pytest.mark.parametrize("name", LAYOUTS)
@pytest.mark.slow(reason="generates and builds many trees")
def test_layouts(name: str, tmp_path: Path) -> None:
    """The settings are those that a person would write, and give pages at the next command."""
    sources, expected = LAYOUTS[name]
    ran, settings = started(write(tmp_path, sources))
    assert settings == expected
    assert ran.code == 0
    assert "found " in ran.errors
    generated = run("generate", "site", cwd=tmp_path)
    assert generated.code == 0, generated.errors
    assert (tmp_path / "site/reference/index.md").exists()


def test_whole(tmp_path: Path) -> None:
    """Where everything compiles, the contents and the next command are all there is to say."""
    sources, _ = LAYOUTS["buf v2 workspace"]
    ran, _ = started(write(tmp_path, sources))
    assert ran.errors.splitlines() == [
        'toolkit.toml: proto_path = ["core", "shop"], exclude = ["/shop/legacy"] (from buf.yaml)',
        "found 2 packages, 1 service, 1 method in 2 files",
        "next: toolkit build",
    ]


def test_missing_dependencies(tmp_path: Path) -> None:
    """What does not resolve is grouped by import, the most frequent first, with the commands of buf that fetch it."""
    write(
        tmp_path,
        {
            "buf.yaml": "version: v2\ndeps:\n  - buf.build/acme/paint\n",
            "a.proto": service("acme", "A", "paint.Red", "paint/red.proto"),
            "b.proto": service("acme", "B", "paint.Red", "paint/red.proto"),
            "c.proto": service("acme", "C", "paint.Blue", "paint/blue.proto"),
            "d.proto": message("acme", "D"),
        },
    )
    ran, _ = started(tmp_path)
    assert ran.code == 0
    assert (
        "0 of 3 methods; 3 files left out, because 2 imports are missing: paint/red.proto (2 files), "
        "paint/blue.proto (1 file)" in ran.errors
    )
    assert "depends on (buf.build/acme/paint)" in ran.errors
    assert "buf export . --output third_party && toolkit init --force" in ran.errors
    write(tmp_path, {"third_party/paint/red.proto": message("paint", "Red")})
    write(tmp_path, {"third_party/paint/blue.proto": message("paint", "Blue")})
    ran, settings = started(tmp_path, "--force")
    assert settings == {"proto_path": ["."], "import_path": ["third_party"]}
    assert "found 1 package, 3 services, 3 methods in 4 files" in ran.errors


def test_nothing_compiles(tmp_path: Path) -> None:
    """If no file compiles, the settings are there, the cause is said, and the exit code is 1."""
    ran, settings = started(write(tmp_path, {"a.proto": message("acme", "A", "gone/x.proto")}))
    assert (ran.code, settings) == (1, {"proto_path": ["."]})
    assert "nothing compiles" in ran.errors
    assert "gone/x.proto" in ran.errors
    assert "--import-path DIR" in ran.errors


def test_import_path(tmp_path: Path) -> None:
    """Directories that are named are among the settings."""
    write(tmp_path / "tree", {"acme/shop/v1/shop.proto": SHOP})
    write(tmp_path / "deps", {"acme/core/v1/id.proto": ID})
    ran, settings = started(tmp_path / "tree", "--import-path", "../deps")
    assert settings == {"proto_path": ["."], "import_path": ["../deps"]}
    assert "found 1 package, 1 service, 1 method in 1 file" in ran.errors


def test_descriptor_set(tmp_path: Path) -> None:
    """A folder with a descriptor set and no protos is documented from that."""
    write(tmp_path, {"protos/a.proto": service("acme", "A", "B").replace("service", "message B {} service")})
    made = run("init", "protos", cwd=tmp_path)
    assert made.code == 0
    from toolkit.descriptors.compile import compile_tree

    content = compile_tree([tmp_path / "protos"]).descriptor_set
    write(tmp_path / "other", {"api.binpb": content})
    ran, settings = started(tmp_path / "other")
    assert settings == {"descriptor_set": "api.binpb"}
    assert "found 1 package, 1 service, 1 method in 1 file" in ran.errors


@pytest.mark.parametrize(
    "text", ["version: [", "- a\n- b\n", "version: v2\nmodules: 5\n", "\xff\x00", "modules: {a: b}"]
)
def test_odd_files_of_buf(text: str, tmp_path: Path) -> None:
    """A file of buf that cannot be read is an error with its place; anything else in it is passed over."""
    ran, settings = started(write(tmp_path, {"buf.yaml": text, "a.proto": message("acme", "A")}))
    if settings:
        assert (ran.code, settings) == (0, {"proto_path": ["."]})
    else:
        assert ran.code == 2
        assert "buf.yaml" in ran.errors
        assert "not valid YAML" in ran.errors


def test_messages_only(tmp_path: Path) -> None:
    """A tree without services says what it has."""
    ran, _ = started(write(tmp_path, {"a.proto": message("acme", "A") + "enum E { Z = 0; }"}))
    assert "found 1 package, 1 message, 1 enum in 1 file" in ran.errors
