#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures what is hard for a store of columns, with DuckDB beside, and writes HARD.md from what comes out.

  hard.py --work FOLDER --product build/release/bin/tocsin [--scale 1m|10m] [--memory MB] [--only WORD]

The work folder is the one of measure.py, with its databases and data loaded at that scale. Each query is a process of its own, the two
peers one after the other, and may use as much memory as is said; what does not fit goes to disk.
"""
import argparse
import glob
import json
import os
import pathlib
import random
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
SEED = 11

# name, KQL, SQL; both give the same few rows.
QUERIES = [
    ("group by a column without repeats",
     "SigninLogs | summarize n = count() by CorrelationId | summarize Groups = count(), Most = max(n)",
     "SELECT count(*), max(n) FROM (SELECT count(*) n FROM SigninLogs GROUP BY CorrelationId)"),
    ("sort of all rows with all columns",
     "SigninLogs | sort by IPAddress asc, TimeGenerated desc, CorrelationId asc | extend n = row_number() | where n % 250000 == 0 | summarize count(), max(n), max(strlen(UserPrincipalName))",
     "SELECT count(*), max(n), max(length(UserPrincipalName)) FROM (SELECT *, row_number() OVER (ORDER BY IPAddress, TimeGenerated DESC, CorrelationId) n FROM SigninLogs) WHERE n % 250000 = 0"),
    ("join of all rows with all rows",
     "SigninLogs | project CorrelationId, A = ResultType | join kind=inner (SigninLogs | project CorrelationId, B = IPAddress) on CorrelationId | summarize count(), countif(A == 0), max(strlen(B))",
     "SELECT count(*), count(*) FILTER (a.ResultType = 0), max(length(b.IPAddress)) FROM SigninLogs a JOIN SigninLogs b USING (CorrelationId)"),
    ("regular expression without a fixed text, all text",
     "SecurityEvent | where CommandLine matches regex @'[0-9]{3}\\.[0-9]{2,3}\\.[0-9]' | count",
     "SELECT count(*) FROM SecurityEvent WHERE regexp_matches(CommandLine, '[0-9]{3}\\.[0-9]{2,3}\\.[0-9]')"),
    ("distinct values of a column without repeats, counted exactly",
     "SigninLogs | distinct CorrelationId | count",
     "SELECT count(DISTINCT CorrelationId) FROM SigninLogs"),
]
# Over tables made by this script: rows of the sign-ins in random order of time, and events of nested JSON.
MADE = [
    ("rows in random order of time: one hour of them",
     "Shuffled_CL | where TimeGenerated >= datetime(2024-06-10 10:00) and TimeGenerated < datetime(2024-06-10 11:00) | count",
     "SELECT count(*) FROM shuffled WHERE TimeGenerated >= '2024-06-10 10:00' AND TimeGenerated < '2024-06-10 11:00'"),
    ("rows in random order of time: the last 100",
     "Shuffled_CL | top 100 by TimeGenerated desc | count",
     "SELECT count(*) FROM (SELECT * FROM shuffled ORDER BY TimeGenerated DESC LIMIT 100)"),
    ("nested JSON: group by a member four levels down",
     "Nested_CL | summarize n = count() by Port = toint(Body.request.client.endpoint.port) | summarize count(), max(n)",
     "SELECT count(*), max(n) FROM (SELECT CAST(json_extract_string(Body, '$.request.client.endpoint.port') AS INT) p, count(*) n FROM nested GROUP BY p)"),
    ("nested JSON: a value in a list",
     "Nested_CL | where tostring(Body.request.tags[1]) == 'tag-7' | count",
     "SELECT count(*) FROM nested WHERE json_extract_string(Body, '$.request.tags[1]') = 'tag-7'"),
]


def run(command, text=None):
    """Wall and CPU seconds, peak memory in MB and output of a command."""
    start = time.monotonic()
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if text:
        process.stdin.write(text)
    process.stdin.close()
    output = process.stdout.read()
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return {"s": time.monotonic() - start, "cpu": usage.ru_utime + usage.ru_stime, "mb": usage.ru_maxrss / 1024, "out": output.strip(), "error": errors.strip(), "status": process.returncode}


class Peers:
    def __init__(self, options):
        self.work = pathlib.Path(options.work)
        self.product = str(pathlib.Path(options.product).resolve())
        self.memory = options.memory
        self.library = sorted(glob.glob(str(self.work / "**" / "libduckdb.so"), recursive=True))[0]
        (self.work / "spill").mkdir(exist_ok=True)

    def tocsin(self, database, query):
        return run([self.product, "query", "--workspace", str(database), "--memory", str(self.memory), "--limit", "0", "--format", "tsv", query])

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


def answer(text):
    """The last line's values, for comparing: one peer prints the names of the columns."""
    return [value.strip('"') for value in text.splitlines()[-1].split("\t")] if text else []


def compare(peers, name, ours, theirs):
    own, other = peers.tocsin(*ours), peers.duckdb(*theirs)
    equal = own["status"] == 0 and other["status"] == 0 and answer(own["out"]) == answer(other["out"])
    for label, result in (("tocsin", own), ("duckdb", other)):
        if result["status"]:
            print(f"{name}: {label}: {result['error'][:300]}", file=sys.stderr)
    if not equal and own["status"] == 0 and other["status"] == 0:
        print(f"{name}: {answer(own['out'])} and {answer(other['out'])}", file=sys.stderr)
    print(f"{name}: {own['s']:.2f} s {own['mb']:.0f} MB, duckdb {other['s']:.2f} s {other['mb']:.0f} MB, {'equal' if equal else 'NOT EQUAL'}")
    return {"name": name, "s": own["s"], "mb": own["mb"], "failed": own["status"] != 0, "peer_s": other["s"], "peer_mb": other["mb"], "peer_failed": other["status"] != 0, "equal": equal}


