"""The rows of tests/data/vectors_*.csv as dictionaries."""

import csv
from pathlib import Path

DATA = Path(__file__).parent / "data"


def rows(name: str) -> list[dict[str, str]]:
    with open(DATA / f"vectors_{name}.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def label(row: dict[str, str]) -> str:
    return f"{row['input']!r}-{row['valid']}"
