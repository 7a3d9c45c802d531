"""DICOMweb servers: what a search (QIDO-RS) or the metadata of series (WADO-RS) tells (PS3.18 10.4, 10.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks.grain import home
from tagwise.errors import BadSetting, SourceForeign
from tagwise.findings import Level
from tagwise.sources import Kind, dicom_json
from tagwise.sources.blind import PARSED_NUMBERS, TRIMMED, WITHOUT_FILES
from tagwise.sources.in_parallel import Crew
from tagwise.sources.qido_walk import SAMPLES, Found, Walk
from tagwise.sources.row_table import RowTable
from tagwise.sources.rows_file import LACKS
from tagwise.sources.web_login import address, is_attribute, is_loopback, login, trust
from tagwise.sources.web_reading import Bounds, Client

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb


_SCHEMES = ("qido:", "qido-search:", "qido-metadata:")
_UIDS = ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "SOPClassUID")
_PARALLEL = 4


def searched() -> dict[str, Level]:
    """The columns of searches, each as true as the level at which the standard has it.

    What a server shows for an instance is often what it keeps for its series, its study or its patient.
    """
    keywords = dicom_json.columns().values()
    return {keyword: Level.INSTANCE if keyword in _UIDS else home(keyword) for keyword in keywords}


class Dicomweb:
    """A DICOMweb service, read with GET only.

    Args:
        source: The address, with or without one of the words of `KIND.spelled` before it.

    Raises:
        BadSetting: The address is none, or would send patient values in clear text to another machine.
        SourceError: On `attach`: see `web_reading.Client.get`.
    """

    def __init__(self, source: str, *, bounds: Bounds | None = None, parallel: int = _PARALLEL) -> None:
        self._word, url = next(
            ((one, source.removeprefix(one)) for one in _SCHEMES if source.startswith(one)), ("", source)
        )
        self._address, self._bounds, self._parallel = address(url), bounds or Bounds(), parallel
        if not self._word and self._address.scheme == "http" and not is_loopback(self._address.host):
            raise BadSetting(
                f"{self._address.shown()} is not encrypted: patient values would be readable on the way",
                hint="Name its https address, or write qido:http://… where the network is trusted.",
            )
        self.name = self._word + self._address.shown()
        self.grain: dict[str, Level] = {}
        self.lacks = LACKS
        self.blind = {**WITHOUT_FILES, **PARSED_NUMBERS, **TRIMMED}
        self.unfinished: bool | str = False

    def attach(self, db: duckdb.DuckDBPyConnection) -> None:
        """Read all instances into a table of the connection.

        Raises:
            SourceError: See `web_reading.Client.get`; or the server has no study at all.
        """
        client = Client(
            self._address,
            login=login(self._address.host),
            trust=trust() if self._address.scheme == "https" else None,
            bounds=self._bounds,
        )
        selecting = [one for one in self._address.query if is_attribute(one[0])]
        walk = Walk(client, selecting, [one for one in self._address.query if not is_attribute(one[0])])
        table = RowTable(db)
        missing = [0, 0]
        try:
            for batch in Crew(self._settled(walk), walk.objects, self._parallel, client.stop):
                table.add(batch.rows)
                missing = [missing[0] + batch.instances_missing, missing[1] + batch.series_missing]
        finally:
            client.close()
        self.grain = self._answered(walk, table)
        table.finish(list(self.grain))
        if any(missing):
            self.unfinished = (
                f"the server says that it has {missing[0]:,} instances and {missing[1]:,} series more than it gave;"
                " it may cap its answers, or the archive changed meanwhile"
            )

    def _settled(self, walk: Walk) -> Iterator[Found]:
        """All studies, after the first ones have shown how to ask."""
        studies = walk.studies()
        first: list[Found] = []
        learnt = self._word == "qido-metadata:"
        walk.ask(metadata=learnt)
        for study in studies:
            first.append(study)
            learnt = learnt or walk.learn(study)
            if learnt or len(first) >= SAMPLES:
                break
        if self._word == "qido-search:":
            walk.ask(metadata=False)
        if not first and not self._address.query:
            raise SourceForeign(
                f"{self.name} has no study, or none that these credentials may see",
                hint="Open its address with /studies at the end in a browser to see what it answers.",
            )

        def all_of_them() -> Iterator[Found]:
            yield from first
            yield from studies

        return all_of_them()

    def _answered(self, walk: Walk, table: RowTable) -> dict[str, Level]:
        """The columns that were given: a search that never shows an attribute says nothing about it."""
        if walk.asked.metadata:
            return dict.fromkeys(dicom_json.columns().values(), Level.INSTANCE)
        table.flush()
        return {one: level for one, level in searched().items() if one in table.filled or not table.rows}


def _claims(source: str) -> bool:
    return source.startswith((*_SCHEMES, "https://", "http://"))


KIND = Kind(
    name="qido",
    title="DICOMweb server (QIDO-RS, WADO-RS)",
    spelled=(
        "https://pacs.example.org/dicom-web",
        "'https://pacs.example.org/dicom-web?StudyDate=20261101-20261130'",
        "qido-metadata:https://pacs.example.org/dicom-web",
    ),
    claims=_claims,
    opened=Dicomweb,
    grain=searched(),
    lacks=LACKS,
    blind={**WITHOUT_FILES, **PARSED_NUMBERS, **TRIMMED},
    tried="on Orthanc 1.10.1 with its DICOMweb plugin 1.7, and on a server that does everything wrong",
    tells=(
        "Searches ask for every attribute that checks read; where some are left out, metadata of series is read.",
        "Metadata takes longer and tells more. qido-search: and qido-metadata: settle which of them.",
        "In metadata each value is true per instance, unless the server writes there what its database says.",
        "What a search never shows is not checkable. Numbers are parsed and padding may be gone in both.",
        "Fewer instances than the server says it has: the audit is marked as not finished.",
        "TAGWISE_TOKEN, TAGWISE_HEADERS, ~/.netrc and SSL_CERT_FILE are read: docs/sources-web.md.",
    ),
    facts=(
        ("https://dicom.nema.org/medical/dicom/current/output/chtml/part18/sect_10.6.html", "2026-11-23"),
        ("https://orthanc.uclouvain.be/book/plugins/dicomweb.html", "2026-11-23"),
    ),
)
