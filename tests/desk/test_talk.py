"""The intake talk as acts: what a turn changes in rows, in the same change as the message."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from desk import answer, closing, intake, office_file, triage
from sop import office_file as reading
from sop.messages import File, Kind
from sop.ticket import Ticket
from store import contacts, conversations, counters, messages, outbox, tickets, visits
from store.db import Database, View
from store.outbox import Letter
from tests.samples import MINUTE, NOW, OFFICE, ids, incoming, officer, small_office

HOUR = timedelta(hours=1)
PHOTO = File(kind=Kind.PHOTO, content_type="image/jpeg", remote="foto")
CITY = OFFICE.replace(
    "prosedur: [uc3-kantor-pusat, uc3-fakultas]", "prosedur: [uc3-kantor-pusat, uc3-fakultas, jss-upik]"
).replace(
    "templat:",
    """  - {kode: lampu, nama: Lampu jalan, kata: [lampu], unit: feb, prosedur: jss-upik, foto: ya, lokasi: ya}
  - {kode: surat, nama: Surat, kata: [surat], identitas: stated}
templat:""",
    1,
)


async def city(db: Database) -> None:
    """The small office with a category of JSS's procedure and one that needs an identity."""
    await db.write(office_file.bring_in, reading.read(CITY), NOW - timedelta(days=30))


async def says(db: Database, text: str = "", *, at: datetime = NOW, **facts: Any) -> int | None:
    """The person's message; without words, button or file it is the first report of the samples."""
    kind = Kind.BUTTON if "button" in facts else Kind.TEXT
    if not text and not facts.keys() & {"button", "files", "location"}:
        text = "KRS saya terkunci"
    return await db.write(intake.take_in, incoming(text, **{"kind": kind, **facts}), ids(), at)


async def ticket_of(db: Database, number: int = 1001) -> Ticket:
    found = await db.read(tickets.find, number)
    assert found is not None
    return found


def _letters(view: View) -> list[Letter]:
    rows = view.all("SELECT id FROM outbox WHERE channel <> 'staff' ORDER BY id")
    return [letter for row in rows if (letter := outbox.get(view, row["id"]))]


async def heard(db: Database) -> list[str]:
    """What the desk said, oldest first."""
    return [each.outgoing.text for each in await db.read(_letters)]


def _due(view: View) -> list[datetime]:
    return [
        row["next_at"] for row in view.all("SELECT next_at FROM outbox WHERE channel <> 'staff' ORDER BY id")
    ]


def _state(view: View, key: str = "7001") -> str:
    found = conversations.find(view, "telegram", key)
    assert found is not None
    return found.state


async def test_a_category_chosen_by_button_files_and_routes_the_case_by_its_procedure(db: Database) -> None:
    await city(db)
    await says(db, "Mohon bantuan petugas")
    assert (await ticket_of(db)).unit == 1

    await says(db, button="kat:lampu", at=NOW + MINUTE)

    ticket = await ticket_of(db)
    assert (ticket.unit, ticket.step, ticket.lane) == (2, "verifikasi", "admin-opd")
    assert ticket.due_at == NOW + MINUTE + 2 * HOUR
    assert len(ticket.categories) == 1
    past = await db.read(visits.history, 1001)
    assert [(each.step, each.decision) for each in past] == [("analisa", "kategori")]
    assert await db.read(counters.read, ["free.1", "free.2"]) == {"free.1": 0, "free.2": 1}
    said = await db.read(messages.of_ticket, 1001)
    assert [each.text for each in said if each.direction == "in"] == ["Mohon bantuan petugas", "Lampu jalan"]
    assert "foto keadaannya dan lokasinya" in said[-1].text


