"""`toolkit generate examples`, `toolkit example` and `toolkit validate`, as people run them."""

from __future__ import annotations

import ast
import json
import os
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.support.command import BROKEN, STORAGE, run, tree, written
from tests.support.protos_of import proto3, write
from toolkit.descriptors.compile import compile_tree
from toolkit.descriptors.dynamic import DynamicClasses

pytestmark = pytest.mark.slow(reason="starts the command many times")

FORMS = ("request", "request.full", "response")
EXAMPLES = ("generate", "examples")
PROTOS = ("--proto-path", "protos")
PUT = proto3(
    "acme.shop.v1",
    """
message Money { int64 units = 1; string currency_code = 2; }
message Order {
  string order_id = 1; Money total = 2; string note = 3; repeated string tags = 4;
  oneof payer { string user_id = 5; string company_id = 6; }
  string code = 7 [(yandex.cloud.length) = "<=5", (yandex.cloud.required) = true];
}
service OrderService {
  rpc Put(Order) returns (Order) { option (google.api.http) = { put: "/v1/orders/{order_id}" body: "*" }; }
  rpc Drop(Order) returns (Money);
}""",
    "google/api/annotations.proto",
    "yandex/cloud/validation.proto",
)


def shop(folder: Path, settings: str = "") -> Path:
    """A tree with a service whose requests have a oneof, a message and constraints."""
    root = Path(__file__).resolve().parents[3] / "protos"
    validation = (root / "yandex/cloud/validation.proto").read_text(encoding="utf-8")
    sources = {"protos/shop.proto": PUT, "protos/yandex/cloud/validation.proto": validation}
    return write(folder, {**sources, "toolkit.toml": f'proto_path = ["protos"]\n{settings}'})


def files(folder: Path, out: str = "build/examples") -> dict[str, dict[str, object]]:
    """The examples written, by path below the package's folder."""
    return {
        path.removeprefix("acme/shop/v1/Order/"): json.loads(content)
        for path, content in written(folder / out).items()
    }  # fmt: skip


def test_generate(tmp_path: Path) -> None:
    """Three files a method, a line that sums them up; a second run writes nothing, a change what it changes."""
    ran = run(*EXAMPLES, *PROTOS, cwd=tree(tmp_path))
    assert (ran.code, ran.output) == (0, b"")
    assert ran.errors == "12 examples in build/examples: 12 written, 0 unchanged\n"
    out = tmp_path / "build/examples"
    assert set(written(out)) == {
        f"acme/{name}.{form}.json"
        for name in ("storage/v1/Bucket/get", "storage/v1/Bucket/put", "storage/v1/Shelf/list", "zoo/v1/Cats/feed")
        for form in FORMS
    }
    for path in written(out):
        os.utime(out / path, (1_000_000, 1_000_000))
    again = run(*EXAMPLES, *PROTOS, cwd=tmp_path)
    assert again.errors == "12 examples in build/examples: 0 written, 12 unchanged\n"
    assert {(out / path).stat().st_mtime for path in written(out)} == {1_000_000}
    write(tmp_path, {"protos/acme/storage/v1/storage.proto": STORAGE.replace("string id", "string ident")})
    assert "2 written, 10 unchanged" in run(*EXAMPLES, *PROTOS, cwd=tmp_path).errors
    assert run(*EXAMPLES, *PROTOS, "--quiet", "acme.zoo.v1", "--out", "zoo", cwd=tmp_path).errors == ""
    assert set(written(tmp_path / "zoo")) == {f"acme/zoo/v1/Cats/feed.{form}.json" for form in FORMS}


def test_what_does_not_compile(tmp_path: Path) -> None:
    """A broken file is left out with its place; --strict ends the run with 2, and nothing is written."""
    ran = run(*EXAMPLES, *PROTOS, cwd=tree(tmp_path, bad=BROKEN))
    assert ran.code == 0
    assert "warning: bad.proto:5:1: " in ran.errors
    assert ran.errors.splitlines()[-2].endswith("12 written, 0 unchanged, 1 file left out")
    ran = run(*EXAMPLES, *PROTOS, "--strict", "--out", "strict", cwd=tmp_path)
    assert ran.code == 2
    assert not (tmp_path / "strict").exists()


def test_pins(tmp_path: Path) -> None:
    """toolkit.toml pins values by field, by message and field, and by full name, the most telling first."""
    pins = """[examples.values]
    note = "everywhere"
    units = "7"
    "Money.currency_code" = "NOK"
    "acme.shop.v1.Order.tags" = ["a", "b"]
    tags = ["not", "used"]
    """
    assert run(*EXAMPLES, cwd=shop(tmp_path, pins)).code == 0
    order = files(tmp_path)["put.request.full.json"]
    assert order["note"] == "everywhere"
    assert order["total"] == {"units": "7", "currencyCode": "NOK"}
    assert order["tags"] == ["a", "b"]
    assert json.loads(run("example", "acme.shop.v1.OrderService.Put", "--full", cwd=tmp_path).text) == order


