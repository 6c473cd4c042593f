"""Doors: who comes through a deep link lands in its unit and category, pinned as by their own choice."""

from typing import Any

import pytest

from desk import doors, inbound, intake
from desk.doors import LeadsNowhere, NotTogether
from sop.errors import NotAllowed, NotFound
from sop.messages import Kind
from store import conversations, outbox, tickets
from store import doors as stored
from store.db import Database, View
from tests.samples import MINUTE, NOW, ids, incoming, officer, small_office

TOKEN = "u7Kq2mZp-9Lx"


async def door(db: Database, unit: str = "", category: str = "", token: str = TOKEN) -> None:
    await small_office(db)
    lestari = await officer(db, "lestari")
    await db.write(doors.open_door, lestari, token, "Papan lift", unit, category, NOW)


async def says(db: Database, text: str, at: Any = NOW, **facts: Any) -> int | None:
    return await db.write(intake.take_in, incoming(text, **facts), ids(), at)


def _letters(view: View) -> list[str]:
    rows = view.all("SELECT id FROM outbox WHERE channel <> 'staff' ORDER BY id")
    return [found.outgoing.text for row in rows if (found := outbox.get(view, row["id"]))]


async def test_a_category_of_a_unit_is_bound_before_the_first_word(db: Database) -> None:
    await door(db, "feb", "akun")
    await says(db, "/start", token=TOKEN)

    number = await says(db, "Sandi saya salah terus", NOW + MINUTE)

    ticket = await db.read(tickets.find, number or 0)
    assert ticket is not None
    assert (ticket.unit, len(ticket.categories)) == (2, 1)
    assert (ticket.step, ticket.procedure) != ("", None)
    greeting, received = await db.read(_letters)
    assert "UU 27/2022" in greeting and "kategori Akun" in greeting
    assert f"#{number}" in received


async def test_a_unit_is_bound_and_its_menu_shows_its_own_categories_and_everybodys(db: Database) -> None:
    await door(db, "feb")
    await says(db, "/start", token=TOKEN)

    number = await says(db, "KRS saya terkunci", NOW + MINUTE)

    ticket = await db.read(tickets.find, number or 0)
    assert ticket is not None and ticket.unit == 2
    found = await db.read(conversations.find, "telegram", "7001")
    assert found is not None


async def test_the_menu_of_a_door_leads_on_within_its_unit(db: Database) -> None:
    await door(db, "feb")
    await says(db, "/start", token=TOKEN)
    found = await db.read(conversations.find, "telegram", "7001")
    assert found is not None and set(found.dialog["options"]) == {"baru:keuangan", "baru:akun"}

    await says(db, "", button="baru:akun", kind=Kind.BUTTON, at=NOW + MINUTE)
    number = await says(db, "Sandi salah", NOW + 2 * MINUTE)

    ticket = await db.read(tickets.find, number or 0)
    assert ticket is not None and ticket.unit == 2


async def test_on_whatsapp_the_words_of_the_link_greet_and_open_no_ticket(db: Database) -> None:
    await door(db, category="keuangan")
    facts = {"channel": "whatsapp", "key": "w1", "sender": "whatsapp:+6281200000101"}
    assert await says(db, f"Mulai (kode: {TOKEN})", **facts) is None

    number = await says(db, "Bukti bayar saya ditolak", NOW + MINUTE, **facts)

    ticket = await db.read(tickets.find, number or 0)
    assert ticket is not None and ticket.unit == 2 and len(ticket.categories) == 1


async def test_words_beside_the_token_are_the_report_itself(db: Database) -> None:
    await door(db, category="keuangan")
    facts = {"channel": "whatsapp", "key": "w1", "sender": "whatsapp:+6281200000101"}

    number = await says(db, f"UKT saya dua kali ditagih (kode: {TOKEN})", **facts)

    ticket = await db.read(tickets.find, number or 0)
    assert ticket is not None
    assert (ticket.subject, ticket.unit, len(ticket.categories)) == ("UKT saya dua kali ditagih", 2, 1)


async def test_another_matter_begins_at_a_door_even_while_one_is_open(db: Database) -> None:
    await door(db, category="keuangan")
    first = await says(db, "KRS saya terkunci")
    await says(db, "/start", NOW + MINUTE, token=TOKEN)

    second = await says(db, "Tagihan saya keliru", NOW + 2 * MINUTE)

    assert first != second
    ticket = await db.read(tickets.find, second or 0)
    assert ticket is not None and ticket.unit == 2


@pytest.mark.parametrize("token", ["unknown-token", "retired", "x", "a b", "x" * 200])
async def test_an_unknown_or_retired_token_is_greeted_as_always(db: Database, token: str) -> None:
    await door(db, "feb", token="retired-door")
    lestari = await officer(db, "lestari")
    await db.write(doors.retire, lestari, "retired-door", NOW)

    given = "retired-door" if token == "retired" else token
    assert await says(db, "/start", token=given) is None
    number = await says(db, "KRS saya terkunci", NOW + MINUTE)

    ticket = await db.read(tickets.find, number or 0)
    assert ticket is not None and ticket.unit == 1
    assert (await db.read(_letters))[0].startswith("Selamat datang")


async def test_the_same_form_twice_opens_one_door_and_another_officers_token_none(db: Database) -> None:
    await door(db, "feb")
    lestari, sari = await officer(db, "lestari"), await officer(db)
    await db.write(doors.open_door, lestari, TOKEN, "Papan lift", "feb", "", NOW)

    assert len(await db.read(stored.all_of)) == 1
    with pytest.raises(NotAllowed):
        await db.write(doors.open_door, sari, "another-door", "", "pusat", "", NOW)


async def test_a_door_leads_somewhere_that_fits_together(db: Database) -> None:
    await small_office(db)
    lestari = await officer(db, "lestari")

    with pytest.raises(LeadsNowhere):
        await db.write(doors.open_door, lestari, TOKEN, "Papan", "", "", NOW)
    with pytest.raises(NotTogether):
        await db.write(doors.open_door, lestari, TOKEN, "Papan", "pusat", "keuangan", NOW)
    with pytest.raises(NotFound):
        await db.write(doors.open_door, lestari, TOKEN, "Papan", "tidakada", "", NOW)


async def test_the_links_name_us_as_the_channels_remember_it(db: Database) -> None:
    await door(db, "feb", "akun")
    lestari = await officer(db, "lestari")
    (silent,) = await db.read(doors.listed, lestari, "https://care.example.ac.id/")
    assert (silent.telegram, silent.whatsapp) == ("", "")
    assert silent.web == "https://care.example.ac.id/lapor/feb/akun"

    await db.write(inbound.remember, "telegram.me", {"username": "contoh_bot"})
    await db.write(inbound.remember, "whatsapp.me", {"number": "+6281200000101"})
    (found,) = await db.read(doors.listed, lestari, "https://care.example.ac.id")
    assert found.telegram == f"https://t.me/contoh_bot?start={TOKEN}"
    assert found.whatsapp.startswith("https://wa.me/6281200000101?text=Mulai%20")

    await db.write(doors.forget_others, frozenset({"whatsapp"}))
    (found,) = await db.read(doors.listed, lestari, "https://care.example.ac.id")
    assert not found.telegram and found.whatsapp
