"""Flat search of this package beside numpy's sgemv; see scripts/bench-flat.

Both sides take turns, round by round, on one thread. Times are CPU microseconds per query; each side reports the median
of a round, the table the median of the rounds.
"""

import argparse
import os
import statistics
import subprocess
import time

import numpy


def numpy_micros(rows: numpy.ndarray, queries: numpy.ndarray) -> float:
    spent = []
    for query in queries:
        start = time.thread_time_ns()
        rows @ query
        spent.append((time.thread_time_ns() - start) / 1e3)
    return statistics.median(spent)


def load(path: str, limit: int) -> numpy.ndarray:
    count, dimension = numpy.fromfile(path, dtype="<u4", count=2)
    return numpy.fromfile(path, dtype="<f4", offset=8, count=min(int(count), limit) * int(dimension)).reshape(-1, dimension)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--worker", required=True)
    parser.add_argument("--set", default=None, help="name of a set in SEMCACHE_BENCH_DATA; generated data without it")
    parser.add_argument("--sizes", default="1000,10000,100000")
    parser.add_argument("--dimension", type=int, default=384, help="of generated data")
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()

    sizes = [int(size) for size in arguments.sizes.split(",")]
    if arguments.set:
        prefix = os.path.join(os.environ.get("SEMCACHE_BENCH_DATA", "."), arguments.set)
        rows = load(prefix + ".fbin", max(sizes))
        queries = load(prefix + "_queries.fbin", arguments.queries)
        source = [prefix]
    else:
        generator = numpy.random.default_rng(1)
        rows = generator.standard_normal((max(sizes), arguments.dimension), dtype=numpy.float32)
        queries = generator.standard_normal((arguments.queries, arguments.dimension), dtype=numpy.float32)
        source = ["--dimension", str(arguments.dimension)]

    times: dict[tuple[int, str], list[float]] = {}
    recalls: dict[tuple[int, str], float] = {}
    for _ in range(arguments.rounds):
        for size in sizes:
            if size > len(rows):
                continue
            times.setdefault((size, "numpy sgemv"), []).append(numpy_micros(rows[:size], queries))
            recalls[size, "numpy sgemv"] = 1.0
            output = subprocess.run(
                [arguments.worker, *source, "--sizes", str(size), "--queries", str(arguments.queries), "--format", "tsv"],
                check=True, capture_output=True, text=True).stdout
            for line in output.splitlines():
                _, name, micros, recall = line.split("\t")
                times.setdefault((size, name), []).append(float(micros))
                recalls[size, name] = float(recall)

    configuration = numpy.__config__.show(mode="dicts")["Build Dependencies"]["blas"]
    print(f"numpy {numpy.__version__} with {configuration.get('name')} {configuration.get('version')}, one thread")
    print("| n | way | CPU us | x numpy sgemv | x bare sgemv | recall@1 |\n|---|---|---|---|---|---|")
    for (size, name), spent in times.items():
        micros = statistics.median(spent)
        against_numpy = statistics.median(times[size, "numpy sgemv"]) / micros
        against_bare = statistics.median(times[size, "bare cblas_sgemv"]) / micros
        print(f"| {size:,} | {name} | {micros:,.1f} | {against_numpy:.2f} | {against_bare:.2f} | {recalls[size, name]:.4f} |")


main()
