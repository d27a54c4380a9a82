"""Comments as the model keeps them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.protos_of import schema_of
from tests.support.work import growth
from toolkit.descriptors import comments
from toolkit.descriptors.model import Comment

HEAD = 'syntax = "proto3";\npackage acme;\n'


def _comment(folder: Path, text: str | bytes) -> Comment:
    """The comments of the message M in a file with the text."""
    source = HEAD.encode() + (text if isinstance(text, bytes) else text.encode())
    return schema_of(folder, {"m.proto": source}).message("acme.M").comment


def test_three_places(tmp_path: Path) -> None:
    """Comments before, beside and apart from an element are distinguished."""
    text = "\n// Apart.\n\n/* Apart\n * too. */\n\n// Before,\n//  with an inset.\nmessage M { // Beside.\n}\n"
    comment = _comment(tmp_path, text)
    assert comment.detached == ("Apart.", "Apart\ntoo.")
    assert comment.leading == "Before,\n with an inset."
    assert comment.trailing == "Beside."


def test_no_comment(tmp_path: Path) -> None:
    """An element without comments has empty ones, and no line."""
    assert _comment(tmp_path, "message M {}") == Comment()


@pytest.mark.parametrize(
    ("text", "leading"),
    [
        ("// One.\n", "One."),
        ("//One.\n", "One."),
        ("//   One.\n", "  One."),
        ("// One.  \n// Two.\t\n", "One.\nTwo."),
        ("//\n// One.\n//\n// Two.\n//\n", "One.\n\nTwo."),
        ("/* One. */\n", "One."),
        ("/**\n * One.\n *\n * Two.\n */\n", "One.\n\nTwo."),
        ("/*\n   One.\n   Two.\n*/\n", "One.\nTwo."),
        ("// One.\r\n// Two.\r\n", "One.\nTwo."),
        ("// `a`\u00a0– «é» 漢\n", "`a`\u00a0– «é» 漢"),
        ("// a\tb\n", "a\tb"),
        ("//\tOne.\n//\t\tTwo.\n", "One.\n\tTwo."),
        ("// One.\n//\n//\tTwo.\n", "One.\n\n\tTwo."),
    ],
)
def test_white_space(tmp_path: Path, text: str, leading: str) -> None:
    """A comment loses its marks, one space a line and the white space at line ends; the rest stays."""
    assert _comment(tmp_path, text + "message M {}").leading == leading


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("// One.\nmessage M {}", 3),
        ("\n\n// One.\n// Two.\nmessage M {}", 5),
        ("// Apart.\n\n// One.\nmessage M {}", 5),
        ("//\n//\n// One.\nmessage M {}", 5),
        ("/* One. */\nmessage M {}", 3),
        ("/* One.\n * Two. */\nmessage M {}", 3),
        ("// (-- a\n// b --)\n// One.\n// Two.\nmessage M {}", 5),
        ("// (-- a --)\n//\n// One.\nmessage M {}", 5),
        ("// One. (-- a --)\n// Two.\nmessage M {}", 3),
        ("// (-- a --)\nmessage M {}", 0),
        ("////////\n// One.\n////////\nmessage M {}", 4),
    ],
)
def test_line(tmp_path: Path, text: str, line: int) -> None:
    """The line is that of the first line of the leading comment in the file."""
    assert _comment(tmp_path, text).line == line


MARKS = [
    ("/// One.\n///\n/// Two.\n", "One.\n\nTwo."),
    ("///One.\n///Two.\n", "One.\nTwo."),
    ("/// One.\n// Two.\n", "One.\nTwo."),
    ("//// One.\n", "One."),
    ("/** One. */\n", "One."),
    ("/**One. */\n", "One."),
    ("/** One.\n * Two. **/\n", "One.\nTwo."),
    ("/**\n * * One.\n * * Two.\n */\n", "* One.\n* Two."),
    ("/*\n ** One.\n ** Two.\n */\n", "One.\nTwo."),
    ("//! One.\n//! Two.\n", "One.\nTwo."),
    ("/*! One.\n * Two. */\n", "One.\nTwo."),
    ("//////////\n// One.\n//////////\n", "One."),
    ("//////////\n/// One. ///\n//////////\n", "One."),
    ("/**********\n * One.   *\n * Two.   *\n **********/\n", "One.\nTwo."),
    ("// ==========\n// One.\n//\n// Two.\n// ==========\n", "One.\n\nTwo."),
    ("// ##########\n// # One.   #\n// ##########\n", "One."),
    ("// ----------\n// One.\n// ----------\n// Two.\n", "One.\n----------\nTwo."),
    ("//////////\n// One.\n//////////\n// Two.\n", "One.\n\nTwo."),
    ("/****** One. ******/\n", "One."),
    ("// ------ One. ------\n", "One."),
    ("//////////\n", ""),
]


@pytest.mark.parametrize(("text", "leading"), MARKS)
def test_marks(tmp_path: Path, text: str, leading: str) -> None:
    """One more mark after the opening, gutters, and boxes of marks are not text."""
    assert _comment(tmp_path, text + "message M {}").leading == leading


@pytest.mark.parametrize(
    "text",
    [
        "* One.\n* Two.",
        "*One* and two.",
        "/etc/hosts or /tmp",
        "!enabled",
        "![One](two)",
        "<b>One.</b>",
        "One\n===\nTwo.",
        "One.\n\n---\n\nTwo.",
        "# One\nTwo.",
        "```\n====\n////\n====\n```",
        "| One |\n|-----|\n| Two |",
        "- One.\n- Two.",
        "--one=1 or --two=2",
    ],
)
def test_no_marks(tmp_path: Path, text: str) -> None:
    """Markdown and text that begin with such characters are kept."""
    lines = "".join(f"// {line}\n" for line in text.split("\n"))
    assert _comment(tmp_path, f"{lines}message M {{}}").leading == text


@pytest.mark.parametrize("text", ["/// One.", "///< One.", "//< One.", "/**< One. */", "/*!< One. */", "//!< One."])
def test_marks_beside(tmp_path: Path, text: str) -> None:
    """A comment beside an element may also have a mark that points to it."""
    assert _comment(tmp_path, f"message M {{ {text}\n}}").trailing == "One."


INTERNAL = [
    ("(-- x --)", "", ["x"]),
    ("One.\n(-- x --)\nTwo.", "One.\nTwo.", ["x"]),
    ("One.\n\n(-- x --)\n\nTwo.", "One.\n\nTwo.", ["x"]),
    ("One.\n(-- x --)\n\nTwo.", "One.\n\nTwo.", ["x"]),
    ("One.\n\n(-- x --)\nTwo.", "One.\n\nTwo.", ["x"]),
    ("(-- x --)\nOne.", "One.", ["x"]),
    ("One.\n(-- x --)", "One.", ["x"]),
    ("One (-- x --) two.", "One two.", ["x"]),
    ("One (-- x --).", "One.", ["x"]),
    ("One(-- x --) two.", "One two.", ["x"]),
    ("One (-- x --)two.", "One two.", ["x"]),
    ("One (-- x --)\ntwo.", "One\ntwo.", ["x"]),
    ("One\n(-- x --) two.", "One\ntwo.", ["x"]),
    ("(-- x\ny\n\nz --)\nOne.", "One.", ["x\ny\n\nz"]),
    ("One (-- x\ny --) two.", "One two.", ["x\ny"]),
    ("(-- x --) (-- y --)\nOne.", "One.", ["x", "y"]),
    ("(-- x --)\n(-- y --)\nOne.", "One.", ["x", "y"]),
    ("One (-- x --) and (-- y --) two.", "One and two.", ["x", "y"]),
    ("(----)\nOne.", "One.", [""]),
    ("One.\n(-- x", "One.", ["x"]),
    ("One (-- x\ny", "One", ["x\ny"]),
    ("(-- x --) One. (-- y", "One.", ["x", "y"]),
    ("One. --) Two.", "One. --) Two.", []),
    ("One (- x -) (-x--).", "One (- x -) (-x--).", []),
]


@pytest.mark.parametrize(("text", "leading", "internal"), INTERNAL)
def test_internal(tmp_path: Path, text: str, leading: str, internal: list[str]) -> None:
    """Internal blocks are taken out wherever they are, to the end where nothing closes them; what is around reads on."""
    lines = "".join(f"// {line}\n" for line in text.split("\n"))
    comment = _comment(tmp_path, f"{lines}message M {{}}")
    assert (comment.leading, comment.internal) == (leading, tuple(internal))


def test_internal_everywhere(tmp_path: Path) -> None:
    """Internal blocks are taken out of trailing and detached comments as well."""
    text = "\n// (-- apart --)\n\n// Apart (-- too --).\n\n// Before.\nmessage M { // Beside (-- beside --)\n}"
    comment = _comment(tmp_path, text)
    assert (comment.leading, comment.trailing, comment.detached) == ("Before.", "Beside", ("Apart.",))
    assert sorted(comment.internal) == ["apart", "beside", "too"]


@pytest.mark.parametrize("character", ["\x01", "\x02", "\x03", "\x0b", "\x0c", "\x1b", "\x7f"])
def test_control_characters(tmp_path: Path, character: str) -> None:
    """No control character gets into a comment, and none keeps an internal block from being seen."""
    comment = _comment(tmp_path, f"// O{character}ne.{character}\n// ({character}-- x --{character})\nmessage M {{}}")
    assert (comment.leading, comment.internal) == ("One.", ("x",))


def test_not_utf8(tmp_path: Path) -> None:
    """A comment that is not UTF-8 is kept, with its faults shown."""
    comment = _comment(tmp_path, b"\n// apart \xe9\n\n// caf\xe9\nmessage M { // the\xe9\n}")
    assert (comment.leading, comment.trailing, comment.detached) == ("caf\ufffd", "the\ufffd", ("apart \ufffd",))


def test_comment_of_file(tmp_path: Path) -> None:
    """A file has the comment of its package, or else of its syntax."""
    schema = schema_of(
        tmp_path,
        {
            "both.proto": '// Syntax.\nsyntax = "proto3";\n// Package.\npackage acme;\n',
            "syntax.proto": '// Syntax.\nsyntax = "proto3";\npackage acme;\n',
            "edition.proto": '// Edition.\nedition = "2023";\npackage acme;\n',
            "none.proto": 'syntax = "proto3";\npackage acme;\n',
        },
    )
    assert {name: file.comment.leading for name, file in schema.files.items()} == {
        "both.proto": "Package.",
        "syntax.proto": "Syntax.",
        "edition.proto": "Edition.",
        "none.proto": "",
    }


def test_comments_of_every_kind(tmp_path: Path) -> None:
    """Messages, fields, maps, oneofs, enums, values, services and methods have their own comments."""
    body = """
    // message
    message M {
      // field
      string f = 1;
      // map
      map<string, string> m = 2;
      // oneof
      oneof one {
        // member
        string g = 3;
      }
      // nested
      message N {}
    }
    // enum
    enum E {
      // value
      ZERO = 0;
    }
    // service
    service S {
      // method
      rpc Do(M) returns (M);
    }"""
    schema = schema_of(tmp_path, {"m.proto": HEAD + body})
    message, enum, service = schema.message("acme.M"), schema.enum("acme.E"), schema.service("acme.S")
    elements = [
        message,
        *message.fields,
        *message.oneofs,
        schema.message("acme.M.N"),
        enum,
        *enum.values,
        service,
        *service.methods,
    ]
    assert [element.comment.leading for element in elements] == [
        "message",
        "field",
        "map",
        "member",
        "oneof",
        "nested",
        "enum",
        "value",
        "service",
        "method",
    ]


class _Location:
    def __init__(self, leading: str) -> None:
        self.leading_comments = leading
        self.trailing_comments = ""
        self.leading_detached_comments: tuple[str, ...] = ()
        self.span = (1_000_000, 0, 1)


@given(st.text(alphabet="ab.\n\t\r\x01 (-)\u00a0*/!<=#", max_size=60))
def test_any_comment(text: str) -> None:
    """Whatever is in a comment, the model's has no control character, no outer blank line, no white space at line ends, no block."""
    comment = comments.of_location(_Location(text))
    assert not comments.CONTROL.search(comment.leading)
    assert comment.leading == comment.leading.strip("\n")
    assert all(line == line.rstrip(" \t") for line in comment.leading.split("\n"))
    if text.count("(--") == 1 and "(--)" not in text and "(---" not in text and not comments.CONTROL.search(text):
        assert "(--" not in comment.leading


@pytest.mark.parametrize(
    ("part", "end"),
    [("(-- ", ""), ("(-- x --) \n", ""), ("\n", "(--"), (" ", "(--x"), ("- (", ""), ("* ", ""), ("/\n", "a")],
)
def test_long_comments(part: str, end: str) -> None:
    """However a comment is made, reading it costs as much as its length says."""
    assert growth(lambda size: comments.of_location(_Location(part * (size // len(part)) + end)), 25_000, 200_000) < 3
