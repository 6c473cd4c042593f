"""The whole intake over HTTP, beside aiogram's empty webhook and the fastest bare ASGI route under the same server."""

import itertools
import json
import subprocess
import sys
from contextlib import ExitStack

from bench import acts
from bench.office import Folder
from bench.rounds import Case, Measured, Result, interleave, table
from bench.serving import served

SECONDS = 2.0
_first = itertools.count(1_000_000, 1_000_000)


def over_http(port: int, pid: int, callers: int) -> Case:
    def case() -> Measured:
        words = [port, pid, callers, SECONDS, next(_first)]
        done = subprocess.run(
            [sys.executable, "-m", "bench.load", *map(str, words)],
            check=True,
            stdout=subprocess.PIPE,
            text=True,
            timeout=20 + SECONDS,
        )
        found = json.loads(done.stdout)
        if found["bad"] or not found["done"]:
            raise RuntimeError(f"answers that are not 200: {found['bad']}")
        if found["client"] > 0.9:
            sys.stderr.write(f"the client was busy {found['client']:.0%} of the time\n")
        return Measured(rate=found["rate"], cpu=found["cpu"], p50=found["p50"], p99=found["p99"])

    return case


def run(folder: Folder, rounds: int) -> str:
    with ExitStack() as stack:
        ours = stack.enter_context(served("intake", folder.fresh()))
        aiogram = stack.enter_context(served("aiogram"))
        fast = stack.enter_context(served("aiogram-uvloop"))
        waiting = stack.enter_context(served("aiogram-waiting"))
        bare = stack.enter_context(served("bare"))
        cases: dict[str, Case] = {
            "act, one by one": acts.direct(folder, 1),
            "act, 32 a commit": acts.direct(folder, 32),
            "act by db.write, 32 callers": acts.through_the_line(folder, 32),
            "two bare rows a commit": acts.two_rows(folder),
            "two bare rows, 32 a commit": acts.two_rows(folder, 32),
        }
        for callers in (1, 32, 128):
            cases[f"whole intake over HTTP, {callers}"] = over_http(*ours, callers)
            cases[f"aiogram, empty handler, {callers}"] = over_http(*aiogram, callers)
        cases["aiogram on uvloop, 32"] = over_http(*fast, 32)
        cases["aiogram, answers after its handler, 32"] = over_http(*waiting, 32)
        cases["bare ASGI route, 32"] = over_http(*bare, 32)
        result = interleave(cases, rounds)
    return f"{table(result, 'Intake', 'act, one by one')}\n\n{goals(result)}"


def goals(result: Result) -> str:
    """The ratios that the issue names."""
    ours, aiogram = "whole intake over HTTP, 32", "aiogram, empty handler, 32"
    lines = (
        ("whole intake at 32 callers : the act one by one", ours, "act, one by one", "rate", ">= 2"),
        (
            "whole intake at 32 callers : aiogram's empty webhook",
            ours,
            aiogram,
            "rate",
            ">= 1.5 (aim 2)",
        ),
        (
            "its CPU a request : aiogram's empty webhook",
            ours,
            aiogram,
            "cpu",
            "<= 0.7 (aim 0.5)",
        ),
    )
    rows = [
        f"| {words} | {result.ratio(one, other, what) or 0:.2f} | {goal} |"
        for words, one, other, what, goal in lines
    ]
    return "\n".join(("| ratio | measured | goal |", "|---|---:|---|", *rows))
