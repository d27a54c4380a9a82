"""What README, the guide and the pages beside it say is so: settings, commands, templates, messages, links."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args

import click
import pytest
import yaml
from markdown.extensions.toc import slugify

from tests.conftest import REPOSITORY
from toolkit.cli import settings as config
from toolkit.cli.main import main
from toolkit.semantics import mappings as rules
from toolkit.semantics.mappings import described
from toolkit.targets.changelog import entries, groups
from toolkit.targets.changelog import pages as changelog
from toolkit.targets.examples import constructors, languages, snippets
from toolkit.targets.python import view
from toolkit.targets.reference import pages, sections
from toolkit.targets.site import diagrams, landing, methods, navigation, packages, types, versions
from toolkit.targets.site import fields as site_fields

SITE = REPOSITORY / "site"
GUIDE = sorted((SITE / "guide").glob("*.md"))
PAGES = [SITE / "index.md", SITE / "quick-start.md", *GUIDE, SITE / "architecture.md"]
OUTSIDE = [REPOSITORY / "README.md", REPOSITORY / "CONTRIBUTING.md"]
"""Pages of the repository that are not on the site."""
GENERATED = ("site/reference", "site/demo/site")
"""Folders whose pages are there once they were generated; they have anchors of their own."""
_FENCED = re.compile(r"^(?P<fence>`{3,})(?P<info>[^\n]*)\n(?P<text>.*?)^(?P=fence)$\n?", re.M | re.S)


def name_of(path: Path) -> str:
    """A page as people name it."""
    return path.relative_to(REPOSITORY).as_posix()


@cache
def text_of(path: Path) -> str:
    """The text of a page."""
    return path.read_text(encoding="utf-8")


def blocks(path: Path, language: str) -> list[str]:
    """The code blocks of a language on a page."""
    return [m["text"] for m in _FENCED.finditer(text_of(path)) if m["info"].split(" ")[0] == language]


def prose(path: Path) -> str:
    """A page without its code blocks."""
    return _FENCED.sub("", text_of(path))


def headings(path: Path) -> list[tuple[int, str]]:
    """Level and text of every heading."""
    return [(len(m[1]), m[2]) for m in re.finditer(r"^(#+) (.+)$", prose(path), re.M)]


def anchors(path: Path) -> set[str]:
    """What a link to a page may end in."""
    return {slugify(re.sub(r"[`*]", "", text), "-") for _, text in headings(path)}


def part(path: Path, heading: str) -> str:
    """The text below a heading, up to the next of its level or above."""
    found = re.search(rf"^(#+) {re.escape(heading)}$", text_of(path), re.M)
    assert found is not None, f"{name_of(path)} has no heading {heading!r}"
    rest = text_of(path)[found.end() :]
    return re.split(rf"^#{{1,{len(found[1])}}} ", rest, maxsplit=1, flags=re.M)[0]


def rows(text: str) -> list[list[str]]:
    """The cells of every row of the tables in a text."""
    found = [
        re.split(r"(?<!\\) ?\| ?", line.strip().strip("|").strip()) for line in text.splitlines() if line[:1] == "|"
    ]
    return [row for row in found if not set("".join(row)) <= set("-: ")]


def codes(text: str) -> set[str]:
    """What is set as code."""
    return set(re.findall(r"(?<!`)`([^`\n]+)`(?!`)", text))


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_pages(path: Path) -> None:
    """A page of the site begins with a description in one sentence and has one title; no raw HTML, no em-dashes."""
    begin, front, body = text_of(path).split("---\n", 2)
    assert begin == ""
    meta = yaml.safe_load(front)
    assert set(meta) == {"description"}
    assert re.fullmatch(r"[A-Z].{20,160}\.", meta["description"]), meta["description"]
    levels = [level for level, _ in headings(path)]
    assert body.startswith("# ")
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels)), levels
    plain = re.sub(r"`+[^`\n]+`+", "", prose(path))
    assert not re.findall(r"<[a-z/!]", plain)
    assert "—" not in plain
    assert max(plain) < "\u2e80", "an emoji"


def links(path: Path) -> Iterator[str]:
    """The targets of a page's links."""
    for match in re.finditer(r"(?<!!)\]\(([^)\s]+)\)", re.sub(r"`+[^`\n]+`+", "`", prose(path))):
        yield match[1]


@pytest.mark.parametrize("path", [*OUTSIDE, *PAGES], ids=name_of)
def test_links(path: Path) -> None:
    """Every link leads to a page that is there, at a heading that it has; none from the site leads out of it."""
    wrong = []
    for link in links(path):
        if re.match(r"https?://", link):
            continue
        target, _, anchor = link.partition("#")
        file = (path.parent / target).resolve() if target else path
        inside = file.relative_to(REPOSITORY).as_posix()
        made = next((folder for folder in GENERATED if inside.startswith(f"{folder}/")), None)
        if path not in OUTSIDE and not inside.startswith("site/"):
            wrong.append(f"{link}: not on the site")
        elif made and (not (REPOSITORY / made).exists() or (anchor and file.exists())):
            continue
        elif not file.exists():
            wrong.append(f"{link}: not there")
        elif anchor and (file.suffix != ".md" or anchor not in anchors(file)):
            wrong.append(f"{link}: no such heading")
    assert not wrong


