"""`toolkit generate site`: pages that MkDocs and Zensical take without a warning, whatever the tree."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.command import run, written
from tests.support.protos_of import proto3, write
from tests.support.site_trees import PAGES, TREE, build, html, text


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of a small tree, generated once."""
    pin = '[examples.values]\n"GetRequest.name" = "books/dune"\n'
    folder = write(tmp_path_factory.mktemp("site"), {**TREE, "toolkit.toml": pin})
    ran = run("generate", "site", "--proto-path", "protos", cwd=folder)
    assert ran.code == 0, ran.errors
    assert "unresolved reference [Nowhere.name]" in ran.errors
    return folder


def test_pages(site: Path) -> None:
    """A page for each package, service, method, message and enum, with what MkDocs needs beside them."""
    made = set(written(site))
    names = ["index", "Library", *(f"Library.{m}" for m in ("Get", "Read", "Chat", "Same", "Print"))]
    names += ["GetRequest", "Book", "Book.Genre", "Page", "Shelf", "Room"]
    assert {f"{PAGES}/{name}.md" for name in names} == {path for path in made if path.startswith(PAGES)}
    assert {"mkdocs.yml", "site/index.md", "site/reference/index.md", "site/reference/types.md"} <= made
    assert {"site/.toolkit/mkdocs.yml", "site/.toolkit/theme/main.html", "site/assets/toolkit/site.css"} <= made


@pytest.mark.slow(reason="builds a site with MkDocs")
@pytest.mark.parametrize("program", ["mkdocs", "zensical"])
def test_strict_builds(site: Path, program: str) -> None:
    """The same mkdocs.yml builds under both programs, without a warning."""
    said = build(site, program)
    assert "WARNING" not in said
    assert 'id="acme.library.v1.Book.title"' in html(site, "Book")


@pytest.mark.slow(reason="builds a site with MkDocs")
def test_anchors_are_full_names(site: Path) -> None:
    """Every element has its full name as its anchor on its page, and fields of messages on the pages of methods too."""
    build(site)
    assert re.findall(r'<h\d[^>]* id="(acme[^"]*)"', html(site, "Book")) == [
        "acme.library.v1.Book",
        *(
            f"acme.library.v1.Book.{n}"
            for n in ["title", "year", "pages", "sequels", "genre", "shelf", "lent_to", "old_name"]
        ),
    ]
    assert 'id="acme.library.v1.Book.place"' in html(site, "Book")
    assert re.findall(r'<h\d[^>]* id="(acme[^"]*)"', html(site, "Book.Genre")) == [
        "acme.library.v1.Book.Genre",
        *(f"acme.library.v1.Book.{n}" for n in ("GENRE_UNSPECIFIED", "FICTION", "FACT")),
    ]
    ids = re.findall(r' id="(acme[^"]*)"', html(site, "Library.Get"))
    assert ids[0] == "acme.library.v1.Library.Get"
    assert len(ids) == len(set(ids))
    assert {"acme.library.v1.GetRequest.name", "acme.library.v1.Shelf.room", "acme.library.v1.Room"} < set(ids)


def test_what_a_field_says(site: Path) -> None:
    """Name, linked type, number, JSON name, presence, whether it is required or deprecated, its values and group."""
    book = text(site, "Book")
    facts = dict(re.findall(r"^### (\w+) \{.*\n\n(.*)$", book, re.M))
    assert facts["title"] == "`string` · number 1"
    assert facts["year"] == "`int32` · number 2 · explicit presence"
    assert facts["pages"] == "map of `string` to [Page](../acme.library.v1/Page.md) · number 3"
    assert facts["sequels"] == "repeated [Book](../acme.library.v1/Book.md) · number 4"
    assert facts["old_name"].startswith("`string` · **deprecated**{ .deprecated } · number 8 · JSON `oldName`")
    assert text(site, "Library.Get").count("`string` · **required**{ .required } · number 1\n") == 1
    address = "../acme.library.v1/Book.Genre.md#acme.library.v1.Book.FICTION"
    assert f"- [FICTION]({address}) = 1: Made up." in book
    group = book[book.index("At most one of these fields is set: oneof **place**") :]
    assert group.index("Where it is.") < group.index("### shelf") < group.index("### lent_to") < group.index("\n/////")
    assert "Reserved: 9, 11 to 13, `isbn`." in book


def test_what_a_method_says(site: Path) -> None:
    """Kind, verb and path; request and response as example and sample; commands and code that call it."""
    get, chat = text(site, "Library.Get"), text(site, "Library.Chat")
    assert "**GET**{ .badge .http } `/v1/{name=books/*}`" in get
    assert "**unary**" not in get
    assert "\n`acme.library.v1.Library/Get`\n{ .full-name }\n" in get
    assert "**bidirectional streaming**{ .badge } **deprecated**{ .badge .deprecated }" in chat
    assert "**server streaming**" in text(site, "Library.Read")
    labels = re.findall(r"^/// tab \| (.*)$", get, re.M)
    assert labels == ["Example", "Schema", "grpcurl", "curl", "Python", "Example", "Response schema"]
    assert [label for label in re.findall(r"^/// tab \| (.*)$", chat, re.M) if label == "curl"] == []
    assert "[`Book`](../acme.library.v1/Book.md), as in the [request](#acme.library.v1.Book)." in text(
        site, "Library.Same"
    )
    assert "[Book](../acme.library.v1/Book.md)" in get
    assert "and Nowhere.name." in get


