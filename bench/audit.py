"""Seconds and peak memory of an audit over synthetic rows, by number of rows: does it grow in proportion?

Usage: python bench/audit.py [--rows 100000 1000000]

The rows are a sound archive: 100 instances a series, 4 series a study, 3 studies a patient, 20 devices. A count of
distinct SOP Instance UIDs by DuckDB on the same index stands beside each audit: no such job costs less.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from scan import resident
from tagwise.scanning.index import ArchiveIndex

_VALUES = {
    "MediaStorageSOPClassUID": "'1.2.840.10008.5.1.4.1.1.2'",
    "MediaStorageSOPInstanceUID": "'1.2.826.0.1.3680043.10.1340.1.' || i",
    "TransferSyntaxUID": "'1.2.840.10008.1.2.1'",
    "SOPClassUID": "'1.2.840.10008.5.1.4.1.1.2'",
    "SOPInstanceUID": "'1.2.826.0.1.3680043.10.1340.1.' || i",
    "SeriesInstanceUID": "'1.2.826.0.1.3680043.10.1340.2.' || (i // 100)",
    "StudyInstanceUID": "'1.2.826.0.1.3680043.10.1340.3.' || (i // 400)",
    "FrameOfReferenceUID": "'1.2.826.0.1.3680043.10.1340.4.' || (i // 400)",
    "PatientID": "'P' || (i // 1200)",
    "PatientName": "'Example^' || (i // 1200)",
    "PatientBirthDate": "1940 + (i // 1200) % 70 || '0317'",
    "PatientSex": "'O'",
    "PatientAge": "lpad((2025 - 1940 - (i // 1200) % 70)::VARCHAR, 3, '0') || 'Y'",
    "AccessionNumber": "'A' || (i // 400)",
    "StudyID": "'1'",
    "StudyDescription": "'CT Abdomen ' || (i // 400) % 50",
    "Modality": "'CT'",
    "StudyDate": "'20260102'",
    "StudyTime": "'101530.' || (i // 400) % 1000",
    "SeriesDate": "'20260102'",
    "AcquisitionDate": "'20260102'",
    "AcquisitionTime": "lpad((i % 86400)::VARCHAR, 6, '1') || '.' || i",
    "BodyPartExamined": "'ABDOMEN'",
    "SeriesNumber": "(i // 100) % 4 + 1",
    "InstanceNumber": "i % 100 + 1",
    "Manufacturer": "'ACME'",
    "ManufacturerModelName": "'Scan ' || (i // 400) % 5",
    "SoftwareVersions": "'1.' || (i // 400) % 2",
    "StationName": "'CT' || (i // 400) % 10",
    "DeviceSerialNumber": "'100' || (i // 400) % 20",
    "SpecificCharacterSet": "'ISO_IR 100'",
    "SeriesDescription": "'thin slices'",
    "InstitutionName": "'Hospital'",
    "ImageType": "'ORIGINAL\\PRIMARY\\AXIAL'",
    "AcquisitionNumber": "'1'",
    "KVP": "'120'",
    "SliceThickness": "'2.5'",
    "ImagePositionPatient": "'-250.0\\-243.5\\' || (i % 100) * 2.5",
    "ImageOrientationPatient": "'1\\0\\0\\0\\1\\0'",
    "SamplesPerPixel": "'1'",
    "PhotometricInterpretation": "'MONOCHROME2'",
    "Rows": "'512'",
    "Columns": "'512'",
    "PixelSpacing": "'0.9765625\\0.9765625'",
    "BitsAllocated": "'16'",
    "BitsStored": "'12'",
    "HighBit": "'11'",
    "PixelRepresentation": "'0'",
    "RescaleIntercept": "'-1024'",
    "RescaleSlope": "'1'",
}

_AUDIT = """
import json, sys, time
from tagwise.auditing import audit
result = audit(sys.argv[1])
slowest = max(result.runs, key=lambda run: run.seconds)
print(json.dumps([result.seconds, sum(result.total.values()), f"{slowest.check} {slowest.seconds:.1f} s"]))
"""

_COUNT = """
import duckdb, json, sys, time
db = duckdb.connect(sys.argv[1], read_only=True)
db.execute("SET enable_progress_bar = false")
clock = time.perf_counter()
db.execute("SELECT COUNT(DISTINCT SOPInstanceUID) FROM instances").fetchall()
print(json.dumps([time.perf_counter() - clock, 0, ""]))
"""


def make(path: Path, rows: int) -> None:
    """An index of so many rows, as a scan would have written it."""
    with ArchiveIndex(path) as index:
        held = {column.keyword for column in index.columns}
        values = ", ".join(f'({sql})::VARCHAR AS "{keyword}"' for keyword, sql in _VALUES.items() if keyword in held)
        index.query(
            f"INSERT INTO instances BY NAME SELECT '/archive/' || i AS file_path, 526000 AS file_size,"
            f" 1 AS file_modified, md5(i::VARCHAR) AS header_digest, {values} FROM range({rows}) AS t(i)"
        )


def run(code: str, path: Path) -> tuple[float, float, int, str]:
    """Seconds, peak MiB, findings and a remark of one process."""
    peak = 0
    with subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE, text=True) as process:
        while process.poll() is None:
            peak = max(peak, resident(process.pid))
            time.sleep(0.02)
        seconds, findings, remark = json.loads(process.communicate()[0])
    return seconds, peak / 2**20, findings, remark


def main() -> None:
    """Measure each size and print a line for it."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", type=int, nargs="+", default=[100_000, 1_000_000])
    options = parser.parse_args()
    print(f"{os.cpu_count()} processors, {time.strftime('%Y-%m-%d')}")
    print(f"{'rows':>12}{'audit s':>10}{'MiB':>7}{'findings':>10}{'count s':>10}   slowest check")
    for rows in options.rows:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "index.duckdb"
            make(path, rows)
            seconds, peak, findings, remark = run(_AUDIT, path)
            least = run(_COUNT, path)[0]
        print(f"{rows:>12,}{seconds:>10.1f}{peak:>7.0f}{findings:>10,}{least:>10.2f}   {remark}")


if __name__ == "__main__":
    main()
