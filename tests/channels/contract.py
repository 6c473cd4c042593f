"""What every channel promises (P2, P4, P9 to P12): one set of tests, run by each channel against its own counterpart.

A channel's test file derives a class from one of the three below and gives it a fixture `counterpart`.
"""

import asyncio
import itertools
import random
from collections.abc import AsyncIterator, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from channels import counter
from desk import inbound, office_file
from sop import office_file as reading
from store import parked
from tests.channels.rig import Counterpart, Desk, opened, running, states
from tests.clock import Clock
from tests.conftest import fresh
from tests.samples import NOW, OFFICE, ids, officer

PEOPLE = 20
HOUR = timedelta(hours=1)
MONDAYS = (date(2026, 1, 5) + timedelta(weeks=n) for n in range(53 * 7))
NEVER_OPEN = f"""
kalender:
  - code: tutup
    name: Tutup bertahun-tahun
    week: {{senin: 08.00-12.00}}
    closures: [{", ".join(f"{{day: {day}, reason: Salah ketik}}" for day in MONDAYS)}]
unit:
  - {{kode: feb, nama: Fakultas Ekonomi dan Bisnis, jenis: fakultas, kalender: tutup, prosedur: uc3-fakultas}}
"""
"""A change of the office after which a word about UKT breaks a rule: its unit has no hour left for the first limit."""


