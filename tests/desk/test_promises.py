"""P2 and P3: the same message four times, at once, across restarts and across two processes, is one message."""

import asyncio
import random

from desk.intake import take_in
from sop.messages import Incoming
from store import messages, tickets
from store.db import Database, View, open_database
from tests.samples import NOW, ids, incoming, small_office


def counts(view: View) -> dict[str, int]:
    found = {}
    for name, sql in (
        ("messages", "SELECT count(*) AS n FROM message WHERE direction = 'in'"),
        ("tickets", "SELECT count(*) AS n FROM ticket"),
        ("persons", "SELECT count(*) AS n FROM contact"),
        ("receipts", "SELECT count(*) AS n FROM message WHERE automatic"),
    ):
        row = view.one(sql)
        found[name] = int(row["n"]) if row else 0
    return found


async def deliver(db: Database, said: list[Incoming]) -> None:
    await asyncio.gather(*(db.write(take_in, each, ids(), NOW) for each in said))


async def test_four_deliveries_at_once_over_two_processes_and_a_restart_are_one(url: str) -> None:
    said = [incoming(key=f"p{n}", sender=f"p{n}") for n in range(10)]
    once = {"messages": 10, "tickets": 10, "persons": 10, "receipts": 10}
    async with open_database(url) as one, open_database(url) as other:
        await small_office(one)
        await asyncio.gather(deliver(one, said), deliver(other, said))
        assert await one.read(counts) == once
    async with open_database(url) as again:
        await asyncio.gather(deliver(again, said), deliver(again, said))
        assert await again.read(counts) == once


async def test_first_messages_of_one_person_at_once_open_one_ticket_over_two_processes(url: str) -> None:
    async with open_database(url) as one, open_database(url) as other:
        await small_office(one)
        said = [incoming(f"Kata {n}") for n in range(200)]
        await asyncio.gather(deliver(one, said[:100]), deliver(other, said[100:]))

        assert await one.read(counts) == {"messages": 200, "tickets": 1, "persons": 1, "receipts": 1}


async def test_two_processes_give_no_number_twice_and_burn_none(url: str) -> None:
    async with open_database(url) as one, open_database(url) as other:
        await small_office(one)
        said = [incoming(key=f"p{n}", sender=f"p{n}") for n in range(60)]
        random.Random(1).shuffle(said)
        await asyncio.gather(deliver(one, said[:30]), deliver(other, said[30:]))

        def numbers(view: View) -> list[int]:
            return [row["id"] for row in view.all("SELECT id FROM ticket ORDER BY id")]

        assert await one.read(numbers) == list(range(1001, 1061))


async def test_what_one_process_changed_of_the_office_the_other_knows(url: str) -> None:
    async with open_database(url) as one, open_database(url) as other:
        await other.write(take_in, incoming(key="a", sender="a"), ids(), NOW)  # no office yet
        await small_office(one)

        number = await other.write(take_in, incoming("UKT saya", key="b", sender="b"), ids(), NOW)

        assert number
        ticket = await other.read(tickets.find, number)
        assert ticket and ticket.unit == 2
        assert len(await one.read(messages.of_ticket, number)) == 2