async def test_the_category_comes_first_and_the_ticket_opens_at_its_procedure(db: Database) -> None:
    await city(db)
    await says(db, "/start")
    await says(db, button="baru:lampu", at=NOW + timedelta(seconds=5))

    number = await says(
        db, "Padam sejak semalam", files=(PHOTO,), location=(-7.8, 110.4), at=NOW + timedelta(seconds=20)
    )

    ticket = await ticket_of(db, number or 0)
    assert (ticket.step, len(ticket.categories)) == ("verifikasi", 1)
    greeting, chosen, received = await heard(db)
    assert "UU 27/2022" in greeting
    assert "Lampu jalan" in chosen
    assert f"#{number}" in received
    assert "lengkapi" not in received


async def test_what_was_missing_is_confirmed_with_the_number_a_minute_after_the_last_word(
    db: Database,
) -> None:
    await city(db)
    await says(db, "Lampu jalan mati")

    await says(db, at=NOW + timedelta(seconds=10), files=(PHOTO,), kind=Kind.PHOTO)
    await says(db, at=NOW + timedelta(seconds=20), location=(-7.8, 110.4), kind=Kind.LOCATION)

    _, confirmed = await heard(db)
    assert "#1001 sudah lengkap" in confirmed
    assert await db.read(_due) == [NOW, NOW + MINUTE]


async def test_an_answer_does_not_wait_behind_a_confirmation(db: Database) -> None:
    await city(db)
    await says(db, "Lampu jalan mati")
    await says(db, files=(PHOTO,), kind=Kind.PHOTO, location=(-7.8, 110.4), at=NOW + timedelta(seconds=10))
    assert await db.read(_due) == [NOW, NOW + MINUTE]
    (received,) = await db.write(outbox.claim, "telegram", NOW, 10)
    await db.write(outbox.sent, received.id, state="sent", external_id="7001:900", at=NOW)

    at = NOW + timedelta(seconds=15)
    lestari = await officer(db, "lestari")
    await db.write(answer.reply, "1001", lestari, "Petugas berangkat.", key="k1", ids=ids(), now=at)

    assert [each.kind for each in await db.write(outbox.claim, "telegram", at, 10)] == ["answer"]


async def test_a_stated_identity_is_kept_as_an_answer_without_a_label(db: Database) -> None:
    await city(db)
    await says(db, "Minta surat keterangan")
    assert "NIM/NIP/NIK" in (await heard(db))[0]

    await says(db, "Dewi Lestari 221040037", at=NOW + 2 * MINUTE)

    ticket = await ticket_of(db)
    assert ticket.proof == "stated"
    claims = await db.read(contacts.claims, ticket.contact)
    assert [(each.kind, each.value, each.level) for each in claims] == [("nim", "221040037", "stated")]
    assert "lengkap" in (await heard(db))[1]


async def test_who_is_known_is_not_asked_who_they_are(db: Database) -> None:
    await city(db)
    await says(db, "Nama saya Dewi Lestari, NIM 221040037, KRS saya terkunci")

    await says(db, "laporan baru\nMinta surat keterangan", at=NOW + 2 * MINUTE)

    assert "lengkapi" not in (await heard(db))[1]


async def test_an_officers_category_stands_against_the_persons(db: Database) -> None:
    await city(db)
    await says(db, "Mohon bantuan petugas")
    await db.write(triage.tag, "1001", await officer(db), "akun", key="k1", now=NOW)

    await says(db, button="kat:lampu", at=NOW + MINUTE)

    assert (await ticket_of(db)).step == "analisa"
    assert "ditetapkan" in (await heard(db))[-1]


async def test_after_stop_no_automatic_word_leaves_and_answers_still_do(db: Database) -> None:
    await city(db)
    await says(db, "Lampu jalan mati")
    await says(db, files=(PHOTO,), kind=Kind.PHOTO, location=(-7.8, 110.4), at=NOW + timedelta(seconds=10))

    await says(db, "berhenti", at=NOW + timedelta(seconds=20))

    assert await db.read(_state) == "opted_out"
    states = [each.state for each in await db.read(_letters)]
    assert states == ["withdrawn", "withdrawn", "queued"]
    sari = await officer(db, "lestari")
    await db.write(answer.reply, "1001", sari, "Sudah kami catat.", key="k1", ids=ids(), now=NOW + MINUTE)
    assert [each.kind for each in await db.read(_letters)][-1] == "answer"