def test_chosen_snippets(tmp_path: Path) -> None:
    """A method has the snippets that the settings name, in their order."""
    settings = 'proto_path = ["protos"]\n[examples]\nsnippets = ["csharp", "buf", "java"]\n'
    write(tmp_path, {**TREE, "toolkit.toml": settings})
    assert run("generate", "site", cwd=tmp_path).code == 0
    labels = re.findall(r"^/// tab \| (.*)$", text(tmp_path, "Library.Get"), re.M)
    assert labels[2:5] == ["C#", "buf curl", "Java"]


def test_operations(site: Path) -> None:
    """A method that starts an operation says how to wait for it, with its types, in words and as a diagram."""
    page = text(site, "Library.Print")
    assert "## Wait for the result { #operation }" in page
    assert "`response` contains the result: [Book](../acme.library.v1/Book.md)." in page
    assert "`metadata` contains [Page](../acme.library.v1/Page.md)." in page
    assert "    you->>service: Print(Book)\n    service-->>you: Operation, not done\n    loop until done" in page
    assert "## Wait" not in text(site, "Library.Get")


def test_used_by(site: Path) -> None:
    """A type names every field that holds it, and every method that takes or returns it, inside others too."""
    room = text(site, "Room")
    assert "- [Shelf.room](../acme.library.v1/Shelf.md#acme.library.v1.Shelf.room)" in room
    methods = re.findall(r"\[(\w+)\]\(\.\./acme\.library\.v1/Library\.\w+\.md\)", room)
    assert methods == ["Get", "Read", "Same", "Print"]
    assert "Nothing in this API." not in room


def test_package_page(site: Path) -> None:
    """A package lists services, messages and enums, and draws what holds what, without requests."""
    page = text(site, "index")
    assert "| [Library](../acme.library.v1/Library.md) | Lends books. |" in page
    assert "| [Book.Genre](../acme.library.v1/Book.Genre.md) | How it is bound. |" in page
    diagram = re.search(r"```mermaid\nclassDiagram\n(.*?)```", page, re.S)
    assert diagram is not None
    names = re.findall(r'class (\w+)\["(\w+)"\]', diagram[1])
    ids = {name: number for number, name in names}
    assert {"Book", "Page", "Shelf", "Room"} == set(ids)
    assert f'{ids["Book"]} *-- "*" {ids["Page"]} : pages' in diagram[1]
    assert f"{ids['Shelf']} *-- {ids['Room']} : room" in diagram[1]


def test_navigation(site: Path) -> None:
    """The navigation has packages, services, methods and types, and is between the two marks."""
    config = (site / "mkdocs.yml").read_text()
    block = config[config.index("# toolkit: navigation") : config.index("# toolkit: end")]
    assert [line.strip() for line in block.splitlines() if "reference/concepts/" not in line][1:9] == [
        '- "API reference":',
        "- reference/index.md",
        '- "Calling the API":',
        '- "acme.library.v1":',
        "- reference/acme.library.v1/index.md",
        '- "Library":',
        "- reference/acme.library.v1/Library.md",
        '- "Get": reference/acme.library.v1/Library.Get.md',
    ]
    assert '- "Book.Genre": reference/acme.library.v1/Book.Genre.md' in block


@pytest.mark.slow(reason="builds a site with MkDocs")
def test_names_that_differ_in_case(tmp_path: Path) -> None:
    """Pages whose names are the same but for case, or mean something to MkDocs, lie beside each other."""
    tree = proto3(
        "acme.v1",
        "message Thing { Index i = 1; }\nmessage THING { Readme r = 1; }\nmessage Index {}\nmessage Readme {}",
    )
    write(tmp_path, {"protos/a.proto": tree, "protos/types.proto": proto3("types", "message A {}")})
    assert run("generate", "site", "--proto-path", "protos", "-q", cwd=tmp_path).code == 0
    names = [path.name for path in (tmp_path / "site/reference/acme.v1").iterdir()]
    assert len({name.lower() for name in names}) == len(names) == 5
    build(tmp_path)
    assert 'id="types.A"' in (tmp_path / "build/site/reference/types_/A/index.html").read_text()


