"""`python -m tagwise` is the command line."""

from tagwise.cli import main

main(prog_name="tagwise")
