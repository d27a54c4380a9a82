"""Serves the built site, and reloads open pages when there is a new build."""

from __future__ import annotations

import json
import os
import secrets
import socket
import socketserver
import sys
import threading
from collections import Counter
from collections.abc import Iterator, Set
from contextlib import contextmanager, suppress
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qs, unquote

from toolkit.errors import ConfigError

_ALIVE = 15.0
"""Seconds between signs of life to waiting browsers."""


class _Build(NamedTuple):
    folder: str
    """Empty before the first build."""
    name: str
    """Identifies the build in its pages; unique across runs."""
    problem: str = ""
    """Why a newer build failed; empty if none did."""


class Served:
    """The current build, and the browsers that wait for the next one."""

    def __init__(self) -> None:
        self.now = _Build("", secrets.token_hex(8))
        self._changed = threading.Condition()
        self._is_over = False
        self._open: Counter[str] = Counter()

    def show(self, folder: Path) -> str | None:
        """Show a new build, and return the directory of the previous one."""
        with self._changed:
            before, self.now = self.now.folder, _Build(str(folder), secrets.token_hex(8))
            self._changed.notify_all()
        return before or None

    def fail(self, problem: str) -> None:
        """Show why there is no new build, above the pages of the last one."""
        with self._changed:
            self.now = self.now._replace(problem=problem)
            self._changed.notify_all()

    def end(self) -> None:
        """Release the waiting browsers."""
        with self._changed:
            self._is_over = True
            self._changed.notify_all()

    @contextmanager
    def reading(self, path: str) -> Iterator[None]:
        """Know of a page that a browser has open."""
        with self._changed:
            self._open[path] += 1
        try:
            yield
        finally:
            with self._changed:
                self._open[path] -= 1

    def is_open(self, paths: Set[str]) -> bool:
        """Whether a browser has a page open that is at one of these paths, or had a moment ago."""
        with self._changed:
            return any(self._open[path] > 0 for path in paths)

    def other_than(self, told: _Build | None) -> _Build | None:
        """The current build, as soon as it is not what was ``told``, or after a while; None at the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._is_over or self.now != told, _ALIVE)
            return None if self._is_over else self.now


_SCRIPT = "/__toolkit__/reload.js"
_EVENTS = "/__toolkit__/events"
_RELOAD = f"""\
"use strict";
// Reloads the page as soon as a newer build is served, and says why there is none if it fails.
(() => {{
  const build = new URL(document.currentScript.src).searchParams.get("build");
  const note = document.createElement("pre");
  note.id = "toolkit-problem";
  note.setAttribute("role", "alert");
  note.style.cssText =
    "position: fixed; z-index: 100; right: 0; bottom: 0; left: 0; max-height: 50vh; margin: 0; padding: 1rem;" +
    "overflow: auto; white-space: pre-wrap; font: 14px/1.5 monospace; color: #fff; background: #7f1d1d;";
  new EventSource(`{_EVENTS}?page=${{encodeURIComponent(location.pathname)}}`).onmessage = (event) => {{
    const {{ name, problem }} = JSON.parse(event.data);
    if (name !== build) return location.reload();
    note.textContent = problem && `The build failed. These pages are from before.\\n\\n${{problem}}`;
    if (problem) document.body.append(note);
    else note.remove();
  }};
}})();
"""
_NOT_YET = b"<!doctype html><title>Not built</title><body><p>Not built yet; see the terminal.</p></body>"
_NOT_FOUND = b"<!doctype html><title>Not found</title><body><p>This page does not exist.</p></body>"


class _Server(ThreadingHTTPServer):
    def __init__(self, address: tuple[str, int], served: Served) -> None:
        self.served = served
        self.host = address[0]
        self.address_family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        super().__init__(address, _Handler)

    def server_bind(self) -> None:
        """Bind without a DNS lookup, which the base class does."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address[:2]  # type: ignore[assignment]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore closed connections."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(SimpleHTTPRequestHandler):
    server: _Server

    def parse_request(self) -> bool:
        """Refuse requests for other hosts, since any site can make its name resolve to this address (DNS rebinding)."""
        if not super().parse_request():
            return False
        own = {self.server.host, str(self.connection.getsockname()[0]), "localhost", "127.0.0.1", "::1"}
        if self.headers.get("Host", "").lower() in {_authority(name, self.server.server_port) for name in own}:
            return True
        self.send_error(HTTPStatus.MISDIRECTED_REQUEST, explain="This host is not served; see the terminal.")
        return False

    def do_GET(self) -> None:
        """Answer with a page, the reload script, or the event stream of builds."""
        path = self.path.partition("?")[0]
        if path == _EVENTS:
            self._tell()
        elif path == _SCRIPT:
            self.wfile.write(self._begin(HTTPStatus.OK, "text/javascript", _RELOAD.encode()).read())
        else:
            super().do_GET()

    def send_head(self) -> Any:
        """Send the headers, and return the body."""
        build = self.server.served.now
        if not build.folder:
            return self._page(HTTPStatus.SERVICE_UNAVAILABLE, _NOT_YET, build)
        self.directory = build.folder
        path = self.translate_path(self.path)
        if os.path.isdir(path) and self.path.partition("?")[0].endswith("/"):
            path = os.path.join(path, "index.html")
        with suppress(OSError, ValueError):  # ValueError for a NUL
            if path.endswith(".html"):
                return self._page(HTTPStatus.OK, Path(path).read_bytes(), build)
            if os.path.exists(path):
                del self.headers["If-Modified-Since"]
                return super().send_head()
        missing = _NOT_FOUND
        with suppress(OSError):
            missing = Path(build.folder, "404.html").read_bytes()
        return self._page(HTTPStatus.NOT_FOUND, missing, build)

    def _page(self, status: HTTPStatus, content: bytes, build: _Build) -> BytesIO:
        """Send the headers of a page, and return its body with the reload script added."""
        script = f'<script src="{_SCRIPT}?build={build.name}"></script>'.encode()
        before, end, after = content.rpartition(b"</body>")
        content = before + script + end + after if end else content + script
        return self._begin(status, "text/html; charset=utf-8", content)

    def _begin(self, status: HTTPStatus, kind: str, content: bytes) -> BytesIO:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        return BytesIO(content)

    def _tell(self) -> None:
        """Send the name of the current build and its problem, and each that follows."""
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        told: _Build | None = None
        page = parse_qs(self.path.partition("?")[2]).get("page", [""])[0]
        with self.server.served.reading(unquote(page)):
            while (now := self.server.served.other_than(told)) is not None:
                said = json.dumps({"name": now.name, "problem": now.problem})
                self.wfile.write(f"data: {said}\n\n".encode() if now != told else b":\n\n")
                told = now

    def end_headers(self) -> None:
        """Add a header that keeps browsers from caching."""
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def guess_type(self, path: Any) -> str:
        """The content type of a file; text is UTF-8."""
        kind = super().guess_type(path)
        return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Log nothing: the terminal is for builds."""


def _authority(host: str, port: int) -> str:
    """The address as in a URL or a Host header, without the default port."""
    name = f"[{host}]" if ":" in host else host
    return (name if port == 80 else f"{name}:{port}").lower()


@contextmanager
def listening(served: Served, host: str, port: int) -> Iterator[str]:
    """Serve while the context is open; yields the address of the site."""
    if not host:  # for the system, this means every address
        raise ConfigError("--host is empty", hint="leave it out, or give an address; 0.0.0.0 is every address")
    try:
        server = _Server((host, port), served)
    except (OSError, OverflowError) as error:
        reason = error.strerror if isinstance(error, OSError) else "no such port"
        hint = "choose another with --port; --port 0 picks a free one"
        raise ConfigError(f"cannot serve on port {port} of {host}: {reason}", hint=hint) from None
    with server:
        thread = threading.Thread(target=server.serve_forever, name="toolkit-serve", daemon=True)
        thread.start()
        try:
            yield f"http://{_authority(host, server.server_port)}/"
        finally:
            served.end()
            server.shutdown()
            thread.join()
