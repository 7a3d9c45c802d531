"""JUnit XML as Jenkins, GitLab and the reports of pytest have it: a test case is a file, or a check of an archive."""

from __future__ import annotations

import re
import shutil
import tempfile
from typing import TYPE_CHECKING, Self
from xml.sax.saxutils import escape, quoteattr

from tagwise.control.selection import ENGINE
from tagwise.findings import Status
from tagwise.printable import printable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TextIO

    from tagwise.findings import Finding, Severity

_IN_MEMORY = 1 << 20
_NO_XML = re.compile("[\ufffe\uffff]")
_MOST_LISTED = 100
"""Findings of one test case that are written out."""


class JunitWriter:
    """Writes one test suite: `case` by case, then `end`. Cases wait in a temporary file, because counts come first."""

    def __init__(self, stream: TextIO, *, name: str, fail_on: Severity) -> None:
        self._stream, self._name, self._fail_on = stream, name, fail_on
        self._cases = tempfile.SpooledTemporaryFile(_IN_MEMORY, "w+", encoding="utf-8", newline="\n")  # noqa: SIM115 - __exit__ closes it
        self.tests = self.failures = self.errors = self.skipped = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Drop what waits."""
        self._cases.close()

    def case(self, name: str, group: str, findings: Sequence[Finding], *, file: str = "", skipped: str = "") -> None:
        """Write one case. It fails where a finding that counts reaches the threshold; it is an error after a crash.

        Args:
            name: The file, or the check.
            group: What reports group by.
            skipped: Why the case gave no answer.
        """
        self.tests += 1
        new = [finding for finding in findings if finding.status is Status.NEW]
        failing = [finding for finding in new if finding.severity.reaches(self._fail_on)]
        crashed = any(finding.check.startswith(f"{ENGINE}/check") for finding in new)
        rest = [finding for finding in findings if finding not in failing]
        self._cases.write(f"<testcase classname={_quoted(group)} name={_quoted(name)}")
        self._cases.write(f' file={_quoted(file)} time="0">' if file else ' time="0">')
        if crashed or failing:
            self.errors += crashed
            self.failures += not crashed
            shown = failing or new
            kind = "error" if crashed else "failure"
            message = _quoted(_headline(shown))
            self._cases.write(f"\n<{kind} type={_quoted(shown[0].check)} message={message}>{_listed(shown)}</{kind}>")
        elif skipped:
            self.skipped += 1
            self._cases.write(f"\n<skipped message={_quoted(skipped)}/>")
        if rest:
            self._cases.write(f"\n<system-out>{_listed(rest)}</system-out>")
        self._cases.write("</testcase>\n")

    def end(self) -> None:
        """Write the document."""
        counts = f'tests="{self.tests}" failures="{self.failures}" errors="{self.errors}" skipped="{self.skipped}"'
        write = self._stream.write
        write(f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="tagwise" {counts} time="0">\n')
        write(f'<testsuite name={_quoted(self._name)} {counts} time="0">\n')
        self._cases.seek(0)
        shutil.copyfileobj(self._cases, self._stream)
        write("</testsuite>\n</testsuites>\n")


def _headline(findings: Sequence[Finding]) -> str:
    worst = max(findings, key=lambda finding: finding.severity.rank)
    more = f" (and {len(findings) - 1:,} more)" if len(findings) > 1 else ""
    return f"{worst.severity} {worst.check}: {worst.title}{more}"


def _listed(findings: Sequence[Finding]) -> str:
    lines = [_line(finding) for finding in findings[:_MOST_LISTED]]
    if len(findings) > _MOST_LISTED:
        lines.append(f"and {len(findings) - _MOST_LISTED:,} more")
    return escape("\n".join(map(_clean, lines)))


def _line(finding: Finding) -> str:
    place = finding.place
    attribute = f"{place.attribute}: " if place and place.attribute else ""
    subject = ", ".join(f"{name} {value}" for name, value in finding.subject.items() if name != "file_path")
    status = f" [{finding.status}{f': {finding.reason}' if finding.reason else ''}]" * (finding.status != Status.NEW)
    named = f" [{subject}]" if subject and not place else ""
    return f"{finding.severity} {finding.check}: {attribute}{finding.message}{named}{status} ({finding.page})"


def _quoted(text: str) -> str:
    return quoteattr(_clean(text))


def _clean(text: str) -> str:
    """The text without what XML 1.0 cannot hold (2.2): hidden characters are spelled out."""
    return _NO_XML.sub("\ufffd", printable(text))
