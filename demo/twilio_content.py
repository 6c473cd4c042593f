"""Twilio's Content API: templates and WhatsApp's approval of them."""

import json

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from demo.faults import Fault
from demo.memory import Json
from demo.twilio_memory import Account, approval_json, content_json
from demo.twilio_rules import Refused


class Contents:
    """The routes below /v1; authorisation and faults are around them."""

    def __init__(self, account: Account) -> None:
        self._account = account

    async def create(self, request: Request, fault: Fault | None) -> Response:
        try:
            asked = json.loads(await request.body())
            (part,) = asked["types"].values()
            buttons = [(action["title"], action["id"]) for action in part.get("actions", ())]
            name, body, language = asked.get("friendly_name", ""), part["body"], asked["language"]
        except (ValueError, KeyError, TypeError, AttributeError):
            raise Refused(400, 20001, "Bad request") from None
        made = self._account.add_content(name, body, language=language, buttons=buttons)
        return JSONResponse(content_json(self._account, made, _base(request)), 201)

    async def fetch(self, request: Request, fault: Fault | None) -> Response:
        return JSONResponse(content_json(self._account, self._find(request), _base(request)))

    async def list(self, request: Request, fault: Fault | None) -> Response:
        return self._page(request, approvals=False)

    async def list_approvals(self, request: Request, fault: Fault | None) -> Response:
        return self._page(request, approvals=True)

    async def approval(self, request: Request, fault: Fault | None) -> Response:
        content = self._find(request)
        facts = {"sid": content["sid"], "account_sid": self._account.sid, "url": str(request.url)}
        return JSONResponse({**facts, "whatsapp": approval_json(content)})

    async def ask_approval(self, request: Request, fault: Fault | None) -> Response:
        content = self._find(request)
        try:
            asked = json.loads(await request.body())
            content = content | {
                "approval": "received",
                "category": asked["category"],
                "friendly_name": asked["name"],
            }
        except (ValueError, KeyError, TypeError):
            raise Refused(400, 20001, "Bad request") from None
        self._account.memory.put("content", content["sid"], content)
        return JSONResponse(approval_json(content), 201)

    def _find(self, request: Request) -> Json:
        content = self._account.memory.get("content", request.path_params["sid"])
        if content is None:
            raise Refused(404, 20404, f"The requested resource {request.url.path} was not found")
        return content

    def _page(self, request: Request, *, approvals: bool) -> Response:
        shown = []
        for content in self._account.memory.all("content"):
            more = {"approval_requests": approval_json(content)} if approvals else {}
            shown.append(content_json(self._account, content, _base(request)) | more)
        meta = {"key": "contents", "page": 0, "page_size": max(50, len(shown)), "url": str(request.url)}
        rest = {"first_page_url": str(request.url), "previous_page_url": None, "next_page_url": None}
        return JSONResponse({"contents": shown, "meta": meta | rest})


def _base(request: Request) -> str:
    return str(request.base_url).rstrip("/")
