"""`python -m tanggap` and the command `tanggap`."""

import sys

from tanggap.cli import run


def main() -> None:
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
