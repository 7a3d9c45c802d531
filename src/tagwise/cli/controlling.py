"""Options that `tagwise check` and `tagwise audit` share: what is looked for, what counts, and where it is written."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from tagwise.quantities import quantity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from tagwise.control import Ruling, Selection
    from tagwise.findings import Finding, Severity
    from tagwise.reporting.junit import JunitWriter
    from tagwise.reporting.sarif import SarifWriter

FORMATS = ("text", "json", "sarif", "junit", "github")

_OPTIONS = (
    click.option(
        "--select",
        multiple=True,
        metavar="WORDS",
        help="Only these: names or folders of checks, severities, basis:standard, attributes. Commas, or repeated.",
    ),
    click.option("--ignore", multiple=True, metavar="WORDS", help="All but these; the same words."),
    click.option("--profile", metavar="NAME", help="A profile of the file, or strict, archive, ingest."),
    click.option(
        "--config", metavar="FILE", help="Profiles and waivers.  [default: tagwise.toml in this folder, if it is there]"
    ),
    click.option(
        "--fail-on",
        type=click.Choice(["low", "medium", "high"]),
        help="Exit with 1 where a finding is at least this severe.  [default: medium]",
    ),
    click.option("--baseline", metavar="FILE", help="Findings in this file are known: only others count."),
    click.option("--write-baseline", metavar="FILE", help="Write what is found as a baseline, and exit with 0."),
    click.option(
        "--format", "form", type=click.Choice(FORMATS), default="text", show_default=True, help="What to print."
    ),
    click.option("--sarif", metavar="FILE", help="Also write SARIF 2.1.0."),
    click.option("--junit", metavar="FILE", help="Also write JUnit XML."),
    click.option("--pages", metavar="URL", help="Where the pages of checks are, for SARIF.  [default: tagwise serve]"),
)

SHARED = tuple(option(lambda: None).__click_params__[0].name for option in _OPTIONS)  # type: ignore[attr-defined] # click keeps them there
"""Names of the options, as the functions of commands get them."""


def control_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the shared options; it gets them together, as the argument `wanted`."""

    def with_wanted(**options: Any) -> Any:
        shared = {name: options.pop(name) for name in SHARED}
        return command(wanted=Wanted(**shared), **options)

    with_wanted.__doc__ = command.__doc__
    with_wanted.__click_params__ = list(getattr(command, "__click_params__", []))  # type: ignore[attr-defined] # as click does
    decorated: Callable[..., Any] = with_wanted
    for option in reversed(_OPTIONS):
        decorated = option(decorated)
    return decorated


@dataclass(frozen=True)
class Wanted:
    """What the shared options said."""

    select: tuple[str, ...]
    ignore: tuple[str, ...]
    profile: str | None
    config: str | None
    fail_on: str | None
    baseline: str | None
    write_baseline: str | None
    form: str
    sarif: str | None
    junit: str | None
    pages: str | None


