"""The options that say what does the work of a scan or an audit: this machine, or a Spark cluster."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from pyspark.sql import SparkSession

ENGINE = click.option(
    "--engine",
    type=click.Choice(["duckdb", "spark"]),
    default="duckdb",
    help="What does the work: this machine, or a Spark cluster (docs/spark.md).  [default: duckdb]",
)
MASTER = click.option(
    "--master",
    metavar="URL",
    help="Master of Spark: local[2], spark://HOST:PORT…  [default: what spark-submit says, or this machine]",
)


def session(engine: str, master: str | None, name: str) -> AbstractContextManager[SparkSession | None]:
    """A session of Spark where it is wanted, None where this machine does the work.

    Raises:
        click.UsageError: A master is named, but no Spark is wanted.
        EngineError: Spark cannot be used, or nobody answers.
    """
    if engine != "spark":
        if master:
            raise click.UsageError("--master needs --engine spark.")
        return contextlib.nullcontext()
    from tagwise.scanning.spark import session as of_spark

    return of_spark.session(master, name)
