"""Side-by-side measurement of graph indexes: ours and those from PyPI, on the same rows and queries, in one run.

Every library lives in a child process. All are built first; then each finds, by bisection over its effort (ef), the least
effort that reaches a recall; then the timed passes run interleaved, round after round over all children, so that noise of
the machine hits all alike. One query at a time inside the library. QPS = queries / median CPU seconds of a pass.

A returned entry counts as right when its exact cosine reaches the true one (ties are not punished). "Hits" are the
queries whose true best cosine is at least 0.8: what a semantic cache is asked for.
"""
import argparse, json, os, statistics, subprocess, sys, tempfile, time

TARGETS = [0.95, 0.99, 0.999]
GRID = [1, 2, 4, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024, 1536]
HIT = 0.8


# ---------------------------------------------------------------- data
def read_matrix(path, dtype, limit=0):
    import numpy as np
    rows, columns = np.fromfile(path, np.uint32, 2)
    count = min(int(rows), limit) if limit else int(rows)
    return np.fromfile(path, dtype, count * int(columns), offset=8).reshape(count, int(columns))


def write_matrix(path, matrix):
    import numpy as np
    with open(path, "wb") as file:
        np.array(matrix.shape, np.uint32).tofile(file)
        np.ascontiguousarray(matrix).tofile(file)


def clustered(count, dimension, seed=1):
    """Unit rows on a low intrinsic dimension: Zipf-sized clusters of clusters, 40 % near copies of other rows."""
    import numpy as np
    random = np.random.default_rng(seed)
    inner = min(128, dimension)
    basis = np.linalg.qr(random.standard_normal((dimension, inner)))[0].T.astype(np.float32)
    centres = random.standard_normal((5000, inner)).astype(np.float32) * 0.5
    centres += np.repeat(random.standard_normal((500, inner)).astype(np.float32), 10, axis=0)
    weight = 1 / np.arange(1, 5001) ** 0.8
    which = random.choice(5000, count, p=weight / weight.sum())
    local = random.standard_normal((count, min(32, inner))).astype(np.float32) * 0.9
    low = centres[which]
    low[:, : local.shape[1]] += local
    rows = low @ basis + 0.05 * random.standard_normal((count, dimension)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    copies = random.random(count) < 0.4
    source = random.integers(0, count, count)
    noise = random.standard_normal((count, dimension)).astype(np.float32) / dimension**0.5
    spread = random.uniform(0.1, 0.7, (count, 1)).astype(np.float32)
    rows[copies] = rows[source[copies]] + (noise * spread)[copies]
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows.astype(np.float32)


def true_similarities(rows, queries, count=10):
    import numpy as np
    out = np.empty((len(queries), count), np.float32)
    for start in range(0, len(queries), 200):
        scores = queries[start : start + 200] @ rows.T
        out[start : start + 200] = -np.sort(-np.partition(-scores, count, axis=1)[:, :count] * -1, axis=1)
    return out


# ---------------------------------------------------------------- the libraries from PyPI
class Hnswlib:
    def build(self, rows, threads):
        import hnswlib
        self.index = hnswlib.Index("ip", rows.shape[1])
        self.index.init_index(len(rows), M=16, ef_construction=200, random_seed=100)
        self.index.add_items(rows, num_threads=threads)

    def search(self, queries, count, effort, threads):
        self.index.set_ef(max(effort, count))
        return self.index.knn_query(queries, count, num_threads=threads)[0]


class Faiss:
    def __init__(self, quantised):
        self.quantised = quantised

    def build(self, rows, threads):
        import faiss
        self.faiss, metric = faiss, faiss.METRIC_INNER_PRODUCT
        faiss.omp_set_num_threads(threads)
        if self.quantised:
            self.graph = faiss.IndexHNSWSQ(rows.shape[1], faiss.ScalarQuantizer.QT_8bit, 16, metric)
            self.top = faiss.IndexRefineFlat(self.graph)
            self.top.k_factor = 4
        else:
            self.graph = self.top = faiss.IndexHNSWFlat(rows.shape[1], 16, metric)
        self.graph.hnsw.efConstruction = 200
        self.top.train(rows)
        self.top.add(rows)

    def search(self, queries, count, effort, threads):
        self.faiss.omp_set_num_threads(threads)
        self.graph.hnsw.efSearch = max(effort, count)
        return self.top.search(queries, count)[1]


class Usearch:
    def __init__(self, kind):
        self.kind = kind

    def build(self, rows, threads):
        import numpy as np
        from usearch.index import Index
        self.index = Index(ndim=rows.shape[1], metric="ip", dtype=self.kind, connectivity=16, expansion_add=200)
        self.index.add(np.arange(len(rows), dtype=np.uint64), rows, threads=threads)

    def search(self, queries, count, effort, threads):
        import numpy as np
        self.index.expansion_search = max(effort, count)
        return np.asarray(self.index.search(queries, count, threads=threads).keys).reshape(len(queries), -1)


PEERS = {
    "hnswlib": Hnswlib,
    "faiss HNSW": lambda: Faiss(False),
    "faiss HNSW SQ8 + re-rank": lambda: Faiss(True),
    "usearch f32": lambda: Usearch("f32"),
    "usearch bf16": lambda: Usearch("bf16"),
    "usearch i8": lambda: Usearch("i8"),
}


def anonymous_mib():
    for line in open("/proc/self/status"):
        if line.startswith("RssAnon"):
            return int(line.split()[1]) / 1024
    return 0.0


def serve_peer(name, prefix, limit, threads):
    """A child process around one library: commands on standard input, answers on standard output."""
    import gc
    import numpy as np
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # libraries print too
    rows, queries = read_matrix(prefix + ".fbin", np.float32, limit), read_matrix(prefix + "_queries.fbin", np.float32)
    library = PEERS[name]()
    gc.collect()
    memory, cpu, wall = anonymous_mib(), time.process_time(), time.time()
    library.build(rows, threads)
    gc.collect()
    built = dict(build_cpu=time.process_time() - cpu, build_wall=time.time() - wall, mem=anonymous_mib() - memory)
    print(" ".join(f"{key}={value}" for key, value in built.items()), file=answers, flush=True)
    for line in sys.stdin:
        words = line.split()
        if words[0] == "quit":
            return
        count, effort, threads, path = int(words[1]), int(words[2]), int(words[3]), words[5]
        library.search(queries[:50], count, effort, threads)
        if path != "-":
            np.asarray(library.search(queries, count, effort, threads)).astype(np.uint64).tofile(path)
        cpu, wall = time.process_time(), time.perf_counter()
        library.search(queries, count, effort, threads)
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        single = []
        if threads == 1 and path != "-":
            for query in queries[:500]:
                start = time.perf_counter()
                library.search(query[None], count, effort, 1)
                single.append((time.perf_counter() - start) * 1e6)
        single = sorted(single) or [0.0]
        quantiles = f"p50={single[len(single) // 2]} p99={single[len(single) * 99 // 100]}"
        print(f"cpu={cpu} wall={wall} nq={len(queries)} {quantiles}", file=answers, flush=True)


# ---------------------------------------------------------------- the driver
class Child:
    def __init__(self, name, command, rows, queries, truth):
        self.name, self.rows, self.queries, self.truth = name, rows, queries, truth
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                        stderr=subprocess.DEVNULL)
        self.built = self.read()
        self.recalls = {}

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

    def recall(self, count, effort, minimum=-1.0):
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
            self.recalls[key] = dict(all=float(right.mean()), hits=float(right[hits].mean()), cpu=timing["cpu"],
                                     p50=timing["p50"], p99=timing["p99"], nq=timing["nq"])
        return self.recalls[key]

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
            measured = self.recall(count, effort, minimum)
            if measured["cpu"] / measured["nq"] > 0.004:
                return None
        return None