def test_every_page_is_linked() -> None:
    """The README and the guide's index lead to every page of the guide."""
    named = {path.name for path in GUIDE}
    for path in (REPOSITORY / "README.md", SITE / "guide/index.md"):
        missing = named - {link.rpartition("/")[2].partition("#")[0] for link in links(path)} - {path.name}
        assert missing <= {"index.md"}, name_of(path)


@pytest.mark.parametrize("section", config.tables())
def test_settings(section: str) -> None:
    """The page about settings has a row for each, with its default, below the heading of its table; and no other."""
    text = part(SITE / "guide/configure.md", f"`[{section}]`" if section else "At the top of the file")
    found = {row[0].strip("`"): row[1].strip("`") for row in rows(text) if len(row) == 3}
    del found["Setting"]
    declared = {name.rstrip("_"): _default(field.default) for name, field in config.declared(section).items()}
    assert found == declared


def _default(value: Any) -> str:
    """A default as toolkit.toml has it; empty where there is none."""
    if value is None:
        return ""
    if isinstance(value, tuple):
        return f"[{', '.join(map(_default, value))}]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    return f'"{value}"'


def test_option_mappings() -> None:
    """The page about settings names every key, kind, operator and placeholder of option mappings."""
    page = SITE / "guide/configure.md"
    keys = {row[0].strip("`") for row in rows(part(page, "`[[constraint]]`"))}
    kinds = set().union(*(codes(row[0]) for row in rows(part(page, "`[[constraint]]`"))))
    assert set(rules.ConstraintMapping.__struct_fields__) <= keys
    assert set(get_args(rules.Kind)) <= kinds
    said = codes(part(page, "Option mappings"))
    words = {*rules.OPERATORS, *get_args(rules.Operand), *get_args(rules.Type), *get_args(rules.Unit)} - {""}
    assert words | {f"{{{name}}}" for name in rules._PLACEHOLDERS} <= said
    for table, key, column in (("fact", described.Fact, 0), ("text", described.TextKind, 1)):
        cells = {code for row in rows(part(page, f"`[[{table}]]`")) for code in codes(row[column])}
        assert set(get_args(key)) <= cells
    for model, table in ((described.FactMapping, "fact"), (described.TextMapping, "text")):
        assert set(model.__struct_fields__) <= {row[0].strip("`") for row in rows(part(page, f"`[[{table}]]`"))}
    assert set(described.ResourceMapping.__struct_fields__) <= codes(part(page, "`[[resource]]`"))
    for table in rules._File.__struct_fields__:
        lists, tables = ("outside", "zero_values", "swagger"), ("well_known", "disabled", "words")
        part(page, f"`{table}`" if table in lists else f"`[{table}]`" if table in tables else f"`[[{table}]]`")


def commands(group: click.Group, before: str = "") -> dict[str, click.Command]:
    """Every command that does something, by how it is called."""
    found: dict[str, click.Command] = {}
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        called = f"{before} {name}".strip()
        found |= commands(command, called) if isinstance(command, click.Group) else {called: command}
        if isinstance(command, click.Group) and command.invoke_without_command:
            found[called] = command
    return found


COMMANDS = commands(main)


def test_commands() -> None:
    """The guide's index lists every command, and no other."""
    listed = {row[0].strip("`").removeprefix("toolkit ") for row in rows(part(SITE / "guide/index.md", "Commands"))[1:]}
    assert listed == set(COMMANDS)


@pytest.mark.parametrize("path", [*OUTSIDE, *PAGES], ids=name_of)
def test_command_lines(path: Path) -> None:
    """Every command line in a block, and every one in the text with a flag, is of a command that takes it."""
    spans = [code for code in re.findall(r"(?<!`)`(toolkit [^`]+)`", prose(path)) if "…" not in code]
    lines = [line for block in blocks(path, "sh") for line in block.splitlines() if line.startswith("toolkit ")]
    yaml_lines = re.findall(r"(?m)^ *- (?:run: )?(toolkit .*)$", "\n".join(blocks(path, "yaml")))
    for line in [*lines, *spans, *yaml_lines]:
        words = re.sub(r"\s(?:#|>|<<).*|\\$", "", line).split()[1:]
        if words[0].isupper() or words[0].startswith("-"):
            continue
        called = max((c for c in COMMANDS if words[: len(c.split())] == c.split()), key=len, default=None)
        assert called or words == ["cache"], line
        if called is None or words[:2] == ["generate", "inventory"]:  # the target that a page writes
            continue
        flags = {flag for p in COMMANDS[called].params for flag in (*p.opts, *p.secondary_opts)} | {"--help"}
        used = {word.partition("=")[0] for word in words if word.startswith("--")}
        assert used <= flags, line


