#!/bin/sh
# Runs the main job on the real files that pydicom ships: scan, audit, report, and one page of each kind.
set -eu
cd "$(dirname "$0")/.."
PATH="$PWD/.venv/bin:$PATH"
files=$(python -c 'import pathlib, pydicom; print(pathlib.Path(pydicom.__file__).parent / "data")')
mkdir -p demo
say() { printf '\n\033[1m$ %s\033[0m\n' "$*"; }

say tagwise scan pydicom/data --index demo/archive.duckdb
tagwise scan "$files/test_files" "$files/charset_files" "$files/palettes" --index demo/archive.duckdb

say tagwise audit demo/archive.duckdb --html demo/report.html
# Exit 1 means findings, which these files are kept for; anything else is an error.
tagwise audit demo/archive.duckdb --html demo/report.html || [ $? -eq 1 ]

say tagwise show SeriesInstanceUID
tagwise show SeriesInstanceUID

say tagwise check pydicom/data/test_files/MR_truncated.dcm
tagwise check "$files/test_files/MR_truncated.dcm" || [ $? -eq 1 ]

say tagwise show identity/series-uid-reused
tagwise show identity/series-uid-reused

printf '\nThe report is demo/report.html: open it in a browser. Next: .venv/bin/tagwise serve --open\n'
