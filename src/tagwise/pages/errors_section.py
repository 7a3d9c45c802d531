"""The section of an attribute page on operational errors: the checks about it, and those that only read it.

The text is made from the catalogue. Whole pages of checks are for JSON and for the web: only the files of the checks
that are needed are imported, when `of` is called.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from tagwise.pages import catalogue
from tagwise.pages.layout import INDENT, listing, titled, wrap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagwise.pages.attributes import AttributePage
    from tagwise.pages.catalogue import ReadingCheck
    from tagwise.pages.layout import Ink

_EXPLAINED = 5
_HANG = " " * 10


class OperationalError(NamedTuple):
    """What a check finds, why it matters and how to fix it, in the words of its page.

    `about` tells whether the attribute itself is wrong, or is only read to group or to compare. `sql` is the statement
    for DuckDB on a table `instances`, one row per object with keywords as columns; "" where there is none.
    """

    name: str
    title: str
    severity: str
    confidence: str
    basis: str
    level: str
    about: bool
    diagnosis: str
    why: str
    confirm: str
    fix: str
    not_a_problem: str
    sql: str


def of(keyword: str) -> tuple[OperationalError, ...]:
    """The checks that read an attribute, in full: those about it first, of these the worst first.

    >>> [error.name for error in of("SeriesInstanceUID") if error.about][0]
    'identity/series-uid-reused'

    Raises:
        StandardDataError: The table of checks is missing or damaged.
    """
    return tuple(_error(check, keyword) for check in catalogue.reading(keyword))


def _error(known: ReadingCheck, keyword: str) -> OperationalError:
    from tagwise.checks import Check, named  # noqa: PLC0415 - the text of a page does without checks
    from tagwise.checks.sql import standalone  # noqa: PLC0415 - as above

    check = named(known.name)
    sections = check.sections()
    return OperationalError(
        *(known.name, known.title, known.severity, check.confidence.value, check.basis.value),
        check.level.value if isinstance(check, Check) else "instance",
        keyword in known.about,
        diagnosis=sections["What it finds"],
        why=sections["Why it matters"],
        confirm=sections["How to confirm"],
        fix=sections["How to fix"],
        not_a_problem=sections["Not a problem when"],
        sql=standalone(check) if isinstance(check, Check) else "",
    )


def lines(shown: AttributePage, width: int, ink: Ink) -> Iterator[str]:
    """Checks about the attribute with diagnosis and first step; the names of those that only read it."""
    about = [check for check in shown.checks if shown.keyword in check.about]
    others = [check for check in shown.checks if shown.keyword not in check.about]
    yield ink("Operational errors", "bold")
    if not about:
        yield f"{INDENT}No check is about it."
    for number, check in enumerate(about):
        yield from titled(check.severity, check.name, check.title, width, ink)
        if number < _EXPLAINED:
            yield from _labelled("finds", check.diagnosis, width, ink)
            yield from _labelled("fix", check.first_step, width, ink)
    if others:
        yield f"{INDENT}{'Read' if about else 'It is read'} to judge something else by"
        yield from listing(sorted(check.name for check in others), width, INDENT * 2)
    by_vr = catalogue.of_vr(shown.attribute.vr)
    if by_vr:
        yield f"{INDENT}Of one object, as every value of {shown.attribute.vr}"
        yield from listing((check.name for check in by_vr), width, INDENT * 2)
    if shown.checks:
        yield ""
        opens = f"tagwise show {shown.checks[0].name} opens the page: how to confirm and to fix it, examples, SQL."
        yield from (ink(line, "dim") for line in wrap(opens, width, INDENT))


def _labelled(label: str, text: str, width: int, ink: Ink) -> Iterator[str]:
    hang = f"{_HANG}{' ' * 7}"
    for number, line in enumerate(wrap(text, width, hang)):
        yield line if number else f"{_HANG}{ink(label.ljust(7), 'dim')}{line.removeprefix(hang)}"


def document(shown: AttributePage) -> dict[str, Any]:
    """`checks`: every check that reads the attribute, in full; `vr_checks`: the names of those of every such value."""
    return {
        "checks": [error._asdict() for error in shown.errors],
        "vr_checks": [check.name for check in catalogue.of_vr(shown.attribute.vr)],
    }
