"""`python -m bench [NAME ...] [--rounds N] [--folder DIR]`: tables in Markdown on stdout, progress on stderr."""

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path

from bench import (
    audit,
    backup,
    breach,
    broadcast,
    carrying,
    filters,
    hang,
    lists,
    mail,
    pages,
    processes,
    search,
    start,
    storm,
    webhook,
)
from bench.office import Folder
from bench.rounds import machine

Bench = Callable[[Folder, int], str]
BENCHES: dict[str, Bench] = {
    "intake": webhook.run,
    "pages": pages.run,
    "search": search.run,
    "filters": filters.run,
    "start": start.run,
}
ON_DEMAND: dict[str, Bench] = {
    "million": pages.run_large,
    "search-large": search.run_large,
    "filters-large": filters.run_large,
    "backup": backup.run,
    "breach": breach.run,
    "mail": mail.run,
    "lists": lists.run,
    "hang": hang.run,
    "processes": processes.run,
    "copy": carrying.run,
    "broadcast": broadcast.run,
    "audit": audit.run,
    "storm": storm.run,
}
EVERY = BENCHES | ON_DEMAND


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"of {', '.join(EVERY)}; without any: {', '.join(BENCHES)}"
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--folder", type=Path, help="where the databases lie: the disk that is measured")
    asked = parser.parse_args()
    unknown = set(asked.names) - set(EVERY)
    if unknown:
        parser.error(f"no bench is named {', '.join(sorted(unknown))}; there are {', '.join(EVERY)}")
    print(machine())
    with tempfile.TemporaryDirectory(prefix="tanggap-bench-", dir=asked.folder) as folder:
        root = Folder(Path(folder))
        for name in asked.names or BENCHES:
            print(EVERY[name](root, asked.rounds), flush=True)


if __name__ == "__main__":
    main()
