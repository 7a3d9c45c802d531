"""Runs checks on one object: any bytes go in, findings come out. One object is one call without state."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any, BinaryIO

from tagwise.errors import SourceMissing, UsageError
from tagwise.validation import parsing
from tagwise.validation.engine import plan
from tagwise.validation.result import CheckResult

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pydicom

    from tagwise.validation.objects import ParsedObject

__all__ = ["CheckResult", "check"]


def check(
    source: str | os.PathLike[str] | bytes | bytearray | memoryview | BinaryIO | pydicom.Dataset,
    *,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    show_values: bool = False,
) -> CheckResult:
    """Say what is wrong with one object. Bad data never raises: it is what the findings are about.

    Args:
        source: A path, the bytes of a file, an open binary file, or a pydicom Dataset. A Dataset is written element by
            element, values that pydicom has not looked at byte by byte; what cannot be written is a finding.
        select: Names of checks or folders of them, severities, attributes: only these. Nothing means all.
        ignore: The same words: all but these.
        show_values: Whether evidence may hold patient values.

    Raises:
        SourceMissing: There is no such file, or it is a folder.
        UsageError: The source is none of these, or a word selects nothing.
    """
    if isinstance(select, str) or isinstance(ignore, str):
        raise UsageError("select and ignore are lists of words", hint='Write select=["value"], not select="value"')
    words = plan(tuple(select), tuple(ignore))
    name, parsed = _parsed(source)
    subject = {"file_path": name} if isinstance(source, str | os.PathLike) else {}
    uid = parsed.sop_instance_uid
    if uid:
        subject["SOPInstanceUID"] = uid
    findings = words.run(parsed, subject or {"object": name}, show_values=show_values)
    size = len(parsed.elements)
    return CheckResult(name, tuple(findings), parsed.complete, size, uid, parsed.syntax, parsed.undecided)


def _parsed(source: Any) -> tuple[str, ParsedObject]:
    """What the source is called, and the object in it."""
    if isinstance(source, str | os.PathLike):
        path = os.fspath(source)
        if not os.path.lexists(path):
            raise SourceMissing(f"there is no file {path!r}")
        if os.path.isdir(path):  # noqa: PTH112 - a path may hold bytes that pathlib would have to decode
            raise SourceMissing(f"{path!r} is a folder", hint="check() takes one object; `tagwise check` takes folders")
        return path, parsing.parse_file(path)
    if isinstance(source, bytes | bytearray | memoryview):
        return "bytes", parsing.parse_bytes(bytes(source))
    if hasattr(source, "read"):
        content = source.read()
        if not isinstance(content, bytes):
            raise UsageError("the file is open for text", hint='Open it with mode "rb"')
        return str(getattr(source, "name", "file")), parsing.parse_bytes(content)
    dataset = sys.modules.get("pydicom.dataset")
    if dataset is not None and isinstance(source, dataset.Dataset):
        from tagwise.validation import datasets  # noqa: PLC0415 - imports pydicom

        return "Dataset", datasets.parse(source)
    raise UsageError(
        f"a {type(source).__name__} cannot be checked", hint="Give a path, bytes, a binary file or a pydicom Dataset"
    )
