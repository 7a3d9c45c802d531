"""The view of the page of a UID: a SOP class, a transfer syntax, or another registered UID."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.pages import listener_section
from tagwise.pages.layout import INDENT, fact, wrap
from tagwise.pages.uids import SopClassPage, TransferSyntaxPage
from tagwise.pages.views import Section
from tagwise.pages.views.iod import module_documents, module_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagwise.pages.layout import Ink
    from tagwise.pages.uids import UidPage
    from tagwise.pages.views import Document

    AnyUidPage = SopClassPage | TransferSyntaxPage | UidPage

PIXELS = {
    "native": "native: one value after the other",
    "encapsulated": "encapsulated: in fragments",
    "referenced": "referenced: not in the object, behind a URL",
    "streamed": "streamed over the network, never in a file",
    "none": "none: this is not the encoding of a data set",
}
LOSS = {
    "uncompressed": "uncompressed",
    "lossless": "compressed without loss",
    "lossy": "compressed with loss",
    "either": "compressed with or without loss: the UID does not say",
}


def head(shown: AnyUidPage, width: int, ink: Ink) -> Iterator[str]:
    """Name, number and what it is."""
    uid = shown.uid
    yield from (ink(line, "bold") for line in wrap(uid.name or "UID without a name", width))
    yield f"{ink(uid.uid, 'cyan')}  {uid.kind}"


def head_document(shown: AnyUidPage) -> Document:
    """Kind, number, keyword and name."""
    uid = shown.uid
    kind = shown.words.partition(":")[0].replace("-", "_")
    return {"kind": kind, "uid": uid.uid, "keyword": uid.keyword, "name": uid.name, "type": uid.kind}


def _identity(shown: AnyUidPage, width: int, ink: Ink) -> Iterator[str]:
    uid = shown.uid
    if uid.keyword:
        yield from fact("Keyword", uid.keyword, width, ink)
    yield from fact("Status", f"{'retired' if uid.retired else 'current'} (DICOM {uid.edition})", width, ink)
    if uid.note:
        yield from fact("Note", uid.note, width, ink)


def _identity_document(shown: AnyUidPage) -> Document:
    uid = shown.uid
    return {"retired": uid.retired, "note": uid.note, "edition": uid.edition}


def _encoding(shown: AnyUidPage, width: int, ink: Ink) -> Iterator[str]:
    if not isinstance(shown, TransferSyntaxPage):
        return
    how = shown.encoding
    yield ink("Encoding", "bold")
    if how.vr:
        yield from fact("VR", how.vr, width, ink)
        yield from fact("Bytes", f"{how.byte_order} endian", width, ink)
    yield from fact("Pixels", PIXELS[how.pixels], width, ink)
    if how.loss:
        yield from fact("Loss", f"{LOSS[how.loss]}{f' ({how.codec})' if how.codec else ''}", width, ink)
    if how.deflated:
        yield from fact("Deflated", "yes: all after the file meta information", width, ink)
    if how.note:
        yield from fact("Beware", how.note, width, ink)
    yield from fact("See", how.reference, width, ink)


def _encoding_document(shown: AnyUidPage) -> Document:
    if not isinstance(shown, TransferSyntaxPage):
        return {}
    how = shown.encoding
    return {
        "encoding": {
            "vr": how.vr,
            "byte_order": how.byte_order,
            "pixels": how.pixels,
            "encapsulated": how.pixels == "encapsulated",
            "loss": how.loss,
            "codec": how.codec,
            "deflated": how.deflated,
            "note": how.note,
            "reference": how.reference,
        }
    }


def _iod(shown: AnyUidPage, width: int, ink: Ink) -> Iterator[str]:
    if not isinstance(shown, SopClassPage):
        return
    yield ink("IOD", "bold")
    if not shown.iod:
        why = "it is retired" if shown.uid.retired else "its instances are not stored, or the IOD is normalized"
        yield from wrap(f"None in DICOM {shown.modules_edition}: {why}.", width, INDENT)
        return
    yield f"{INDENT}{shown.iod_name} (DICOM {shown.modules_edition}): tagwise show iod:{shown.iod}"
    yield ""
    yield ink("Modules by information entity", "bold")
    yield from module_lines(shown.modules, width, ink)


def _iod_document(shown: AnyUidPage) -> Document:
    if not isinstance(shown, SopClassPage):
        return {}
    return {
        "iod": {"iod": shown.iod, "name": shown.iod_name, "edition": shown.modules_edition} if shown.iod else None,
        "modules": module_documents(shown.modules),
    }


def _listener(shown: AnyUidPage, width: int, ink: Ink) -> Iterator[str]:
    if is_sent(shown):
        yield from listener_section.lines(shown.uid.uid, width, ink)


def _listener_document(shown: AnyUidPage) -> Document:
    return listener_section.document(shown.uid.uid) if is_sent(shown) else {}


def is_sent(shown: AnyUidPage) -> bool:
    """Whether a sender may propose it for objects: a transfer syntax of data sets, or a SOP class that is stored."""
    if isinstance(shown, TransferSyntaxPage):
        return shown.encoding.pixels != "none"
    return isinstance(shown, SopClassPage) and (bool(shown.iod) or "Storage" in shown.uid.name)


SECTIONS = (
    Section("identity", _identity, _identity_document),
    Section("encoding", _encoding, _encoding_document),
    Section("listener", _listener, _listener_document),
    Section("iod", _iod, _iod_document),
)
"""An entry here is a section in text, in JSON and for `--section`."""
