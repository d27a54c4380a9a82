"""Edits of a project, drawn by a seed; most are of comments, since those are what runs are remembered for."""

from __future__ import annotations

import re
from collections.abc import Callable, MutableMapping
from random import Random

from tests.edits.project import PACKAGES
from tests.support.protos_of import proto3
from toolkit.targets.templates import built_in_templates

Project = MutableMapping[str, str]
Edit = Callable[[Project, Random], str]
"""Changes a project, and says how."""

WORDS = (
    "Other words.",
    "Two. Sentences.",
    "See [Thing.name] and [nowhere.At.all].",
    "See [acme.p3.v1.Owner], [ThingService.Create], [Status.READY] and [Happened].",
    "(-- Nobody sees this. --)",
    "@internal",
    "Required. It has to be there.",
    "Output only. It comes from the server.",
    "For example, `made-up-1`.",
    "Default value: 7.",
    "The maximum is 12.",
    "| a | b |\n// |---|---|\n// | 1 | 2 |",
    "<b>HTML</b> & `code` {{ x }} ```",
    "* one\n// * two",
    "",
)
_COMMENT = re.compile(r"//[^\n]*")
_FIELD = re.compile(r"^ +(?:repeated |optional )?[\w.<>, ]+? (\w+) = (\d+)[^;\n]*;$", re.M)


def _protos(project: Project) -> list[str]:
    return sorted(name for name in project if name.endswith(".proto"))


def _one(project: Project, random: Random, pattern: re.Pattern[str]) -> tuple[str, re.Match[str]]:
    """A file, and a place in it that matches."""
    while True:
        name = random.choice(_protos(project))
        if found := list(pattern.finditer(project[name])):
            return name, random.choice(found)


def _replaced(project: Project, name: str, match: re.Match[str], text: str) -> str:
    before = project[name]
    project[name] = before[: match.start()] + text + before[match.end() :]
    return f"{name}: {match[0]!r} → {text!r}"


def comment(project: Project, random: Random) -> str:
    """Other words in a comment, or none."""
    words = random.choice(WORDS)
    return _replaced(project, *_one(project, random, _COMMENT), f"// {words}" if words else "")


def more(project: Project, random: Random) -> str:
    """A longer comment."""
    name, match = _one(project, random, _COMMENT)
    return _replaced(project, name, match, f"{match[0]}\n//\n// {random.choice(WORDS)}")


def trailing(project: Project, random: Random) -> str:
    """A comment after a field."""
    name, match = _one(project, random, _FIELD)
    return _replaced(project, name, match, f"{match[0]}  // {random.choice(WORDS[:4])}")


def spaced(project: Project, random: Random) -> str:
    """Another layout, of which only the lines of elements are to be seen."""
    name, match = _one(project, random, re.compile(r"\n"))
    return _replaced(project, name, match, "\n\n")


def both(project: Project, random: Random) -> str:
    """Comments of several files at once."""
    return "; ".join(comment(project, random) for _ in range(random.randint(2, 5)))


def field_added(project: Project, random: Random) -> str:
    """One more field."""
    name, match = _one(project, random, _FIELD)
    number = random.randint(20, 90)
    return _replaced(project, name, match, f"{match[0]}\n  string also_{number} = {number};")


def field_removed(project: Project, random: Random) -> str:
    """One field fewer."""
    return _replaced(project, *_one(project, random, _FIELD), "")


def field_renamed(project: Project, random: Random) -> str:
    """A field with another name."""
    name, match = _one(project, random, _FIELD)
    return _replaced(project, name, match, match[0].replace(f" {match[1]} =", f" new_{match[1]} ="))


def option(project: Project, random: Random) -> str:
    """Something that is deprecated."""
    name, match = _one(project, random, re.compile(r"^(?:message|service) \w+ \{$", re.M))
    return _replaced(project, name, match, f"{match[0]}\n  option deprecated = true;")


