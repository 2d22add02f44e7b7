#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes resources/schemas/tables.tsv from a folder of <Table>.json column lists.

Use: compile-tables.py FOLDER > resources/schemas/tables.tsv
One line a table: name, kind and flags, aliases, columns. Columns are `name:letter` with bars between; the letter is the type.
"""
import json
import pathlib
import re
import sys

LETTERS = {"string": "s", "int": "i", "long": "l", "real": "r", "bool": "b", "datetime": "t", "timespan": "p", "guid": "g",
           "dynamic": "y", "decimal": "m"}


def line(path):
    table = json.loads(path.read_text(encoding="utf-8"))
    for column in table["columns"]:
        if not re.fullmatch(r"[^\t\n:|]+", column["name"]):
            sys.exit(f"{path}: column name {column['name']!r} cannot be written")
    kind = ("function" if table["kind"] == "function" else "table") + (",open" if table.get("open") else "")
    aliases = " ".join(f"{alias}={target}" for alias, target in sorted(table.get("aliases", {}).items()))
    columns = "|".join(f"{column['name']}:{LETTERS[column['type']]}" for column in table["columns"])
    return f"{table['table']}\t{kind}\t{aliases}\t{columns}"


def main():
    print("# Columns of the Log Analytics tables: table, kind, aliases, columns.")
    print("# Types: s string, i int, l long, r real, b bool, t datetime, p timespan, g guid, y dynamic, m decimal.")
    for path in sorted(pathlib.Path(sys.argv[1]).glob("*.json")):
        print(line(path))


main()
