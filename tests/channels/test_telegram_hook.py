"""Telegram's webhook: the secret first, 200 only for what is kept."""

from pathlib import Path
from typing import Any

import pytest

from channels.telegram import Telegram
from channels.webhook import Receive, Routes, Scope, Send
from demo.telegram import Telegram as Provider
from tests.channels.asgi import call
from tests.channels.reception import Recorder
from tests.channels.telegram_peer import HEAD, SARI, SECRET, TOKEN, opened
from tests.channels.test_telegram_decode import recorded
from tests.peers import free_port, serve


def app(routes: Routes) -> Any:
    async def dispatch(scope: Scope, receive: Receive, send: Send) -> None:
        await dict(routes)[scope["path"]](scope, receive, send)

    return dispatch


async def test_updates_come_by_webhook_and_come_again_until_they_are_kept(
    provider: Provider, api: str, desk: Recorder, tmp_path: Path
) -> None:
    port = free_port()
    settings = {"mode": "webhook", "secret": SECRET, "public_url": f"http://127.0.0.1:{port}"}
    desk.refuse = 2
    async with opened(api, desk, tmp_path, **settings) as channel, serve(app(channel.routes()), port=port):
        await channel.listen()
        for text in ("satu", "dua"):
            provider.phone(TOKEN).write(SARI, text)
        await desk.until(lambda: len(desk.taken) == 2)

    assert desk.texts == ["satu", "dua"]
    assert desk.refuse == 0


async def test_in_polling_mode_there_is_no_webhook_to_knock_at(channel: Telegram) -> None:
    assert channel.routes() == ()


@pytest.mark.parametrize("head", [{}, {"X-Telegram-Bot-Api-Secret-Token": "salah"}])
async def test_an_update_without_the_secret_is_refused_unread(
    head: dict[str, str], hook: Any, desk: Recorder
) -> None:
    answer = await call(hook, recorded("text"), head)

    assert (answer.status, answer.read) == (403, 0)
    assert (desk.taken, desk.parked) == ([], [])


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b'{"update_id":', 400),
        (b'{"update_id":1,"message":' + b"[" * 10_000 + b"]" * 10_000 + b"}", 400),
        (b"[" * 10_000, 400),
        (b"\xff" * 10, 400),
        (b'{"update_id":1,"message":"' + b"x" * 5_000_000 + b'"}', 413),
    ],
    ids=["empty", "cut off", "deep", "deep and cut off", "not UTF-8", "5 MB"],
)
async def test_what_telegram_cannot_have_sent_is_refused(
    body: bytes, status: int, hook: Any, desk: Recorder
) -> None:
    assert (await call(hook, body, HEAD)).status == status
    assert (desk.taken, desk.parked) == ([], [])


async def test_an_update_of_an_unknown_shape_is_parked_and_acknowledged(hook: Any, desk: Recorder) -> None:
    odd = b'{"update_id":77,"message":{"message_id":"satu"}}'

    assert (await call(hook, odd, HEAD)).status == 200
    assert [(channel, number, raw) for channel, number, raw, _ in desk.parked] == [("telegram", "77", odd)]


async def test_an_update_that_cannot_be_kept_now_is_not_acknowledged(hook: Any, desk: Recorder) -> None:
    desk.refuse = 1

    assert (await call(hook, recorded("text"), HEAD)).status == 503
    assert (await call(hook, recorded("text"), HEAD)).status == 200
    assert len(desk.taken) == 1
    assert desk.raw == [recorded("text")]


async def test_what_is_not_for_the_desk_is_acknowledged(hook: Any, desk: Recorder) -> None:
    assert (await call(hook, recorded("group_text"), HEAD)).status == 200
    assert (desk.taken, desk.parked) == ([], [])