def renamed(project: Project, random: Random) -> str:
    """A message with another name, where it is declared; what uses it no longer compiles."""
    name, match = _one(project, random, re.compile(r"^message (\w+)", re.M))
    return _replaced(project, name, match, f"message New{match[1]}")


def imported(project: Project, random: Random) -> str:
    """An import that is not used."""
    name, match = _one(project, random, re.compile(r"^package [\w.]+;$", re.M))
    other = random.choice([other for other in _protos(project) if other < name] or ["protos/acme/rules.proto"])
    return _replaced(project, name, match, f'{match[0]}\nimport "{other.removeprefix("protos/")}";')


def import_removed(project: Project, random: Random) -> str:
    """An import that is missing."""
    return _replaced(project, *_one(project, random, re.compile(r"^import [^\n]*$", re.M)), "")


def broken(project: Project, random: Random) -> str:
    """A file with a syntax error."""
    name = random.choice(_protos(project))
    project[name] += "\nmessage {"
    return f"{name}: broken"


def file_added(project: Project, random: Random) -> str:
    """A new file in a package that there is."""
    number, other = random.randrange(PACKAGES), random.randrange(1000)
    name = f"protos/acme/p{number}/v1/new_{other}.proto"
    project[name] = proto3(
        f"acme.p{number}.v1",
        f"// New.\nmessage New{other} {{ string id = 1; }}\n// Does new things.\nservice New{other}Service {{\n"
        f"  // Does it.\n  rpc Do(New{other}) returns (New{other});\n}}\n",
    )
    return f"{name}: added"


def file_removed(project: Project, random: Random) -> str:
    """A file that is gone."""
    name = random.choice(_protos(project))
    del project[name]
    return f"{name}: removed"


def template(project: Project, random: Random) -> str:
    """A template of the user's that begins with a line, or none."""
    name = random.choice(["yfm/method.md.j2", "site/method.md.j2", "yfm/service.md.j2"])
    if f"mine/{name}" in project and random.random() < 0.5:
        del project[f"mine/{name}"]
        return f"mine/{name}: removed"
    project[f"mine/{name}"] = f"{random.choice(WORDS[:2])}\n{(built_in_templates() / name).read_text()}"
    return f"mine/{name}: changed"


def catalog(project: Project, random: Random) -> str:
    """Another title in the catalog."""
    match = random.choice([*re.finditer(r'(title = ".*)"', project["catalog.toml"])])
    return _replaced(project, "catalog.toml", match, f'{match[1]} of all"')


def rules(project: Project, random: Random) -> str:
    """A mapping that has, or has not, another kind."""
    old, new = random.sample(['"length"', '"pattern"'], 2)
    project["rules.toml"] = project["rules.toml"].replace(old, new)
    return "rules.toml"


def settings(project: Project, random: Random) -> str:
    """A setting of a target."""
    table, line = random.choice(
        [
            ("[site]", "internal = true"),
            ("[site]", 'hide = ["acme.p4.v1.Happened"]'),
            ("[examples]", "levels = 2"),
            ("[reference]", 'style = "maps"'),
            ("[reference]", 'style = "plain"'),
        ]
    )
    text = project["toolkit.toml"]
    key = line.partition(" =")[0]
    text = re.sub(rf"^{key} = .*\n", "", text, flags=re.M)
    if text == project["toolkit.toml"] or random.random() < 0.5:
        text = text.replace(f"{table}\n", f"{table}\n{line}\n")
    project["toolkit.toml"] = text
    return f"toolkit.toml: {table} {line}"


OF_COMMENTS: tuple[Edit, ...] = (comment, more, trailing, spaced, both)
OTHERS: tuple[Edit, ...] = (
    field_added,
    field_removed,
    field_renamed,
    option,
    renamed,
    imported,
    import_removed,
    broken,
    file_added,
    file_removed,
    template,
    catalog,
    rules,
    settings,
)


def edited(project: Project, random: Random) -> str:
    """Make an edit, and say which."""
    edit = random.choice(OF_COMMENTS if random.random() < 0.6 else OTHERS)
    return f"{edit.__name__}: {edit(project, random)}"
