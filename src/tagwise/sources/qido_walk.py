"""Studies, series and instances of a DICOMweb server: searches (QIDO-RS), and metadata of series (WADO-RS).

What a server says about how much it has is kept, so that a silent cap on the length of answers is seen.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from tagwise.errors import SourceForeign
from tagwise.sources import dicom_json
from tagwise.sources.json_stream import elements
from tagwise.sources.web_reading import NotGiven

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tagwise.sources.row_table import Row
    from tagwise.sources.web_reading import Client

_COUNTS = {"00201206": "series of a study", "00201208": "instances of a study", "00201209": "instances of a series"}
_OBJECT = 64_000_000
"""The largest data set of an answer, in characters."""

_FIELDS = (",".join([*dicom_json.columns(), *_COUNTS]),)
"""In one parameter: of several, Orthanc 1.10 heeds the last."""

_INSTANCE = ("SeriesInstanceUID", "SOPInstanceUID", "PatientID")
"""What makes an instance one of its own: Orthanc has two of one UID where two patients have it."""

SAMPLES = 3
"""Studies that are looked at to learn whether a server answers searches with the attributes asked for."""


@dataclass(frozen=True, slots=True)
class Found:
    """One match of a search: its columns, and how much the server says is below it."""

    row: Row
    counts: dict[str, int] = field(default_factory=dict)

    def uid(self, keyword: str) -> str:
        return (self.row.get(keyword) or "").strip(" \0")


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows that come together, and what the server says it has but did not give."""

    rows: list[Row]
    instances_missing: int = 0
    series_missing: int = 0


@dataclass(frozen=True, slots=True)
class Asked:
    """How a server is asked."""

    metadata: bool = False
    """Whether instances come from the metadata of their series, not from a search."""

    fields: tuple[str, ...] = ()
    """What `includefield` says, once for each."""

    by_series: bool = False
    """Whether instances are searched in each series, because the server does not search those of a study."""

    page: int = 500
    """Matches that one answer may have; a server may give fewer."""

    most: int = 20_000_000
    """Studies, series of a study, or instances of a study."""


