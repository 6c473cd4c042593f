"""One writer keeps waiting acts together; readers see still pictures; nobody is left standing."""

import asyncio
import threading
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from store import contacts
from store.db import Change, Conflict, Database, Unavailable, View, open_database
from tests.store.acts import (
    PATIENT,
    Gate,
    Refused,
    break_the_schema,
    chain_is_whole,
    note,
    note_and_refuse,
    noted,
)


async def test_acts_that_wait_together_are_kept_by_one_commit(db: Database) -> None:
    first, last = Gate(), Gate()
    holding = asyncio.create_task(db.write(first.hold, "a"))
    await first.entered()
    waiting = [asyncio.create_task(db.write(note, f"b{n}")) for n in range(50)]
    waiting.append(asyncio.create_task(db.write(last.hold, "c")))
    await asyncio.sleep(0)  # they stand in line now

    first.open()
    await last.entered()

    assert await db.read(noted) == ["a"]  # all fifty have run, none is kept yet
    assert not any(task.done() for task in waiting)
    last.open()
    await asyncio.gather(holding, *waiting)
    assert len(await db.read(noted)) == 52
    assert await db.read(chain_is_whole)


async def test_an_act_that_raises_takes_only_its_own_work_with_it(db: Database) -> None:
    acts: list[Any] = [db.write(note_and_refuse if n % 3 == 0 else note, f"k{n:02}") for n in range(30)]

    answers = await asyncio.gather(*acts, return_exceptions=True)

    for n, answer in enumerate(answers):
        assert isinstance(answer, Refused) if n % 3 == 0 else answer == f"k{n:02}"
    assert await db.read(noted) == [f"k{n:02}" for n in range(30) if n % 3]
    assert await db.read(chain_is_whole)


async def test_the_schemas_no_is_a_conflict_for_that_act_alone(db: Database) -> None:
    answers = await asyncio.gather(
        db.write(note, "a"), db.write(break_the_schema), db.write(note, "b"), return_exceptions=True
    )

    assert [type(answer) for answer in answers] == [str, Conflict, str]
    assert await db.read(noted) == ["a", "b"]


def stubborn(change: Change) -> None:
    try:
        break_the_schema(change)
    except Conflict:
        note(change, "after the conflict")


def deaf(change: Change) -> None:
    note(change, "before the conflict")
    try:
        break_the_schema(change)
    except Conflict:
        pass


@pytest.mark.parametrize("act", [stubborn, deaf])
async def test_an_act_cannot_go_on_after_a_conflict(db: Database, act: Any) -> None:
    with pytest.raises(Conflict):
        await db.write(act)

    assert await db.read(noted) == []


async def test_a_mistake_in_sql_is_not_dressed_up(db: Database) -> None:
    def typo(change: Change) -> None:
        change.run("INSRT INTO seen")

    with pytest.raises(Exception) as caught:
        await db.write(typo)

    assert not isinstance(caught.value, Conflict | Unavailable)
    assert await db.write(note, "a") == "a"


async def test_an_act_that_stops_an_iteration_is_answered_too(db: Database) -> None:
    def stop(change: Change) -> None:
        raise StopIteration

    with pytest.raises(RuntimeError, match="StopIteration"):
        await db.write(stop)


async def test_a_reader_cannot_write(db: Database) -> None:
    def sneak(view: View) -> None:
        view.all("INSERT INTO counter (name, n) VALUES ('x', 1) RETURNING n")

    def counted(view: View) -> Any:
        return view.one("SELECT count(*) AS n FROM counter")

    with pytest.raises(Exception, match=r"readonly|read-only"):
        await db.read(sneak)

    assert await db.read(counted) == {"n": 0}


async def test_times_and_json_come_back_as_they_went(db: Database) -> None:
    wib = datetime(2026, 3, 2, 16, 0, 0, 123456, tzinfo=timezone(timedelta(hours=7)))

    def put(change: Change) -> None:
        change.run(
            "INSERT INTO memory (name, value_json) VALUES ('it''s 100% :x', :value)", value={"é": [1, None]}
        )
        change.run("INSERT INTO seen (source, key, seen_at) VALUES ('a', 'b', :at)", at=wib)

    def look(view: View) -> Any:
        memory = view.one("SELECT name, value_json FROM memory")
        times = view.one(
            "SELECT seen_at, max(seen_at) OVER () AS last_at FROM seen WHERE seen_at <= :at", at=wib
        )
        assert memory and times
        return memory["name"], memory["value_json"], times["seen_at"], times["last_at"]

    await db.write(put)

    name, value, at, last = await db.read(look)
    assert (name, value, at, last) == ("it's 100% :x", {"é": [1, None]}, wib, wib)
    assert at.utcoffset() == timedelta(0)


