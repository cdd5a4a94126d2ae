#!/usr/bin/env bash
# Measures filters, changes of a live index and batches with an older and the present program in turn, and writes one report a corpus, filters-NAME.md:
#     filters-and-churn.sh OLD_PROGRAM WORK_FOLDER [NAME …]
# Names are those in corpora.sh. README.md says how to build an older program. BEFORE: what reports call it; its version without that.
# DOTREC_DATA, RESULTS: as for run-all.sh. ROUNDS: 1 by default; times are medians over them. PASSES: 3 by default.
set -euo pipefail
old=${1:?the older DotRec.Benchmarks, or the DotRec.Cli of the time when it measured}
work=${2:?folder for raw results}
shift 2
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
new=${NEW_PROGRAM:-$root/artifacts/bin/DotRec.Benchmarks/release/DotRec.Benchmarks}
dotrec=$root/artifacts/bin/DotRec.Cli/release/DotRec.Cli
data=${DOTREC_DATA:-$root/../shared/data}
mkdir -p "$work"
. "$here/corpora.sh"

# Of 0.1.0+COMMIT: 0.1.0 at its first seven digits.
version() {
    "$1" --version | sed -E 's/\+([0-9a-f]{7}).*/ at \1/'
}

# The tool measured until the benchmarks' program took that over.
index() {
    local program=$1
    shift
    case ${program##*/} in
        DotRec.Benchmarks*) "$program" index "$@" ;;
        *) "$program" bench index "$@" ;;
    esac
}

measured=(--passes "${PASSES:-3}" --filter random,category,unlike,like --churn added,deleted,clustered,replaced --batch 1,8,100,1000,10000)

[ $# -gt 0 ] || set -- glove-50-cosine mixture-64-dot mixture-768-dot mixture-1536-cosine
for name in "$@"; do
    corpus "$name"
    folder=$work/filters-$name
    rm -rf "$folder"
    mkdir -p "$folder"
    for ((round = 0; round < ${ROUNDS:-1}; round++)); do
        # The load that others leave when a run begins stands in the report: times of a busy machine are ratios at best.
        cut -d ' ' -f 1 /proc/loadavg >> "$folder/load"
        index "$old" "${options[@]}" "${measured[@]}" --json "$folder/before-$round.json"
        cut -d ' ' -f 1 /proc/loadavg >> "$folder/load"
        index "$new" "${options[@]}" "${measured[@]}" --json "$folder/now-$round.json"
    done
    "$here/before_after.py" --name "$name" --work "$folder" --before "${BEFORE:-DotRec $(version "$old")}" --now "DotRec $(version "$new")" \
        --results "${RESULTS:-$root/benchmarks/results/index}" -- "${options[@]}" "${measured[@]}"
done
