"""What one variant tells: how long it took to get ready and to answer, its peak of memory, its counts."""

import json
import resource
import statistics
import time

# What takes longer than this many seconds is asked once only.
PATIENCE = 20


def told(ready, rounds: int) -> None:
    start = time.perf_counter()
    ask = ready()
    prepared = time.perf_counter() - start
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        counts = ask()
        times.append(time.perf_counter() - start)
        if times[0] > PATIENCE:
            break
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"ready": prepared, "median": statistics.median(times), "peak": peak, "counts": counts}))
