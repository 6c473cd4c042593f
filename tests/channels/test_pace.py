"""The pace of sending, on a loop whose time is a number: strict windows, ranks, patience."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from datetime import timedelta
from typing import Any

import pytest

from channels.pace import Pace, in_parts
from demo.telegram_window import Window
from sop.messages import SendFailed


class VirtualLoop(asyncio.SelectorEventLoop):
    """Time jumps to the next timer whenever nothing is left to do."""

    def __init__(self) -> None:
        super().__init__()
        self._moment = 0.0
        self._selector.select = self._jump  # type: ignore[attr-defined]

    def time(self) -> float:
        return self._moment

    def _jump(self, timeout: float | None) -> list[Any]:
        self._moment += timeout or 0.0
        return []


def run(work: Coroutine[Any, Any, None]) -> None:
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(work)


def now() -> float:
    return asyncio.get_running_loop().time()


async def spoken(pace: Pace, chats: list[str], **how: Any) -> list[tuple[str, float]]:
    """When each message left, in order of leaving."""
    left: list[tuple[str, float]] = []

    async def speak(chat: str) -> None:
        await pace.turn(chat, **how)
        left.append((chat, now()))

    await asyncio.gather(*(speak(chat) for chat in chats))
    return left


def test_a_broadcast_uses_96_percent_of_the_allowance_without_one_refusal() -> None:
    async def work() -> None:
        left = await spoken(Pace(), [str(chat) for chat in range(600)])
        ticks = iter([at for _, at in left])
        strict = Window(lambda: next(ticks))

        assert [strict.refuse_for("bot", chat) for chat, _ in left] == [0] * 600
        assert 600 / left[-1][1] == pytest.approx(30 * 0.96, rel=0.01)

    run(work())


def test_one_chat_hears_at_most_one_message_a_second_in_the_order_of_asking() -> None:
    async def work() -> None:
        left = await spoken(Pace(), ["7", "8", "7", "7"])

        assert [round(at, 2) for chat, at in left if chat == "7"] == [0.0, 1.04, 2.08]
        assert next(at for chat, at in left if chat == "8") < 0.1

    run(work())


def test_a_group_hears_at_most_twenty_messages_a_minute() -> None:
    async def work() -> None:
        left = await spoken(Pace(), ["-100"] * 45, group=True)
        times = [at for _, at in left]

        assert max(sum(start <= at < start + 60 for at in times) for start in times) == 20

    run(work())


def test_an_answer_overtakes_a_broadcast() -> None:
    async def work() -> None:
        pace, order = Pace(), list[str]()

        async def speak(chat: str, rank: int) -> None:
            await pace.turn(chat, rank=rank)
            order.append(chat)

        async with asyncio.TaskGroup() as group:
            for chat in range(100):
                group.create_task(speak(f"siaran {chat}", 2))
            group.create_task(speak("jawaban", 0))

        assert order.index("jawaban") <= 1

    run(work())


def test_a_chat_that_asked_for_patience_holds_up_nobody_else() -> None:
    async def work() -> None:
        pace = Pace()
        pace.hold("7", 30)
        left = dict(await spoken(pace, ["7", "8"]))

        assert left["8"] < 0.1
        assert left["7"] == pytest.approx(30)

    run(work())


def test_whoever_gives_up_waiting_costs_no_turn() -> None:
    async def work() -> None:
        pace = Pace(in_all=1.0, share=1.0)
        await pace.turn("1")
        impatient = asyncio.create_task(pace.turn("2"))
        patient = asyncio.create_task(pace.turn("3"))
        await asyncio.sleep(0)
        impatient.cancel()
        await patient

        assert now() == pytest.approx(1.0)

    run(work())


def test_what_a_slow_provider_counted_late_is_waited_for_so_that_nothing_is_refused() -> None:
    """Its window is its own: for 60 ms it took nothing, then everything that had come at once."""

    async def work() -> None:
        pace, strict, stalls = Pace(), Window(now), [(1.99, 2.05), (4.51, 4.57)]
        refused = [0] * 240

        async def speak(number: int) -> None:
            departure = await pace.turn(str(number))
            await asyncio.sleep(0.004)
            late = next((end for begin, end in stalls if begin <= now() < end), now())
            await asyncio.sleep(late - now())
            refused[number] = strict.refuse_for("bot", str(number))
            await asyncio.sleep(0.004)
            pace.answered(departure)

        await asyncio.gather(*(speak(number) for number in range(240)))

        assert sum(refused) == 0
        assert 240 / now() > 30 * 0.94

    run(work())


def test_a_message_that_is_never_answered_holds_the_others_up_for_a_blink_only() -> None:
    async def work() -> None:
        pace = Pace()
        pace.answered(await pace.turn("0"))
        begun = now()
        await spoken(pace, [str(chat) for chat in range(1, 91)])

        assert now() - begun < 90 / 28.8 + 3 * 0.55

    run(work())


def parts(*outcomes: str | Exception) -> list[Callable[[], Awaitable[str]]]:
    """Each call answers the next outcome."""
    waiting = iter(outcomes)

    async def part() -> str:
        outcome = next(waiting)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    return [part] * len(outcomes)


async def at_once() -> None:
    pass


def test_a_message_in_parts_is_known_by_its_first() -> None:
    async def work() -> None:
        assert await in_parts(parts("a", "b", "c"), at_once) == "a"

    run(work())


def test_a_first_part_that_fails_fails_the_message_as_it_is() -> None:
    async def work() -> None:
        with pytest.raises(SendFailed) as failure:
            await in_parts(parts(SendFailed("tunggu", retry=timedelta(seconds=3)), "b"), at_once)
        assert (failure.value.retry, failure.value.unknown) == (timedelta(seconds=3), False)

    run(work())


def test_a_message_of_which_only_a_part_arrived_is_unknown() -> None:
    async def work() -> None:
        with pytest.raises(SendFailed, match="Baru 1 dari 2 bagian") as failure:
            await in_parts(parts("a", SendFailed("ditolak")), at_once)
        assert failure.value.unknown

    run(work())


def test_a_short_pause_between_two_parts_is_waited_for() -> None:
    async def work() -> None:
        late = [*parts("a"), *parts(SendFailed("tunggu", retry=timedelta(seconds=5)), "b")[:1]]
        assert await in_parts(late, at_once) == "a"
        assert now() == pytest.approx(5)

    run(work())


def test_a_provider_that_never_answers_leaves_the_message_unknown_after_thirty_seconds() -> None:
    async def never() -> str:
        await asyncio.sleep(1e9)
        return ""

    async def work() -> None:
        with pytest.raises(SendFailed) as failure:
            await in_parts([never], at_once)
        assert (failure.value.unknown, now()) == (True, 30)

    run(work())


def test_a_turn_that_never_comes_leaves_the_message_unsent() -> None:
    async def work() -> None:
        pace = Pace()
        pace.hold("7", 1000)
        with pytest.raises(SendFailed) as failure:
            await in_parts(parts("a"), lambda: pace.turn("7"))
        assert (failure.value.unknown, failure.value.retry) == (False, timedelta(0))

    run(work())
