"""ITB steps 7 and 8, and after: a ticket ends tagged and answered; a word within seven days may open it again."""

from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace

from desk import answer, closing, staff, sweep, triage
from desk.intake import take_in
from sop.errors import AlreadyClosed, NotAnswered, NotTagged
from sop.ticket import NotReopenable, Status, Ticket
from store import messages, outbox, tickets, trail, visits
from store.db import Database, View
from tests.samples import MINUTE, NOW, ids, incoming, officer, small_office

DAY = timedelta(days=1)


async def ticket(db: Database, number: int = 1001) -> Ticket:
    found = await db.read(tickets.find, number)
    assert found is not None
    return found


async def closed(db: Database, now: datetime = NOW) -> None:
    """Ticket 1001, answered, tagged and closed at `now`."""
    await small_office(db)
    await db.write(take_in, incoming(), ids(), now - 10 * MINUTE)
    sari = await officer(db)
    await db.write(triage.tag, "1001", sari, "akademik", key="t", now=now - 5 * MINUTE)
    await db.write(answer.reply, "1001", sari, "Beres.", key="a", ids=ids(), now=now - 2 * MINUTE)
    await db.write(closing.close, "1001", sari, key="c", now=now)


async def told(db: Database) -> list[str]:
    """What the desk said by itself, oldest first."""

    def read(view: View) -> list[str]:
        rows = view.all("SELECT body_json FROM outbox WHERE kind = 'notice' ORDER BY id")
        return [row["body_json"]["text"] for row in rows]

    return await db.read(read)


async def test_every_ticket_is_filed_and_answered_before_it_is_closed(db: Database) -> None:
    await small_office(db)
    await db.write(take_in, incoming(), ids(), NOW)
    sari = await officer(db)

    with pytest.raises(NotTagged):
        await db.write(closing.close, "1001", sari, key="c", now=NOW)
    await db.write(triage.tag, "1001", sari, "akademik", key="t", now=NOW)
    with pytest.raises(NotAnswered):
        await db.write(closing.close, "1001", sari, key="c", now=NOW)
    await db.write(answer.reply, "1001", sari, "Beres.", key="a", ids=ids(), now=NOW)
    done = await db.write(closing.close, "1001", sari, key="c", now=NOW + MINUTE)

    assert (done.status, done.closed_at, done.step) == (Status.CLOSED, NOW + MINUTE, "")
    for kind in ("step", "silence", "offer"):
        assert await db.read(visits.open_of, 1001, kind=kind) is None


async def test_closing_twice_is_refused_but_not_under_the_same_key(db: Database) -> None:
    await closed(db)
    sari = await officer(db)

    again = await db.write(closing.close, "1001", sari, key="c", now=NOW + MINUTE)

    assert again.closed_at == NOW
    with pytest.raises(AlreadyClosed):
        await db.write(closing.close, "1001", sari, key="other", now=NOW + MINUTE)


async def test_an_officer_opens_a_closed_ticket_again_with_the_first_limit(db: Database) -> None:
    await closed(db)
    sari = await officer(db)

    again = await db.write(closing.reopen, "1001", sari, key="r", now=NOW + 30 * MINUTE)

    assert (again.status, again.step, again.due_at) == (Status.OPEN, "analisa", NOW + 45 * MINUTE)
    with pytest.raises(NotReopenable):
        await db.write(closing.reopen, "1001", sari, key="r2", now=NOW + 31 * MINUTE)
    current = await db.read(visits.open_of, 1001)
    assert current and current.visit.round == 2


async def test_a_word_within_seven_days_joins_the_closed_ticket_and_reopening_is_offered_once(
    db: Database,
) -> None:
    await closed(db)

    for minute in (1, 2):
        await db.write(take_in, incoming("Ternyata belum bisa"), ids(), NOW + 3 * DAY + minute * MINUTE)

    found = await ticket(db)
    assert (found.status, found.unread) == (Status.CLOSED, True)
    assert [each.direction for each in await db.read(messages.of_ticket, 1001)][-3:] == ["in", "out", "in"]
    assert sum("sudah ditutup" in each for each in await told(db)) == 1
    assert await db.read(tickets.find, 1002) is None


