"""`tagwise audit`: say what is wrong in an archive, which device did it, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from tagwise.auditing import AuditResult


_LISTED = 20
"""Findings of one check that a terminal shows: enough to see the pattern, few enough to reach the end."""


@click.command("audit")
@click.argument("source", metavar="SOURCE")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="What to print.")
@click.option("--html", "html_file", metavar="FILE", help="Also write a report as one HTML file.")
@click.option(
    "--fail-on",
    type=click.Choice(["low", "medium", "high"]),
    default="medium",
    show_default=True,
    help="Exit with 1 where a finding is at least this severe.",
)
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
def command(
    *,
    source: str,
    form: str,
    html_file: str | None,
    fail_on: str,
    max_instances: int | None,
    limit: int | None,
    show_values: bool,
    jobs: int | None,
) -> None:
    r"""Audit SOURCE: an index written by `tagwise scan`, or a folder, which is scanned first.

    Each finding names its subject, the device that wrote it, and its page (`tagwise show NAME`). Patient values
    are left out unless you ask for them; UIDs and file paths are always shown.

    Exit status: 0 nothing at or above --fail-on, 1 findings, 2 the audit or a check could not finish.

    \b
    tagwise audit archive.duckdb --html report.html
    tagwise audit /archive/today --format json > findings.json
    """
    from tagwise.auditing import audit
    from tagwise.cli.scan import progress_shown
    from tagwise.findings import Severity
    from tagwise.settings import AuditSettings, ScanSettings

    kept = limit or AuditSettings().limit
    settings = AuditSettings(max_instances=max_instances, limit=kept, show_values=show_values)
    with progress_shown() as progress:
        result = audit(
            source, settings=settings, scan_settings=ScanSettings(jobs=jobs) if jobs else None, progress=progress
        )
    if html_file:
        result.write_html(html_file)
    if form == "json":
        click.echo(result.to_json())
    else:
        _print(result, limit or _LISTED)
        if html_file:
            click.echo(f"Report: {html_file}")
    raise SystemExit(result.exit_code(Severity(fail_on)))


def _print(result: AuditResult, limit: int) -> None:
    from rich.console import Console

    from tagwise.auditing.reports import terminal

    terminal.render(result, Console(), limit)
