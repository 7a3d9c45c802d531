"""Limits of cloud services side by side, and what the listener of Mirth Connect and OIE takes."""

from __future__ import annotations

import json
import re

import pytest
from click.testing import CliRunner

from tagwise import pages
from tagwise.cli import main
from tagwise.errors import UsageError
from tagwise.knowledge import cloud, limits, oie
from tagwise.pages import as_json, cloud_list, limits_list, listener_section, text
from tagwise.pages.layout import Ink
from tagwise.standard import uids

PLAIN = Ink(on=False)
SERVICES = ["", "aws", "azure", "google"]


@pytest.mark.parametrize("service", SERVICES)
def test_every_limit_is_shown_in_text_and_json(service: str) -> None:
    """133 limits, codes and rules; none is lost between the table and the page."""
    expected = [limit for limit in limits.limits() if service in ("", limit.service)]
    shown = "".join(limits_list.text(service, ink=PLAIN).split())
    document = json.loads(json.dumps(limits_list.document(service)))
    listed = [limit for topic in document["topics"] for found in topic["limits"].values() for limit in found]
    assert sorted(limit["id"] for limit in listed) == sorted(limit.id for limit in expected)
    for limit in expected:
        assert "".join(limit.says.split()) in shown
        assert "".join(limit.disagrees.split()) in shown


def test_topics_stand_side_by_side() -> None:
    shown = limits_list.text(ink=PLAIN)
    block = shown[shown.index("  limit\n") : shown.index("  match\n")]
    services = [line[4:10].strip() for line in block.split("\n")[1:] if line[4:5].strip()]
    assert services == ["AWS", "Azure", "Google", "Google"]
    assert "1,000 results" in block
    assert shown.index("Where they differ most") < shown.index("Storing") < shown.index("Searching")


def test_sources_stand_with_their_dates() -> None:
    document = limits_list.document()
    assert len(document["sources"]) > 15
    used = {key for one in document["compared"] for key in one["sources"]}
    assert used <= set(document["sources"])
    for source in document["sources"].values():
        assert source["url"].startswith("https://")
        assert re.fullmatch(r"20\d\d-\d\d-\d\d", source["taken"])
        assert source["url"] in limits_list.text(ink=PLAIN)


def test_every_topic_has_a_heading() -> None:
    """A new first part of a topic needs one; its slug would be shown instead."""
    assert {topic.partition(".")[0] for topic in limits.side_by_side()} == set(limits_list._HEADINGS)


def test_a_version_of_azure_is_azure_and_anything_else_an_error() -> None:
    assert limits_list.page("azure-v2").services == ("azure",)
    with pytest.raises(UsageError, match="no service is called 'ibm'"):
        limits_list.page("ibm")


@pytest.mark.parametrize("width", [60, 80, 100])
def test_the_lists_fit_the_terminal(width: int) -> None:
    for shown in (limits_list.text(width=width, ink=PLAIN), listener_section.list_text(width, ink=PLAIN)):
        for line in shown.split("\n"):
            assert len(line) <= width or len(line.split()) <= 2, line


@pytest.mark.parametrize(
    ("name", "accepts"),
    [
        ("CT Image Storage", True),
        ("Segmentation Storage", False),
        ("RLELossless", True),
        ("1.2.840.10008.1.2.4.201", False),
    ],
)
def test_pages_of_uids_say_whether_the_listener_takes_them(name: str, accepts: bool) -> None:
    page = pages.show(name)
    shown = text.page(page, sections=["listener"])
    assert f"Accepts   {'yes' if accepts else 'no'}, unless" in shown
    assert oie.source().url in shown
    assert oie.source().dated in shown
    document = as_json.page(page, ["listener"])["oie_listener"]
    assert document["accepts"] is accepts
    assert document["source"]["taken"] == "2026-11-23"


@pytest.mark.parametrize("name", ["Verification SOP Class", "uid:1.2.840.10008.1.4.1.1"])
def test_what_is_never_stored_has_no_such_section(name: str) -> None:
    assert "Mirth" not in text.page(pages.show(name))
    assert "oie_listener" not in as_json.page(pages.show(name))


def test_the_list_of_the_listener_is_complete() -> None:
    document = listener_section.list_document()
    assert len(document["rows"]) == 84 + 13
    assert {row["uid"] for row in document["rows"] if row["uid"]} <= set(uids.by_uid())
    shown = listener_section.list_text(80, ink=PLAIN)
    assert "SOP classes (84)" in shown
    assert "Transfer syntaxes (13)" in shown


@pytest.mark.parametrize("status", list(cloud.STATUS_WORDS))
def test_the_matrix_can_be_filtered_by_status(status: str) -> None:
    """The same attributes as one by one."""
    expected = [row.tag for row in cloud.matrix() if any(status in words for words in row.statuses.values())]
    assert [row["tag"] for row in cloud_list.document(status=status)["attributes"]] == expected
    assert cloud_list.text(status=status.upper(), ink=PLAIN).count("\n  (") == len(expected)


def test_one_service_can_be_filtered_by_status() -> None:
    required = [row["keyword"] for row in cloud_list.document("azure-v2", "required")["attributes"]]
    assert required == ["SOPClassUID", "SOPInstanceUID", "PatientID", "StudyInstanceUID", "SeriesInstanceUID"]
    assert cloud_list.text("azure-v2", status="required", ink=PLAIN).endswith("5 attributes required there.")
    with pytest.raises(UsageError, match="no status is called 'needed'"):
        cloud_list.document(status="needed")


def test_the_matrix_has_the_level_of_a_search_key_for_each_version() -> None:
    rows = {row["keyword"]: row for row in cloud_list.document()["attributes"]}
    levels = rows["SeriesInstanceUID"]["levels"]
    assert {service: found["queryable"] for service, found in levels.items()} == {
        key: ["series"] for key in cloud.SERVICE_KEYS
    }
    assert levels["aws"]["promoted"] == ["series"]
    assert rows["SOPClassUID"]["status"]["azure-v1"] == ["required"]


@pytest.mark.parametrize("kind", ["limits", "oie", "cloud"])
def test_the_command_lists_them_as_text_and_json(kind: str) -> None:
    run = CliRunner().invoke(main, ["list", kind])
    assert run.exit_code == 0
    assert len(run.output.split("\n")) > 90
    assert json.loads(CliRunner().invoke(main, ["list", kind, "--format", "json"]).output)["kind"] == kind


@pytest.mark.parametrize(
    "arguments",
    [["oie", "--vr", "UI"], ["oie", "--service", "aws"], ["limits", "--status", "required"], ["limits", "X"]],
)
def test_filters_that_do_not_fit_are_refused(arguments: list[str]) -> None:
    run = CliRunner().invoke(main, ["list", *arguments])
    assert run.exit_code == 2
    assert "Error" in run.output or "Error" in run.stderr