async def test_a_yes_opens_it_again(db: Database) -> None:
    await closed(db)
    await db.write(take_in, incoming("Ternyata belum bisa"), ids(), NOW + DAY)

    assert await db.write(take_in, incoming("Buka lagi"), ids(), NOW + DAY + 5 * MINUTE) == 1001

    found = await ticket(db)
    assert (found.status, found.step) == (Status.OPEN, "analisa")
    assert await db.read(visits.open_of, 1001, kind="offer") is None
    assert "kami buka lagi" in (await told(db))[-1]


async def test_an_offer_that_nobody_answers_becomes_a_follow_up_of_the_narahubung(db: Database) -> None:
    await closed(db)
    await db.write(take_in, incoming("Ternyata belum bisa"), ids(), NOW + DAY)

    await sweep.once(db, NOW + DAY + 59 * MINUTE)
    assert (await ticket(db)).status is Status.CLOSED
    await sweep.once(db, NOW + DAY + 60 * MINUTE)

    found = await ticket(db)
    assert (found.status, found.step, found.lane) == (Status.OPEN, "analisa", "narahubung")
    assert found.due_at == NOW + DAY + 75 * MINUTE


async def test_reopening_is_offered_anew_after_it_was_closed_again(db: Database) -> None:
    await closed(db)
    sari = await officer(db)
    await db.write(take_in, incoming("Ternyata belum bisa"), ids(), NOW + DAY)
    await sweep.once(db, NOW + DAY + 60 * MINUTE)
    await db.write(closing.close, "1001", sari, key="c2", now=NOW + DAY + 70 * MINUTE)

    await db.write(take_in, incoming("Masih belum bisa juga"), ids(), NOW + 2 * DAY)

    assert await db.read(visits.open_of, 1001, kind="offer") is not None
    assert sum("sudah ditutup" in each for each in await told(db)) == 2


async def test_a_yes_when_nothing_is_offered_is_a_word_like_any_other(db: Database) -> None:
    await closed(db)
    sari = await officer(db)
    await db.write(take_in, incoming("Ternyata belum bisa"), ids(), NOW + DAY)
    await sweep.once(db, NOW + DAY + 60 * MINUTE)
    await db.write(closing.close, "1001", sari, key="c2", now=NOW + DAY + 70 * MINUTE)

    await db.write(take_in, incoming("ya"), ids(), NOW + 2 * DAY)

    assert (await ticket(db)).status is Status.CLOSED


@pytest.mark.parametrize("text", ["Terima kasih", "makasih banyak pak", "ok 🙏", "Baik, terima kasih"])
async def test_thanks_start_no_clock_and_are_not_answered(db: Database, text: str) -> None:
    await closed(db)
    before = await told(db)

    assert await db.write(take_in, incoming(text), ids(), NOW + DAY) == 1001

    assert (await ticket(db)).status is Status.CLOSED
    assert await told(db) == before
    assert await db.read(visits.to_look_at, NOW + 30 * DAY, 10) == []


async def test_thanks_after_the_answer_leave_the_ticket_to_its_silence(db: Database) -> None:
    await small_office(db)
    await db.write(take_in, incoming(), ids(), NOW)
    sari = await officer(db)
    await db.write(answer.reply, "1001", sari, "Beres.", key="a", ids=ids(), now=NOW)

    await db.write(take_in, incoming("Terima kasih"), ids(), NOW + MINUTE)

    assert (await ticket(db)).status is Status.ANSWERED
    assert await db.read(visits.open_of, 1001, kind="silence") is not None


