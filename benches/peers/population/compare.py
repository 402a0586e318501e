"""Runs every variant in a process of its own, holds its counts against the plain loop's, and writes the table."""

import json
import subprocess
import sys
from pathlib import Path

import duckdb
import polars

from audiences import expected

HERE = Path(__file__).resolve().parent
ROUNDS = 3
# A variant that takes longer than this is no contender.
LIMIT = 300
VARIANTS = [
    (f"DuckDB {duckdb.__version__}", "duck.py", "list_contains", "list of tags, `list_contains`"),
    (f"DuckDB {duckdb.__version__}", "duck.py", "booleans", "a boolean column a tag"),
    (f"DuckDB {duckdb.__version__}", "duck.py", "postings", "a table of holders sorted by tag"),
    (f"DuckDB {duckdb.__version__}", "duck.py", "join", "the same table, joined with a table of campaigns"),
    (f"Polars {polars.__version__}", "polar.py", "booleans", "a boolean column a tag"),
    (f"Polars {polars.__version__}", "polar.py", "postings", "a frame of holders a tag"),
    (f"Polars {polars.__version__}", "polar.py", "list_contains", "list of tags, `list.contains`"),
]


# The fastest of each, for a short run.
FASTEST = {("duck.py", "postings"), ("polar.py", "booleans")}


def main(work: Path, fastest: bool) -> None:
    counts = expected(work)
    lines = ["| | | ready | answered | peak memory |", "|---|---|---:|---:|---:|"]
    for file, said in [
        ("plain_loop", "plain loop in Rust, one thread | every audience asked of every customer"),
        ("index", "hand-written index, one thread | customer by customer, made ready included"),
        ("tactful", "tactful | `Population`"),
    ]:
        answered = float((work / f"{file}_seconds.txt").read_text())
        told = [work / f"{file}_ready.txt", work / f"{file}_bytes.txt"]
        ready, size = [path.read_text() if path.exists() else "" for path in told]
        lines.append(f"| {said} | {ready} | {answered:.3f} s | {size} |")
    for name, script, variant, said in VARIANTS:
        if fastest and (script, variant) not in FASTEST:
            continue
        command = [sys.executable, str(HERE / script), variant, str(work), str(ROUNDS)]
        try:
            run = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT)
        except subprocess.TimeoutExpired:
            lines.append(f"| {name} | {said} | | more than {LIMIT} s | |")
            continue
        if run.returncode != 0:
            sys.exit(f"{name}, {variant}: {run.stderr}")
        told = json.loads(run.stdout)
        if told["counts"] != counts:
            sys.exit(f"{name}, {variant}: its counts are not those of the plain loop")
        lines.append(
            f"| {name} | {said} | {told['ready']:.1f} s | {told['median']:.3f} s | {told['peak'] / 1e9:.1f} GB |"
        )
        print(lines[-1], flush=True)
    table = "\n".join(lines) + "\n"
    file = "population-fastest.md" if fastest else "population.md"
    (HERE.parent / "results" / file).write_text(table)
    print(table, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), "fastest" in sys.argv[2:])
