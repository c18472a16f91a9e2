"""Rows and queries for the measurements of indexes: files in the .fbin layout, generated rows, true similarities."""


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
