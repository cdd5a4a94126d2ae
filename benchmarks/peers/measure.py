"""Recall and speed of one setting of an index, by the rules of `DotRec.Benchmarks index` (benchmarks/index.md)."""

import ctypes
import time

import numpy as np

PASSES = 3
BATCH = 100

# Batches that are compared with DotRec's, and the threads at work on one.
BATCH_SIZES = (100, 1000)
BATCH_THREADS = (1, 2)

# Less than this a clock and a busy machine do not tell well.
LEAST_SECONDS = 0.05

# Queries of the rough pass that decides what is worth timing.
ROUGH_QUERIES = 500

# Settings that find less than this are of little use and are not timed.
LEAST_RECALL = 0.85

# Within one family of settings, going further is not tried once it adds less recall than this.
LEAST_GAIN = 0.0005

# No level of the reports asks for more. A few families that go further are tried still, as they may reach the last level with less of something else.
ENOUGH_RECALL = 0.995
FAMILIES_BEYOND = 3


def use_blas_threads(count):
    """FAISS' own setting does not reach OpenBLAS, whose threads would share the work of searches and spin between them."""
    loaded = {line.split()[-1] for line in open("/proc/self/maps", encoding="utf-8") if "openblas" in line}
    for library in loaded:
        ctypes.CDLL(library).openblas_set_num_threads(count)


def recall_hits(found, truth):
    """Right answers of each query: an item counts when it is one of the k best, or ties with the k-th."""
    return np.array([len(set(row) & set(true)) - (-1 in row and -1 in true) for row, true in zip(found.tolist(), truth.tolist())])


def time_singles(search, queries):
    """Seconds of each query, asked alone."""
    seconds = np.empty(len(queries))
    for row in range(len(queries)):
        start = time.perf_counter()
        search(queries[row:row + 1])
        seconds[row] = time.perf_counter() - start
    return seconds


def time_batches(search, queries):
    """Seconds a query, asked BATCH at a time (still one thread): Python's share of a call is spread over the batch."""
    seconds = np.empty(len(queries))
    for first in range(0, len(queries), BATCH):
        batch = queries[first:first + BATCH]
        start = time.perf_counter()
        search(batch)
        seconds[first:first + len(batch)] = (time.perf_counter() - start) / len(batch)
    return seconds


def hopeful(points, slack=1.1):
    """Settings that a few per cent of noise cannot have kept off the front."""
    return [p for p in points if not any(o["recall"] >= p["recall"] and o["qps"] > slack * p["qps"] for o in points)]


def front(points):
    """The points that no other beats in recall and speed."""
    best, kept = 0.0, []
    for point in sorted(points, key=lambda p: (-p["recall"], -p["qps"])):
        if point["qps"] > best:
            best = point["qps"]
            kept.append(point)
    return kept[::-1]


def ask(peer, setting, queries, k):
    """Answers to all queries, and the seconds a query of each batch."""
    peer.apply(setting)
    found, seconds = [], []
    for first in range(0, len(queries), BATCH):
        start = time.perf_counter()
        found.append(peer.search(queries[first:first + BATCH], k))
        seconds.append((time.perf_counter() - start) / len(found[-1]))
    return np.vstack(found), seconds


