"""Modality does not fit the SOP class.

## What it finds
Series in which an object's Modality contradicts its SOP Class UID. There are two groups of classes:

- PS3.3 allows only certain values: every class whose series module or content constraints enumerate Modality.
  Examples: CT for Enhanced CT, SEG for Segmentation, RTDOSE for RT Dose, SR for the structured reports, KO for Key
  Object Selection, DX, PX, IO or MG for Digital X-Ray. Any other value is an error.
- PS3.3 does not enumerate, but only some values make sense: the older single-frame classes of CT, MR, PET, nuclear
  medicine, ultrasound, angiography and fluoroscopy. Related and retired terms are accepted, as is OT: XA for a volume
  that a C-arm stored as CT, MG for tomosynthesis slices stored as CT, IVUS for ultrasound, RF for angiography. What
  remains, such as PT in a CT image, is an error.

Classes that may carry any modality are not judged: Secondary Capture, Computed Radiography, Encapsulated PDF and CDA,
Raw Data, Parametric Map, and private classes. A missing Modality is not judged either. In one object, a
value that the series module of the class does not enumerate is left to `iod/value-not-enumerated`.

## Why it matters
Routing rules, hanging protocols, prefetching and dose or SUV software choose by Modality; parsers choose by SOP
class. When they disagree, the object takes one path and is treated as something else: the CT of a PET/CT lands in the
PET reading list, or a segmentation opens as an empty image.

## How to confirm
1. `dcmdump +P SOPClassUID +P Modality +P ImageType +P Manufacturer FILE` for one object of the series.
2. Compare with the conformance statement of the device: it lists the SOP classes that it creates and their Modality.
3. Ask for the same object at the device itself. If Modality is right there, a router or gateway on the way overwrites
   it, often with the modality of the worklist entry or of the AE Title.

## How to fix
1. Correct the rule or the firmware that writes the value. With hybrid scanners, look for one setting per system
   instead of one per series.
2. In the archive, set Modality to the value the SOP class requires, with the archive's own tools and only in the
   objects of that class: where a series holds two classes, the rest may be right (see
   `consistency/sop-class-mixed-in-series`). The SOP class itself must not be changed: it says which attributes the
   object has.
3. Send a study update to whoever keeps Modalities in Study (worklist, portal, XDS-I manifest).

## Not a problem when
- The class is private or newer than the table of this check, which follows PS3.3 2026b.
- A research tool writes Modality OT for an image that it derived from several modalities. OT is accepted in the older
  classes, not in those that enumerate.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Source, check
from tagwise.checks.consistency._classes import class_name
from tagwise.checks.objects import Fault, ObjectExample, object_form
from tagwise.checks.writing import Given
from tagwise.findings import Basis, Confidence, Level, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue
    from tagwise.validation.objects import ParsedObject

_ROOT = "1.2.840.10008.5.1.4."

# From the series modules and the content constraints of the IODs in PS3.3 A; agrees with what dciodvfy enforces, except
# that dciodvfy allows any of the RT terms in any first-generation RT class and only XA in Enhanced XRF.
_ENUMERATED = {
    "ANN": (
        "1.1.91.1",  # Microscopy Bulk Simple Annotations
    ),
    "AR": (
        "1.1.78.2",  # Autorefraction Measurements
    ),
    "AU": (
        "1.1.9.4.1",  # Basic Voice Audio Waveform
        "1.1.9.4.2",  # General Audio Waveform
    ),
    "CT": (
        "1.1.2.1",  # Enhanced CT Image
        "1.1.2.2",  # Legacy Converted Enhanced CT Image
    ),
    "CTPROTOCOL": (
        "1.1.200.2",  # CT Performed Procedure Protocol
    ),
    "DMS": (
        "1.1.77.1.7",  # Dermoscopic Photography Image
    ),
    "DX IO MG PX": (
        "1.1.1.1",  # Digital X-Ray Image Storage - For Presentation
        "1.1.1.1.1",  # Digital X-Ray Image Storage - For Processing
    ),
    "ECG": (
        "1.1.9.1.1",  # 12-lead ECG Waveform
        "1.1.9.1.2",  # General ECG Waveform
        "1.1.9.1.3",  # Ambulatory ECG Waveform
    ),
    "EPS": (
        "1.1.9.3.1",  # Cardiac Electrophysiology Waveform
    ),
    "ES": (
        "1.1.77.1.1",  # VL Endoscopic Image
        "1.1.77.1.1.1",  # Video Endoscopic Image
    ),
    "FID": (
        "1.1.66.2",  # Spatial Fiducials
    ),
    "GM": (
        "1.1.77.1.2",  # VL Microscopic Image
        "1.1.77.1.2.1",  # Video Microscopic Image
    ),
    "HD": (
        "1.1.9.2.1",  # Hemodynamic Waveform
    ),
    "IO": (
        "1.1.1.3",  # Digital Intra-Oral X-Ray Image Storage - For Presentation
        "1.1.1.3.1",  # Digital Intra-Oral X-Ray Image Storage - For Processing
    ),
    "IOL": (
        "1.1.78.8",  # Intraocular Lens Calculations
    ),
    "IVOCT": (
        "1.1.14.1",  # Intravascular Optical Coherence Tomography Image Storage - For Presentation
        "1.1.14.2",  # Intravascular Optical Coherence Tomography Image Storage - For Processing
    ),
    "IVUS US": (
        "1.1.6.2",  # Enhanced US Volume
    ),
    "KER": (
        "1.1.78.3",  # Keratometry Measurements
    ),
    "KO": (
        "1.1.88.59",  # Key Object Selection Document
    ),
    "LEN": (
        "1.1.78.1",  # Lensometry Measurements
    ),
    "M3D": (
        "1.1.104.3",  # Encapsulated STL
        "1.1.104.4",  # Encapsulated OBJ
        "1.1.104.5",  # Encapsulated MTL
    ),
    "MG": (
        "1.1.1.2",  # Digital Mammography X-Ray Image Storage - For Presentation
        "1.1.1.2.1",  # Digital Mammography X-Ray Image Storage - For Processing
        "1.1.13.1.3",  # Breast Tomosynthesis Image
        "1.1.13.1.4",  # Breast Projection X-Ray Image Storage - For Presentation
        "1.1.13.1.5",  # Breast Projection X-Ray Image Storage - For Processing
    ),
    "MR": (
        "1.1.4.1",  # Enhanced MR Image
        "1.1.4.2",  # MR Spectroscopy
        "1.1.4.3",  # Enhanced MR Color Image
        "1.1.4.4",  # Legacy Converted Enhanced MR Image
        "1.1.66.6",  # Tractography Results
    ),
    "OAM": (
        "1.1.78.7",  # Ophthalmic Axial Measurements
    ),
    "OP": (
        "1.1.77.1.5.1",  # Ophthalmic Photography 8 Bit Image
        "1.1.77.1.5.2",  # Ophthalmic Photography 16 Bit Image
        "1.1.77.1.5.5",  # Wide Field Ophthalmic Photography Stereographic Projection Image
        "1.1.77.1.5.6",  # Wide Field Ophthalmic Photography 3D Coordinates Image
    ),
    "OPM": (
        "1.1.81.1",  # Ophthalmic Thickness Map
        "1.1.82.1",  # Corneal Topography Map
    ),
    "OPT": (
        "1.1.77.1.5.4",  # Ophthalmic Tomography Image
    ),
    "OPTBSV": (
        "1.1.77.1.5.8",  # Ophthalmic Optical Coherence Tomography B-scan Volume Analysis
    ),
    "OPTENF": (
        "1.1.77.1.5.7",  # Ophthalmic Optical Coherence Tomography En Face Image
    ),
    "OPV": (
        "1.1.80.1",  # Ophthalmic Visual Field Static Perimetry Measurements
    ),
    "OSS": (
        "1.1.68.1",  # Surface Scan Mesh
        "1.1.68.2",  # Surface Scan Point Cloud
    ),
    "PA": (
        "1.1.6.3",  # Photoacoustic Image
    ),
    "PLAN": (
        "34.7",  # RT Beams Delivery Instruction
    ),
    "PR": (
        "1.1.11.1",  # Grayscale Softcopy Presentation State
        "1.1.11.2",  # Color Softcopy Presentation State
        "1.1.11.3",  # Pseudo-Color Softcopy Presentation State
        "1.1.11.4",  # Blending Softcopy Presentation State
        "1.1.11.5",  # XA/XRF Grayscale Softcopy Presentation State
        "1.1.11.6",  # Grayscale Planar MPR Volumetric Presentation State
        "1.1.11.7",  # Compositing Planar MPR Volumetric Presentation State
        "1.1.11.8",  # Advanced Blending Presentation State
        "1.1.11.9",  # Volume Rendering Volumetric Presentation State
        "1.1.11.10",  # Segmented Volume Rendering Volumetric Presentation State
        "1.1.11.11",  # Multiple Volume Rendering Volumetric Presentation State
        "1.1.11.12",  # Variable Modality LUT Softcopy Presentation State
        "1.1.131",  # Basic Structured Display
        "1.1.9.100.1",  # Waveform Presentation State
        "1.1.9.100.2",  # Waveform Acquisition Presentation State
    ),
    "PT": (
        "1.1.128.1",  # Legacy Converted Enhanced PET Image
        "1.1.130",  # Enhanced PET Image
    ),
    "REG": (
        "1.1.66.1",  # Spatial Registration
        "1.1.66.3",  # Deformable Spatial Registration
    ),
    "RESP": (
        "1.1.9.6.1",  # Respiratory Waveform
    ),
    "RF XA": (
        "1.1.12.1.1",  # Enhanced XA Image
        "1.1.12.2.1",  # Enhanced XRF Image
    ),
    "RTDOSE": (
        "1.1.481.2",  # RT Dose
    ),
    "RTIMAGE": (
        "1.1.481.1",  # RT Image
    ),
    "RTPLAN": (
        "1.1.481.5",  # RT Plan
        "1.1.481.8",  # RT Ion Plan
    ),
    "RTRECORD": (
        "1.1.481.4",  # RT Beams Treatment Record
        "1.1.481.6",  # RT Brachy Treatment Record
        "1.1.481.7",  # RT Treatment Summary Record
        "1.1.481.9",  # RT Ion Beams Treatment Record
    ),
    "RTSTRUCT": (
        "1.1.481.3",  # RT Structure Set
    ),
    "RWV": (
        "1.1.67",  # Real World Value Mapping
    ),
    "SEG": (
        "1.1.66.4",  # Segmentation
        "1.1.66.5",  # Surface Segmentation
        "1.1.66.7",  # Label Map Segmentation
        "1.1.66.8",  # Height Map Segmentation
    ),
    "SM": (
        "1.1.77.1.3",  # VL Slide-Coordinates Microscopic Image
        "1.1.77.1.6",  # VL Whole Slide Microscopy Image
    ),
    "SMR": (
        "1.1.77.1.5.3",  # Stereometric Relationship
    ),
    "SR": (
        "1.1.78.6",  # Spectacle Prescription Report
        "1.1.79.1",  # Macular Grid Thickness and Volume Report
        "1.1.88.11",  # Basic Text SR
        "1.1.88.22",  # Enhanced SR
        "1.1.88.33",  # Comprehensive SR
        "1.1.88.34",  # Comprehensive 3D SR
        "1.1.88.35",  # Extensible SR
        "1.1.88.40",  # Procedure Log
        "1.1.88.50",  # Mammography CAD SR
        "1.1.88.65",  # Chest CAD SR
        "1.1.88.67",  # X-Ray Radiation Dose SR
        "1.1.88.68",  # Radiopharmaceutical Radiation Dose SR
        "1.1.88.69",  # Colon CAD SR
        "1.1.88.70",  # Implantation Plan SR
        "1.1.88.71",  # Acquisition Context SR
        "1.1.88.72",  # Simplified Adult Echo SR
        "1.1.88.73",  # Patient Radiation Dose SR
        "1.1.88.74",  # Planned Imaging Agent Administration SR
        "1.1.88.75",  # Performed Imaging Agent Administration SR
        "1.1.88.76",  # Enhanced X-Ray Radiation Dose SR
        "1.1.88.77",  # Waveform Annotation SR
    ),
    "SRF": (
        "1.1.78.4",  # Subjective Refraction Measurements
    ),
    "VA": (
        "1.1.78.5",  # Visual Acuity Measurements
    ),
    "XA": (
        "1.1.13.1.1",  # X-Ray 3D Angiographic Image
    ),
}

# General Series alone, which has defined terms only (PS3.3 C.7.3.1.1.1): the obvious value first, then related and
# retired ones and OT.
_USUAL = {
    "CT XA RF DX PX IO MG BMD OT": ("1.1.2",),  # CT Image; the others: cone beam, tomosynthesis slices, densitometers
    "MR MA MS OT": ("1.1.4",),  # MR Image
    "NM PT ST CT OT": ("1.1.5", "1.1.20"),  # Nuclear Medicine Image; CT for transmission maps
    "PT NM OT": ("1.1.128",),  # Positron Emission Tomography Image
    "US IVUS BDUS EC CD DD ES OP PA OCT IVOCT OT": (  # optical pull-backs came as clips before they had a class
        "1.1.3",  # Ultrasound Multi-frame Image (Retired)
        "1.1.3.1",  # Ultrasound Multi-frame Image
        "1.1.6",  # Ultrasound Image (Retired)
        "1.1.6.1",  # Ultrasound Image
    ),
    "XA RF CR DX RG PX IO MG CT DS DF CF VF RTIMAGE OT": (
        "1.1.12.1",  # X-Ray Angiographic Image
        "1.1.12.2",  # X-Ray Radiofluoroscopic Image
    ),
}


def _quoted(values: tuple[str, ...] | list[str]) -> str:
    return ", ".join(f"'{value}'" for value in values)


_CLAUSES = "\n  OR ".join(
    f"(SOPClassUID IN ({_quoted([_ROOT + end for end in ends])})\n    AND Modality NOT IN ({_quoted(terms.split())}))"
    for terms, ends in [*_ENUMERATED.items(), *_USUAL.items()]
)
_EXPECTED = {
    _ROOT + end: terms.split()[:1] if table is _USUAL else terms.split()
    for table in (_ENUMERATED, _USUAL)
    for terms, ends in table.items()
    for end in ends
}

_CT = {
    "SOPClassUID": "1.2.840.10008.5.1.4.1.1.2",
    "StudyInstanceUID": "1.2.826.0.1.1",
    "SeriesInstanceUID": "1.2.826.0.1.1.1",
    "Modality": "CT",
}
_ENHANCED_CT = {**_CT, "SOPClassUID": "1.2.840.10008.5.1.4.1.1.2.1"}


def _series(sop_class: str) -> list[dict[str, str]]:
    return [{"SeriesInstanceUID": "1.2.826.0.1.1.1", "SOPClassUID": sop_class}]


@check(
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    level=Level.SERIES,
    relation="facets",
    subject=("SeriesInstanceUID", "SOPClassUID"),
    reads=("SeriesInstanceUID", "SOPClassUID", "Modality"),
    grain={"Modality": Level.INSTANCE},  # of the same object as its class, or a mixed series is taken for a wrong one
    sql=f"""