async def test_who_writes_again_after_stop_or_block_is_reachable(db: Database) -> None:
    await small_office(db)
    await says(db)
    await says(db, "stop", at=NOW + MINUTE)

    await says(db, "status", at=NOW + 2 * MINUTE)

    assert await db.read(_state) == "reachable"
    assert "#1001" in (await heard(db))[-1]


async def test_status_lists_the_persons_tickets_and_one_that_is_named(db: Database) -> None:
    await small_office(db)
    await says(db, key="9", sender="9")
    for minute, words in enumerate(("KRS saya terkunci", "laporan baru\nUKT saya salah")):
        await says(db, words, at=NOW + minute * MINUTE)

    await says(db, "status", at=NOW + 3 * MINUTE)
    await says(db, "cek #1002", at=NOW + 3 * MINUTE)
    await says(db, "status 1001", at=NOW + 3 * MINUTE)

    every, one, foreign = (await heard(db))[-3:]
    assert [line[:5] for line in every.splitlines()] == ["#1003", "#1002"]
    assert [line[:5] for line in one.splitlines()] == ["#1002"]
    assert foreign == every


async def test_words_move_to_the_ticket_that_the_person_names(db: Database) -> None:
    await small_office(db)
    await says(db)
    await says(db, "laporan baru\nUKT saya salah", at=NOW + 2 * MINUTE)
    await says(db, "Bagaimana kabarnya?", at=NOW + 3 * HOUR)
    assert "yang mana" in (await heard(db))[-1]
    assert (await ticket_of(db, 1002)).messages == 2

    await says(db, "2", at=NOW + 3 * HOUR + MINUTE)

    said = await db.read(messages.of_ticket, 1001)
    assert [each.text for each in said if each.direction == "in"] == [
        "KRS saya terkunci",
        "Bagaimana kabarnya?",
    ]
    assert ((await ticket_of(db)).messages, (await ticket_of(db, 1002)).messages) == (2, 1)
    assert (await ticket_of(db)).unread
    await says(db, "Mohon segera", at=NOW + 3 * HOUR + 2 * MINUTE)
    assert (await ticket_of(db)).messages == 3


async def test_a_number_in_the_text_chooses_only_among_the_persons_own(db: Database) -> None:
    await small_office(db)
    await says(db, key="9", sender="9")
    await says(db)
    await says(db, "laporan baru\nUKT saya salah", at=NOW + 2 * MINUTE)

    foreign = await says(db, "#1001 milik siapa", at=NOW + 3 * MINUTE)
    own = await says(db, "#1002 masih terkunci", at=NOW + 4 * MINUTE)

    assert (foreign, own) == (1003, 1002)


async def test_a_reply_to_our_message_joins_its_ticket(db: Database) -> None:
    await small_office(db)
    await says(db)
    await says(db, "laporan baru\nUKT saya salah", at=NOW + 2 * MINUTE)
    first = (await db.read(messages.of_ticket, 1001))[-1]
    await db.write(messages.set_external, first.id, "7001:900")

    assert await says(db, "Masih", reply_to="7001:900", at=NOW + 3 * MINUTE) == 1001


async def test_a_caption_that_came_late_decides_the_category(db: Database) -> None:
    await city(db)
    await says(db, files=(PHOTO,), kind=Kind.PHOTO, group="album-1", message_id="7001:1")
    assert (await ticket_of(db)).unit == 1

    await says(
        db,
        "Lampu jalan mati",
        files=(PHOTO,),
        kind=Kind.PHOTO,
        group="album-1",
        at=NOW + timedelta(seconds=1),
    )

    ticket = await ticket_of(db)
    assert (ticket.unit, ticket.step, ticket.categories, ticket.messages) == (2, "verifikasi", (), 1)
    assert "lokasinya" in (await heard(db))[-1]
    assert "foto" not in (await heard(db))[-1]