async def test_a_word_after_seven_days_opens_a_new_ticket(db: Database) -> None:
    await closed(db)

    assert await db.write(take_in, incoming("Ada masalah"), ids(), NOW + 7 * DAY) == 1001
    assert await db.write(take_in, incoming("Masalah lain"), ids(), NOW + 7 * DAY + MINUTE) == 1002

    first, second = await ticket(db), await ticket(db, 1002)
    assert (first.status, second.status) == (Status.CLOSED, Status.OPEN)
    assert first.contact == second.contact


async def test_three_working_days_of_silence_close_what_is_tagged(db: Database) -> None:
    await small_office(db)
    sari = await officer(db)
    for number in (1001, 1002):
        await db.write(take_in, incoming(key=str(number), sender=str(number)), ids(), NOW)
        await db.write(answer.reply, str(number), sari, "Beres.", key=f"a{number}", ids=ids(), now=NOW)
    await db.write(triage.tag, "1001", sari, "akademik", key="t", now=NOW)

    await sweep.once(db, NOW + 3 * DAY - MINUTE)
    assert (await ticket(db)).status is Status.ANSWERED
    await sweep.once(db, NOW + 3 * DAY)

    assert (await ticket(db)).status is Status.CLOSED
    assert (await ticket(db, 1002)).status is Status.ANSWERED  # not filed: an agent closes it by hand
    assert await sweep.once(db, NOW + 30 * DAY) == 0


@pytest.mark.parametrize("holder", ["sari", ""])
async def test_silence_that_may_not_close_tells_who_has_to_file_the_ticket_once(
    db: Database, holder: str
) -> None:
    await small_office(db)
    sari = await officer(db)
    for each in ("sari", "budi", "lestari"):
        person = await officer(db, each)
        await db.write(staff.offer_code, each, "staff", f"CODE-{each.upper()}", NOW)
        await db.write(staff.link, "staff", f"chat-{person.login}", f"CODE-{each.upper()}", NOW)
    await db.write(take_in, incoming(), ids(), NOW)
    await db.write(answer.reply, "1001", sari, "Beres.", key="a", ids=ids(), now=NOW)
    if not holder:
        free = await ticket(db)
        await db.write(tickets.save, replace(free, holder=None), free)

    await sweep.once(db, NOW + 3 * DAY)
    await sweep.once(db, NOW + 9 * DAY)

    assert await db.read(unclosed) == [
        ("chat-sari", "Tiket #1001 sudah dijawab dan pelapor diam; beri kategori lalu tutup.")
    ]
    assert [each.kind for each in await db.read(trail.of_case, 1001)].count("unclosed") == 1


def unclosed(view: View) -> list[tuple[str, str]]:
    rows = view.all("SELECT recipient, body_json FROM outbox WHERE kind = 'unclosed' ORDER BY id")
    return [(row["recipient"], row["body_json"]["text"]) for row in rows]


async def test_a_weekend_is_no_silence(db: Database) -> None:
    await small_office(db)
    friday = NOW + 4 * DAY
    await db.write(take_in, incoming(), ids(), friday)
    sari = await officer(db)
    await db.write(triage.tag, "1001", sari, "akademik", key="t", now=friday)
    await db.write(answer.reply, "1001", sari, "Beres.", key="a", ids=ids(), now=friday)

    current = await db.read(visits.open_of, 1001, kind="silence")

    assert current and current.look_at == friday + 5 * DAY


async def test_a_word_after_the_answer_is_a_follow_up(db: Database) -> None:
    await small_office(db)
    await db.write(take_in, incoming(), ids(), NOW)
    sari = await officer(db)
    await db.write(answer.reply, "1001", sari, "Beres.", key="a", ids=ids(), now=NOW)

    await db.write(take_in, incoming("Tetapi nilainya juga salah"), ids(), NOW + 5 * MINUTE)

    found = await ticket(db)
    assert (found.status, found.step, found.due_at) == (Status.OPEN, "analisa", NOW + 20 * MINUTE)
    assert await db.read(visits.open_of, 1001, kind="silence") is None
    assert await db.write(outbox.claim, "telegram", NOW, 1) != []
