"""One session of Spark for all tests, on this machine; nothing runs where Java or PySpark is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyspark.sql import SparkSession


def need_spark() -> None:
    """Skip, with what is missing, where Spark cannot run."""
    pytest.importorskip("pyspark", reason="PySpark is not installed: pip install 'tagwise[spark]'")
    pytest.importorskip("pandas", reason="pandas is not installed: pip install 'tagwise[spark]'")
    from tagwise.errors import EngineMissing
    from tagwise.scanning.spark.session import require_java

    try:
        require_java()
    except EngineMissing as missing:
        pytest.skip(str(missing))


@pytest.fixture(scope="session")
def spark() -> Iterator[SparkSession]:
    """A session with two cores."""
    need_spark()
    from tagwise.scanning.spark.session import session

    with session("local[2]", "tests of tagwise") as running:
        running.conf.set("spark.sql.shuffle.partitions", "1")
        yield running
