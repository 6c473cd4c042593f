"""Twilio's calls to the desk: signed over the public URL, waited for 15 s, repeated once."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import httpx2


class Pusher:
    """Signs for `public` and calls `target`, as a proxy in front of the desk would pass it on.

    What one person causes goes out in order; two people do not wait for each other. After the second failure the
    webhook is lost, as Twilio's are: only listing the messages brings it back.
    """

    def __init__(self, token: str, public: str, target: str, patience: float) -> None:
        from twilio.request_validator import RequestValidator

        self._validator = RequestValidator(token)
        self.public = public.rstrip("/")
        self.target = target.rstrip("/")
        self.patience = patience
        self.paused = False
        self.answers: list[tuple[str, int]] = []
        self._turns: dict[str, asyncio.Lock] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._client: httpx2.AsyncClient | None = None

    def start(self) -> None:
        self._client = httpx2.AsyncClient(trust_env=False)

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._client is not None:
            await self._client.aclose()

    async def settled(self) -> None:
        """Return when nothing is on its way any more."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def push(self, person: str, url: str, form: Mapping[str, str]) -> None:
        self.later(person, lambda: self._push(url, form))

    def later(self, person: str, work: Callable[[], Awaitable[None]]) -> None:
        """Do `work` in the person's turn."""
        task = asyncio.get_running_loop().create_task(self._in_turn(person, work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def fetch(self, url: str) -> httpx2.Response | None:
        """What lies at a public URL of the desk, None when it cannot be had."""
        assert self._client is not None
        try:
            answer = await self._client.get(self._inside(url), timeout=self.patience)
        except httpx2.HTTPError:
            return None
        return answer if answer.is_success else None

    def signature(self, url: str, form: Mapping[str, str]) -> str:
        return str(self._validator.compute_signature(url, dict(form)))

    def _inside(self, url: str) -> str:
        return self.target + url.removeprefix(self.public) if url.startswith(self.public) else url

    async def _in_turn(self, person: str, work: Callable[[], Awaitable[None]]) -> None:
        async with self._turns.setdefault(person, asyncio.Lock()):
            await work()

    async def _push(self, url: str, form: Mapping[str, str]) -> None:
        assert self._client is not None
        headers = {"X-Twilio-Signature": self.signature(url, form)}
        for _ in range(2):
            if self.paused:
                break
            try:
                answer = await self._client.post(
                    self._inside(url), data=dict(form), headers=headers, timeout=self.patience
                )
            except httpx2.HTTPError:
                continue
            self.answers.append((url, answer.status_code))
            if answer.status_code < 500:
                return
        self.answers.append((url, 0))
