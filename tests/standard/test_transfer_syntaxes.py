"""The encodings that were written by hand, against pydicom's."""

from __future__ import annotations

import pydicom.uid
import pytest
from pydicom.uid import UID

from tagwise.standard import transfer_syntaxes, uids

ENCODINGS = transfer_syntaxes.by_uid()
JPIP = [f"1.2.840.10008.1.2.4.{last}" for last in (94, 95, 204, 205)]
PAPYRUS = "1.2.840.10008.1.20"
NOT_A_DATA_SET = ["1.2.840.10008.1.2.6.1", "1.2.840.10008.1.2.6.2"]
STREAMED = [f"1.2.840.10008.1.2.7.{last}" for last in (1, 2, 3)]


def test_every_transfer_syntax_of_the_standard_has_an_encoding() -> None:
    """In the same order, none more."""
    assert list(ENCODINGS) == [uid for uid, one in uids.by_uid().items() if one.kind == "Transfer Syntax"]


@pytest.mark.parametrize("uid", [uid for uid in ENCODINGS if uid not in (PAPYRUS, *NOT_A_DATA_SET)])
def test_vr_and_byte_order_are_pydicom_s(uid: str) -> None:
    """Papyrus is left out: pydicom takes everything it does not know for explicit."""
    assert (ENCODINGS[uid].vr == "implicit") == UID(uid).is_implicit_VR
    assert (ENCODINGS[uid].byte_order == "little") == UID(uid).is_little_endian


def test_only_these_pixels_are_not_what_pydicom_says() -> None:
    """Pydicom calls everything encapsulated but the four native ones; these are not in fragments."""
    differ = {uid for uid, how in ENCODINGS.items() if (how.pixels == "encapsulated") != UID(uid).is_encapsulated}
    assert differ == {*JPIP, PAPYRUS, *NOT_A_DATA_SET, *STREAMED}


def test_only_these_are_deflated_beside_pydicom_s() -> None:
    """JPIP Referenced Deflate is deflated (PS3.5 A.7), which pydicom does not say."""
    differ = {uid for uid, how in ENCODINGS.items() if how.deflated != UID(uid).is_deflated}
    assert differ == {"1.2.840.10008.1.2.4.95", "1.2.840.10008.1.2.4.205"}


@pytest.mark.parametrize(
    ("codec", "theirs"),
    [
        ("JPEG", pydicom.uid.JPEGTransferSyntaxes),
        ("JPEG-LS", pydicom.uid.JPEGLSTransferSyntaxes),
        ("JPEG 2000", pydicom.uid.JPEG2000TransferSyntaxes),
        ("RLE", pydicom.uid.RLETransferSyntaxes),
    ],
)
def test_codecs_are_pydicom_s(codec: str, theirs: list[UID]) -> None:
    """Retired JPEG processes and JPIP aside, which pydicom does not list."""
    family = {"JPEG 2000 Part 2": "JPEG 2000", "HTJ2K": "JPEG 2000"}
    current = {
        uid
        for uid, how in ENCODINGS.items()
        if family.get(how.codec, how.codec) == codec and not uids.by_uid()[uid].retired and uid not in JPIP
    }
    assert current == set(theirs)


def test_the_name_tells_the_loss() -> None:
    """Where the name says lossless or near-lossless, so do we."""
    for uid, how in ENCODINGS.items():
        name = uids.by_uid()[uid].name
        if "Near-Lossless" in name:
            assert how.loss == "lossy"
        elif "Lossless" in name:
            assert how.loss == "lossless"
        assert how.loss != "lossless" or how.codec
        assert bool(how.codec) == (how.loss in ("lossless", "lossy", "either") or how.pixels == "streamed")
