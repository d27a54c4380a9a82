"""Generated files: no comment becomes code, roots coexist, output depends on the input alone."""

from __future__ import annotations

import ast
import os
import pickle
import subprocess
import sys
import unicodedata
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from google.protobuf import descriptor_pb2 as pb

from tests.conftest import REPOSITORY
from tests.hostile import LONGEST, comments
from tests.support.bindings_of import bindings_of, compiled, texts_of
from tests.support.message_trees import TREE
from tests.support.protos_of import commented, proto3
from toolkit.descriptors.comments import of_location
from toolkit.descriptors.compile import compile_tree
from toolkit.descriptors.model import Comment
from toolkit.descriptors.references import without_targets
from toolkit.runtime import AnyMessage, DecodeError
from toolkit.semantics.comments import CommentReader
from toolkit.targets.python.text import docstring, literal, string

HOSTILE = {name: text for name, text in comments().items() if len(text) < LONGEST}


def compiled_comment(text: str) -> Comment:
    """A comment as the model has it."""
    return of_location(pb.SourceCodeInfo.Location(span=[0, 0, 0], leading_comments=f" {text}\n".replace("\n", "\n ")))


FILE = proto3(
    "a",
    """
message M {
  string one = 1;
  oneof choice { string two = 2; }
  enum E { ZERO = 0; }
  message N {}
}
enum E { E_ZERO = 0; }
service S { rpc Do(M) returns (M); rpc Watch(stream M) returns (stream M); }
""",
)


@cache
def made(comment: str) -> dict[str, str]:
    """The modules of the file above with a comment at everything that can have one."""
    with TemporaryDirectory() as folder:
        return texts_of(commented(compiled(Path(folder), {"a.proto": FILE}), comment))


