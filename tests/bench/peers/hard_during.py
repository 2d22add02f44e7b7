# SPDX-License-Identifier: GPL-3.0-or-later
"""The eighteen queries, a process each, while a further file is imported into the workspace they ask."""
import json
import pathlib
import time

from processes import median, run, start

ROWS = 3_000_000
FURTHER = 6_000_000
MOST_IMPORTS = 12
TABLES = (("signin", "SigninLogs"), ("security", "SecurityEvent"), ("flow", "NetworkFlow"))


def make_workspace(pair):
    workspace, file = pair.new_file("during.tocsin"), pair.folder / "made.ndjson"
    for kind, table in TABLES:
        pair.generate(kind, ROWS, file)
        imported = run(pair.ingest_command(workspace, table, file))
        if imported["status"]:
            raise RuntimeError(imported["error"])
    file.unlink()
    return workspace


def attached_to(pair, workspace):
    """A workspace that shows the rows of the other: it stays readable while a program writes the other."""
    reader, nothing = pair.new_file("reader.tocsin"), pair.folder / "nothing.ndjson"
    nothing.write_text("")
    run(pair.ingest_command(reader, "Nothing_CL", nothing))
    nothing.unlink()
    attached = run([pair.product, "attach", "--workspace", str(reader), str(workspace)])
    if attached["status"]:
        raise RuntimeError(attached["error"])
    return reader


class Import:
    """A further file on its way into a table of its own: answers, and the work for them, stay the same."""

    def __init__(self, pair, workspace, number):
        self.file = pair.folder / "further.ndjson"
        pair.generate("request", FURTHER, self.file, "--seed", str(100 + number))
        self.process = start(pair.ingest_command(workspace, "Further_CL", self.file))

    def runs(self):
        return self.process.poll() is None

    def wait(self):
        status = self.process.wait()
        self.file.unlink()
        return [f"import ended with status {status}"] if status else []


def refused(pair, workspace, query):
    """What the program says when asked directly while it imports; nothing when it answers."""
    importing = Import(pair, workspace, 0)
    time.sleep(1)
    result = pair.tocsin(workspace, query["kql"])
    importing.wait()
    return result["error"].splitlines()[0].replace(str(workspace.parent) + "/", "") if result["status"] else ""


def ask(pair, target, query, failures):
    result = pair.tocsin(target, query["kql"])
    if result["status"]:
        failures.append(f"{query['id']}: {result['error'][:200]}")
    return result


def alone(pair, target, queries, times, failures):
    for _ in range(pair.rounds):
        for query in queries:
            times.setdefault(query["id"], []).append(ask(pair, target, query, failures)["s"])


def during_imports(pair, workspace, target, queries, failures):
    """Only queries that end before the import does count."""
    times = {query["id"]: [] for query in queries}
    place = 0
    for number in range(1, MOST_IMPORTS + 1):
        if min(map(len, times.values())) >= pair.rounds:
            break
        importing = Import(pair, workspace, number)
        while importing.runs():
            query = queries[place % len(queries)]
            result = ask(pair, target, query, failures)
            if importing.runs():
                times[query["id"]].append(result["s"])
                place += 1
        failures += importing.wait()
    return times


def measure(pair, options):
    queries = json.loads((pathlib.Path(options.kit) / "queries.json").read_text())
    workspace = make_workspace(pair)
    refusal = refused(pair, workspace, queries[0])
    target = attached_to(pair, workspace) if refusal else workspace
    quiet, failures = {}, []
    alone(pair, target, queries, quiet, failures)
    busy = during_imports(pair, workspace, target, queries, failures)
    alone(pair, target, queries, quiet, failures)  # behind them too, in case the machine has become busier meanwhile
    rows = [{"name": f"{query['id']} {query['title']}", "alone": median(quiet[query["id"]]), "during": median(busy[query["id"]]), "times": len(busy[query["id"]])} for query in queries if busy[query["id"]]]
    for row in rows:
        print(f"{row['name']}: {row['alone'] * 1e3:.0f} ms, while importing {row['during'] * 1e3:.0f} ms, {row['during'] / row['alone']:.2f}", flush=True)
    print(f"asked directly: {refusal or 'answered'}; {len(failures)} failed: {failures[:3]}")
    pair.new_file("reader.tocsin")
    pair.new_file("during.tocsin")
    return {"rows": rows, "failures": failures, "refusal": refusal, "table_rows": ROWS}
