"""The relation `stacks`: the slices of a series that are parallel, with how far they are apart, one row per stack.

It is the geometry of an archive as `facets` is its header: made once from `instances`, about as small as the number of
series, and read by every check on slices. Coordinates are text in an object, so this is where they become numbers; what
is no number is left out, never an error.
"""

from __future__ import annotations

ATTRIBUTES = (
    "ImageType",
    "SOPClassUID",
    "Modality",
    "SliceThickness",
    "SeriesInstanceUID",
    "InstanceNumber",
    "ImagePositionPatient",
    "ImageOrientationPatient",
)
"""What the relation is made from: a check on it reads all of them."""

SINGLE_FRAME = ("1.2.840.10008.5.1.4.1.1.2", "1.2.840.10008.5.1.4.1.1.4", "1.2.840.10008.5.1.4.1.1.128")
"""CT, MR and PET images of one frame each. Multi-frame images have positions in functional groups, and miss no slice
without missing all."""


_COSINES = ("row_x", "row_y", "row_z", "column_x", "column_y", "column_z")
_WRITTEN = ",\n    ".join(
    f"TRY_CAST(SPLIT_PART(ImageOrientationPatient, '\\', {place}) AS DOUBLE) AS {name}"
    for place, name in enumerate(_COSINES, 1)
)
_SPREAD = ",\n      ".join(
    f"MAX({name}) OVER (PARTITION BY SeriesInstanceUID) - MIN({name}) OVER (PARTITION BY SeriesInstanceUID)"
    for name in _COSINES
)
_ROUNDED = " || ' ' ||\n      ".join(f"CAST(CAST(ROUND(100 * {name}) AS INTEGER) AS VARCHAR)" for name in _COSINES)

# Cosines that differ by less than 0.01 (half a degree) are noise of the writer: the series has one plane, and its
# normal is the mean. Only a series with several planes is split by rounded cosines.
# From the slices on a stack is a number: ten million UIDs in a sort take most of the time and of the memory.
# Positions closer than 0.05 mm are one: no slice is that thin, and phases repeat a position with such noise.
SLICES = f"""slices AS (
  SELECT
    SeriesInstanceUID, ImageOrientationPatient, ImagePositionPatient,
    CAST(TRY_CAST(InstanceNumber AS INTEGER) AS BIGINT) AS place, TRY_CAST(SliceThickness AS DOUBLE) AS thickness
  FROM instances
  WHERE SOPClassUID IN ({", ".join(f"'{uid}'" for uid in SINGLE_FRAME)})
    AND SeriesInstanceUID IS NOT NULL
    AND ImagePositionPatient IS NOT NULL
    AND ImageOrientationPatient IS NOT NULL
    AND (ImageType IS NULL OR UPPER(ImageType) NOT LIKE '%LOCALIZER%')
)"""
"""The common table expression that makes `slices`, the objects of `instances` that have a place in space."""

NORMALS = f"""cosines AS (
  SELECT
    SeriesInstanceUID, ImageOrientationPatient,
    {_WRITTEN}
  FROM (SELECT DISTINCT SeriesInstanceUID, ImageOrientationPatient FROM slices) AS written
),
turned AS (
  SELECT
    SeriesInstanceUID, ImageOrientationPatient, {", ".join(_COSINES)},
    GREATEST(
      {_SPREAD}
    ) AS spread
  FROM cosines
  WHERE {" AND ".join(f"ABS({name}) < 1.1" for name in _COSINES)}
),
planes AS (
  SELECT
    SeriesInstanceUID, ImageOrientationPatient,
    row_y * column_z - row_z * column_y AS x,
    row_z * column_x - row_x * column_z AS y,
    row_x * column_y - row_y * column_x AS z,
    CASE WHEN spread < 0.01 THEN 'one' ELSE
      {_ROUNDED}
    END AS plane
  FROM turned
),
normals AS (
  SELECT
    SeriesInstanceUID, ImageOrientationPatient, plane,
    AVG(x) OVER (PARTITION BY SeriesInstanceUID, plane) AS x,
    AVG(y) OVER (PARTITION BY SeriesInstanceUID, plane) AS y,
    AVG(z) OVER (PARTITION BY SeriesInstanceUID, plane) AS z,
    DENSE_RANK() OVER (ORDER BY SeriesInstanceUID, plane) AS stack
  FROM planes
)"""
"""The common table expressions that make `normals` from `slices`: the planes of each series, few and small."""

