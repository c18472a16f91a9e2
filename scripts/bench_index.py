"""Side-by-side measurement of graph indexes: ours and those from PyPI, on the same rows and queries, in one run.

Every library lives in a child process. All are built first; then each finds, by bisection over its effort (ef), the least
effort that reaches a recall; then the timed passes run interleaved, round after round over all children, so that noise of
the machine hits all alike. One query at a time inside the library. QPS = queries / median CPU seconds of a pass.

A returned entry counts as right when its exact cosine reaches the true one (ties are not punished). "Hits" are the
queries whose true best cosine is at least 0.8: what a semantic cache is asked for.
"""
import argparse, json, os, statistics, subprocess, sys, tempfile

from ann_data import read_matrix, write_matrix, clustered, true_similarities
from ann_peers import serve_peer

TARGETS = [0.95, 0.99, 0.999]
GRID = [1, 2, 4, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024, 1536]
CURVE = [4, 8, 16, 32, 64, 128, 256, 512]
HIT = 0.8


class Child:
    def __init__(self, name, command, rows, queries, truth, stem=None):
        self.name, self.rows, self.queries, self.truth = name, rows, queries, truth
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                        stderr=subprocess.DEVNULL)
        self.built = self.read()
        self.recalls, self.rates = {}, {}
        self.kept = stem and stem + ".recalls"
        if self.kept and os.path.exists(self.kept):
            self.recalls = {tuple(key): value for key, value in json.load(open(self.kept))}

    def read(self):
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.name} ended")
        return {key: float(value) for key, value in (pair.split("=") for pair in line.split())}

    def command(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self.read()

    def send(self, count, effort, threads=1, minimum=-1.0, path="-", label=""):
        return self.command(f"search {count} {effort} {threads} {minimum} {path} {label}".rstrip())

    def latency(self, count, effort, minimum=-1.0):
        return self.command(f"latency {count} {effort} 1 {minimum} -")

    def recall(self, count, effort, minimum=-1.0):
        """Recall of all queries and of would-be hits: a property of the graph, kept with it."""
        import numpy as np
        key = (count, effort, minimum)
        if key not in self.recalls:
            with tempfile.NamedTemporaryFile() as file:
                timing = self.send(count, effort, 1, minimum, file.name)
                ids = np.fromfile(file.name, np.uint64).reshape(len(self.queries), count)
            known = ids < len(self.rows)
            found = np.einsum("qkd,qd->qk", self.rows[np.where(known, ids, 0)], self.queries)
            right = known & (found >= self.truth[:, count - 1 : count] - 1e-6)
            hits = self.truth[:, 0] >= HIT
            self.recalls[key] = dict(all=float(right.mean()), hits=float(right[hits].mean()),
                                     seconds=timing["cpu"] / timing["nq"])
        return self.recalls[key]

    def keep(self):
        if self.kept:
            json.dump(list(self.recalls.items()), open(self.kept, "w"))

    def least_effort(self, target, count=1, part="all", minimum=-1.0):
        low = None
        for effort in (value for value in GRID if value >= count):
            if self.recall(count, effort, minimum)[part] >= target:
                high = effort
                while low is not None and high - low > max(1, low // 12):
                    middle = (low + high) // 2
                    if self.recall(count, middle, minimum)[part] >= target:
                        high = middle
                    else:
                        low = middle
                return high
            low = effort
            if self.recall(count, effort, minimum)["seconds"] > 0.004:
                return None
        return None


def figure(children, path, title):
    """Recall@1 against queries per second, as an SVG without any library."""
    import math
    width, height, left, top, right, bottom = 760, 460, 70, 40, 210, 50
    colours = ["#d62728", "#1f77b4", "#2ca02c", "#9467bd", "#8c564b", "#e377c2", "#7f7f7f", "#bcbd22"]
    # The axis is the share of wrong answers, so that 0.9, 0.99 and 0.999 lie equally far apart.
    x = lambda recall: left + (width - left - right) * (-math.log10(max(1 - recall, 5e-4)) - 0.5) / 2.85
    curves = [sorted((child.recall(1, effort)["all"], rate) for effort, rate in child.rates.items()) for child in children]
    curves = [[point for point in curve if point[0] >= 0.7] for curve in curves]
    rates = [rate for curve in curves for _, rate in curve]
    low, high = math.log10(min(rates)), math.log10(max(rates))
    y = lambda rate: top + (height - top - bottom) * (high - math.log10(rate)) / (high - low)
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="sans-serif" font-size="12">',
           f'<rect width="{width}" height="{height}" fill="white"/><text x="{left}" y="22" font-size="15">{title}</text>']
    for recall in (0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999):
        out.append(f'<line x1="{x(recall):.0f}" y1="{top}" x2="{x(recall):.0f}" y2="{height - bottom}" stroke="#ddd"/>'
                   f'<text x="{x(recall):.0f}" y="{height - bottom + 16}" text-anchor="middle">{recall}</text>')
    for rate in (500, 1000, 2000, 5000, 10000, 20000, 50000, 100000, 200000):
        if low <= math.log10(rate) <= high:
            out.append(f'<line x1="{left}" y1="{y(rate):.0f}" x2="{width - right}" y2="{y(rate):.0f}" stroke="#ddd"/>'
                       f'<text x="{left - 6}" y="{y(rate) + 4:.0f}" text-anchor="end">{rate:,}</text>')
    for number, child in enumerate(children):
        colour = colours[number % len(colours)]
        line = " ".join(f"{x(recall):.1f},{y(rate):.1f}" for recall, rate in curves[number])
        out.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        out.append(f'<text x="{width - right + 12}" y="{top + 14 + 18 * number}" fill="{colour}">{child.name}</text>')
    out.append(f'<text x="{(left + width - right) / 2}" y="{height - 12}" text-anchor="middle">recall@1</text>'
               f'<text x="14" y="{top - 8}">queries per CPU second</text></svg>')
    open(path, "w").write("\n".join(out) + "\n")


def first_recall(child, effort, truth, label=""):
    """Recall@1, the same over would-be hits, and QPS of our worker."""
    import numpy as np
    with tempfile.NamedTemporaryFile() as file:
        timings = [child.send(1, effort, 1, -1.0, file.name, label) for _ in range(3)]
        ids = np.fromfile(file.name, np.uint64)
    known = ids < len(child.rows)
    found = np.einsum("qd,qd->q", child.rows[np.where(known, ids, 0)], child.queries)
    right = known & (found >= truth - 1e-6)
    cpu = statistics.median(timing["cpu"] / timing["nq"] for timing in timings)
    return right.mean(), right[truth >= HIT].mean(), 1 / cpu


def churn_table(child, efforts=(16, 32, 64)):
    """Recall and speed of our index while its entries are replaced; the live vectors stay the same."""
    truth = child.truth[:, 0]
    lines = ["| replaced | " + " | ".join(f"ef {effort}: recall@1, hits, QPS" for effort in efforts)
             + " | µs per removal | µs per insertion | MiB |", "|---|" + "---|" * (len(efforts) + 3)]
    done, memory = 0.0, child.built["mem"]
    for share in (0.0, 0.1, 0.5, 1.0, 2.0):
        spent = child.command(f"churn {share - done}") if share else {}
        done, memory = share, spent.get("mem", memory)
        cells = ["{:.4f}, {:.4f}, {:,.0f}".format(*first_recall(child, effort, truth)) for effort in efforts]
        costs = f"{spent['remove_us']:.0f} | {spent['insert_us']:.0f}" if spent else "– | –"
        lines.append(f"| {share:.0%} | " + " | ".join(cells) + f" | {costs} | {memory:.0f} |")
    return "\n".join(lines)


def filter_table(child, efforts=(16, 48, 128)):
    """Recall and speed under a filter that lets a share of the entries pass."""
    import numpy as np
    place = np.arange(len(child.rows)) % 100
    lines = ["| pass | " + " | ".join(f"ef {effort}: recall@1, QPS" for effort in efforts) + " |", "|---|" + "---|" * len(efforts)]
    for label, name, passing in ((1, "50 %", place < 50), (2, "10 %", (place >= 50) & (place < 60)), (3, "1 %", place == 60)):
        truth = true_similarities(child.rows[passing], child.queries)[:, 0]
        cells = []
        for effort in efforts:
            recall, _, rate = first_recall(child, effort, truth, label)
            cells.append(f"{recall:.4f}, {rate:,.0f}")
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def operating_points(children):
    """The least effort of every child for every goal."""
    points = {}
    for child in children:
        for target in TARGETS:
            points[child.name, f"R@1 {target}"] = (1, child.least_effort(target), -1.0)
        points[child.name, "R@10 0.99"] = (10, child.least_effort(0.99, count=10), -1.0)
        floor = HIT if child.name == "semcache" else -1.0
        points[child.name, "hits 0.999"] = (1, child.least_effort(0.999, part="hits", minimum=floor), floor)
        for effort in CURVE:
            child.recall(1, effort)
        child.keep()
        print("#", child.name, {key[1]: value[1] for key, value in points.items() if key[0] == child.name}, file=sys.stderr)
    return points


def measure(children, points, rounds):
    """Timed passes at every operating point, interleaved."""
    cpu, wall2, latency, curve = {}, {}, {}, {}
    for number in range(rounds):
        for label in dict.fromkeys(key[1] for key in points):
            for child in children:
                count, effort, floor = points[child.name, label]
                if effort is not None:
                    answer = child.send(count, effort, 1, floor)
                    cpu.setdefault((child.name, label), []).append(answer["cpu"] / answer["nq"])
        for child in children:
            count, effort, floor = points[child.name, "R@1 0.99"]
            if effort is not None:
                answer = child.send(count, effort, 2, floor)
                wall2.setdefault(child.name, []).append(answer["wall"] / answer["nq"])
                latency.setdefault(child.name, []).append(child.latency(count, effort, floor))
        for effort in CURVE if number < 2 else ():
            for child in children:
                if child.recall(1, effort)["seconds"] < 0.004:
                    answer = child.send(1, effort)
                    curve.setdefault((child, effort), []).append(answer["nq"] / answer["cpu"])
    for (child, effort), rates in curve.items():
        child.rates[effort] = max(rates)
    return cpu, wall2, latency


def report(children, points, timings, base):
    cpu, wall2, latency = timings
    labels = list(dict.fromkeys(key[1] for key in points))
    lines = ["| library | build CPU s | MiB | " + " | ".join(labels) + " | 2 threads, R@1 0.99 | p50 / p99 µs, R@1 0.99 |",
             "|---|---|---|" + "---|" * (len(labels) + 2)]
    results = []
    for child in children:
        cells, entry = [], dict(library=child.name, **child.built, points={})
        for label in labels:
            count, effort, floor = points[child.name, label]
            if effort is None:
                cells.append("–")
                continue
            seconds = statistics.median(cpu[child.name, label])
            # Would-be hits are compared with what the others need for all queries: they cannot be asked for less.
            other = cpu.get((base, "R@1 0.99" if label.startswith("hits") else label))
            ratio = statistics.median(other) / seconds if other else float("nan")
            cells.append(f"{1 / seconds:,.0f} ×{ratio:.2f} [{effort}]")
            measured = child.recalls[count, effort, floor]
            entry["points"][label] = dict(effort=effort, qps=1 / seconds, ratio=ratio, recall=measured["all"], hits=measured["hits"])
        quantiles, threads = "–", "–"
        if child.name in wall2:
            p50, p99 = (statistics.median(pass_[key] for pass_ in latency[child.name]) for key in ("p50", "p99"))
            quantiles, threads = f"{p50:.0f} / {p99:.0f}", f"{1 / statistics.median(wall2[child.name]):,.0f}"
            entry.update(two_threads_qps=1 / statistics.median(wall2[child.name]), p50_us=p50, p99_us=p99)
        lines.append(f"| {child.name} | {child.built['build_cpu']:.1f} | {child.built['mem']:.0f} | " + " | ".join(cells)
                     + f" | {threads} | {quantiles} |")
        entry["curve"] = [dict(effort=effort, recall=child.recall(1, effort)["all"], qps=rate)
                          for effort, rate in sorted(child.rates.items())]
        results.append(entry)
    return "\n".join(lines), results


def memory_line(children, dimension):
    """Bytes per entry of our index by purpose, with and without the float32 rows."""
    ours = next((child for child in children if child.name == "semcache"), None)
    if ours is None:
        return ""
    parts = {part: ours.built[part] / len(ours.rows) for part in ("vectors", "codes", "links", "bookkeeping")}
    row, rest = 4 * dimension, sum(parts.values()) - parts["vectors"]
    return ("\nsemcache, bytes per entry: " + ", ".join(f"{part} {size:.0f}" for part, size in parts.items())
            + f"; {sum(parts.values()) / row:.2f} × the float32 row, {rest / row:.2f} × with the rows in a mapped file "
            + f"(codes and links alone {(parts['codes'] + parts['links']) / row:.2f} ×)")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--worker", help="our worker (IndexBenchmarks)")
    parser.add_argument("--docs", help="folder for JSON and SVG; nothing is written without it")
    parser.add_argument("--set", default="real384", help="name of the set in SEMCACHE_BENCH_DATA")
    parser.add_argument("--rows", type=int, default=0, help="only the first so many rows")
    parser.add_argument("--generate", default="50000x384", help="rows × dimension of generated data")
    parser.add_argument("--libraries", default="semcache,hnswlib,faiss HNSW,faiss HNSW SQ8 + re-rank,usearch f32,usearch bf16,usearch i8")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--settings", default="", help="options of our worker, as in --settings='--m 16 --construction 128'")
    parser.add_argument("--threads", type=int, default=1, help="threads of a build")
    parser.add_argument("--churn", action="store_true", help="replace our entries twice over instead, and measure on the way")
    parser.add_argument("--filters", action="store_true", help="measure our searches under filters instead")
    parser.add_argument("--graphs", help="folder that keeps the peers' graphs and generated data for the next run")
    parser.add_argument("--prepare", action="store_true", help="only build the peers' graphs and find their efforts")
    for internal in ("--peer", "--prefix", "--stem"):
        parser.add_argument(internal, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.peer:
        return serve_peer(options.peer, options.prefix, options.rows, options.threads, options.stem)
    with tempfile.TemporaryDirectory() as folder:
        run(options, options.graphs or folder)


def load_set(options, folder):
    """The set's name, the prefix of its files, rows, queries and the true similarities."""
    import numpy as np
    data = os.environ.get("SEMCACHE_BENCH_DATA")
    if data:
        name, prefix = options.set, os.path.join(data, options.set)
    else:
        count, dimension = (int(part) for part in options.generate.split("x"))
        name = f"clustered-{options.generate}"
        prefix = os.path.join(folder, name)
        if not os.path.exists(prefix + ".fbin"):
            generated = clustered(count + 2000, dimension)
            write_matrix(prefix + "_queries.fbin", generated[:2000])
            write_matrix(prefix + ".fbin", generated[2000:])
    rows = read_matrix(prefix + ".fbin", np.float32, options.rows)
    queries = read_matrix(prefix + "_queries.fbin", np.float32)
    if os.path.exists(prefix + "_gt.ibin") and not options.rows:
        ids = read_matrix(prefix + "_gt.ibin", np.int32)[:, :10]
        return name, prefix, rows, queries, np.einsum("qkd,qd->qk", rows[ids], queries)
    return name, prefix, rows, queries, true_similarities(rows, queries)


def start(library, options, prefix, stem, rows, queries, truth):
    """Starts a library's process and waits until its index is built."""
    if library == "semcache":
        command = [options.worker, prefix, "--rows", str(options.rows), "--threads", str(options.threads)]
        command += options.settings.split()
        return Child(library, command, rows, queries, truth)
    command = [sys.executable, os.path.abspath(__file__), "--peer", library, "--prefix", prefix,
               "--rows", str(options.rows), "--threads", str(options.threads)]
    if stem:
        command += ["--stem", stem]
    return Child(library, command, rows, queries, truth, stem)


def run(options, folder):
    name, prefix, rows, queries, truth = load_set(options, folder)
    children = []
    for library in options.libraries.split(","):
        stem = None
        if options.graphs:
            stem = os.path.join(options.graphs, f"{name}-{len(rows)}-{library}".replace(" ", "_").replace("/", "_"))
        try:
            child = start(library, options, prefix, stem, rows, queries, truth)
        except (RuntimeError, OSError) as error:
            print("# skipped", library, error, file=sys.stderr)
            continue
        print("# built", library, child.built, file=sys.stderr)
        if options.prepare:
            operating_points([child])
            child.process.stdin.close()
        children.append(child)
    if options.prepare:
        return
    if options.churn or options.filters:
        for table in [filter_table] * options.filters + [churn_table] * options.churn:
            print(f"{name}: {len(rows):,} × {rows.shape[1]}\n\n{table(children[0])}\n", flush=True)
        return children[0].process.stdin.close()
    base = "hnswlib" if any(child.name == "hnswlib" for child in children) else children[0].name
    points = operating_points(children)
    table, results = report(children, points, measure(children, points, options.rounds), base)
    print(f"{name}: {len(rows):,} × {rows.shape[1]}, {len(queries):,} queries, {options.rounds} rounds; QPS ×ratio to {base} [ef]\n")
    print(table)
    print(memory_line(children, rows.shape[1]))
    if options.docs:
        os.makedirs(options.docs, exist_ok=True)
        stem = os.path.join(options.docs, f"index-{name}")
        json.dump(dict(set=name, rows=len(rows), dimension=int(rows.shape[1]), results=results), open(stem + ".json", "w"), indent=1)
        figure(children, stem + ".svg", f"{name}: {len(rows):,} × {rows.shape[1]}, one thread")
    for child in children:
        child.process.stdin.close()


if __name__ == "__main__":
    main()
