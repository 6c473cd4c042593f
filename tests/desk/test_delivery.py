"""P5 and P6 against the simulated Telegram: what an agent saw accepted is sent or visibly failed, and never dropped."""

import asyncio
from datetime import timedelta

import pytest

from desk import answer, inbound, sending
from desk.intake import take_in
from sop.delivery import NotResendable
from sop.errors import NotFound
from sop.messages import Delivered, Outgoing, Priority, Receipt, SendFailed
from store import contacts, messages, outbox
from store.db import Change, Database, View
from store.outbox import Letter
from tests.desk.conftest import DEWI, RIO, SECOND, TOKEN, Rig
from tests.samples import NOW, ids, incoming, officer, small_office


async def test_an_answer_arrives_and_the_ticket_shows_it(rig: Rig) -> None:
    number = await rig.answer("KRS sudah dibuka.")

    assert await rig.drain() == 1

    assert rig.heard() == ["KRS sudah dibuka."]
    said = (await rig.db.read(messages.of_ticket, 1001))[-1]
    assert (said.sent, said.doubtful) == ("sent", False)
    assert said.external_id and said.external_id.startswith(f"{DEWI}:")
    assert (await rig.letter(number)).attempts == 1
    assert await rig.drain() == 0


async def test_lost_before_it_was_read_is_sent_again_and_marked(rig: Rig) -> None:
    rig.provider.fail("drop-before", method="sendMessage")
    number = await rig.answer("Satu.")

    await rig.drain()
    letter = await rig.letter(number)
    assert (letter.state, letter.doubtful) == ("queued", True)
    assert await rig.drain() == 0  # not before its time
    await rig.drain(10 * SECOND)

    assert rig.heard() == ["Satu."]
    letter = await rig.letter(number)
    assert (letter.state, letter.doubtful, letter.attempts) == ("sent", True, 2)


async def test_a_duplicate_comes_only_where_the_answer_was_lost_and_is_marked_so(rig: Rig) -> None:
    rig.provider.fail("drop-after", method="sendMessage")
    number = await rig.answer("Satu.")

    await rig.drain()
    await rig.drain(10 * SECOND)

    assert rig.heard() == ["Satu.", "Satu."]
    assert (await rig.letter(number)).doubtful
    assert (await rig.db.read(messages.of_ticket, 1001))[-1].doubtful


async def test_what_stays_undecidable_ends_as_unknown_and_is_shown(rig: Rig) -> None:
    rig.provider.fail("drop-before", method="sendMessage", times=9)
    number = await rig.answer("Satu.")

    for _ in range(9):
        await rig.drain(timedelta(minutes=11))

    letter = await rig.letter(number)
    assert (letter.state, letter.attempts) == ("unknown", 3)
    assert [each.id for each in await rig.db.read(outbox.dead)] == [number]


async def test_retry_after_is_obeyed(rig: Rig) -> None:
    rig.provider.fail("429", method="sendMessage", seconds=1.0)
    number = await rig.answer("Satu.")

    await rig.drain()
    assert (await rig.letter(number)).state == "queued"
    assert (await rig.letter(number)).next_at == NOW + SECOND
    assert await rig.drain(SECOND / 2) == 0
    assert await rig.drain(SECOND / 2) == 1

    assert rig.heard() == ["Satu."]
    assert not (await rig.letter(number)).doubtful


async def test_a_providers_trouble_is_waited_out_with_growing_pauses(rig: Rig) -> None:
    rig.provider.fail("500", method="sendMessage", times=4)
    number = await rig.answer("Satu.")
    pauses: list[timedelta] = []
    for _ in range(4):
        await rig.drain()
        due = (await rig.letter(number)).next_at
        assert due is not None
        pauses.append(due - rig.clock.now)
        rig.clock.now = due
    await rig.drain()

    assert rig.heard() == ["Satu."]
    assert pauses == sorted(pauses) and pauses[-1] > 2 * pauses[0]
    assert (await rig.letter(number)).attempts == 5


