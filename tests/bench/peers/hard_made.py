# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables of shapes that are hard to store: rows in random order of time, nested objects, a text with millions of different values."""
import itertools
import json

from pair import compare, summed_up
from processes import run

ROWS = 1_000_000
REQUESTS = 10_000_000
DISTINCT = 5_000_000

SHUFFLED = [
    ("rows in random order of time: one hour of them",
     "Shuffled_CL | where TimeGenerated >= datetime(2024-06-10 10:00) and TimeGenerated < datetime(2024-06-10 11:00) | count",
     "SELECT count(*) FROM Shuffled_CL WHERE TimeGenerated >= '2024-06-10 10:00' AND TimeGenerated < '2024-06-10 11:00'"),
    ("rows in random order of time: the last 100",
     "Shuffled_CL | top 100 by TimeGenerated desc | count",
     "SELECT count(*) FROM (SELECT * FROM Shuffled_CL ORDER BY TimeGenerated DESC LIMIT 100)"),
]
NESTED = [
    ("nested JSON: group by a member four levels down",
     "Nested_CL | summarize n = count() by Port = toint(Body.request.client.endpoint.port) | summarize count(), max(n)",
     "SELECT count(*), max(n) FROM (SELECT CAST(json_extract_string(Body, '$.request.client.endpoint.port') AS INT) p, count(*) n FROM Nested_CL GROUP BY p)"),
    ("nested JSON: a value in a list",
     "Nested_CL | where tostring(Body.request.tags[1]) == 'tag-7' | count",
     "SELECT count(*) FROM Nested_CL WHERE json_extract_string(Body, '$.request.tags[1]') = 'tag-7'"),
]


def rare_address(file):
    """One of the first rows, with a high number at its end: `https://host/word/word/item4999000`. Low ones are asked for often."""
    with file.open() as lines:
        return max((json.loads(line)["Url"] for line in itertools.islice(lines, 100)), key=lambda url: int(url.rsplit("item")[-1]))


def distinct_queries(file):
    needle = rare_address(file)
    item, word = needle.split("/")[-1], needle.split("/")[-2]
    return [
        ("5 million different texts: group by them, the ten most frequent",
         "Requests_CL | summarize n = count() by Url | top 10 by n | summarize sum(n), max(n)",
         "SELECT sum(n), max(n) FROM (SELECT count(*) n FROM Requests_CL GROUP BY Url ORDER BY n DESC LIMIT 10)"),
        ("5 million different texts: estimate how many", "Requests_CL | summarize dcount(Url)", "SELECT approx_count_distinct(Url) FROM Requests_CL"),
        ("5 million different texts: count them exactly", "Requests_CL | distinct Url | count", "SELECT count(DISTINCT Url) FROM Requests_CL"),
        ("5 million different texts: equal to one", f"Requests_CL | where Url == '{needle}' | count", f"SELECT count(*) FROM Requests_CL WHERE Url = '{needle}'"),
        ("5 million different texts: has a term of one", f"Requests_CL | where Url has '{item}' | count", f"SELECT count(*) FROM Requests_CL WHERE regexp_matches(Url, '(?i)\\b{item}\\b')"),
        ("5 million different texts: has a term of many", f"Requests_CL | where Url has '{word}' | count", f"SELECT count(*) FROM Requests_CL WHERE regexp_matches(Url, '(?i)\\b{word}\\b')"),
    ]


def load(pair, workspace, database, table, file, types):
    rounds = [(run(pair.ingest_command(workspace, table, file)),
               pair.duckrun(database, f"Q 1 CREATE TABLE {table} AS SELECT * FROM read_json('{file}', format='newline_delimited'{types})\n"))]
    return summed_up(f"import of {table}", rounds, True, clock="cpu")


def measure(pair, options):
    workspace, database = pair.new_file("hard.tocsin"), pair.new_file("hard.duck")
    file = pair.folder / "made.ndjson"
    imports, queries = [], []

    def add(kind, rows, table, types, cases, *shape):
        pair.generate(kind, rows, file, *shape)
        cases = cases(file) if callable(cases) else cases
        imports.append(load(pair, workspace, database, table, file, types))
        file.unlink()
        for name, kql, sql in cases:
            queries.append(compare(pair, name, (workspace, kql), (database, sql), truth=DISTINCT if "estimate" in name else None))

    add("signin", ROWS, "Shuffled_CL", "", SHUFFLED, "--shuffled")
    add("nested", ROWS, "Nested_CL", ", columns={TimeGenerated: 'TIMESTAMP', Body: 'JSON'}", NESTED)
    add("request", REQUESTS, "Requests_CL", "", distinct_queries, "--distinct", str(DISTINCT))
    return {"rows": imports + queries}
