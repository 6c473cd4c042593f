"""A stand-in for the desk's hooks: takes what is pushed and answers what it is told to."""

import asyncio
from collections import deque
from urllib.parse import parse_qsl

from starlette.types import Receive, Scope, Send


class Hooks:
    """`answers` are used up one by one, then every push is answered 200."""

    def __init__(self, *answers: int) -> None:
        self.answers = deque(answers)
        self.taken: list[tuple[str, dict[str, str], bytes]] = []
        self._more = asyncio.Condition()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        body = b""
        more = True
        while more:
            part = await receive()
            body, more = body + part.get("body", b""), part.get("more_body", False)
        headers = {key.decode(): value.decode() for key, value in scope["headers"]}
        status = self.answers.popleft() if self.answers else 200
        async with self._more:
            self.taken.append((scope["path"], headers, body))
            self._more.notify_all()
        length = (b"content-length", b"4")
        await send({"type": "http.response.start", "status": status, "headers": [length]})
        await send({"type": "http.response.body", "body": b"halo"})

    async def until(self, number: int) -> list[tuple[str, dict[str, str], bytes]]:
        """Wait for so many pushes in all."""
        async with asyncio.timeout(10), self._more:
            await self._more.wait_for(lambda: len(self.taken) >= number)
        return self.taken

    def form(self, index: int) -> dict[str, str]:
        return dict(parse_qsl(self.taken[index][2].decode(), keep_blank_values=True))
