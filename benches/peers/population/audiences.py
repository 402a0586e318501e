"""The audiences in SQL and in Polars, and the counts that all must find."""

import csv
import json
from pathlib import Path


def audiences(work: Path) -> list[list[list]]:
    return json.loads((work / "audiences.json").read_text())


def expected(work: Path) -> list[int]:
    with (work / "expected.csv").open() as file:
        return [int(row["count"]) for row in csv.DictReader(file)]


def named_tags(campaigns: list[list[list]]) -> list[int]:
    return sorted({test[1] for tests in campaigns for test in tests if test[0] in ("tag", "no_tag")})


def sql(test: list, tag) -> str:
    """A test in SQL; `tag` says how a held tag is asked for."""
    match test:
        case ["tag", number]:
            return tag(number)
        case ["no_tag", number]:
            return f"NOT {tag(number)}"
        case ["at_least", column, number]:
            return f"{column} >= {number}"
        case ["below", column, number]:
            return f"{column} < {number}"
        case ["vip"]:
            return "vip"
        case ["city", cities]:
            return "city IN (" + ", ".join(f"'{city}'" for city in cities) + ")"
    raise ValueError(test)


def expression(test: list, tag):
    """A test in Polars; `tag` says how a held tag is asked for."""
    import polars as pl

    match test:
        case ["tag", number]:
            return tag(number)
        case ["no_tag", number]:
            return ~tag(number)
        case ["at_least", column, number]:
            return pl.col(column) >= number
        case ["below", column, number]:
            return pl.col(column) < number
        case ["vip"]:
            return pl.col("vip")
        case ["city", [city]]:
            return pl.col("city") == city
        case ["city", cities]:
            return pl.col("city").is_in(cities)
    raise ValueError(test)
