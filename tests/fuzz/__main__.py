"""A longer run, with figures:

    python -m tests.fuzz --count 100000 [--seed 1] [--only "ogg opus"] [--keep DIR]

Ends with 1 when anything but a track or a reason came out; `--keep` writes such files.
"""

import argparse
import sys
from pathlib import Path

from tests.fuzz.run import Figures, cases


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description="Damage files, and see how they are read.")
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", default="", help="seed files whose name begins so")
    parser.add_argument("--keep", type=Path, help="folder for the files that broke something")
    chosen = parser.parse_args(arguments)
    figures = Figures()
    for case in cases(chosen.count, chosen.seed, chosen.only):
        figures.run(case)
        if chosen.keep and figures.broken and figures.broken[-1][0] is case:
            chosen.keep.mkdir(parents=True, exist_ok=True)
            (chosen.keep / f"{case.number}.bin").write_bytes(case.data)
    for case, trace in figures.broken[:10]:
        say(f"{case.title}\n{trace}")
    for line in figures.lines():
        say(line)
    return 1 if figures.broken else 0


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
