"""Verdicts on messages at random: those of JSON Schemas, and those of the official parser with protovalidate.

python -m tests.verdicts [--count 10000] [--seed 1]
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.verdicts.verdicts import Verdicts


def main(arguments: Sequence[str]) -> int:
    """Print the differences, and on how many values both sides agree."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    differ = 0
    for lenient in (False, True):
        with tempfile.TemporaryDirectory() as folder:
            verdicts = Verdicts(Path(folder), lenient)
            for found in verdicts.differences(given.count, given.seed):
                differ += 1
                print(f"{found.message}: {json.dumps(found.value, ensure_ascii=False)}\n  {found.says}")
            name = "parsed" if lenient else "printed"
            print(f"{name}: valid {verdicts.agreed[True]}, not valid {verdicts.agreed[False]}")
    print(f"different: {differ}")
    return int(differ > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
