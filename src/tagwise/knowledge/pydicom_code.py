"""Reading and setting any attribute with pydicom 3: code that fits its tag, VR and VM. Does not import pydicom.

Tests run the code for every attribute of the dictionary, with warnings as errors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tagwise.standard.dictionary import Attribute
    from tagwise.standard.private import PrivateElement


class Snippet(NamedTuple):
    """Code for a data set that is called `ds`, and sentences about what may surprise; `code` is "" where there is none.

    The code reads first, which gives None or an empty list where the attribute is absent, and then sets a value.
    """

    code: str
    notes: tuple[str, ...]


_SAMPLES = {
    "AE": '"STATION1"',
    "AS": '"045Y"',
    "AT": "0x00181063",
    "CS": '"TERM"',
    "DA": '"20260102"',
    "DS": '"1.25"',
    "DT": '"20260102101530+0100"',
    "FD": "1.25",
    "FL": "1.25",
    "IS": '"3"',
    "LO": '"Text"',
    "LT": '"Text"',
    "OB": r'b"\x00\x01"',
    "OD": "bytes(8)",
    "OF": "bytes(4)",
    "OL": "bytes(4)",
    "OV": "bytes(8)",
    "OW": r'b"\x00\x01"',
    "PN": '"Doe^Jane"',
    "SH": '"Text"',
    "SL": "-3",
    "SS": "-3",
    "ST": '"Text"',
    "SV": "-3",
    "TM": '"101530"',
    "UC": '"Text"',
    "UI": '"1.2.826.0.1.3680043.10.1"',
    "UL": "3",
    "UN": r'b"\x00\x01"',
    "UR": '"https://example.org/"',
    "US": "3",
    "UT": '"Text"',
    "UV": "3",
}
_OF_KEYWORD = {
    "TransferSyntaxUID": '"1.2.840.10008.1.2.1"',
    "SOPClassUID": '"1.2.840.10008.5.1.4.1.1.2"',
    "MediaStorageSOPClassUID": '"1.2.840.10008.5.1.4.1.1.2"',
    "SpecificCharacterSet": '"ISO_IR 192"',
    "PatientSex": '"O"',
    "Modality": '"CT"',
    "TimezoneOffsetFromUTC": '"+0100"',
}
_SET = "# To set it:\n"
_MANY = 2  # how many values a sample of "1-n" has
_NUMBERS_AS_BYTES = ("OD", "OF", "OL", "OV", "OW")

_NEWER = "pydicom 3.0 has no keyword for it, so the code names tag and VR."
_UNDECIDED = {
    "AirCounts": "OW",
    "DarkCurrentCounts": "OW",
    "GrayLookupTableData": "OW",
    "GrayLookupTableDescriptor": "US",
    "LargeBluePaletteColorLookupTableDescriptor": "US",
    "LargeGreenPaletteColorLookupTableDescriptor": "US",
    "LargeRedPaletteColorLookupTableDescriptor": "US",
    "PerimeterValue": "US",
}
"""Attributes with a choice of VR that pydicom 3.0.2 does not make when it writes; most of them are retired."""
_SAY_IT = "The standard leaves a choice of VR that pydicom does not make when it writes: so the code says one."
_AMBIGUOUS = {
    "US or SS": "pydicom decides between US and SS when it writes, by PixelRepresentation, which has to be there.",
    "OB or OW": "pydicom decides between OB and OW when it writes, by BitsAllocated or WaveformBitsAllocated and the "
    "transfer syntax.",
    "US or OW": "pydicom decides between US and OW when it writes, by LUTDescriptor of the same data set.",
}
_OF_VR = {
    "DS": "A number of more than 16 characters is refused: pydicom.valuerep.DSfloat(number, auto_format=True) cuts it.",
    "AT": "The value is a tag: compare it with a number, 0x00181063.",
    "SQ": "A sequence is a list of data sets; an item that is changed is changed in place.",
    "UN": "The value is bytes: what they mean is not known.",
}


def snippet(found: Attribute) -> Snippet:
    """Code for an attribute, with what to know about it.

    >>> from tagwise.standard import dictionary
    >>> print(snippet(dictionary.find("Modality")).code)
    value = ds.get("Modality")
    # To set it:
    ds.Modality = "CT"
    """
    if found.tag.startswith("(FFFE"):
        return Snippet(
            "", ("pydicom reads and writes delimiters itself: an item is a Dataset, a sequence a list of them.",)
        )
    notes = list(_notes(found))
    if found.repeats:
        return Snippet(_repeating(found), tuple(notes))
    if not found.keyword or found.added_after or found.renamed_after:
        return Snippet(_by_tag(found), (_NEWER, *notes))
    if found.tag.startswith("(0000"):
        code = f"from pydicom.dataset import Dataset\n\ncommand = Dataset()\n{_by_keyword(found, 'command')}"
        return Snippet(code, ("Command elements are never in a data set or file; pynetdicom makes them.", *notes))
    if found.tag.startswith("(0002"):
        return Snippet(_by_keyword(found, "ds.file_meta"), (_META, *notes))
    return Snippet(_by_keyword(found, "ds"), tuple(notes))


_META = (
    "Group 0002 is in ds.file_meta; a data set that was not read from a file needs ds.file_meta = FileMetaDataset()."
)


def private_snippet(element: PrivateElement) -> Snippet:
    """Code for an element of a private block: pydicom finds the block by its creator (PS3.5 7.8.1)."""
    group, last = f"0x{element.tag[1:5]}", f"0x{element.tag[8:10].replace('x', '0')}"
    creator = _quoted(element.creator)
    vr = element.vr.partition(" ")[0]
    code = [
        "value = None",
        f"if {creator} in ds.private_creators({group}):",
        f"    block = ds.private_block({group}, {creator})",
        f"    value = block[{last}].value if {last} in block else None",
        f"{_SET}block = ds.private_block({group}, {creator}, create=True)",
        f'block.add_new({last}, "{vr}", {_sample(vr, element.vm)})',
    ]
    return Snippet("\n".join([*_import(vr), *code]), ())


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _import(vr: str) -> list[str]:
    return ["from pydicom.dataset import Dataset", ""] if vr == "SQ" else []


def _sample(vr: str, vm: str, keyword: str = "") -> str:
    """A value of this VR, several of them in a list where the VM wants more than one."""
    if vr == "SQ":
        return "[Dataset()]"
    if keyword in _OF_KEYWORD:
        return _OF_KEYWORD[keyword]
    one = _SAMPLES[vr]
    least, _, most = vm.partition("-")
    count = int(least) if least != "1" or not most else _MANY
    return one if count == 1 or vr.startswith("O") else f"[{', '.join([one] * count)}]"


def _by_keyword(found: Attribute, where: str) -> str:
    vr, keyword = found.first_vr, found.keyword
    sample = _sample(_UNDECIDED.get(keyword, vr), found.vm, keyword)
    setting = f"{_SET}{where}.{keyword} = {sample}"
    if keyword in _UNDECIDED:
        setting = f'{_SET}{where}.add_new("{keyword}", "{_UNDECIDED[keyword]}", {sample})'
    if vr == "SQ":
        head = _import(vr) if where != "command" else []
        return "\n".join([*head, f'items = list({where}.get("{keyword}") or [])', setting])
    if vr == "PN" and found.vm == "1":
        return "\n".join(
            [
                f'value = {where}.get("{keyword}")',
                "family = value.family_name if value else None",
                "ideographic = value.ideographic if value else None",
                setting,
            ]
        )
    if _several(found):
        return "\n".join([*_read_several(f'"{keyword}"', where), setting])
    return f'value = {where}.get("{keyword}")\n{setting}'


def _several(found: Attribute) -> bool:
    return found.vm != "1" and not found.first_vr.startswith("O") and found.first_vr != "SQ"


def _read_several(key: str, where: str = "ds") -> list[str]:
    return [
        "values = []",
        f"if {key} in {where} and not {where}[{key}].is_empty:",
        f"    elem = {where}[{key}]",
        "    values = list(elem.value) if elem.VM > 1 else [elem.value]",
    ]


def _by_tag(found: Attribute) -> str:
    vr, tag = found.first_vr, f"0x{found.digits}"
    setting = f'{_SET}ds.add_new({tag}, "{vr}", {_sample(vr, found.vm, found.keyword)})'
    if _several(found):
        return "\n".join([*_import(vr), *_read_several(tag), setting])
    reading = [f"elem = ds.get({tag})", "value = elem.value if elem is not None else None"]
    return "\n".join([*_import(vr), *reading, setting])


def _repeating(found: Attribute) -> str:
    """Each tag of the range that the data set has, and setting the first of them."""
    vr = found.first_vr
    mask = "".join("0" if digit == "x" else "F" for digit in found.digits)
    value = found.digits.replace("x", "0")
    first = value
    if value.endswith("0000"):  # that would be the length of the group: the last x is 1
        before, _, after = found.digits.rpartition("x")
        first = f"{before}1{after}".replace("x", "0")
    return "\n".join(
        [
            *_import(vr),
            f"values = {{elem.tag: elem.value for elem in ds if elem.tag & 0x{mask} == 0x{value}}}",
            f'{_SET}ds.add_new(0x{first}, "{vr}", {_sample(vr, found.vm, found.keyword)})',
        ]
    )


def _notes(found: Attribute) -> list[str]:
    notes = []
    if found.repeats:
        notes.append(f"The tag stands for a range, {found.tag}, so a keyword could not say which one is meant.")
    if found.vr in _AMBIGUOUS and not found.repeats:
        notes.append(_SAY_IT if found.keyword in _UNDECIDED else _AMBIGUOUS[found.vr])
    if found.first_vr in _OF_VR:
        notes.append(_OF_VR[found.first_vr])
    if found.first_vr in _NUMBERS_AS_BYTES:
        notes.append("The value is bytes, as they stand in the object: numpy.frombuffer turns them into numbers.")
    if found.keyword == "PixelData":
        notes.append("ds.pixel_array decodes it, ds.set_pixel_data(array, …) replaces it with all that belongs to it.")
    return notes
