"""hnswlib."""

import os
import time

import hnswlib

# hnswlib does not tell its version: the package's is asked of dpkg by peers.py.
SPACES = {"cosine": "ip", "dot": "ip", "l2": "l2"}  # Cosine: the vectors are normalised already.


class Hnswlib:
    EFFORTS = (10, 14, 20, 28, 34, 40, 48, 57, 68, 80, 96, 114, 136, 160, 192, 226, 270, 320, 450, 640, 1000)

    def __init__(self, links, construction, metric, dimension):
        self.links, self.construction, self.metric, self.dimension = links, construction, metric, dimension
        self.index, self.build_seconds, self.bytes, self.search_threads = None, None, None, 1

    @property
    def name(self):
        return f"hnswlib M={self.links} ef_construction={self.construction}"

    def build(self, base, threads, path):
        self.index = hnswlib.Index(space=SPACES[self.metric], dim=self.dimension)
        if os.path.exists(path) and os.path.exists(path + ".seconds"):
            self.index.load_index(path, max_elements=len(base))
            self.build_seconds = float(open(path + ".seconds", encoding="ascii").read())
        else:
            start = time.perf_counter()
            self.index.init_index(max_elements=len(base), ef_construction=self.construction, M=self.links, random_seed=1)
            self.index.add_items(base, num_threads=threads)
            self.build_seconds = time.perf_counter() - start
            self.index.save_index(path)
            with open(path + ".seconds", "w", encoding="ascii") as file:
                file.write(str(self.build_seconds))
        self.bytes = os.path.getsize(path)

    def settings(self):
        return [[{"ef": effort} for effort in self.EFFORTS]]

    def apply(self, setting):
        self.index.set_ef(setting["ef"])

    def use_threads(self, count):
        self.search_threads = count

    def search(self, queries, k):
        return self.index.knn_query(queries, k, num_threads=self.search_threads)[0]
