"""`python -m benchmarks`: how far the product is from what the machine allows, measured side by side in one run."""

from __future__ import annotations

import argparse
import sys

from benchmarks import close, counting, reports, submit, tables
from benchmarks.measuring import header

TOPICS = {
    "submit": submit.run,
    "close": close.run,
    "counting": counting.run,
    "tables": tables.run,
    "reports": reports.run,
}


def main(arguments: list[str] | None = None) -> int:
    """Print a line for every comparison; return 1 when one is over its limit."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("topics", nargs="*", metavar="topic", help=f"{', '.join(TOPICS)}; all unless named")
    parser.add_argument("--quick", action="store_true", help="small and without limits, to see that it runs")
    parser.add_argument("--full", action="store_true", help="also what takes many minutes")
    chosen = parser.parse_args(arguments)
    unknown = sorted(set(chosen.topics) - set(TOPICS))
    if unknown:
        parser.error(f"no topic {', '.join(unknown)}; choose of {', '.join(TOPICS)}")
    print(header())
    n_over = 0
    for topic in chosen.topics or TOPICS:
        for result in TOPICS[topic](quick=chosen.quick, full=chosen.full):
            print(result.line(), flush=True)
            n_over += not result.is_within
    if n_over:
        print(f"{n_over} over the limit")
    return 1 if n_over else 0


if __name__ == "__main__":
    sys.exit(main())
