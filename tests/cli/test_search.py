"""`tagwise search`, `tagwise list` of every kind, sections and ambiguous names of `tagwise show`, shell completion."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from click.shell_completion import BashComplete
from click.testing import CliRunner, Result

from tagwise.cli import main


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments), prog_name="tagwise")


def test_hits_say_what_show_takes() -> None:
    """One line each where it fits; no quotes are needed."""
    result = run("search", "series", "uid", "--limit", "1")
    assert result.exit_code == 0
    assert result.output == "SeriesInstanceUID                   (0020,000E)  Series Instance UID\n"


def test_hits_as_json() -> None:
    """With the query, the kind and the reason."""
    result = run("search", "ct image", "--format", "json", "--kind", "iod", "--limit", "1")
    assert json.loads(result.output) == {
        "kind": "hits",
        "query": "ct image",
        "hits": [
            {
                "kind": "iod",
                "show": "iod:ct-image",
                "label": "ct-image",
                "name": "CT Image",
                "retired": False,
                "how": "exact",
            }
        ],
    }


@pytest.mark.parametrize("query", ["zzzzqqq", "🎉", "'", "\x01", "x" * 100_000])
@pytest.mark.parametrize("form", ["text", "json"])
def test_nothing_found_is_exit_code_2(query: str, form: str) -> None:
    """As an unknown name is; JSON is still whole."""
    result = run("search", query, "--format", form)
    assert result.exit_code == 2
    assert result.stderr.startswith("tagwise: nothing is called ")
    assert form == "text" or json.loads(result.stdout)["hits"] == []


def test_an_ambiguous_name_lists_candidates_and_is_exit_code_2() -> None:
    """Each with the words that choose it."""
    result = run("show", "ct", "image")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "\n           module:ct-image  CT Image\n           iod:ct-image     CT Image\n" in result.stderr
    assert run("show", "iod:ct-image").exit_code == 0


def test_the_help_names_every_kind_that_chooses() -> None:
    """The prefix form is documented where it is needed."""
    shown = " ".join(run("show", "--help").output.split())
    assert "attribute, module, iod, sop-class, transfer-syntax, uid, vr, check, private" in shown


def test_only_the_sections_asked_for() -> None:
    """In text and in JSON; a wrong one lists what there is."""
    result = run("show", "Modality", "--section", "checks")
    assert "Operational errors" in result.output
    assert "Modules that use it" not in result.output
    document = json.loads(run("show", "Modality", "--section", "checks", "--format", "json").output)
    assert set(document) == {"kind", "tag", "number", "keyword", "name", "name_source", "checks", "vr_checks"}
    wrong = run("show", "Modality", "--section", "fhri")
    assert wrong.exit_code == 2
    assert "The sections of this page are identity, definition, modules, usage, values" in wrong.stderr


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("attributes", "--vr", "UI", "--retired"), "(0040,A021)  UI        R  FindingsGroupUIDTrial"),
        (("attributes", "--module", "general series"), "(0008,0060)  1     CS           Modality"),
        (("modules",), "1     CT Image"),
        (("iods",), "25       1            CT Image"),
        (("sop-classes",), "1.2.840.10008.5.1.4.1.1.2           CT Image Storage"),
        (("transfer-syntaxes", "--current"), "1.2.840.10008.1.2.5        lossless         RLE Lossless"),
        (("uids",), "1.2.840.10008.1.4.1.1               Talairach Brain Atlas Frame of Reference"),
        (("vrs",), "UI  at most 64 bytes                   Unique Identifier"),
        (("private",), "2         GEMS_GNHD_01"),
        (("private", "GEMS_IDEN_01"), "(0009,xx01)  LO        1      Full fidelity"),
    ],
)
def test_every_kind_is_listed(arguments: tuple[str, ...], line: str) -> None:
    """One line for each, plain when piped."""
    result = run("list", *arguments)
    assert result.exit_code == 0
    assert line in result.output.split("\n")
    assert "\x1b[" not in result.output


def test_a_list_as_json_has_a_row_in_a_line() -> None:
    """Whole as a document, and readable line by line."""
    result = run("list", "transfer-syntaxes", "--format", "json")
    document = json.loads(result.output)
    assert result.output.count("\n") == len(document["rows"]) + 2
    jpeg = next(row for row in document["rows"] if row["uid"] == "1.2.840.10008.1.2.4.50")
    assert (jpeg["loss"], jpeg["pixels"], jpeg["codec"], jpeg["retired"]) == ("lossy", "encapsulated", "JPEG", False)


@pytest.mark.parametrize(
    "arguments",
    [("modules", "--vr", "UI"), ("attributes", "--vr", "XX"), ("private", "nobody at all"), ("checks", "X")],
)
def test_a_wrong_filter_is_exit_code_2(arguments: tuple[str, ...]) -> None:
    """One sentence and nothing on standard output."""
    result = run("list", *arguments)
    assert result.exit_code == 2
    assert result.stdout == ""


def completions(arguments: list[str], incomplete: str) -> list[str]:
    completer = BashComplete(main, {}, "tagwise", "_TAGWISE_COMPLETE")
    return [item.value for item in completer.get_completions(arguments, incomplete)]


@pytest.mark.parametrize(
    ("arguments", "incomplete", "expected"),
    [
        (["show"], "SeriesInsta", ["SeriesInstanceUID"]),
        (["show"], "seriesinsta", ["SeriesInstanceUID"]),
        (["show"], "module:general-s", ["module:general-series", "module:general-study"]),
        (
            ["show"],
            "iod:ct",
            ["iod:ct-defined-procedure-protocol", "iod:ct-image", "iod:ct-performed-procedure-protocol"],
        ),
        (["show"], "vr:U", ["vr:UC", "vr:UI", "vr:UL", "vr:UN", "vr:UR", "vr:US", "vr:UT", "vr:UV"]),
        (["show"], "transfer-syntax:RLE", ["transfer-syntax:RLELossless"]),
        (["show"], "nothing:", []),
        (["list"], "mod", ["modules"]),
        ([], "sea", ["search"]),
    ],
)
def test_names_and_kinds_are_completed(arguments: list[str], incomplete: str, expected: list[str]) -> None:
    """Keywords in any case, what follows a kind, the kinds of lists."""
    assert completions(arguments, incomplete) == expected


def test_not_everything_is_offered_at_once() -> None:
    """Five thousand keywords help nobody."""
    assert len(completions(["show"], "")) <= 200


def test_the_completion_script_and_its_answers() -> None:
    """As a shell asks for them, without a word of error and without loading what is slow."""
    environment = {**os.environ, "_TAGWISE_COMPLETE": "bash_source"}
    command = [sys.executable, "-m", "tagwise"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert "_TAGWISE_COMPLETE=bash_complete" in done.stdout
    environment |= {"_TAGWISE_COMPLETE": "bash_complete", "COMP_WORDS": "tagwise show SeriesInsta", "COMP_CWORD": "2"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "plain,SeriesInstanceUID\n"
    assert done.stderr == ""
