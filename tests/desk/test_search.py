"""What was said is found a moment later, on both engines alike."""

import asyncio

import pytest

from desk import upkeep
from desk.intake import take_in
from sop.finding import sought
from store import search
from store.db import Change, Database
from tests.samples import MINUTE, NOW, ids, incoming, small_office

SAID = (
    "Sandi SIAKAD saya lupa",
    "UKT semester genap belum terverifikasi",
    "Jadwal ujian bentrok dengan praktikum",
    "Cara mengurus café kampus, tolong infonya",
)


UNITS = (0, 1, 2)


async def found(db: Database, words: str, units: tuple[int, ...] = UNITS) -> list[int]:
    return [hit.ticket for hit in (await db.read(search.find, sought(words), units)).hits]


async def spoken(db: Database) -> None:
    await small_office(db)
    for number, text in enumerate(SAID):
        who = f"p{number}"
        await db.write(take_in, incoming(text, key=who, sender=who, name=f"Rio {number}"), ids(), NOW)
    await upkeep.index_all(db)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("siakad", [1001]),
        ("mengurus cafe", [1004]),
        ("CAFÉ kamp", [1004]),
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
    db: Database, words: str, expected: list[int]
) -> None:
    await spoken(db)

    assert await found(db, words) == expected


async def test_every_message_is_indexed_once_however_many_sweeps_run(db: Database) -> None:
    await spoken(db)
    assert await upkeep.index_all(db) == 0
    await db.write(take_in, incoming("Kode unik xyzzy", key="p0", sender="p0"), ids(), NOW + MINUTE)

    done = await asyncio.gather(*(upkeep.index_all(db) for _ in range(4)))

    assert sum(done) == 1
    assert await found(db, "xyzzy") == [1001]


async def test_an_edited_message_is_found_by_its_new_words(db: Database) -> None:
    await small_office(db)
    first = incoming("Tertinggal di kelas\nkunci motor")
    await db.write(take_in, first, ids(), NOW)
    await upkeep.index_all(db)

    edit = incoming("Tertinggal di kelas\nsandi loker", edits=first.message_id, message_id=first.message_id)
    await db.write(take_in, edit, ids(), NOW + MINUTE)

    assert await found(db, "sandi") == [1001]
    assert await found(db, "kunci") == []
    assert await found(db, "dewi tertinggal") == [1001]  # the ticket's own name and subject stay


async def test_a_person_is_found_by_number_in_any_spelling_and_by_its_beginning(db: Database) -> None:
    await small_office(db)
    said = "Nama saya Dewi, NIM 231040112, telepon 0812-3334-4712. KRS terkunci"
    await db.write(take_in, incoming(said, key="p1", sender="p1"), ids(), NOW)
    await db.write(take_in, incoming("KRS juga", key="p2", sender="p2"), ids(), NOW)

    for words in ("231040112", "23104", "081233344712", "+62 812 3334 4712", "0812-3334-4712"):
        assert await found(db, words) == [1001], words
    assert await found(db, "99999") == []
    assert await found(db, "231040112", (2,)) == []


def common(change: Change, size: int) -> None:
    """Messages of ten tickets in turn, all with one word, every seventh with another."""
    for number in range(size):
        change.run(
            """
            INSERT INTO message (ticket_id, direction, channel, text, payload_json, salt, written_at)
            VALUES (:ticket, 'in', 'telegram', :text, :payload, '', :at)
            """,
            ticket=1001 + number % 10,
            text=f"mohon {'kabar' if number % 7 else 'berita'}",
            payload={},
            at=NOW,
        )


async def test_pages_of_a_common_word_hold_each_ticket_once_newest_first(db: Database) -> None:
    await small_office(db)
    for number in range(10):
        who = f"p{number}"
        text = "UKT saya" if number % 2 else "KRS saya"
        await db.write(take_in, incoming(text, key=who, sender=who), ids(), NOW)
    await db.write(common, 1500)
    await upkeep.index_all(db)

    for units, expected in ((UNITS, range(1010, 1000, -1)), ((1,), range(1009, 1000, -2))):
        pages, before = [], 0
        while True:
            page = await db.read(search.find, sought("mohon"), units, before=before, most=3, bound=300)
            pages.append([hit.ticket for hit in page.hits])
            if not page.next:
                break
            before = page.next
        assert [each for page in pages for each in page] == list(expected)
        assert max(map(len, pages)) <= 3
