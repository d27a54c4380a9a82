"""Templates are the user's to replace, one by one; what is wrong in one is said with its line, and comments stay text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.support.command import SOURCES, STORAGE_PAGES, ZOO_PAGES, run, tree, written
from tests.support.protos_of import proto3, schema_of, write
from toolkit.cli.main import main
from toolkit.errors import ConfigError, TemplateError
from toolkit.semantics.facts import Facts
from toolkit.targets.reference.pages import PublishedReference
from toolkit.targets.rendering import Renderer
from toolkit.targets.templates import built_in_templates

pytestmark = pytest.mark.slow(reason="renders pages with each template replaced")

REFERENCE = ("generate", "reference", "--proto-path", "protos")
NAMES = sorted(path.name for path in (built_in_templates() / "yfm").iterdir())
MARK = "<!-- mine -->"
INDEXES = {path for path in STORAGE_PAGES | ZOO_PAGES if path.endswith("/index.md")}
API_INDEXES = {path for path in INDEXES if path.endswith("/grpc/index.md")}
SHOWN_ON = {
    "api.md.j2": API_INDEXES,
    "front_matter.md.j2": STORAGE_PAGES | ZOO_PAGES,
    "method.md.j2": (STORAGE_PAGES | ZOO_PAGES) - INDEXES,
    "section.md.j2": (STORAGE_PAGES | ZOO_PAGES) - INDEXES,
    "service.md.j2": INDEXES - API_INDEXES,
}


def built_in(name: str) -> str:
    """The text of a template that comes with the toolkit."""
    return (built_in_templates() / "yfm" / name).read_text(encoding="utf-8")


def override(folder: Path, name: str, text: str) -> Path:
    """A user's folder with one template in it."""
    return write(folder, {f"yfm/{name}": text})


def refused(tmp_path: Path, name: str, text: str) -> str:
    """What is said about a broken template: exit code 2, and nothing is written."""
    override(tree(tmp_path) / "mine", name, text)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path)
        result = CliRunner().invoke(main, [*REFERENCE, "--templates", "mine"])
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert set(written(tmp_path)) == {*SOURCES, f"mine/yfm/{name}"}
    assert not (tmp_path / "build").exists() or not any((tmp_path / "build/reference").iterdir())
    assert result.stderr.startswith("error: ")
    return result.stderr.removeprefix("error: ")


def test_every_template_is_known() -> None:
    """The tests below override every template of the reference."""
    assert set(SHOWN_ON) == set(NAMES)


@pytest.mark.parametrize("how", ["flag", "setting"])
@pytest.mark.parametrize("name", NAMES)
def test_override(name: str, how: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A template in a user's folder changes the pages that it makes; the other pages and templates stay."""
    monkeypatch.chdir(tree(tmp_path))
    assert CliRunner().invoke(main, [*REFERENCE, "--out", "before"]).exit_code == 0
    override(tmp_path / "conf/mine", name, f"{MARK}\n" + built_in(name))
    flags = ["--templates", "conf/mine"]
    if how == "setting":
        (tmp_path / "conf/toolkit.toml").write_text('templates = ["mine"]\n')
        flags = ["--config", "conf/toolkit.toml"]
    assert CliRunner().invoke(main, [*REFERENCE, *flags, "--out", "after"]).exit_code == 0
    before, after = written(tmp_path / "before"), written(tmp_path / "after")
    assert set(before) == set(after) == STORAGE_PAGES | ZOO_PAGES
    assert {path for path in after if after[path] != before[path]} == SHOWN_ON[name]
    for path, page in after.items():
        assert page.replace(f"{MARK}\n".encode(), b"") == before[path]


def test_first_folder_wins(tmp_path: Path) -> None:
    """Of two folders the first decides; what it lacks comes from the second, and the rest from the toolkit."""
    first = override(tmp_path / "first", "service.md.j2", "first {{ page.service }}")
    second = override(tmp_path / "second", "service.md.j2", "second")
    override(second, "api.md.j2", '{% include "yfm/front_matter.md.j2" %}\nsecond {{ page.title }}')
    schema = schema_of(tmp_path / "protos", {"a.proto": proto3("acme", "service Cats {}")})
    pages = dict(PublishedReference(Facts(schema), renderer=Renderer((first, second))).pages())
    assert pages == {
        "acme/api-ref/grpc/index.md": "---\neditable: false\n---second acme API",
        "acme/api-ref/grpc/Cats/index.md": "first Cats",
    }


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{% if %}", "Expected an expression, got 'end of statement block'"),
        ("{% endif %}", "Encountered unknown tag 'endif'"),
        ("{{ 1 +", "unexpected 'end of template'"),
        ("{{ nonsense }}", "'nonsense' is undefined"),
        ("{{ 1 / 0 }}", "division by zero"),
        ("{% include 'yfm/gone.md.j2' %}", "there is no template 'yfm/gone.md.j2'"),
        ("{{ 'x' | gone }}", "No filter named 'gone'"),
        ("## Bucket {#bucket}", "Missing end of comment tag"),
    ],
)
def test_broken(line: str, said: str, name: str, tmp_path: Path) -> None:
    """A mistake in any template is said with file and line, the exit code is 2, and nothing is written."""
    message = refused(tmp_path, name, f"fine\n\n{line}\n")
    assert re.match(rf"mine/yfm/{re.escape(name)}:3: .*{re.escape(said)}", message), message


