"""`tagwise list`."""

from __future__ import annotations

import json

from click.testing import CliRunner, Result

from tagwise.checks import registry
from tagwise.checks.objects import object_registry
from tagwise.cli import main


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["list", *arguments], prog_name="tagwise")


def test_every_check_is_listed_with_title_and_severity() -> None:
    """In the order of names."""
    result = run("checks")
    assert result.exit_code == 0
    squeezed = " ".join(result.output.split())
    checks = {**object_registry(), **registry()}
    for name, check in checks.items():
        assert f"{check.severity.value} {name} {check.title}" in squeezed
    assert f"{len(checks)} checks" in result.output


def test_the_json_list_has_the_facts_of_each_check() -> None:
    """The same order, the grades kept apart."""
    document = json.loads(run("checks", "--format", "json").output)
    assert document["kind"] == "checks"
    assert [check["name"] for check in document["checks"]] == sorted({*object_registry(), *registry()})
    assert set(document["checks"][0]) == {"name", "title", "severity", "confidence", "basis", "level", "runs_in"}


def test_an_unknown_kind_is_exit_code_2() -> None:
    """And the kinds there are get named."""
    result = run("unicorns")
    assert result.exit_code == 2
    assert "checks" in result.output


def test_cloud_lists_attributes_by_service() -> None:
    """All services, or one with its facts."""
    assert "RQ" in run("cloud").output
    assert "Azure DICOM service, API v2" in run("cloud", "--service", "azure-v2").output
    document = json.loads(run("cloud", "--format", "json").output)
    assert (document["kind"], len(document["services"])) == ("cloud", 4)
    one = json.loads(run("cloud", "--service", "google", "--format", "json").output)
    assert [service["service"] for service in one["services"]] == ["google"]


def test_a_service_that_is_not_there_is_exit_code_2() -> None:
    """Also one that is asked of another kind."""
    assert run("cloud", "--service", "azure").exit_code == 2
    result = run("checks", "--service", "aws")
    assert result.exit_code == 2
    assert "belongs to the kinds cloud and limits" in result.output