class Contract:
    """For every channel. `counterpart` comes from the channel's own test file."""

    @pytest.fixture
    def clock(self) -> Clock:
        return Clock()

    @pytest.fixture
    def store(self, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
        """SQLite; a class that overrides it runs on another engine."""
        with fresh("sqlite", request, tmp_path) as url:
            yield url

    @pytest.fixture
    async def desk(
        self, store: str, tmp_path: Path, clock: Clock, counterpart: Counterpart
    ) -> AsyncIterator[Desk]:
        async with opened(store, tmp_path, clock, counterpart) as desk:
            yield desk

    async def test_who_writes_gets_a_ticket_and_reads_the_answer(
        self, desk: Desk, counterpart: Counterpart
    ) -> None:
        await bring(counterpart, 0, "KRS saya terkunci")
        number = await desk.ticket(counterpart.name, 0)
        await desk.deliver()

        await desk.answer(number, "Kartu studi Anda sudah dibuka.")
        await desk.deliver()

        acknowledged, answered = await counterpart.read(0)
        assert f"#{number}" in acknowledged
        assert "Kartu studi Anda sudah dibuka." in answered
        letters = await desk.outbox(counterpart.name)
        assert {one["state"] for one in letters} <= {"sent", "delivered"}
        assert len({one["external_id"] for one in letters} - {None, ""}) == 2

    async def test_a_message_brought_four_times_is_one_message_one_ticket_and_one_acknowledgement(
        self, desk: Desk, counterpart: Counterpart
    ) -> None:
        message = await counterpart.write(0, "KRS saya terkunci")
        await asyncio.gather(counterpart.bring(message), counterpart.bring(message))
        await settled(desk, counterpart)
        await desk.reopen()
        await counterpart.bring(message)
        await counterpart.bring(message)
        await settled(desk, counterpart)
        await desk.deliver()

        assert await desk.said(counterpart.name, 0) == ["KRS saya terkunci"]
        assert len(await desk.tickets(counterpart.name, 0)) == 1
        assert len(await counterpart.read(0)) == 1
        assert (await desk.kept())["parked"] == 0

    async def test_twenty_people_at_once_get_a_ticket_each(
        self, desk: Desk, counterpart: Counterpart
    ) -> None:
        messages = [await counterpart.write(person, f"KRS {person}") for person in range(PEOPLE)]

        answers = await asyncio.gather(*(counterpart.bring(message) for message in messages))

        assert not counterpart.pushes or set(answers) == {200}
        numbers = {await desk.ticket(counterpart.name, person) for person in range(PEOPLE)}
        assert len(numbers) == PEOPLE
        for person in range(PEOPLE):
            assert await desk.said(counterpart.name, person) == [f"KRS {person}"]
        await desk.deliver()
        for person in range(PEOPLE):
            assert len(await counterpart.read(person)) == 1

    async def test_words_and_answers_keep_their_order(self, desk: Desk, counterpart: Counterpart) -> None:
        words = [f"kata ke-{n}" for n in range(10)]
        for word in words:
            await bring(counterpart, 0, word)
        assert await desk.until_said(counterpart.name, 0, 10) == words
        number = await desk.ticket(counterpart.name, 0)
        await desk.deliver()

        for n in range(3):
            await desk.answer(number, f"Jawaban ke-{n}.")
        await desk.deliver()

        _, *answers = await counterpart.read(0)
        assert [f"Jawaban ke-{n}." in answer for n, answer in enumerate(answers)] == [True] * 3

    async def test_what_breaks_a_rule_is_parked_raw_the_rest_flows_and_it_can_be_driven_again(
        self, desk: Desk, counterpart: Counterpart
    ) -> None:
        await desk.db.write(office_file.bring_in, reading.read(NEVER_OPEN), NOW)
        with capture_logs() as log:
            for person, text in enumerate(("KRS satu", "UKT saya ganda", "KRS dua")):
                await bring(counterpart, person, text)
            await desk.ticket(counterpart.name, 2)
            (kept,) = await desk.until(parked.waiting)
        assert "message parked" in {line["event"] for line in log}
        assert (kept.channel, kept.incoming is not None) == (counterpart.name, True)
        assert b"UKT" in kept.raw
        assert "NeverOpen" in kept.reason
        assert await desk.tickets(counterpart.name, 1) == []

        await desk.db.write(office_file.bring_in, reading.read(OFFICE), NOW)
        await desk.db.write(
            inbound.drive_again, kept.id, await officer(desk.db, "lestari"), ids(), desk.clock()
        )

        assert await desk.said(counterpart.name, 1) == ["UKT saya ganda"]
        await desk.deliver()
        assert [len(await counterpart.read(person)) for person in range(3)] == [1, 1, 1]
        assert await desk.db.read(parked.waiting) == []

    async def test_a_store_that_is_busy_for_a_while_loses_and_refuses_nothing(
        self, desk: Desk, counterpart: Counterpart
    ) -> None:
        messages = [await counterpart.write(person, f"KRS {person}") for person in range(5)]
        with desk.locked():
            bringing = [asyncio.create_task(counterpart.bring(message)) for message in messages]
            for _ in range(5):
                assert (await desk.kept())["message"] == 0
            assert not counterpart.pushes or not any(task.done() for task in bringing)
        answers = await asyncio.gather(*bringing)

        assert not counterpart.pushes or set(answers) == {200}
        for person in range(5):
            assert await desk.until_said(counterpart.name, person, 1) == [f"KRS {person}"]

    async def test_a_store_that_is_away_acknowledges_nothing_and_the_second_try_is_taken_in(
        self, store: str, tmp_path: Path, clock: Clock, counterpart: Counterpart
    ) -> None:
        async with opened(store, tmp_path, clock, counterpart, patience=0.2) as desk:
            message = await counterpart.write(0, "KRS saya terkunci")
            with desk.locked():
                if counterpart.pushes:
                    assert await counterpart.bring(message) == 503
                else:
                    await counterpart.bring(message)
                async with asyncio.timeout(20):
                    await desk.reception.refused.wait()
                assert (await desk.kept())["message"] == 0
            if counterpart.pushes:
                assert await counterpart.bring(message) == 200

            assert await desk.until_said(counterpart.name, 0, 1) == ["KRS saya terkunci"]
            assert len(await desk.tickets(counterpart.name, 0)) == 1


class ProviderContract(Contract):
    """For a channel with somebody else's machine on the other side, reached over `counterpart.lines`."""

    async def test_after_an_outage_answers_leave_in_order_and_what_people_wrote_is_fetched(
        self, desk: Desk, counterpart: Counterpart
    ) -> None:
        for person in range(2):
            await bring(counterpart, person, "KRS saya terkunci")
        numbers = [await desk.ticket(counterpart.name, person) for person in range(2)]
        await desk.deliver()
        await cut(desk, counterpart)
        for n, (number, person) in itertools.product(range(2), zip(numbers, range(2), strict=True)):
            await desk.answer(number, f"Jawaban ke-{n} untuk {person}.")
        missed = await counterpart.write(0, "Masih belum bisa")
        assert not counterpart.pushes or await counterpart.bring(missed) == 0
        for _ in range(3):
            desk.clock.forward(HOUR / 3)
            await desk.deliver()
        assert [len(await counterpart.read(person)) for person in range(2)] == [1, 1]

        await mend(desk, counterpart)
        for number, person in zip(numbers, range(2), strict=True):
            await desk.answer(number, f"Jawaban ke-2 untuk {person}.")
        await (
            desk.deliver()
        )  # it is not the turn of what failed yet, and what came later does not overtake it
        await self.reconcile(desk, counterpart, missed)
        assert await desk.until_said(counterpart.name, 0, 2) == ["KRS saya terkunci", "Masih belum bisa"]
        for _ in range(3):
            await desk.deliver()
            desk.clock.forward(HOUR)

        for person in range(2):
            _, *answers = await counterpart.read(person)
            mine = [text for text in answers if f"untuk {person}." in text]
            assert [f"Jawaban ke-{n}" in text for n, text in enumerate(mine)] == [True] * 3
        assert not any(one["doubtful"] for one in await desk.outbox(counterpart.name))

    async def reconcile(self, desk: Desk, counterpart: Counterpart, missed: Any) -> None:
        """How what came during an outage reaches the desk: the provider brings it, or has it waiting."""
        await counterpart.bring(missed)

    async def test_a_peer_that_never_answers_holds_up_no_other_channel(
        self, desk: Desk, counterpart: Counterpart
    ) -> None:
        await self.held_up(desk, counterpart, slow=False)

    async def test_a_peer_that_answers_a_byte_a_second_holds_up_no_other_channel(
        self, desk: Desk, counterpart: Counterpart
    ) -> None:
        await self.held_up(desk, counterpart, slow=True)

    async def held_up(self, desk: Desk, counterpart: Counterpart, *, slow: bool) -> None:
        """P11: while this peer's line hangs, the counter's answers go out."""
        await bring(counterpart, 0, "KRS saya terkunci")
        number = await desk.ticket(counterpart.name, 0)
        await desk.deliver()
        async with counter.open_channel(counter.Settings(), desk.reception) as other:
            line = counterpart.lines[0]
            line.crawl() if slow else line.silence()
            await desk.answer(number, "Kartu studi Anda sudah dibuka.")
            async with running(desk.delivery.run({**desk.channels, "counter": other})):
                await desk.until(lambda view: "sending" in states(view, counterpart.name))
                await desk.say("counter", "0274-555-1", "Berkas Anda sudah dapat diambil.")
                await desk.until(lambda view: states(view, "counter") == ["sent"])
                assert "sending" in await desk.db.read(states, counterpart.name)


class WebhookContract(ProviderContract):
    """For a channel whose provider brings messages to a webhook of ours."""

    async def test_a_hundred_messages_over_ten_connections_arrive_once_and_in_their_senders_order(
        self, desk: Desk, counterpart: Counterpart
    ) -> None:
        spoken = {
            person: [await counterpart.write(person, f"kata ke-{n} dari {person}") for n in range(5)]
            for person in range(PEOPLE)
        }
        people = list(spoken)
        random.Random(7).shuffle(people)

        async def connection(mine: list[int]) -> list[int]:
            return [await counterpart.bring(spoken[person][n]) for n in range(5) for person in mine]

        answers = await asyncio.gather(*(connection(people[n::10]) for n in range(10)))

        assert set(itertools.chain(*answers)) == {200}
        for person in range(PEOPLE):
            assert await desk.said(counterpart.name, person) == [
                f"kata ke-{n} dari {person}" for n in range(5)
            ]
        assert (await desk.kept())["ticket"] == PEOPLE

    async def test_who_is_not_the_provider_is_refused_and_leaves_nothing(
        self, desk: Desk, counterpart: Counterpart
    ) -> None:
        message = await counterpart.write(0, "KRS saya terkunci")
        before = await desk.kept()

        assert await counterpart.forge(message) == 403

        assert await desk.kept() == before
        assert await counterpart.bring(message) == 200
        assert await desk.said(counterpart.name, 0) == ["KRS saya terkunci"]


async def bring(counterpart: Counterpart, person: int, text: str) -> None:
    """The person writes, and the provider brings it at once."""
    answer = await counterpart.bring(await counterpart.write(person, text))
    assert not counterpart.pushes or answer == 200


async def settled(desk: Desk, counterpart: Counterpart) -> None:
    """All that was brought so far has been looked at: a word of somebody else's that came after it is kept."""
    if counterpart.pushes:
        return
    said = len(await desk.said(counterpart.name, 99))
    await bring(counterpart, 99, f"KRS penutup {said}")
    await desk.until_said(counterpart.name, 99, said + 1)


async def cut(desk: Desk, counterpart: Counterpart) -> None:
    for line in (desk.door, *counterpart.lines):
        await line.cut()


async def mend(desk: Desk, counterpart: Counterpart) -> None:
    for line in (desk.door, *counterpart.lines):
        await line.mend()