@pytest.mark.slow(reason="builds a site with MkDocs")
def test_large_messages_are_a_link_away(tmp_path: Path) -> None:
    """A page stays small where messages would fill megabytes: what is not opened in place is linked."""
    levels = "".join(
        f"message M{n} {{ {' '.join(f'M{n + 1} f{i} = {i};' for i in range(1, 30))} string long_name_of_a_field = 99; }}\n"
        for n in range(12)
    )
    wide = " ".join(f"string field_number_{i} = {i};" for i in range(1, 900))
    tree = proto3("acme.v1", f"{levels}message M12 {{ {wide} }}\nservice S {{ rpc Do(M0) returns (M12); }}")
    write(tmp_path, {"protos/a.proto": tree})
    assert run("generate", "site", "--proto-path", "protos", "-q", cwd=tmp_path).code == 0
    page = (tmp_path / "site/reference/acme.v1/S.Do.md").read_text()
    assert "Messages that are not shown here have their own pages" in page
    assert page.count("details | M") == 5
    assert "more fields." in page
    build(tmp_path)
    assert (tmp_path / "build/site/reference/acme.v1/S.Do/index.html").stat().st_size < 400_000


@pytest.mark.slow(reason="builds a site with MkDocs")
def test_links_in_comments(tmp_path: Path) -> None:
    """Links that begin with a slash get the host of the setting, those into the tree are text, those of the web stay."""
    comment = "See [guide](/docs/a#b), [file](../a.md), [part](#part) and [web](https://example.com/x)."
    write(tmp_path, {"protos/a.proto": proto3("acme.v1", f"// {comment}\nmessage A {{}}")})
    flags = ["generate", "site", "--proto-path", "protos", "-q"]
    assert run(*flags, "--link-host", "https://acme.example/", cwd=tmp_path).code == 0
    page = (tmp_path / "site/reference/acme.v1/A.md").read_text()
    assert "See [guide](https://acme.example/docs/a#b), file, part and [web](https://example.com/x)." in page
    build(tmp_path)
    assert run(*flags, cwd=tmp_path).code == 0
    assert "[guide](/docs/a#b)" in (tmp_path / "site/reference/acme.v1/A.md").read_text()


def test_oneof_that_must_be_set(tmp_path: Path) -> None:
    """A oneof of which one member must be set says so; any other, that at most one is."""
    option = "extend google.protobuf.OneofOptions { bool must = 50000; }"
    body = f"{option}\nmessage A {{\n  oneof one {{ option (must) = true; string a = 1; }}\n  oneof other {{ string b = 2; }}\n}}"
    rules = '[[constraint]]\noption = "acme.v1.must"\nkind = "exactly_one"\n'
    tree = proto3("acme.v1", body, "google/protobuf/descriptor.proto")
    write(tmp_path, {"protos/a.proto": tree, "rules.toml": rules})
    assert run("generate", "site", "--proto-path", "protos", "-q", "--rules", "rules.toml", cwd=tmp_path).code == 0
    page = (tmp_path / "site/reference/acme.v1/A.md").read_text()
    assert "Exactly one of these fields must be set: oneof **one**" in page
    assert "At most one of these fields is set: oneof **other**" in page


@pytest.mark.slow(reason="builds a site with MkDocs")
def test_extensions(tmp_path: Path) -> None:
    """An extension is on the page of what declares it, and is listed on that of the message that it extends."""
    tree = (
        'syntax = "proto2";\npackage acme.v1;\nmessage Base { extensions 100 to 199; }\nextend Base { optional int32 extra = 100; }\n'
        "message Holder { extend Base { optional Holder held = 101; } }\n"
    )
    other = (
        'syntax = "proto2";\npackage acme.other;\nimport "a.proto";\n'
        "extend acme.v1.Base { repeated acme.v1.Holder more = 150; }\nmessage Own {}\n"
    )
    hidden = other.replace("acme.other", "acme.hidden").replace("150", "151")
    write(tmp_path, {"protos/a.proto": tree, "protos/other.proto": other, "protos/hidden.proto": hidden})
    flags = ("--proto-path", "protos", "--exclude", "hidden.proto")
    assert run("generate", "site", *flags, "-q", cwd=tmp_path).code == 0
    pages = {name: (tmp_path / f"site/reference/acme.v1/{name}.md").read_text() for name in ("index", "Base", "Holder")}
    assert pages["Base"].partition("## Extended by { data-search-exclude }\n\n")[2].partition("\n\n")[0].split(
        "\n"
    ) == [
        "- [acme.v1.extra](../acme.v1/index.md#acme.v1.extra): `int32`, number 100",
        "- [acme.v1.Holder.held](../acme.v1/Holder.md#acme.v1.Holder.held): [Holder](../acme.v1/Holder.md), number 101",
        "- [acme.other.more](../acme.other/index.md#acme.other.more): repeated [Holder](../acme.v1/Holder.md), number 150",
    ]
    assert "Extended by" not in pages["Holder"]
    assert (
        "### extra { #acme.v1.extra .field }\n\n`int32` · extends [Base](../acme.v1/Base.md) · number 100"
        in pages["index"]
    )
    assert "### held { #acme.v1.Holder.held .field }" in pages["Holder"]
    assert "- [acme.v1.Holder.held](../acme.v1/Holder.md#acme.v1.Holder.held)" in pages["Holder"]
    assert "Extensions: 100 to 199." in pages["Base"]
    build(tmp_path)
