"""aiogram's way out over httpx2. Imported by `channels.telegram_bot` alone: aiogram costs seconds."""

from collections.abc import AsyncGenerator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import httpx2
from aiogram import Bot
from aiogram.client.session.base import BaseSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.methods import TelegramMethod
from aiogram.methods.base import TelegramType
from aiogram.types import FSInputFile, InputFile

from sop.errors import N_
from sop.messages import SendFailed

NOW = timedelta(0)


class Session(BaseSession):
    """aiogram's way out over httpx2: it tells what was never sent from what may have arrived."""

    def __init__(self, http: httpx2.AsyncClient, api: TelegramAPIServer) -> None:
        super().__init__(api=api, timeout=30)
        self._http = http

    async def close(self) -> None:
        """The client belongs to whoever opened it."""

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
            for name, value in method.model_dump(warnings=False).items()
        }
        form = {name: value for name, value in prepared.items() if value}
        with ExitStack() as opened:
            files = {name: _open(upload, opened) for name, upload in uploads.items()}
            response = await self._post(url, form, files)
        if response.status_code in (502, 504):
            raise SendFailed(N_("Telegram terganggu") + f": jawaban {response.status_code}", unknown=True)
        if response.status_code >= 500:
            raise SendFailed(N_("Telegram terganggu") + f": jawaban {response.status_code}", retry=NOW)
        answer = self.check_response(
            bot=bot, method=method, status_code=response.status_code, content=response.text
        )
        return cast(TelegramType, answer.result)

    async def _post(self, url: str, form: dict[str, Any], files: dict[str, Any]) -> httpx2.Response:
        """The deadline over all of it is the caller's; connecting has its own, so that it is told apart."""
        patience = httpx2.Timeout(self.timeout, connect=10, pool=10)
        try:
            return await self._http.post(url, data=form, files=files or None, timeout=patience)
        except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout) as error:
            raise SendFailed(
                N_("Telegram tidak terhubung") + f": {type(error).__name__}", retry=NOW
            ) from None
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
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


def _open(upload: InputFile, opened: ExitStack) -> tuple[str, Any]:
    file = cast(FSInputFile, upload)
    try:
        return file.filename or "berkas", opened.enter_context(Path(file.path).open("rb"))
    except OSError as error:
        raise SendFailed(N_("Berkas tidak terbaca") + f": {type(error).__name__}", retry=NOW) from None
