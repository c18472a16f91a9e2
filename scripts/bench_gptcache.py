"""Durable puts of GPTCache beside those of this store; see scripts/bench-gptcache.

GPTCache writes the text of a put to SQLite and the vector to an index in memory, which `flush` writes to a file as a whole.
So it is measured three times: as its users call it, with the flush that makes a put durable as ours is, and with that flush
in a cache that holds as many answers as ours. Both sides store the same kind of data (384 components, a question of 60 and
an answer of 410 bytes). The measurements take turns, and each ratio is of two of one turn; the medians are printed.
"""

import argparse
import os
import re
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

DIMENSION = 384
WRITERS = (1, 4, 64)
ANSWER = "answer " * 58


def data_manager(folder: str):
    from gptcache.manager import CacheBase, VectorBase, get_data_manager

    return get_data_manager(
        CacheBase("sqlite", sql_url=f"sqlite:///{folder}/sqlite.db"),
        VectorBase("faiss", dimension=DIMENSION, index_path=f"{folder}/faiss.index"),
        max_size=1_000_000,  # no eviction
    )


def vectors(count: int):
    import numpy

    return numpy.random.default_rng(42).standard_normal((count, DIMENSION), dtype=numpy.float32)


def gptcache_rate(count: int, flushes: bool, held: int = 0) -> float:
    """Puts per second into a cache that holds so many answers already."""
    with tempfile.TemporaryDirectory() as folder:
        manager, data = data_manager(folder), vectors(held + count)
        for first in range(0, held, 1000):
            numbers = range(first, min(first + 1000, held))
            manager.import_data(
                [f"How do I return an item without the invoice, case {number}?" for number in numbers],
                [ANSWER] * len(numbers),
                [data[number] for number in numbers],
                [None] * len(numbers),
            )
        start = time.perf_counter()
        for number in range(held, held + count):
            manager.save(f"How do I return an item without the invoice, case {number}?", ANSWER, data[number])
            if flushes:
                manager.flush()
        return count / (time.perf_counter() - start)


def die_after(count: int, folder: str) -> None:
    """Stores, and is killed: what a process does that runs out of memory."""
    manager, data = data_manager(folder), vectors(count)
    for number in range(count):
        manager.save(f"Question {number}?", ANSWER, data[number])
    os.kill(os.getpid(), signal.SIGKILL)


def left_after_kill(count: int) -> tuple[int, int]:
    import faiss

    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, __file__, "--die-after", str(count), "--folder", folder], check=False)
        with sqlite3.connect(f"{folder}/sqlite.db") as database:
            rows = database.execute("SELECT count(*) FROM gptcache_question").fetchone()[0]
        index = f"{folder}/faiss.index"
        return rows, faiss.read_index(index).ntotal if os.path.exists(index) else 0


def our_rates(worker: str, count: int) -> tuple[str, dict[int, float]]:
    writers = ",".join(map(str, WRITERS))
    output = subprocess.run([worker, str(count), writers], check=True, capture_output=True, text=True).stdout
    machine = re.search(r"one-row WAL commit.*", output)
    rates = {int(writers): float(rate) for writers, rate in re.findall(r"(\d+) writers: (\d+) puts/s", output)}
    return machine.group(0) if machine else "", rates


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--worker", help="the program StoreBenchmarks")
    parser.add_argument("--puts", type=int, default=500, help="of GPTCache, in each measurement")
    parser.add_argument("--our-puts", type=int, default=20_000)
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--die-after", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--folder", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.die_after:
        die_after(arguments.die_after, arguments.folder)

    print(f"load {os.getloadavg()[0]:.1f}, {arguments.turns} turns")
    turns = []
    for _ in range(arguments.turns):
        plain = gptcache_rate(arguments.puts, flushes=False)
        machine, ours = our_rates(arguments.worker, arguments.our_puts)
        flushed = gptcache_rate(arguments.puts, flushes=True)
        large = gptcache_rate(max(1, arguments.puts // 10), flushes=True, held=arguments.our_puts)
        turns.append((plain, flushed, large, ours))
        print(machine)

    names = [
        "GPTCache, vector in memory only",
        "GPTCache, flushed",
        f"GPTCache, flushed, {arguments.our_puts} answers held",
    ]
    titles = [f"semcache, {writers} writer{'s' if writers > 1 else ''}" for writers in WRITERS]
    print("| put after put | puts/s | " + " | ".join(titles) + " |")
    print("|---" * (len(titles) + 2) + "|")
    for index, name in enumerate(names):
        rate = statistics.median(turn[index] for turn in turns)
        ratios = [statistics.median(turn[3][writers] / turn[index] for turn in turns) for writers in WRITERS]
        print(f"| {name} | {rate:,.0f} | " + " | ".join(f"{ratio:,.1f} x" for ratio in ratios) + " |")
    rates = [statistics.median(turn[3][writers] for turn in turns) for writers in WRITERS]
    print("| semcache, durable | | " + " | ".join(f"{rate:,.0f}" for rate in rates) + " |")
    rows, indexed = left_after_kill(15)
    print(f"GPTCache killed after 15 puts: {rows} questions and {indexed} vectors are left")


if __name__ == "__main__":
    main()
