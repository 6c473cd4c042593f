"""Webhook push: Telegram's side of `setWebhook`, one update after the other, repeated until it is taken."""

import asyncio

import httpx2

from demo.memory import Json
from demo.telegram_memory import World

PATIENCE = 60.0
SLOWEST = 5.0


class Pusher:
    """One task a bot, started when the bot first has news. `retry` seconds double after each refusal up to 5 s."""

    def __init__(self, world: World, retry: float) -> None:
        self._world = world
        self._retry = retry
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._news: dict[str, asyncio.Event] = {}
        self._running = False
        self.paused = False

    def start(self) -> None:
        self._running = True
        for bot in self._world.memory.all("bot"):
            self.wake(bot["token"])

    def wake(self, token: str) -> None:
        if not self._running:
            return
        self._news.setdefault(token, asyncio.Event()).set()
        if token not in self._tasks and self._hook(token).get("url"):
            self._tasks[token] = asyncio.create_task(self._run(token))

    async def stop(self) -> None:
        self._running = False
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    def _hook(self, token: str) -> Json:
        bot = self._world.memory.get("bot", token)
        return dict(bot["webhook"]) if bot else {}

    async def _run(self, token: str) -> None:
        wait = self._retry
        async with httpx2.AsyncClient(timeout=PATIENCE, trust_env=False) as client:
            while True:
                news = self._news[token]
                news.clear()
                waiting = self._world.waiting(token)
                if not waiting or self.paused or not self._hook(token).get("url"):
                    await news.wait()
                    continue
                if await self._push(client, token, waiting[0]):
                    self._world.forget_before(token, waiting[0]["update_id"] + 1)
                    wait = self._retry
                    continue
                await asyncio.sleep(wait)
                wait = min(wait * 2, SLOWEST)

    async def _push(self, client: httpx2.AsyncClient, token: str, update: Json) -> bool:
        hook = self._hook(token)
        headers = {"X-Telegram-Bot-Api-Secret-Token": hook["secret"]} if hook.get("secret") else {}
        try:
            answer = await client.post(hook["url"], json=update, headers=headers)
        except httpx2.HTTPError as problem:
            self._note(token, f"Connection failed: {type(problem).__name__}")
            return False
        if answer.is_success:
            return True
        self._note(token, f"Wrong response from the webhook: {answer.status_code} {answer.reason_phrase}")
        return False

    def _note(self, token: str, message: str) -> None:
        bot = self._world.bot(token)
        bot["webhook"] |= {"last_error_date": self._world.now(), "last_error_message": message}
        self._world.memory.put("bot", token, bot)
