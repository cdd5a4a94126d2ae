#!/usr/bin/env bash
# Measures DotRec and its peers on every corpus: run-all.sh WORK_FOLDER [NAME …]. Names are those in the list below; all of them without.
# DOTREC_DATA: folder of the public data sets. FAISS_AVX2: package folder that build-faiss-avx2.sh made. ROUNDS, PASSES: 3 by default.
# ONLY: comma-separated beginnings of peer names (peers.py).
set -euo pipefail
work=${1:?folder for vectors and the indexes of the peers}
shift
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
dotrec=$root/artifacts/bin/DotRec.Cli/release/DotRec.Cli
data=${DOTREC_DATA:-$root/../shared/data}
mkdir -p "$work"

compare() {
    local name=$1
    shift
    "$here/compare.py" --dotrec "$dotrec" --name "$name" --work "$work/$name" --rounds "${ROUNDS:-3}" --passes "${PASSES:-3}" ${FAISS_AVX2:+--faiss "$FAISS_AVX2"} ${ONLY:+--only "$ONLY"} -- "$@"
}

measure() {
    case $1 in
        glove-50-cosine) compare "$1" --base "$data/glove.6B.50d.txt.gz" --metric cosine ;;
        glove-50-dot) compare "$1" --base "$data/glove.6B.50d.txt.gz" --metric dot ;;
        sift-5k)
            # The last field of a line is the vector's number.
            zcat "$data/sift-5k-128d.tsv.gz" | cut -f 1-128 > "$work/sift-5k.tsv"
            compare "$1" --base "$work/sift-5k.tsv" --held-out 500 --metric l2 ;;
        synthetic-10k) compare "$1" --synthetic 10000,64 --metric dot ;;
        synthetic-100k) compare "$1" --synthetic 100000,64 --metric dot ;;
        synthetic-1m) compare "$1" --synthetic 1000000,64 --metric dot ;;
        tfrs-serving)
            # Items and users of TFRS' tutorial model, a thousand perturbed copies of each item.
            [ -d "$work/models/ml-100k/1" ] || "$dotrec" quickstart --data "$data/ml-100k.zip" --preset tutorial --output "$work/models/ml-100k/1"
            { echo user_id; seq 1 943; } > "$work/users.csv"
            compare "$1" --base "$work/models/ml-100k/1" --query "$work/users.csv" --perturbed-copies 1000 --metric dot ;;
        *) echo "run-all.sh: there is no corpus '$1'" >&2; exit 1 ;;
    esac
}

[ $# -gt 0 ] || set -- glove-50-cosine glove-50-dot sift-5k synthetic-10k synthetic-100k synthetic-1m tfrs-serving
for name in "$@"; do
    measure "$name"
done
