#!/usr/bin/python3
"""Measures DotRec and its peers alternately on one corpus and writes the table and the drawing.

    compare.py --dotrec PATH/DotRec.Benchmarks --name glove-50-cosine --work DIR [--faiss DIR] [--rounds 3] -- --base glove.6B.50d.txt.gz --metric cosine

What follows -- are the corpus options of `DotRec.Benchmarks index`. Each round runs DotRec, then every build of the peers, so that all of them meet the same
moods of a shared machine; ratios are taken within a round, and their median is reported.
"""

import argparse
import json
import math
import os
import statistics
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
LEVELS = (0.90, 0.95, 0.99)

# Batches that DotRec is asked for, as those of measure.py.
BATCH_SIZES = (100, 1000)


def qps_at(front, recall):
    """Speed at a recall, on the line (logarithmic in speed) between the points of the front around it: no grid is favoured. None outside the front."""
    below = [point for point in front if point["recall"] < recall]
    above = [point for point in front if point["recall"] >= recall]
    if not above:
        return None
    if not below:
        return above[0]["qps"]
    low, high = below[-1], above[0]
    share = (recall - low["recall"]) / (high["recall"] - low["recall"])
    return math.exp((1 - share) * math.log(low["qps"]) + share * math.log(high["qps"]))


def median(values):
    known = [value for value in values if value is not None]
    return statistics.median(known) if known else None


def run(command, environment=None):
    print("+", " ".join(command), flush=True)
    subprocess.run(command, check=True, env={**os.environ, **(environment or {})})


def measure(arguments, corpus_options):
    """Results of each round: DotRec's, and those of each build of the peers."""
    os.makedirs(arguments.work, exist_ok=True)
    os.makedirs(arguments.results, exist_ok=True)
    corpus = os.path.join(arguments.work, "corpus")
    rounds = []
    for number in range(arguments.rounds):
        dotrec = os.path.join(arguments.work, f"dotrec-{number}.json")
        # From the second round on there are peers to draw beside.
        drawing = ["--peers", peers, "--plot", os.path.join(arguments.results, arguments.name + ".png")] if number > 0 else []
        if not (arguments.resume and os.path.exists(dotrec)):
            run([arguments.dotrec, "index", *corpus_options, "--build-threads", "2", "--batch", ",".join(map(str, BATCH_SIZES)), "--export", corpus, "--json", dotrec, *drawing])
        results = {"dotrec": read(dotrec)}
        builds = {"debian": None} if arguments.debian or not arguments.faiss else {}
        if arguments.faiss:
            builds["rebuilt"] = arguments.faiss
        for label, path in builds.items():
            peers = os.path.join(arguments.work, f"peers-{label}-{number}.json")
            only = ["--only", arguments.only] if arguments.only else []
            passes = ["--passes", str(arguments.passes)]
            if not (arguments.resume and os.path.exists(peers)):
                run(["/usr/bin/python3", os.path.join(HERE, "peers.py"), "--corpus", corpus, "--json", peers, *passes, *only], {"PYTHONPATH": path} if path else None)
            results[label] = read(peers)
        rounds.append(results)
    return rounds


