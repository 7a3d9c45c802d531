"""The SQL of study-date-malformed is the calendar, without the functions that only one database has."""

from __future__ import annotations

import re
from datetime import date

from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.checks import archive

from tagwise.checks import registry

CHECK = registry()["time/study-date-malformed"]
TM = re.compile(
    r"(([01][0-9]|2[0-3])([0-5][0-9]([0-5][0-9]|60)?)?)|(([01][0-9]|2[0-3])[0-5][0-9]([0-5][0-9]|60)[.][0-9]{1,6})"
)


def _is_date(text: str) -> bool:
    try:
        return bool(re.fullmatch(r"[0-9]{8}", text)) and bool(date(int(text[:4]), int(text[4:6]), int(text[6:])))
    except ValueError:
        return False


def _judged(keyword: str, value: str, column: str) -> int:
    row = {"SeriesInstanceUID": "1.2.826.1", "StudyInstanceUID": "1.2.826.2", keyword: value}
    found = archive.result(CHECK, archive.archive([row], check=CHECK))
    return int(found[0][column]) if found else 0


@settings(deadline=None)
@given(
    st.one_of(
        st.text("0123456789", min_size=8, max_size=8),
        st.dates().map(lambda day: f"{day:%Y%m%d}"),
        st.text("019-/ ", min_size=1),
    )
)
@example("20240229")
@example("20230229")
@example("19000229")
@example("20000229")
@example("00000101")
@example("20241301")
def test_dates_are_those_of_the_calendar(text: str) -> None:
    """Exactly what is no day of the calendar is named, padding apart."""
    value = text.strip()
    assert _judged("StudyDate", text, "wrong_dates") == (1 if value and not _is_date(value) else 0)


@settings(deadline=None)
@given(st.one_of(st.from_regex(TM, fullmatch=True), st.text("012569.", min_size=1, max_size=14)))
@example("101530.")
@example("1015301")
@example("24")
@example("1060")
@example("10.5")
def test_times_are_those_of_the_standard(text: str) -> None:
    """Exactly what breaks the form of TM (PS3.5 section 6.2) is named."""
    assert _judged("StudyTime", text, "wrong_times") == (0 if TM.fullmatch(text) else 1)
