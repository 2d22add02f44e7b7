# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the figures down as a page."""
import math

SLOWER = 2.0  # at most this many times slower may queries be while a file is imported
EVEN = 1.25   # what the clock and other programs add to a ratio that should be one


def taken(part):
    return f"{part['date']}, {part['machine']}; medians of {part['rounds']} rounds; a process for each query, {part['memory']} MB for what it keeps, two threads."


def beside(part):
    lines = ["| case | s | DuckDB s | ratio | peak MB | DuckDB MB | answers |", "| --- | --- | --- | --- | --- | --- | --- |"]
    for r in part["rows"]:
        own = "**failed**" if r["failed"] else f"{r['s']:.2f}"
        other = "failed" if r["peer_failed"] else f"{r['peer_s']:.2f}"
        ratio = "" if r["failed"] or r["peer_failed"] else f"{r['s'] / r['peer_s']:.2f}"
        right = "{:.1%} off, DuckDB {:.1%}".format(*r["off"]) if r.get("off") else "equal"
        answers = "" if r["failed"] or r["peer_failed"] else right if r["equal"] else "**differ**"
        lines.append(f"| {r['name']} | {own} | {other} | {ratio} | {r['mb']:.0f} | {r['peer_mb']:.0f} | {answers} |")
    return lines


def loaded(part):
    return [f"## Over all rows, scale {part['scale']}", "", taken(part) + " Ratios are wall time here divided by DuckDB's.", "", *beside(part), ""]


def made(part):
    return ["## Tables of hard shapes", "", taken(part) + " Ratios are wall time here divided by DuckDB's; of imports, CPU time. Random order and nested objects: 1 million rows; requests: 10 million.", "", *beside(part), ""]


def during(part):
    lines = ["## Queries while a file is imported", "", taken(part) + f" Tables of {part['table_rows'] / 1e6:.0f} million rows; the import shares the two cores and fills a further table.", "",
             "| query | alone ms | while importing ms | ratio | times |", "| --- | --- | --- | --- | --- |"]
    ratios = [r["during"] / r["alone"] for r in part["rows"]]
    lines += [f"| {r['name']} | {r['alone'] * 1e3:.0f} | {r['during'] * 1e3:.0f} | {ratio:.2f} | {r['times']} |" for r, ratio in zip(part["rows"], ratios)]
    mean = math.exp(sum(map(math.log, ratios)) / len(ratios))
    lines += ["", f"Geometric mean {mean:.2f}, worst {max(ratios):.2f}; wanted is at most {SLOWER:.0f} for each: {sum(ratio <= SLOWER for ratio in ratios)} of {len(ratios)} meet it. {len(part['failures'])} failed.", ""]
    if part["refusal"]:
        lines += [f"A process that opens the workspace itself is refused while another imports into it (`{part['refusal']}`), so both columns were asked through a workspace to which it is attached.", ""]
    return lines


def flows(part):
    lines = ["## 100 million flows beside 10 million", "", taken(part) + " What the time bounds should cost the same, what reads all ten times as much.", "",
             "| query | 10 million s | 100 million s | ratio | a tenth of it | peak MB | met |", "| --- | --- | --- | --- | --- | --- | --- |"]
    for r in part["rows"]:
        ratio = r["large"] / r["small"]
        met = (ratio if r["bounded"] else ratio / 10) <= EVEN and r["equal"] and not r["failed"]
        lines.append(f"| {r['name']} | {r['small']:.2f} | {'**failed**' if r['failed'] else format(r['large'], '.2f')} | {ratio:.2f} | {'' if r['bounded'] else format(ratio / 10, '.2f')} | {r['mb']:.0f} | {'yes' if met else '**no**'} |")
    lines += ["", f"Files of {part['bytes'][0] / 1e6:.0f} and {part['bytes'][1] / 1e6:.0f} MB. Imported in pieces of 5 million rows: {part['first_cpu']:.1f} CPU s a piece at the beginning, {part['last_cpu']:.1f} at the end, "
              f"{1e8 / part['cpu'] / 1e3:.0f} thousand rows per CPU second, at most {part['import_mb']:.0f} MB.", ""]
    return lines


def care(part):
    rows = part["table_rows"]
    lines = [f"## Upkeep of a table of {rows / 1e6:.0f} million flows", "", taken(part), "", "| step | s | million rows a second | peak MB |", "| --- | --- | --- | --- |"]
    lines += [f"| {r['name']} | {'**failed**' if r['failed'] else format(r['s'], '.2f')} | {rows / r['s'] / 1e6:.2f} | {r['mb']:.0f} |" for r in part["rows"]]
    return [*lines, ""]


def page(known):
    lines = ["# Hard cases", "", "Made by `hard.py`. What stands in one line was measured in one run, on a machine that does other things too: quote ratios, not seconds.", ""]
    for name, section in (("loaded", loaded), ("made", made), ("during", during), ("flows", flows), ("care", care)):
        if name in known:
            lines += section(known[name])
    return "\n".join(lines)
