#!/usr/bin/python3
"""Writes filters-NAME.md of what filters-and-churn.sh measured: an older tool and the present one on the same corpus."""

import argparse
import glob
import json
import os
import statistics
import sys

ABOUT = """\
Before is {before}, now {now}, both under the same measuring program;
{rounds} round(s) in which they ran one after the other, times are medians over them.
Load of the machine when the runs began: {load}, on {processors} processors: recalls are exact, times are to be read as ratios. One thread a search
(batches on as many as given). Settings are calibrated to a recall of ten of .95 on half of the queries, figures are of the other half. *first* is the first
search with a filter object (the mean of the middle half of 16), of a program that has just begun to search so, and *µs* the median of later ones. Kinds and
columns: benchmarks/index.md."""


class Runs:
    """The results of a tool: recalls and counts of the first round, times as medians over all."""

    def __init__(self, pattern):
        self.results = []
        for path in sorted(glob.glob(pattern)):
            with open(path, encoding="utf-8") as file:
                self.results.append(json.load(file))

    def __getitem__(self, key):
        return self.results[0][key]

    def time(self, field):
        return statistics.median(result[field] for result in self.results)

    def rows(self, part, *keys):
        """Rows of a part by their keys; all numbers are medians, which leaves alone those that rounds agree in."""
        merged = {}
        for result in self.results:
            for row in result[part]:
                merged.setdefault(tuple(row[key] for key in keys), []).append(row)
        return {key: {field: middle([row.get(field) for row in rows]) for field in rows[0]} for key, rows in merged.items()}


def middle(values):
    numbers = [value for value in values if isinstance(value, (int, float)) and not isinstance(value, bool)]
    return statistics.median(numbers) if numbers else values[0]


def number(value, digits=0):
    return "–" if value is None else f"{value:,.{digits}f}"


def table(heads, rows, text=1):
    """A table whose first columns are text, the others numbers."""
    return ["| " + " | ".join(heads) + " |", "|" + "---|" * text + "---:|" * (len(heads) - text), *("| " + " | ".join(row) + " |" for row in rows), ""]


def targets(before, now):
    old = before.rows("targets", "target")
    rows = []
    for (target,), new in now.rows("targets", "target").items():
        cells = []
        for one in (old[(target,)], new):
            cells += [number(one["recall"], 4), number(one["qps"])] if one["reached"] else ["not reached", ""]
        rows.append([f"{target:g}", *cells])
    return table(["target", "recall before", "queries/s before", "recall", "queries/s"], rows)


def filters(before, now):
    old = before.rows("filters", "kind", "selectivity")
    rows = []
    for key, new in now.rows("filters", "kind", "selectivity").items():
        cells = []
        for one in (old[key], new):
            cells += [number(one["found"], 3), number(one["recall"], 4), number(one["firstMicroseconds"], 1), number(one["microseconds"], 1)]
        rows.append([key[0], f"{key[1]:g}", *cells, number(new["exactMicroseconds"], 1)])
    heads = ["found", "recall", "first µs", "µs"]
    return table(["filter", "allowed %", *(head + " before" for head in heads), *heads, "exact µs"], rows)


def churn(before, now):
    old = before.rows("churn", "kind", "share")
    rows = []
    for key, new in now.rows("churn", "kind", "share").items():
        was = old[key]
        rows.append([
            key[0], f"{key[1]:g}", number(was["recall"], 4), number(was["microseconds"], 1), number(new["recall"], 4), number(new["microseconds"], 1),
            number(new["baselineRecall"], 4), number(new["baselineMicroseconds"], 1), number(was.get("upsertsPerSecond")), number(new.get("upsertsPerSecond"))])
    return table(["change", "share %", "recall before", "µs before", "recall", "µs", "recall rebuilt", "µs rebuilt", "upserts/s before", "upserts/s"], rows)


def batches(before, now):
    old = before.rows("batch", "target", "threads", "size")
    rows = []
    for key, new in now.rows("batch", "target", "threads", "size").items():
        was = old[key]
        rows.append([f"{key[0]:g}", f"{key[1]}", f"{key[2]:,}", number(was["qps"] / was["singleQps"], 2), number(new["qps"] / new["singleQps"], 2), number(was["qps"]), number(new["qps"])])
    return table(["target", "threads", "batch", "before", "now", "queries/s before", "queries/s now"], rows, text=0)


def markdown(arguments, options):
    before, now = (Runs(os.path.join(arguments.work, name + "-*.json")) for name in ("before", "now"))
    corpus, machine = now["corpus"], now["machine"]
    with open(os.path.join(arguments.work, "load"), encoding="ascii") as file:
        load = ", ".join(file.read().split())
    mismatches = sum(row["mismatches"] for result in now.results for row in result["batch"])
    return "\n".join([
        f"# Filters, changes and batches: {arguments.name}, {corpus['items']:,} x {corpus['dimension']}, {corpus['metric']}",
        "",
        ABOUT.format(before=arguments.before, now=arguments.now, rounds=len(now.results), load=load, processors=machine["processors"]),
        "",
        "Fastest setting for a recall, without filters:",
        "",
        *targets(before, now),
        f"Build {before.time('buildSeconds'):.2f} s before, {now.time('buildSeconds'):.2f} s; {before['bytesPerVector']:.0f} and {now['bytesPerVector']:.0f} bytes a vector; "
        f"exact index {now.time('bruteForceQps'):,.0f} queries/s.",
        "",
        *filters(before, now),
        "A live index after changes, never built anew; *rebuilt* is an index of the same items with the same settings. Clustered: the best share of the items of "
        "each of 20 queries, all deleted at once.",
        "",
        *churn(before, now),
        "Batches, as multiples of single searches on as many threads" + (f" ({mismatches} ANSWERED OTHERWISE than single searches):" if mismatches else ":"),
        "",
        *batches(before, now),
        f"Machine: {machine['processor']}, {machine['processors']} processors, {machine['os']}; {machine['runtime']}, kernel {now['kernel']}.",
        "",
        "Command: `DotRec.Benchmarks index " + " ".join(os.path.basename(option) if os.path.sep in option else option for option in options) + "`",
        "",
    ])


def main():
    split = sys.argv.index("--")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--name", required=True, help="name of the corpus")
    parser.add_argument("--work", required=True, help="folder with before-N.json, now-N.json and load")
    parser.add_argument("--before", required=True, help="what the older tool is called")
    parser.add_argument("--now", required=True, help="what the present tool is called")
    parser.add_argument("--results", required=True, help="folder for the report")
    arguments = parser.parse_args(sys.argv[1:split])
    path = os.path.join(arguments.results, f"filters-{arguments.name}.md")
    os.makedirs(arguments.results, exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(markdown(arguments, sys.argv[split + 1:]))
    print(path)


if __name__ == "__main__":
    main()