def test_variants(tmp_path: Path) -> None:
    """--variants writes one file for each member of a oneof, which shows that member and no other."""
    run(*EXAMPLES, cwd=shop(tmp_path))
    assert set(files(tmp_path)) == {f"{m}.{form}.json" for m in ("put", "drop") for form in FORMS}
    ran = run(*EXAMPLES, "--variants", "--out", "all", cwd=tmp_path)
    assert ran.errors.startswith("12 examples in all: 12 written")
    made = files(tmp_path, "all")
    for form in ("request", "response"):
        assert "userId" in made[f"put.{form}.user_id.json"]
        assert "companyId" not in made[f"put.{form}.user_id.json"]
        assert "companyId" in made[f"put.{form}.company_id.json"]
        assert "userId" not in made[f"put.{form}.company_id.json"]
    assert made["put.request.full.json"] == made["put.request.user_id.json"]
    assert made["put.response.json"] == made["put.response.user_id.json"]
    assert not [path for path in made if path.startswith("drop.response.") and path != "drop.response.json"]


def test_contradiction_is_named(tmp_path: Path) -> None:
    """A field that no value satisfies is a warning with file and line, and the rest is written."""
    text = PUT.replace('"<=5"', '"<=5", (yandex.cloud.pattern) = "[0-9]{9}"')
    shop(tmp_path)
    write(tmp_path, {"protos/shop.proto": text})
    ran = run(*EXAMPLES, cwd=tmp_path)
    assert ran.code == 0
    line = text[: text.index("string code")].count("\n") + 1
    what = "could not generate an example for acme.shop.v1.Order.code that satisfies its constraints"
    assert ran.errors.splitlines()[:-1] == [f"warning: shop.proto:{line}:3: {what}"]
    assert "code" not in files(tmp_path)["put.request.json"]


@pytest.mark.parametrize("form", ["request", "response", "curl", "grpcurl", "python"])
def test_example(tmp_path: Path, form: str) -> None:
    """Each form of an example is printed and names what it must; the default is the request."""
    shop(tmp_path, '[examples]\ngrpc_server = "grpc.shop:443"\nhttp_server = "https://http.shop"\n')
    ran = run("example", "acme.shop.v1.OrderService.Put", "--as", form, cwd=tmp_path)
    assert (ran.code, ran.errors) == (0, "")
    request = run("example", "acme.shop.v1.OrderService.Put", cwd=tmp_path).text
    order_id = json.loads(request)["orderId"]
    if form == "request":
        assert ran.text == request
    elif form == "response":
        run(*EXAMPLES, cwd=tmp_path)
        assert json.loads(ran.text) == files(tmp_path)["put.response.json"]
    elif form == "curl":
        assert ran.text.startswith(f"curl --request PUT https://http.shop/v1/orders/{order_id} ")
    elif form == "grpcurl":
        assert ran.text.startswith("grpcurl -d @ grpc.shop:443 acme.shop.v1.OrderService/Put ")
    else:
        assert '"grpc.shop:443"' in ran.text
        assert ast.parse(ran.text).body


def test_server_flags(tmp_path: Path) -> None:
    """--grpc-server and --http-server win over toolkit.toml; a server on this machine is spoken to without TLS."""
    shop(tmp_path, '[examples]\ngrpc_server = "grpc.shop:443"\n')
    command = ("example", "acme.shop.v1.OrderService.Put", "--as")
    ran = run(*command, "grpcurl", "--grpc-server", "localhost:8080", cwd=tmp_path)
    assert ran.text.startswith("grpcurl -plaintext -d @ localhost:8080 ")
    assert "http://x.test/v1/" in run(*command, "curl", "--http-server", "http://x.test", cwd=tmp_path).text


def test_example_without_binding(tmp_path: Path) -> None:
    """A method without an HTTP binding has no curl line; the error says where it is, and what to do."""
    ran = run("example", "acme.shop.v1.OrderService.Drop", "--as", "curl", cwd=shop(tmp_path))
    assert (ran.code, ran.output) == (2, b"")
    assert "shop.proto:" in ran.errors
    assert "has no HTTP binding" in ran.errors
    assert "--as grpcurl" in ran.errors
    unknown = run("example", "acme.shop.v1.OrderService.Put", "--as", "perl", cwd=tmp_path)
    assert (unknown.code, unknown.output) == (2, b"")


ORDER = "acme.shop.v1.Order"
VALIDATED = [
    ('{"code": "abc"}', ORDER, 0, ""),
    ('{"code": "abcdef"}', ORDER, 1, "code: The maximum string length in characters is 5. [yandex.cloud.length]\n"),
    ("{}", ORDER, 1, "code: Required field. [yandex.cloud.required]\n"),
    ('{"code": "abc"}', "acme.shop.v1.Ordr", 2, "did you mean acme.shop.v1.Order"),
    ('{"code": "abc"}', "Order", 2, "did you mean acme.shop.v1.Order?"),
    ('{"code": "abc", "nope": 1}', ORDER, 2, "not a acme.shop.v1.Order: nope: acme.shop.v1.Order has no field 'nope'"),
    ('{"code": 5}', ORDER, 2, "not a acme.shop.v1.Order: code: 5 is not a string"),
    ('{\n  "code": "abc",\n  oops\n}', ORDER, 2, ":3:3: not JSON: "),
    ("", ORDER, 2, ":1:1: not JSON: "),
    ("\xff", ORDER, 2, ": not JSON: "),
    ("[" * 100_000, ORDER, 2, "error: "),
    ('{"total":' * 200 + "{}" + "}" * 200, ORDER, 2, "error: "),
]


