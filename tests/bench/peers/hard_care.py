# SPDX-License-Identifier: GPL-3.0-or-later
"""What keeps a workspace in shape: merging what small imports leave behind, purging, giving space back."""
import itertools
import shutil

from processes import median, run

ROWS = 1_000_000
FILES = 500


def split(source, folder):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    with source.open("rb") as lines:
        for number in range(FILES):
            with (folder / f"{number:04}.ndjson").open("wb") as piece:
                piece.writelines(itertools.islice(lines, ROWS // FILES))


def one_round(pair, source, pieces):
    """Small imports without what the program does behind them, so that merging can be timed alone."""
    small, care = pair.new_file("small.tocsin"), pair.new_file("care.tocsin")
    results = [
        (f"import of {FILES} files of {ROWS // FILES:,} rows, not merged", run([str(pair.bench / "bench_import"), "--workspace", str(small), "--table", "NetworkFlow", str(pieces)])),
        ("merge of their segments", run([str(pair.bench / "bench_compaction"), str(small)])),
        ("import of one file", run(pair.ingest_command(care, "NetworkFlow", source))),
        ("purge of a third of the rows", run([pair.product, "purge", "--workspace", str(care), "--table", "NetworkFlow", "SrcPort < 22528"])),
        ("vacuum", run([pair.product, "vacuum", "--workspace", str(care)])),
    ]
    print(results[1][1]["out"])
    return results


def measure(pair, options):
    source, pieces = pair.folder / "made.ndjson", pair.folder / "pieces"
    pair.generate("flow", ROWS, source)
    split(source, pieces)
    rounds = [one_round(pair, source, pieces) for _ in range(pair.rounds)]
    shutil.rmtree(pieces)
    source.unlink()
    rows = []
    for step in zip(*rounds):
        name, results = step[0][0], [result for _, result in step]
        rows.append({"name": name, "s": median([r["s"] for r in results]), "mb": max(r["mb"] for r in results), "failed": any(r["status"] for r in results)})
        print(f"{name}: {rows[-1]['s']:.2f} s, {ROWS / rows[-1]['s'] / 1e6:.2f} million rows a second {' '.join(r['error'][:200] for r in results if r['status'])}", flush=True)
    return {"rows": rows, "table_rows": ROWS}