def figure(children, path, title):
    """Recall@1 against queries per second, as an SVG without any library."""
    import math
    width, height, left, top, right, bottom = 760, 460, 70, 40, 210, 50
    colours = ["#d62728", "#1f77b4", "#2ca02c", "#9467bd", "#8c564b", "#e377c2", "#7f7f7f", "#bcbd22"]
    # The axis is the share of wrong answers, so that 0.9, 0.99 and 0.999 lie equally far apart.
    x = lambda recall: left + (width - left - right) * (-math.log10(max(1 - recall, 5e-4)) - 0.5) / 2.85
    rates = [m["nq"] / m["cpu"] for child in children for (k, _, s), m in child.recalls.items() if k == 1 and s < 0 and m["all"] >= 0.7]
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
        points = sorted((m["all"], m["nq"] / m["cpu"]) for (k, _, s), m in child.recalls.items() if k == 1 and s < 0 and m["all"] >= 0.7)
        colour = colours[number % len(colours)]
        line = " ".join(f"{x(recall):.1f},{y(rate):.1f}" for recall, rate in points)
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


def measure(children, rounds):
    """Timed passes at every operating point, interleaved."""
    points = {}
    for child in children:
        for target in TARGETS:
            points[child.name, f"R@1 {target}"] = (1, child.least_effort(target), -1.0)
        points[child.name, "R@10 0.99"] = (10, child.least_effort(0.99, count=10), -1.0)
        floor = HIT if child.name == "semcache" else -1.0
        points[child.name, "hits 0.999"] = (1, child.least_effort(0.999, part="hits", minimum=floor), floor)
        print("#", child.name, {key[1]: value[1] for key, value in points.items() if key[0] == child.name}, file=sys.stderr)
    cpu, wall2 = {}, {}
    for _ in range(rounds):
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
    return points, cpu, wall2


