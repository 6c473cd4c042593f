"""The late-answer plan: outside WhatsApp's window a template goes first, and the answer follows the person's word."""

from datetime import datetime, timedelta

import pytest

from desk import answer, call_tasks, inbound, sending, ways, window
from desk.intake import take_in
from desk.speaking import speak
from sop.messages import Delivered, Receipt, SendFailed
from sop.ticket import Status, Ticket
from sop.way import PATIENCE, NoSuchWay, Plan, WayClosed
from store import contacts, messages, outbox, provider_templates, tickets, trail
from store.db import Change, Database, View
from store.outbox import Letter
from tests.samples import MINUTE, NOW, ids, incoming, officer, small_office

DEWI = {"channel": "whatsapp", "key": "6281200000101", "sender": "whatsapp:+6281200000101"}
HOUR = timedelta(hours=1)
BODY = "Yth. {{1}}, jawaban laporan {{2}} tersedia. Balas untuk membacanya."
LATE = NOW + 25 * HOUR
OUTSIDE = SendFailed("Sudah lewat 24 jam", window=True)


def _approve(change: Change) -> None:
    number = provider_templates.add(
        change,
        channel="whatsapp",
        external="HX1",
        purpose="late_answer",
        name="jawaban_tersedia",
        language="id",
        body=BODY,
        holes=("nama", "nomor"),
        at=NOW,
    )
    assert number
    provider_templates.asked(
        change, number, state="approved", reason="", body=BODY, holes=("nama", "nomor"), at=NOW
    )


async def opened(db: Database, *, approved: bool = True) -> None:
    """Ticket 1001 by WhatsApp, its acknowledgement gone; a template approved unless told otherwise."""
    await small_office(db)
    if approved:
        await db.write(_approve)
    assert await db.write(take_in, incoming(**DEWI), ids(), NOW) == 1001
    await leaves(db, NOW)


def _rows(view: View) -> list[Letter]:
    found = view.all("SELECT id FROM outbox WHERE channel <> 'staff' ORDER BY id")
    return [letter for row in found if (letter := outbox.get(view, row["id"]))]


async def rows(db: Database) -> list[tuple[str, str, str, str]]:
    """(channel, kind, state, what it waits for) of everything after the acknowledgement."""
    found = await db.read(_rows)
    return [(each.outgoing.channel, each.kind, each.state, each.waits_for) for each in found[1:]]


async def leaves(db: Database, now: datetime, channel: str = "whatsapp") -> list[str]:
    """What the loop sends now, taken by the provider."""
    sent = []
    while letters := await db.write(sending.claim, channel, now, 8):
        for letter in letters:
            receipt = Receipt(external_id=f"SM{letter.id}.{letter.attempts}")
            await db.write(sending.sent, letter, receipt, now)
            sent.append(letter.outgoing.text)
    return sent


async def answers(db: Database, text: str, at: datetime = LATE) -> None:
    sari = await officer(db)
    await db.write(answer.reply, "1001", sari, text, key=text, ids=ids(), now=at)


async def writes(db: Database, text: str, at: datetime, **facts: str) -> None:
    await db.write(take_in, incoming(text, **(DEWI | facts)), ids(), at)


async def test_a_template_goes_first_and_the_answers_follow_the_persons_word_in_order(db: Database) -> None:
    await opened(db)
    await answers(db, "Satu.")
    await answers(db, "Dua.", LATE + MINUTE)

    assert await rows(db) == [
        ("whatsapp", "template", "queued", ""),
        ("whatsapp", "answer", "queued", "window"),
        ("whatsapp", "answer", "queued", "window"),
    ]
    assert await leaves(db, LATE + MINUTE) == [
        "Yth. Dewi, jawaban laporan #1001 tersedia. Balas untuk membacanya."
    ]
    assert await leaves(db, LATE + HOUR) == []

    await writes(db, "ya", LATE + 2 * HOUR)

    assert await leaves(db, LATE + 2 * HOUR) == ["Satu.", "Dua."]


async def test_a_word_that_only_asks_for_the_answer_starts_no_clock(db: Database) -> None:
    await opened(db)
    await answers(db, "Satu.")

    await writes(db, "Ya, lihat", LATE + HOUR)

    found = await db.read(tickets.find, 1001)
    assert found and (found.status, found.unread) == (Status.ANSWERED, False)
    assert [each.text for each in await db.read(messages.of_ticket, 1001)][-1] == "Ya, lihat"


