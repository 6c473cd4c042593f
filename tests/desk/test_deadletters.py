"""A message that did not leave stays until somebody saw to it: again, in other words, another way, by telephone, settled."""

import pytest

from desk import answer, call_tasks, sending
from desk.intake import take_in
from sop.delivery import NotResendable, remedy
from sop.errors import EmptyText, NotAllowed, NotFound, TooLong
from sop.messages import Receipt, SendFailed
from sop.way import NoSuchWay
from store import messages, outbox, tickets, trail
from store.db import Change, Database, View
from store.outbox import Letter
from tests.samples import MINUTE, NOW, ids, incoming, officer, small_office

LATER = NOW + MINUTE
REFUSED = SendFailed("Nomor ini tidak memakai WhatsApp.")


async def dead(db: Database) -> int:
    """An answer of ticket 1001 that its provider refused for good; its outbox row."""
    await small_office(db)
    await db.write(take_in, incoming(), ids(), NOW)
    sari = await officer(db)
    await db.write(answer.reply, "1001", sari, "Sudah dibuka.", key="a", ids=ids(), now=NOW)
    for letter in await _claimed(db):
        failure = REFUSED if letter.kind == "answer" else None
        if failure:
            await db.write(sending.failed, letter, failure, NOW, 0.5)
        else:
            await db.write(sending.sent, letter, Receipt(external_id="1"), NOW)
    for letter in await _claimed(db):
        await db.write(sending.failed, letter, REFUSED, NOW, 0.5)
    (found,) = await db.read(outbox.dead)
    return found.id


async def _claimed(db: Database, channel: str = "telegram") -> list[Letter]:
    return await db.write(sending.claim, channel, LATER, 8)


async def letter(db: Database, number: int) -> Letter:
    found = await db.read(outbox.get, number)
    assert found
    return found


async def test_other_words_take_the_place_of_those_that_failed_and_those_are_kept(db: Database) -> None:
    number, sari = await dead(db), await officer(db)

    for _ in range(2):
        await db.write(sending.edit_and_resend, number, sari, "KRS sudah dibuka.", key="e", now=LATER)

    (again,) = await _claimed(db)
    assert (again.id, again.outgoing.text) == (number, "KRS sudah dibuka.")
    said = (await db.read(messages.of_ticket, 1001))[-1]
    assert (said.text, said.revisions) == ("KRS sudah dibuka.", 1)
    assert [each["text"] for each in await db.read(messages.revisions, said.id)] == ["Sudah dibuka."]
    with pytest.raises(NotResendable):
        await db.write(sending.edit_and_resend, number, sari, "Lagi.", key="f", now=LATER)


async def test_words_that_cannot_leave_are_refused(db: Database) -> None:
    number, sari = await dead(db), await officer(db)

    with pytest.raises(EmptyText):
        await db.write(sending.edit_and_resend, number, sari, "  ", key="e", now=LATER)
    with pytest.raises(TooLong):
        await db.write(sending.edit_and_resend, number, sari, "a" * 17_000, key="e", now=LATER)

    assert (await letter(db, number)).state == "failed"


async def test_without_another_address_somebody_calls(db: Database) -> None:
    number, sari = await dead(db), await officer(db)

    await db.write(sending.by_other_way, number, sari, None, key="k", now=LATER)

    (call,) = await db.read(call_tasks.due, sari)
    assert (call.id, call.text) == (number, "Sudah dibuka.")
    assert await db.read(outbox.dead) == []
    await db.write(call_tasks.told, number, sari, key="t", now=LATER)
    assert (await letter(db, number)).state == "delivered"


async def test_the_way_must_be_the_persons_own(db: Database) -> None:
    number, sari = await dead(db), await officer(db)
    await db.write(take_in, incoming(key="9", sender="9"), ids(), NOW)
    other = await db.read(tickets.find, 1002)
    own = await db.read(tickets.find, 1001)
    assert other and own

    with pytest.raises(NoSuchWay):
        await db.write(sending.by_other_way, number, sari, other.conversation, key="k", now=LATER)
    await db.write(sending.by_other_way, number, sari, own.conversation, key="k2", now=LATER)

    assert number in [each.id for each in await _claimed(db)]


async def test_what_somebody_saw_to_leaves_the_list_and_stays_in_the_ticket(db: Database) -> None:
    number, sari = await dead(db), await officer(db)

    await db.write(sending.settle, number, sari, key="k", now=LATER)

    assert await db.read(outbox.dead) == []
    assert (await db.read(messages.of_ticket, 1001))[-1].sent == "failed"
    assert (await db.read(trail.of_case, 1001))[-1].kind == "settled"


async def test_a_letter_of_no_ticket_is_settled_by_who_supervises_every_unit(db: Database) -> None:
    await dead(db)
    number = await db.write(_of_no_ticket)

    with pytest.raises(NotAllowed):
        await db.write(sending.settle, number, await officer(db), key="k", now=LATER)
    with pytest.raises(NotFound):
        await db.write(sending.by_other_way, number, await officer(db, "lestari"), None, key="k", now=LATER)
    await db.write(sending.settle, number, await officer(db, "lestari"), key="k", now=LATER)

    assert (await letter(db, number)).settled_at == LATER


def _of_no_ticket(change: Change) -> int:
    row = change.one("SELECT id FROM outbox WHERE kind = 'answer'")
    assert row
    number = outbox.add(change, _letter(change, row["id"]).outgoing, now=NOW, kind="notice")
    outbox.give_up(change, number, state="failed", error="")
    return number


def _letter(view: View, number: int) -> Letter:
    found = outbox.get(view, number)
    assert found
    return found


@pytest.mark.parametrize(
    ("state", "error", "begins"),
    [
        ("unknown", "", "Mungkin sudah sampai"),
        ("failed", "Nomor ini tidak memakai WhatsApp.", "Pilih alamat lain"),
        ("failed", "Orang ini memblokir kita di WhatsApp.", "Pilih alamat lain"),
        ("failed", "Teks melebihi 1.600 karakter.", "Ubah isinya"),
        ("failed", "Kunci akun WhatsApp kita ditolak; periksa pengaturan Twilio.", "Perbaiki pengaturan"),
        ("failed", "KeyError", "Coba lagi"),
    ],
)
def test_every_failure_has_a_remedy_in_words(state: str, error: str, begins: str) -> None:
    assert remedy(state, error).startswith(begins)
