#!/usr/bin/python3
"""How an index grows: one table of the sizes that sizes.sh or compare.py measured, from dotrec-0.json in their work folders.

    sizes.py WORK/synthetic-10k WORK/synthetic-100k WORK/synthetic-1m > benchmarks/results/index/sizes.md
"""

import json
import math
import os
import sys

import compare


def speed(qps):
    return "–" if qps is None else f"{qps:,.0f}"


def main():
    print("# Sizes: seeded mixture, 64 dimensions, inner product, lengths spread log-normally (σ = 0.3)\n")
    print("Recall@10, one thread; QPS on the front at the recall, settings of the point chosen on half of the queries. Building uses 2 threads; its peak is that of the")
    print("process, whose vectors take 4 bytes a value.\n")
    print("| items | rows | partitions | build s | µs an item | peak GB | bytes/vector | QPS at .90 | QPS at .95 | QPS at .99 | partitions searched at .95 | items scanned | rescored | ns a scanned item | exact scan QPS |")
    print("|---:|" + "---|" + "---:|" * 13)
    for folder in sys.argv[1:]:
        with open(os.path.join(folder, "dotrec-0.json"), encoding="utf-8") as file:
            result = json.load(file)
        items = result["corpus"]["items"]
        # As ScannOptions.SuggestedPartitionCount: the root of N, in sixteens.
        partitions = math.isqrt(items) // 16 * 16
        target = next(target for target in result["targets"] if target["target"] == 0.95)
        speeds = " | ".join(speed(compare.qps_at(result["front"], level)) for level in compare.LEVELS)
        if target["reached"]:
            chosen = target["settings"]
            scanned = items * chosen["partitionsToSearch"] / partitions
            at_target = f"{chosen['partitionsToSearch']} | {scanned:,.0f} ({scanned / items:.0%}) | {chosen['rescoringCount']} | {1e9 / target['qps'] / scanned:.1f}"
        else:
            at_target = "not reached | – | – | –"
        print(
            f"| {items:,} | {result['options']['rescoringFormat'].lower()} | {partitions} | {result['buildSeconds']:.2f} | {1e6 * result['buildSeconds'] / items:.1f} | "
            f"{result['peakBytes'] / 1e9:.2f} | {result['bytesPerVector']:.0f} | {speeds} | {at_target} | {result['bruteForceQps']:,.0f} |")
    print(
        "\n**Growth.** Building costs fewer microseconds an item the more there are: the runtime compiles its code once, and k-means learns from 96 items a\n"
        "partition, of which there are √N, so only assigning (N·√N·D) grows faster than N. Bytes a vector: row 256 (bfloat16: 128), codes 32, scale 2, position 4 and the\n"
        "rest of the last block of 128 of every partition, which weighs less in larger partitions. A search costs less for each scanned item the more\n"
        "there are, for routing, tables and rescoring spread over them, as long as the codes (34 bytes an item) stay in the last cache, and twice as much\n"
        "beyond; speed falls because more must be scanned. In this mixture every 200 items\n"
        "are a new cluster and clusters overlap (noise 1.2 within, 0.7 between), so the ten best of a million lie in far more partitions than those of\n"
        "100,000. Real catalogues have fewer, better separated tastes: tfrs-serving.md scans 1 % of 1.67 million for .90.")
    machine = result["machine"]
    print(f"\nMachine: {machine['processor']}, {machine['processors']} processors, {machine['os']}; {machine['runtime']}, kernel {result['kernel']}.")


if __name__ == "__main__":
    main()