async def test_a_word_that_says_more_is_a_follow_up_and_the_answer_leaves_all_the_same(db: Database) -> None:
    await opened(db)
    await answers(db, "Satu.")

    await writes(db, "Sekarang SIAKAD saya juga terkunci", LATE + HOUR)

    assert "Satu." in await leaves(db, LATE + HOUR)
    found = await db.read(tickets.find, 1001)
    assert found and (found.status, found.unread) == (Status.OPEN, True)


async def test_without_an_approved_template_the_answer_goes_to_another_address_that_is_theirs(
    db: Database,
) -> None:
    await opened(db, approved=False)
    await _also_writes_on_telegram(db)

    await answers(db, "Satu.")

    assert await leaves(db, LATE, "telegram") == ["Satu."]
    said = (await db.read(messages.of_ticket, 1001))[-1]
    assert (said.channel, said.text) == ("telegram", "Satu.")


async def test_without_any_way_somebody_has_to_call(db: Database) -> None:
    await opened(db, approved=False)

    await answers(db, "Satu.")

    (call,) = await db.read(call_tasks.due, await officer(db))
    assert (call.ticket, call.to, call.text, call.tries) == (1001, "+6281200000101", "Satu.", 0)
    assert await rows(db) == [("counter", "answer", "sent", "")]


async def test_who_stays_silent_is_reached_another_way_after_a_day(db: Database) -> None:
    await opened(db)
    await answers(db, "Satu.")
    await leaves(db, LATE)

    await window.once(db, LATE + PATIENCE - MINUTE)
    assert (await rows(db))[1] == ("whatsapp", "answer", "queued", "window")
    await window.once(db, LATE + PATIENCE)
    await window.once(db, LATE + PATIENCE)

    (call,) = await db.read(call_tasks.due, await officer(db))
    assert call.text == "Satu."
    assert [each.kind for each in await db.read(trail.of_case, 1001)][-1] == "late.elsewhere"
    said = [each for each in await db.read(messages.of_ticket, 1001) if each.text == "Satu."]
    assert [(each.channel, each.sent) for each in said] == [("counter", "by_hand")]


async def test_a_template_that_fails_sends_the_answer_elsewhere_at_once(db: Database) -> None:
    await opened(db)
    await answers(db, "Satu.")
    await answers(db, "Dua.")
    (letter,) = await db.write(sending.claim, "whatsapp", LATE, 8)

    await db.write(sending.failed, letter, SendFailed("Templat ini tidak ada"), LATE, 0.5)

    assert [each.text for each in await db.read(call_tasks.due, await officer(db))] == ["Satu.", "Dua."]


async def test_a_template_that_the_provider_gives_up_later_does_the_same(db: Database) -> None:
    await opened(db)
    await answers(db, "Satu.")
    await leaves(db, LATE)
    template = next(each for each in await db.read(_rows) if each.kind == "template")

    word = Delivered(
        channel="whatsapp",
        external_id=f"SM{template.id}.1",
        state="failed",
        at=LATE,
        reason="Nomor ini tidak memakai WhatsApp.",
    )
    await db.write(inbound.delivered, word, LATE + MINUTE)

    assert len(await db.read(call_tasks.due, await officer(db))) == 1


@pytest.mark.parametrize("early", [False, True])
async def test_an_answer_that_met_a_closed_window_on_its_way_waits_from_then_on(
    db: Database, early: bool
) -> None:
    await opened(db)
    await answers(db, "Satu.", NOW + 23 * HOUR)
    (letter,) = await db.write(sending.claim, "whatsapp", LATE, 8)
    word = Delivered(
        channel="whatsapp", external_id="SM7", state="failed", at=LATE, reason="Lewat", window=True
    )

    if early:
        await db.write(inbound.delivered, word, LATE)
    await db.write(sending.sent, letter, Receipt(external_id="SM7"), LATE)
    if not early:
        await db.write(inbound.delivered, word, LATE)

    assert await rows(db) == [
        ("whatsapp", "answer", "queued", "window"),
        ("whatsapp", "template", "queued", ""),
    ]
    assert len(await leaves(db, LATE)) == 1
    await writes(db, "ya", LATE + HOUR)
    assert await leaves(db, LATE + HOUR) == ["Satu."]


