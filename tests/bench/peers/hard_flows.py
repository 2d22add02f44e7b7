# SPDX-License-Identifier: GPL-3.0-or-later
"""100 million flows, imported piece by piece, beside the first 10 million of them."""
import datetime
import shutil
import sys

from processes import median, run

PIECE = 5_000_000
PIECE_DAYS = 15
PIECES = 20
SMALL = 2                       # pieces of the smaller workspace
FREE = 10 * 1024 ** 3           # what must stay free on the disk
FIRST_DAY = "2024-06-01"

# name, KQL, whether the time bounds it: then ten times the rows must not cost more.
QUERIES = [
    ("rows of two days, counted", "NetworkFlow | where TimeGenerated >= datetime(2024-06-10) and TimeGenerated < datetime(2024-06-12) | count", True),
    ("bytes by port, one day", "NetworkFlow | where TimeGenerated >= datetime(2024-06-11) and TimeGenerated < datetime(2024-06-12) | summarize sum(BytesSent), count() by DestPort | top 10 by sum_BytesSent", True),
    ("talkers of one day", "NetworkFlow | where TimeGenerated >= datetime(2024-06-11) and TimeGenerated < datetime(2024-06-12) | summarize Bytes = sum(BytesSent + BytesReceived) by SrcIP, DestIP | top 20 by Bytes", True),
    ("denied into a network, two days", "NetworkFlow | where TimeGenerated >= datetime(2024-06-10) and TimeGenerated < datetime(2024-06-12) | where ipv4_is_in_range(DestIP, '10.20.0.0/16') and Decision == 'D' | summarize n = count() by SrcIP | top 20 by n", True),
    ("last 100 rows", "NetworkFlow | top 100 by TimeGenerated desc", True),
    ("count of all by rule", "NetworkFlow | summarize count() by Rule", False),
    ("bytes by hour", "NetworkFlow | summarize sum(BytesSent) by bin(TimeGenerated, 1h)", False),
    ("percentiles of bytes by protocol, direction", "NetworkFlow | summarize percentiles(BytesSent, 50, 95, 99) by Protocol, Direction", False),
    ("different sources by port", "NetworkFlow | summarize dcount(SrcIP) by DestPort", False),
    ("denied into a network", "NetworkFlow | where ipv4_is_in_range(DestIP, '10.20.0.0/16') and Decision == 'D' | summarize n = count() by SrcIP | top 20 by n", False),
    ("talkers by bytes, source and destination", "NetworkFlow | summarize Bytes = sum(BytesSent + BytesReceived), Flows = count() by SrcIP, DestIP | top 20 by Bytes", False),
]


def day(number):
    return (datetime.date.fromisoformat(FIRST_DAY) + datetime.timedelta(days=number)).isoformat()


def make_workspaces(pair):
    small, large, piece = pair.new_file("flows.10m.tocsin"), pair.new_file("flows.100m.tocsin"), pair.folder / "piece.ndjson"
    imports = []
    for number in range(PIECES):
        if shutil.disk_usage(pair.folder).free < FREE + PIECE * 400:
            sys.exit(f"less than {FREE >> 30} GB of the disk would stay free")
        pair.generate("flow", PIECE, piece, "--seed", str(number + 1), "--start", day(number * PIECE_DAYS), "--days", str(PIECE_DAYS))
        imports.append(run(pair.ingest_command(large, "NetworkFlow", piece)))
        piece.unlink()
        if imports[-1]["status"]:
            sys.exit(f"import of piece {number}: {imports[-1]['error']}")
        print(f"piece {number + 1} of {PIECES}: {imports[-1]['s']:.1f} s, {imports[-1]['cpu']:.1f} CPU s, {imports[-1]['mb']:.0f} MB", flush=True)
        if number + 1 == SMALL:
            shutil.copyfile(large, small)
    return small, large, imports


def measure_query(pair, small, large, name, query, bounded):
    own = {"small": [], "large": []}
    for _ in range(pair.rounds):
        for size, workspace in (("small", small), ("large", large)):
            own[size].append(pair.tocsin(workspace, query))
    row = {"name": name, "bounded": bounded, "mb": max(r["mb"] for r in own["large"]), "failed": any(r["status"] for r in own["small"] + own["large"])}
    row |= {size: median([r["s"] for r in results]) for size, results in own.items()}
    # Rows within the bounds are the same in both.
    row["equal"] = not bounded or name == "last 100 rows" or own["small"][0]["out"] == own["large"][0]["out"]
    print(f"{name}: {row['small']:.2f} s, {row['large']:.2f} s, {row['mb']:.0f} MB{'' if row['equal'] else ', NOT EQUAL'}{' FAILED' if row['failed'] else ''}", flush=True)
    for result in own["large"]:
        if result["status"]:
            print(result["error"][:300], file=sys.stderr)
    return row


def measure(pair, options):
    small, large, imports = make_workspaces(pair)
    sizes = [file.stat().st_size for file in (small, large)]
    rows = [measure_query(pair, small, large, *case) for case in QUERIES]
    pair.new_file(small.name)
    pair.new_file(large.name)
    return {"rows": rows, "bytes": sizes, "first_cpu": median([i["cpu"] for i in imports[:5]]), "last_cpu": median([i["cpu"] for i in imports[-5:]]),
            "cpu": sum(i["cpu"] for i in imports), "import_mb": max(i["mb"] for i in imports)}
