#!/usr/bin/env bash
# Measures DotRec and its peers on every corpus: run-all.sh WORK_FOLDER [NAME …]. Names are those in corpora.sh; all of the list below without.
# DOTREC_DATA: folder of the public data sets. FAISS_AVX2: package folder that build-faiss-avx2.sh made. ROUNDS, PASSES: 3 by default.
# ONLY: comma-separated beginnings of peer names (peers.py). RESULTS: folder for the reports, benchmarks/results/index without it.
set -euo pipefail
work=${1:?folder for vectors and the indexes of the peers}
shift
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
dotrec=$root/artifacts/bin/DotRec.Cli/release/DotRec.Cli
benchmarks=$root/artifacts/bin/DotRec.Benchmarks/release/DotRec.Benchmarks
data=${DOTREC_DATA:-$root/../shared/data}
mkdir -p "$work"
. "$here/corpora.sh"

[ $# -gt 0 ] || set -- glove-50-cosine glove-50-dot sift-5k text-384 mixture-64-dot mixture-128-l2 mixture-768-dot mixture-768-l2 mixture-1536-cosine \
    synthetic-10k synthetic-100k synthetic-1m tfrs-serving
for name in "$@"; do
    # hnswlib builds the same graph as FAISS with slower distances: where a build dominates, FAISS' stands for both.
    only=${ONLY:-}
    [[ $name != mixture-* && $name != text-* ]] || only=${ONLY:-faiss}
    corpus "$name"
    "$here/compare.py" --dotrec "$benchmarks" --name "$name" --work "$work/$name" --rounds "${ROUNDS:-3}" --passes "${PASSES:-3}" \
        ${FAISS_AVX2:+--faiss "$FAISS_AVX2"} ${only:+--only "$only"} ${RESULTS:+--results "$RESULTS"} -- "${options[@]}"
done
