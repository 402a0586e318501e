#!/usr/bin/env bash
# How many of a million customers match each of a thousand campaigns: DuckDB and Polars, on two threads.
# Usage: benches/peers/population/run.sh [CUSTOMERS] [fastest]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
customers=${1:-1000000}
work="$here/../target/population"
mkdir -p "$work"
if [ ! -x "$work/venv/bin/python" ]; then
    python3 -m venv "$work/venv"
    "$work/venv/bin/pip" install --quiet --requirement "$here/requirements.txt"
fi
export RAYON_NUM_THREADS=2
cargo run --release --quiet --manifest-path "$here/../Cargo.toml" --bin population -- "$work" "$customers"
export POLARS_MAX_THREADS=2
"$work/venv/bin/python" "$here/compare.py" "$work" "${2:-}"
