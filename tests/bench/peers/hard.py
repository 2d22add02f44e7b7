#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures what is hard for a store of columns, with DuckDB beside where that makes sense, and writes HARD.md from what comes out.

  hard.py --work FOLDER --product build/release/bin/tocsin --bench build/release/bench [--scale 1m|10m] [--memory MB] [--rounds N]
          [--only loaded,made,during,care] [--hundred-million]

The work folder is the one of measure.py, with its databases loaded at that scale. Each query is a process of its own and may use as much
memory as is said; what does not fit goes to disk. Parts that are not measured keep their figures in hard.json.
"""
import argparse
import datetime
import json
import os
import pathlib
import platform

import hard_care
import hard_during
import hard_flows
import hard_loaded
import hard_made
import hard_page
from pair import Pair

HERE = pathlib.Path(__file__).resolve().parent
PARTS = {"loaded": hard_loaded, "made": hard_made, "during": hard_during, "care": hard_care}


def circumstances(options):
    return {"date": datetime.date.today().isoformat(), "rounds": options.rounds, "memory": options.memory,
            "machine": f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, {platform.system()} {platform.release()}"}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kit", default=os.path.join(os.environ.get("TOCSIN_SHARED", "../shared"), "perf"))
    parser.add_argument("--work", required=True)
    parser.add_argument("--product", default="build/release/bin/tocsin")
    parser.add_argument("--bench", default="build/release/bench", help="folder of tocsin_generate, bench_import and bench_compaction")
    parser.add_argument("--scale", default="1m")
    parser.add_argument("--memory", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default=",".join(PARTS), help="parts to measure, with commas between; may be empty")
    parser.add_argument("--hundred-million", action="store_true", help="also measure 100 million flows, which takes a quarter of an hour and 15 GB of disk")
    options = parser.parse_args()
    pair = Pair(options)
    stored = HERE / "hard.json"
    known = json.loads(stored.read_text()) if stored.exists() else {}
    parts = {name: part for name, part in PARTS.items() if name in options.only.split(",")}
    if options.hundred_million:
        parts["flows"] = hard_flows
    for name, part in parts.items():
        known[name] = part.measure(pair, options) | circumstances(options)
        stored.write_text(json.dumps(known, indent=1) + "\n")
    (HERE / "HARD.md").write_text(hard_page.page(known))


if __name__ == "__main__":
    main()
