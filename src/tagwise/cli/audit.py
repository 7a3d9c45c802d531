"""`tagwise audit`: say what is wrong in an archive, which device did it, and what to do."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from tagwise.cli.controlling import Session, Wanted, control_options, grouped
from tagwise.cli.engines import ENGINE, MASTER
from tagwise.cli.engines import session as spark_session
from tagwise.errors import UsageError

if TYPE_CHECKING:
    from tagwise.auditing import AuditResult
    from tagwise.cli.controlling import Outputs
    from tagwise.control.alerts import Alerts
    from tagwise.findings import Severity


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
@click.option("--record/--no-record", default=None, help="Write this run into the history, or only compare with it.")
@click.option("--history", "history_file", metavar="FILE", help="The history.  [default: beside the index]")
@click.option("--new-only", is_flag=True, help="Only findings that the last recorded audit did not have; records.")
@click.option("--keep-days", type=click.IntRange(min=1), metavar="N", help="Forget older runs.  [default: 400]")
@click.option(
    "--alert",
    "alerting",
    multiple=True,
    metavar="KIND=VALUE",
    help="Tell what is new: email=TO, webhook=URL, slack=URL, prometheus=FILE.prom, syslog=udp://HOST:514. Repeatable.",
)
@click.option("--alert-required", is_flag=True, help="Exit with 2 where an alert cannot be delivered.")
@click.option("--jobs", "-j", type=click.IntRange(min=1), help="Reading processes, where SOURCE is a folder.")
@click.option("--memory", metavar="SIZE", help="What the database may use, as 4GB; more goes to disk.  [default: 2GB]")
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
    memory: str | None,
    engine: str,
    master: str | None,
    record: bool | None,
    history_file: str | None,
    new_only: bool,
    keep_days: int | None,
    alerting: tuple[str, ...],
    alert_required: bool,
    wanted: Wanted,
) -> None:
    r"""Audit SOURCE: an index written by `tagwise scan`, a folder, or what `tagwise sources` lists.

    Each finding names its subject, the device that wrote it, and its page (`tagwise show NAME`). Patient values
    are left out unless you ask for them; UIDs and file paths are always shown.

    With --record, --new-only or --history FILE a history says when each finding was met first (docs/nightly.md).

    With --engine spark SOURCE is the folder that a scan on Spark wrote; the cluster counts and compares its objects.

    Exit status: 0 nothing at or above --fail-on, 1 findings, 2 the audit or a check could not finish.

    \b
    tagwise audit archive.duckdb --html report.html
    tagwise audit /archive/today --format json > findings.json
    tagwise audit archive.duckdb --new-only
    tagwise audit https://pacs.example.org/dicom-web
    """
    from tagwise.auditing import audit
    from tagwise.cli.scan import progress_shown
    from tagwise.settings import AuditSettings, HistorySettings, ScanSettings

    session = Session(wanted)
    settings = AuditSettings(
        max_instances=max_instances,
        limit=limit or AuditSettings().limit,
        show_values=show_values,
        memory_limit=memory or AuditSettings().memory_limit,
        checks=session.control.profile.settings,
    )
    history, alerts = None, session.control.alerts.with_options(alerting)
    if alerting and record is False:
        raise UsageError("an alert tells what a recorded run has found: --no-record and --alert do not fit together")
    if record or new_only or alerting or history_file is not None:
        days = keep_days or session.control.keep_days or HistorySettings().keep_days
        receivers = tuple(one.name for one in alerts.receivers)
        history = HistorySettings(
            path=history_file, records=record is not False, new_only=new_only, receivers=receivers, keep_days=days
        )
    with session.outputs("tagwise audit") as outputs:
        with progress_shown() as progress, spark_session(engine, master, "tagwise audit") as spark:
            result = audit(
                source,
                settings=settings,
                scan_settings=ScanSettings(jobs=jobs) if jobs else None,
                progress=progress,
                selection=session.selection,
                ruling=session.ruling,
                history=history,
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
    code = session.finish(result.exit_code(session.threshold))
    if not _alert(replace(alerts, pages=wanted.pages or alerts.pages), result, session.threshold):
        code = 2 if alert_required or alerts.required else code
    raise SystemExit(code)


def _alert(alerts: Alerts, result: AuditResult, threshold: Severity) -> bool:
    """Tell the receivers what is new. Whether nobody was out of reach: the results are printed and recorded before."""
    if result.since is None or result.since.run is None or not alerts.receivers:
        return True
    from tagwise.alerting import deliver
    from tagwise.auditing.history import History
    from tagwise.printable import printable

    with History(result.since.path) as history:
        deliveries = deliver(alerts, result, history, threshold=threshold)
    for one in deliveries:
        if one.note:
            click.echo(f"tagwise: alert {one.receiver}: {printable(one.note)}", err=True)
        if one.error is not None:
            click.echo(f"tagwise: {printable(str(one.error))}", err=True)
            click.echo(f"         {one.error.hint or 'The next audit that is recorded tells it again.'}", err=True)
    return not any(one.error for one in deliveries)


def _hand_over(result: AuditResult, outputs: Outputs) -> None:
    """One case for each check, those that gave no answer included."""
    new, aside = grouped(result.findings), grouped(result.set_aside)
    for run in result.runs:
        folder = run.check.partition("/")[0]
        findings, set_aside = new.get(run.check, []), aside.get(run.check, [])
        outputs.case(run.check, f"tagwise audit.{folder}", findings, set_aside, artifact=result.source)
    ran = {run.check for run in result.runs}
    for row in result.not_checkable:
        if row.check in ran:
            continue  # answered in part
        folder = row.check.partition("/")[0]
        outputs.case(row.check, f"tagwise audit.{folder}", (), artifact=result.source, skipped=row.reason)


def _print(result: AuditResult, limit: int) -> None:
    from rich.console import Console

    from tagwise.auditing.reports import terminal

    terminal.render(result, Console(), limit)
