"""Polars: ways to ask, each in a process of its own. `polar.py VARIANT WORK ROUNDS` prints a line of JSON."""

import sys
from pathlib import Path

import polars as pl

from audiences import audiences, expression, named_tags
from timing import told


def ready(work: Path) -> pl.DataFrame:
    types = {"age": pl.UInt8, "orders": pl.UInt8, "level": pl.UInt8, "joined_for": pl.Int32, "born": pl.Int16}
    frame = pl.read_csv(work / "persons.csv", schema_overrides=types)
    return frame.with_columns(
        pl.col("tags").str.split("|").cast(pl.List(pl.UInt16)), pl.col("city").cast(pl.Categorical)
    )


def counted(frame: pl.DataFrame, campaigns, tag):
    """One lazy question, one collect."""
    counts = [
        pl.all_horizontal([expression(test, tag) for test in tests]).sum().alias(str(number))
        for number, tests in enumerate(campaigns)
    ]
    question = frame.lazy().select(counts)
    return lambda: list(question.collect().row(0))


def list_contains(work: Path, campaigns):
    """The frame as it is: a list of tags in every row."""
    return counted(ready(work), campaigns, lambda number: pl.col("tags").list.contains(number))


def wide(work: Path, campaigns) -> pl.DataFrame:
    frame = ready(work)
    tags = named_tags(campaigns)
    exploded = frame.select("id", "tags").explode("tags")
    holders = dict(exploded.group_by("tags").agg("id").iter_rows())
    columns = []
    for tag in tags:
        held = pl.zeros(frame.height, dtype=pl.UInt8, eager=True).to_frame("held")
        rows = pl.Series(holders.get(tag, []), dtype=pl.UInt32)
        column = held["held"].scatter(rows, 1).cast(pl.Boolean).alias(f"t{tag}")
        columns.append(column)
    return frame.drop("tags").hstack(columns)


def booleans(work: Path, campaigns):
    """A column for each tag that some campaign names, filled before."""
    return counted(wide(work, campaigns), campaigns, lambda number: pl.col(f"t{number}"))


def postings(work: Path, campaigns):
    """A frame of holders for each tag, made before: a campaign with a tag is asked of them only."""
    frame = ready(work)
    by_tag: dict[int | None, list[int]] = {}
    for number, tests in enumerate(campaigns):
        wanted = [test[1] for test in tests if test[0] == "tag"]
        by_tag.setdefault(wanted[0] if wanted else None, []).append(number)
    doors = [tag for tag in by_tag if tag is not None]
    held = frame.with_columns(tag=pl.col("tags")).explode("tag").filter(pl.col("tag").is_in(doors))
    holders = {tag: part for (tag,), part in held.partition_by("tag", as_dict=True, include_key=False).items()}
    holders[None] = frame
    questions, order = [], []
    for tag, numbers in by_tag.items():
        if tag not in holders:
            continue
        counts = [
            pl.all_horizontal(
                [expression(test, lambda number: pl.col("tags").list.contains(number)) for test in campaigns[number]]
            )
            .sum()
            .alias(str(number))
            for number in numbers
        ]
        questions.append(holders[tag].lazy().select(counts))
        order.extend(numbers)

    def ask():
        found = [0] * len(campaigns)
        counts = [count for answer in pl.collect_all(questions) for count in answer.row(0)]
        for number, count in zip(order, counts):
            found[number] = count
        return found

    return ask


if __name__ == "__main__":
    variant, work, rounds = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    told(lambda: globals()[variant](work, audiences(work)), rounds)
