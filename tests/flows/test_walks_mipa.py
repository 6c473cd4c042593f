"""MIPA Care through the desk's acts, across the long weekend of Good Friday 2026 (Friday 3 April is closed)."""

from datetime import datetime

import pytest

from desk import casework, sending
from desk.needed import FormMissing
from sop.messages import Receipt
from sop.ticket import Status
from sop.visit import NoSuchDecision, ReasonMissing
from store import contacts, conversations, outbox, visits
from store.db import Change, Database, View
from store.outbox import Letter
from tests import offices
from tests.flows.walking import Walk
from tests.offices import wib

SECRET = "Saya Dewi, NIM 221040037, petugas loket membentak saya"
FORM = "Keluhan tentang pelayanan loket pada 1 April."


async def opened(db: Database, at: str = "04-02 15.50", **facts: str) -> Walk:
    walk = Walk(db)
    await walk.office(offices.MIPA, wib(at))
    await walk.arrive(SECRET, at, **facts)
    return walk


async def write_form(walk: Walk, at: str) -> None:
    tari = await walk.officer("tari", at)
    await walk.db.write(casework.edit_form, str(walk.number), tari, FORM, frozenset(), now=wib(at))


async def with_party(db: Database) -> Walk:
    """The leader has asked the complained-about party."""
    walk = await opened(db)
    await walk.go("tari", "teruskan", "04-02 15.58", "koordinasi", "pimpinan", "04-08 15.58")
    await write_form(walk, "04-02 15.59")
    await walk.go(
        "wahyu", "teruskan", "04-07 10.00", "klarifikasi", "pihak", "04-08 10.00", reason="Mohon klarifikasi"
    )
    return walk


def _last(view: View, ticket: int) -> Letter:
    row = view.one(
        "SELECT max(id) AS id FROM outbox WHERE ticket_id = :ticket AND kind = 'answer'", ticket=ticket
    )
    assert row
    letter = outbox.get(view, row["id"])
    assert letter
    return letter


async def test_the_party_gets_the_form_as_it_was_edited_and_nothing_of_the_reporter(db: Database) -> None:
    walk = await opened(db)
    await walk.here("periksa", "operator", "04-06 08.05")  # ten minutes on Thursday, five on Monday
    await walk.go("tari", "teruskan", "04-02 15.58", "koordinasi", "pimpinan", "04-08 15.58")
    assert await walk.told() == ["Keluhan Anda sudah diteruskan kepada pimpinan."]
    [card] = await walk.cards()
    assert (card.kind, card.login) == ("decision", "wahyu")

    with pytest.raises(FormMissing):
        await walk.go("wahyu", "teruskan", "04-07 10.00")
    await walk.here("koordinasi", "pimpinan", "04-08 15.58")
    await write_form(walk, "04-07 10.01")
    await walk.go(
        "wahyu", "teruskan", "04-07 10.02", "klarifikasi", "pihak", "04-08 10.02", reason="Mohon klarifikasi"
    )

    [card] = await walk.cards()
    assert (card.kind, card.login) == ("decision", "joko")
    assert FORM in card.text
    ticket, stay = await walk.ticket(), await walk.stay()
    page = await db.read(casework.page_of, ticket, stay.id)
    shown = f"{card.text} {page}"
    for secret in ("221040037", "Dewi", "membentak"):
        assert secret not in shown
    assert page.form
    assert (page.form.text, page.said, page.history, page.attachments) == (FORM, (), (), ())
    assert await walk.told() == []


async def test_three_returns_then_only_the_dean_and_the_answer_is_confirmed(db: Database) -> None:
    walk = await with_party(db)
    with pytest.raises(ReasonMissing):
        await walk.go("joko", "klarifikasi", "04-08 08.59", reason="")
    await walk.go("joko", "klarifikasi", "04-08 09.00", "hasil-periksa", "pimpinan", "04-09 09.00")
    for at, due, back, next_due in (
        ("04-09 08.30", "04-10 08.30", "04-09 13.00", "04-10 13.00"),
        ("04-09 14.00", "04-10 14.00", "04-10 08.00", "04-13 08.00"),
        ("04-10 09.00", "04-13 09.00", "04-10 10.00", "04-13 10.00"),
    ):
        await walk.go("wahyu", "kembalikan", at, "klarifikasi", "pihak", due, reason="Solusinya belum ada")
        await walk.go("joko", "klarifikasi", back, "hasil-periksa", "pimpinan", next_due)
    with pytest.raises(NoSuchDecision):
        await walk.go("wahyu", "kembalikan", "04-10 10.20")
    cards = await walk.cards()
    assert cards[-1].buttons == ("Sesuai", "Naikkan")
    assert "Solusinya belum ada" in [each.text for each in cards if each.login == "joko"][-1]
    await walk.go("wahyu", "naik", "04-10 10.30", "putusan-dekan", "dekan", "04-13 10.30")
    await walk.go(
        "ratna", "kebijakan", "04-10 11.00", "hasil", "operator", "04-10 14.30", reason="Loket dibina"
    )
    assert {(each.kind, each.login) for each in await walk.cards()} >= {("turn", "tari")}

    ticket = await walk.reply("tari", "Loket sudah kami bina, mohon maaf.", "04-10 14.00")

    assert ticket.status is Status.ANSWERED
    await walk.here("terima", "pengguna", "04-10 15.00")
    letter = await db.read(_last, walk.number)
    await db.write(sending.sent, letter, Receipt(external_id="m-1"), wib("04-10 14.01"))
    assert await db.read(visits.open_of, walk.number) is None
    assert [each.step for each in await walk.history()][-2:] == ["hasil", "terima"]


async def test_an_answer_that_never_arrived_goes_to_another_known_address_within_the_hour(
    sqlite: Database,
) -> None:
    walk = await opened(sqlite, "04-02 09.00", channel="whatsapp", key="+62811", sender="+62811")
    contact = (await walk.ticket()).contact
    now = wib("04-02 09.01")
    await sqlite.write(_second_address, contact, now)
    await walk.go("tari", "jawab", "04-02 09.05", "hasil", "operator", "04-02 11.05")
    await walk.reply("tari", "Loket sudah kami bina.", "04-02 09.10")
    await walk.here("terima", "pengguna", "04-02 10.10")

    await walk.sweep("04-02 10.10")

    again = [each for each in await sqlite.read(_out, walk.number) if "bina" in each[1]]
    assert [channel for channel, _ in again] == ["whatsapp", "telegram"]
    await walk.sweep("04-02 11.10")
    assert (
        len(await sqlite.read(_out, walk.number)) == len(again) + 1
    )  # and the acknowledgement; not once more


def _out(view: View, ticket: int) -> list[tuple[str, str]]:
    rows = view.all(
        "SELECT channel, body_json FROM outbox WHERE ticket_id = :ticket AND channel <> 'staff' ORDER BY id",
        ticket=ticket,
    )
    return [(row["channel"], row["body_json"]["text"]) for row in rows]


def _second_address(change: Change, contact: int, now: datetime) -> None:
    address = contacts.add_address(change, contact=contact, channel="telegram", value="9009", wrote_at=now)
    conversations.add(
        change,
        channel="telegram",
        key="9009",
        address=address,
        contact=contact,
        token="second",
        last_in_at=now,
        said_at=now,
        thread={},
    )