def shape(source: str) -> str:
    """A module's syntax without its docstrings; an assertion that every string expression is one."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            kept = [
                item
                for item in body
                if not (
                    isinstance(item, ast.Expr)
                    and isinstance(item.value, ast.Constant)
                    and isinstance(item.value.value, str)
                )
            ]
            node.body = kept or [ast.Pass()]  # type: ignore[attr-defined]
    return ast.dump(tree)


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.slow(reason="many comments in every place")
def test_no_comment_becomes_code(name: str) -> None:
    """With any comment, a module is the same code as with a harmless one, in plain characters."""
    plain, hostile = made("Harmless."), made(HOSTILE[name])
    assert plain.keys() == hostile.keys()
    for path, text in hostile.items():
        compile(text, path, "exec")
        assert shape(text) == shape(plain[path])
        strange = [c for c in text if unicodedata.category(c)[0] in "CZ" and c not in "\n\t \u00a0"]
        assert strange == []
        assert all(line == line.rstrip() for line in text.split("\n"))
    module = ast.parse(hostile["made/a/__init__.py"])
    documented = next(node for node in module.body if isinstance(node, ast.ClassDef) and node.name == "M")
    shown = CommentReader().read(compiled_comment(HOSTILE[name])).leading
    first = without_targets(shown).split("\n")[0]
    if first.isascii() and first.isprintable():
        assert first.strip() in (ast.get_docstring(documented) or "")


@pytest.mark.parametrize(
    "text",
    [*HOSTILE.values(), "", '"', '""', '"a"', "\\", '\\"', "a\n\n\n\nb", "\x00", "\ud800", "a\nb\\", 'a\n"', "é"],
)
def test_strings_are_what_they_were(text: str) -> None:
    """A literal stands for its text, whatever that is, and a docstring for its text without space around."""
    assert ast.literal_eval(string(text)) == text
    assert ast.literal_eval(literal((text, 1, None))) == (text, 1, None)
    for indent in ("", "        "):
        made = docstring(text, indent)
        if text.strip():
            assert isinstance(ast.literal_eval(made), str)
            assert ast.parse(made).body[0].value.value.strip(" \n").startswith(text.strip().split("\n")[0].strip()[:20])  # type: ignore[attr-defined]
        else:
            assert made == ""


def test_hostile_options(tmp_path: Path) -> None:
    """JSON names, file names and defaults are data as well."""
    text = """
    syntax = "proto2"; package a;
    message M {
      optional string s = 1 [default = "\\"\\"\\" \\\\ \\n \\r", json_name = "\\"\\\\ '\\n{x}"];
      optional bytes b = 2 [default = "\\000\\377\\\\\\"\\"\\""];
      optional double d = 3 [default = inf];
      optional double n = 4 [default = nan];
    }
    """
    with bindings_of(tmp_path, {'it\'s "a" \u202e file.proto': text}) as made:
        cls = made.module("a").M
        assert cls.from_bytes(cls(s="x").to_bytes()) == cls(s="x")
        assert cls(s="x").to_dict() == {"\"\\ '\n{x}": "x"}
        assert cls.from_dict(cls(s="x", b=b"").to_dict()) == cls(s="x", b=b"")


# Imports


def loaded_by(program: str) -> set[str]:
    """The modules that a program loads."""
    command = f"{program}\nimport sys; print(' '.join(sys.modules))"
    ran = subprocess.run(
        [sys.executable, "-c", command], capture_output=True, text=True, check=False, cwd=REPOSITORY, timeout=60
    )
    assert ran.returncode == 0, ran.stderr
    return set(ran.stdout.split())


@pytest.mark.parametrize(
    ("use", "more"),
    [
        ("", set()),
        ("image = v1.Image(id='a')", set()),
        ("v1.Image.from_bytes(v1.Image(id='a').to_bytes())", {"google", "google.protobuf"}),
        (
            "v1.Image.from_json(v1.Image(id='a', created_at=__import__('datetime').datetime.now().astimezone()).to_json())",
            {"google", "google.protobuf"},
        ),
        (
            "v1.Image().validate(); repr(v1.Image()); v1.Image.from_dict({'status': 'READY'})",
            {"google", "google.protobuf"},
        ),
    ],
)
def test_what_a_binding_imports(use: str, more: set[str]) -> None:
    """Importing and using bindings loads the standard library, protobuf and the runtime, and nothing else."""
    before = loaded_by("import toolkit.bindings")
    after = loaded_by(f"import toolkit.bindings.yandex.cloud.compute.v1 as v1\n{use}")
    for name in after - before:
        top = name.partition(".")[0]
        if top == "toolkit":
            assert name.startswith(("toolkit.runtime", "toolkit.bindings")), name
        elif top == "google":
            assert more, name
            assert name == "google" or name.startswith(("google.protobuf", "google._upb")), name
        else:
            assert top in sys.stdlib_module_names or top.startswith("_"), name
    assert "toolkit.runtime.message" in after
    assert not {"grpc", "jinja2", "click", "toolkit.descriptors.model"} & after


def test_modules_import_alone() -> None:
    """Every module of the own bindings can be the first that is imported."""
    for path in sorted((REPOSITORY / "toolkit" / "bindings").rglob("*.py")):
        module = ".".join(path.relative_to(REPOSITORY).with_suffix("").parts).removesuffix(".__init__")
        assert module in loaded_by(f"import {module}")


# Side by side


def test_two_roots(tmp_path: Path) -> None:
    """Two versions of a package live in one process; each knows its own types, also through copies of an Any."""
    file = "message M { google.protobuf.Any any = 1; } message Thing { %s }"
    one = {"a.proto": proto3("acme", file % "string name = 1;", "google/protobuf/any.proto")}
    two = {"a.proto": proto3("acme", file % "int32 number = 5; string title = 1;", "google/protobuf/any.proto")}
    with bindings_of(tmp_path / "one", one) as first, bindings_of(tmp_path / "two", two) as second:
        a, b = first.module("acme"), second.module("acme")
        thing = b.Thing(number=3, title="t")
        assert a.Thing.from_bytes(thing.to_bytes()).name == "t"
        assert b.Thing.from_bytes(a.Thing.from_bytes(thing.to_bytes()).to_bytes()) == thing
        assert thing.to_dict() == {"number": 3, "title": "t"}
        assert a.Thing(name="t") != b.Thing(title="t")
        for module, value in ((a, a.Thing(name="t")), (b, thing)):
            packed = AnyMessage.pack(value)
            for held in (
                packed,
                pickle.loads(pickle.dumps(packed)),
                module.M.from_bytes(module.M(any=packed).to_bytes()).any,
            ):
                assert held.unpack() == value
                assert held.to_dict() == {"@type": "type.googleapis.com/acme.Thing", **value.to_dict()}
        with pytest.raises(DecodeError):
            a.Thing.from_dict(thing.to_dict())


def test_beside_official_modules(tmp_path: Path) -> None:
    """Official modules of the same protos, in the default pool, coexist with the bindings and convert."""
    folder = tmp_path / "protos"
    with bindings_of(tmp_path, TREE) as made:
        out = tmp_path / "official"
        out.mkdir()
        command = [sys.executable, "-m", "grpc_tools.protoc", f"-I{folder}", f"--python_out={out}", *TREE]
        subprocess.run(command, check=True, timeout=60)
        program = (
            f"import sys; sys.path[:0] = [{str(made.folder)!r}, {str(out)!r}]\n"
            "from google.protobuf import descriptor_pool\n"
            "%s\n"
            f"from {made.package}.acme.shop.v1 import Order, Item\n"
            "order = Order(items=[Item(name='a')], payment=Order.Payment.Token(b'x'))\n"
            "official = order.to_pb(shop_pb2.Order)\n"
            "assert type(official) is shop_pb2.Order and official.items[0].name == 'a'\n"
            "assert Order.from_pb(official) == order\n"
            "assert order.to_pb().DESCRIPTOR.file.pool is not descriptor_pool.Default()\n"
            "assert order.to_pb() is not None and Order.from_pb(order.to_pb()) == order\n"
        )
        first, second = (
            "from acme.shop.v1 import shop_pb2",
            f"import {made.package}.acme.shop.v1 as m; m.Order().to_bytes()",
        )
        loaded_by(program % f"{first}; {second}")
        loaded_by(program % f"{second}; {first}")


# Determinism


def test_output_depends_on_the_input_alone(tmp_path: Path) -> None:
    """Whatever the hash seed, the same bytes are written."""
    folder = tmp_path / "protos"
    compiled(folder, {**TREE, "c.proto": FILE})
    seen = set()
    for seed in ("0", "1", "77"):
        out = tmp_path / seed
        command = [
            sys.executable,
            "-m",
            "toolkit",
            "generate",
            "python",
            "--proto-path",
            str(folder),
            "--out",
            str(out),
            "--package",
            "made",
        ]
        env = {**os.environ, "PYTHONHASHSEED": seed}
        ran = subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
            env={**env, "PYTHONPATH": str(REPOSITORY)},
        )
        assert ran.returncode == 0, ran.stderr
        files = sorted(path for path in (out / "made").rglob("*") if path.is_file())
        assert len(files) > 10
        seen.add(tuple((path.relative_to(out).as_posix(), path.read_bytes()) for path in files))
    assert len(seen) == 1


def test_own_bindings_are_up_to_date() -> None:
    """The bindings in the repository are what the generator makes of its protos; no other file is among them."""
    texts = texts_of(compile_tree([REPOSITORY / "protos"]), "toolkit.bindings")
    for path, text in texts.items():
        assert (REPOSITORY / path).read_bytes() == text.encode(), f"{path} is out of date: make build"
    present = {path.relative_to(REPOSITORY).as_posix() for path in (REPOSITORY / "toolkit" / "bindings").rglob("*.py")}
    assert present == {path for path in texts if path.endswith(".py")}


def test_what_comes_with_the_toolkit_has_no_words(tmp_path: Path) -> None:
    """Bindings of files that nobody asked for, which come with the toolkit, go without the comments of their makers."""
    source = 'import "google/rpc/status.proto";\n// Ours.\nmessage M { google.rpc.Status status = 1; }'
    made = texts_of(compiled(tmp_path, {"m.proto": f'syntax = "proto3";\npackage acme;\n{source}'}), "words")
    status = ast.parse(made["words/google/rpc/__init__.py"])
    (cls,) = [node for node in status.body if isinstance(node, ast.ClassDef)]
    assert ast.get_docstring(cls) == "Status"
    assert [node.value.value for node in cls.body if isinstance(node, ast.Expr)] == ["Status"]  # type: ignore[attr-defined]
    assert '"""Ours."""' in made["words/acme/__init__.py"]
