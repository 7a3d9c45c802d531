"""Runs checks on one object: any bytes go in, findings come out. One object is one call without state."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any, BinaryIO

from tagwise.control.selection import Selection
from tagwise.errors import ReadError, SourceMissing, UsageError
from tagwise.findings import Device
from tagwise.validation import parsing, within
from tagwise.validation.engine import plan
from tagwise.validation.result import CheckResult

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pydicom

    from tagwise.validation.objects import ParsedObject

__all__ = ["CheckResult", "check"]

_EQUIPMENT = (0x00080070, 0x00081090, 0x00181020, 0x00081010, 0x00181000)
"""Manufacturer, model, software, station and serial number, in the order of Device."""


def check(
    source: str | os.PathLike[str] | bytes | bytearray | memoryview | BinaryIO | pydicom.Dataset,
    *,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    show_values: bool = False,
) -> CheckResult:
    """Say what is wrong with one object. Bad data never raises: it is what the findings are about.

    Args:
        source: A path, also of a member of a container (`study.zip!/CT/IM1`, docs/containers.md), the bytes of a file,
            an open binary file, or a pydicom Dataset. A Dataset is written element by
            element, values that pydicom has not looked at byte by byte; what cannot be written is a finding.
        select: Names of checks or folders of them, severities, `basis:standard`, attributes: only these. Nothing means
            all. Words of one kind are alternatives, each kind that is named must hold (docs/control.md).
        ignore: The same words: all but these.
        show_values: Whether evidence may hold patient values.

    Raises:
        SourceMissing: There is no such file, or it is a folder.
        UsageError: The source is none of these, or a word selects nothing.
    """
    if isinstance(select, str) or isinstance(ignore, str):
        raise UsageError("select and ignore are lists of words", hint='Write select=["value"], not select="value"')
    return judged(source, Selection(tuple(select), tuple(ignore)), show_values=show_values)


def judged(
    source: Any, selection: Selection, *, show_values: bool = False, listed: bool = False, path: str | None = None
) -> CheckResult:
    """As `check`, for a selection that is there already.

    Args:
        listed: The source is a path that was there when its folder was listed: if it is gone, that is a finding.
        path: Where the object came from, if the source is its content.

    Raises:
        SourceMissing: There is no such file, or it is a folder.
        UsageError: The source is nothing that can be checked.
    """
    words = plan(selection)
    name, parsed = (source, parsing.parse_file(source)) if listed else _parsed(source)
    if path is not None:
        name = path
    subject = {"file_path": name} if path is not None or isinstance(source, str | os.PathLike) else {}
    uid = parsed.sop_instance_uid
    if uid:
        subject["SOPInstanceUID"] = uid
    findings = words.run(parsed, subject or {"object": name}, show_values=show_values)
    if findings:
        device = _device(parsed)
        findings = [replace(finding, device=device, devices=1) for finding in findings]
    size = len(parsed.elements)
    return CheckResult(name, tuple(findings), parsed.complete, size, uid, parsed.syntax, parsed.undecided)


def _device(parsed: ParsedObject) -> Device:
    """The equipment that the object names (PS3.3 C.7.5.1)."""
    values = []
    for tag in _EQUIPMENT:
        element = parsed.root.get(tag)
        values.append((element.text().strip() if element is not None and element.raw else "") or None)
    return Device(*values)


def _parsed(source: Any) -> tuple[str, ParsedObject]:
    """What the source is called, and the object in it."""
    if isinstance(source, str | os.PathLike):
        path = os.fspath(source)
        if not os.path.lexists(path):
            if within.is_member(path):
                content = within.member(path)
                return path, parsing.unread(content) if isinstance(content, ReadError) else parsing.parse_bytes(content)
            raise SourceMissing(f"there is no file {path!r}")
        if os.path.isdir(path):  # noqa: PTH112 - a path may hold bytes that pathlib would have to decode
            raise SourceMissing(f"{path!r} is a folder", hint="check() takes one object; `tagwise check` takes folders")
        return path, parsing.parse_file(path)
    if isinstance(source, ReadError):
        return "object", parsing.unread(source)
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
