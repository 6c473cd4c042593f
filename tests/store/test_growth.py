"""How far a desk has come and how fast it grows; and which files its rows refer to, whatever table they stand in."""

from datetime import timedelta

from desk.intake import take_in
from sop.messages import File, Kind
from store import drafts, growth, snapshot
from store.db import Change, Database
from store.drafts import Draft
from tests.samples import NOW, ids, incoming, officer, small_office

DAY = timedelta(days=1)


def photo(place: str, size: int = 6_000) -> File:
    return File(
        kind=Kind.PHOTO, name="a.jpg", content_type="image/jpeg", size=size, path=place, sha256=place * 8
    )


async def test_the_newest_event_is_of_the_last_thing_that_happened(db: Database) -> None:
    assert await db.read(growth.newest) is None
    await db.write(take_in, incoming(), ids(), NOW)

    assert await db.read(growth.newest) == NOW


async def test_a_desk_grows_by_its_words_and_files_of_the_last_days(db: Database) -> None:
    await db.write(take_in, incoming(files=(photo("ab/abcd"),)), ids(), NOW)

    assert await db.read(growth.daily, NOW - DAY, 1) >= 6_000 + growth.WORDS
    assert await db.read(growth.daily, NOW + DAY, 1) == 0


def draft(change: Change, ticket: int, actor: int, file: File) -> None:
    drafts.save(change, ticket, actor, "answer", Draft(text="Berikut suratnya.", files=(file,), saved_at=NOW))


async def test_files_of_messages_and_of_answers_that_did_not_leave_are_referred_to(db: Database) -> None:
    await small_office(db)
    ticket = await db.write(take_in, incoming(files=(photo("ab/abcd"),)), ids(), NOW)
    assert ticket is not None
    await db.write(draft, ticket, (await officer(db)).id, photo("cd/cdef"))

    kept = await db.read(lambda view: dict(snapshot.kept_files(view)))

    assert kept == {"ab/abcd": "ab/abcd" * 8, "cd/cdef": "cd/cdef" * 8}


async def test_every_table_is_counted_but_those_that_search_keeps_for_itself(db: Database) -> None:
    found = (await db.read(snapshot.facts)).tables

    assert {"ticket", "message", "audit", "outbox", "search", "search_word", "push"} <= found.keys()
    assert not {name for name in found if name.startswith(("sqlite_", "search_d", "search_i", "search_c"))}
