"""`tagwise audit`: say what is wrong in an archive, which device did it, and what to do."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import click

from tagwise.cli.controlling import Session, Wanted, control_options, grouped
from tagwise.cli.scan import ENGINE, MASTER

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from pyspark.sql import SparkSession

    from tagwise.auditing import AuditResult
    from tagwise.cli.controlling import Outputs


_LISTED = 20
"""Findings of one check that a terminal shows: enough to see the pattern, few enough to reach the end."""


@click.command("audit")
@click.argument("source", metavar="SOURCE")
@click.option("--html", "html_file", metavar="FILE", help="Also write a report as one HTML file.")
@click.option(
    "--max-instances",
    type=click.IntRange(min=1),
    metavar="N",
    help="Report series of more than N instances.  [default: learnt for each modality and device]",
)
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    metavar="N",
    help="List at most N findings of one check; all are counted.  [default: 20 as text, 1000 in JSON and HTML]",
)
@click.option("--show-values", is_flag=True, help="Show patient values (names, identifiers, dates) in the evidence.")
@click.option("--jobs", "-j", type=click.IntRange(min=1), help="Reading processes, where SOURCE is a folder.")
@ENGINE
@MASTER
@control_options
def command(
    *,
    source: str,
    html_file: str | None,
    max_instances: int | None,
    limit: int | None,
    show_values: bool,
    jobs: int | None,
    engine: str,
    master: str | None,
    wanted: Wanted,
) -> None:
    r"""Audit SOURCE: an index written by `tagwise scan`, or a folder, which is scanned first.

    Each finding names its subject, the device that wrote it, and its page (`tagwise show NAME`). Patient values
    are left out unless you ask for them; UIDs and file paths are always shown.

    SOURCE may also be the folder of a scan on Spark; with --engine spark the cluster counts and compares its objects.

    Exit status: 0 nothing at or above --fail-on, 1 findings, 2 the audit or a check could not finish.

    \b
    tagwise audit archive.duckdb --html report.html
    tagwise audit /archive/today --format json > findings.json
    """
    from tagwise.auditing import audit
    from tagwise.cli.scan import progress_shown, refuse_master
    from tagwise.settings import AuditSettings, ScanSettings

    refuse_master(engine, master)
    session = Session(wanted)
    settings = AuditSettings(
        max_instances=max_instances,
        limit=limit or AuditSettings().limit,
        show_values=show_values,
        checks=session.control.profile.settings,
    )
    with session.outputs("tagwise audit") as outputs:
        with progress_shown() as progress, _session(engine, master) as spark:
            result = audit(
                source,
                settings=settings,
                scan_settings=ScanSettings(jobs=jobs) if jobs else None,
                progress=progress,
                selection=session.selection,
                ruling=session.ruling,
                spark=spark,
            )
        if html_file:
            result.write_html(html_file)
        if session.form == "json":
            click.echo(result.to_json())
        elif session.form == "text":
            _print(result, limit or _LISTED)
            if html_file:
                click.echo(f"Report: {html_file}")
        _hand_over(result, outputs)
    raise SystemExit(session.finish(result.exit_code(session.threshold)))


def _session(engine: str, master: str | None) -> AbstractContextManager[SparkSession | None]:
    if engine != "spark":
        return contextlib.nullcontext()
    from tagwise.scanning.spark.session import session

    return session(master, "tagwise audit")


def _hand_over(result: AuditResult, outputs: Outputs) -> None:
    """One case for each check, those that gave no answer included."""
    new, aside = grouped(result.findings), grouped(result.set_aside)
    for run in result.runs:
        folder = run.check.partition("/")[0]
        findings, set_aside = new.get(run.check, []), aside.get(run.check, [])
        outputs.case(run.check, f"tagwise audit.{folder}", findings, set_aside, artifact=result.source)
    for row in result.not_checkable:
        folder = row.check.partition("/")[0]
        outputs.case(row.check, f"tagwise audit.{folder}", (), artifact=result.source, skipped=row.reason)


def _print(result: AuditResult, limit: int) -> None:
    from rich.console import Console

    from tagwise.auditing.reports import terminal

    terminal.render(result, Console(), limit)
