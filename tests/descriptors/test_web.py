"""A descriptor set on the web: what is sent, what is followed, and what is said if there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.command import run, tree
from tests.support.servers import Certificate, web
from toolkit.descriptors.addresses import Access
from toolkit.descriptors.compile import compile_tree, read_descriptor_set
from toolkit.descriptors.loader import load
from toolkit.errors import InputError

pytestmark = pytest.mark.slow(reason="starts servers and a process for each read")


def test_read(tmp_path: Path) -> None:
    """A set is read with its comments from https, with headers, and without a proxy from this machine."""
    compilation = compile_tree([tree(tmp_path) / "protos"])
    made = Certificate.make(tmp_path)
    with web({"/api.binpb": (200, {}, compilation.descriptor_set)}, made) as (at, seen):
        options = ("--ca", "certificate.pem", "--header", "X-Key: $KEY")
        env = {"KEY": "sesame", "https_proxy": "http://127.0.0.1:9"}
        ran = run("diff", "protos", f"https://{at}/api.binpb", *options, "--exit-code", cwd=tmp_path, env=env)
        assert (ran.code, ran.text, ran.errors) == (0, "", "0 changes, 0 breaking\n")
        assert [headers["X-Key"] for headers in seen] == ["sesame"]
        with pytest.raises(InputError, match="its certificate is not trusted"):
            read_descriptor_set(f"https://{at}/api.binpb")
        found = load(read_descriptor_set(f"https://{at}/api.binpb", access=Access(ca=made.certificate)))
    assert found.services == load(compilation).services


def test_redirects(tmp_path: Path) -> None:
    """A redirect is followed to the same server only, since nobody named another."""
    content = compile_tree([tree(tmp_path) / "protos"]).descriptor_set
    with web({}) as (other, strangers):
        answers = {
            "/latest": (302, {"Location": "/v1"}, b""),
            "/v1": (200, {}, content),
            "/away": (302, {"Location": f"http://{other}/v1?key=sesame"}, b""),
            "/file": (302, {"Location": "file:///etc/passwd"}, b""),
            "/circle": (302, {"Location": "/circle"}, b""),
            "/nowhere": (302, {"Location": "http://[x"}, b""),
        }
        with web(answers) as (at, _):
            assert read_descriptor_set(f"http://{at}/latest").descriptor_set == content
            for path, said in (
                ("away", f"it leads to http://{other}/v1, which you did not name"),
                ("file", "it leads"),
                ("circle", "it leads elsewhere"),
                ("nowhere", "cannot be reached"),
            ):
                with pytest.raises(InputError) as raised:
                    read_descriptor_set(f"http://{at}/{path}")
                assert said in raised.value.message
                assert raised.value.hint
                assert "sesame" not in str(raised.value)
    assert not strangers


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("page", "this is not a descriptor set, but text/html"),
        ("text", "this is not a descriptor set, but text/plain"),
        ("empty", "this is not a descriptor set"),
        ("short", "this is not a descriptor set"),
        ("large", "it has more than 100000 bytes"),
        ("secret", "the web server answers 403 Forbidden\n  log in with --header"),
        ("gone", "the web server answers 404 Not Found\n  check the path"),
        ("broken", "the web server answers 500"),
    ],
)
def test_errors(tmp_path: Path, path: str, said: str) -> None:
    """What is not a descriptor set is an error that names the address, and says what to do."""
    answers = {
        "/page": (200, {"Content-Type": "text/html; charset=utf-8"}, b"<!doctype html><title>Log in</title>"),
        "/text": (200, {"Content-Type": "text/plain"}, b"syntax = 'proto3';"),
        "/empty": (200, {"Content-Type": "application/octet-stream"}, b""),
        "/short": (200, {"Content-Length": "500"}, b"\n\x05a"),
        "/large": (200, {}, b"\n" * 200_000),
        "/secret": (403, {}, b""),
        "/broken": (500, {}, b""),
    }
    with web(answers) as (at, _), pytest.raises(InputError) as raised:
        read_descriptor_set(f"http://{at}/{path}", 100_000)
    assert said in str(raised.value)
    assert f"http://{at}/{path}" in raised.value.message
    assert raised.value.hint
    with pytest.raises(InputError, match=r"cannot be reached|no answer"):
        read_descriptor_set(f"http://{at}/{path}")