def report(children, points, cpu, wall2, base):
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
        effort = points[child.name, "R@1 0.99"][1]
        single = child.recalls.get((1, effort, -1.0))
        quantiles = f"{single['p50']:.0f} / {single['p99']:.0f}" if single else "–"
        threads = f"{1 / min(wall2[child.name]):,.0f}" if child.name in wall2 else "–"
        lines.append(f"| {child.name} | {child.built['build_cpu']:.1f} | {child.built['mem']:.0f} | " + " | ".join(cells)
                     + f" | {threads} | {quantiles} |")
        entry["sweep"] = [dict(count=k, effort=e, minimum=s, **m) for (k, e, s), m in sorted(child.recalls.items())]
        results.append(entry)
    return "\n".join(lines), results


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--worker", help="our worker (IndexBenchmarks)")
    parser.add_argument("--docs", help="folder for JSON and SVG; nothing is written without it")
    parser.add_argument("--set", default="real384", help="name of the set in SEMCACHE_BENCH_DATA")
    parser.add_argument("--rows", type=int, default=0, help="only the first so many rows")
    parser.add_argument("--generate", default="50000x384", help="rows × dimension of generated data")
    parser.add_argument("--libraries", default="semcache,hnswlib,faiss HNSW,faiss HNSW SQ8 + re-rank,usearch f32,usearch bf16,usearch i8")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--settings", default="", help="settings of our worker, as in m=16,construction=128")
    parser.add_argument("--threads", type=int, default=1, help="threads of a build")
    parser.add_argument("--churn", action="store_true", help="replace our entries twice over instead, and measure on the way")
    parser.add_argument("--filters", action="store_true", help="measure our searches under filters instead")
    parser.add_argument("--peer", help=argparse.SUPPRESS)
    parser.add_argument("--prefix", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.peer:
        return serve_peer(options.peer, options.prefix, options.rows, options.threads)
    import numpy as np
    with tempfile.TemporaryDirectory() as folder:
        data = os.environ.get("SEMCACHE_BENCH_DATA")
        name = options.set
        if data:
            prefix = os.path.join(data, options.set)
        else:
            count, dimension = (int(part) for part in options.generate.split("x"))
            name, prefix = f"clustered-{options.generate}", os.path.join(folder, "set")
            rows = clustered(count + 2000, dimension)
            write_matrix(prefix + ".fbin", rows[2000:])
            write_matrix(prefix + "_queries.fbin", rows[:2000])
        rows = read_matrix(prefix + ".fbin", np.float32, options.rows)
        queries = read_matrix(prefix + "_queries.fbin", np.float32)
        if os.path.exists(prefix + "_gt.ibin") and not options.rows:
            ids = read_matrix(prefix + "_gt.ibin", np.int32)[:, :10]
            truth = np.einsum("qkd,qd->qk", rows[ids], queries)
        else:
            truth = true_similarities(rows, queries)
        children = []
        for library in options.libraries.split(","):
            if library == "semcache":
                command = [options.worker, prefix, f"rows={options.rows}", f"threads={options.threads}"] + [part for part in options.settings.split(",") if part]
            else:
                command = [sys.executable, os.path.abspath(__file__), "--peer", library, "--prefix", prefix,
                           "--rows", str(options.rows), "--threads", str(options.threads)]
            try:
                children.append(Child(library, command, rows, queries, truth))
                print("# built", library, children[-1].built, file=sys.stderr)
            except (RuntimeError, OSError) as error:
                print("# skipped", library, error, file=sys.stderr)
        if options.churn or options.filters:
            for table in [filter_table] * options.filters + [churn_table] * options.churn:
                print(f"{name}: {len(rows):,} × {rows.shape[1]}\n\n{table(children[0])}\n", flush=True)
            return children[0].process.stdin.close()
        base = "hnswlib" if any(child.name == "hnswlib" for child in children) else children[0].name
        points, cpu, wall2 = measure(children, options.rounds)
        table, results = report(children, points, cpu, wall2, base)
        print(f"{name}: {len(rows):,} × {rows.shape[1]}, {len(queries):,} queries, {options.rounds} rounds; QPS ×ratio to {base} [ef]\n")
        print(table)
        if options.docs:
            os.makedirs(options.docs, exist_ok=True)
            stem = os.path.join(options.docs, f"index-{name}")
            json.dump(dict(set=name, rows=len(rows), dimension=int(rows.shape[1]), results=results), open(stem + ".json", "w"), indent=1)
            figure(children, stem + ".svg", f"{name}: {len(rows):,} × {rows.shape[1]}, one thread")
        for child in children:
            child.process.stdin.write("quit\n")
            child.process.stdin.flush()


if __name__ == "__main__":
    main()
