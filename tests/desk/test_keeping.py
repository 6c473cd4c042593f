"""Receipts of announcements are kept together, and one that cannot be kept takes no other with it (P5)."""

import asyncio
from datetime import datetime

from desk import sending
from desk.keeping import Keeper, Taken
from sop.messages import Outgoing, Priority, Receipt
from store import outbox
from store.db import Change, Database
from store.outbox import Letter
from tests.samples import NOW


def announce(change: Change, people: int) -> None:
    for person in range(people):
        letter = Outgoing(
            id=0, channel="telegram", to=str(person), text="Wisuda", priority=Priority.BROADCAST
        )
        outbox.add(change, letter, now=NOW, kind="broadcast")


async def claimed(db: Database, people: int) -> list[Letter]:
    await db.write(announce, people)
    return await db.write(sending.claim, "telegram", NOW, 8, "desk", pushed=people)


def states(letters: list[Letter]) -> set[str]:
    return {each.state for each in letters}


async def test_all_are_on_disk_when_it_closes(db: Database) -> None:
    letters = await claimed(db, 5)
    trips = 0

    async def keep(taken: Taken) -> None:
        nonlocal trips
        trips += 1
        await db.write(sending.all_sent, taken, NOW)

    keeper = Keeper(keep)
    for each in letters:
        keeper.add(each, Receipt(external_id=f"{each.outgoing.to}:{each.id}"))
    await keeper.close()

    assert trips == 1
    found = [await db.read(outbox.get, each.id) for each in letters]
    assert states([each for each in found if each]) == {"sent"}


async def test_one_that_cannot_be_kept_takes_no_other_with_it(sqlite: Database) -> None:
    letters = await claimed(sqlite, 3)
    same = Receipt(external_id="5000:7")
    keeper = Keeper(lambda taken: sqlite.write(all_but_one, taken, letters[1].id, NOW))
    for each in letters:
        keeper.add(each, same)
    await asyncio.gather(keeper.close())

    found = [await sqlite.read(outbox.get, each.id) for each in letters]
    assert [each.state for each in found if each] == ["sent", "sending", "sent"]


def all_but_one(change: Change, taken: Taken, wrong: int, now: datetime) -> None:
    if wrong in {letter.id for letter, _ in taken}:
        raise ValueError("no such receipt")
    sending.all_sent(change, taken, now)


async def test_announcements_leave_room_for_an_answer(db: Database) -> None:
    await db.write(announce, 20)

    def reply(change: Change) -> None:
        outbox.add(change, Outgoing(id=0, channel="telegram", to="9", text="Sudah dibuka."), now=NOW)

    await db.write(reply)
    first = await db.write(sending.claim, "telegram", NOW, 8, "desk", pushed=4)

    assert [each.outgoing.to for each in first] == ["9", "0", "1", "2", "3"]
    assert await db.write(sending.claim, "telegram", NOW, 8, "desk", pushed=0) == []
