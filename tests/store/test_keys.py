"""Keys that were seen, messages that are parked, the chain of events, and where a channel stood."""

import asyncio
from datetime import timedelta

import pytest

from store import memory, parked, seen, trail
from store.db import Change, Database, View
from tests.store.acts import AT


async def test_a_key_is_first_once_however_many_ask_at_once(db: Database) -> None:
    answers = await asyncio.gather(*(db.write(seen.first, "telegram", "u1", AT) for _ in range(50)))

    assert sum(answers) == 1
    assert await db.write(seen.first, "staff", "u1", AT)  # another source


async def test_the_second_call_hears_what_the_first_was_answered(db: Database) -> None:
    await db.write(seen.first, "officer.1", "form-1", AT, "sari")
    assert await db.read(seen.find, "officer.1", "form-1") == ("sari", {})
    await db.write(seen.answer, "officer.1", "form-1", {"ticket": "1001"})

    assert await db.read(seen.find, "officer.1", "form-1") == ("sari", {"ticket": "1001"})
    assert await db.read(seen.find, "officer.2", "form-1") is None


async def test_old_keys_go_a_few_at_a_time(db: Database) -> None:
    def fill(change: Change) -> None:
        for n in range(25):
            seen.first(change, "telegram", f"u{n}", AT + timedelta(days=n))

    await db.write(fill)

    gone = [await db.write(seen.forget_before, AT + timedelta(days=20), 8) for _ in range(4)]

    assert gone == [8, 8, 4, 0]
    assert await db.write(seen.first, "telegram", "u19", AT)
    assert not await db.write(seen.first, "telegram", "u20", AT)


async def test_a_message_is_parked_once_with_its_bytes(db: Database) -> None:
    raw = bytes(range(256))
    for reason in ("satu", "dua"):
        await db.write(parked.add, "mail", "<a@b>", raw, {"text": "é"}, reason, AT)
    await db.write(parked.add, "telegram", "<a@b>", b"", None, "lain", AT)

    found = await db.read(parked.waiting)

    assert [(each.channel, each.raw, each.incoming, each.reason) for each in found] == [
        ("telegram", b"", None, "lain"),
        ("mail", raw, {"text": "é"}, "satu"),
    ]
    assert await db.read(parked.waiting, before=found[0].id) == found[1:]
    await db.write(parked.mark, found[0].id, "dropped")
    assert await db.read(parked.waiting) == found[1:]


async def test_a_channels_place_is_the_last_one_it_gave(db: Database) -> None:
    assert await db.read(memory.get, "offset") == {}
    for value in ({"offset": 1}, {"offset": 2, "bot": "x"}):
        await db.write(memory.save, "offset", value)

    assert await db.read(memory.get, "offset") == {"offset": 2, "bot": "x"}


# the chain of events


def happen(change: Change, number: int) -> None:
    for n in range(3):
        trail.add(change, "noted", AT, actor=n, ticket=number, words="abc")


async def test_the_chain_is_whole_whatever_is_written_side_by_side(db: Database) -> None:
    await asyncio.gather(*(db.write(happen, number) for number in range(1, 21)))

    broken, last, _ = await db.read(trail.first_broken)

    assert (broken, last) == (None, 60)
    assert [(each.actor, each.facts["words"]) for each in await db.read(trail.of_case, 7)] == [
        (0, "abc"),
        (1, "abc"),
        (2, "abc"),
    ]


async def test_the_chain_is_checked_piece_by_piece(db: Database) -> None:
    for number in range(1, 8):
        await db.write(happen, number)
    last, before = 0, ""
    pieces = 0
    while True:
        broken, read, before = await db.read(trail.first_broken, after=last, before=before, most=4)
        assert broken is None
        if read == last:
            break
        last, pieces = read, pieces + 1

    assert (last, pieces) == (21, 6)


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE audit SET body = replace(body, 'abc', 'abd') WHERE id = 5",
        "UPDATE audit SET kind = 'closed' WHERE id = 5",
        "UPDATE audit SET hash = 'x' WHERE id = 5",
        "DELETE FROM audit WHERE id = 5",
        "UPDATE audit SET id = 500 WHERE id = 5",
    ],
)
async def test_an_event_that_was_changed_dropped_or_moved_is_found(db: Database, harm: str) -> None:
    for number in range(1, 4):
        await db.write(happen, number)

    def strike(change: Change) -> None:
        change.run(harm)

    await db.write(strike)

    assert (await db.read(trail.first_broken))[0] == 5


async def test_an_act_reads_the_events_of_its_own_change(db: Database) -> None:
    def twice(change: Change) -> tuple[int | None, int]:
        happen(change, 1)
        happen(change, 2)
        return trail.first_broken(change)[:2]

    def count(view: View) -> int:
        return trail.first_broken(view)[1]

    assert await db.write(twice) == (None, 6)
    assert await db.read(count) == 6
