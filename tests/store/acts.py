"""Small acts for the store's own tests: each leaves one key and one event, so that what was kept can be counted."""

import asyncio
import threading
from datetime import UTC, datetime

from store import seen, trail
from store.db import Change, View

AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
PATIENT = 20  # seconds until a test that waits for another thread has failed


class Refused(Exception):
    """A rule said no."""


def note(change: Change, name: str) -> str:
    seen.first(change, "test", name, AT)
    trail.add(change, "noted", AT, key=name)
    return name


def note_and_refuse(change: Change, name: str) -> str:
    note(change, name)
    raise Refused(name)


def break_the_schema(change: Change) -> None:
    change.run(
        "INSERT INTO address (contact_id, channel, value) VALUES (999, 'telegram', '1')"
    )  # no such contact


def noted(view: View) -> list[str]:
    return [row["key"] for row in view.all("SELECT key FROM seen WHERE source = 'test' ORDER BY key")]


def chain_is_whole(view: View) -> bool:
    broken, last, _ = trail.first_broken(view)
    count = view.one("SELECT count(*) AS n FROM audit")
    return broken is None and count == {"n": last}


class Gate:
    """Holds an act on its thread: `entered` tells that it got there, `open` lets it go on."""

    def __init__(self) -> None:
        self._entered = threading.Event()
        self._opened = threading.Event()

    def hold(self, change: Change, name: str) -> str:
        note(change, name)
        self.wait()
        return name

    def wait(self) -> None:
        """On the database's thread."""
        self._entered.set()
        assert self._opened.wait(PATIENT)

    async def entered(self) -> None:
        assert await asyncio.to_thread(self._entered.wait, PATIENT)

    def open(self) -> None:
        self._opened.set()
