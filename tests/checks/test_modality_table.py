"""The table of modality-sop-class-mismatch names real classes and real modalities."""

from __future__ import annotations

from pathlib import Path

from pydicom.sr._concepts_dict import concepts
from pydicom.uid import UID_dictionary

import tagwise.checks.consistency.modality_sop_class_mismatch as table

ROOT = "1.2.840.10008.5.1.4."
AFTER_2024C = {"1.1.66.7", "1.1.66.8", "1.1.9.100.1", "1.1.9.100.2"}
"""Classes that are newer than pydicom's dictionary."""


def test_every_class_is_a_storage_class() -> None:
    """No UID is misspelt, and none stands twice."""
    ends = [end for rows in (table._ENUMERATED, table._USUAL) for group in rows.values() for end in group]
    assert len(set(ends)) == len(ends)
    for end in set(ends) - AFTER_2024C:
        assert "Storage" in UID_dictionary[ROOT + end][0], end


def test_comments_name_the_classes() -> None:
    """The name beside each UID is the one in PS3.6."""
    source = Path(table.__file__).read_text(encoding="utf-8")
    for line in source.splitlines():
        end, _, comment = line.strip().partition(",  # ")
        end = end.strip('"')
        if comment and end[0].isdigit() and end not in AFTER_2024C:
            name, kind, _, retired, _ = UID_dictionary[ROOT + end]
            assert kind == "SOP Class"
            assert comment == name.removesuffix(" Storage") + (" (Retired)" if retired else "")


def test_every_modality_is_known() -> None:
    """Terms are codes of the DCM scheme, or retired ones."""
    retired = {"MA", "MS", "ST", "EC", "CD", "DD", "DS", "DF", "CF", "VF"}
    known = {code for meanings in concepts["DCM"].values() for code in meanings}
    terms = {term for rows in (table._ENUMERATED, table._USUAL) for group in rows for term in group.split()}
    assert terms - known <= retired


def test_enumerated_classes_allow_what_the_standard_writes() -> None:
    """A few of the values, read from PS3.3 by hand."""
    assert table._EXPECTED[f"{ROOT}1.1.1.1"] == ["DX", "IO", "MG", "PX"]
    assert table._EXPECTED[f"{ROOT}34.7"] == ["PLAN"]
    assert table._EXPECTED[f"{ROOT}1.1.88.59"] == ["KO"]
    assert table._EXPECTED[f"{ROOT}1.1.2"] == ["CT"]
