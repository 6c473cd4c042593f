"""`python -m tanggap` and the command `tanggap`."""

import sys
from io import TextIOWrapper

from tanggap.cli import run


def main() -> None:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(
                errors="backslashreplace"
            )  # a terminal that lacks a letter still gets the line
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
