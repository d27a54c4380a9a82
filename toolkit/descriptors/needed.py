"""The files of a tree that one element needs, read without compiling the tree.

These are the files that declare it and what they import; for the links of its
page, the files of their packages, and of the elements that they name. Where it
is not certain what a name in a comment means, every file that it could mean is
among them: compiling more than is needed changes nothing.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from toolkit.descriptors.declarations import Declarations, declared_in, read
from toolkit.descriptors.roots import Root, resolve

_DOTTED = re.compile(r"(?<![\w.])[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+")
_BRACKETED = re.compile(r"\[([A-Za-z_]\w*)\]")
_LITERAL = re.compile(r"""["']([^"'\s\\]+)["']""")
_VALUE = re.compile(r"""//[^\n]*|/\*.*?\*/|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|[{}]""", re.S)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of a tree."""

    names: tuple[str, ...]
    """Full names of elements."""
    text: str = ""
    """More text that names types, such as a message in JSON."""
    declaring: tuple[tuple[str, str], ...] = ()
    """Options, and their members, by which an element declares a text by which others refer to it."""


def needed(
    files: Mapping[str, Path],
    own: Set[str],
    wanted: Wanted,
    includes: Sequence[Root],
    is_bundled: Callable[[str], bool],
    copies: Set[str],
) -> list[str]:
    """The names of the files to compile; none if it is not certain what declares what is wanted.

    ``files`` are all by name, and ``own`` those that are asked for, with ``copies`` that are left out. Of the files
    that are not among them ``is_bundled`` tells those that come with the toolkit, and ``includes`` may have others.
    """
    tree = _Tree(files, own)
    first = [tree.declaring(name) for name in wanted.names]
    if not all(first):
        return []
    search = _Search(tree)
    for declaring in first:
        search.show(declaring)
    search.show(search.read(wanted.text, ""))
    search.refer(wanted.declaring)
    search.know()
    bundled = {name for name in tree.imported if is_bundled(name)}
    if tree.has_copies(search.compiled) or not search.compiled.isdisjoint(copies):
        return []
    if any(resolve(name, includes) is not None for name in tree.imported - bundled):
        return []  # in a hidden folder, for example: what it imports is not known
    return sorted(search.compiled | bundled)


class _Tree:
    """What the files of a tree declare: those that are asked for, and what they import."""

    def __init__(self, files: Mapping[str, Path], own: Set[str]) -> None:
        self.declared: dict[str, Declarations] = {}
        self.texts: dict[str, str] = {}
        self.imported: set[str] = set()
        """What is imported, but not a file of the tree."""
        stack = sorted(own, reverse=True)
        while stack:
            name = stack.pop()
            if name in self.declared or name in self.imported:
                continue
            if name not in files:
                self.imported.add(name)
                continue
            self.texts[name] = text = read(files[name])
            self.declared[name] = declared_in(text)
            stack += [imported for imported, _ in self.declared[name].imports]
        self.by_name: defaultdict[str, list[str]] = defaultdict(list)
        self.by_package: defaultdict[str, list[str]] = defaultdict(list)
        self._inside: set[str] = set()
        for name, found in self.declared.items():
            self.by_package[found.package].append(name)
            for full_name in found.names:
                self.by_name[full_name].append(name)
        for full_name in (*self.by_name, *self.by_package):
            self._inside.update(_outwards(full_name))

    def has_copies(self, names: Set[str]) -> bool:
        """Whether others declare what these files declare, so that only one of them is kept."""
        return any(len(self.by_name[each]) > 1 for name in names for each in self.declared[name].names)

    def declaring(self, full_name: str) -> list[str]:
        """The files that declare an element, or the one that it is in."""
        return next((self.by_name[name] for name in _outwards(full_name) if name in self.by_name), [])

    def meant(self, word: str, scope: str) -> Iterator[str]:
        """The files with which a name can have to do in a package: as an element, a value of an enum, or a package."""
        first = word.partition(".")[0]
        for outer in (*_outwards(scope), ""):
            full_name = f"{outer}.{word}" if outer else word
            parent = full_name.rpartition(".")[0]
            if "." not in word or (f"{outer}.{first}" if outer else first) in self._inside:
                yield from self.declaring(full_name)
                yield from self.by_package.get(parent, ())
                yield from self.by_package.get(full_name, ())


def _outwards(name: str) -> Iterator[str]:
    while name:
        yield name
        name = name.rpartition(".")[0]


