# SPDX-License-Identifier: GPL-3.0-or-later
"""The eighteen queries, a process each, while a further file is imported into the workspace they ask."""
import json
import pathlib

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


def once(pair, workspace, query, times, failures):
    result = pair.tocsin(workspace, query["kql"])
    if result["status"]:
        failures.append(f"{query['id']}: {result['error'][:200]}")
    times.setdefault(query["id"], []).append(result["s"])


def take_back(times, query):
    times[query["id"]].pop()


def during_imports(pair, workspace, queries):
    """Only queries that end before the import does count. The rows go to a table of their own: the answers, and the work for them, stay the same."""
    times, failures, lengths = {}, [], []
    file = pair.folder / "further.ndjson"
    place = 0
    for number in range(MOST_IMPORTS):
        if min((len(times.get(query["id"], [])) for query in queries), default=0) >= pair.rounds:
            break
        pair.generate("request", FURTHER, file, "--seed", str(100 + number))
        importing = start(pair.ingest_command(workspace, "Further_CL", file))
        while importing.poll() is None:
            query = queries[place % len(queries)]
            once(pair, workspace, query, times, failures)
            if importing.poll() is not None:
                take_back(times, query)
                break
            place += 1
        if importing.wait():
            failures.append(f"import ended with status {importing.returncode}")
        lengths.append(number)
        file.unlink()
    return times, failures


def measure(pair, options):
    queries = json.loads((pathlib.Path(options.kit) / "queries.json").read_text())
    workspace = make_workspace(pair)
    alone, failures = {}, []
    for _ in range(pair.rounds):
        for query in queries:
            once(pair, workspace, query, alone, failures)
    during, more = during_imports(pair, workspace, queries)
    for _ in range(pair.rounds):  # behind the imports too, in case the machine has become busier meanwhile
        for query in queries:
            once(pair, workspace, query, alone, failures)
    rows = [{"name": f"{query['id']} {query['title']}", "alone": median(alone[query["id"]]), "during": median(during[query["id"]]), "times": len(during[query["id"]])}
            for query in queries if during.get(query["id"])]
    for row in rows:
        print(f"{row['name']}: {row['alone'] * 1e3:.0f} ms, while importing {row['during'] * 1e3:.0f} ms, {row['during'] / row['alone']:.2f}", flush=True)
    pair.new_file("during.tocsin")
    return {"rows": rows, "failures": failures + more, "table_rows": ROWS}
