"""DuckDB: ways to ask, each in a process of its own. `duck.py VARIANT WORK ROUNDS` prints a line of JSON."""

import sys
from pathlib import Path

import duckdb

from audiences import audiences, named_tags, sql
from timing import told

READ = """
    SELECT id, age::UTINYINT AS age, spend::DOUBLE AS spend, orders::UTINYINT AS orders, level::UTINYINT AS level, vip, city,
           joined_for::INTEGER AS joined_for, born::SMALLINT AS born, temp::DOUBLE AS temp,
           list_transform(string_split(tags, '|'), lambda tag: tag::USMALLINT) AS tags
    FROM read_csv('{file}', header = true)
"""


def ready(work: Path) -> duckdb.DuckDBPyConnection:
    database = duckdb.connect()
    database.execute("SET threads = 2")
    database.execute(f"CREATE TABLE persons AS {READ.format(file=work / 'persons.csv')}")
    return database


def counted(campaigns, tag) -> list[str]:
    return [
        "count(*) FILTER (WHERE " + " AND ".join(sql(test, tag) for test in tests) + ")" for tests in campaigns
    ]


def in_batches(database, source: str, counts: list[str], size: int) -> list[int]:
    found = []
    for first in range(0, len(counts), size):
        query = f"SELECT {', '.join(counts[first:first + size])} FROM {source}"
        found.extend(database.execute(query).fetchone())
    return found


def list_contains(database, campaigns):
    """The table as it is: a list of tags in every row."""
    counts = counted(campaigns, lambda number: f"list_contains(tags, {number})")
    return lambda: in_batches(database, "persons", counts, 100)


def booleans(database, campaigns):
    """A column for each tag that some campaign names, filled before."""
    tags = named_tags(campaigns)
    columns = ", ".join(f"list_contains(tags, {tag}) AS t{tag}" for tag in tags)
    database.execute(f"CREATE TABLE wide AS SELECT * EXCLUDE (tags), {columns} FROM persons")
    counts = counted(campaigns, lambda number: f"t{number}")
    return lambda: in_batches(database, "wide", counts, 100)


def by_first_tag(campaigns):
    """The numbers of the campaigns by a tag that they ask for, and of those that ask for none."""
    by_tag: dict[int, list[int]] = {}
    tagless = []
    for number, tests in enumerate(campaigns):
        wanted = [test[1] for test in tests if test[0] == "tag"]
        if wanted:
            by_tag.setdefault(wanted[0], []).append(number)
        else:
            tagless.append(number)
    return by_tag, tagless


def hold(database):
    """A table of (tag, customer), sorted by tag."""
    database.execute(
        "CREATE TABLE held AS SELECT p.* FROM (SELECT unnest(tags) AS tag, * FROM persons) p ORDER BY tag"
    )


def held_in_list(number):
    return f"list_contains(tags, {number})"


def postings(database, campaigns):
    """A campaign with a tag starts from the holders of it, which stand together."""
    hold(database)
    by_tag, tagless = by_first_tag(campaigns)

    def ask():
        found = [0] * len(campaigns)
        for tag, numbers in by_tag.items():
            counts = counted([campaigns[number] for number in numbers], held_in_list)
            row = database.execute(f"SELECT {', '.join(counts)} FROM held WHERE tag = {tag}").fetchone()
            for number, count in zip(numbers, row):
                found[number] = count
        counts = counted([campaigns[number] for number in tagless], held_in_list)
        for number, count in zip(tagless, in_batches(database, "persons", counts, 100)):
            found[number] = count
        return found

    return ask


NUMBERS = ["age", "spend", "orders", "level", "joined_for", "born", "temp"]


def join(database, campaigns):
    """Campaigns with a tag are rows too, with the bounds of their tests, and are joined to the holders of the tag."""
    hold(database)
    by_tag, tagless = by_first_tag(campaigns)
    bounds = ", ".join(f"{name}_from DOUBLE, {name}_to DOUBLE" for name in NUMBERS)
    database.execute(
        f"CREATE TABLE campaigns (number INTEGER, door USMALLINT, {bounds}, wants_vip BOOLEAN, cities VARCHAR[],"
        " also USMALLINT[], without USMALLINT[])"
    )
    rows = []
    for door, numbers in by_tag.items():
        for number in numbers:
            rows.append(row_of(number, door, campaigns[number]))
    marks = ", ".join("?" for _ in rows[0])
    database.executemany(f"INSERT INTO campaigns VALUES ({marks})", rows)
    inside = " AND ".join(f"h.{name} >= c.{name}_from AND h.{name} < c.{name}_to" for name in NUMBERS)
    question = f"""
        SELECT c.number, count(*) FROM held h JOIN campaigns c ON h.tag = c.door
        WHERE {inside} AND (h.vip OR NOT c.wants_vip) AND (c.cities IS NULL OR list_contains(c.cities, h.city))
          AND (c.also IS NULL OR list_has_all(h.tags, c.also))
          AND (c.without IS NULL OR NOT list_has_any(h.tags, c.without))
        GROUP BY c.number
    """

    def ask():
        found = [0] * len(campaigns)
        for number, count in database.execute(question).fetchall():
            found[number] = count
        counts = counted([campaigns[number] for number in tagless], held_in_list)
        for number, count in zip(tagless, in_batches(database, "persons", counts, 100)):
            found[number] = count
        return found

    return ask


def row_of(number, door, tests):
    bounds = {name: [-1e18, 1e18] for name in NUMBERS}
    vip, cities, also, without = False, None, [], []
    for test in tests:
        match test:
            case ["at_least", name, bound]:
                bounds[name][0] = max(bounds[name][0], bound)
            case ["below", name, bound]:
                bounds[name][1] = min(bounds[name][1], bound)
            case ["vip"]:
                vip = True
            case ["city", named]:
                cities = [city for city in named if cities is None or city in cities]
            case ["tag", tag] if tag != door:
                also.append(tag)
            case ["no_tag", tag]:
                without.append(tag)
    flat = [bound for name in NUMBERS for bound in bounds[name]]
    return [number, door, *flat, vip, cities, also or None, without or None]


if __name__ == "__main__":
    variant, work, rounds = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    campaigns = audiences(work)
    told(lambda: globals()[variant](ready(work), campaigns), rounds)