async def test_our_own_word_that_came_too_late_is_nobodys_trouble(db: Database) -> None:
    await opened(db)
    await writes(db, "bantuan", NOW + MINUTE)
    (letter,) = await db.write(sending.claim, "whatsapp", NOW + MINUTE, 8)

    await db.write(sending.failed, letter, OUTSIDE, LATE, 0.5)

    assert await rows(db) == [("whatsapp", "notice", "withdrawn", "")]
    assert await db.read(outbox.dead) == []


async def test_stop_is_honoured_by_templates_and_by_what_waits(db: Database) -> None:
    await opened(db)
    await answers(db, "Satu.")

    await writes(db, "berhenti", LATE + MINUTE)

    assert await rows(db) == [
        ("whatsapp", "template", "withdrawn", ""),
        ("whatsapp", "answer", "queued", "window"),
        ("whatsapp", "notice", "queued", ""),
    ]
    await leaves(db, LATE + MINUTE)
    await answers(db, "Dua.", LATE + 26 * HOUR)
    assert (await rows(db))[-1][:2] == ("counter", "answer")  # no template to who said stop

    await writes(db, "Bagaimana kabar laporan saya", LATE + 27 * HOUR)
    assert "Satu." in await leaves(db, LATE + 27 * HOUR)  # they asked for it


async def test_an_answer_takes_the_way_that_its_officer_chose(db: Database) -> None:
    await opened(db)
    telegram = await _also_writes_on_telegram(db)
    ticket = await db.read(tickets.find, 1001)
    assert ticket

    found = await db.read(ways.of_ticket, ticket, LATE)
    assert [(each.channel, each.plan) for each in found] == [
        ("whatsapp", Plan.TEMPLATE),
        ("telegram", Plan.FREE),
    ]
    await _speaks(db, ticket, "Lewat Telegram.", telegram)
    assert await leaves(db, LATE, "telegram") == ["Lewat Telegram."]

    with pytest.raises(NoSuchWay):
        await _speaks(db, ticket, "Ke orang lain.", telegram + 1)
    await db.write(_blocked)
    with pytest.raises(WayClosed):
        await _speaks(db, ticket, "Diblokir.", ticket.conversation)


async def test_the_holder_is_reminded_once_before_the_window_closes(db: Database) -> None:
    await opened(db)

    for at in (NOW + 31 * MINUTE, NOW + 6 * HOUR, NOW + 6 * HOUR + 46 * MINUTE, NOW + 7 * HOUR):
        await window.once(db, at)

    events = [each for each in await db.read(trail.of_case, 1001) if each.kind == "reminder.window"]
    assert [each.at for each in events] == [NOW + 6 * HOUR + 46 * MINUTE]


async def test_nobody_is_reminded_of_what_was_answered(db: Database) -> None:
    await opened(db)
    await answers(db, "Satu.", NOW + HOUR)

    await window.once(db, NOW + 7 * HOUR)

    assert "reminder.window" not in [each.kind for each in await db.read(trail.of_case, 1001)]
    assert await db.read(_looked_at) == 0


async def _speaks(db: Database, ticket: Ticket, text: str, by: int) -> None:
    await db.write(speak, ticket, await officer(db), text, ids=ids(), now=LATE, by=by)


def _looked_at(view: View) -> int:
    row = view.one("SELECT count(*) AS n FROM conversation WHERE look_at IS NOT NULL")
    return int(row["n"]) if row else 0


def _blocked(change: Change) -> None:
    address = contacts.address(change, "whatsapp", DEWI["sender"])
    assert address
    contacts.set_state(change, address.id, "blocked")


async def _also_writes_on_telegram(db: Database) -> int:
    """Dewi's other conversation: an older matter of hers, the address known as hers."""
    await db.write(take_in, incoming("Terima kasih"), ids(), NOW)
    await leaves(db, NOW, "telegram")
    return await db.write(_same_person)


def _same_person(change: Change) -> int:
    ticket = tickets.find(change, 1001)
    row = change.one("SELECT id FROM conversation WHERE channel = 'telegram'")
    assert ticket and row
    change.run(
        "UPDATE conversation SET contact_id = :contact WHERE id = :id", contact=ticket.contact, id=row["id"]
    )
    change.run("UPDATE address SET contact_id = :contact WHERE channel = 'telegram'", contact=ticket.contact)
    return int(row["id"])
