"""What the options of Google's APIs and of grpc-gateway say is a fact, and every target shows it in the same words."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.support.command import run
from tests.support.options_trees import TREE
from tests.support.protos_of import write
from toolkit.descriptors.compile import compile_tree
from toolkit.descriptors.loader import load
from toolkit.semantics.facts import Facts

PLANT = "acme.garden.v1.Plant"
SAID = {
    "label": ["What it is called.", "`^[a-z]+$`", "2–9 characters"],
    "path": ["dentifier", "esource name of this", "gardens/{garden}/plants/{plant}"],
    "planted": ["utput only"],
    "secret": ["nput only", "ensitive"],
    "id": ["UUID, version 4"],
    "extra": ["May contain"],
    "helpers": ["nordered list", "on-empty default", "Each element is the resource name of a", "1–3 items"],
    "shed": ["Resource name of a", "sheds.example.com/Shed", "sheds/{shed}"],
    "height": ["42", "at least 1 and less than 90"],
    "wet": ["utput only"],
    "shade": ["estricted to STAFF"],
}
"""Fields, and what is said of each."""


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tree, with the site and the bindings."""
    folder = write(tmp_path_factory.mktemp("options"), TREE)
    for target in ("site", "python"):
        ran = run("generate", target, cwd=folder)
        assert ran.code == 0, ran.errors
    return folder


def words(text: str) -> str:
    """A text on one line without the markup around code, which differs between targets."""
    return " ".join(text.replace("` ", "`").replace(" `", "`").replace("``", "`").split())


def has(text: str, said: str) -> bool:
    """Whether a text says something, however its code is set."""
    return words(said).replace("`", "") in words(text).replace("`", "")


def test_facts(tree: Path) -> None:
    """Facts are in the terms of the options."""
    facts = Facts(load(compile_tree([tree])))
    plant = facts.schema.message(PLANT)
    found = {field.name: field for field in plant.fields}
    assert facts.behaviors(found["helpers"]) == ("UNORDERED_LIST", "NON_EMPTY_DEFAULT")
    assert facts.behavior(found["wet"]) == {"OUTPUT_ONLY"}
    assert facts.sensitive(found["secret"])
    assert not facts.sensitive(found["id"])
    assert facts.format(found["id"]) == "UUID4"
    assert facts.types(found["extra"]) == ("acme.garden.v1.Shade", PLANT)
    assert facts.restriction(found["shade"]) == ("STAFF",)
    resource = facts.resource(plant)
    assert resource is not None
    assert (resource.type, resource.patterns) == (
        "garden.example.com/Plant",
        ("gardens/{garden}/plants/{plant}", "wild/{plant}"),
    )
    methods = facts.schema.methods
    create, remove = (methods[f"acme.garden.v1.Gardens.{name}Plant"] for name in ("Create", "Remove"))
    assert facts.signatures(create) == (("parent", "plant", "plant.label"), ("parent", "plant"))
    assert facts.idempotency(remove) == "IDEMPOTENT"
    assert facts.restriction(remove) == ("STAFF", "TESTER")
    service = facts.schema.services["acme.garden.v1.Gardens"]
    assert facts.host(service) == "garden.example.com"
    assert facts.scopes(service) == ("https://auth.example.com/grow", "https://auth.example.com/look")


def test_texts(tree: Path) -> None:
    """Texts in options stand in for a comment, which wins where there is one."""
    facts = Facts(load(compile_tree([tree])))
    methods = facts.schema.methods
    assert facts.comment(methods["acme.garden.v1.Gardens.GetPlant"]).text.startswith("Finds a plant")
    assert facts.comment(methods["acme.garden.v1.Gardens.CreatePlant"]).text == "Sets a plant."
    assert facts.comment(facts.schema.packages["acme.garden.v1"]).text.startswith("Gardens")


@pytest.mark.parametrize("field", SAID)
@pytest.mark.slow(reason="generates every target")
def test_targets_agree(field: str, tree: Path) -> None:
    """The page of a message, the reference and the docstrings say the same of a field."""
    page = (tree / "site/reference/acme.garden.v1/Plant.md").read_text()
    on_site = page.partition(f"### {field} {{")[2].partition("\n### ")[0]
    reference = run("page", "acme.garden.v1.Gardens.GetPlant", cwd=tree).text
    row = reference.partition(f"|| {field}")[2].partition("\n|| ")[0]
    module = ast.parse(next(tree.rglob("garden/v1/__init__.py")).read_text())
    plant = next(node for node in module.body if isinstance(node, ast.ClassDef) and node.name == "Plant")
    strings = [n.value.value for n in plant.body if isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant)]
    targets = [
        node.target.id for node in plant.body if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    ]
    docstring = str(strings[1 + targets.index(field)])
    for said in SAID[field]:
        assert has(on_site, said), (said, on_site)
        assert has(row, said), (said, row)
        assert has(docstring, said), (said, docstring)


def test_hidden_by_label(tree: Path, tmp_path: Path) -> None:
    """Elements that only some callers see are hidden by their label, and stay with another."""
    write(tmp_path, {**TREE, "toolkit.toml": '[site]\nhide_restricted = ["TESTER"]\n'})
    assert run("generate", "site", cwd=tmp_path).code == 0
    pages = {path.name for path in (tmp_path / "site/reference/acme.garden.v1").iterdir()}
    assert "Plant.md" in pages
    assert not {"Shade.md", "Season.md", "Gardens.RemovePlant.md"} & pages
    assert (tree / "site/reference/acme.garden.v1/Shade.md").exists()