SELECT
  SeriesInstanceUID,
  SOPClassUID,
  SUM(instances) AS instances,
  MIN(Modality) AS its_Modality
FROM facets
WHERE {_CLAUSES}
GROUP BY SeriesInstanceUID, SOPClassUID
ORDER BY SeriesInstanceUID, SOPClassUID
""",
    references=("PS3.3 C.7.3.1.1.1", "PS3.3 A", "PS3.4 B.5"),
    sources=(
        Source("https://dicom.nema.org/medical/dicom/current/output/chtml/part03/sect_A.64.4.html", "2026-11-23"),
        Source("https://github.com/SlicerRt/SlicerRT/issues/272", "2026-11-23"),
    ),
    since="0.1.0",
    fires=(
        Example(
            "an enhanced CT that says MR", [{**_ENHANCED_CT, "Modality": "MR"}], _series(_ENHANCED_CT["SOPClassUID"])
        ),
        Example("a CT of a PET/CT that says PT", [{**_CT, "Modality": "PT"}], _series(_CT["SOPClassUID"])),
        Example(
            "a segmentation that kept the modality of its source",
            [{**_CT, "SOPClassUID": "1.2.840.10008.5.1.4.1.1.66.4"}],
            _series("1.2.840.10008.5.1.4.1.1.66.4"),
        ),
        Example(
            "an RT dose that says RTPLAN",
            [{**_CT, "SOPClassUID": "1.2.840.10008.5.1.4.1.1.481.2", "Modality": "RTPLAN"}],
            _series("1.2.840.10008.5.1.4.1.1.481.2"),
        ),
        Example(
            "a dose report that says CT",
            [{**_CT, "SOPClassUID": "1.2.840.10008.5.1.4.1.1.88.67"}],
            _series("1.2.840.10008.5.1.4.1.1.88.67"),
        ),
    ),
    silent=(
        Example("a CT image that says CT", [_CT]),
        Example("a cone beam volume of a C-arm, stored as CT", [{**_CT, "Modality": "XA"}]),
        Example("tomosynthesis slices that were stored as CT", [{**_CT, "Modality": "MG"}]),
        Example(
            "a secondary capture may have any modality",
            [{**_CT, "SOPClassUID": "1.2.840.10008.5.1.4.1.1.7", "Modality": "ES"}],
        ),
        Example(
            "an encapsulated PDF may have the modality of what it reports",
            [{**_CT, "SOPClassUID": "1.2.840.10008.5.1.4.1.1.104.1", "Modality": "ECG"}],
        ),
        Example(
            "an intravascular ultrasound clip",
            [{**_CT, "SOPClassUID": "1.2.840.10008.5.1.4.1.1.3.1", "Modality": "IVUS"}],
        ),
        Example("a panoramic image", [{**_CT, "SOPClassUID": "1.2.840.10008.5.1.4.1.1.1.1", "Modality": "PX"}]),
        Example("no Modality", [{k: v for k, v in _CT.items() if k != "Modality"}]),
    ),
)
def modality_sop_class_mismatch(row: Mapping[str, EvidenceValue]) -> str:
    """Name the class, what its objects say and what they should say."""
    sop_class = str(row["SOPClassUID"])
    return (
        f"Modality is {str(row['its_Modality'])!r}, but {class_name(sop_class)} calls for "
        f"{' or '.join(_EXPECTED[sop_class])} (instances: {row['instances']})"
    )


_SOP_CLASS, _MODALITY = 0x00080016, 0x00080060
_NOT_IN_MODULES = frozenset(
    (
        *("1.1.104.3", "1.1.104.4", "1.1.104.5", "1.1.13.1.1", "1.1.6.3", "1.1.77.1.1", "1.1.77.1.1.1", "1.1.77.1.2"),
        *("1.1.77.1.2.1", "1.1.77.1.3", "1.1.77.1.7", "1.1.9.1.1", "1.1.9.1.2", "1.1.9.1.3", "1.1.9.2.1", "1.1.9.3.1"),
        *("1.1.9.4.1", "1.1.9.4.2", "1.1.9.6.1", "1.1.91.1", "34.7"),
    )
)
"""Classes whose content constraints enumerate Modality; `iod/value-not-enumerated` knows series modules only."""

_ACCEPTED = {
    _ROOT + end: frozenset(terms.split())
    for table in (_ENUMERATED, _USUAL)
    for terms, ends in table.items()
    for end in ends
    if table is _USUAL or end in _NOT_IN_MODULES
}


def _object(sop_class: str, modality: str) -> list[Given]:
    return [Given("SOPClassUID", "UI", _ROOT + sop_class), Given("Modality", "CS", modality)]


@object_form(
    modality_sop_class_mismatch,
    target="object",
    reads=("SOPClassUID", "Modality"),
    fires=(
        ObjectExample("an ECG that says HD", _object("1.1.9.1.1", "HD"), ["Modality"]),
        ObjectExample("a CT of a PET/CT that says PT", _object("1.1.2", "PT"), ["Modality"]),
    ),
    silent=(
        ObjectExample("a CT image that says CT", _object("1.1.2", "CT")),
        ObjectExample("a cone beam volume of a C-arm, stored as CT", _object("1.1.2", "XA")),
        ObjectExample("a secondary capture may have any modality", _object("1.1.7", "ES")),
        ObjectExample("an enhanced CT that says MR, which the check of values reports", _object("1.1.2.1", "MR")),
        ObjectExample("an empty Modality, which the IOD checks report", _object("1.1.2", "")),
    ),
)
def of_one_object(parsed: ParsedObject) -> Fault | None:
    """Name the class, what the object says and what it should say."""
    sop_class = parsed.root.text(_SOP_CLASS) or ""
    accepted, modality = _ACCEPTED.get(sop_class), parsed.root.text(_MODALITY)
    if accepted is None or not modality or modality.upper() in accepted:  # value/code-string-malformed: small letters
        return None
    expected = " or ".join(_EXPECTED[sop_class])
    at = parsed.root.tags[_MODALITY]
    return Fault(f"{at.label} is {modality[:16]!r}, but {class_name(sop_class)} calls for {expected}", at)
