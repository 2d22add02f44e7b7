# SPDX-License-Identifier: GPL-3.0-or-later
"""The product and DuckDB, asked the same."""
import glob
import pathlib
import sys

from processes import median, run

NEAR = 0.02  # how far an estimate may be from the truth


class Pair:
    def __init__(self, options):
        self.work = pathlib.Path(options.work)
        self.folder = self.work / "hard"
        self.product = str(pathlib.Path(options.product).resolve())
        self.bench = pathlib.Path(options.bench).resolve()
        self.memory = options.memory
        self.rounds = options.rounds
        self.library = next(iter(sorted(glob.glob(str(self.work / "**" / "libduckdb.so"), recursive=True))), None)
        self.folder.mkdir(exist_ok=True)
        (self.work / "spill").mkdir(exist_ok=True)

    def generate(self, kind, rows, out, *options):
        result = run([str(self.bench / "tocsin_generate"), "--kind", kind, "--rows", str(rows), "--out", str(out), *options])
        if result["status"]:
            sys.exit(f"tocsin_generate: {result['error']}")

    def ingest_command(self, workspace, table, file):
        return [self.product, "ingest", "--workspace", str(workspace), "--table", table, str(file)]

    def tocsin(self, workspace, query):
        return run([self.product, "query", "--workspace", str(workspace), "--memory", str(self.memory), "--limit", "0", "--format", "tsv", query])

    def duckrun(self, database, lines):
        return run([str(self.work / "bin" / "duckrun"), self.library, str(database), "2"], lines)

    def duckdb(self, database, query):
        settings = f"Q 1 SET memory_limit='{self.memory}MB'\nQ 1 SET temp_directory='{self.work / 'spill'}'\n"
        result = self.duckrun(database, settings + f"R {query}\n")
        lines = [line for line in result["out"].splitlines() if not line.startswith("{") and line != "\x04"]
        result["out"] = "\n".join(lines)
        if lines and lines[0].startswith("ERROR"):
            result["status"] = 1
            result["error"] = lines[0]
        return result

    def new_file(self, name):
        """A path in the work folder, with nothing left of an earlier run."""
        path = self.folder / name
        for old in [path, *self.folder.glob(f"{name}-*"), *self.folder.glob(f"{name}.wal")]:
            old.unlink(missing_ok=True)
        return path


def answer(text):
    """The last line's values, for comparing: one peer prints the names of the columns."""
    return [value.strip('"') for value in text.splitlines()[-1].split("\t")] if text else []


def equal(name, own, other):
    if own["status"] or other["status"]:
        return False
    if answer(own["out"]) == answer(other["out"]):
        return True
    print(f"{name}: {answer(own['out'])} and {answer(other['out'])}", file=sys.stderr)
    return False


def errors(own, other, truth):
    """How far the estimates of both are from what is right."""
    return [0 if result["status"] else abs(float(answer(result["out"])[0]) / truth - 1) for result in (own, other)]


def summed_up(name, rounds, same, clock="s"):
    own, other = ([both[i] for both in rounds] for i in (0, 1))
    for label, results in (("tocsin", own), ("duckdb", other)):
        for result in results:
            if result["status"]:
                print(f"{name}: {label}: {result['error'][:300]}", file=sys.stderr)
    row = {"name": name, "s": median([r[clock] for r in own]), "mb": max(r["mb"] for r in own), "failed": any(r["status"] for r in own),
           "peer_s": median([r[clock] for r in other]), "peer_mb": max(r["mb"] for r in other), "peer_failed": any(r["status"] for r in other), "equal": same}
    print(f"{name}: {row['s']:.2f} s {row['mb']:.0f} MB, duckdb {row['peer_s']:.2f} s {row['peer_mb']:.0f} MB, {'equal' if same else 'NOT EQUAL'}", flush=True)
    return row


def compare(pair, name, ours, theirs, truth=None):
    """The medians of both, in alternation, so that what disturbs the machine disturbs both. Estimates need not be equal, but near the truth."""
    rounds = [(pair.tocsin(*ours), pair.duckdb(*theirs)) for _ in range(pair.rounds)]
    if truth is None:
        return summed_up(name, rounds, all(equal(name, own, other) for own, other in rounds))
    off = errors(*rounds[0], truth)
    return summed_up(name, rounds, off[0] <= NEAR) | {"off": off}
