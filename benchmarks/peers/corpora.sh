# Sourced by run-all.sh and filters-and-churn.sh: what each corpus is to `DotRec.Benchmarks index`. Needs $data, $work and $dotrec, the tool.
# ITEMS: another number of items for the mixtures, to try a script out.

mixture() {
    # Long queries take long, too: half as many tell enough.
    options=(--synthetic "${ITEMS:-$1},$2" --mixture spectral --length-spread .3 --held-out "$(($2 < 384 ? 2000 : 1000))" --metric "$3")
}

# Sets the array `options` for a name; makes files that are not there yet in $work.
corpus() {
    case $1 in
        glove-50-cosine) options=(--base "$data/glove.6B.50d.txt.gz" --metric cosine) ;;
        glove-50-dot) options=(--base "$data/glove.6B.50d.txt.gz" --metric dot) ;;
        sift-5k)
            # The last field of a line is the vector's number.
            [ -s "$work/sift-5k.tsv" ] || zcat "$data/sift-5k-128d.tsv.gz" | cut -f 1-128 > "$work/sift-5k.tsv"
            options=(--base "$work/sift-5k.tsv" --held-out 500 --metric l2) ;;
        text-384)
            # The last thousand rows are the queries, as the data set's description has it.
            [ -s "$work/text-384-queries.npy" ] || /usr/bin/python3 - "$data/text-384.npy.gz" "$work/text-384" << 'SPLIT'
import gzip, sys
import numpy as np
rows = np.load(gzip.open(sys.argv[1]))
np.save(sys.argv[2] + "-items.npy", rows[:60000])
np.save(sys.argv[2] + "-queries.npy", rows[60000:])
SPLIT
            options=(--base "$work/text-384-items.npy" --query "$work/text-384-queries.npy" --metric cosine) ;;
        mixture-64-dot) mixture 100000 64 dot ;;
        mixture-128-l2) mixture 100000 128 l2 ;;
        mixture-768-dot) mixture 50000 768 dot ;;
        mixture-768-l2) mixture 50000 768 l2 ;;
        mixture-1536-cosine) mixture 25000 1536 cosine ;;
        synthetic-10k) options=(--synthetic 10000,64 --metric dot) ;;
        synthetic-100k) options=(--synthetic 100000,64 --metric dot) ;;
        synthetic-1m) options=(--synthetic 1000000,64 --metric dot) ;;
        tfrs-serving)
            # Items and users of TFRS' tutorial model, a thousand perturbed copies of each item.
            [ -d "$work/models/ml-100k/1" ] || "$dotrec" quickstart --data "$data/ml-100k.zip" --preset tutorial --output "$work/models/ml-100k/1"
            [ -s "$work/users.csv" ] || { echo user_id; seq 1 943; } > "$work/users.csv"
            options=(--base "$work/models/ml-100k/1" --query "$work/users.csv" --perturbed-copies 1000 --metric dot) ;;
        *) echo "${0##*/}: there is no corpus '$1'; corpora.sh lists them" >&2; exit 1 ;;
    esac
}
