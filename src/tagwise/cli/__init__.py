"""The command line. Each command is a module of its own, imported only when it runs, so that `show` starts fast."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from importlib import import_module
from typing import Any, NoReturn

import click

from tagwise.errors import TagwiseError

_COMMANDS = {
    "show": "show",
    "search": "search",
    "list": "listing",
    "check": "check",
    "scan": "scan",
    "audit": "audit",
    "history": "history",
    "sources": "sources",
    "publish": "publish",
    "standard": "standard",
    "serve": "serve",
    "site": "site",
}

_ERROR = 2
_BROKEN_PIPE = 141  # what a shell reports for a program that SIGPIPE ended


class CommandLine(click.Group):
    """Commands by name, imported on demand, and one place that turns exceptions into messages and exit codes."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = import_module(f"tagwise.cli.{_COMMANDS[cmd_name]}").command
        _keep_lines(command)
        for inner in getattr(command, "commands", {}).values():
            _keep_lines(inner)
        return command

    def main(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Run a command and end the process: 0 done, 1 findings, 2 usage or internal error.

        A signal ends it with 128 and its number, as a shell would say: 130 after Ctrl-C, 143 after SIGTERM.
        """
        kwargs["standalone_mode"] = False
        _have_streams()
        ending = _EndingSignal()
        _write_what_the_terminal_can()
        try:
            code = super().main(*args, **kwargs)
            sys.stdout.flush()
        except BrokenPipeError:
            _leave_quietly()
        except click.exceptions.Abort:
            raise SystemExit(128 + ending.number) from None
        except click.ClickException as error:
            error.show()
            raise SystemExit(error.exit_code) from None
        except TagwiseError as error:
            _fail(str(error), error.hint)
        except OSError as error:
            _fail(f"the operating system says: {error.strerror or type(error).__name__}", "TAGWISE_DEBUG=1 shows where")
        except Exception as error:  # noqa: BLE001 - the last line of defence: never a traceback for a user
            # Its text may quote a value of a patient.
            _fail(f"internal error: {type(error).__name__}", "TAGWISE_DEBUG=1 shows where and why; please report it")
        raise SystemExit(code if isinstance(code, int) else 0)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; meet a closed pipe before click makes exit code 1 of it, which means findings here."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            _leave_quietly()


class _EndingSignal:
    """Lets SIGTERM and SIGHUP end a command as Ctrl-C does: transactions, temporary files and the cursor are put right.

    A signal that is ignored (nohup) stays ignored.
    """

    def __init__(self) -> None:
        self.number = int(signal.SIGINT)
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGTERM, signal.SIGHUP):
                if signal.getsignal(number) is signal.SIG_DFL:
                    signal.signal(number, self._end)

    def _end(self, number: int, _frame: object) -> NoReturn:
        self.number = number
        raise KeyboardInterrupt


def _have_streams() -> None:
    """Point standard streams that are closed to nowhere; else the index would be opened as one, and written to."""
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # gets the lowest free number, which is this one
        if getattr(sys, name) is None:
            setattr(sys, name, open(number, mode, closefd=False))  # noqa: SIM115 - stays open until the end


def _keep_lines(command: click.Command) -> None:
    r"""Let `\b` in a raw docstring be click's sign for lines that are not to be re-wrapped."""
    command.help = (command.help or "").replace("\\b\n", "\b\n")


def _write_what_the_terminal_can() -> None:
    """Let a terminal of few characters show `?` for the ones it lacks, instead of an error."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(errors="replace")


def _leave_quietly() -> NoReturn:
    """End without a message: the reader of our output has seen enough."""
    # Python flushes standard output once more at exit; point it where that cannot fail.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    raise SystemExit(_BROKEN_PIPE)


def _fail(message: str, hint: str) -> NoReturn:
    if os.environ.get("TAGWISE_DEBUG"):
        import traceback

        traceback.print_exc()
    with contextlib.suppress(OSError):  # the terminal may be gone
        click.echo(f"tagwise: {message}", err=True)
        if hint:
            click.echo("\n".join(f"         {line}" for line in hint.split("\n")), err=True)
    raise SystemExit(_ERROR)


def _print_version(ctx: click.Context, _option: click.Parameter, wanted: bool) -> None:
    if not wanted or ctx.resilient_parsing:
        return
    from tagwise import __version__
    from tagwise.standard import editions

    click.echo(f"tagwise {__version__} · {editions.described()}")
    ctx.exit()


@click.group(cls=CommandLine, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="Show the version and the editions of the standard it holds.",
)
@click.pass_context
def main(ctx: click.Context) -> None:
    r"""The DICOM integration reference that runs.

    \b
    tagwise show SeriesInstanceUID           what an attribute is, who uses it
    tagwise search series uid                find what has a name
    tagwise scan /archive --index a.duckdb   read the headers of an archive
    tagwise audit a.duckdb                   say what is wrong in it
    tagwise check image.dcm                  say what is wrong with one object
    tagwise show identity/series-uid-reused  explain a finding
    tagwise serve --open                     the same pages in a browser
    tagwise site public                      the same pages as files
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


_keep_lines(main)
