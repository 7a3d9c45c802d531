"""What findings must not depend on: the order and number of files and processes, the transfer syntax, the thread."""

from __future__ import annotations

import random
import resource
import threading
import time
import zlib
from typing import TYPE_CHECKING

import pydicom.config
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.mutations.archives import ARCHIVE, make, write
from tests.mutations.encoding import DEFLATED, swapped
from tests.mutations.kinds import EVERY, Mutation
from tests.mutations.modules import MODULES
from tests.mutations.sound import Sound, sound
from tests.mutations.values import ADDED, VALUES

import tagwise
from tagwise.checks.writing import BIG_ENDIAN, EXPLICIT, IMPLICIT, data_set
from tagwise.validation.engine import CRASHED

if TYPE_CHECKING:
    from pathlib import Path

    from tagwise.auditing import AuditResult

OF_THE_ENCODING = ("encoding/", "dictionary/vr-", "value/binary-length-wrong")
"""Checks that are about how an object is written: a VR that is not written cannot be wrong."""


def _written(one: Sound) -> dict[str, bytes]:
    """One object in the four transfer syntaxes that are not compressed."""
    packer = zlib.compressobj(wbits=-15)
    stream = packer.compress(data_set(one.elements)) + packer.flush()
    return {
        "explicit": one.in_syntax(EXPLICIT),
        "implicit": one.in_syntax(IMPLICIT),
        "big endian": swapped(one).in_syntax(BIG_ENDIAN),
        "deflated": one.declared(DEFLATED).head + stream + bytes(len(stream) % 2),
    }


def _facts(content: bytes) -> list[tuple[str, str, str]]:
    found = tagwise.check(content).findings
    assert CRASHED not in {one.check for one in found}
    return sorted(
        (one.check, one.severity.value, one.place.attribute if one.place else "")
        for one in found
        if not one.check.startswith(OF_THE_ENCODING)
    )


OF_VALUES = [one for one in (*VALUES, *ADDED, *MODULES) if one.check != "dictionary/vr-un-for-known-attribute"]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(OF_VALUES), st.data())
def test_findings_do_not_depend_on_the_transfer_syntax(mutation: Mutation, data: st.DataObject) -> None:
    """Explicit, implicit, big endian, deflated: the same damage to a whole object gives the same findings."""
    damaged = mutation.damage(sound(data.draw(st.sampled_from(mutation.of))))
    if not isinstance(damaged, Sound) or mutation.check.startswith("dictionary/vr-"):
        return  # written byte by byte, in one syntax; or about a VR that implicit VR does not have
    found = {name: _facts(content) for name, content in _written(damaged).items()}
    assert found["implicit"] == found["explicit"]
    assert found["big endian"] == found["explicit"]
    assert found["deflated"] == found["explicit"]


@settings(max_examples=120, deadline=None)
@given(st.sampled_from(EVERY), st.integers(0, 1 << 32), st.integers(0, 40), st.floats(0, 1))
def test_damaged_objects_end_soon(kind: str, seed: int, flips: int, kept: float) -> None:
    """Bits flipped anywhere and a cut anywhere: findings within two seconds of processor time, never an error."""
    content = sound(kind).content()
    chance = random.Random(seed)  # noqa: S311 - damage, and no secret
    damaged = bytearray(content[: int(len(content) * (kept if chance.random() < 0.5 else 1))])
    for _ in range(flips if damaged else 0):
        damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
    start = time.thread_time()
    found = tagwise.check(bytes(damaged)).findings
    assert time.thread_time() - start < 2
    assert CRASHED not in {one.check for one in found}


def test_lengths_that_lie_need_no_memory() -> None:
    """An object that claims four gigabytes, and a stream that inflates to one, do not get them."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    one = sound("CT")
    claims = one.content() + b"\xfc\xff\xfc\xffOB\0\0\xf0\xff\xff\xff" + bytes(100)
    packer = zlib.compressobj(9, wbits=-15)
    bomb = packer.compress(data_set(one.elements[:-1]))
    bomb += packer.compress(b"\xe0\x7f\x10\0OW\0\0\0\0\0\x10")
    for _ in range(256):
        bomb += packer.compress(bytes(1 << 20))
    bomb += packer.flush()
    for content in (claims, one.declared(DEFLATED).head + bomb):
        assert tagwise.check(content).findings is not None
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200 * 1024  # kilobytes


def test_nothing_of_pydicom_is_changed() -> None:
    """Settings of pydicom are those of the caller, whatever is checked and in whichever form."""

    def snapshot() -> dict[str, str]:
        state = {name: repr(value) for name, value in vars(pydicom.config).items() if not name.startswith("__")}
        return state | {f"settings.{name}": repr(value) for name, value in vars(pydicom.config.settings).items()}

    before = snapshot()
    for kind in EVERY:
        content = sound(kind).content()
        tagwise.check(content)
        tagwise.check(content[:-9])
        tagwise.check(pydicom.dcmread(pydicom.filebase.DicomBytesIO(content)))
        tagwise.fix(content)
    assert snapshot() == before


def test_eight_threads_find_the_same() -> None:
    """Objects of all kinds in eight threads at once, each in another order: every finding as in one thread."""
    damaged = [one.content(sound(one.of[0])) for one in (*VALUES, *MODULES)]
    expected = [tagwise.check(content) for content in damaged]
    wrong: list[int] = []

    def work(seed: int) -> None:
        order = list(range(len(damaged)))
        random.Random(seed).shuffle(order)  # noqa: S311 - an order, and no secret
        wrong.extend(number for number in order if tagwise.check(damaged[number]) != expected[number])

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


@pytest.fixture(scope="module")
def damaged_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every third kind of damage across files, in one folder."""
    from tests.auditing.test_clean_archive import Archive

    root = tmp_path_factory.mktemp("archive")
    archive = Archive(root)
    for number, mutation in enumerate(ARCHIVE[::3]):
        folder = root / f"case {number}"
        folder.mkdir()
        case = make(archive, folder, number)
        mutation.damage(case)
        write(case, folder)
    return root


def _audited(result: AuditResult) -> list[tuple[object, ...]]:
    """What the findings of an audit say, without paths."""
    return sorted(
        (one.check, one.severity.value, tuple(sorted((k, v) for k, v in one.subject.items() if k != "file_path")))
        for one in result.findings
    )


@pytest.mark.filterwarnings("ignore::UserWarning")  # pydicom's, about values that are wrong on purpose
def test_audits_do_not_depend_on_order_and_processes(damaged_archive: Path, tmp_path: Path) -> None:
    """One process and three, and the same objects under other names in another order, give the same findings."""
    from tagwise import audit, scan
    from tagwise.settings import ScanSettings

    one, three = tmp_path / "one.duckdb", tmp_path / "three.duckdb"
    scan(damaged_archive, index=one, settings=ScanSettings(jobs=1))
    scan(damaged_archive, index=three, settings=ScanSettings(jobs=3))
    expected = _audited(audit(one))
    assert len({name for name, *_ in expected}) > 10
    assert _audited(audit(three)) == expected
    shuffled = tmp_path / "shuffled"
    shuffled.mkdir()
    paths = sorted(path for path in damaged_archive.rglob("*") if path.is_file())
    random.Random(7).shuffle(paths)  # noqa: S311 - an order, and no secret
    for number, path in enumerate(paths):
        (shuffled / f"{number:04}").write_bytes(path.read_bytes())
    other = tmp_path / "shuffled.duckdb"
    scan(shuffled, index=other, settings=ScanSettings(jobs=2))
    assert _audited(audit(other)) == expected
