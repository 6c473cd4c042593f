"""Our own calls to the Bot API beside the library's: updates as raw bytes, webhook, command menus."""

import asyncio
import json
import logging
import re
from typing import Any

import httpx2
import msgspec
from msgspec import Raw, Struct

DEADLINE = 20.0


class Parameters(Struct, frozen=True, gc=False):
    retry_after: int = 0


class Answer(Struct):
    ok: bool
    result: Raw = Raw(b"null")
    error_code: int = 0
    description: str = ""
    parameters: Parameters = Parameters()


_answer = msgspec.json.Decoder(Answer)
_LONE = re.compile("[\ud800-\udfff]")


UNKNOWN_BOT = (401, 404)


class Refusal(Exception):
    """The Bot API said no, in its own words."""

    def __init__(self, code: int, description: str, retry_after: int = 0) -> None:
        super().__init__(f"{code} {description}")
        self.code = code
        self.description = description
        self.retry_after = retry_after


class Away(Exception):
    """No usable answer: no connection, a time-out, or something that is not the Bot API."""


class Api:
    """One bot at one Bot API server. The address holds the token, so no error and no log line may show it."""

    def __init__(self, http: httpx2.AsyncClient, base: str, token: str) -> None:
        for library in ("httpx", "httpx2", "httpcore", "httpcore2"):
            logging.getLogger(library).setLevel(logging.WARNING)
        self._http = http
        self._methods = f"{base.rstrip('/')}/bot{token}/"
        self.refused = False  # the last answer said that the token is not, or no longer, a bot's

    async def call(self, method: str, deadline: float = DEADLINE, **params: Any) -> Raw:
        """The result as raw JSON. Raises Refusal, Away. `deadline` in seconds covers the whole call."""
        try:
            async with asyncio.timeout(deadline):
                response = await self._http.post(self._methods + method, json=params, timeout=deadline)
            answer = _read(response.content)
        except (httpx2.HTTPError, httpx2.InvalidURL, TimeoutError, ValueError, RecursionError) as error:
            raise Away(type(error).__name__) from None
        self.refused = not answer.ok and answer.error_code in UNKNOWN_BOT
        if not answer.ok:
            raise Refusal(answer.error_code, answer.description, answer.parameters.retry_after)
        return answer.result


def _read(content: bytes) -> Answer:
    """The answer; halves of letters, which no UTF-8 can hold, become the sign for unreadable."""
    try:
        return _answer.decode(content)
    except ValueError:
        return _answer.decode(
            _LONE.sub("\ufffd", json.dumps(json.loads(content), ensure_ascii=False)).encode()
        )