def sweep(peer, settings, queries, truth, k, passes=PASSES):
    """Every setting worth it, timed in passes that go round all of them, so that a busy moment of the machine falls on all alike.

    Settings come in families whose members go further and further.
    """
    rough, beyond = [], 0
    for family in settings:
        if beyond > FAMILIES_BEYOND:
            break
        before = -1.0
        for setting in family:
            found, seconds = ask(peer, setting, queries[:ROUGH_QUERIES], k)
            recall = recall_hits(found, truth[:ROUGH_QUERIES]).mean() / k
            # The median batch: one pass is easily disturbed.
            rough.append({"settings": setting, "recall": recall, "qps": 1 / np.median(seconds)})
            if recall < before + LEAST_GAIN:
                break
            before = recall
        beyond += before >= ENOUGH_RECALL
    enough = max((point for point in rough if point["recall"] >= ENOUGH_RECALL), key=lambda point: point["qps"], default=None)
    useful = [point for point in rough if LEAST_RECALL <= point["recall"] < ENOUGH_RECALL or point is enough]
    points = hopeful(useful or rough)
    for point in points:
        point["hits"] = recall_hits(ask(peer, point["settings"], queries, k)[0], truth)
        point["single"], point["batch"] = [], []
    for _ in range(passes):
        for point in points:
            peer.apply(point["settings"])
            point["single"].append(time_singles(lambda rows: peer.search(rows, k), queries))
            point["batch"].append(time_batches(lambda rows: peer.search(rows, k), queries))
    for point in points:
        # The median over passes of each query: what another process did to one pass does not count.
        point["single"] = np.median(point["single"], axis=0)
        point["batch"] = np.median(point["batch"], axis=0)
    return [Measured(point["settings"], point["hits"], point["single"], point["batch"], k) for point in points]


class Measured:
    """A setting with the hits and the seconds of every query."""

    def __init__(self, settings, hits, single, batch, k):
        self.settings, self.hits, self.single, self.batch, self.k = settings, hits, single, batch, k

    def over(self, rows):
        """The figures over some of the queries. The speed is the better of single and batched calls: the peer is not charged for Python."""
        single, batch = 1 / self.single[rows].mean(), 1 / self.batch[rows].mean()
        return {
            "recall": float(self.hits[rows].mean() / self.k),
            "qps": float(max(single, batch)),
            "singleQps": float(single),
            "batchQps": float(batch),
            "p50Microseconds": float(np.percentile(self.single[rows], 50) * 1e6),
            "p99Microseconds": float(np.percentile(self.single[rows], 99) * 1e6),
            "settings": self.settings,
        }


def at_target(measured, target, count):
    """The fastest setting that reaches the target on the queries of even number, as it does on those of odd number; None when there is none."""
    validation, test = np.arange(0, count, 2), np.arange(1, count, 2)
    reached = [point for point in measured if point.hits[validation].mean() / point.k >= target]
    if not reached:
        return None
    return {"target": target, **max(reached, key=lambda point: point.over(validation)["qps"]).over(test)}


def validation_speed(measured, target, count):
    """The setting that reaches the target on the queries of even number and answers them fastest in batches, and that speed; (None, 0) when there is none."""
    validation = np.arange(0, count, 2)
    reached = [point for point in measured if point.hits[validation].mean() / point.k >= target]
    if not reached:
        return None, 0
    best = max(reached, key=lambda point: point.over(validation)["batchQps"])
    return best, best.over(validation)["batchQps"]


def batches(peer, point, queries, passes=PASSES):
    """Speed of one setting in batches of several sizes on one thread and on two, by the rules of `DotRec.Benchmarks index --batch`; recall over the queries of odd number."""
    peer.apply(point.settings)
    test = np.arange(1, len(queries), 2)
    cases = [(threads, size, np.resize(np.arange(len(queries)), max(size, len(queries)))) for threads in BATCH_THREADS for size in BATCH_SIZES]
    speeds, rounds = [[] for _ in cases], [1] * len(cases)
    for turn in range(-1, passes):
        for number, (threads, size, asked) in enumerate(cases):
            peer.use_threads(threads)
            rows = queries[asked]
            seconds = sum(_batched(peer, rows, size, point.k) for _ in range(rounds[number]))
            if turn < 0:
                # Not counted: it warms up, and says how often to go on for a measurable time.
                rounds[number] = int(np.clip(LEAST_SECONDS / seconds, 1, 1000))
            else:
                speeds[number].append(rounds[number] * len(rows) / seconds)
    peer.use_threads(1)
    recall = float(point.hits[test].mean() / point.k)
    return [
        {"threads": threads, "size": size, "recall": recall, "qps": float(np.median(speed)), "settings": point.settings}
        for (threads, size, _), speed in zip(cases, speeds)
    ]


def _batched(peer, rows, size, k):
    start = time.perf_counter()
    for first in range(0, len(rows), size):
        peer.search(rows[first:first + size], k)
    return time.perf_counter() - start
