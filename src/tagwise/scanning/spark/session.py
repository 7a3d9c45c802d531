"""A session of Spark: what it needs is looked at first, so that a missing Java or a dead master is a clear message."""

from __future__ import annotations

import contextlib
import importlib.util
import logging
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tagwise.errors import BadSetting, EngineFailed, EngineMissing, EngineUnreachable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyspark.sql import SparkSession

OLDEST_JAVA = 17
"""PySpark 4 runs on this version of Java and later ones."""

OLDEST_PYSPARK = 4

ANSWER_SECONDS = 10.0
"""How long a master may take to accept a connection, and `java -version` to answer."""

WORKER_SECONDS = 60.0
"""How long a cluster may take to give the first executor."""

_INSTALL = "pip install 'tagwise[spark]'"
_JAVA_HINT = f"Install Java {OLDEST_JAVA} or newer (Debian: openjdk-17-jre-headless), or name one in JAVA_HOME."

_MORE_MEMORY = (
    "The answer is too large for the driver. Give it more: spark-submit --driver-memory 8g --conf "
    "spark.driver.maxResultSize=4g …, or the same options and pyspark-shell in PYSPARK_SUBMIT_ARGS."
)

_OWN = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}
"""What a session has that this process starts for itself; one that is given keeps what it has."""

_QUIET = """rootLogger.level = off
rootLogger.appenderRef.err.ref = err
appender.err.type = Console
appender.err.name = err
appender.err.target = SYSTEM_ERR
appender.err.layout.type = PatternLayout
appender.err.layout.pattern = %p %c{1}: %m%n
"""
"""How Java logs: not at all, because a task that is tried again is no error, and one that is given up is an exception.
TAGWISE_DEBUG=1 shows errors."""


def master_of(given: str | None) -> str:
    """The master as Spark is told it: local ones try a task again, as clusters do.

    >>> master_of("local[2]"), master_of(None), master_of("spark://host:7077")
    ('local[2,4]', 'local[*,4]', 'spark://host:7077')

    Raises:
        BadSetting: It is no master that Spark knows.
    """
    master = given or "local[*]"
    if master == "local":
        return "local[1,4]"
    if found := re.fullmatch(r"local\[(\d+|\*)\]", master):
        return f"local[{found[1]},4]"
    if not re.match(r"(local\[|spark://|k8s://|yarn$|local-cluster\[)", master):
        raise BadSetting(f"{master!r} is no master of Spark: local[2], spark://HOST:PORT, k8s://… or yarn")
    return master


@contextlib.contextmanager
def session(master: str | None, name: str) -> Iterator[SparkSession]:
    """The session that is there (a notebook, `spark-submit`), or one that is started and ended here.

    Args:
        master: `local[2]`, `spark://HOST:PORT`…; None takes what `spark-submit` says, or this machine.
        name: What the cluster calls this application.

    Raises:
        BadSetting: It is no master that Spark knows.
        EngineMissing: PySpark or Java is missing or too old.
        EngineUnreachable: Nobody answers at the master, or no executor comes.
    """
    _require_pyspark()
    # It prints statements that fail as JSON, with a hundred lines of Java; what matters is in the exception.
    logging.getLogger("SQLQueryContextLogger").setLevel(logging.CRITICAL + 1)
    from pyspark.sql import SparkSession  # noqa: PLC0415 - an extra

    running = SparkSession.getActiveSession()
    if running is not None:
        yield running
        return
    submitted = "PYSPARK_GATEWAY_PORT" in os.environ
    wanted = master_of(master) if master or not submitted else None
    with tempfile.TemporaryDirectory(prefix="tagwise-spark-", ignore_cleanup_errors=True) as folder:
        spark = _started(SparkSession.builder.appName(name), wanted, Path(folder), submitted=submitted)
        try:
            if wanted is None or not wanted.startswith("local["):
                _await_executor(spark, wanted or "the master of spark-submit")
            yield spark
        finally:
            with contextlib.suppress(Exception):  # a JVM that is gone cannot be asked to stop
                spark.stop()


def _require_pyspark() -> None:
    if importlib.util.find_spec("pyspark") is None:
        raise EngineMissing("Spark cannot be used: PySpark is not installed", hint=_INSTALL)
    if importlib.util.find_spec("pandas") is None:
        raise EngineMissing("Spark cannot be used: PySpark needs pandas, which is not installed", hint=_INSTALL)
    from pyspark import __version__  # noqa: PLC0415 - an extra

    if int(__version__.partition(".")[0]) < OLDEST_PYSPARK:
        raise EngineMissing(f"PySpark {__version__} is too old: {OLDEST_PYSPARK}.0 or newer is needed", hint=_INSTALL)


def require_java() -> int:
    """The version of Java that Spark would start.

    Raises:
        EngineMissing: There is none, it does not answer, or it is too old.
    """
    home = os.environ.get("JAVA_HOME")
    program = str(Path(home) / "bin" / "java") if home else shutil.which("java")
    if program is None:
        raise EngineMissing("Spark cannot be used: there is no Java on PATH, and JAVA_HOME is not set", hint=_JAVA_HINT)
    try:
        said = subprocess.run(  # noqa: S603 - the program that Spark would start
            [program, "-version"], capture_output=True, text=True, timeout=ANSWER_SECONDS * 3, check=True
        ).stderr
    except (OSError, subprocess.SubprocessError) as error:
        why = getattr(error, "strerror", None) or type(error).__name__
        raise EngineMissing(f"Spark cannot be used: {program!r} does not run: {why}", hint=_JAVA_HINT) from error
    version = java_version(said)
    if version is None or version < OLDEST_JAVA:
        raise EngineMissing(
            f"Spark cannot be used: {program!r} is Java {version or 'of an unknown version'}", hint=_JAVA_HINT
        )
    return version


