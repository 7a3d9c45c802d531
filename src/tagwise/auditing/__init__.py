"""Facets, checks, findings: says what is wrong in an archive, which device did it, and what cannot be told."""

from __future__ import annotations

import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

import tagwise
from tagwise.auditing.engine import Engine
from tagwise.auditing.facets import count, make_relations
from tagwise.auditing.result import AuditResult, UnreadableObject
from tagwise.checks import registry
from tagwise.errors import IndexForeign, SourceMissing
from tagwise.scanning.index import CONFIG, explained, looks_like_index, quiet
from tagwise.scanning.run import scan
from tagwise.scanning.walk import reason_of
from tagwise.settings import AuditSettings
from tagwise.sources.files_index import FilesIndex
from tagwise.standard import editions

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

    from tagwise.settings import ScanSettings
    from tagwise.sources import Source

__all__ = ["AuditResult", "audit"]


def audit(
    source: str | os.PathLike[str],
    *,
    settings: AuditSettings | None = None,
    scan_settings: ScanSettings | None = None,
    progress: Callable[[str, int, int | None], None] | None = None,
) -> AuditResult:
    """Run every archive check on an index, or on a folder, which is scanned first into an index that is then deleted.

    Raises:
        SourceMissing: There is nothing at this path.
        ArchiveIndexError: The index is locked, foreign, damaged or too new.
    """
    settings = settings or AuditSettings()
    path = Path(source)
    try:
        is_folder = path.is_dir()
        known = is_folder or looks_like_index(path)
    except OSError as error:
        raise SourceMissing(f"{str(path)!r} cannot be audited: {reason_of(error)}") from error
    if not known:
        raise IndexForeign(
            f"{str(path)!r} is neither a folder nor an index of tagwise",
            hint=f"Scan it first: tagwise scan {path} --index FILE",
        )
    if not is_folder:
        return _audited(FilesIndex(path), settings)
    with tempfile.TemporaryDirectory(prefix="tagwise-", ignore_cleanup_errors=True) as folder:
        index = Path(folder) / "index.duckdb"
        scan(path, index=index, settings=scan_settings, progress=progress)
        return _audited(FilesIndex(index, name=str(path)), settings)


def _audited(source: Source, settings: AuditSettings) -> AuditResult:
    started, clock = datetime.now(UTC), time.monotonic()
    with tempfile.TemporaryDirectory(prefix="tagwise-", ignore_cleanup_errors=True) as spill:
        db = duckdb.connect(":memory:", config={**CONFIG, "temp_directory": spill})
        try:
            db.execute(f"SET memory_limit = '{settings.memory_limit}'")
            quiet(db)
            source.attach(db)
            with explained(Path(source.name)):
                make_relations(db, source.grain)
                counts = count(db)
                unreadable = db.execute(
                    "SELECT file_path, file_size, read_error FROM unreadable ORDER BY file_path LIMIT ?",
                    [settings.limit],
                ).fetchall()
            engine = Engine(db, source.grain, settings)
            for check in registry().values():
                engine.run(check)
            devices = engine.devices()
        finally:
            db.close()
    findings = sorted(engine.findings, key=lambda f: (-f.severity.rank, f.check))
    return AuditResult(
        tool=f"tagwise {tagwise.__version__}",
        edition=editions.described().removeprefix("DICOM "),
        source=source.name,
        started=started,
        seconds=time.monotonic() - clock,
        counts=counts,
        total=dict(engine.total),
        findings=tuple(findings),
        runs=tuple(engine.runs),
        devices=devices,
        unreadable=tuple(UnreadableObject(*row) for row in unreadable),
        not_checkable=tuple(engine.not_checkable),
        crashed=tuple(engine.crashed),
        limit=settings.limit,
        settings={"max_instances": settings.max_instances},
        shows_patient_values=settings.show_values,
    )