class _Search:
    """Follows what is shown to the files that it needs."""

    def __init__(self, tree: _Tree) -> None:
        self._tree = tree
        self.compiled: set[str] = set()
        self._shown: set[str] = set()
        self._packages: set[str] = set()
        self._words: set[str] = set()
        """Words in brackets in the shown files, which need not be references."""
        self._literals: set[str] = set()
        self._of_mates: set[tuple[str, str]] = set()

    def show(self, names: Iterable[str]) -> None:
        """Add files of which everything may be shown, and what they import."""
        stack = [*names]
        while stack:
            name = stack.pop()
            if name in self._shown or name not in self._tree.declared:
                continue
            self._shown.add(name)
            found = self._tree.declared[name]
            self._add(found.package)
            stack += [imported for imported, _ in found.imports]
            stack += self.read(self._tree.texts[name], found.package)

    def read(self, text: str, package: str) -> list[str]:
        """Add the files that a text in a package names, and return those whose types a string names."""
        literals = set(_LITERAL.findall(text))
        self._literals |= literals
        words = set(_BRACKETED.findall(text))
        self._words |= words
        for word in words.union(_DOTTED.findall(text)):
            for name in self._tree.meant(word, package):
                self._add(self._tree.declared[name].package)
        typed = [literal.lstrip(".") for literal in literals]
        return [name for word in typed if word.replace(".", "_").isidentifier() for name in self._typed(word, package)]

    def _typed(self, word: str, package: str) -> Iterator[str]:
        """The files that declare a type that a string names."""
        for outer in (*_outwards(package), ""):
            yield from self._tree.declaring(f"{outer}.{word}" if outer else word)

    def _add(self, package: str) -> None:
        """Add the files of a package, to whose pages there may be links."""
        if package in self._packages:
            return
        self._packages.add(package)
        for name in self._tree.by_package[package]:
            self._compile(name)
            for literal in _LITERAL.findall(self._tree.texts[name]):
                word = literal.lstrip(".")
                if (word, package) not in self._of_mates and word.replace(".", "_").isidentifier():
                    self._of_mates.add((word, package))
                    for other in self._typed(word, package):
                        self._compile(other)

    def _compile(self, name: str) -> None:
        stack = [name]
        while stack:
            name = stack.pop()
            if name in self._tree.declared and name not in self.compiled:
                self.compiled.add(name)
                stack += [imported for imported, _ in self._tree.declared[name].imports]

    def refer(self, declaring: Sequence[tuple[str, str]]) -> None:
        """Add the files in which an option declares a text that the shown files have.

        If it is of a message, its page may be linked; of the others, the first file has the say.
        """
        last = [(option.rpartition(".")[2], member.rpartition(".")[2]) for option, member in declaring]
        outside: dict[str, str] = {}
        inside: set[str] = set()
        for name in sorted(self._tree.declared) if last else ():
            text = self._tree.texts[name]
            for declared, is_inside in chain.from_iterable(_declared_texts(text, *each) for each in last):
                if declared in self._literals and is_inside:
                    inside.add(declared)
                    self._add(self._tree.declared[name].package)
                elif declared in self._literals:
                    outside.setdefault(declared, name)
        for declared in outside.keys() - inside:
            self._compile(outside[declared])

    def know(self) -> None:
        """Add files that declare what the words in brackets name, if none has so far: then they are references."""
        words = self._words.difference(*(self._tree.declared[name].words for name in self.compiled))
        for name, found in self._tree.declared.items():
            if not words:
                break
            if not words.isdisjoint(found.words):
                self._compile(name)
                words -= found.words


def _declared_texts(text: str, option: str, member: str) -> Iterator[tuple[str, bool]]:
    """The strings that are values of a member of an option, as in ``(option) = {member: "text"}``; by last names.

    And whether it is the option of something in the file.
    """
    own = re.compile(rf"""\b{re.escape(member)}\s*[:=]\s*["']([^"']*)["']""")
    for found in re.finditer(rf"\b{re.escape(option)}\)", text) if f"{option})" in text else ():
        depth = 0
        end = len(text)
        for token in _VALUE.finditer(text, found.end()):
            depth += {"{": 1, "}": -1}.get(token[0], 0)
            if depth <= 0:
                end = token.end()
                break
        is_inside = text.count("{", 0, found.start()) > text.count("}", 0, found.start())
        yield from ((declared, is_inside) for declared in own.findall(text, found.end(), end))