def read(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def rows(rounds):
    """One row a system: what stands in the table, medians over the rounds."""
    first = rounds[0]
    table = [row("**DotRec ScannIndex**", [one["dotrec"] for one in rounds], [one["dotrec"] for one in rounds])]
    for label in (key for key in first if key != "dotrec"):
        build = first[label]["versions"]["faiss"].split("(")[1].rstrip(")")
        for key, peer in first[label]["peers"].items():
            if key == "hnswlib" and "hnswlib" in [seen["key"] for seen in table]:
                continue
            name = peer["name"] if key == "hnswlib" else f"{peer['name']} ({build})"
            table.append(row(name, [one[label]["peers"][key] for one in rounds], [one["dotrec"] for one in rounds], key))
    return table


def row(name, results, dotrec, key="dotrec"):
    levels = {}
    for level in LEVELS:
        speeds = [qps_at(result["front"], level) for result in results]
        ratios = [qps_at(ours["front"], level) / speed for ours, speed in zip(dotrec, speeds) if speed and qps_at(ours["front"], level)]
        exact = [speed / ours["bruteForceQps"] for ours, speed in zip(dotrec, speeds) if speed]
        levels[level] = {"qps": median(speeds), "exact": median(exact), "ratio": median(ratios)}
    return {
        "key": key,
        "name": name,
        "buildSeconds": median([result["buildSeconds"] for result in results]),
        "bytesPerVector": results[0]["bytesPerVector"],
        "levels": levels,
    }


def typical(rounds):
    """The round in which DotRec's speed is the median one, of two the slower: what is shown point by point comes from it, the others are in the work folder."""
    by_speed = sorted(rounds, key=lambda one: qps_at(one["dotrec"]["front"], LEVELS[1]) or 0)
    return by_speed[(len(by_speed) - 1) // 2]


def ends(results):
    """Where the front of a peer ends below the last level: the comparison at its end, in one round."""
    ours, lines = results["dotrec"]["front"], []
    for label in (key for key in results if key != "dotrec"):
        for peer in results[label]["peers"].values():
            last = peer["front"][-1]
            own = qps_at(ours, last["recall"])
            if last["recall"] < LEVELS[-1] and own:
                settings = ", ".join(f"{key} {value}" for key, value in last["settings"].items())
                lines.append(f"{peer['name']} ends at a recall of {last['recall']:.3f} ({settings}) with {last['qps']:,.0f} QPS; DotRec there: {own:,.0f}, {own / last['qps']:.1f} times as many.")
    return lines


def steadiest(peers, target):
    """Of each build and kind of peers the one that was the fastest in most rounds, with its batches by round and by (threads, size)."""
    kinds = {}
    for number, builds in enumerate(peers):
        for label, rows in builds.items():
            for row in (row for row in rows if row["target"] == target):
                names = kinds.setdefault((label, row["kind"]), {})
                names.setdefault(row["name"], {}).setdefault(number, {})[row["threads"], row["size"]] = row
    return [max(names.items(), key=lambda one: len(one[1])) for names in kinds.values()]


def batch_tables(rounds):
    """One table a target: DotRec's batches beside those of the fastest peer of each kind; ratios within a round."""
    # Results of older runs have none.
    if not all("batch" in one["dotrec"] for one in rounds):
        return []
    ours = [{(row["target"], row["threads"], row["size"]): row for row in one["dotrec"]["batch"]} for one in rounds]
    peers = [{label: results.get("batches", []) for label, results in one.items() if label != "dotrec"} for one in rounds]
    lines = []
    for target in sorted({key[0] for key in ours[0]}):
        cases = sorted({key[1:] for key in ours[0] if key[0] == target})
        heads = [f"{size:,}, {threads} thread{'s' if threads > 1 else ''}" for threads, size in cases]
        lines += [
            "", f"Queries a second in batches at a recall of {target:g} (settings chosen on half of the queries, recall over the others), of the fastest peers:", "",
            "| | recall | " + " | ".join(heads) + " | " + " | ".join("ratio, " + head for head in heads) + " |", "|---|" + "---:|" * (1 + 2 * len(cases))]
        own = [median([one[target, *case]["qps"] for one in ours]) for case in cases]
        lines.append(f"| **DotRec ScannIndex** | {ours[0][target, *cases[0]]['recall']:.3f} | " + " | ".join(f"{qps:,.0f}" for qps in own) + " |" + "  |" * len(cases))
        for name, there in steadiest(peers, target):
            found = [(ours[number], batches) for number, batches in there.items()]
            speeds = [median([one[case]["qps"] for _, one in found]) for case in cases]
            ratios = [median([mine[target, *case]["qps"] / one[case]["qps"] for mine, one in found]) for case in cases]
            lines.append(
                f"| {name} | {found[0][1][cases[0]]['recall']:.3f} | " + " | ".join(f"{qps:,.0f}" for qps in speeds) + " | "
                + " | ".join(f"{ratio:.1f}" for ratio in ratios) + " |")
    return lines


def markdown(arguments, corpus_options, rounds, table):
    shown = typical(rounds)
    ours = shown["dotrec"]
    about, machine = ours["corpus"], ours["machine"]
    number = lambda value, digits=0: "–" if value is None else f"{value:,.{digits}f}"
    lines = [
        f"# {arguments.name}: {about['items']:,} x {about['dimension']}, {about['metric']}",
        "",
        f"Recall@{about['k']} over {about['queries']:,} queries, one thread, one query at a time (the better of single and batched calls for the peers);",
        f"QPS interpolated on each front at the recall. {len(rounds)} round(s) in which DotRec and the peers ran alternately, medians of several; ratios (DotRec",
        "over the peer, and each over DotRec's exact index: × exact) are taken within a round. Building uses 2 threads.",
        "",
        "| | build s | bytes/vector | " + " | ".join(f"QPS at {level:.2f}" for level in LEVELS) + " | " + " | ".join(f"× exact at {level:.2f}" for level in LEVELS) + " | " + " | ".join(f"ratio at {level:.2f}" for level in LEVELS) + " |",
        "|---|" + "---:|" * (2 + 3 * len(LEVELS)),
    ]
    for one in table:
        speeds = " | ".join(number(one["levels"][level]["qps"]) for level in LEVELS)
        exact = " | ".join(number(one["levels"][level]["exact"], 1) for level in LEVELS)
        ratios = " | ".join("" if one["key"] == "dotrec" else number(one["levels"][level]["ratio"], 1) for level in LEVELS)
        lines.append(f"| {one['name']} | {number(one['buildSeconds'], 1)} | {number(one['bytesPerVector'], 0)} | {speeds} | {exact} | {ratios} |")
    lines += [""] + ends(shown) + batch_tables(rounds)
    lines += ["", "| DotRec, chosen on half of the queries, measured on the other half | recall | QPS | p50 µs | p99 µs | settings |", "|---|---:|---:|---:|---:|---|"]
    for target in ours["targets"]:
        if target["reached"]:
            settings = ", ".join(f"{key} {value}" for key, value in target["settings"].items())
            lines.append(f"| target {target['target']} | {target['recall']:.4f} | {target['qps']:,.0f} | {target['p50Microseconds']:.1f} | {target['p99Microseconds']:.1f} | {settings} |")
        else:
            lines.append(f"| target {target['target']} | not reached | | | | |")
    lines += [
        "",
        f"Exact scan in the same run: {number(median([one['dotrec']['bruteForceQps'] for one in rounds]))} QPS. Peak memory of DotRec's process while building: "
        f"{ours['peakBytes'] / 1e6:,.0f} MB, {ours['bytesBeforeBuild'] / 1e6:,.0f} MB of it before (vectors and queries {4 * about['dimension'] * (about['items'] + about['queries']) / 1e6:,.0f} MB).",
        "",
        f"Machine: {machine['processor']}, {machine['processors']} processors, {machine['os']}; {machine['runtime']}, kernel {ours['kernel']}.",
    ]
    for label in (key for key in rounds[0] if key != "dotrec"):
        peers = rounds[0][label]
        what = "Debian's binary, an old and generic build: its fast scan emulates SIMD" if label == "debian" else "the same Debian source rebuilt with AVX2 (build-faiss-avx2.sh)"
        hnswlib = f" hnswlib {peers['versions']['hnswlib']} (Debian's binary, SSE)." if "hnswlib" in peers["peers"] else ""
        lines.append(f"{peers['versions']['faiss']}: {what}.{hnswlib} A call of FAISS from Python costs {peers['faissCallMicroseconds']:.1f} µs, which is in its single-query times.")
    options = " ".join(os.path.basename(option) if os.path.sep in option else option for option in corpus_options)
    lines += ["", f"Command: `benchmarks/peers/compare.py --name {arguments.name} --rounds {len(rounds)} … -- {options}`", ""]
    return "\n".join(lines)


def main():
    own, corpus_options = (sys.argv[1:sys.argv.index("--")], sys.argv[sys.argv.index("--") + 1:]) if "--" in sys.argv else (sys.argv[1:], [])
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dotrec", required=True, help="the program that measures: artifacts/bin/DotRec.Benchmarks/release/DotRec.Benchmarks")
    parser.add_argument("--name", required=True, help="name of the result")
    parser.add_argument("--work", required=True, help="folder for vectors, peers' indexes and raw results; reused by later runs")
    parser.add_argument("--faiss", help="folder of a FAISS rebuilt with AVX2 (build-faiss-avx2.sh)")
    parser.add_argument("--debian", action="store_true", help="also measure Debian's FAISS when --faiss is given")
    parser.add_argument("--only", help="beginnings of peer names, see peers.py")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--passes", type=int, default=3, help="passes over the queries that the peers' times are medians of, in each round")
    parser.add_argument("--resume", action="store_true", help="measure only what an interrupted run with the same --work has not written yet")
    parser.add_argument("--results", default=os.path.join(HERE, "..", "results", "index"))
    arguments = parser.parse_args(own)
    rounds = measure(arguments, corpus_options)
    table = rows(rounds)
    with open(os.path.join(arguments.results, arguments.name + ".md"), "w", encoding="utf-8") as file:
        file.write(markdown(arguments, corpus_options, rounds, table))
    print(markdown(arguments, corpus_options, rounds, table))


if __name__ == "__main__":
    main()
