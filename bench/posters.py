"""Telegram's side of two webhooks, as unforgiving as Telegram: each update again and again until it is answered 200.

Every person sends the next word only after the last was acknowledged, so the order on the desk can be checked. Some
updates are delivered again after they were acknowledged, and some twice at once.
"""

import asyncio
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bench.victim import SECRET

PUBLIC_PATH, STAFF_PATH = "/hooks/telegram", "/hooks/staff"
REPEATED = 0.05  # share of updates that are delivered again though they were acknowledged
SILENCE = 120.0  # seconds in which a desk that lives takes something
PATIENCE = 20.0  # seconds without an answer until the update is sent again


@dataclass
class Record:
    """What was acknowledged: (chat, number within the chat) in the order of acknowledgements."""

    reports: list[tuple[int, int]] = field(default_factory=list)
    notes: list[tuple[int, int]] = field(default_factory=list)
    repeats: int = 0
    refused: dict[int, int] = field(default_factory=dict)


def report(number: int, chat: int, nth: int) -> dict[str, Any]:
    person = {"id": chat, "is_bot": False, "first_name": f"Warga {chat}", "language_code": "id"}
    return {
        "update_id": number,
        "message": {
            "message_id": nth,
            "date": 1772416800,
            "chat": {"id": chat, "type": "private", "first_name": person["first_name"]},
            "from": person,
            "text": words(chat, nth),
        },
    }


def note(number: int, chat: int, nth: int) -> dict[str, Any]:
    """An officer's command: an internal note on ticket 1001."""
    update = report(number, chat, nth)
    update["message"]["text"] = f"/catatan 1001 {words(chat, nth)}"
    update["message"]["entities"] = [{"type": "bot_command", "offset": 0, "length": len("/catatan")}]
    return update


def words(chat: int, nth: int) -> str:
    return f"KRS terkunci, kata {nth} dari {chat}."


class Posters:
    """`ports`: of one desk, or of several processes of it; whose connection is lost goes to the next."""

    def __init__(self, ports: Sequence[int], reporters: list[int], officers: list[int], seed: int) -> None:
        self.record = Record()
        self._ports = ports
        self._chance = random.Random(seed)
        self._reporters = reporters
        self._officers = officers
        self._numbers = {PUBLIC_PATH: 1000, STAFF_PATH: 1000}
        self._closing = False
        self._news = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        self._tasks = [
            *(asyncio.create_task(self._speak(chat, PUBLIC_PATH)) for chat in self._reporters),
            *(asyncio.create_task(self._speak(chat, STAFF_PATH)) for chat in self._officers),
        ]

    async def finish(self) -> None:
        """Everybody ends the word that is under way, and no more. Needs a desk that answers."""
        self._closing = True
        await asyncio.gather(*self._tasks)

    async def acknowledged(self, more: int, *, notes: int = 0) -> None:
        """Until so many further updates are, commands among them. Raises TimeoutError when the desk takes none any more."""
        reports = len(self.record.reports) + more
        commands = len(self.record.notes) + notes
        async with asyncio.timeout(SILENCE):
            while len(self.record.reports) < reports or len(self.record.notes) < commands:
                self._news.clear()
                await self._news.wait()

    async def refusals(self, more: int) -> None:
        """Until so many further updates were answered otherwise than 200. Raises TimeoutError when all are taken."""
        seen = sum(self.record.refused.values())
        async with asyncio.timeout(SILENCE):
            while sum(self.record.refused.values()) < seen + more:
                self._news.clear()
                await self._news.wait()

    async def _speak(self, chat: int, path: str) -> None:
        kept = self.record.reports if path == PUBLIC_PATH else self.record.notes
        connection = Connection(self._ports, path, chat)
        nth = 0
        while not self._closing:
            nth += 1
            self._numbers[path] += 1
            make = report if path == PUBLIC_PATH else note
            body = json.dumps(make(self._numbers[path], chat, nth)).encode()
            again = self._chance.random()
            if again < REPEATED / 2:
                twin = Connection(self._ports, path, chat)
                await asyncio.gather(self._until_taken(connection, body), self._until_taken(twin, body))
                twin.close()
            else:
                await self._until_taken(connection, body)
            kept.append((chat, nth))
            self._news.set()
            if again > 1 - REPEATED / 2:
                await self._until_taken(connection, body)
            self.record.repeats += again < REPEATED / 2 or again > 1 - REPEATED / 2
        connection.close()

    async def _until_taken(self, connection: "Connection", body: bytes) -> None:
        while True:
            try:
                async with asyncio.timeout(PATIENCE):
                    status = await connection.post(body)
            except (OSError, EOFError, TimeoutError):
                connection.close()
                await asyncio.sleep(0.02)
                continue
            if status == 200:
                return
            self.record.refused[status] = self.record.refused.get(status, 0) + 1
            self._news.set()
            await asyncio.sleep(0.05)


class Connection:
    """One kept-alive connection; a lost one is opened anew at the next word, to the next process."""

    def __init__(self, ports: Sequence[int], path: str, first: int = 0) -> None:
        self._ports = ports
        self._turn = first
        self._head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            f"X-Telegram-Bot-Api-Secret-Token: {SECRET}\r\nContent-Length: "
        ).encode()
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def post(self, body: bytes) -> int:
        """The status. Raises OSError, EOFError."""
        if self._streams is None:
            self._streams = await asyncio.open_connection(
                "127.0.0.1", self._ports[self._turn % len(self._ports)]
            )
        reader, writer = self._streams
        writer.write(b"%s%d\r\n\r\n%s" % (self._head, len(body), body))
        head = await reader.readuntil(b"\r\n\r\n")
        for line in head.lower().split(b"\r\n"):
            if line.startswith(b"content-length:"):
                await reader.readexactly(int(line[15:]))
        return int(head[9:12])

    def close(self) -> None:
        self._turn += 1
        if self._streams:
            self._streams[1].close()
        self._streams = None