@pytest.mark.parametrize(
    ("name", "member"),
    [
        ("front_matter.md.j2", "page.nonsense"),
        ("method.md.j2", "page.rows"),
        ("section.md.j2", "section.nonsense"),
        ("section.md.j2", "section.rows[0].nonsense"),
        ("service.md.j2", "page.method"),
        ("api.md.j2", "page.comments"),
    ],
)
def test_undefined_member(name: str, member: str, tmp_path: Path) -> None:
    """A member that a view model lacks is an error that names it, not an empty text."""
    message = refused(tmp_path, name, f"{{{{ {member} }}}}\n" + built_in(name))
    assert message.startswith(f"mine/yfm/{name}:1: ")
    assert repr(member.rpartition(".")[2]) in message


def test_mistake_in_an_included_template(tmp_path: Path) -> None:
    """The file named is the one that holds the mistake, not the one that includes it."""
    message = refused(tmp_path, "front_matter.md.j2", "---\n{{ page.nonsense }}\n---\n")
    assert message.startswith("mine/yfm/front_matter.md.j2:2: ")


def test_endless_template(tmp_path: Path) -> None:
    """A template that includes itself without end is an error with its line."""
    message = refused(tmp_path, "api.md.j2", 'x\n{% include "yfm/api.md.j2" %}\n')
    assert message.startswith("mine/yfm/api.md.j2:2: ")
    assert "recursion" in message


def test_template_that_is_no_text(tmp_path: Path) -> None:
    """A template that is not UTF-8 is an error that names it."""
    write(tmp_path / "mine", {"yfm/api.md.j2": b"\xff"})
    with pytest.raises(TemplateError, match=r"yfm/api\.md\.j2: .*utf-8"):
        Renderer((tmp_path / "mine",)).render("yfm/api.md.j2")


def test_missing_folder(tmp_path: Path) -> None:
    """A template folder that is not there is an error, not the built-in look."""
    with pytest.raises(ConfigError, match=r"'.*gone' does not exist"):
        Renderer((tmp_path / "gone",)).render("yfm/api.md.j2")


LOSING = {
    "no anchor": ("section.md.j2", built_in("section.md.j2").replace('{{ "{#" }}{{ section.anchor }}}', "")),
    "another anchor": ("section.md.j2", built_in("section.md.j2").replace("section.anchor", "section.name")),
    "no sections": ("method.md.j2", built_in("method.md.j2").partition("{%- for")[0]),
    "the first only": ("method.md.j2", built_in("method.md.j2").replace("page.sections", "page.sections[:1]")),
    "all but one": ("method.md.j2", built_in("method.md.j2").replace("page.sections", "page.sections[1:]")),
    "turned round": ("method.md.j2", built_in("method.md.j2").replace("page.sections", "page.sections | reverse")),
    "cut": ("method.md.j2", built_in("method.md.j2").replace("{{ section }}", "{{ section[:100] }}")),
    "changed": ("method.md.j2", built_in("method.md.j2").replace("{{ section }}", "{{ section | upper }}")),
}


@pytest.mark.parametrize("case", LOSING)
def test_lost_section(case: str, tmp_path: Path) -> None:
    """A template that leaves out or changes an anchor or a section is refused with what it should print."""
    name, text = LOSING[case]
    assert text != built_in(name)
    message = refused(tmp_path, name, text)
    assert f"yfm/{name} " in message
    assert "would be broken" in message
    assert ("page.sections" if name == "method.md.j2" else "section.anchor") in message


def test_more_around_sections(tmp_path: Path) -> None:
    """A template may print what it likes around the sections, also what looks like one."""
    text = built_in("method.md.j2").replace("{{ section }}", "## Bucket {{ '{#not}' }}\n{{ section }}\n\nafter\n")
    override(tree(tmp_path) / "mine", "method.md.j2", text)
    ran = run(*REFERENCE, "--templates", "mine", cwd=tmp_path)
    assert ran.code == 0, ran.errors
    page = written(tmp_path / "build/reference")["acme/storage/v1/api-ref/grpc/Bucket/put.md"].decode()
    anchors = re.findall(r"\{#(\S+)\}", page)
    assert anchors == [
        "not",
        "acme.storage.v1.Thing",
        "not",
        "acme.storage.v1.Bucket",
        "not",
        "acme.storage.v1.Bucket2",
    ]


EXPRESSIONS = [
    "{{ 7 * 191 }}",
    "{% set x = 7 * 191 %}{{ x }}",
    "{{ page }}",
    "{# gone #}",
    "{{ nonsense }}",
    "{% raw %}",
]


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_comments_are_not_templates(text: str, tmp_path: Path) -> None:
    """An expression in a comment is printed as it is, on every page that shows the comment."""
    body = f"""
// {text} of service
service Cats {{
  // {text} of method
  rpc Feed(Cat) returns (Cat);
}}
// {text} of message
message Cat {{
  // {text} of field
  string name = 1;
  // {text} of kind
  Kind kind = 2;
  // {text} of oneof
  oneof way {{
    string by = 3;
  }}
}}
enum Kind {{
  // {text} of value
  TOM = 0;
}}
"""
    pages = dict(PublishedReference(Facts(schema_of(tmp_path, {"a.proto": proto3("acme", body)}))).pages())
    folder = "acme/api-ref/grpc/"
    for path, elements in {
        "index.md": ["service"],
        "Cats/index.md": ["service", "method"],
        "Cats/feed.md": ["method", "message", "field", "kind", "oneof", "value"],
    }.items():
        for element in elements:
            assert f"{text} of {element}" in pages[folder + path]
        assert "1337" not in pages[folder + path]


def test_names_of_templates_in_comments(tmp_path: Path) -> None:
    """A comment that includes a template includes nothing."""
    line = "{% include 'yfm/front_matter.md.j2' %}"
    schema = schema_of(tmp_path, {"a.proto": proto3("acme", f"// {line}\nservice Cats {{}}")})
    page = PublishedReference(Facts(schema)).service_page(schema.service("acme.Cats"))
    assert line in page
    assert page.count("editable: false") == 1
