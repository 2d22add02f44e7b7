#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures the store and the engine beside other databases and writes PAGE.md from what comes out.

  measure.py --kit FOLDER --work FOLDER --product build/release/bin/tocsin [--scale 1m|10m] [--rounds 7]
  measure.py --check OLD.json NEW.json      ratios that have become worse than those committed

The kit (generator, peers, eighteen queries, runner) is the folder `perf` of TOCSIN_SHARED; the work folder gets the data and the
databases. All peers run in alternation, so that what disturbs the machine disturbs all of them. Quote ratios, not milliseconds.
"""
import argparse
import datetime
import json
import math
import os
import pathlib
import platform
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
TOLERANCE = 1.25          # a ratio this many times its committed value is a regression
SMALLEST_MS = 2.0         # below, the clock and the scheduler decide
LIMITS = {"import": 3.0, "file": 0.55, "warm": 0.15, "process": 0.25, "memory": 0.35}


def geometric_mean(values):
    return math.exp(sum(math.log(value) for value in values) / len(values))


def kit(options, *arguments):
    command = [sys.executable, str(pathlib.Path(options.kit) / "perf.py"), "--work", options.work, *arguments]
    environment = dict(os.environ, TOCSIN=str(pathlib.Path(options.product).resolve()))
    return subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout


def median(values):
    ordered = sorted(values)
    return ordered[len(ordered) // 2]


def loads(options):
    """Imports of both, each into a new file."""
    result = {}
    for peer in ("duckdb", "tocsin"):
        lines = kit(options, "load", "--scale", options.scale, "--peers", peer, "--rounds", "1").splitlines()
        result[peer] = json.loads(next(line for line in reversed(lines) if line.startswith("{")))
    return result


def runs(options, peers, name):
    out = pathlib.Path(options.work) / f"{name}.{options.scale}.json"
    kit(options, "run", "--scale", options.scale, "--peers", ",".join(peers), "--rounds", str(options.rounds), "--out", str(out))
    return json.loads(out.read_text())


def query_ratios(run, ours, theirs):
    table = {}
    for query, measured in run["q"].items():
        own, other = (median(measured["p"][peer]["ms"]) for peer in (ours, theirs))
        table[query] = {"title": measured["title"], "ms": own, "peer_ms": other, "ratio": own / other}
    return table


def measure(options):
    loaded = loads(options)
    answers = kit(options, "check", "--scale", options.scale, "--peers", "duckdb,tocsin_warm")
    equal = sum(line.endswith(" ok") for line in answers.splitlines())
    warm = runs(options, ["duckdb", "tocsin_warm"], "warm")
    process = runs(options, ["duckdb_cli", "tocsin"], "process")
    own, other = loaded["tocsin"], loaded["duckdb"]
    return {
        "scale": options.scale,
        "rounds": options.rounds,
        "date": datetime.date.today().isoformat(),
        "machine": f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, {platform.system()} {platform.release()}",
        "equal_answers": equal,
        "import": own["rows_per_cpu_s"] / other["rows_per_cpu_s"],
        "import_peak_mb": own["hwm_kb"] / 1024,
        "file": own["bytes"] / other["bytes"],
        "memory": warm["mem"]["tocsin_warm"]["hwm"] / warm["mem"]["duckdb"]["hwm"],
        "warm": query_ratios(warm, "tocsin_warm", "duckdb"),
        "process": query_ratios(process, "tocsin", "duckdb_cli"),
    }


def row(name, value, limit, atLeast=False):
    met = value >= limit if atLeast else value <= limit
    return f"| {name} | {value:.2f} | {'at least' if atLeast else 'at most'} {limit:.2f} | {'yes' if met else '**no**'} |"


def section(results):
    warm, process = results["warm"], results["process"]
    lines = [
        f"## {results['scale']} rows a table",
        "",
        f"{results['date']}, {results['machine']}; medians of {results['rounds']} rounds in alternation; {results['equal_answers']} of {len(warm)} answers equal.",
        "",
        "| against DuckDB | ratio | wanted | met |",
        "| --- | --- | --- | --- |",
        row("rows imported per CPU second", results["import"], LIMITS["import"], True),
        row("size of the file", results["file"], LIMITS["file"]),
        row("time of the queries, warm, geometric mean", geometric_mean([q["ratio"] for q in warm.values()]), LIMITS["warm"]),
        row("time of the queries, a process each, geometric mean", geometric_mean([q["ratio"] for q in process.values()]), LIMITS["process"]),
        row("peak memory over the queries", results["memory"], LIMITS["memory"]),
        "",
        f"Peak memory of the import: {results['import_peak_mb']:.0f} MB.",
        "",
        "| query | warm ms | DuckDB ms | ratio | process ms | ratio |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for name, query in warm.items():
        cold = process[name]
        lines.append(f"| {name} {query['title']} | {query['ms']:.1f} | {query['peer_ms']:.1f} | {query['ratio']:.2f} | {cold['ms']:.0f} | {cold['ratio']:.2f} |")
    return lines


def write_page(all_results):
    lines = ["# Beside other databases", "", "Made by `measure.py`; every ratio is time, size or memory here divided by that of the peer in the same run.", ""]
    for scale in sorted(all_results):
        lines += section(all_results[scale]) + [""]
    (HERE / "PAGE.md").write_text("\n".join(lines))


def regressions(old, new):
    worse = []
    for scale in old.keys() & new.keys():
        for part in ("warm", "process"):
            for name, query in new[scale][part].items():
                before = old[scale][part].get(name)
                if before and query["ms"] >= SMALLEST_MS and query["ratio"] > before["ratio"] * TOLERANCE:
                    worse.append(f"{scale} {part} {name}: {before['ratio']:.2f} -> {query['ratio']:.2f}")
        for figure in ("file", "memory"):
            if new[scale][figure] > old[scale][figure] * TOLERANCE:
                worse.append(f"{scale} {figure}: {old[scale][figure]:.2f} -> {new[scale][figure]:.2f}")
        if new[scale]["import"] * TOLERANCE < old[scale]["import"]:
            worse.append(f"{scale} import: {old[scale]['import']:.2f} -> {new[scale]['import']:.2f}")
    return worse


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kit", default=os.path.join(os.environ.get("TOCSIN_SHARED", "../shared"), "perf"))
    parser.add_argument("--work")
    parser.add_argument("--product", default="build/release/bin/tocsin")
    parser.add_argument("--scale", default="1m")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--check", nargs=2, metavar=("OLD", "NEW"))
    options = parser.parse_args()
    if options.check:
        worse = regressions(*(json.loads(pathlib.Path(name).read_text()) for name in options.check))
        print("\n".join(worse) or "nothing has become slower")
        return 1 if worse else 0
    if not options.work:
        parser.error("--work is needed: a folder for the data and the databases")
    stored = HERE / "ratios.json"
    known = json.loads(stored.read_text()) if stored.exists() else {}
    results = measure(options)
    worse = regressions(known, {options.scale: results})
    print("\n".join(worse) or "nothing has become slower than the committed ratios")
    known[options.scale] = results
    stored.write_text(json.dumps(known, indent=1) + "\n")
    write_page(known)
    return 1 if worse else 0


if __name__ == "__main__":
    sys.exit(main())
