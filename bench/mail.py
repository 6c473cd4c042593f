"""Mail to ticket, the whole pipeline, beside django-helpdesk's own on the same mails and the same disk."""

import itertools
import json
import shutil
import subprocess
import sys
from pathlib import Path

from bench import helpdesk_peer, mails
from bench.helpdesk_peer import Helpdesk
from bench.office import Folder
from bench.rounds import Case, Measured, Result, interleave, table

COPIES = 4
OURS = "ours, Maildir to committed ticket"
THEIRS = "django-helpdesk, as its manual sets it up"
AT_BEST = "django-helpdesk, SQLite in WAL"
_lots = itertools.count(1)
_firsts = itertools.count(1, 1_000_000)


def run(folder: Folder, rounds: int) -> str:
    python = helpdesk_peer.installed()
    cases: dict[str, Case] = {OURS: ours(folder)}
    for name, wal in ((THEIRS, False), (AT_BEST, True)):
        place = folder.root / f"helpdesk-{'wal' if wal else 'plain'}"
        place.mkdir()
        there = Helpdesk(python, place, wal)
        there.run("make", "0")
        cases[name] = theirs(folder, there)
    result = interleave(cases, rounds)
    title = f"Mail to ticket, beside django-helpdesk {helpdesk_peer.version(python)}"
    return f"{table(result, title, THEIRS, 'mails a second')}\n\n{goals(result)}"


def goals(result: Result) -> str:
    rows = [
        f"| ours : {name} | {result.ratio(OURS, name) or 0:.1f} | {goal} |"
        for name, goal in ((THEIRS, ">= 20 (aim 40)"), (AT_BEST, ""))
    ]
    return "\n".join(("| ratio | measured | goal |", "|---|---:|---|", *rows))


def ours(folder: Folder) -> Case:
    def case() -> Measured:
        database, lot = folder.fresh(), folder.root / f"lot-{next(_lots)}"
        mails.lay_out(lot / "warm" / "new", 1, next(_firsts))
        count = mails.lay_out(lot / "all" / "new", COPIES, next(_firsts))
        done = subprocess.run(
            [sys.executable, "-m", "bench.mailing", database, lot / "all", lot / "warm"],
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        folder.drop(database)
        return _measured(json.loads(done.stdout), count, "ticket", lot)

    return case


def theirs(folder: Folder, there: Helpdesk) -> Case:
    def case() -> Measured:
        lot = folder.root / f"lot-{next(_lots)}"
        mails.lay_out(lot / "warm", 1, next(_firsts))
        count = mails.lay_out(lot / "all", COPIES, next(_firsts))
        return _measured(there.run("mail", str(lot / "all"), str(lot / "warm")), count, "tickets", lot)

    return case


def _measured(found: dict[str, float], count: int, tickets: str, lot: Path) -> Measured:
    """Raises RuntimeError when not every mail became a ticket."""
    shutil.rmtree(lot)
    if found["left"] or found[tickets] != count:
        raise RuntimeError(f"not every one of {count} mails became a ticket: {found}")
    return Measured(rate=count / found["seconds"], cpu=found["cpu"] / count * 1e6)