def make_tables(peers, options, rows=1_000_000):
    """The two further tables, in a workspace and a database of their own."""
    folder = peers.work / "hard"
    folder.mkdir(exist_ok=True)
    shuffled, nested = folder / "shuffled.ndjson", folder / "nested.ndjson"
    if not shuffled.exists():
        source = peers.work / "data" / "signin.1m.ndjson"
        subprocess.run(["shuf", f"--random-source={source}", "-o", str(shuffled), str(source)], check=True)
    if not nested.exists():
        chance = random.Random(SEED)
        with nested.open("w") as file:
            for number in range(rows):
                file.write(json.dumps({"TimeGenerated": f"2024-06-{1 + number % 28:02}T00:00:00Z", "Body": {
                    "id": number, "request": {"client": {"endpoint": {"ip": f"10.{number % 200}.0.{chance.randrange(250)}", "port": chance.randrange(1024, 2048)}, "agent": {"name": f"agent {chance.randrange(40)}", "version": [chance.randrange(9), chance.randrange(20)]}},
                                              "tags": [f"tag-{chance.randrange(30)}" for _ in range(chance.randrange(4))]}, "result": {"code": chance.choice([200, 200, 200, 404, 500]), "detail": {"took": {"ms": chance.random() * 100}}}}}) + "\n")
    workspace, database = folder / "hard.tocsin", folder / "hard.duck"
    for old in [workspace, database, *folder.glob("hard.*-*")]:
        old.unlink(missing_ok=True)
    loads = []
    for file, table, their, columns in ((shuffled, "Shuffled_CL", "shuffled", ""), (nested, "Nested_CL", "nested", ", columns={TimeGenerated: 'TIMESTAMP', Body: 'JSON'}")):
        own = run([peers.product, "ingest", "--workspace", str(workspace), "--table", table, str(file)])
        other = peers.duckrun(database, f"Q 1 CREATE TABLE {their} AS SELECT * FROM read_json('{file}', format='newline_delimited'{columns})\n")
        loads.append({"name": f"import of {table}", "s": own["cpu"], "mb": own["mb"], "failed": own["status"] != 0, "peer_s": other["cpu"], "peer_mb": other["mb"], "peer_failed": other["status"] != 0, "equal": True})
        print(f"import of {table}: {own['cpu']:.1f} CPU s, duckdb {other['cpu']:.1f} CPU s")
    return workspace, database, loads


def care(peers, options):
    """Rows and bytes a second of what keeps a workspace in shape, on a copy."""
    copy = peers.work / "hard" / "care.tocsin"
    for old in [copy, *copy.parent.glob("care.tocsin-*")]:
        old.unlink(missing_ok=True)
    results = []
    source = peers.work / "data" / "flow.1m.ndjson"
    imported = run([peers.product, "ingest", "--workspace", str(copy), "--table", "NetworkFlow", str(source)])
    rows = 1_000_000
    results.append(("import", rows, imported))
    results.append(("purge of a third of the rows", rows, run([peers.product, "purge", "--workspace", str(copy), "--table", "NetworkFlow", "Protocol == 'T'"])))
    results.append(("vacuum", rows, run([peers.product, "vacuum", "--workspace", str(copy)])))
    for name, count, result in results:
        print(f"{name}: {result['s']:.2f} s, {count / result['s'] / 1e6:.2f} million rows a second, status {result['status']} {result['error'][:200]}")
    return [{"name": name, "s": result["s"], "rows": count, "mb": result["mb"]} for name, count, result in results if result["status"] == 0]


def write_page(scale, memory, results, cares):
    lines = ["# Hard cases beside DuckDB", "", f"Made by `hard.py`, scale {scale}; a process for each query, {memory} MB for what it keeps, two threads. Ratios are wall time here divided by DuckDB's; of imports, CPU time.", "",
             "| case | s | DuckDB s | ratio | peak MB | DuckDB MB | answers |", "| --- | --- | --- | --- | --- | --- | --- |"]
    for r in results:
        own = "failed" if r["failed"] else f"{r['s']:.2f}"
        other = "failed" if r["peer_failed"] else f"{r['peer_s']:.2f}"
        ratio = "" if r["failed"] or r["peer_failed"] else f"{r['s'] / r['peer_s']:.2f}"
        lines.append(f"| {r['name']} | {own} | {other} | {ratio} | {r['mb']:.0f} | {r['peer_mb']:.0f} | {'equal' if r['equal'] else '**differ**' if not (r['failed'] or r['peer_failed']) else ''} |")
    lines += ["", "| upkeep of a table of 1 million flows | s | million rows a second | peak MB |", "| --- | --- | --- | --- |"]
    lines += [f"| {c['name']} | {c['s']:.2f} | {c['rows'] / c['s'] / 1e6:.2f} | {c['mb']:.0f} |" for c in cares]
    (HERE / "HARD.md").write_text("\n".join(lines) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", required=True)
    parser.add_argument("--product", default="build/release/bin/tocsin")
    parser.add_argument("--scale", default="1m")
    parser.add_argument("--memory", type=int, default=1000)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    peers = Peers(options)
    ours, theirs = peers.work / "db" / f"tocsin.{options.scale}.db", peers.work / "db" / f"duck.{options.scale}.db"
    results = [compare(peers, name, (ours, kql), (theirs, sql)) for name, kql, sql in QUERIES if options.only in name]
    if options.only:
        return
    workspace, database, loads = make_tables(peers, options)
    results += loads + [compare(peers, name, (workspace, kql), (database, sql)) for name, kql, sql in MADE]
    write_page(options.scale, options.memory, results, care(peers, options))


if __name__ == "__main__":
    main()
