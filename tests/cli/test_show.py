"""`tagwise show`, and what all commands share: errors, exit codes, version."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from tagwise import __version__, cli
from tagwise.cli import main


def run(*arguments: str, **environment: str) -> Result:
    return CliRunner().invoke(main, list(arguments), env=environment, prog_name="tagwise")


def process(*arguments: str, **options: Any) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, "-m", "tagwise", *arguments], capture_output=True, check=False, **options)


def test_an_attribute_is_shown() -> None:
    """The page says tag, VR, counts with rule and edition, and the checks."""
    result = run("show", "SeriesInstanceUID")
    assert result.exit_code == 0
    squeezed = " ".join(result.output.split())
    assert "SeriesInstanceUID (0020,000E) Series Instance UID" in squeezed
    assert "5 at top level, 17 at top level or in a first-level sequence, 38 at any depth (DICOM 2026b)" in squeezed
    assert "identity/series-uid-reused" in result.output
    assert "\x1b[" not in result.output


@pytest.mark.parametrize("spelling", ["(0020,000E)", "0020000e", "0x0020000E", "0020,000e", "SERIESINSTANCEUID"])
def test_every_spelling_shows_the_same_page(spelling: str) -> None:
    """Also on the command line."""
    assert run("show", spelling).output == run("show", "SeriesInstanceUID").output


def test_a_name_of_several_words_needs_no_quotes() -> None:
    """Words are joined."""
    assert run("show", "patient", "name").output == run("show", "PatientName").output


def test_json_goes_to_any_depth_and_text_to_the_top() -> None:
    """JSON has all of it; text is for reading."""
    document = json.loads(run("show", "SeriesInstanceUID", "--format", "json").output)
    assert len(document["modules"]["used_by"]) == 38
    assert "Enhanced PET Series" not in run("show", "SeriesInstanceUID").output
    assert "Enhanced PET Series" in run("show", "SeriesInstanceUID", "--depth", "first").output
    assert (
        len(
            json.loads(run("show", "SeriesInstanceUID", "--depth", "top", "--format", "json").output)["modules"][
                "used_by"
            ]
        )
        == 5
    )


def test_a_check_is_shown() -> None:
    """With its five sections and SQL that stands alone."""
    result = run("show", "identity/series-uid-reused")
    assert result.exit_code == 0
    assert "Why it matters" in result.output
    assert "WITH facets AS (" in result.output


@pytest.mark.parametrize("name", ["SeriesInstnceUID", "", "\x01", "x" * 100_000, "🎉", "'; --", "0009,1001", "a/b/c"])
def test_an_unknown_name_is_one_sentence_and_exit_code_2(name: str) -> None:
    """Whatever was typed."""
    result = run("show", name)
    assert result.exit_code == 2
    assert result.stderr.startswith("tagwise: nothing is called ")
    assert "Traceback" not in result.output


def test_the_nearest_names_are_offered() -> None:
    """With the one that was meant first."""
    assert "Did you mean SeriesInstanceUID" in run("show", "SeriesInstnceUID").stderr


def test_colour_needs_a_terminal_and_consent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Escape codes only on a terminal, never with NO_COLOR."""
    from tagwise.cli import terminal

    shown = []
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(click, "echo", lambda text, color: shown.append((text, color)))
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    terminal.print_text(lambda _, ink: ink("high", "red"))
    monkeypatch.setenv("NO_COLOR", "1")
    terminal.print_text(lambda _, ink: ink("high", "red"))
    assert shown == [("\x1b[31mhigh\x1b[0m", True), ("high", False)]


def test_the_version_names_the_editions() -> None:
    """Derived from the data files."""
    editions = "2026d (de-identification), 2026b (modules, IODs), 2025e (dictionary), 2024c (UIDs)"
    expected = f"tagwise {__version__} · DICOM {editions}\n"
    assert run("--version").output == expected


def test_without_arguments_help_is_printed() -> None:
    """Every command is listed, with examples in lines of their own."""
    result = run()
    assert result.exit_code == 0
    assert all(f"\n  {name} " in result.output for name in ("show", "list", "scan", "audit"))
    assert "\n  tagwise show SeriesInstanceUID" in result.output
    assert "\\b" not in result.output