class Walk:
    """A way through a server. Its methods may be called from several threads."""

    def __init__(self, client: Client, filters: Sequence[tuple[str, str]], always: Sequence[tuple[str, str]]) -> None:
        self._client, self._filters, self._always = client, filters, always
        self.asked = Asked(fields=_FIELDS)
        self._lock, self._failed_in_row = threading.Lock(), 0

    def studies(self) -> Iterator[Found]:
        """Every study once, as far as the server tells.

        Raises:
            SourceError: See `web_reading.Client.get`; a search for studies that is not answered is one too.
        """
        try:
            yield from self._matches("/studies", self._filters, ("StudyInstanceUID",))
        except NotGiven as error:
            raise SourceForeign(
                f"studies cannot be searched: {error}",
                hint="The address must be that of the DICOMweb service, as https://pacs.example.org/dicom-web.",
            ) from error

    def ask(self, *, metadata: bool) -> None:
        """Settle whether metadata is read, or a search made."""
        self.asked = replace(self.asked, metadata=metadata)

    def learn(self, study: Found) -> bool:
        """Look at one instance twice, and settle how to ask; False where this study has none to look at.

        Attributes that its metadata has and a search does not give are lost in searches, and metadata is read then.
        """
        path = f"/studies/{_quoted(study, 'StudyInstanceUID')}"
        try:
            series = self._page(f"{path}/series", (), 0, 1)
        except NotGiven:
            return False
        if not series:
            return False
        below = f"{path}/series/{_quoted(series[0], 'SeriesInstanceUID')}"
        found = self._first_instance(path, below)
        if found is None:
            self.ask(metadata=True)
            return True
        try:
            one = f"{below}/instances/{_quoted(found, 'SOPInstanceUID')}/metadata"
            whole = self._client.get(one, self._always, _matches_of)
        except NotGiven:
            return False
        shown = {**study.row, **series[0].row, **found.row}
        self.ask(metadata=any(value and not shown.get(key) for match in whole for key, value in match.row.items()))
        return bool(whole)

    def _first_instance(self, path: str, below: str) -> Found | None:
        """One instance of a series, searched as servers understand it; None where none does."""
        for fields in (self.asked.fields, ("all",), ()):
            for by_series, place in ((False, path), (True, below)):
                self.asked = replace(self.asked, fields=fields, by_series=by_series)
                try:
                    # All of the series would be found through the study too, but perhaps not on the first page.
                    found = self._page(f"{place}/instances", (), 0, 1)
                    found = self._page(f"{below}/instances", (), 0, 1) if found and not by_series else found
                except NotGiven:
                    continue
                if found:
                    return found[0]
        return None

    def objects(self, study: Found) -> Iterator[Batch]:
        """The instances of a study. What is not given becomes a row that says why."""
        uid = study.uid("StudyInstanceUID")
        if not uid:
            yield Batch([_unread(study.row, "", "the server lists a study without Study Instance UID")])
            return
        path = f"/studies/{_quoted(study, 'StudyInstanceUID')}"
        try:
            series = list(self._matches(f"{path}/series", (), ("SeriesInstanceUID",)))
        except NotGiven as error:
            yield self._failed(study.row, path, error)
            return
        missing = max(0, study.counts.get("00201206", 0) - len(series))
        yield Batch([], series_missing=missing)
        got = 0
        for batch in self._metadata(study, series, path) if self.asked.metadata else self._search(study, series, path):
            got += len(batch.rows) + batch.instances_missing
            if any("read_error" not in row for row in batch.rows):
                self._worked()
            yield batch
        yield Batch([], instances_missing=max(0, study.counts.get("00201208", 0) - got))

    def _search(self, study: Found, series: list[Found], path: str) -> Iterator[Batch]:
        known = {one.uid("SeriesInstanceUID"): one for one in series}
        places = [(f"{path}/instances", study.counts.get("00201208", 0))]
        if self.asked.by_series:
            uid = "SeriesInstanceUID"
            places = [(f"{path}/series/{_quoted(one, uid)}/instances", one.counts.get("00201209", 0)) for one in series]
        for place, expected in places:
            got: list[Row] = []
            try:
                for one in self._matches(place, (), _INSTANCE, expected):
                    above = known.get(one.uid("SeriesInstanceUID"))
                    row = {**study.row, **(above.row if above else {}), **one.row}
                    got.append({**row, "file_path": _place(row)})
                    if len(got) >= self.asked.page:
                        yield Batch(got)
                        got = []
            except NotGiven as error:
                yield self._failed(study.row, place, error)
            yield Batch(got)

    def _metadata(self, study: Found, series: list[Found], path: str) -> Iterator[Batch]:
        for one in series:
            place = f"{path}/series/{_quoted(one, 'SeriesInstanceUID')}"
            try:
                found = self._client.get(f"{place}/metadata", self._always, _matches_of)
            except NotGiven as error:
                failed = self._failed({**study.row, **one.row}, place, error)
                yield replace(failed, instances_missing=max(0, one.counts.get("00201209", 0) - 1))
                continue
            rows = [{**match.row, "file_path": _place(match.row)} for match in found]
            yield Batch(rows, max(0, one.counts.get("00201209", 0) - len(rows)))

    def _failed(self, row: Row, place: str, error: NotGiven) -> Batch:
        """The row of what is not given. Where nothing at all is given any more, there is no sense in going on."""
        with self._lock:
            self._failed_in_row += 1
            if self._failed_in_row >= 50:
                raise SourceForeign(f"50 answers in a row are none; the last: {error}") from error
        return Batch([_unread(row, place, str(error))])

    def _worked(self) -> None:
        with self._lock:
            self._failed_in_row = 0

    def _matches(
        self, path: str, query: Sequence[tuple[str, str]], keys: tuple[str, ...], expected: int = 0
    ) -> Iterator[Found]:
        """All matches of a search, each once, over as many answers as there are.

        A server may give fewer than asked for at its will: only an answer without new matches is the last.
        """
        seen: set[int] = set()
        offset = 0
        while True:
            page = self._page(path, query, offset, self.asked.page)
            new = []
            before = seen if keys != _INSTANCE else set(seen)  # one page can well have two copies of an instance
            for one in page:
                key = hash(tuple(one.row.get(keyword) for keyword in keys))
                if key not in before:
                    new.append(one)
                seen.add(key)
            yield from new
            offset += len(page)
            if len(seen) > self.asked.most:
                raise SourceForeign(f"more than {self.asked.most:,} matches: the pages of its answers do not end")
            if not new or (len(page) < self.asked.page and expected and len(seen) >= expected):
                return

    def _page(self, path: str, query: Sequence[tuple[str, str]], offset: int, limit: int) -> list[Found]:
        fields = [("includefield", one) for one in self.asked.fields]
        paging = [("limit", str(limit)), *([("offset", str(offset))] if offset else [])]
        return self._client.get(path, [*query, *fields, *paging, *self._always], _matches_of)


def _matches_of(chunks: Iterable[bytes]) -> list[Found]:
    return [
        Found(dicom_json.row(one), {key: number for key in _COUNTS if (number := _number(one.get(key))) is not None})
        for one in elements(chunks, most=_OBJECT)
    ]


def _number(element: Any) -> int | None:
    text = dicom_json.text(element) if isinstance(element, dict) else None
    return int(text) if text and text.isdecimal() and len(text) < 12 else None


def _quoted(one: Found, keyword: str) -> str:
    """A UID as a part of an address: there are UIDs with blanks and slashes in them."""
    return quote(one.uid(keyword), safe="")


def _place(row: Row) -> str:
    """Where an instance is, below the address of the service."""
    keys = (("studies", "StudyInstanceUID"), ("series", "SeriesInstanceUID"), ("instances", "SOPInstanceUID"))
    return "".join(f"/{name}/{row.get(key) or ''}" for name, key in keys)


def _unread(row: Row, place: str, why: str) -> Row:
    return {**row, "file_path": place, "read_error": why}
