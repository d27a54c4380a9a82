"""Files and packages."""

from __future__ import annotations

from collections.abc import Iterator, Set

from toolkit.changes.common import FILE_OPTIONS, option_changes, option_detail, worded
from toolkit.changes.model import NO_DETAIL, Change, Detail, Kind, allowances
from toolkit.changes.pair import Pair, Side
from toolkit.descriptors.model import File
from toolkit.errors import Location


def package_changes(pair: Pair) -> Iterator[Change]:
    """Packages and files that came or went."""
    for noun, only_in in (("package", _packages_only_in), ("file", _files_only_in)):
        for element, package, location in only_in(pair.old, pair.new, pair.not_compared):
            yield Change(
                kind=Kind.REMOVED,
                noun=noun,
                element=element,
                package=package,
                message=f"package {element} removed" if noun == "package" else "removed",
                old=location,
                rules=(f"{noun.upper()}_NO_DELETE",),
            )
        for element, package, location in only_in(pair.new, pair.old, pair.not_compared):
            yield Change(
                kind=Kind.ADDED,
                noun=noun,
                element=element,
                package=package,
                message="added",
                new=location,
                at=location,
            )


def _packages_only_in(side: Side, other: Side, without: Set[str]) -> Iterator[tuple[str, str, Location]]:
    """Each as element, package and location: that of its first file."""
    for name, file in {f.package: f for f in reversed(list(side.files.values()))}.items():
        if name not in other.packages and without.isdisjoint(side.packages[name]):
            yield name, name, _location(file, "package")


def _files_only_in(side: Side, other: Side, without: Set[str]) -> Iterator[tuple[str, str, Location]]:
    for name, file in side.files.items():
        if name not in other.files and name not in without:
            yield name, file.package, Location(name, 1, 1)


def file_changes(pair: Pair, old: File, new: File) -> Iterator[Change]:
    """Syntax, package and options of a file that is in both."""
    if old.edition != new.edition:
        rules = ("FILE_SAME_SYNTAX",) if _syntax(old) != _syntax(new) else ()
        message = f"syntax changed from {old.edition} to {new.edition}"
        yield _changed(Kind.SYNTAX, old, new, message, "syntax", rules, Detail.of("", old.edition, new.edition))
    if old.package != new.package:
        message = f"package changed from {old.package or 'none'} to {new.package or 'none'}"
        detail = Detail.of("package", old.package, new.package)
        yield _changed(Kind.MOVED, old, new, message, "package", ("FILE_SAME_PACKAGE",), detail)
    if pair.comments and old.comment.leading != new.comment.leading:
        yield _changed(Kind.COMMENT, old, new, "the comment changed", "package")
    for name, before, after in option_changes(old.options, new.options):
        short = name.removeprefix("google.protobuf.FileOptions.")
        kind = Kind.DEPRECATION if short == "deprecated" else Kind.OPTION
        rules = ()
        if short in FILE_OPTIONS:
            default = FILE_OPTIONS[short]
            was, is_now = (default if value is None else value for value in (before, after))
            rules = (f"FILE_SAME_{short.upper()}",) if was != is_now else ()
        is_option = kind is Kind.OPTION
        detail = option_detail(name, before, after) if is_option else Detail.of("", now="deprecated" if after else "")
        yield _changed(kind, old, new, worded(name, before, after), name, rules, detail)


def _syntax(file: File) -> str:
    return file.edition if file.edition in ("proto2", "proto3") else "editions"


def _location(file: File, what: str) -> Location:
    return file.locations.get(what, Location(file.name, 1, 1))


def _changed(
    kind: Kind,
    old: File,
    new: File,
    message: str,
    what: str,
    rules: tuple[str, ...] = (),
    detail: Detail = NO_DETAIL,
) -> Change:
    location = _location(new, what)
    return Change(
        kind=kind,
        noun="file",
        element=new.name,
        package=new.package,
        message=message,
        detail=detail,
        old=_location(old, what),
        new=location,
        at=location,
        rules=rules,
        allowances=allowances(new.comment, location),
    )
