#!/usr/bin/env bash
# Measures how the index grows and writes benchmarks/results/index/sizes.md: sizes.sh WORK_FOLDER [ITEMS …]. What is measured already is not measured anew.
# Rows are kept as float32 up to a million items, and from a million on as bfloat16. RESULTS: as for run-all.sh. PASSES: 3 by default.
set -euo pipefail
work=${1:?folder for raw results}
shift
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
benchmarks=$root/artifacts/bin/DotRec.Benchmarks/release/DotRec.Benchmarks

folders=()
measure() {
    local folder=$work/$1-$2 queries=2000
    # Exact answers and searches take ten times as long as for a million: fewer queries tell enough.
    (($1 <= 1000000)) || queries=500
    folders+=("$folder")
    [ ! -s "$folder/dotrec-0.json" ] || return 0
    mkdir -p "$folder"
    "$benchmarks" index --synthetic "$1,64" --metric dot --held-out "$queries" --rescoring "$2" --build-threads 2 --passes "${PASSES:-3}" --json "$folder/dotrec-0.json"
}

[ $# -gt 0 ] || set -- 10000 100000 1000000 3000000 10000000
for items in "$@"; do
    (($items > 1000000)) || measure "$items" float32
    (($items < 1000000)) || measure "$items" bfloat16
done
mkdir -p "${RESULTS:-$root/benchmarks/results/index}"
"$here/sizes.py" "${folders[@]}" > "${RESULTS:-$root/benchmarks/results/index}/sizes.md"
