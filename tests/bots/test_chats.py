"""Chats of the staff bot: who blocks it is known, a group that moves is followed, a topic is part of the address."""

from typing import Any

from desk import staff
from store import office as offices
from store import officers, outbox, roster
from store.db import View
from tests.bots.conftest import SARI, TOKEN, Bench
from tests.samples import NOW, officer


def _units(view: View) -> dict[str, str]:
    return {each.code: each.staff_chat for each in offices.current(view).units.values()}


def _to(view: View) -> list[tuple[str, str]]:
    """(chat, key) of the cards so far."""
    rows = view.all("SELECT id FROM outbox WHERE channel = 'staff' ORDER BY id")
    found = [outbox.get(view, row["id"]) for row in rows]
    return [(each.outgoing.to, each.outgoing.key) for each in found if each]


async def linked(bench: Bench, group: int, **place: Any) -> None:
    """Kantor Pusat's group, by a one-time code said there."""
    lestari = await officer(bench.db, "lestari")
    await bench.db.write(staff.offer_group_code, lestari, "pusat", "GRUP", NOW)
    await bench.writes("/hubungkan GRUP", chat=group, **place)


async def test_an_officer_who_blocks_the_bot_is_shown_so_until_they_come_back(on_both: Bench) -> None:
    bench = on_both
    sari = (await officer(bench.db)).id
    async with bench.listening():
        bench.phone.block(SARI)
        await bench.quiet()
        assert await bench.db.read(officers.chats_of, "staff", [sari]) == {}
        person = await bench.db.read(roster.person, "sari")
        assert person is not None and (person.linked, person.blocked) == (False, True)
        await bench.ticket()
        assert (str(SARI), "") not in await bench.db.read(_to)

        bench.phone.unblock(SARI)
        await bench.quiet()

    assert await bench.db.read(officers.chats_of, "staff", [sari]) == {sari: str(SARI)}


async def test_a_card_that_is_refused_tells_of_the_block_as_well(bench: Bench) -> None:
    await bench.ticket()
    bench.provider.fail("403", method="sendMessage", chat=SARI)
    async with bench.opened() as bot:
        await bench.drain(bot)

    person = await bench.db.read(roster.person, "sari")
    assert person is not None and person.blocked


async def test_a_group_that_moves_is_followed_by_its_unit_and_its_cards(on_both: Bench) -> None:
    bench = on_both
    group = bench.phone.group("Meja", kind="group")
    bench.phone.join(SARI, group)
    async with bench.listening() as bot:
        await linked(bench, group)
        assert (await bench.db.read(_units))["pusat"] == str(group)

        moved = bench.provider.migrate(group)
        await bench.quiet()
        assert (await bench.db.read(_units))["pusat"] == str(moved)
        number = await bench.ticket()
        await bench.drain(bot)

    assert any(f"#{number}" in words for words in bench.provider.sent(moved, TOKEN))


async def test_a_card_that_meets_the_move_first_teaches_the_unit(bench: Bench) -> None:
    group = bench.phone.group("Meja", kind="group")
    bench.phone.join(SARI, group)
    async with bench.listening():
        await linked(bench, group)
    await bench.ticket()
    moved = bench.provider.migrate(group)
    async with bench.opened() as bot:
        await bench.drain(bot)

    assert (await bench.db.read(_units))["pusat"] == str(moved)


async def test_a_topic_is_part_of_the_units_address(on_both: Bench) -> None:
    bench = on_both
    forum = bench.phone.group("Kantor", forum=True)
    bench.phone.join(SARI, forum)
    async with bench.listening() as bot:
        topic = bench.phone.topic(SARI, forum, "Layanan")
        other = bench.phone.topic(SARI, forum, "Obrolan")
        await linked(bench, forum, topic=topic)
        assert (await bench.db.read(_units))["pusat"] == f"{forum}:{topic}"

        number = await bench.ticket()
        await bench.drain(bot)
        card = bench.card(f"ambil:{number}", forum)
        assert card["message_thread_id"] == topic
        assert f"#{number}" in await bench.writes("/antrean", chat=forum, topic=topic)
        assert "belum terhubung" in await bench.writes("/antrean", chat=forum, topic=other)


async def test_a_group_that_takes_the_bot_out_gets_no_more_cards(bench: Bench) -> None:
    group = bench.phone.group("Meja")
    bench.phone.join(SARI, group)
    async with bench.listening():
        await linked(bench, group)
        bench.phone.remove_bot(group)
        await bench.quiet()
    await bench.ticket()

    assert (await bench.db.read(_units))["pusat"] == ""
    assert await bench.db.read(_to) == [(str(SARI), "")]
