"""The graph indexes from PyPI, each served by a child process of scripts/bench_index.py."""
import json, os, sys, time

from ann_data import read_matrix


class Hnswlib:
    def build(self, rows, threads):
        self.index = self.empty(rows.shape[1])
        self.index.init_index(len(rows), M=16, ef_construction=200, random_seed=100)
        self.index.add_items(rows, num_threads=threads)

    def empty(self, dimension):
        import hnswlib
        return hnswlib.Index("ip", dimension)

    def save(self, path):
        self.index.save_index(path)

    def load(self, path, dimension):
        self.index = self.empty(dimension)
        self.index.load_index(path)

    def search(self, queries, count, effort, threads):
        self.index.set_ef(max(effort, count))
        return self.index.knn_query(queries, count, num_threads=threads)[0]


class Faiss:
    def __init__(self, quantised):
        import faiss
        self.faiss, self.quantised = faiss, quantised

    def build(self, rows, threads):
        faiss, metric = self.faiss, self.faiss.METRIC_INNER_PRODUCT
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

    def save(self, path):
        self.faiss.write_index(self.top, path)

    def load(self, path, dimension):
        self.graph = self.top = self.faiss.read_index(path)
        if self.quantised:
            self.graph = self.faiss.downcast_index(self.top.base_index)
            self.top.k_factor = 4

    def search(self, queries, count, effort, threads):
        self.faiss.omp_set_num_threads(threads)
        self.graph.hnsw.efSearch = max(effort, count)
        return self.top.search(queries, count)[1]


class Usearch:
    def __init__(self, kind):
        self.kind = kind

    def build(self, rows, threads):
        import numpy as np
        self.index = self.empty(rows.shape[1])
        self.index.add(np.arange(len(rows), dtype=np.uint64), rows, threads=threads)

    def empty(self, dimension):
        from usearch.index import Index
        return Index(ndim=dimension, metric="ip", dtype=self.kind, connectivity=16, expansion_add=200)

    def save(self, path):
        self.index.save(path)

    def load(self, path, dimension):
        self.index = self.empty(dimension)
        self.index.load(path)

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


def build_peer(library, rows, threads, stem):
    """Builds, or loads what an earlier run built and kept; returns what building took."""
    import gc
    if stem and os.path.exists(stem + ".built"):
        library.load(stem + ".graph", rows.shape[1])
        return json.load(open(stem + ".built"))
    gc.collect()
    memory, cpu, wall = anonymous_mib(), time.process_time(), time.time()
    library.build(rows, threads)
    gc.collect()
    built = dict(build_cpu=time.process_time() - cpu, build_wall=time.time() - wall, mem=anonymous_mib() - memory)
    if stem:
        library.save(stem + ".graph")
        json.dump(built, open(stem + ".built", "w"))
    return built


def serve_peer(name, prefix, limit, threads, stem):
    """A child process around one library: commands on standard input, answers on standard output."""
    import numpy as np
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # libraries print too
    rows, queries = read_matrix(prefix + ".fbin", np.float32, limit), read_matrix(prefix + "_queries.fbin", np.float32)
    library = PEERS[name]()
    built = build_peer(library, rows, threads, stem)
    del rows
    print(" ".join(f"{key}={value}" for key, value in built.items()), file=answers, flush=True)
    for line in sys.stdin:
        words = line.split()
        if words[0] == "quit":
            return
        count, effort, threads, path = int(words[1]), int(words[2]), int(words[3]), words[5]
        library.search(queries[:50], count, effort, threads)
        if words[0] == "latency":
            single = []
            for query in queries[:1000]:
                start = time.perf_counter()
                library.search(query[None], count, effort, 1)
                single.append((time.perf_counter() - start) * 1e6)
            single.sort()
            print(f"p50={single[len(single) // 2]} p99={single[len(single) * 99 // 100]}", file=answers, flush=True)
            continue
        cpu, wall = time.process_time(), time.perf_counter()
        found = library.search(queries, count, effort, threads)
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        if path != "-":
            np.asarray(found).astype(np.uint64).tofile(path)
        print(f"cpu={cpu} wall={wall} nq={len(queries)}", file=answers, flush=True)