class Session:
    """One run of a command: its selection, its ruling, its threshold and its writers.

    Raises:
        UsageError: A word, a profile or a file of the options is wrong.
    """

    def __init__(self, wanted: Wanted) -> None:
        from datetime import datetime

        from tagwise import control
        from tagwise.control import baseline
        from tagwise.findings import Severity

        is_file = bool(wanted.profile and wanted.profile.endswith(".toml"))
        config = wanted.profile if is_file else wanted.config
        self._wanted = wanted
        self.control = control.load(config, None if is_file else wanted.profile)
        self.selection: Selection = self.control.selecting(words(wanted.select), words(wanted.ignore))
        known = baseline.read(wanted.baseline) if wanted.baseline else None
        self.ruling: Ruling = control.Ruling(
            self.control.waivers,
            known,
            today=datetime.now().astimezone().date(),
            records=wanted.write_baseline is not None,
        )
        chosen = wanted.fail_on or self.control.profile.fail_on or "medium"
        self.threshold: Severity = Severity(chosen)

    @property
    def form(self) -> str:
        """What is printed."""
        return self._wanted.form

    @contextmanager
    def outputs(self, name: str) -> Iterator[Outputs]:
        """The writers of the run; files take their place when the block ends without an exception.

        Args:
            name: What JUnit calls the suite.

        Raises:
            ReportNotWritten: A file cannot be written.
        """
        import sys

        from tagwise.atomic import replacing
        from tagwise.reporting.junit import JunitWriter
        from tagwise.reporting.sarif import PAGES, SarifWriter

        wanted = self._wanted
        with ExitStack() as stack:
            streams = [stack.enter_context(replacing(wanted.sarif))] if wanted.sarif else []
            streams += [sys.stdout] if wanted.form == "sarif" else []
            compared = wanted.baseline is not None
            sarif = [SarifWriter(stream, pages=wanted.pages or PAGES, compared=compared) for stream in streams]
            streams = [stack.enter_context(replacing(wanted.junit))] if wanted.junit else []
            streams += [sys.stdout] if wanted.form == "junit" else []
            junit = [stack.enter_context(JunitWriter(stream, name=name, fail_on=self.threshold)) for stream in streams]
            outputs = Outputs(sarif, junit, is_github=wanted.form == "github")
            yield outputs
            outputs.end()

    def finish(self, code: int) -> int:
        """Write the baseline that was asked for. The exit status: findings that were just written down are no fault.

        Raises:
            ReportNotWritten: The baseline cannot be written.
        """
        path = self._wanted.write_baseline
        if path is None:
            return code
        from tagwise.control import baseline

        if code == 2:
            click.echo("The baseline was not written: the run is not complete", err=True)
            return code
        baseline.write(path, self.ruling.recorded)
        number = self.ruling.recorded.total()
        click.echo(f"Baseline: {quantity(number, 'finding')} written to {path}", err=True)
        return 0


class Outputs:
    """The writers of one run, fed together."""

    def __init__(self, sarif: Sequence[SarifWriter], junit: Sequence[JunitWriter], *, is_github: bool) -> None:
        self._sarif, self._junit, self._is_github = sarif, junit, is_github

    def case(
        self,
        name: str,
        group: str,
        findings: Iterable[Finding],
        set_aside: Iterable[Finding] = (),
        *,
        artifact: str,
        file: str = "",
        skipped: str = "",
    ) -> None:
        """Hand over what was found in one file, or by one check.

        Args:
            name: The file, or the check.
            group: What it belongs to.
            artifact: The file or the archive that was looked at.
            file: The path, where `artifact` is a file.
            skipped: Why there is no answer.
        """
        from tagwise.reporting.github import annotation

        new, every = list(findings), [*findings, *set_aside]
        for sarif in self._sarif:
            sarif.add(every, artifact)
        for junit in self._junit:
            junit.case(name, group, every, file=file, skipped=skipped)
        if self._is_github:
            for finding in new:
                click.echo(annotation(finding, file))

    def end(self) -> None:
        """Finish the documents."""
        for sarif in self._sarif:
            sarif.end()
        for junit in self._junit:
            junit.end()


def words(options: Iterable[str]) -> tuple[str, ...]:
    """The words of an option, which separates them with commas; a tag has a comma of its own."""
    found = []
    for option in options:
        plain = option.replace("(", "").replace(")", "")
        pieces = [plain] if _is_tag(plain) else plain.split(",")
        found += [piece.strip() for piece in pieces if piece.strip()]
    return tuple(found)


def _is_tag(text: str) -> bool:
    left, comma, right = text.partition(",")
    return bool(comma) and len(left.strip()) == 4 == len(right.strip()) and "/" not in text and not text.isalpha()


def grouped(findings: Iterable[Finding]) -> Mapping[str, list[Finding]]:
    """Findings by check."""
    groups: dict[str, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(finding.check, []).append(finding)
    return groups