async def test_an_edited_caption_brings_what_was_missing(db: Database) -> None:
    await city(db)
    await says(db, "Minta surat", message_id="7001:1")

    await says(
        db, "Minta surat, NIM 221040037", message_id="7001:1", edits="7001:1", at=NOW + timedelta(minutes=2)
    )

    ticket = await ticket_of(db)
    assert (ticket.proof, ticket.messages) == ("stated", 1)
    assert "lengkap" in (await heard(db))[-1]


async def test_a_voice_without_words_gets_a_number_and_the_menu(db: Database) -> None:
    await small_office(db)
    voice = File(kind=Kind.VOICE, content_type="audio/ogg", remote="suara")

    await says(db, files=(voice,), kind=Kind.VOICE)

    assert (await ticket_of(db)).subject == "Pesan suara"
    (letter,) = await db.read(_letters)
    assert [button.data for row in letter.outgoing.buttons for button in row][-1] == "lewati"


async def test_an_emoji_under_our_answer_moves_nothing(db: Database) -> None:
    await small_office(db)
    await says(db)
    sari = await officer(db)
    await db.write(triage.tag, "1001", sari, "akademik", key="k1", now=NOW)
    await db.write(answer.reply, "1001", sari, "Sudah dibuka.", key="k2", ids=ids(), now=NOW)
    await db.write(closing.close, "1001", sari, key="k3", now=NOW + MINUTE)

    await says(db, "👍", kind=Kind.REACTION, at=NOW + HOUR)

    assert await db.read(visits.open_of, 1001, kind="offer") is None
    assert len(await heard(db)) == 2


async def test_the_offer_to_reopen_is_taken_by_its_button(db: Database) -> None:
    await small_office(db)
    await says(db)
    sari = await officer(db)
    await db.write(triage.tag, "1001", sari, "akademik", key="k1", now=NOW)
    await db.write(answer.reply, "1001", sari, "Sudah dibuka.", key="k2", ids=ids(), now=NOW)
    await db.write(closing.close, "1001", sari, key="k3", now=NOW + MINUTE)
    await says(db, "Masih terkunci", at=NOW + HOUR)

    await says(db, button="buka:1001", at=NOW + HOUR + MINUTE)

    ticket = await ticket_of(db)
    assert (ticket.status, ticket.step) == ("open", "analisa")
    assert "buka lagi" in (await heard(db))[-1]


@pytest.mark.parametrize("text", ["status", "bantuan", "KRS saya terkunci sejak kemarin"])
@pytest.mark.parametrize(("proved", "answers"), [(True, 1), (False, 0)])
async def test_by_mail_only_a_proved_sender_gets_an_automatic_word(
    db: Database, proved: bool, answers: int, text: str
) -> None:
    await small_office(db)
    mail: dict[str, Any] = {"channel": "mail", "key": "<a@x>", "sender": "dewi@mhs.contoh.ac.id"}

    await says(db, text, proved=proved, **mail)

    assert len(await heard(db)) == answers


async def test_a_mail_gets_one_automatic_word_a_day(db: Database) -> None:
    await city(db)
    mail: dict[str, Any] = {"channel": "mail", "key": "<a@x>", "sender": "dewi@mhs.contoh.ac.id"}
    await says(db, "Minta surat keterangan", **mail)

    await says(db, "Dewi Lestari, NIM 221040037", at=NOW + HOUR, **mail)

    assert len(await heard(db)) == 1
    assert (await ticket_of(db)).proof == "stated"


async def test_a_hundred_words_at_once_are_one_ticket_and_one_automatic_word(db: Database) -> None:
    await city(db)
    first = [incoming("Lampu mati", message_id=f"7001:{n}") for n in range(100)]

    numbers = [await db.write(intake.take_in, each, ids(), NOW) for each in first]

    assert set(numbers) == {1001}
    assert len(await heard(db)) == 1
