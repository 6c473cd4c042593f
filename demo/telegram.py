"""Telegram's Bot API on loopback: polling, webhooks, files, forum topics, and its refusals on demand."""

import asyncio
import hmac
import json
import time
from collections import deque
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from demo.faults import BreakableApp, Fault, Faults, Hang, HangUp, trickle
from demo.memory import Json
from demo.news import News
from demo.telegram_memory import World
from demo.telegram_methods import ACTS, MOVING, migrate
from demo.telegram_phone import Phone
from demo.telegram_push import Pusher
from demo.telegram_rules import ApiError, Call, Upload, library, read_call
from demo.telegram_window import Window

KINDS = frozenset({"429", "403", "400-migrate", "500", "drop-before", "drop-after", "hang", "slow"})
LONGEST_POLL = 50


class Telegram:
    """The provider. Use it as an async context manager: pushes to webhooks run inside it, and entering it loads aiogram
    in a thread (seconds; enter it in a task where a page must not wait, and look at `ready`).

    `strict` turns Telegram's prose about pace into refusals. `outage` (settable) closes every connection.
    """

    def __init__(
        self,
        folder: Path,
        clock: Callable[[], datetime],
        *,
        strict: bool = False,
        ticks: Callable[[], float] = time.monotonic,
        push_retry: float = 0.2,
    ) -> None:
        self.world = World(folder, clock)
        self.calls: deque[Call] = deque(maxlen=20_000)
        self.faults = Faults(KINDS)
        self.news = News()
        self._window = Window(ticks) if strict else None
        self._outage = False
        self._over = asyncio.Event()
        self._news: dict[str, asyncio.Event] = {}
        self._polls: dict[str, int] = {}
        self._pusher = Pusher(self.world, push_retry)
        self.world.on_update(self._wake)
        self.app = BreakableApp(
            routes=[
                Route("/bot{token}/{method}", self._method, methods=["GET", "POST"]),
                Route("/file/bot{token}/{path:path}", self._file),
            ]
        )

    async def __aenter__(self) -> Self:
        await asyncio.to_thread(library)
        self._pusher.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._over.set()
        self._wake_all()
        await self._pusher.stop()
        self.world.memory.close()

    @property
    def ready(self) -> bool:
        """aiogram is loaded: from now on no act of a phone waits for it."""
        return library.cache_info().currsize > 0

    @property
    def outage(self) -> bool:
        return self._outage

    @outage.setter
    def outage(self, on: bool) -> None:
        self._outage = on
        self._wake_all()
        self._pusher.paused = on

    def add_bot(self, token: str, username: str = "contoh_bot", name: str = "Layanan Contoh") -> Json:
        """What BotFather does. Known tokens keep their webhook and updates."""
        return self.world.add_bot(token, username, name)

    def phone(self, token: str) -> Phone:
        """The person's side of the bot `token`."""
        self.world.bot(token)
        return Phone(self.world, token)

    def chat(self, chat: int, token: str = "") -> list[Json]:
        """Messages both ways, oldest first, as Message objects; a private chat's of one bot or of all."""
        tokens = [token] if token else [bot["token"] for bot in self.world.memory.all("bot")]
        rooms = dict.fromkeys(self.world.room(one, chat) for one in tokens)
        found = [message for room in rooms for message in self.world.messages(room)]
        return sorted(found, key=lambda message: int(message["message_id"]))

    def sent(self, chat: int, token: str = "") -> list[str]:
        """Only the bots' words in the chat: text or caption."""
        said = (message for message in self.chat(chat, token) if message.get("from", {}).get("is_bot"))
        return [str(message.get("text", message.get("caption", ""))) for message in said]

    def signs(self, chat: int) -> list[str]:
        """What a chat's person saw beside messages: that somebody types, or that a file is on its way."""
        return [each["action"] for each in self.world.memory.all("sign") if each["chat"] == chat]

    def fail(
        self, kind: str, *, method: str = "", chat: int | str = "", times: int = 1, seconds: float = 1.0
    ) -> None:
        """Let the next `times` requests that fit go wrong. `kind` is one of KINDS."""
        self.faults.add(Fault(kind, method, str(chat), times, seconds))

    def migrate(self, chat: int) -> int:
        """The group becomes a supergroup; answers its new id."""
        return migrate(self.world, chat)

    async def until(self, true: Callable[[], object], seconds: float = 20.0) -> None:
        """Return once `true()` holds, looked at after every call of a bot and every update. Raises TimeoutError."""
        await self.news.until(true, seconds)

    def _wake(self, token: str) -> None:
        self.news.tell()
        self._news.pop(token, asyncio.Event()).set()
        self._pusher.wake(token)

    def _wake_all(self) -> None:
        for token in list(self._news):
            self._wake(token)

    async def _method(self, request: Request) -> Response:
        if self._outage:
            return HangUp()
        try:
            call = await self._read(request)
        except ApiError as refusal:
            return JSONResponse(refusal.body(), refusal.code)
        self.calls.append(call)
        self.news.tell()
        fault = self.faults.take(call.method, call.chat)
        if fault is not None and fault.kind == "drop-before":
            return HangUp()
        if fault is not None and fault.kind == "hang":
            return Hang(self._over)
        body = await self._answer(call, fault)
        self.news.tell()
        if self._outage or (fault is not None and fault.kind == "drop-after"):
            return HangUp()
        call.status = int(body.get("error_code", 200))
        if fault is not None and fault.kind == "slow":
            text = json.dumps(body).encode()
            return StreamingResponse(trickle(text, fault.seconds), media_type="application/json")
        return JSONResponse(body, call.status)

    async def _answer(self, call: Call, fault: Fault | None) -> Json:
        try:
            self._refuse(call, fault)
            if call.method == "getUpdates":
                return {"ok": True, "result": await self._get_updates(call)}
            return {"ok": True, "result": ACTS[call.method](self.world, call)}
        except ApiError as refusal:
            return refusal.body()

    def _refuse(self, call: Call, fault: Fault | None) -> None:
        kind = fault.kind if fault else ""
        if fault and kind == "429":
            raise _too_many(max(1, round(fault.seconds)))
        if kind == "403":
            raise ApiError(403, "Forbidden: bot was blocked by the user")
        if kind == "500":
            raise ApiError(500, "Internal Server Error")
        if kind == "400-migrate":
            self.migrate(int(call.chat))
        if call.method not in ACTS and call.method != "getUpdates":
            raise ApiError(501, f"Not Implemented: this simulator does not act {call.method}")
        if self._window is not None and call.method in MOVING:
            paid = bool(call.params.get("allow_paid_broadcast"))
            wait = self._window.refuse_for(call.token, call.chat, paid=paid)
            if wait:
                raise _too_many(wait)

    async def _get_updates(self, call: Call) -> list[Json]:
        """Long polling: what comes before `offset` is confirmed and forgotten."""
        bot = self.world.bot(call.token)
        if bot["webhook"].get("url"):
            raise ApiError(
                409,
                "Conflict: can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first",
            )
        if "allowed_updates" in call.params:
            bot["allowed"] = call.params["allowed_updates"]
            self.world.memory.put("bot", call.token, bot)
        turn = self._polls[call.token] = self._polls.get(call.token, 0) + 1
        offset, limit = int(call.params.get("offset") or 0), int(call.params.get("limit") or 100)
        deadline = time.monotonic() + min(int(call.params.get("timeout") or 0), LONGEST_POLL)
        self._wake(call.token)
        self.world.forget_before(call.token, offset)
        while True:
            if self._polls[call.token] != turn:
                raise ApiError(
                    409,
                    "Conflict: terminated by other getUpdates request; "
                    "make sure that only one bot instance is running",
                )
            found = self.world.waiting(call.token)
            left = deadline - time.monotonic()
            if found or left <= 0 or self._over.is_set() or self._outage:
                return (found[offset:] if offset < 0 else found)[: min(limit, 100)]
            await _first(self._news.setdefault(call.token, asyncio.Event()), left)

    async def _read(self, request: Request) -> Call:
        token = request.path_params["token"]
        self.world.bot(token)
        given: dict[str, Any] = dict(request.query_params)
        uploads: dict[str, Upload] = {}
        kind = request.headers.get("content-type", "").partition(";")[0]
        if kind == "application/json":
            given |= _json_object(await request.body())
        elif request.method == "POST" and kind:
            async with request.form(max_part_size=60_000_000) as form:
                for key, value in form.multi_items():
                    if isinstance(value, UploadFile):
                        content = await value.read()
                        uploads[key] = Upload(value.filename or key, value.content_type or "", content)
                    else:
                        given[key] = value
        if not self.ready:
            await asyncio.to_thread(library)
        return read_call(token, request.path_params["method"], given, uploads)

    async def _file(self, request: Request) -> Response:
        if self._outage:
            return HangUp()
        tokens = [bot["token"] for bot in self.world.memory.all("bot")]
        known = any(hmac.compare_digest(request.path_params["token"], token) for token in tokens)
        content = self.world.file_bytes(request.path_params["path"]) if known else None
        if content is None:
            return JSONResponse(ApiError(404, "Not Found").body(), 404)
        fault = self.faults.take("file")
        if fault is not None and fault.kind.startswith("drop"):
            return HangUp()
        if fault is not None and fault.kind == "slow":
            return StreamingResponse(trickle(content, fault.seconds), media_type="application/octet-stream")
        return Response(content, media_type="application/octet-stream")


def _too_many(seconds: int) -> ApiError:
    return ApiError(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


def _json_object(body: bytes) -> Mapping[str, Any]:
    try:
        value = json.loads(body or b"{}")
    except ValueError:
        raise ApiError(400, "Bad Request: can't parse JSON object") from None
    if not isinstance(value, dict):
        raise ApiError(400, "Bad Request: can't parse JSON object")
    return value


async def _first(event: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        pass
