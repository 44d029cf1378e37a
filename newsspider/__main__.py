"""``python -m newsspider``."""

from newsspider.cli import main

main()
