"""The Telegram simulator as a provider: raw requests, webhooks, its window, its memory."""

from pathlib import Path

import httpx2
import pytest

from demo.telegram import Telegram
from tests.demo.conftest import SARI, TOKEN, Clock, Served, telegram_at
from tests.demo.desk import Hooks
from tests.peers import serve


async def call(api: str, method: str, /, **words: object) -> httpx2.Response:
    async with httpx2.AsyncClient(trust_env=False) as client:
        return await client.post(f"{api}/bot{TOKEN}/{method}", json=words)


async def test_an_unknown_method_is_not_found(telegram: Served[Telegram]) -> None:
    answer = await call(telegram.url, "sendTelegram")

    assert (answer.status_code, answer.json()["description"]) == (404, "Not Found: method not found")


@pytest.mark.parametrize(
    ("method", "words", "description"),
    [
        ("sendMessage", {"chat_id": SARI}, "Bad Request: message text is empty"),
        ("sendMessage", {"text": "a"}, "Bad Request: parameter chat_id is required"),
        (
            "sendMessage",
            {"chat_id": SARI, "text": "a", "reply_markup": {"inline_keyboard": "x"}},
            "can't parse",
        ),
        ("sendPhoto", {"chat_id": SARI, "photo": "tidak-ada"}, "wrong file identifier"),
        ("getUpdates", {"timeout": "lama"}, "can't parse parameter timeout"),
    ],
)
async def test_a_request_that_aiogram_would_not_make_is_refused(
    telegram: Served[Telegram], method: str, words: dict[str, object], description: str
) -> None:
    telegram.sim.phone(TOKEN).start(SARI)

    answer = await call(telegram.url, method, **words)

    assert answer.status_code == 400
    assert description in answer.json()["description"]


async def test_parameters_come_by_query_form_and_json(telegram: Served[Telegram]) -> None:
    telegram.sim.phone(TOKEN).start(SARI)
    url = f"{telegram.url}/bot{TOKEN}/sendMessage"
    async with httpx2.AsyncClient(trust_env=False) as client:
        await client.get(url, params={"chat_id": SARI, "text": "123"})
        await client.post(url, data={"chat_id": str(SARI), "text": "[form]"})
        await client.post(url, json={"chat_id": SARI, "text": "json"})

    assert telegram.sim.sent(SARI) == ["123", "[form]", "json"]


async def test_a_webhook_gets_the_secret_and_every_update_until_it_takes_it(
    telegram: Served[Telegram],
) -> None:
    hooks = Hooks(503, 500)
    async with serve(hooks, lifespan="off") as desk:
        await call(telegram.url, "setWebhook", url=f"{desk}/hooks/telegram", secret_token="rahasia")
        telegram.sim.phone(TOKEN).write(SARI, "satu")
        telegram.sim.phone(TOKEN).write(SARI, "dua")
        taken = await hooks.until(4)
        info = (await call(telegram.url, "getWebhookInfo")).json()["result"]

    words = [httpx2.Response(200, content=body).json()["message"]["text"] for _, _, body in taken]
    assert words == ["satu", "satu", "satu", "dua"]
    assert {headers["x-telegram-bot-api-secret-token"] for _, headers, _ in taken} == {"rahasia"}
    assert info["last_error_message"] == "Wrong response from the webhook: 500 Internal Server Error"


async def test_polling_and_webhook_exclude_each_other(telegram: Served[Telegram]) -> None:
    await call(telegram.url, "setWebhook", url="http://127.0.0.1:9/hooks/telegram")
    refused = await call(telegram.url, "getUpdates")
    await call(telegram.url, "deleteWebhook")

    assert refused.status_code == 409
    assert (await call(telegram.url, "getUpdates")).status_code == 200


async def test_the_strict_window_refuses_the_second_word_within_a_second(
    tmp_path: Path, clock: Clock
) -> None:
    ticks = [100.0]
    async with Telegram(tmp_path, clock, strict=True, ticks=lambda: ticks[0]) as sim, serve(sim.app) as url:
        sim.add_bot(TOKEN)
        for person in range(1, 40):
            sim.phone(TOKEN).start(person)
        group = sim.phone(TOKEN).group("Staf")

        codes = [(await call(url, "sendMessage", chat_id=1, text="a")).status_code for _ in range(2)]
        ticks[0] += 1
        codes += [(await call(url, "sendMessage", chat_id=n, text="a")).status_code for n in range(1, 32)]
        in_group = []
        for _ in range(21):
            ticks[0] += 1
            in_group.append((await call(url, "sendMessage", chat_id=group, text="a")).json())

    assert codes == [200, 429] + [200] * 30 + [429]
    assert [answer["ok"] for answer in in_group] == [True] * 20 + [False]
    assert in_group[-1]["parameters"] == {"retry_after": 41}


async def test_a_second_start_shows_the_same_phone(tmp_path: Path, clock: Clock) -> None:
    async with telegram_at(tmp_path, clock) as first:
        first.sim.phone(TOKEN).photo(SARI, b"jpg", "Bukti")
        await call(first.url, "sendMessage", chat_id=SARI, text="Kami terima")
        before = first.sim.chat(SARI)
    async with telegram_at(tmp_path, clock) as second:
        assert second.sim.chat(SARI) == before
        (update,) = (await call(second.url, "getUpdates")).json()["result"]
        assert update["message"]["caption"] == "Bukti"
        file = (await call(second.url, "getFile", file_id=update["message"]["photo"][0]["file_id"])).json()[
            "result"
        ]
        async with httpx2.AsyncClient(trust_env=False) as client:
            assert (await client.get(f"{second.url}/file/bot{TOKEN}/{file['file_path']}")).content == b"jpg"
            assert (await client.get(f"{second.url}/file/bot1:x/{file['file_path']}")).status_code == 404
        new = second.sim.phone(TOKEN).write(SARI, "Lagi")
        assert new["message_id"] not in {message["message_id"] for message in before}
