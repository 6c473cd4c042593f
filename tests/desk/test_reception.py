"""P12: what breaks a rule is parked with its raw form, seen, and can be driven again; the rest flows."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from desk import inbound
from desk.files import Files
from desk.reception import Reception, tidy
from sop.errors import NotAllowed, Unavailable
from sop.messages import File, Incoming, Presence, TooLarge
from store import contacts, conversations, messages, parked, tickets
from store.db import Change, Database, View, open_database
from tests.samples import NOW, ids, incoming, officer, small_office


@pytest.fixture
def reception(db: Database, tmp_path: Path) -> Reception:
    return Reception(db, Files(tmp_path / "files"), lambda: NOW)


def break_the_tickets(change: Change) -> None:
    """What the schema will refuse: a fault of ours that strikes some messages only."""
    change.run("ALTER TABLE message RENAME COLUMN album TO albums")


def mend_the_tickets(change: Change) -> None:
    change.run("ALTER TABLE message RENAME COLUMN albums TO album")


async def test_a_message_that_meets_a_fault_of_ours_is_parked_with_its_raw_form(
    db: Database, reception: Reception
) -> None:
    await small_office(db)
    await db.write(break_the_tickets)
    said = incoming("KRS saya terkunci", external_id="u-poison")

    for _ in range(3):
        await reception.take_in(said, b'{"update_id": 1}')

    found = await db.read(parked.waiting)
    assert [(each.external_id, each.raw, each.state) for each in found] == [
        ("u-poison", b'{"update_id": 1}', "parked")
    ]
    assert await db.read(tickets.find, 1001) is None


async def test_a_parked_message_can_be_driven_again_by_who_may(db: Database, reception: Reception) -> None:
    await small_office(db)
    await db.write(break_the_tickets)
    await reception.take_in(incoming("KRS saya terkunci"), b"raw")
    await db.write(mend_the_tickets)
    sari, lestari = await officer(db), await officer(db, "lestari")
    number = (await db.read(parked.waiting))[0].id

    with pytest.raises(NotAllowed):
        await db.write(inbound.drive_again, number, sari, ids(), NOW)
    assert await db.write(inbound.drive_again, number, lestari, ids(), NOW) == 1001
    assert await db.write(inbound.drive_again, number, lestari, ids(), NOW) is None

    assert await db.read(parked.waiting) == []
    assert (await db.read(messages.of_ticket, 1001))[0].text == "KRS saya terkunci"


async def test_what_fails_again_stays_parked(db: Database, reception: Reception) -> None:
    await small_office(db)
    await db.write(break_the_tickets)
    await reception.take_in(incoming(), b"raw")
    lestari = await officer(db, "lestari")
    number = (await db.read(parked.waiting))[0].id

    with pytest.raises(Exception, match="album"):
        await db.write(inbound.drive_again, number, lestari, ids(), NOW)

    assert [each.id for each in await db.read(parked.waiting)] == [number]


async def test_a_parked_message_that_is_dropped_keeps_its_raw_form(
    db: Database, reception: Reception
) -> None:
    await small_office(db)
    await reception.park("telegram", "u1", b"\x00\xff not json", "tidak terbaca")
    lestari = await officer(db, "lestari")
    number = (await db.read(parked.waiting))[0].id

    await db.write(inbound.drop, number, lestari, NOW)

    assert await db.read(parked.waiting) == []
    kept = await db.read(parked.find, number)
    assert kept and (kept.raw, kept.state, kept.incoming) == (b"\x00\xff not json", "dropped", None)


async def test_the_rest_flows_past_a_poison(db: Database, reception: Reception) -> None:
    await small_office(db)
    poison = incoming(external_id="u-poison", payload={"n": float("nan"), "deep": object})
    good = [incoming(f"Pesan {n}", key=f"p{n}", sender=f"p{n}") for n in range(10)]

    await asyncio.gather(
        *(reception.take_in(each, b"") for each in good[:5]),
        reception.park("telegram", poison.external_id, b"raw", "bentuk baru"),
        *(reception.take_in(each, b"") for each in good[5:]),
    )

    def count(view: View) -> int:
        row = view.one("SELECT count(*) AS n FROM ticket")
        return int(row["n"]) if row else 0

    assert await db.read(count) == 10
    assert len(await db.read(parked.waiting)) == 1


async def test_a_store_that_is_away_parks_nothing(url: str, tmp_path: Path) -> None:
    async with open_database(url) as db:
        await small_office(db)
        reception = Reception(db, Files(tmp_path), lambda: NOW)
    with pytest.raises(Unavailable):
        await reception.take_in(incoming(), b"raw")

    async with open_database(url) as db:
        assert await db.read(parked.waiting) == []


@pytest.mark.parametrize(
    "text",
    [
        "\x00nul\x00",
        "bidi \u202eterbalik\u202c",
        "\ud800 sendirian",
        "a" * 1_000_000,
        "\r\n\r\n",
        "🙏" * 9000,
    ],
)
async def test_hostile_words_are_stored_or_parked_and_never_raise(
    db: Database, reception: Reception, text: str
) -> None:
    await small_office(db)

    await reception.take_in(incoming(text, name=text[:200], subject=text[:2000]), b"raw")

    def shown(view: View) -> str:
        rows = view.all("SELECT m.text, m.subject, t.name FROM message m JOIN ticket t ON t.id = m.ticket_id")
        return "".join(f"{row['text']}{row['subject']}{row['name']}" for row in rows)

    words = await db.read(shown)
    assert "\x00" not in words
    assert words or len(await db.read(parked.waiting)) == 1


def test_tidying_leaves_clean_words_alone() -> None:
    said = incoming("Baris satu\nBaris dua", name="Dewi")

    assert tidy(said) is said


async def test_who_blocked_us_and_came_back_is_known(db: Database, reception: Reception) -> None:
    await small_office(db)
    await reception.take_in(incoming(), b"")

    for number, state in enumerate(("blocked", "reachable", "opted_out", "opted_in")):
        word = Presence(
            channel="telegram", external_id=f"p{number}", key="7001", sender="7001", at=NOW, state=state
        )
        await reception.heard(word)
        await reception.heard(word)
        address = await db.read(contacts.address, "telegram", "7001")
        assert address and address.state == {"opted_in": "reachable"}.get(state, state)


async def test_a_chat_that_moved_is_the_same_conversation(db: Database, reception: Reception) -> None:
    await small_office(db)
    await reception.take_in(incoming(), b"")
    word = Presence(
        channel="telegram",
        external_id="m1",
        key="7001",
        sender="7001",
        at=NOW,
        state="moved",
        moved_to="-1007001",
    )

    await reception.heard(word)
    await reception.take_in(incoming("Lanjut", key="-1007001", sender="-1007001"), b"")

    assert await db.read(conversations.find, "telegram", "7001") is None
    assert [each.text for each in await db.read(messages.of_ticket, 1001) if each.direction == "in"] == [
        "KRS saya terkunci",
        "Lanjut",
    ]


async def test_a_channels_memory_is_kept(url: str, tmp_path: Path) -> None:
    async with open_database(url) as db:
        reception = Reception(db, Files(tmp_path), lambda: NOW)
        assert await reception.remembered("telegram.offset") == {}
        await reception.remember("telegram.offset", {"offset": 7})
        await reception.remember("telegram.offset", {"offset": 9})
    async with open_database(url) as db:
        assert await Reception(db, Files(tmp_path), lambda: NOW).remembered("telegram.offset") == {
            "offset": 9
        }


def test_what_is_parked_can_be_read_back_as_it_was() -> None:
    said = incoming(files=(File(name="foto.jpg", remote="AgAC"),), location=(-6.2, 106.8))

    again = msgspec.convert(msgspec.json.decode(msgspec.json.encode(said)), Incoming)

    assert again == said


# bytes of attachments


async def chunks(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


def left(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


async def test_bytes_are_kept_under_a_random_name_with_their_hash(tmp_path: Path) -> None:
    files = Files(tmp_path)

    one, two = [await files.keep(chunks(b"abc", b"def"), limit=100) for _ in range(2)]

    assert one.sha256 == two.sha256 == "bef57ec7f53a6d40beb640a780a639c83bc29ac8a9816f1fc6c5c6dcd93c4721"
    assert one.path != two.path and one.size == 6
    assert files.path(one).read_bytes() == b"abcdef"


async def test_a_file_above_the_cap_leaves_nothing(tmp_path: Path) -> None:
    files = Files(tmp_path)

    with pytest.raises(TooLarge):
        await files.keep(chunks(b"x" * 60, b"x" * 60), limit=100)

    assert left(tmp_path) == []


async def test_a_file_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b"half"
        raise ConnectionError

    with pytest.raises(ConnectionError):
        await Files(tmp_path).keep(broken(), limit=100)

    assert left(tmp_path) == []


@pytest.mark.parametrize(
    "path", ["../../etc/passwd", "ab/../../x", "/etc/passwd", "ab", "", "ab/cdef", "ab/ab.."]
)
def test_only_names_that_we_gave_lead_anywhere(tmp_path: Path, path: str) -> None:
    with pytest.raises(FileNotFoundError):
        Files(tmp_path).path(File(path=path))