@pytest.mark.parametrize(("content", "message", "code", "said"), VALIDATED)
def test_validate(tmp_path: Path, content: str, message: str, code: int, said: str) -> None:
    """Exit code 0 for what holds, 1 with a line a violation, 2 with a sentence for what cannot be read; `-` the same."""
    shop(tmp_path)
    (tmp_path / "order.json").write_bytes(content.encode("latin-1"))
    from_file = run("validate", "order.json", "--message", message, cwd=tmp_path)
    piped = run("validate", "-", "--message", message, cwd=tmp_path, stdin=content.encode("latin-1"))
    for ran, name in ((from_file, "order.json"), (piped, "<stdin>")):
        assert ran.code == code
        if code < 2:
            assert (ran.text, ran.errors) == (said and f"{name}: {said}", "")
        else:
            assert ran.output == b""
            assert said in ran.errors
            assert "did you mean" in said or name in ran.errors


@pytest.mark.parametrize("arguments", [("gone.json", "--message", ORDER), ("toolkit.toml",), ("--message", ORDER)])
def test_validate_wrong_use(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """A file that is not there, or a message or file that is not named, is exit code 2."""
    ran = run("validate", *arguments, cwd=shop(tmp_path))
    assert (ran.code, ran.output) == (2, b"")


def test_own_examples_are_valid(tmp_path: Path) -> None:
    """What `generate examples` writes, `validate` accepts."""
    run(*EXAMPLES, cwd=shop(tmp_path))
    made = tmp_path / "build/examples/acme/shop/v1/Order/put.request.json"
    assert run("validate", made, "--message", ORDER, cwd=tmp_path).code == 0


DEEP = "\n".join(f"message D{i} {{ D{i + 1} next = 1; string name = 2; }}" for i in range(300)) + "message D300 {}"
RECURSIVE = {
    "itself": "message Root { Root root = 1; repeated Root roots = 2; string name = 3; }",
    "each other": "message Root { A a = 1; string name = 2; } message A { B b = 1; } message B { A a = 1; Root root = 2; }",
    "maps": "message Root { map<string, Root> roots = 1; map<int64, A> others = 2; string name = 3; } message A { map<bool, Root> back = 1; }",
    "oneof": "message Root { oneof one { Root root = 1; A a = 2; string name = 3; } } message A { oneof one { A a = 1; Root root = 2; } }",
    "deep": f"message Root {{ D0 deep = 1; string name = 2; }}\n{DEEP}",
    "nested": "message Root { string name = 1; "
    + "".join(f"message N{i} {{ string x = 1; " for i in range(25))
    + "}" * 26,
    "ring": "message Root { R0 r = 1; string name = 2; }\n"
    + "\n".join(f"message R{i} {{ R{(i + 1) % 300} next = 1; Root root = 2; }}" for i in range(300)),
    "every one in every other": "message Root { C0 c = 1; string name = 2; }\n"
    + "\n".join(f"message C{i} {{ {' '.join(f'C{j} c{j} = {j + 1};' for j in range(12))} }}" for i in range(12)),
}


@pytest.mark.parametrize("name", RECURSIVE)
def test_recursion(tmp_path: Path, name: str) -> None:
    """Whatever holds itself, however deep: examples are written, parse, and come back equal from their bytes."""
    text = proto3("acme", f"{RECURSIVE[name]}\nservice Roots {{ rpc Put(Root) returns (Root); }}")
    ran = run(*EXAMPLES, "--variants", cwd=write(tmp_path, {"acme.proto": text}))
    assert ran.code == 0
    assert "warning" not in ran.errors
    classes = DynamicClasses(compile_tree([tmp_path]))
    made = written(tmp_path / "build/examples")
    assert len(made) >= 2
    for content in made.values():
        message = classes.parse("acme.Root", content)
        assert classes.get("acme.Root").FromString(message.SerializeToString()) == message
        assert len(content) < 2_000_000
    ran = run("validate", "-", "--message", "acme.Root", cwd=tmp_path, stdin=made["acme/Roots/put.request.json"])
    assert (ran.code, ran.errors) == (0, "")
    assert run("example", "acme.Roots.Put", "--as", "python", cwd=tmp_path).code == 0


def test_operation_that_gives_nothing() -> None:
    """Where an operation's result is Empty, which no file imports, the example says so, and parses as what it is."""
    example = run(
        "example", "yandex.cloud.compute.v1.ImageService.Delete", "--as", "response", "--done", cwd=REPOSITORY
    )
    assert json.loads(example.text)["response"] == {"@type": "type.googleapis.com/google.protobuf.Empty"}
    checked = run(
        "validate", "-", "--message", "yandex.cloud.operation.Operation", cwd=REPOSITORY, stdin=example.output
    )
    assert (checked.code, checked.text) == (0, "")
