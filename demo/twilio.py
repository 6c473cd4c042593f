"""Twilio's REST API for WhatsApp on loopback: messages, the 24-hour window, templates, media behind its redirect."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Self
from urllib.parse import parse_qs, urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from demo.faults import BreakableApp, Fault, Faults, Hang, HangUp, trickle
from demo.memory import Json
from demo.news import News
from demo.twilio_content import Contents
from demo.twilio_memory import API, Account, message_json, rfc2822
from demo.twilio_phone import Phone
from demo.twilio_push import Pusher
from demo.twilio_rules import MEDIA_LIMIT, WORDS, Order, Refused, check_auth, read_order

KINDS = frozenset({"429", "400", "500", "63016", "drop-before", "drop-after", "hang", "slow"})
PAGE = 50
Handler = Callable[[Request, Fault | None], Awaitable[Response]]


class Twilio:
    """The provider. Use it as an async context manager: webhooks are pushed inside it.

    Webhooks are signed for `public_url` and sent to `target`. `progress` is the statuses each message walks through by
    itself; () leaves them to `status(...)`. `api_url` is where the desk finds this simulator (media URLs say so);
    `cdn_url` where media really lie, "" for the same address.
    """

    def __init__(
        self,
        folder: Path,
        clock: Callable[[], datetime],
        *,
        account_sid: str = "AC" + "0" * 32,
        auth_token: str = "rahasia",
        sender: str = "whatsapp:+628110000000",
        public_url: str = "https://care.example.ac.id",
        target: str = "http://127.0.0.1:8080",
        hook: str = "/hooks/whatsapp",
        progress: tuple[str, ...] = ("sent", "delivered"),
        patience: float = 15.0,
    ) -> None:
        self.account = Account(folder, clock, account_sid, sender)
        self.pusher = Pusher(auth_token, public_url, target, patience)
        self.phone = Phone(self.account, self.pusher, public_url.rstrip("/") + hook)
        self.faults = Faults(KINDS)
        self.news = News()
        self.calls: deque[tuple[str, int]] = deque(maxlen=20_000)
        self.progress = progress
        self.cdn_url = ""
        self._outage = False
        self._token = auth_token
        self._over = asyncio.Event()
        self._contents = Contents(self.account)
        self.suspended = False  # by its provider, for want of payment
        self.app = BreakableApp(routes=self._routes())

    def _routes(self) -> list[Route]:
        messages = f"/{API}/Accounts/{{account}}/Messages"
        return [
            self._route(f"/{API}/Accounts/{{account}}.json", "accounts.fetch", self._fetch_account, "GET"),
            self._route(f"{messages}.json", "messages.create", self._create, "POST"),
            self._route(f"{messages}.json", "messages.list", self._list, "GET"),
            self._route(f"{messages}/{{sid}}.json", "messages.fetch", self._fetch, "GET"),
            self._route(f"{messages}/{{sid}}/Media.json", "media.list", self._media_list, "GET"),
            self._route(f"{messages}/{{sid}}/Media/{{media}}", "media", self._media, "GET"),
            self._route("/cdn/{media}", "cdn", self._cdn, "GET", auth=False),
            self._route("/v1/Content", "content.create", self._contents.create, "POST"),
            self._route("/v1/Content", "content.list", self._contents.list, "GET"),
            self._route("/v1/ContentAndApprovals", "content.list", self._contents.list_approvals, "GET"),
            self._route("/v1/Content/{sid}", "content.fetch", self._contents.fetch, "GET"),
            self._route(
                "/v1/Content/{sid}/ApprovalRequests", "approval.fetch", self._contents.approval, "GET"
            ),
            self._route(
                "/v1/Content/{sid}/ApprovalRequests/whatsapp",
                "approval.create",
                self._contents.ask_approval,
                "POST",
            ),
        ]

    async def __aenter__(self) -> Self:
        self.pusher.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._over.set()
        await self.pusher.stop()
        self.account.memory.close()

    @property
    def outage(self) -> bool:
        """While it is on, every connection is closed and webhooks are lost."""
        return self._outage

    @outage.setter
    def outage(self, on: bool) -> None:
        self._outage = self.pusher.paused = on

    @property
    def api_url(self) -> str:
        return self.phone.api_url

    @api_url.setter
    def api_url(self, url: str) -> None:
        self.phone.api_url = url.rstrip("/")

    def fail(
        self, kind: str, *, method: str = "", chat: str = "", times: int = 1, seconds: float = 1.0
    ) -> None:
        """`method`: messages.create, messages.list, messages.fetch, media, cdn, ...; `chat`: a To address."""
        self.faults.add(Fault(kind, method, chat, times, seconds))

    def chat(self, who: str) -> list[Json]:
        """Messages both ways, oldest first: direction, body, status, media, buttons."""
        return [message for message in self.account.messages() if who in (message["from"], message["to"])]

    def sent(self, who: str) -> list[str]:
        """What the person really got from the desk."""
        lost = ("failed", "undelivered")
        return [m["body"] for m in self.chat(who) if m["direction"] != "inbound" and m["status"] not in lost]

    def status(self, sid: str, state: str, *, error: int = 0) -> None:
        """Tell the desk (in any order the test wants): queued, sent, delivered, read, failed, undelivered."""
        message = self.account.memory.get("message", sid)
        assert message is not None
        message |= {"status": state, "error_code": error or None, "error_message": WORDS.get(error)}
        self.account.memory.put("message", sid, message)
        self.news.tell()
        if not message["callback"]:
            return
        form = {
            "SmsSid": sid,
            "MessageSid": sid,
            "SmsStatus": state,
            "MessageStatus": state,
            "ApiVersion": API,
        }
        form |= {"AccountSid": self.account.sid, "From": message["from"], "To": message["to"]}
        form |= {"ChannelToAddress": message["to"].removeprefix("whatsapp:"), "ChannelPrefix": "whatsapp"}
        if error:
            form |= {"ErrorCode": str(error), "ErrorMessage": WORDS.get(error, "")}
        if state == "read":
            form["EventType"] = "READ"
        self.pusher.push(message["to"], message["callback"], form)

    async def until(self, true: Callable[[], object], seconds: float = 20.0) -> None:
        """Return once `true()` holds, looked at after every call and every status. Raises TimeoutError."""
        await self.news.until(true, seconds)

    async def settled(self) -> None:
        """Return when every webhook has been answered or given up."""
        await self.pusher.settled()

    def _route(self, path: str, name: str, act: Handler, method: str, *, auth: bool = True) -> Route:
        async def endpoint(request: Request) -> Response:
            return await self._around(request, name, act, auth)

        return Route(path, endpoint, methods=[method], name=f"{name} {method}")

    async def _around(self, request: Request, name: str, act: Handler, auth: bool) -> Response:
        """Faults and refusals around every route."""
        if self.outage:
            return HangUp()
        to = parse_qs((await request.body()).decode("utf-8", "replace")).get("To", [""])[0]
        fault = self.faults.take(name, to)
        kind = fault.kind if fault else ""
        if kind == "drop-before":
            return HangUp()
        if kind == "hang":
            return Hang(self._over)
        try:
            if auth:
                check_auth(request.headers.get("authorization", ""), self.account.sid, self._token)
            if request.path_params.get("account", self.account.sid) != self.account.sid:
                raise Refused(404, 20404, "The requested resource was not found")
            _strike(kind)
            answer = await act(request, fault)
        except Refused as refusal:
            answer = JSONResponse(refusal.body(), refusal.status)
        self.calls.append((name, answer.status_code))
        self.news.tell()
        if kind == "drop-after" or self.outage:
            return HangUp()
        if fault and kind == "slow":
            return StreamingResponse(
                trickle(bytes(answer.body), fault.seconds), answer.status_code, dict(answer.headers)
            )
        return answer

    async def _fetch_account(self, request: Request, fault: Fault | None) -> Response:
        return JSONResponse(
            {
                "sid": self.account.sid,
                "friendly_name": "Contoh",
                "status": "suspended" if self.suspended else "active",
                "type": "Full",
            }
        )

    async def _create(self, request: Request, fault: Fault | None) -> Response:
        form = parse_qs((await request.body()).decode("utf-8", "replace"), keep_blank_values=True)
        order = read_order(self.account, form)
        message = self.account.add_message(
            "outbound-api",
            order.to,
            order.body,
            callback=order.callback,
            buttons=list(order.buttons),
            content=order.content,
        )
        error = 63016 if fault and fault.kind == "63016" else self._refusal(order)
        shown = message_json(self.account, message)
        self.pusher.later(order.to, lambda: self._deliver(message, order, error))
        return JSONResponse(shown, 201)

    def _refusal(self, order: Order) -> int:
        person = self.account.memory.get("person", order.to) or {}
        if person.get("blocked"):
            return 63024
        return 0 if order.template or self.account.window_open(order.to) else 63016

    async def _deliver(self, message: Json, order: Order, error: int) -> None:
        """Fetch the media from the desk, then walk through the statuses."""
        for url in order.media:
            answer = await self.pusher.fetch(url)
            if answer is None or len(answer.content) > MEDIA_LIMIT:
                error = error or 63019
                continue
            kind = answer.headers.get("content-type", "application/octet-stream").partition(";")[0]
            self.account.keep_media(message, answer.content, kind, url.rpartition("/")[2])
        if error:
            self.status(message["sid"], "failed", error=error)
            return
        for state in self.progress:
            self.status(message["sid"], state)

    async def _list(self, request: Request, fault: Fault | None) -> Response:
        """Newest first, by To, From and DateSent, DateSent<, DateSent> (all inclusive, as days or moments)."""
        query = request.query_params
        found = [message for message in reversed(self.account.messages()) if _fits(message, dict(query))]
        size, page = int(query.get("PageSize") or PAGE), int(query.get("Page") or 0)
        path = f"/{API}/Accounts/{self.account.sid}/Messages.json"
        shown = found[page * size : (page + 1) * size]

        def uri(number: int) -> str:
            return f"{path}?{urlencode({**query, 'PageSize': size, 'Page': number})}"

        body: Json = {"messages": [message_json(self.account, message) for message in shown]}
        body |= {
            "page": page,
            "page_size": size,
            "start": page * size,
            "end": page * size + max(len(shown) - 1, 0),
        }
        body |= {
            "uri": uri(page),
            "first_page_uri": uri(0),
            "previous_page_uri": uri(page - 1) if page else None,
        }
        body["next_page_uri"] = uri(page + 1) if len(found) > (page + 1) * size else None
        return JSONResponse(body)

    def _message(self, request: Request) -> Json:
        message = self.account.memory.get("message", request.path_params["sid"])
        if message is None:
            raise Refused(404, 20404, f"The requested resource {request.url.path} was not found")
        return message

    async def _fetch(self, request: Request, fault: Fault | None) -> Response:
        return JSONResponse(message_json(self.account, self._message(request)))

    async def _media_list(self, request: Request, fault: Fault | None) -> Response:
        message = self._message(request)
        base = f"/{API}/Accounts/{self.account.sid}/Messages/{message['sid']}/Media"
        found = []
        for sid in message["media"]:
            media = self.account.memory.get("media", sid) or {}
            times = {"date_created": rfc2822(message["at"]), "date_updated": rfc2822(message["at"])}
            facts = {"sid": sid, "parent_sid": message["sid"], "account_sid": self.account.sid}
            found.append(
                {**facts, **times, "content_type": media["content_type"], "uri": f"{base}/{sid}.json"}
            )
        paging = {"page": 0, "page_size": PAGE, "next_page_uri": None, "uri": f"{base}.json"}
        return JSONResponse({"media_list": found, **paging})

    async def _media(self, request: Request, fault: Fault | None) -> Response:
        """The bytes lie with a CDN: Twilio only says where."""
        sid = request.path_params["media"]
        if sid not in self._message(request)["media"]:
            raise Refused(404, 20404, f"The requested resource {request.url.path} was not found")
        base = self.cdn_url.rstrip("/") or str(request.base_url).rstrip("/")
        return RedirectResponse(f"{base}/cdn/{sid}", 307)

    async def _cdn(self, request: Request, fault: Fault | None) -> Response:
        """A store of signed links refuses foreign credentials."""
        media = self.account.memory.get("media", request.path_params["media"])
        if "authorization" in request.headers:
            return Response("Only one auth mechanism allowed", 400)
        if media is None:
            return Response("Not found", 404)
        return Response(self.account.media_bytes(media["sid"]), media_type=media["content_type"])


def _strike(kind: str) -> None:
    if kind == "429":
        raise Refused(429, 20429, "Too Many Requests")
    if kind == "500":
        raise Refused(500, 20500, "Internal Server Error")
    if kind == "400":
        raise Refused(400, 21211, "Invalid 'To' Phone Number")


def _fits(message: Json, query: dict[str, str]) -> bool:
    at = datetime.fromisoformat(message["at"])
    for key, allowed in (("DateSent", (0,)), ("DateSent<", (-1, 0)), ("DateSent>", (0, 1))):
        if query.get(key) and _compare(at, query[key], by_day=key == "DateSent") not in allowed:
            return False
    return all(
        query.get(name, message[field]) == message[field] for name, field in (("To", "to"), ("From", "from"))
    )


def _compare(at: datetime, text: str, *, by_day: bool) -> int:
    """-1, 0, 1: `at` is before, on, after the day or moment that `text` names, in UTC."""
    there = datetime.fromisoformat(text.replace("Z", "+00:00"))
    if by_day or len(text) == len("2026-03-02"):
        return (at.date() > there.date()) - (at.date() < there.date())
    there = there if there.tzinfo else there.replace(tzinfo=UTC)
    return (at > there) - (at < there)
