"""Telegram's allowance as a strict sliding window: 30/s a bot, 1000/s of what is paid for, 1/s a chat, 20/min a group."""

from collections import defaultdict, deque
from collections.abc import Callable

BOT = (30, 1.0)
PAID = (1000, 1.0)  # messages with allow_paid_broadcast
CHAT = (1, 0.9)  # "about one a second": a tenth is left to the network's jitter
GROUP = (20, 60.0)


class Window:
    """`ticks` is monotonic seconds. A refused message costs nothing."""

    def __init__(self, ticks: Callable[[], float]) -> None:
        self._ticks = ticks
        self._sent: dict[tuple[str, ...], deque[float]] = defaultdict(deque)

    def refuse_for(self, token: str, chat: str, *, paid: bool = False) -> int:
        """0 when the message may go (and is counted), else the seconds to wait, rounded up."""
        now = self._ticks()
        whole = ((token, "paid"), *PAID) if paid else ((token,), *BOT)
        rules: list[tuple[tuple[str, ...], int, float]] = [whole, ((token, chat), *CHAT)]
        if chat.startswith(("-", "@")):
            rules.append(((token, chat, "group"), *GROUP))
        waits = [self._wait(name, most, span, now) for name, most, span in rules]
        if max(waits) > 0:
            return int(max(waits)) + 1
        for name, _, _ in rules:
            self._sent[name].append(now)
        return 0

    def _wait(self, name: tuple[str, ...], most: int, span: float, now: float) -> float:
        sent = self._sent[name]
        while sent and now - sent[0] >= span:
            sent.popleft()
        return 0.0 if len(sent) < most else span - (now - sent[0])
