"""The list of tickets that an agent works from, over HTTP with a session, beside django-helpdesk's at 20,000 tickets."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlencode

from bench import helpdesk_peer
from bench.helpdesk_peer import Helpdesk
from bench.office import Folder
from bench.pages import filled
from bench.rounds import Case, Measured, Result, interleave, table

TICKETS = 20_000
SECONDS = 3.0
ROWS = 25  # a page of theirs; ours shows 30
OURS, PAGE, DATA = (
    "ours, the queue's page with its rows",
    "django-helpdesk, its page",
    "django-helpdesk, its rows",
)


def run(folder: Folder, rounds: int) -> str:
    python = helpdesk_peer.installed()
    place = folder.root / "helpdesk-lists"
    place.mkdir()
    there = Helpdesk(python, place)
    made = there.run("make", str(TICKETS))
    with ExitStack() as stack:
        port, pid, session = stack.enter_context(_ours(filled(folder, TICKETS)))
        other = stack.enter_context(there.served())
        cookie = f"sessionid={made['session']}"
        asks = {"draw": 1, "start": 0, "length": ROWS}
        rows = f"/datatables_ticket_list/{made['query']}?{urlencode(asks)}"
        cases: dict[str, Case] = {}
        for callers in (1, 4):
            cases[f"{OURS}, {callers}"] = reading(
                (port, pid), "/antrean?tampilan=free", f"tanggap={session}", "KRS terkunci", 30, callers
            )
            cases[f"{PAGE}, {callers}"] = reading(other, "/tickets/", cookie, "datatables", 1, callers)
            cases[f"{DATA}, {callers}"] = reading(other, rows, cookie, "KRS terkunci", ROWS, callers)
        result = interleave(cases, rounds)
    title = (
        f"List of {TICKETS:,} open tickets over HTTP, beside django-helpdesk {helpdesk_peer.version(python)}"
    )
    return f"{table(result, title, f'{DATA}, 1', 'a second')}\n\n{goals(result)}"


def goals(result: Result) -> str:
    """A list of theirs that an agent sees is both: the page, and the rows that its script fetches."""
    rows = []
    for callers in (1, 4):
        ours = result.median(f"{OURS}, {callers}") or 0
        both = sum(1 / (result.median(f"{name}, {callers}") or 1) for name in (PAGE, DATA))
        rows.append(f"| {callers} at once: ours : their page and its rows | {ours * both:.0f} | >= 100 |")
        ratio = result.ratio(f"{OURS}, {callers}", f"{DATA}, {callers}") or 0
        rows.append(f"| {callers} at once: ours : their rows alone | {ratio:.0f} | |")
    return "\n".join(("| ratio | measured | goal |", "|---|---:|---|", *rows))


@contextmanager
def _ours(database: Path) -> Iterator[tuple[int, int, str]]:
    words = [sys.executable, "-m", "bench.listing", str(database)]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        found = json.loads(process.stdout.readline())
        yield found["port"], process.pid, found["session"]
    finally:
        process.terminate()
        process.wait()


def reading(where: tuple[int, int], path: str, cookie: str, must: str, times: int, callers: int) -> Case:
    asked = {
        "port": where[0],
        "pid": where[1],
        "path": path,
        "cookie": cookie,
        "callers": callers,
        "seconds": SECONDS,
        "must": must,
        "times": times,
    }

    def case() -> Measured:
        words = [sys.executable, "-m", "bench.getting", json.dumps(asked)]
        done = subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True)
        found = json.loads(done.stdout)
        return Measured(rate=found["rate"], cpu=found["cpu"], p50=found["p50"], p99=found["p99"])

    return case
