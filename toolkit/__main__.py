"""``python -m toolkit``."""

from toolkit.cli.main import main

main(prog_name="toolkit")
