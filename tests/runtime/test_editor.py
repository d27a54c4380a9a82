"""What an editor shows: the language server of pyright, asked about generated code."""

from __future__ import annotations

import inspect
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.support.bindings_of import bindings_of, compiled, texts_of
from tests.support.protos_of import proto3, write

SOURCES = {
    "a.proto": proto3(
        "acme.v1",
        '''
// A request for a bucket.
//
// With details.
message Get {
  // Name of the bucket,
  // over two lines: """.
  //
  // More of it.
  string name = 1;
  int32 plain = 2;
  // Where it is.
  oneof place {
    // A zone.
    string zone = 3;
  }
}
message Bare { string name = 1; }
''',
    )
}
USE = """from made.acme.v1 import Bare, Get

Get(name="a", plain=1, place=None)
Bare(name="a")
"""


class Server:
    """A language server that was started."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self._count = 0

    def send(self, method: str, params: Any, **more: Any) -> None:
        """Send a message."""
        body = json.dumps({"jsonrpc": "2.0", "method": method, "params": params, **more}).encode()
        self._write(body)

    def _write(self, body: bytes) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self._process.stdin.flush()

    def ask(self, method: str, params: Any) -> Any:
        """Send a request; its result."""
        self._count += 1
        self.send(method, params, id=self._count)
        while True:
            found = self._read()
            if "method" not in found and found.get("id") == self._count:
                return found["result"]
            if "id" in found and "method" in found:  # asks for its configuration
                self._write(json.dumps({"jsonrpc": "2.0", "id": found["id"], "result": [{}]}).encode())

    def _read(self) -> Any:
        assert self._process.stdout is not None
        size = 0
        while line := self._process.stdout.readline().strip():
            if line.lower().startswith(b"content-length:"):
                size = int(line.partition(b":")[2])
        return json.loads(self._process.stdout.read(size))


@contextmanager
def server(folder: Path) -> Iterator[Server]:
    """The language server for a folder."""
    program = shutil.which("pyright-langserver", path=str(Path(sys.executable).parent))
    if program is None:
        pytest.skip("no pyright: pip install 'proto-toolkit[dev]'")
    command = [program, "--stdio"]
    process = subprocess.Popen(command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        made = Server(process)
        hover = {"textDocument": {"hover": {"contentFormat": ["plaintext"]}}}
        folders = [{"uri": folder.as_uri(), "name": "made"}]
        made.ask(
            "initialize",
            {"processId": None, "rootUri": folder.as_uri(), "capabilities": hover, "workspaceFolders": folders},
        )
        made.send("initialized", {})
        yield made
    finally:
        process.kill()
        for stream in (process.stdin, process.stdout):
            assert stream is not None
            stream.close()
        process.wait()


@pytest.mark.slow(reason="starts the language server of pyright")
def test_hover(tmp_path: Path) -> None:
    """A keyword of a constructor shows the comment of its field, and one without a comment only its type."""
    write(tmp_path / "code", texts_of(compiled(tmp_path / "protos", SOURCES)))
    file = tmp_path / "code/use.py"
    file.write_text(USE)
    with server(tmp_path / "code") as editor:
        document = {"uri": file.as_uri(), "languageId": "python", "version": 1, "text": USE}
        editor.send("textDocument/didOpen", {"textDocument": document})

        def hover(line: int, word: str) -> str:
            place = {"line": line, "character": USE.splitlines()[line].index(word) + 1}
            found = editor.ask("textDocument/hover", {"textDocument": {"uri": file.as_uri()}, "position": place})
            return str(found["contents"]["value"])

        assert "Name of the bucket, over two lines:" in hover(2, "name=")
        assert "Where it is." in hover(2, "place=")
        assert "(parameter) plain: int" in hover(2, "plain=")
        assert "A request for a bucket." in hover(2, "Get")
        assert hover(3, "name=").strip() == "(parameter) name: str"


def test_docstring(tmp_path: Path) -> None:
    """The constructor has the first paragraphs, each in one line; without comments of fields, it has none."""
    with bindings_of(tmp_path, SOURCES) as made:
        module = made.module("acme.v1")
        assert inspect.getdoc(module.Get.__init__) == (
            'A request for a bucket.\n\nArgs:\n    name: Name of the bucket, over two lines: """.\n    place: Where it is.'
        )
        assert vars(module.Bare)["__init__"].__doc__ is None