@pytest.mark.parametrize("arguments", [("shwo",), ("show",), ("show", "Modality", "--depth", "deep"), ("--nothing",)])
def test_wrong_usage_is_exit_code_2(arguments: tuple[str, ...]) -> None:
    """Click's own messages, our exit code."""
    result = run(*arguments)
    assert result.exit_code == 2
    assert "Error" in result.output


def _command_that_raises(error: BaseException) -> click.Command:
    def callback() -> None:
        raise error

    return click.Command("show", callback=callback)


@pytest.mark.parametrize(
    ("error", "code", "says"),
    [
        (KeyboardInterrupt(), 130, ""),
        (RuntimeError("unlucky"), 2, "tagwise: internal error: RuntimeError"),
        (SystemExit(1), 1, ""),
        (click.UsageError("not so"), 2, "not so"),
    ],
)
def test_exceptions_become_exit_codes(
    monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int, says: str
) -> None:
    """Never a traceback, unless it is asked for."""
    monkeypatch.setattr(cli.CommandLine, "get_command", lambda *_: _command_that_raises(error))
    result = run("show")
    assert result.exit_code == code
    assert says in result.stderr
    assert "Traceback" not in result.stderr


def test_a_traceback_is_shown_on_request(monkeypatch: pytest.MonkeyPatch) -> None:
    """TAGWISE_DEBUG is for those who report a fault."""
    monkeypatch.setattr(cli.CommandLine, "get_command", lambda *_: _command_that_raises(RuntimeError("unlucky")))
    assert "Traceback" in run("show", TAGWISE_DEBUG="1").stderr


def test_show_does_not_import_what_is_slow() -> None:
    """Neither pydicom nor DuckDB nor pyarrow nor rich is loaded to show an attribute or a check."""
    program = (
        "import sys\nfrom tagwise.cli import main\n"
        "try:\n    main(['show', sys.argv[1]])\nfinally:\n"
        "    print(*{'pydicom', 'duckdb', 'pyarrow', 'rich', 'numpy', 'jinja2'} & set(sys.modules), file=sys.stderr)"
    )
    for name in ("SeriesInstanceUID", "identity/series-uid-reused"):
        done = subprocess.run([sys.executable, "-c", program, name], capture_output=True, text=True, check=True)
        assert "(0020,000E)" in done.stdout
        assert done.stderr.strip() == ""


@pytest.mark.skipif(os.name != "posix", reason="pipes close differently elsewhere")
def test_a_closed_pipe_is_quiet() -> None:
    """`tagwise show X | head -1` prints one line and no error."""
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as closed:
        done = subprocess.run(
            [sys.executable, "-m", "tagwise", "show", "CodeValue", "--depth", "all"],
            stdout=closed,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.stderr == b""
    assert done.returncode == 141


def test_a_terminal_of_few_characters_gets_an_answer() -> None:
    """What its encoding does not have is replaced, not an error."""
    done = process("show", "SeriesInstanceUID", env={**os.environ, "PYTHONIOENCODING": "latin-1"})
    assert done.returncode == 0
    assert b"? and 33 more" in done.stdout


@pytest.mark.parametrize(
    "name", ["SeriesInstanceUID", "0020,000e", "identity/uid-padded", "module:patient", "nonsense"]
)
def test_the_short_way_says_what_the_command_line_says(name: str) -> None:
    """`tagwise show NAME` is answered without click; everything else, and every error, goes through it."""
    program = [sys.executable, "-m", "tagwise", "show", name]
    short, whole = (
        subprocess.run([*program, *more], capture_output=True, check=False) for more in ([], ["--format", "text"])
    )
    assert (short.returncode, short.stdout, short.stderr) == (whole.returncode, whole.stdout, whole.stderr)


def test_the_short_way_does_without_click() -> None:
    code = (
        "import sys; sys.argv = ['tagwise', 'show', 'Modality']\n"
        "from tagwise.__main__ import main\n"
        "try: main()\n"
        "except SystemExit as end: print(end.code, 'click' in sys.modules, file=sys.stderr)\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stderr.strip() == "0 False"
