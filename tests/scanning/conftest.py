"""Tests of the header reader run with both readers, where the native one was compiled."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tagwise.scanning.kernel import reader_name
from tagwise.scanning.reader import HeaderReader

if TYPE_CHECKING:
    from collections.abc import Iterator

BOTH = {"test_reader_files", "test_reader_lengths", "test_reader_objects", "test_reader_pydicom", "test_references"}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if metafunc.module.__name__.rpartition(".")[2] in BOTH:
        metafunc.parametrize("which_reader", ["python", "native"], indirect=True, scope="module")


@pytest.fixture(scope="module", autouse=True)
def which_reader(request: pytest.FixtureRequest) -> Iterator[str]:
    """The reader that `HeaderReader` uses: whichever the test asks for, else the one that is there."""
    wanted: str = getattr(request, "param", reader_name())
    if wanted == "native" and reader_name() == "python":
        pytest.skip("the native reader was not compiled")
    with pytest.MonkeyPatch.context() as patch:
        if wanted == "python":
            patch.setattr(HeaderReader, "read_bytes", HeaderReader.explain_bytes)
            patch.setattr(HeaderReader, "read_file", HeaderReader.explain_file)
        yield wanted
