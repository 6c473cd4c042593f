"""Calls to the Bot API that need no library: updates, files, webhook, menus, answers to buttons."""

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import httpx2
import msgspec
from msgspec import Raw, Struct

from channels.telegram_updates import mended
from sop.errors import N_
from sop.messages import SendFailed, TooLarge

DEADLINE = 20.0
LONGEST_DOWNLOAD = 180.0
LARGEST_FILE = 20_000_000
"""Bytes. The Bot API gives no larger ones."""


class Parameters(Struct, frozen=True, gc=False):
    retry_after: int = 0
    migrate_to_chat_id: int = 0


class Answer(Struct):
    ok: bool
    result: Raw = Raw(b"null")
    error_code: int = 0
    description: str = ""
    parameters: Parameters = Parameters()


class RemoteFile(Struct, gc=False):
    file_path: str = ""


_answer = msgspec.json.Decoder(Answer)
_file = msgspec.json.Decoder(RemoteFile)


UNKNOWN_BOT = (401, 404)


class Refusal(Exception):
    """The Bot API said no, in its own words."""

    def __init__(self, code: int, description: str, retry_after: int = 0, moved_to: int = 0) -> None:
        super().__init__(f"{code} {description}")
        self.code = code
        self.description = description
        self.retry_after = retry_after
        self.moved_to = moved_to  # the new id of a group that became a supergroup; 0


class Away(Exception):
    """No usable answer: no connection, a time-out, or something that is not the Bot API."""


class Api:
    """One bot at one Bot API server. The address holds the token, so no error and no log line may show it."""

    def __init__(self, http: httpx2.AsyncClient, base: str, token: str) -> None:
        logging.getLogger("httpx2").setLevel(logging.WARNING)
        self._http = http
        self._methods = f"{base.rstrip('/')}/bot{token}/"
        self.refused = False  # the last answer said that the token is not, or no longer, a bot's
        self._files = f"{base.rstrip('/')}/file/bot{token}/"

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
            more = answer.parameters
            raise Refusal(answer.error_code, answer.description, more.retry_after, more.migrate_to_chat_id)
        return answer.result

    async def download(self, file_id: str) -> AsyncIterator[bytes]:
        """A file's bytes as they come. Raises TooLarge, SendFailed (with `retry` when it may work later)."""
        loop = asyncio.get_running_loop()
        end = loop.time() + LONGEST_DOWNLOAD
        size = 0
        try:
            async with self._http.stream(
                "GET",
                await self._address(file_id),
                headers={"accept-encoding": "identity"},
                follow_redirects=False,
            ) as response:
                _check(response.status_code)
                async for chunk in response.aiter_raw():
                    size += len(chunk)
                    if size > LARGEST_FILE:
                        raise TooLarge
                    if loop.time() > end:
                        raise later("unduhan terlalu lambat")
                    yield chunk
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise later(type(error).__name__) from None

    async def _address(self, file_id: str) -> str:
        try:
            path = _file.decode(await self.call("getFile", file_id=file_id)).file_path
        except (Away, ValueError) as error:
            raise later(str(error)) from None
        except Refusal as refusal:
            raise _no_file(refusal) from None
        if not path or ".." in path.split("/"):
            raise SendFailed(N_("Telegram tidak memberi alamat berkas ini."))
        return self._files + quote(path.lstrip("/"))


def _read(content: bytes) -> Answer:
    try:
        return _answer.decode(content)
    except ValueError:
        return _answer.decode(mended(content))


def later(reason: str) -> SendFailed:
    return SendFailed(N_("Berkas belum dapat diambil dari Telegram") + f": {reason}", retry=timedelta(0))


def _check(status: int) -> None:
    if status == 404:
        raise SendFailed(N_("Berkas ini tidak ada lagi di Telegram."))
    if status != 200:
        raise later(f"jawaban {status}")


def _no_file(refusal: Refusal) -> Exception:
    if "too big" in refusal.description:
        return TooLarge()
    if refusal.code in (429, 500, 502, 503, 504):
        return later(refusal.description)
    return SendFailed(N_("Telegram menolak memberi berkas ini") + f": {refusal.description}")
