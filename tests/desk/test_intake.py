import asyncio
import random
from typing import Any

from desk.intake import take_in
from sop.ticket import Status
from store import counters, messages, outbox, queue, tickets, trail, visits
from store.db import Database, View
from tests.samples import MINUTE, NOW, ids, incoming, officer, small_office


async def test_a_message_becomes_a_ticket_with_a_number_and_the_first_limit(db: Database) -> None:
    await small_office(db)

    number = await db.write(take_in, incoming("Sandi SIAKAD saya lupa"), ids(), NOW)

    assert number == 1001
    ticket = await db.read(tickets.find, number)
    assert ticket is not None
    assert (ticket.status, ticket.step, ticket.lane) == (Status.OPEN, "analisa", "narahubung")
    assert ticket.due_at == NOW + 15 * MINUTE
    said = await db.read(messages.of_ticket, number)
    assert [(each.direction, each.automatic) for each in said] == [("in", False), ("out", True)]
    assert "#1001" in said[1].text
    assert "15 menit" in said[1].text


async def test_one_message_delivered_200_times_at_once_is_taken_in_once(db: Database) -> None:
    await small_office(db)
    again = incoming()

    answers = await asyncio.gather(*(db.write(take_in, again, ids(), NOW) for _ in range(200)))

    assert [answer for answer in answers if answer] == [1001]
    assert len(await db.read(messages.of_ticket, 1001)) == 2


async def test_an_album_of_three_is_one_message_on_one_ticket(db: Database) -> None:
    await small_office(db)
    parts = [incoming(text="" if n else "Foto kelas rusak", group="album-1") for n in range(3)]

    answers = await asyncio.gather(*(db.write(take_in, part, ids(), NOW) for part in parts))

    assert set(answers) == {1001}
    said = await db.read(messages.of_ticket, 1001)
    assert [each.text for each in said if each.direction == "in"] == ["Foto kelas rusak"]
    assert len([each for each in said if each.automatic]) == 1


async def test_further_words_join_the_open_ticket_and_are_not_acknowledged_again(db: Database) -> None:
    await small_office(db)
    await db.write(take_in, incoming(), ids(), NOW)

    await db.write(take_in, incoming("Mohon dibantu"), ids(), NOW + 5 * MINUTE)

    said = await db.read(messages.of_ticket, 1001)
    assert [each.direction for each in said] == ["in", "out", "in"]


async def test_the_category_of_the_words_decides_the_unit(db: Database) -> None:
    await small_office(db)

    number = await db.write(take_in, incoming("UKT belum terverifikasi"), ids(), NOW)

    assert number
    ticket = await db.read(tickets.find, number)
    assert ticket is not None
    assert ticket.unit == 2
    budi = await officer(db, "budi")
    counts = await db.read(queue.counts, officer=budi.id, units=frozenset({2}))
    assert (counts["free"], counts["unit"], counts["mine"]) == (1, 1, 0)
    page = await db.read(queue.page, "free", officer=budi.id, units=frozenset({2}))
    assert [line.id for line in page] == [number]


async def test_an_edit_is_kept_as_a_revision(db: Database) -> None:
    await small_office(db)
    first = incoming("KRS saya terkunci")
    await db.write(take_in, first, ids(), NOW)

    edit = incoming("KRS saya terkunci sejak pagi", edits=first.message_id, message_id=first.message_id)
    await db.write(take_in, edit, ids(), NOW + MINUTE)

    said = await db.read(messages.of_ticket, 1001)
    assert said[0].text == "KRS saya terkunci sejak pagi"
    assert [each["text"] for each in await db.read(messages.revisions, said[0].id)] == ["KRS saya terkunci"]


async def test_a_greeting_and_a_question_for_the_status_open_no_ticket(db: Database) -> None:
    await small_office(db)

    assert await db.write(take_in, incoming("/start"), ids(), NOW) is None
    assert await db.write(take_in, incoming("status"), ids(), NOW) is None

    assert await db.read(tickets.find, 1001) is None
    letters = await db.write(outbox.claim, "telegram", NOW, 10)
    assert [each.outgoing.text[:7] for each in letters] == ["Selamat"]


async def test_each_intake_leaves_a_link_in_the_chain_without_words(db: Database) -> None:
    await small_office(db)
    await db.write(take_in, incoming("Nama saya Dewi, NIM 221040037"), ids(), NOW)

    def bodies(view: View) -> str:
        return " ".join(row["body"] for row in view.all("SELECT body FROM audit"))

    text = await db.read(bodies)
    assert "221040037" not in text
    assert "Dewi" not in text
    assert (await db.read(trail.first_broken))[0] is None


async def test_the_reminder_is_waiting_for_the_sweeper(db: Database) -> None:
    await small_office(db)
    await db.write(take_in, incoming(), ids(), NOW)

    assert await db.read(visits.to_look_at, NOW, 10) == []
    assert len(await db.read(visits.to_look_at, NOW + 15 * MINUTE, 10)) == 1
    assert await db.read(counters.read, ["open.1"]) == {"open.1": 1}


async def test_another_mail_under_a_known_message_id_is_kept_too(db: Database) -> None:
    await small_office(db)
    mail = {"channel": "mail", "message_id": "<a@contoh.ac.id>"}
    await db.write(
        take_in, incoming("KRS", external_id="1", key="a", sender="a@contoh.ac.id", **mail), ids(), NOW
    )

    other = await db.write(
        take_in, incoming("UKT", external_id="2", key="b", sender="b@x.id", **mail), ids(), NOW
    )

    assert other == 1002
    assert [each.text for each in await db.read(messages.of_ticket, 1002) if each.direction == "in"] == [
        "UKT"
    ]


async def test_words_that_arrive_shuffled_stand_as_their_sender_wrote_them(db: Database) -> None:
    await small_office(db)
    said = [incoming(f"kata {n:03}", order=n) for n in range(1, 101)]
    shuffled = random.Random(7).sample(said, len(said))

    await asyncio.gather(*(db.write(take_in, each, ids(), NOW) for each in shuffled))

    kept = await db.read(messages.of_ticket, 1001, most=200)
    assert [each.text for each in kept if each.direction == "in"] == [each.text for each in said]


async def test_nobody_else_speaks_for_the_reporter_in_a_mail_thread(db: Database) -> None:
    await small_office(db)
    thread: dict[str, Any] = {"channel": "mail", "key": "<akar@contoh.ac.id>"}
    await db.write(
        take_in, incoming("KRS", message_id="<1@a>", sender="dewi@contoh.ac.id", **thread), ids(), NOW
    )

    strange = await db.write(
        take_in,
        incoming("berhenti saja", message_id="<2@b>", sender="lain@contoh.id", **thread),
        ids(),
        NOW + MINUTE,
    )
    again = await db.write(
        take_in,
        incoming("Ada kabar?", message_id="<3@a>", sender="Dewi@contoh.ac.id", **thread),
        ids(),
        NOW + MINUTE,
    )

    assert (strange, again) == (1002, 1001)
