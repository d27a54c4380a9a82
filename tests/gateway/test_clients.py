"""Clients that others generate from the document compile, and call the gateway with the examples."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.gateway.shelves import Call, Gateway, calls, shelves
from tests.targets.openapi.documents import operation

CLIENTS = REPOSITORY / "build/clients"
PROGRAMS = Path(__file__).parent / "clients"
_MISSING = "run tests/gateway/install.sh"
_TSCONFIG = {
    "compilerOptions": {
        "strict": True,
        "exactOptionalPropertyTypes": True,
        "noUncheckedIndexedAccess": True,
        "target": "es2022",
        "module": "nodenext",
        "skipLibCheck": True,
        "types": ["node"],
    },
    "files": ["client.ts"],
}
_TYPESCRIPT = """
import createClient from "openapi-fetch";
import type {{ components, paths }} from "./schema.js";
const client = createClient<paths>({{ baseUrl: process.argv[2]! }});
function is<T>(value: T): void {{ if (value === undefined) throw new Error("no response"); }}
{calls}
"""
_TYPESCRIPT_CALL = """{{
  const {{ data, error }} = await client.{verb}({path}, {options});
  if (error !== undefined) throw new Error(JSON.stringify(error));
  is<components["schemas"][{gives}]>(data);
}}
"""


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """Envoy with the services of a tree that has every kind of binding, and their document."""
    if not (CLIENTS / "venv").is_dir():
        pytest.skip(f"no generators of clients: {_MISSING}")
    with shelves(tmp_path_factory.mktemp("shelves")) as made:
        yield made


@pytest.fixture
def folder(tmp_path: Path, gateway: Gateway) -> Path:
    """A folder with the document and the calls."""
    gateway.servicers.asked.clear()
    found = [{**asdict(call), **_types(gateway, call)} for call in calls(gateway.document)]
    (tmp_path / "document.json").write_text(json.dumps(gateway.document))
    (tmp_path / "calls.json").write_text(json.dumps(found))
    return tmp_path


def _types(gateway: Gateway, call: Call) -> dict[str, str]:
    """The schemas that a call takes and gives, where they have names."""
    described = operation(gateway.document, call.id)
    body = described.get("requestBody", {}).get("content", {}).get("application/json", {})
    response = described["responses"]["200"]["content"]["application/json"]
    return {"takes": body.get("schema", {}).get("$ref", ""), "gives": response["schema"]["$ref"]}


def _run(folder: Path, *command: str | Path) -> None:
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=300)
    assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.mark.slow(reason="starts Envoy, and compiles a client")
def test_openapi_typescript(folder: Path, gateway: Gateway) -> None:
    """With openapi-typescript and openapi-fetch, the examples have the types of the operations."""
    programs = CLIENTS / "node_modules/.bin"
    (folder / "node_modules").symlink_to(CLIENTS / "node_modules")
    (folder / "package.json").write_text('{"type": "module"}')
    (folder / "tsconfig.json").write_text(json.dumps(_TSCONFIG))
    _run(folder, programs / "openapi-typescript", "document.json", "-o", "schema.ts")
    (folder / "client.ts").write_text(_TYPESCRIPT.format(calls="".join(_typescript(folder))))
    _run(folder, programs / "tsc")
    _run(folder, "node", "client.js", gateway.url)
    gateway.check()


def _typescript(folder: Path) -> Iterator[str]:
    for call in json.loads((folder / "calls.json").read_text()):
        parameters = {"path": call["in_path"], "query": call["in_query"]}
        options = {"params": {where: values for where, values in parameters.items() if values}}
        options |= {"body": call["body"]} if call["body"] is not None else {}
        gives = json.dumps(call["gives"].rpartition("/")[2])
        path = json.dumps(call["path"])
        yield _TYPESCRIPT_CALL.format(verb=call["verb"].upper(), path=path, options=json.dumps(options), gives=gives)


@pytest.mark.slow(reason="starts Envoy, and generates models")
def test_datamodel_code_generator(folder: Path, gateway: Gateway) -> None:
    """Models of datamodel-code-generator take the examples, and read the responses."""
    program = CLIENTS / "venv/bin/datamodel-codegen"
    options = (
        "--input-file-type",
        "openapi",
        "--output-model-type",
        "pydantic_v2.BaseModel",
        "--formatters",
        "builtin",
    )
    _run(folder, program, "--input", "document.json", "--output", "models", *options)
    _run(folder, CLIENTS / "venv/bin/python", "-W", "error::SyntaxWarning", "-m", "compileall", "-q", "models")
    _run_python(folder, "call_models.py", gateway)


@pytest.mark.slow(reason="starts Envoy, and Java")
def test_openapi_generator(folder: Path, gateway: Gateway) -> None:
    """A client of openapi-generator in Python has a function for each operation."""
    if shutil.which("java") is None:
        pytest.skip("no Java: apt-get install default-jre-headless")
    program = CLIENTS / "venv/bin/openapi-generator-cli"
    _run(folder, program, "generate", "-i", "document.json", "-g", "python", "-o", ".", "--package-name", "client")
    _run(folder, CLIENTS / "venv/bin/python", "-m", "compileall", "-q", "client")
    _run_python(folder, "call_generated.py", gateway)


def _run_python(folder: Path, program: str, gateway: Gateway) -> None:
    shutil.copy(PROGRAMS / program, folder)
    _run(folder, CLIENTS / "venv/bin/python", program, "calls.json", gateway.url)
    gateway.check()
