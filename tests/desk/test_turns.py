"""A storm of one sender keeps nobody else waiting."""

import asyncio

import pytest

from desk.turns import Turns
from sop.errors import Unavailable


async def test_a_sender_has_so_many_turns_at_once_and_the_others_have_theirs() -> None:
    turns, go, inside = Turns(at_once=2, waiting=10), asyncio.Event(), list[str]()
    calm_is_in = asyncio.Event()

    async def message(sender: str) -> None:
        async with turns.of(sender):
            inside.append(sender)
            if sender == "calm":
                calm_is_in.set()
            await go.wait()

    storm = [asyncio.create_task(message("storm")) for _ in range(5)]
    calm = asyncio.create_task(message("calm"))
    await calm_is_in.wait()

    assert inside.count("storm") == 2
    go.set()
    await asyncio.gather(*storm, calm)
    assert inside.count("storm") == 5


async def test_a_sender_keeps_the_order_of_arrival() -> None:
    turns, said = Turns(at_once=1), list[int]()

    async def message(number: int) -> None:
        async with turns.of("one"):
            said.append(number)
            await asyncio.sleep(0)

    await asyncio.gather(*(message(number) for number in range(20)))

    assert said == list(range(20))


async def test_what_does_not_fit_a_senders_line_is_left_with_its_provider() -> None:
    turns = Turns(at_once=1, waiting=1)
    async with turns.of("storm"):
        waits = asyncio.create_task(_through(turns))
        await asyncio.sleep(0)
        with pytest.raises(Unavailable):
            await _through(turns)
        await _through(turns, "calm")
    await waits


async def test_a_turn_that_does_not_come_in_time_is_given_up() -> None:
    turns = Turns(at_once=1, patience=0.01)
    async with turns.of("storm"):
        with pytest.raises(Unavailable):
            await _through(turns)
    await _through(turns)


async def test_a_caller_who_leaves_while_waiting_takes_no_turn() -> None:
    turns = Turns(at_once=1)
    async with turns.of("storm"):
        leaves = asyncio.create_task(_through(turns))
        await asyncio.sleep(0)
        leaves.cancel()
        await asyncio.gather(leaves, return_exceptions=True)

    async with asyncio.timeout(20):  # a turn that is lost would never come
        await _through(turns)
    assert leaves.cancelled()


async def _through(turns: Turns, sender: str = "storm") -> None:
    async with turns.of(sender):
        pass