async def test_a_time_without_a_zone_is_refused(db: Database) -> None:
    def put(change: Change) -> int:
        return contacts.add(change, name="Dewi", language="id", at=datetime(2026, 3, 2))  # noqa: DTZ001

    with pytest.raises(ValueError, match="no time zone"):
        await db.write(put)


async def test_what_a_connection_keeps_is_made_again_after_a_change_was_undone(db: Database) -> None:
    made: list[int] = []

    def make(version: int) -> int:
        made.append(version)
        return version

    def keep(change: Change, version: int, *, fail: bool) -> int:
        value = change.kept("thing", version, lambda: make(version))
        if fail:
            raise Refused
        return value

    assert await db.write(keep, 1, fail=False) == 1
    assert await db.write(keep, 1, fail=False) == 1
    with pytest.raises(Refused):
        await db.write(keep, 2, fail=True)
    assert await db.write(keep, 2, fail=False) == 2
    assert made == [1, 2, 2]


async def test_a_caller_who_leaves_before_the_turn_changes_nothing(db: Database) -> None:
    gate = Gate()
    holding = asyncio.create_task(db.write(gate.hold, "a"))
    await gate.entered()
    leaving = asyncio.create_task(db.write(note, "b"))
    await asyncio.sleep(0)

    leaving.cancel()
    await asyncio.gather(leaving, return_exceptions=True)
    gate.open()
    await holding
    await db.write(note, "c")

    assert await db.read(noted) == ["a", "c"]


async def test_a_caller_who_leaves_in_the_middle_is_kept_whole(db: Database) -> None:
    gate = Gate()
    leaving = asyncio.create_task(db.write(gate.hold, "a"))
    await gate.entered()

    leaving.cancel()
    await asyncio.gather(leaving, return_exceptions=True)
    gate.open()
    await db.write(note, "b")

    assert await db.read(noted) == ["a", "b"]
    assert await db.read(chain_is_whole)


async def test_leaving_in_great_numbers_blocks_nobody(db: Database) -> None:
    tasks = [asyncio.create_task(db.write(note, f"k{n}")) for n in range(600)]
    await db.write(note, "first")
    for task in tasks[::2]:
        task.cancel()

    answers = await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), PATIENT)

    kept = set(await db.read(noted))
    assert {answer for answer in answers if isinstance(answer, str)} <= kept
    assert {f"k{n}" for n in range(1, 600, 2)} <= kept
    assert await db.read(chain_is_whole)


async def test_closing_answers_everyone_and_loses_nothing(url: str) -> None:
    before = set(threading.enumerate())
    async with open_database(url, room=50) as db:
        tasks = [asyncio.create_task(db.write(note, f"k{n}")) for n in range(300)]
        await db.write(note, "first")
    answers = await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), PATIENT)

    async with open_database(url) as db:
        kept = set(await db.read(noted)) - {"first"}
    assert {answer for answer in answers if isinstance(answer, str)} == kept
    assert {type(answer) for answer in answers} <= {str, Unavailable}
    left = set(threading.enumerate()) - before
    for thread in left:
        thread.join(PATIENT)
    assert not any(thread.is_alive() for thread in left)


async def test_more_callers_than_the_line_has_room_for_are_all_served(url: str) -> None:
    async with open_database(url, room=5) as db:
        answers = await asyncio.gather(*(db.write(note, f"k{n}") for n in range(100)))

    assert len(set(answers)) == 100


async def test_readers_do_not_wait_for_a_writer(db: Database) -> None:
    gate = Gate()
    writing = asyncio.create_task(db.write(gate.hold, "a"))
    await gate.entered()

    assert await db.read(noted) == []
    assert not writing.done()
    gate.open()
    await writing
    assert await db.read(noted) == ["a"]


async def test_a_reader_sees_one_still_picture(db: Database) -> None:
    gate = Gate()

    def twice(view: View) -> tuple[int, int]:
        before = len(noted(view))
        gate.wait()
        return before, len(noted(view))

    reading = asyncio.create_task(db.read(twice))
    await gate.entered()
    await db.write(note, "a")
    gate.open()

    assert await reading == (0, 0)
    assert await db.read(noted) == ["a"]


async def test_a_huge_group_is_served_in_several_trips(db: Database) -> None:
    answers = await asyncio.gather(*(db.write(note, f"k{n:04}") for n in range(400)))

    assert sorted(answers) == await db.read(noted)
    assert await db.read(chain_is_whole)
