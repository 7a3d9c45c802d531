"""`tagwise history`: what earlier audits of an archive found, and when each finding was met first and last."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tagwise.cli.terminal import FORMAT, print_json, print_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagwise.auditing.history import History, Remembered, Run


@click.command("history")
@click.argument("file", metavar="FILE")
@click.argument("check", metavar="[CHECK]", required=False)
@click.option("--status", type=click.Choice(["new", "known", "waived", "gone"]), help="Only findings of this status.")
@click.option(
    "--limit", type=click.IntRange(min=1), default=50, show_default=True, metavar="N", help="Rows to print as text."
)
@FORMAT
def command(*, file: str, check: str | None, status: str | None, limit: int, form: str) -> None:
    r"""List the recorded audits in FILE, a history or its index, or the findings of CHECK (a check or a folder).

    Nothing is changed. `new` findings were not there in the run before, `known` ones were, `gone` ones are no more.

    \b
    tagwise history archive.duckdb
    tagwise history archive.duckdb identity --status gone
    """
    from tagwise.auditing.history import History, history_of

    name = _named(check) if check else ""
    with History(history_of(file), writes=False) as history:
        if form == "json":
            print_json(_document(history, name, status or "") if check or status else _runs_document(history))
        elif check or status:
            lines = list(_findings(history, name, status or "", limit))
            print_text(lambda _width, _ink: "\n".join(lines))
        else:
            lines = list(_runs(history.runs(), limit))
            print_text(lambda _width, _ink: "\n".join(lines))


def _named(check: str) -> str:
    from tagwise.control.selection import check_or_folder

    return check_or_folder(check)


def _runs_document(history: History) -> dict[str, Any]:
    runs = [run._asdict() | {"started": run.started.isoformat(timespec="seconds")} for run in history.runs()]
    return {"kind": "history", "file": str(history.path), "runs": runs}


def _document(history: History, check: str, status: str) -> dict[str, Any]:
    import json

    found = [
        one._asdict()
        | {
            "subject": json.loads(one.subject),
            "first_seen": one.first_seen.isoformat(timespec="seconds"),
            "last_seen": one.last_seen.isoformat(timespec="seconds"),
        }
        for one in history.findings(check, status)
    ]
    return {"kind": "history", "file": str(history.path), "check": check, "findings": found}


def _runs(runs: tuple[Run, ...], limit: int) -> Iterator[str]:
    """One line for each run, numbers under their names."""
    from tagwise.printable import printable

    if not runs:
        yield "No audit is recorded here."
        return
    sources = {run.source for run in runs}
    head = ("started", "high", "medium", "low", "new", "gone", "waived", "instances")
    rows = [
        (
            run.started.astimezone().isoformat(sep=" ", timespec="minutes"),
            *(f"{number:,}" for number in (run.high, run.medium, run.low, run.new, run.gone, run.waived)),
            f"{run.instances:,}",
        )
        for run in runs[:limit]
    ]
    notes = [
        [
            *([] if run.complete else ["not complete"]),
            *(["the clock went back"] if run.clock_went_back else []),
            *([printable(run.source)] if len(sources) > 1 else []),
        ]
        for run in runs[:limit]
    ]
    widths = [max(len(row[place]) for row in (head, *rows)) for place in range(len(head))]
    for row, note in zip((head, *rows), ([], *notes), strict=True):
        cells = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        yield "  ".join([*cells, *([", ".join(note)] if note else [])])
    if len(runs) > limit:
        yield f"… and {len(runs) - limit:,} more"


def _findings(history: History, check: str, status: str, limit: int) -> Iterator[str]:
    """Counts by status, then one finding in two lines."""
    numbers = history.number(check)
    yield ", ".join(f"{number:,} {name}" for name, number in sorted(numbers.items())) or "No finding is recorded here."
    shown = 0
    for one in history.findings(check, status, limit):
        yield from _finding(one)
        shown += 1
    total = numbers.get(status, 0) if status else sum(numbers.values())
    if total > shown:
        yield f"… and {total - shown:,} more (--limit, or --format json)"


def _finding(one: Remembered) -> Iterator[str]:
    import json

    from tagwise.printable import printable

    days = (one.first_seen.astimezone().date().isoformat(), one.last_seen.astimezone().date().isoformat())
    yield ""
    yield f"{one.status}  {one.severity}  {one.check}, first seen {days[0]}, last seen {days[1]}"
    yield from (f"  {printable(name)} {printable(value)}" for name, value in json.loads(one.subject).items())
    if one.device:
        yield f"  {printable(one.device)}"