async def test_who_blocked_us_is_not_tried_again_and_an_agent_may_send_once_more(rig: Rig) -> None:
    rig.provider.phone(TOKEN).block(DEWI)
    number = await rig.answer("Satu.")

    await rig.drain()

    letter = await rig.letter(number)
    assert letter.state == "failed" and "blokir" in letter.error
    address = await rig.db.read(contacts.address, "telegram", str(DEWI))
    assert address and address.state == "blocked"
    assert await rig.drain(timedelta(hours=25)) == 0
    rig.provider.phone(TOKEN).unblock(DEWI)
    sari = await officer(rig.db)
    await rig.db.write(sending.send_again, number, sari, rig.clock())
    await rig.drain()
    assert rig.heard() == ["Satu."]
    with pytest.raises(NotResendable):
        await rig.db.write(sending.send_again, number, sari, rig.clock())


async def test_who_does_not_see_the_ticket_cannot_send_its_words_again(rig: Rig) -> None:
    rig.provider.phone(TOKEN).block(DEWI)
    number = await rig.answer("Satu.")
    await rig.drain()
    budi = await officer(rig.db, "budi")

    for wanted in (number, 9999):
        with pytest.raises(NotFound):
            await rig.db.write(sending.send_again, wanted, budi, rig.clock())


async def test_a_blocked_person_stalls_nobody(rig: Rig) -> None:
    await rig.db.write(take_in, incoming(key=str(RIO), sender=str(RIO)), ids(), NOW)
    rig.provider.phone(TOKEN).block(DEWI)
    await rig.answer("Untuk Dewi.")
    sari = await officer(rig.db)
    await rig.db.write(answer.reply, "1002", sari, "Untuk Rio.", key="r", ids=ids(), now=NOW)

    await rig.drain()

    assert rig.heard(RIO) == ["Untuk Rio."]


async def test_a_conversation_keeps_its_order_through_any_trouble(rig: Rig) -> None:
    for kind in ("500", "drop-before", "500"):
        rig.provider.fail(kind, method="sendMessage")
    words = [f"Kata {number}" for number in range(6)]
    for each in words:
        await rig.answer(each)

    for _ in range(12):
        await rig.drain(timedelta(minutes=1))

    assert rig.heard() == words


async def test_a_group_that_moved_is_followed(rig: Rig) -> None:
    group = rig.provider.phone(TOKEN).group("Tim", kind="group")
    rig.provider.phone(TOKEN).add_bot(group, TOKEN)

    def queue(change: Change) -> int:
        letter = Outgoing(id=0, channel="telegram", to=str(group), key=str(group), text="Kartu")
        return outbox.add(change, letter, now=NOW, kind="card")

    number = await rig.db.write(queue)
    moved = rig.provider.migrate(group)

    for _ in range(3):
        await rig.drain(timedelta(minutes=1))

    assert rig.provider.sent(moved, TOKEN) == ["Kartu"]
    letter = await rig.letter(number)
    assert (letter.state, letter.outgoing.to) == ("sent", str(moved))


async def test_the_loop_is_woken_by_the_answer_and_drains_after_an_outage(rig: Rig) -> None:
    rig.provider.outage = True
    running = asyncio.create_task(rig.delivery.run({"telegram": rig.channel}))
    try:
        numbers = [await rig.answer(f"Kata {number}") for number in range(3)]
        with rig.db.bell.ear("ticket.1001") as ear:
            while (await rig.letter(numbers[0])).attempts == 0 or (
                await rig.letter(numbers[0])
            ).state != "queued":
                await ear.wait(20)
        rig.provider.outage = False
        rig.clock.now += timedelta(minutes=30)
        await rig.answer("Kata 3")  # rings
        await rig.provider.until(lambda: len(rig.heard()) >= 4)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    assert rig.heard() == [f"Kata {number}" for number in range(4)]


