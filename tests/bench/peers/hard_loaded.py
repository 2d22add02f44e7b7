# SPDX-License-Identifier: GPL-3.0-or-later
"""Groups, sorts, joins and searches over all rows of the tables that measure.py has loaded."""
from pair import compare

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


def measure(pair, options):
    ours, theirs = (pair.work / "db" / f"{name}.{options.scale}.db" for name in ("tocsin", "duck"))
    return {"scale": options.scale, "rows": [compare(pair, name, (ours, kql), (theirs, sql)) for name, kql, sql in QUERIES]}
