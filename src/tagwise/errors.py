"""Every exception that tagwise raises. Bad DICOM data is a finding or a row, never an exception of the public API.

TagwiseError
├─ UsageError               UnknownName · AmbiguousName · SourceMissing · BadSetting · BadControl
├─ ReadError                NotDicom · EmptyFile · Truncated · LimitExceeded · DamagedEncoding · FileUnavailable ·
│                           NotSupported
├─ StandardDataError
├─ StandardTextError        StandardTextDamaged · StandardFilesWrong · StandardTextNotKept
├─ KnowledgeDataError
├─ ReadersNotStarted
├─ ArchiveIndexError        IndexLocked · IndexTooNew · IndexForeign · IndexDamaged · IndexNotWritable
├─ SourceError              SourceUnreachable · SourceRefused · SourceForeign
├─ EngineError              EngineMissing · EngineUnreachable · EngineFailed
├─ HistoryError             HistoryLocked · HistoryMissing
├─ AlertNotDelivered
├─ ReportNotWritten
├─ CopyNotWritten
├─ AddressNotUsable
└─ SiteNotWritten
"""

from __future__ import annotations

from typing import ClassVar


class TagwiseError(Exception):
    """Base of all exceptions of tagwise: a sentence, and a hint on what to do where there is one."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class UsageError(TagwiseError, ValueError):
    """The caller asked for something that does not exist or does not fit together."""


class UnknownName(UsageError):
    """No attribute, check or other entry has this name; `.nearest` lists the closest ones."""

    def __init__(self, name: str, nearest: tuple[str, ...] = ()) -> None:
        hint = "Did you mean " + ", ".join(nearest) + "?" if nearest else ""
        super().__init__(f"nothing is called {name!r}", hint=hint)
        self.name = name
        self.nearest = nearest


class AmbiguousName(UsageError):
    """Several things have this name; `.choices` has the exact words for each, as `module:ct-image`, with its name."""

    def __init__(self, name: str, choices: dict[str, str]) -> None:
        widest = max(map(len, choices))
        lines = [f"  {words:{widest}}  {called}" for words, called in choices.items()]
        super().__init__(
            f"{name!r} is the name of {len(choices)} things", hint="\n".join(["Choose one by its exact words:", *lines])
        )
        self.name = name
        self.choices = choices


class SourceMissing(UsageError):
    """The index, file or folder that was named is not there or cannot be listed."""


class BadSetting(UsageError):
    """A setting is outside its range."""


class KeyRefused(UsageError):
    """A key file for pseudonyms is missing, can be read by others, or is too short."""


class BadControl(UsageError):
    """A file that controls checks (profiles, waivers, a baseline) cannot be read, or says what does not exist."""


class ReadError(TagwiseError):
    """One object cannot be read; `str(error)` starts with `reason` and becomes `read_error` of its row."""

    reason: ClassVar[str] = "unreadable"

    def __init__(self, detail: str) -> None:
        super().__init__(f"{self.reason}: {detail}")
        self.detail = detail


class NotDicom(ReadError):
    """There is no DICM prefix, and the bytes do not start like a data set either (PS3.10 7.1)."""

    reason = "not DICOM"


class EmptyFile(ReadError):
    """The file has no bytes."""

    reason = "empty file"


class Truncated(ReadError):
    """The object ends inside an element; `.offset` is where that element starts."""

    reason = "truncated"

    def __init__(self, detail: str, *, offset: int) -> None:
        super().__init__(detail)
        self.offset = offset


class LimitExceeded(ReadError):
    """A value or a structure is larger than a header can sensibly be."""

    reason = "limit exceeded"


class DamagedEncoding(ReadError):
    """The bytes do not follow the transfer syntax: a broken deflate stream, or a structure PS3.5 does not know."""

    reason = "damaged encoding"


class NotSupported(ReadError):
    """A member of a container cannot be had by this reader: encrypted, or compressed in a way it does not know."""

    reason = "not supported"


class FileUnavailable(ReadError):
    """The operating system does not give the file: permission, vanished, input/output error, not a regular file."""

    reason = "file unavailable"


class ReadersNotStarted(TagwiseError):
    """A reading process cannot be started; no file was blamed for it."""


class StandardDataError(TagwiseError):
    """The tables of the standard inside the package are missing or damaged."""


class StandardTextError(TagwiseError):
    """A text of the standard, from a package or from files of NEMA, cannot be read or kept."""


class StandardTextDamaged(StandardTextError):
    """A text that was compiled, or the package it is from, is damaged."""


class StandardFilesWrong(StandardTextError):
    """The folder to import does not hold the DocBook files of one edition of the standard."""


class StandardTextNotKept(StandardTextError):
    """The folder for compiled texts cannot be made or written; what was there is untouched."""


class KnowledgeDataError(TagwiseError):
    """The tables of what practice adds, inside the package, are missing or damaged."""


class ArchiveIndexError(TagwiseError):
    """The index file cannot be used."""


class IndexLocked(ArchiveIndexError):
    """Another process has the index open."""


class IndexTooNew(ArchiveIndexError):
    """A later version of tagwise wrote the index."""


class IndexForeign(ArchiveIndexError):
    """The file is a database, or some other file, that tagwise did not write."""


class IndexDamaged(ArchiveIndexError):
    """The index was written by tagwise but cannot be read any more."""


class IndexNotWritable(ArchiveIndexError):
    """The index cannot be created or grow: no permission, no folder, or a full disk."""


class IndexKeptOtherwise(ArchiveIndexError):
    """The index was made with another key, with pseudonyms, or without: rows of both must not mix."""


class SourceError(TagwiseError):
    """Rows of an archive cannot be had from a database, server or file."""


class SourceUnreachable(SourceError):
    """Nobody answers, the answer stops, or the certificate is not trusted."""


class SourceRefused(SourceError):
    """The server answers and says no: credentials, permission, or a request that it does not take."""


class SourceForeign(SourceError):
    """What is there is not what its name says: other tables, other columns, no DICOM."""


class EngineError(TagwiseError):
    """A cluster that was asked to scan or to audit cannot do it."""


class EngineMissing(EngineError):
    """What the engine needs on this machine is not installed or too old."""


class EngineUnreachable(EngineError):
    """Nobody answers at the address of the cluster, or it has nobody who works."""


class EngineFailed(EngineError):
    """The cluster gave a job up; what was finished before is kept, and nothing is half written."""


class AuditOutOfMemory(TagwiseError):
    """What all checks of an audit need does not fit into the memory and the temporary space that it may have."""


class HistoryError(TagwiseError):
    """The history of an archive's findings cannot be used: foreign, damaged, too new, or it cannot be written."""


class HistoryLocked(HistoryError):
    """Another audit has the history open."""


class HistoryMissing(HistoryError, UsageError):
    """There is no history there, and none may be made."""


class AlertNotDelivered(TagwiseError):
    """A receiver of alerts does not answer, or says no. The results of the audit are not touched by that."""


class ReportNotWritten(TagwiseError):
    """The report file cannot be written; nothing is left half written."""


class CopyNotWritten(TagwiseError):
    """The corrected copy of an object cannot be written; nothing is left half written."""


class AddressNotUsable(TagwiseError):
    """A server cannot listen there: the port is taken or reserved, or the host is not this machine."""


class SiteNotWritten(TagwiseError):
    """The folder of a site is not ours or cannot be written; what was there is untouched."""