class Breaks:
    """A sender that breaks its promise to raise SendFailed only."""

    async def send(self, outgoing: Outgoing) -> Receipt:
        raise KeyError("token")


async def test_a_sender_that_breaks_its_promise_loses_nothing(rig: Rig) -> None:
    number = await rig.answer("Satu.")

    await rig.delivery.drain({"telegram": Breaks()})

    letter = await rig.letter(number)
    assert (letter.state, letter.doubtful) == ("queued", True)


async def out(db: Database) -> Letter:
    await small_office(db)
    await db.write(take_in, incoming(channel="whatsapp"), ids(), NOW)
    return (await db.write(outbox.claim, "whatsapp", NOW, 1))[0]


def word(state: str, external_id: str = "SM1") -> Delivered:
    return Delivered(channel="whatsapp", external_id=external_id, state=state, at=NOW)


async def state_of(db: Database, number: int) -> str:
    letter = await db.read(outbox.get, number)
    assert letter is not None
    return letter.state


@pytest.mark.parametrize(
    ("words", "state"),
    [
        (["sent", "delivered", "read"], "read"),
        (["read", "delivered", "sent"], "read"),
        (["delivered", "failed"], "delivered"),
        (["failed", "delivered"], "failed"),
        (["failed"], "failed"),
    ],
)
@pytest.mark.parametrize("early", [False, True])
async def test_states_only_move_forward_in_whatever_order_they_come(
    db: Database, words: list[str], state: str, early: bool
) -> None:
    letter = await out(db)
    receipt = Receipt(external_id="SM1")
    if not early:
        await db.write(sending.sent, letter, receipt, NOW)
    for each in words:
        await db.write(inbound.delivered, word(each), NOW)
    if early:
        assert await state_of(db, letter.id) == "sending"
        await db.write(sending.sent, letter, receipt, NOW)

    assert await state_of(db, letter.id) == state


async def test_a_word_about_what_we_never_sent_changes_nothing(db: Database) -> None:
    letter = await out(db)
    await db.write(sending.sent, letter, Receipt(external_id="SM1"), NOW)

    await db.write(inbound.delivered, word("failed", "SM-of-another"), NOW)

    assert await state_of(db, letter.id) == "sent"


async def test_an_answer_that_could_not_leave_for_a_day_has_failed_visibly(db: Database) -> None:
    letter = await out(db)
    late = NOW + timedelta(hours=24, seconds=1)

    await db.write(sending.failed, letter, SendFailed("502", retry=timedelta(0)), late, 0.5)

    assert await state_of(db, letter.id) == "failed"


async def test_replies_overtake_announcements(db: Database) -> None:
    def queue(change: Change) -> None:
        for number in range(5):
            letter = Outgoing(
                id=0, channel="telegram", to=f"@kanal{number}", text="Libur", priority=Priority.BROADCAST
            )
            outbox.add(change, letter, now=NOW)
        outbox.add(change, Outgoing(id=0, channel="telegram", to="1", text="Jawaban"), now=NOW)

    await db.write(queue)

    assert [each.outgoing.text for each in await db.write(outbox.claim, "telegram", NOW, 2)] == [
        "Jawaban",
        "Libur",
    ]


async def test_a_line_has_one_letter_under_way(db: Database) -> None:
    def queue(change: Change) -> None:
        for number in range(6):
            to = str(number % 2)
            outbox.add(change, Outgoing(id=0, channel="telegram", to=to, text=str(number)), now=NOW)

    def states(view: View) -> list[str]:
        return [row["state"] for row in view.all("SELECT state FROM outbox ORDER BY id")]

    await db.write(queue)

    answers = await asyncio.gather(*(db.write(outbox.claim, "telegram", NOW, 10) for _ in range(5)))

    assert [[each.outgoing.text for each in found] for found in answers] == [["0", "1"], [], [], [], []]
    assert await db.read(states) == ["sending"] * 2 + ["queued"] * 4