def java_version(said: str) -> int | None:
    """The version that `java -version` names.

    >>> java_version('openjdk version "17.0.15" 2025-04-15'), java_version('java version "1.8.0_391"')
    (17, 8)
    """
    found = re.search(r'version "(?:1\.)?(\d+)', said)
    return int(found[1]) if found else None


def _started(builder: Any, master: str | None, folder: Path, *, submitted: bool) -> SparkSession:
    if not submitted:
        require_java()
        quiet = folder / "log4j2.properties"
        level = "error" if os.environ.get("TAGWISE_DEBUG") else "off"
        quiet.write_text(_QUIET.replace("= off", f"= {level}"))
        options = {
            **_OWN,
            "spark.sql.warehouse.dir": str(folder / "warehouse"),
            "spark.driver.extraJavaOptions": f"-Dlog4j2.configurationFile={quiet}",
        }
        for key, value in options.items():
            builder = builder.config(key, value)
    if master is not None:
        builder = builder.master(master)
        if master.startswith("local["):
            # Only this machine takes part: nobody else needs to reach it.
            builder = builder.config("spark.driver.host", "127.0.0.1").config("spark.driver.bindAddress", "127.0.0.1")
        elif master.startswith("spark://"):
            _require_master(master)
    # Tasks run in the Python of this process, unless somebody says which: `python3` on PATH may lack what they import.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    log = folder / "java.log"
    try:
        with contextlib.nullcontext() if submitted else _java_writes_to(log):
            spark: SparkSession = builder.getOrCreate()
    except Exception as error:
        last = log.read_text(errors="replace").strip().splitlines()[-1:] if log.exists() else []
        why = "; ".join([said_by(error), *last])
        raise EngineUnreachable(f"no session of Spark can be started: {why}") from error
    return spark


@contextlib.contextmanager
def _java_writes_to(log: Path) -> Iterator[None]:
    """Let Java, which is started here, write to a file: what it says about modules and defaults helps nobody.

    It keeps the standard error that it was started with, so this one is put back at once.
    """
    if os.environ.get("TAGWISE_DEBUG"):
        yield
        return
    sys.stderr.flush()
    kept = os.dup(2)
    try:
        with log.open("wb") as file:
            os.dup2(file.fileno(), 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def _require_master(master: str) -> None:
    """Ask every address of a standalone master whether somebody is there: Spark itself would try for minutes."""
    refused = []
    for address in master.removeprefix("spark://").split(","):
        host, _, port = address.rpartition(":")
        if not port.isdigit():
            raise BadSetting(f"{master!r} is no master of Spark: write spark://HOST:PORT")
        try:
            with socket.create_connection((host.strip("[]"), int(port)), timeout=ANSWER_SECONDS):
                return
        except OSError as error:
            refused.append(f"{address}: {error.strerror or error}")
    raise EngineUnreachable(
        f"no master of Spark answers at {'; '.join(refused)}",
        hint="Is it running, and is its port open to this machine?",
    )


def _await_executor(spark: SparkSession, master: str) -> None:
    """Wait until somebody can work: a job would wait without end.

    Raises:
        EngineUnreachable: No executor came in time.
    """
    late = time.monotonic() + WORKER_SECONDS
    try:
        status = spark.sparkContext._jsc.sc().statusTracker()  # noqa: SLF001 - no other way tells from Python
        while len(status.getExecutorInfos()) < 2 and time.monotonic() < late:  # the driver is one
            time.sleep(0.2)
        alone = len(status.getExecutorInfos()) < 2
    except Exception as error:
        raise EngineUnreachable(f"{master} ended the session: {said_by(error)}") from error
    if alone:
        raise EngineUnreachable(
            f"{master} gives no executor within {WORKER_SECONDS:g} seconds",
            hint="Are workers registered, and do they have the memory and cores that are asked for?",
        )


def said_by(error: BaseException) -> str:
    """What a job that failed says in one line: the message of tagwise where one of its tasks raised it."""
    text = str(error)
    if own := re.findall(r"tagwise\.errors\.\w+: (.+)", text):
        return str(own[-1])
    if lost := re.search(r"(Job aborted due to stage failure: [^\n]{0,300})", text):
        return lost[1]
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if "from the Python worker" in lines[0] if lines else False:
        raised = [line for line in lines if re.match(r"[\w.]*(Error|Exception|Warning|Interrupt): ", line)]
        return raised[-1][:300] if raised else lines[0]
    return lines[0][:300] if lines else type(error).__name__


@contextlib.contextmanager
def explained(doing: str) -> Iterator[None]:
    """Turn what Spark raises into a message.

    Raises:
        EngineFailed: A job was given up.
        EngineUnreachable: Java is gone, and the driver with it.
    """
    from py4j.protocol import Py4JError, Py4JNetworkError  # noqa: PLC0415 - an extra
    from pyspark.errors import PySparkException  # noqa: PLC0415 - an extra

    try:
        yield
    except (Py4JNetworkError, ConnectionError) as error:
        raise EngineUnreachable(
            f"Spark went away during {doing}", hint="What was finished is kept; the same command goes on from there."
        ) from error
    except (Py4JError, PySparkException) as error:
        too_large = re.search(r"spark\.driver\.maxResultSize|OutOfMemoryError: Java heap space", str(error))
        raise EngineFailed(
            f"Spark gave up on {doing}: {said_by(error)}",
            hint=_MORE_MEMORY if too_large else "What was finished is kept; the same command goes on from there.",
        ) from error
