"""Objects that highdicom writes, and templates of the benchmarks, are sound: nobody may be sent to work by them."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import highdicom
import numpy as np
import pydicom
import pydicom.data
import pytest
from highdicom import sr
from highdicom.sc import SCImage
from highdicom.seg import Segmentation, SegmentDescription
from highdicom.sr import Comprehensive3DSR
from pydicom.sr.codedict import codes

import tagwise

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

ROOT = "1.2.826.0.1.3680043.10.1777."


def _ct() -> Dataset:
    path = pydicom.data.get_testdata_file("CT_small.dcm", read=False)
    return pydicom.dcmread(str(path))


def _secondary_capture() -> Dataset:
    return SCImage(
        pixel_array=np.zeros((16, 16), dtype=np.uint8),
        photometric_interpretation="MONOCHROME2",
        bits_allocated=8,
        coordinate_system="PATIENT",
        study_instance_uid=f"{ROOT}1",
        series_instance_uid=f"{ROOT}2",
        series_number=1,
        sop_instance_uid=f"{ROOT}3",
        instance_number=1,
        manufacturer="maker",
        patient_id="1",
        patient_name="Doe^Jane",
        patient_orientation=("L", "P"),
    )


def _segmentation() -> Dataset:
    ct = _ct()
    described = SegmentDescription(
        segment_number=1,
        segment_label="organ",
        segmented_property_category=codes.SCT.Organ,
        segmented_property_type=codes.SCT.Liver,
        algorithm_type="MANUAL",
    )
    return Segmentation(
        source_images=[ct],
        pixel_array=np.ones((ct.Rows, ct.Columns), dtype=np.uint8),
        segmentation_type="BINARY",
        segment_descriptions=[described],
        series_instance_uid=f"{ROOT}4",
        series_number=2,
        sop_instance_uid=f"{ROOT}5",
        instance_number=1,
        manufacturer="maker",
        manufacturer_model_name="model",
        software_versions="1",
        device_serial_number="1",
    )


def _measured() -> sr.MeasurementsAndQualitativeEvaluations:
    return sr.MeasurementsAndQualitativeEvaluations(
        tracking_identifier=sr.TrackingIdentifier(uid=f"{ROOT}8", identifier="1"),
        measurements=[sr.Measurement(name=codes.SCT.Length, value=12.5, unit=codes.UCUM.Millimeter)],
    )


def _report() -> Dataset:
    observer = sr.ObserverContext(
        observer_type=codes.DCM.Person,
        observer_identifying_attributes=sr.PersonObserverIdentifyingAttributes(name="Doe^Jane"),
    )
    report = sr.MeasurementReport(
        observation_context=sr.ObservationContext(observer_person_context=observer),
        procedure_reported=codes.LN.CTUnspecifiedBodyRegion,
        imaging_measurements=[_measured()],
        title=codes.DCM.ImagingMeasurementReport,
    )
    return Comprehensive3DSR(
        evidence=[_ct()],
        content=report[0],
        series_number=3,
        series_instance_uid=f"{ROOT}6",
        sop_instance_uid=f"{ROOT}7",
        instance_number=1,
        manufacturer="maker",
        is_complete=True,
        is_verified=False,
    )


@pytest.mark.parametrize("made", [_secondary_capture, _segmentation, _report], ids=lambda made: made.__name__)
def test_what_highdicom_writes_is_sound(made: object) -> None:
    """No finding at all on the file, and none of medium severity on the Dataset in memory."""
    dataset = made()  # type: ignore[operator] # one of the three functions above
    assert isinstance(dataset, pydicom.Dataset)
    stream = io.BytesIO()
    dataset.save_as(stream, enforce_file_format=True)
    assert [(f.check, f.message) for f in tagwise.check(stream.getvalue()).findings if f.severity != "low"] == []
    assert [(f.check, f.message) for f in tagwise.check(dataset).findings if f.severity != "low"] == []
    assert highdicom.__version__