VIEWS: dict[str, list[Any]] = {
    "yfm: reference pages": [pages.IndexPage, pages.IndexRow, pages.MethodPage, sections.Section, sections.Row],
    "snippets: commands and code": [snippets.Snippet, constructors.Code, languages.Call],
    "changelog: the API changelog": [
        *(changelog.RevisionView, groups.GroupView, groups.SectionView, entries.EntryView),
    ],
    "python: the bindings": [v for v in vars(view).values() if is_dataclass(v)],
    "site: the docs site": [
        *(v for module in (site_fields, diagrams) for name, v in vars(module).items() if name.endswith("View")),
        *(methods.MethodPage, methods.SideView, methods.OperationView, methods.Tab, types.TypePage, types.UsingService),
        *(packages.IndexPage, packages.Row, packages.PackageRow, packages.LetterView, navigation.NavLine),
        *(versions.Switcher, versions.VersionLink),
        *(landing.LandingView, landing.Entry, landing.FirstCall, landing.Latest),
    ],
}


@pytest.mark.parametrize("heading", VIEWS)
def test_templates(heading: str) -> None:
    """The page about templates names every file of a folder, and every member of the view models that they see."""
    named = codes(part(SITE / "guide/templates.md", heading))
    folder = REPOSITORY / "templates" / heading.partition(":")[0]
    assert {path.name for path in folder.iterdir()} <= named
    assert {f.name for model in VIEWS[heading] for f in fields(model)} <= named


def test_template_folders() -> None:
    """The page about templates has a part for each folder."""
    folders = {path.name for path in (REPOSITORY / "templates").iterdir() if path.is_dir()}
    titled = {text.partition(":")[0] for level, text in headings(SITE / "guide/templates.md") if ":" in text}
    assert folders == titled


@cache
def said() -> tuple[str, list[tuple[int, re.Pattern[str]]]]:
    """All strings in the program; for those with placeholders, also the amount of fixed text and a pattern."""
    constants, patterns = [], []
    for path in sorted((REPOSITORY / "toolkit").rglob("*.py")):
        if "bindings" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                constants.append(node.value)
            elif isinstance(node, ast.JoinedStr):
                parts = [str(part.value) if isinstance(part, ast.Constant) else "" for part in node.values]
                pattern = re.compile("".join(re.escape(part) if part else ".+" for part in parts), re.S)
                patterns.append((len("".join(parts)), pattern))
    return "\n".join(constants), patterns


def is_said(message: str) -> bool:
    """Whether the program has a message: its words between ellipses, or a string that becomes most of it."""
    constants, patterns = said()
    words = [part.strip(' "[]') for part in message.split("…")]
    filled = message.replace("…", "x")
    return all(part in constants for part in words) or any(
        length > len(filled) / 2 and pattern.match(filled) for length, pattern in patterns
    )


def test_messages() -> None:
    """The messages that the page about trouble explains are those of the program, each with a way out."""
    path = SITE / "guide/troubleshooting.md"
    found = [row for row in rows(text_of(path)) if row[0] != "Message"]
    assert all(len(row) == 3 and all(row) for row in found)
    messages = [code for row in found for code in codes(row[0]) if not row[0].startswith("MkDocs")]
    foreign = ("ModuleNotFoundError: ", "ImportError: bindings: ", "Import ", "toolkit finish", "… has no attribute …")
    """Of protoc, Python, generated code and Jinja."""
    assert len(messages) > 60
    assert not [message for message in messages if not message.startswith(foreign) and not is_said(message)]


def test_rooms() -> None:
    """The tree on the page about the architecture names every folder of the toolkit, each where it is, and no other."""
    (tree,) = blocks(SITE / "architecture.md", "text")
    named, parents = set(), []
    for line in tree.splitlines():
        name, depth = line.split()[0], (len(line) - len(line.lstrip())) // 2
        parents[depth:] = [name]
        named.add(REPOSITORY / "".join(parents))
    rooms = {path for path in (REPOSITORY / "toolkit").glob("*/") if path.name != "__pycache__"}
    inner = {path.parent for room in rooms - {REPOSITORY / "toolkit/bindings"} for path in room.glob("*/__init__.py")}
    inner |= {path.parent for path in (REPOSITORY / "toolkit").glob("*/*/*.h")}
    top = {path for path in (REPOSITORY / "toolkit").glob("*.py") if not path.name.startswith("__")}
    assert named == {REPOSITORY / "toolkit", *rooms, *inner, *top}
