"""What docs/nightly.md says to type, and what its examples hand to a scheduler, works."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml
from click.testing import CliRunner

from tagwise.cli import main
from tagwise.control import load

if TYPE_CHECKING:
    from collections.abc import Callable

DOCS = Path(__file__).parents[2] / "docs"
EXAMPLES = DOCS / "examples-nightly"
PAGE = (DOCS / "nightly.md").read_text("utf-8")
FILES = (*sorted(EXAMPLES.iterdir()),)


def blocks(language: str) -> list[str]:
    """The code blocks of the page in a language."""
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def test_commands_of_the_page_run(
    archive: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In their order, in one folder; nothing is refused."""
    monkeypatch.chdir(tmp_path)
    archive({})
    lines = [line for block in blocks("sh") for line in block.splitlines()]
    assert len(lines) >= 5
    for line in lines:
        words = shlex.split(line.replace("/archive", "archive"))
        assert words[0] == "tagwise"
        ran = CliRunner().invoke(main, words[1:])
        assert ran.exit_code in (0, 1), (line, ran.output)
    assert (tmp_path / "tagwise.prom").exists()


def test_commands_of_the_examples_run(
    archive: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each scan and audit that a scheduler would start, with the paths of this test in the place of theirs."""
    monkeypatch.chdir(tmp_path)
    folder = archive({})
    for file in FILES:
        for found in re.findall(r"tagwise (?:scan|audit) [^|&'\n>]*", file.read_text("utf-8")):
            words = found.replace("/var/lib/tagwise", str(tmp_path)).replace("/data/", f"{tmp_path}/")
            words = re.sub(r"(?<=\s)/archive\b", str(folder), words)
            ran = CliRunner().invoke(main, shlex.split(words)[1:])
            assert ran.exit_code in (0, 1), (words, ran.output)


def test_settings_of_the_page_are_read(tmp_path: Path) -> None:
    """Every TOML block is a file that tagwise takes."""
    file = tmp_path / "tagwise.toml"
    file.write_text("\n".join(blocks("toml")))
    control = load(file)
    assert control.keep_days == 800
    made = control.alerts.with_options(())
    assert [one.kind for one in made.receivers] == ["email", "webhook", "slack", "prometheus", "syslog"]


def test_the_receiver_of_the_page_takes_our_signature() -> None:
    """The Python block checks what is sent, and refuses what was changed."""
    from tagwise.alerting.webhook import signature

    names: dict[str, Callable[..., bool]] = {}
    exec(blocks("python")[0], names)  # noqa: S102 - the page's own code
    signed = signature("key", "1", b"{}")
    assert names["is_from_tagwise"](b"key", "1", b"{}", signed)
    assert not names["is_from_tagwise"](b"key", "2", b"{}", signed)


def test_the_kubernetes_example_is_a_cron_job() -> None:
    """It parses, forbids two runs at once, and names only volumes that it has."""
    job = yaml.safe_load((EXAMPLES / "cronjob.yaml").read_text("utf-8"))
    assert (job["kind"], job["spec"]["concurrencyPolicy"]) == ("CronJob", "Forbid")
    pod = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    mounted = {one["name"] for one in pod["containers"][0]["volumeMounts"]}
    assert mounted == {one["name"] for one in pod["volumes"]}


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")
def test_systemd_takes_the_units() -> None:
    """`systemd-analyze verify` has nothing to say about them."""
    units = [str(EXAMPLES / f"tagwise-nightly.{kind}") for kind in ("service", "timer")]
    ran = subprocess.run(["systemd-analyze", "verify", "--man=no", *units], capture_output=True, text=True, check=False)
    assert "tagwise-nightly" not in ran.stderr, ran.stderr
    assert ran.returncode == 0, ran.stderr
