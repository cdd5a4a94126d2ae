#!/usr/bin/python3
"""Measures FAISS and hnswlib on a corpus that `DotRec.Benchmarks index --export DIR` wrote: base.npy, queries.npy, truth.npy, corpus.json."""

import argparse
import itertools
import json
import os
import subprocess
import time

# Threads of a build that wait should not keep others from the processors of a shared machine.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import numpy as np

import faiss_peer
import measure


def package_version(package):
    query = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", package], capture_output=True, text=True, check=False)
    return query.stdout or "unknown"


def load(corpus):
    with open(os.path.join(corpus, "corpus.json"), encoding="utf-8") as file:
        about = json.load(file)
    base, queries, truth = (np.load(os.path.join(corpus, name + ".npy")) for name in ("base", "queries", "truth"))
    if about["metric"] == "cosine":
        base, queries = normalised(base), normalised(queries)
    return about, base, queries, truth


def normalised(rows):
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.ascontiguousarray(rows / np.where(lengths == 0, 1, lengths), np.float32)


def peers_for(about, base, only):
    metric, (count, dimension) = about["metric"], base.shape
    # Lists around √N and twice that, and never more than FAISS can train (39 points a list).
    root = 2 ** round(np.log2(np.sqrt(count)))
    sizes = sorted({max(1, min(size, count // 39)) for size in (root, 2 * root)})
    known = {}
    # Two dimensions a code, as DotRec's; with many dimensions also four, which halves what a scan reads.
    widths = (2, 4) if dimension >= 384 else (2,)
    # Distances to residuals take tables anew for every list probed. With many dimensions that is most of a search: on 5,000 x 768 it had .56 to .82 of the speed
    # at .95 and .99, and took most of the sweep. Inner products have one table a query, and residuals are worth trying.
    residuals = (False,) if metric == "l2" and dimension >= 384 else (False, True)
    for lists, width, residual in itertools.product(sizes, widths, residuals):
        key = f"faiss-ivfpq-{lists}" + (f"-{width}" if width > 2 else "") + ("-residual" if residual else "")
        known[key] = faiss_peer.FaissIvfPq(dimension, lists, residual, metric, width)
    known["faiss-hnsw"] = faiss_peer.FaissHnsw(16, 200, metric)
    wanted = {key: peer for key, peer in known.items() if is_wanted(key, only)}
    if is_wanted("hnswlib", only):
        # Here, so that FAISS can be measured where hnswlib is not installed.
        import hnswlib_peer

        wanted["hnswlib"] = hnswlib_peer.Hnswlib(16, 200, metric, dimension)
    return wanted


def is_wanted(key, only):
    return not only or any(key.startswith(prefix) for prefix in only)


def best_batches(swept, queries, targets, passes):
    """Batches of the fastest peer of each kind (IVF-PQ, HNSW, hnswlib) at each target; `swept` has the peer and what was measured of it, by key."""
    rows = []
    for target in targets:
        fastest = {}
        for key, (peer, measured) in swept.items():
            point, speed = measure.validation_speed(measured, target, len(queries))
            kind = "-".join(key.split("-")[:2])
            if point and speed > fastest.get(kind, (0,))[0]:
                fastest[kind] = (speed, peer, point)
        for kind, (_, peer, point) in fastest.items():
            rows += [{"target": target, "kind": kind, "name": peer.name, **row} for row in measure.batches(peer, point, queries, passes)]
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", required=True, help="folder that DotRec.Benchmarks index --export wrote")
    parser.add_argument("--json", required=True, help="file for the result")
    parser.add_argument("--cache", help="folder that keeps built indexes between runs (default: CORPUS/peers)")
    parser.add_argument("--only", default="", help="comma-separated beginnings of peer names: faiss-ivfpq, faiss-hnsw, hnswlib")
    parser.add_argument("--build-threads", type=int, default=2)
    parser.add_argument("--passes", type=int, default=measure.PASSES)
    parser.add_argument("--target", default="0.9,0.95,0.99")
    parser.add_argument("--batch-target", default="0.9,0.99", help="recalls that batches are measured at")
    arguments = parser.parse_args()
    about, base, queries, truth = load(arguments.corpus)
    cache = arguments.cache or os.path.join(arguments.corpus, "peers")
    # An index of one build of the library is not read by another.
    cache = os.path.join(cache, "".join(c if c.isalnum() else "-" for c in faiss_peer.version()))
    os.makedirs(cache, exist_ok=True)
    results = {
        "corpus": about,
        "versions": {"faiss": faiss_peer.version(), "python3-faiss": package_version("python3-faiss"), "hnswlib": package_version("python3-hnswlib")},
        "buildThreads": arguments.build_threads,
        "faissCallMicroseconds": faiss_peer.call_microseconds(),
        "peers": {},
    }
    every, swept = np.arange(len(queries)), {}
    for key, peer in peers_for(about, base, [name for name in arguments.only.split(",") if name]).items():
        start = time.perf_counter()
        measure.use_blas_threads(arguments.build_threads)
        peer.build(base, arguments.build_threads, os.path.join(cache, key))
        measure.use_blas_threads(1)
        measured = measure.sweep(peer, peer.settings(), queries, truth, about["k"], arguments.passes)
        swept[key] = (peer, measured)
        targets = [measure.at_target(measured, float(target), len(queries)) for target in arguments.target.split(",")]
        results["peers"][key] = {
            "name": peer.name,
            "buildSeconds": peer.build_seconds,
            "bytesPerVector": peer.bytes / len(base),
            "front": measure.front([point.over(every) for point in measured]),
            "targets": [target for target in targets if target],
        }
        print(f"{peer.name}: build {peer.build_seconds:.1f} s, measured in {time.perf_counter() - start:.0f} s", flush=True)
        for target in results["peers"][key]["targets"]:
            print(f"  {target['target']:.2f}: recall {target['recall']:.4f}, {target['qps']:,.0f} QPS, p50 {target['p50Microseconds']:.0f} us, {target['settings']}", flush=True)
    results["batches"] = best_batches(swept, queries, [float(target) for target in arguments.batch_target.split(",")], arguments.passes)
    with open(arguments.json, "w", encoding="utf-8") as file:
        json.dump(results, file, indent=2)


if __name__ == "__main__":
    main()
