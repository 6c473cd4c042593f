"""What was said is found a moment later, on both engines alike."""

import asyncio

import pytest

from desk import upkeep
from desk.intake import take_in
from store import search
from store.db import Database
from tests.samples import MINUTE, NOW, ids, incoming, small_office

SAID = (
    "Sandi SIAKAD saya lupa",
    "UKT semester genap belum terverifikasi",
    "Jadwal ujian bentrok dengan praktikum",
    "Cara mengurus café kampus, tolong infonya",
)


async def spoken(db: Database) -> None:
    await small_office(db)
    for number, text in enumerate(SAID):
        who = f"p{number}"
        await db.write(take_in, incoming(text, key=who, sender=who, name=f"Rio {number}"), ids(), NOW)
    await upkeep.index_all(db)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("siakad", [1001]),
        ("SIAKAD sandi", [1001]),
        ("semester geni", []),
        ("semester gen", [1002]),
        ("ujian", [1003]),
        ("rio", [1004, 1003, 1002, 1001]),
        ("rio ukt", [1002]),
        ("", []),
        ("  ", []),
        ("tidakada", []),
        ("'; DROP TABLE ticket; --", []),
        ('"siakad', [1001]),
        ("siakad*", [1001]),
        ("siakad & | ! ( ) : <->", [1001]),
        ("NEAR(a b) OR", []),
        ("a" * 5000, []),
        ("\x00siakad", [1001]),
    ],
)
async def test_words_are_found_whole_or_as_a_beginning_and_never_run(
    db: Database, words: str, found: list[int]
) -> None:
    await spoken(db)

    assert await db.read(search.tickets, words) == found


async def test_every_message_is_indexed_once_however_many_sweeps_run(db: Database) -> None:
    await spoken(db)
    assert await upkeep.index_all(db) == 0
    await db.write(take_in, incoming("Kode unik xyzzy", key="p0", sender="p0"), ids(), NOW + MINUTE)

    done = await asyncio.gather(*(upkeep.index_all(db) for _ in range(4)))

    assert sum(done) == 1
    assert await db.read(search.tickets, "xyzzy") == [1001]


async def test_an_edited_message_is_found_by_its_new_words(db: Database) -> None:
    await small_office(db)
    first = incoming("Tertinggal di kelas\nkunci motor")
    await db.write(take_in, first, ids(), NOW)
    await upkeep.index_all(db)

    edit = incoming("Tertinggal di kelas\nsandi loker", edits=first.message_id, message_id=first.message_id)
    await db.write(take_in, edit, ids(), NOW + MINUTE)

    assert await db.read(search.tickets, "sandi") == [1001]
    assert await db.read(search.tickets, "kunci") == []
