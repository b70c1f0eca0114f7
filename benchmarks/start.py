"""Seconds until the demo serves, the first time and again: `python benchmarks/start.py`.

Real processes in a folder of their own, as `make run` starts them once the packages are there. Ends with 1 when the
median of the later starts is over the limit.
"""

import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from accounting_platform.tests.stack import Stack  # noqa: E402

LIMIT, ROUNDS = 8, 5


def main():
    began = time.monotonic()
    with Stack() as stack:
        print(f"first start {time.monotonic() - began:5.1f} s, tables and demo world included")
        again = []
        for _ in range(ROUNDS):
            stack.halt()
            began = time.monotonic()
            stack.launch()
            again.append(time.monotonic() - began)
    middle = statistics.median(again)
    print(
        f"again       {middle:5.1f} s, median of {ROUNDS} ({min(again):.1f} to {max(again):.1f}), limit {LIMIT}"
    )
    return int(middle > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
