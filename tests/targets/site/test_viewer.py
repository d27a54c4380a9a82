"""Which pages show OpenAPI documents, and where they are linked."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.command import run
from tests.support.protos_of import proto3, write

METHOD = 'rpc Get(M) returns (M) { option (google.api.http) = { get: "/v1/m" }; }'
SOURCES = {
    "protos/a.proto": proto3("acme.v1", f"service S {{ {METHOD} }} message M {{}}", "google/api/annotations.proto"),
    "protos/b.proto": proto3("acme.v2", f"service S {{ {METHOD} }} message M {{}}", "google/api/annotations.proto"),
    "protos/c.proto": proto3("other.v1", "service S { rpc Get(M) returns (M); } message M {}"),
}
SETTINGS = (
    'proto_path = ["protos"]\ncatalog = "catalog.toml"\n[site]\nviewer = true\n[openapi]\nout = "site/api docs"\n'
)
CATALOG = '[[package]]\nname = "acme.v2"\ntitle = "Things *and* \\"more\\""\ndocs_path = "things"\n'
LINK = "[Read the OpenAPI document]"


def _site(folder: Path, settings: str = SETTINGS) -> dict[str, str]:
    """The pages and the navigation, by path."""
    write(folder, {**SOURCES, "toolkit.toml": settings, "catalog.toml": CATALOG})
    for target in ("site", "openapi"):
        ran = run("generate", target, cwd=folder)
        assert ran.code == 0, ran.errors
    paths = [*folder.glob("site/reference/**/*.md"), folder / "mkdocs.yml"]
    return {path.relative_to(folder).as_posix(): path.read_text() for path in paths}


def _document(folder: Path, path: str, page: str) -> Path:
    """The file that the page of a document links."""
    address = page.partition("](")[2].partition(")")[0]
    return (folder / path).parent / address.replace("%20", " ")


def test_each_package(tmp_path: Path) -> None:
    """A package with a document has a page that links it; its own page and the navigation lead there."""
    found = _site(tmp_path)
    for package in ("acme.v1", "acme.v2"):
        path = f"site/reference/{package}/open-api.md"
        assert _document(tmp_path, path, found[path]).resolve() == tmp_path / f"site/api docs/{package}.json"
        assert _document(tmp_path, path, found[path]).is_file()
        assert f"{LINK}(open-api.md)" in found[f"site/reference/{package}/index.md"]
        assert f'"OpenAPI": reference/{package}/open-api.md' in found["mkdocs.yml"].replace("'", '"')
    assert "site/reference/other.v1/open-api.md" not in found
    assert LINK not in found["site/reference/other.v1/index.md"]
    assert 'title: "OpenAPI: Things *and* \\"more\\""' in found["site/reference/acme.v2/open-api.md"]
    assert "# OpenAPI: Things \\*and\\*" in found["site/reference/acme.v2/open-api.md"]


def test_without_package(tmp_path: Path) -> None:
    """Files without a package have a document as others do."""
    write(tmp_path, {"protos/d.proto": SOURCES["protos/a.proto"].replace("package acme.v1;", "")})
    found = _site(tmp_path)
    path = "site/reference/_/open-api.md"
    assert _document(tmp_path, path, found[path]).resolve() == tmp_path / "site/api docs/openapi.json"
    assert _document(tmp_path, path, found[path]).is_file()


def test_merged(tmp_path: Path) -> None:
    """The one document of all packages has one page."""
    found = _site(tmp_path, f'{SETTINGS}merge = "all"\ntitle = "Acme"\nformat = "yaml"\n')
    page = "site/reference/open-api.md"
    assert _document(tmp_path, page, found[page]).resolve() == tmp_path / "site/api docs/all.yaml"
    assert "# OpenAPI: Acme" in found[page]
    assert [path for path in found if path.endswith("/open-api.md")] == [page]
    for package in ("acme.v1", "acme.v2"):
        assert f"{LINK}(../open-api.md)" in found[f"site/reference/{package}/index.md"]
    assert found["mkdocs.yml"].count("reference/open-api.md") == 1


def test_not_wanted(tmp_path: Path) -> None:
    """By default there are no such pages."""
    found = _site(tmp_path, SETTINGS.replace("viewer = true\n", ""))
    assert not [path for path, text in found.items() if "open-api" in path + text]


@pytest.mark.parametrize("out", ["build/openapi", "."])
def test_documents_elsewhere(tmp_path: Path, out: str) -> None:
    """Where documents are not on the site, the error says where to write them, and nothing is written."""
    settings = SETTINGS.replace("site/api docs", out)
    write(tmp_path, {**SOURCES, "toolkit.toml": settings, "catalog.toml": CATALOG})
    ran = run("generate", "site", cwd=tmp_path)
    assert ran.code != 0
    assert "[site] viewer shows documents of the site" in ran.errors
    assert "site/openapi" in ran.errors
    assert not (tmp_path / "site").exists()
