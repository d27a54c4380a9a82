"""Pages offer the files that other targets write below the site."""

from __future__ import annotations

from pathlib import Path

from tests.support.command import run
from tests.support.protos_of import proto3, write

SOURCES = {
    "protos/a.proto": proto3(
        "acme.v1",
        'service S { rpc Get(M) returns (M) { option (google.api.http) = { get: "/v1/m" }; } } message M { N n = 1; message N {} }',
        "google/api/annotations.proto",
    ),
    "protos/b.proto": proto3("other.v1", "service S { rpc Get(M) returns (M); } message M {}"),
}


def _site(folder: Path, *settings: str) -> dict[str, str]:
    """The pages with these settings, by path."""
    write(folder, {**SOURCES, "toolkit.toml": "\n".join(['proto_path = ["protos"]', *settings])})
    for target in ("openapi", "jsonschema", "descriptors", "site"):
        ran = run("generate", target, cwd=folder)
        assert ran.code == 0, ran.errors
    return {path.relative_to(folder).as_posix(): path.read_text() for path in folder.glob("site/reference/**/*.md")}


def _linked(page: str, path: str, title: str) -> Path:
    """The file that a page links to with a title."""
    (address,) = (part.partition(")")[0] for part in page.split(f"[{title}](")[1:])
    return Path(path).parent / address


def test_links(tmp_path: Path) -> None:
    """A package links its OpenAPI document, if it has one, and a message its JSON Schema."""
    found = _site(tmp_path, "[openapi]", 'out = "site/files/api docs"', "[jsonschema]", 'out = "site/schemas"')
    package = "site/reference/acme.v1/index.md"
    assert _linked(found[package], package, "OpenAPI") == Path(
        "site/reference/acme.v1/../../files/api%20docs/acme.v1.json"
    )
    assert "[OpenAPI]" not in found["site/reference/other.v1/index.md"]
    for name in ("acme.v1/M", "acme.v1/M.N", "other.v1/M"):
        path = f"site/reference/{name}.md"
        schema = tmp_path / _linked(found[path], path, "JSON Schema")
        assert schema.is_file()
        assert f"/{schema.name}" == f"/{name.replace('/', '.')}.schema.json"


def test_descriptors(tmp_path: Path) -> None:
    """A package links its descriptor set."""
    found = _site(tmp_path, "[descriptors]", 'out = "site/sets"')
    for name in ("acme.v1", "other.v1"):
        path = f"site/reference/{name}/index.md"
        made = tmp_path / _linked(found[path], path, "Descriptor set")
        assert (made.is_file(), made.name) == (True, f"{name}.binpb")


def test_merged_yaml(tmp_path: Path) -> None:
    """If there is one document, the packages in it link that."""
    found = _site(tmp_path, "[openapi]", 'out = "site/api"', 'merge = "all"', 'format = "yaml"')
    package = "site/reference/acme.v1/index.md"
    assert (tmp_path / _linked(found[package], package, "OpenAPI")).name == "all.yaml"
    assert (tmp_path / "site/api/all.yaml").is_file()


def test_no_links(tmp_path: Path) -> None:
    """What is written elsewhere is not offered."""
    found, titles = _site(tmp_path), ("OpenAPI", "JSON Schema", "Descriptor set")
    assert not any(f"[{title}]" in page for page in found.values() for title in titles)
