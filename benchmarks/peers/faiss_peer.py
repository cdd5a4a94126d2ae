"""FAISS: IVF-PQ fast scan with refinement, and HNSW."""

import os
import time

import faiss
import numpy as np


def version():
    return f"FAISS {faiss.__version__} ({faiss.get_compile_options().replace('OPTIMIZE', '').strip()})"


def metric_of(metric):
    return faiss.METRIC_L2 if metric == "l2" else faiss.METRIC_INNER_PRODUCT


class _Faiss:
    """An index by its factory string: built with some threads, kept in a file, searched with one."""

    def __init__(self, spec, metric):
        self.spec, self.metric, self.index, self.build_seconds, self.bytes = spec, metric, None, None, None

    def build(self, base, threads, path):
        if os.path.exists(path) and os.path.exists(path + ".seconds"):
            self.index = faiss.read_index(path)
            self.build_seconds = float(open(path + ".seconds", encoding="ascii").read())
        else:
            faiss.omp_set_num_threads(threads)
            start = time.perf_counter()
            self.index = faiss.index_factory(base.shape[1], self.spec, metric_of(self.metric))
            self.prepare(self.index)
            self.index.train(base)
            self.index.add(base)
            self.build_seconds = time.perf_counter() - start
            faiss.write_index(self.index, path)
            with open(path + ".seconds", "w", encoding="ascii") as file:
                file.write(str(self.build_seconds))
        self.bytes = os.path.getsize(path)
        faiss.omp_set_num_threads(1)

    def prepare(self, index):
        pass

    def use_threads(self, count):
        faiss.omp_set_num_threads(count)

    def search(self, queries, k):
        return self.index.search(queries, k)[1]


class FaissIvfPq(_Faiss):
    """IVF{lists},PQ{D/width}x4fs[r],RFlat: r quantises residuals, which costs no speed with inner products and helps recall."""

    PROBES = (1, 2, 4, 6, 8, 12, 16, 20, 24, 28, 34, 40, 48, 57, 68, 80, 96, 114, 136, 160, 192, 256, 384, 512)
    FACTORS = (1, 2, 4, 6, 8, 10, 12, 15, 18, 22, 28, 36, 50, 70, 100, 140, 200)

    def __init__(self, dimension, lists, residual, metric, width=2):
        self.lists = lists
        # Sub-vectors must divide the dimensions: one each where they do not.
        blocks = dimension // width if dimension % width == 0 else dimension
        super().__init__(f"IVF{lists},PQ{blocks}x4fs{'r' if residual else ''},RFlat", metric)

    @property
    def name(self):
        return f"FAISS {self.spec}"

    def settings(self):
        probes = [probe for probe in self.PROBES if probe <= self.lists]
        return [[{"nprobe": probe, "k_factor": factor} for factor in self.FACTORS] for probe in probes]

    def apply(self, setting):
        faiss.downcast_index(self.index.base_index).nprobe = setting["nprobe"]
        self.index.k_factor = setting["k_factor"]


class FaissHnsw(_Faiss):
    """HNSW{M},Flat."""

    EFFORTS = (10, 14, 20, 28, 34, 40, 48, 57, 68, 80, 96, 114, 136, 160, 192, 226, 270, 320, 450, 640, 1000)

    def __init__(self, links, construction, metric):
        super().__init__(f"HNSW{links},Flat", metric)
        self.construction = construction

    @property
    def name(self):
        return f"FAISS {self.spec} efConstruction {self.construction}"

    def prepare(self, index):
        index.hnsw.efConstruction = self.construction

    def settings(self):
        return [[{"efSearch": effort} for effort in self.EFFORTS]]

    def apply(self, setting):
        self.index.hnsw.efSearch = setting["efSearch"]


def call_microseconds():
    """What a call from Python costs when there is nothing to search: it is inside every single-query figure."""
    index = faiss.IndexFlatIP(4)
    index.add(np.ones((1, 4), np.float32))
    query, seconds = np.ones((1, 4), np.float32), []
    for _ in range(2000):
        start = time.perf_counter()
        index.search(query, 1)
        seconds.append(time.perf_counter() - start)
    return float(np.median(seconds) * 1e6)
