"""Who listens hears after COMMIT, and never of a change that was undone."""

import asyncio

import pytest

from store.db import Change, Database
from tests.store.acts import PATIENT, Refused, note, noted


def note_and_tell(change: Change, name: str) -> None:
    note(change, name)
    change.tell("queue", f"ticket.{name}")


def tell_and_refuse(change: Change, name: str) -> None:
    note_and_tell(change, name)
    raise Refused


async def test_what_rings_is_on_disk(db: Database) -> None:
    with db.bell.ear("queue") as ear:
        writing = asyncio.create_task(db.write(note_and_tell, "1"))

        assert await ear.wait(PATIENT) == {"queue"}

        assert await db.read(noted) == ["1"]
        await writing


async def test_a_change_that_was_undone_tells_nothing(db: Database) -> None:
    with db.bell.ear() as ear:
        answers = await asyncio.gather(
            db.write(note_and_tell, "1"), db.write(tell_and_refuse, "2"), return_exceptions=True
        )

        assert isinstance(answers[1], Refused)
        assert await ear.wait(PATIENT) == {"queue", "ticket.1"}


async def test_an_ear_hears_only_what_it_was_opened_for(db: Database) -> None:
    with db.bell.ear("ticket.2") as ear, db.bell.ear("ticket.1") as other:
        await db.write(note_and_tell, "1")

        assert await other.wait(PATIENT) == {"ticket.1"}
        assert await ear.wait(0) == frozenset()


async def test_what_rings_while_nobody_waits_is_kept(db: Database) -> None:
    with db.bell.ear("queue", "ticket.1", "ticket.2") as ear:
        await db.write(note_and_tell, "1")
        await db.write(note_and_tell, "2")

        assert await ear.wait(PATIENT) == {"queue", "ticket.1", "ticket.2"}
        assert await ear.wait(0) == frozenset()


async def test_a_closed_ear_is_forgotten(db: Database) -> None:
    with db.bell.ear("queue") as ear:
        pass
    await db.write(note_and_tell, "1")

    assert await ear.wait(0) == frozenset()


async def test_a_refused_act_alone_rings_nothing(db: Database) -> None:
    with db.bell.ear() as ear, pytest.raises(Refused):
        await db.write(tell_and_refuse, "1")

    assert await ear.wait(0) == frozenset()
