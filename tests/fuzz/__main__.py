"""`make fuzz`: random inputs of every kind; prints inputs, seconds and findings, and exits with 1 if there is a finding.

A finding is an exception that is not meant for people, a hang, too much
memory, or an output that no input may lead to. ``--seed`` repeats one.
"""

from __future__ import annotations

import argparse
import sys
from importlib import import_module

from tests.fuzz.kind import KINDS, Kind
from tests.fuzz.runner import run


def enough(kind: str) -> int:
    """How many inputs of a kind are tried without a limit on time."""
    found: Kind = import_module(KINDS[kind]).KIND
    return found.enough


def main(arguments: list[str] | None = None) -> int:
    """Try the kinds named, or all; 1 if anything was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=f"of {', '.join(KINDS)}; all by default")
    parser.add_argument("--seconds", type=float, help="for all kinds together; by default until there were enough")
    parser.add_argument(
        "--inputs", type=int, help="of each kind; by default 1000 (of native 100,000), or what --seconds allow"
    )
    parser.add_argument("--seed", type=int, default=1, help="of the first inputs")
    options = parser.parse_args(arguments)
    kinds = options.kinds or list(KINDS)
    if unknown := set(kinds) - {*KINDS}:
        parser.error(f"no kind {', '.join(sorted(unknown))}: there are {', '.join(KINDS)}")
    seconds = float("inf") if options.seconds is None else options.seconds / len(kinds)
    found = 0
    print(f"{'kind':<16}{'inputs':>8}{'seconds':>9}{'findings':>10}", flush=True)
    for kind in kinds:
        inputs = options.inputs or (enough(kind) if options.seconds is None else sys.maxsize)
        outcome = run(kind, inputs, seconds, options.seed)
        found += len(outcome.found)
        print(f"{kind:<16}{outcome.tried:>8}{outcome.seconds:>9.0f}{len(outcome.found):>10}", flush=True)
        for finding in outcome.found.values():
            print(f"\n{finding}\n", flush=True)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