MEASURES = """positions AS (
  SELECT stack, place, thickness, x, y, z, STRING_SPLIT(ImagePositionPatient, '\\') AS position
  FROM slices JOIN normals
    ON normals.SeriesInstanceUID = slices.SeriesInstanceUID
    AND normals.ImageOrientationPatient = slices.ImageOrientationPatient
),
placed AS (
  SELECT
    stack, place, thickness,
    x * TRY_CAST(position[1] AS DOUBLE) + y * TRY_CAST(position[2] AS DOUBLE) + z * TRY_CAST(position[3] AS DOUBLE)
      AS height
  FROM positions
),
heights AS (
  SELECT
    stack, ROUND(height, 2) AS height,
    COUNT(*) AS images, MIN(place) AS lowest, MIN(thickness) AS thinnest, MAX(thickness) AS thickest
  FROM placed
  WHERE ABS(height) < 100000
  GROUP BY stack, ROUND(height, 2)
),
steps AS (
  SELECT
    stack, images, thinnest, thickest,
    height - LAG(height) OVER (PARTITION BY stack ORDER BY height) AS step,
    ABS(lowest - LAG(lowest) OVER (PARTITION BY stack ORDER BY height)) AS numbers_apart
  FROM heights
),
measured AS (
  SELECT
    stack,
    SUM(images) AS images,
    1 + SUM(CASE WHEN step > 0.05 THEN 1 ELSE 0 END) AS positions,
    MIN(CASE WHEN step > 0.05 THEN step END) AS smallest_mm,
    MEDIAN(CASE WHEN step > 0.05 THEN step END) AS usual_mm,
    MAX(step) AS largest_mm,
    MIN(thinnest) AS thinnest_mm,
    MAX(thickest) AS thickest_mm,
    MEDIAN(CASE WHEN step > 0.05 THEN numbers_apart END) AS usual_numbers_apart
  FROM steps
  GROUP BY stack
),
odd_steps AS (
  SELECT
    steps.stack,
    ROUND(step / usual_mm) - 1 AS skipped,
    CASE WHEN step > 1.5 * usual_mm AND ABS(step / usual_mm - ROUND(step / usual_mm)) < 0.1 THEN 1 ELSE 0 END AS hole,
    CASE
      WHEN usual_numbers_apart > 0 AND numbers_apart = usual_numbers_apart * ROUND(step / usual_mm) THEN 1 ELSE 0
    END AS numbers_skip
  FROM steps JOIN measured ON measured.stack = steps.stack
  WHERE step > 0.05
    AND ABS(step - usual_mm) > 0.1
    AND ABS(step - usual_mm) > 0.1 * usual_mm
    AND (largest_mm > 1.1 * usual_mm OR smallest_mm < 0.9 * usual_mm)
),
counted AS (
  SELECT
    stack,
    SUM(hole) AS holes,
    SUM(hole * skipped) AS missing,
    SUM(hole * numbers_skip) AS holes_in_numbers,
    SUM(1 - hole) AS uneven
  FROM odd_steps
  GROUP BY stack
),
numbered_series AS (
  SELECT SeriesInstanceUID, ROW_NUMBER() OVER (ORDER BY SeriesInstanceUID) AS series
  FROM (SELECT DISTINCT SeriesInstanceUID FROM normals) AS placed_series
),
numbered AS (
  SELECT
    series, TRY_CAST(InstanceNumber AS INTEGER) AS number, COUNT(*) AS objects
  FROM instances JOIN numbered_series ON numbered_series.SeriesInstanceUID = instances.SeriesInstanceUID
  GROUP BY series, TRY_CAST(InstanceNumber AS INTEGER)
),
series_numbers AS (
  SELECT
    series,
    SUM(objects) AS objects,
    COUNT(number) AS numbers,
    CAST(MAX(number) AS BIGINT) - MIN(number) + 1 AS numbers_expected
  FROM numbered
  GROUP BY series
),
series_modalities AS (
  SELECT SeriesInstanceUID, MIN(Modality) AS its_Modality
  FROM instances
  GROUP BY SeriesInstanceUID
),
stacks AS (
  SELECT
    named.SeriesInstanceUID, named.plane, its_Modality,
    objects, numbers, numbers_expected,
    images, positions, smallest_mm, usual_mm, largest_mm, thinnest_mm, thickest_mm,
    COALESCE(holes, 0) AS holes,
    COALESCE(missing, 0) AS missing,
    COALESCE(holes_in_numbers, 0) AS holes_in_numbers,
    COALESCE(uneven, 0) AS uneven
  FROM measured
  JOIN (SELECT DISTINCT stack, SeriesInstanceUID, plane FROM normals) AS named ON named.stack = measured.stack
  JOIN numbered_series ON numbered_series.SeriesInstanceUID = named.SeriesInstanceUID
  JOIN series_numbers ON series_numbers.series = numbered_series.series
  JOIN series_modalities ON series_modalities.SeriesInstanceUID = named.SeriesInstanceUID
  LEFT JOIN counted ON counted.stack = measured.stack
)"""
"""The common table expressions that make `stacks` from `instances`, `slices` and `normals`."""

STACKS = f"{SLICES},\n{NORMALS},\n{MEASURES}"
"""The common table expressions that make `stacks` from `instances`.

`plane` tells the stacks of a series apart. About all objects of the series: `its_Modality`, `objects`, how many they
are, `numbers`, how many different Instance Numbers they have, and `numbers_expected`, how many there would be without a
gap. About the stack: `images` and `positions`; the smallest, usual and largest step between neighbours and the smallest
and largest Slice Thickness, in mm; `holes`, steps that are a multiple of the usual one, `missing`, how many slices fit
into them, and `holes_in_numbers`, how many of the holes skip Instance Numbers to match; `uneven`, other steps that are
more than a tenth (and 0.1 mm) off.
"""
