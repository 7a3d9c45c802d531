"""Private elements against pydicom's private dictionary."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from pydicom._private_dict import private_dictionaries

from tagwise.errors import UnknownName
from tagwise.standard import private

ROOT = Path(__file__).resolve().parents[2]


def test_every_element_is_pydicom_s_and_none_is_missing() -> None:
    """Creator, tag, VR, VM and name of ten thousand elements."""
    theirs = {
        (creator, tag.lower(), vr.replace("_", " or "), vm, name.strip())
        for creator, elements in private_dictionaries.items()
        for tag, (vr, vm, name, _) in elements.items()
    }
    ours = {
        (one.creator, one.tag.lower().translate({40: None, 41: None, 44: None}), one.vr, one.vm, one.name)
        for creator in private.creators()
        for one in private.elements(creator)
    }
    assert ours == theirs
    assert private.count() == len(theirs) > 10_000


def test_an_unknown_creator_gets_its_neighbours() -> None:
    """A name out of an object may have blanks around it."""
    assert private.elements(" GEMS_IDEN_01 ")[0].creator == "GEMS_IDEN_01"
    with pytest.raises(UnknownName) as caught:
        private.elements("SIEMENS CSA HEADR")
    assert caught.value.nearest[0] == "SIEMENS CSA HEADER"


def test_an_attribute_look_up_does_not_read_the_private_table() -> None:
    """It is loaded when somebody asks for it."""
    code = (
        "import tagwise; from tagwise.standard import tables; read = []; real = tables.text.__wrapped__\n"
        "tables.text = lambda name: read.append(name) or real(name)\n"
        "tagwise.show('SeriesInstanceUID'); tagwise.show('UI'); print('private.tsv' in read, 'dictionary.tsv' in read)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["False", "True"]


def test_the_table_is_what_its_maker_makes() -> None:
    """Nobody edited it."""
    command = [sys.executable, "make_private.py", "--check"]
    ran = subprocess.run(command, cwd=ROOT / "tools", capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout
