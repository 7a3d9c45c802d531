"""Ends a scan whose store has gone away: a million rows that all say so help nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.errors import FileUnavailable, SourceUnreachable
from tagwise.scanning.stores.failures import SILENT

if TYPE_CHECKING:
    from tagwise.scanning.batch import Answer

MOST = 256
"""Objects in a row for which a store gives nothing. Each of them was asked for again and again."""


class Silence:
    """Looks at the rows of a scan as they come."""

    def __init__(self) -> None:
        self._count = 0

    def look(self, answer: Answer) -> None:
        """Count objects that their store did not give, since one that it gave.

        Raises:
            SourceUnreachable: They are too many.
        """
        start = f"{FileUnavailable.reason}: {SILENT}"
        silent = [error for error in answer.rows.errors if error and error.startswith(start)]
        self._count = self._count + len(silent) if silent and len(silent) == len(answer.places()) else 0
        if self._count >= MOST:
            raise SourceUnreachable(
                f"the scan stopped: of the last {self._count} objects, {silent[-1].partition(': ')[2]}",
                hint="What was read is in the index; the same command goes on from there.",
            )
