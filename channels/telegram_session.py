"""aiogram's way out over aiohttp, which aiogram brings. Imported by `channels.telegram_bot` alone: both cost seconds."""

from collections.abc import AsyncGenerator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlencode

import aiohttp
from aiogram import Bot
from aiogram.client.session.base import BaseSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.methods import TelegramMethod
from aiogram.methods.base import TelegramType
from aiogram.types import FSInputFile, InputFile

from channels.certificate import refusal
from sop.errors import N_
from sop.messages import SendFailed

NOW = timedelta(0)
PATIENCE = aiohttp.ClientTimeout(total=None, connect=10, sock_connect=10, sock_read=30)
"""The deadline over all of it is the caller's; connecting has its own, so that it is told apart."""
CONNECTIONS = 100
IDLE = 20.0  # seconds a connection is kept for the next message
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
NEVER_SENT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)


class Session(BaseSession):
    """It tells what was never sent from what may have arrived. aiogram's own session says "network error" to both."""

    def __init__(self, api: TelegramAPIServer) -> None:
        super().__init__(api=api, timeout=30)
        self._http: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        if self._http is not None:
            await self._http.close()

    def _client(self) -> aiohttp.ClientSession:
        """Opened by the first message: it belongs to the loop that sends."""
        if self._http is None:
            connector = aiohttp.TCPConnector(limit=CONNECTIONS, keepalive_timeout=IDLE)
            self._http = aiohttp.ClientSession(
                connector=connector, timeout=PATIENCE, cookie_jar=aiohttp.DummyCookieJar(), trust_env=False
            )
        return self._http

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[TelegramType],
        timeout: int | None = None,  # noqa: ASYNC109  (aiogram's name)
    ) -> TelegramType:
        url = self.api.api_url(token=bot.token, method=method.__api_method__)
        uploads: dict[str, Any] = {}
        prepared = {
            name: self.prepare_value(value, bot=bot, files=uploads)
            for name, value in method.model_dump(warnings=False, exclude_none=True).items()
        }
        form = {name: value for name, value in prepared.items() if value}
        with ExitStack() as opened:
            status, text = await self._post(
                url, _filled(form, uploads, opened) if uploads else _encoded(form)
            )
        if status in (502, 504):
            raise SendFailed(N_("Telegram terganggu") + f": jawaban {status}", unknown=True)
        if status >= 500:
            raise SendFailed(N_("Telegram terganggu") + f": jawaban {status}", retry=NOW)
        answer = self.check_response(bot=bot, method=method, status_code=status, content=text)
        return cast(TelegramType, answer.result)

    async def _post(self, url: str, form: "bytes | aiohttp.FormData") -> tuple[int, str]:
        headers = FORM if isinstance(form, bytes) else None
        try:
            async with self._client().post(
                url, data=form, headers=headers, allow_redirects=False
            ) as response:
                return response.status, await response.text()
        except NEVER_SENT as error:
            if refusal(error):
                raise SendFailed(
                    N_("Sertifikat Telegram ditolak; periksa jam mesin ini dan paket ca-certificates."),
                    retry=NOW,
                ) from None
            raise SendFailed(
                N_("Telegram tidak terhubung") + f": {type(error).__name__}", retry=NOW
            ) from None
        except (aiohttp.ClientError, TimeoutError, UnicodeDecodeError) as error:
            raise SendFailed(
                N_("Jawaban Telegram hilang") + f": {type(error).__name__}", unknown=True
            ) from None

    async def stream_content(
        self,
        url: str,
        headers: dict[str, Any] | None = None,
        timeout: int = 30,  # noqa: ASYNC109  (aiogram's name)
        chunk_size: int = 65536,
        raise_for_status: bool = True,
    ) -> AsyncGenerator[bytes, None]:
        """Files are fetched by `telegram_api`, with a cap."""
        raise NotImplementedError
        yield b""


def _encoded(form: dict[str, Any]) -> bytes:
    return urlencode(form).encode()


def _filled(form: dict[str, Any], uploads: dict[str, InputFile], opened: ExitStack) -> aiohttp.FormData:
    data = aiohttp.FormData(quote_fields=False)
    for name, value in form.items():
        data.add_field(name, str(value))
    for name, upload in uploads.items():
        filename, content = _open(upload, opened)
        data.add_field(name, content, filename=filename)
    return data


def _open(upload: InputFile, opened: ExitStack) -> tuple[str, Any]:
    file = cast(FSInputFile, upload)
    try:
        return file.filename or "berkas", opened.enter_context(Path(file.path).open("rb"))
    except OSError as error:
        raise SendFailed(N_("Berkas tidak terbaca") + f": {type(error).__name__}", retry=NOW) from None
