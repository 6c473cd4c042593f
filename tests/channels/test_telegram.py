"""The Telegram channel by polling: nothing is acknowledged that is not kept."""

import asyncio
import logging
import subprocess
import sys
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog
from pydantic import ValidationError

from channels.telegram import Settings, Telegram
from demo.telegram import Telegram as Provider
from sop.messages import Button, Kind, Presence
from tests.channels.reception import NOW, Recorder
from tests.channels.telegram_peer import (
    BUDI,
    SARI,
    SECRET,
    TOKEN,
    failing,
    listening,
    opened,
    outgoing,
)
from tests.peers import free_port

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"token": ""}, "BotFather"),
        ({"token": "tanpa-titik-dua"}, "BotFather"),
        ({"token": TOKEN, "mode": "webhook"}, "secret"),
        ({"token": TOKEN, "mode": "webhook", "secret": "pendek"}, "16 karakter"),
        ({"token": TOKEN, "mode": "webhook", "secret": "dengan spasi di dalamnya"}, "huruf, angka"),
        ({"token": TOKEN, "mode": "pidgeon"}, "polling"),
        ({"token": TOKEN, "tokn": "x"}, "tokn"),
    ],
)
def test_a_channel_without_its_secret_refuses_to_start_in_words(values: dict[str, str], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        Settings.model_validate(values)


def test_settings_do_not_show_their_secrets() -> None:
    shown = repr(Settings.model_validate({"token": TOKEN, "mode": "webhook", "secret": SECRET}))

    assert "publik" not in shown and SECRET not in shown


async def test_the_offset_advances_only_over_what_is_kept(
    provider: Provider, channel: Telegram, desk: Recorder
) -> None:
    provider.phone(TOKEN).write(SARI, "KRS saya terkunci")
    desk.refuse = 2
    async with listening(channel):
        await provider.until(lambda: not provider.world.waiting(TOKEN))

    assert desk.texts == ["/start", "KRS saya terkunci"]
    assert desk.refuse == 0


async def test_each_chat_keeps_its_order(provider: Provider, channel: Telegram, desk: Recorder) -> None:
    for number in range(20):
        provider.phone(TOKEN).write(SARI, f"s{number}")
        provider.phone(TOKEN).write(BUDI, f"b{number}")
    async with listening(channel):
        await provider.until(lambda: not provider.world.waiting(TOKEN))

    assert [text for text in desk.texts if text.startswith("s")] == [f"s{n}" for n in range(20)]
    assert [text for text in desk.texts if text.startswith("b")] == [f"b{n}" for n in range(20)]


async def test_a_message_that_meets_a_fault_of_ours_is_parked_and_the_rest_flows(
    provider: Provider, channel: Telegram, desk: Recorder
) -> None:
    desk.broken = True
    async with listening(channel):
        await desk.until(lambda: desk.parked)
        desk.broken = False
        provider.phone(TOKEN).write(SARI, "Berikutnya")
        await desk.until(lambda: desk.taken)

    assert [raw.count(b"/start") for _, _, raw, _ in desk.parked] == [1]
    assert desk.texts == ["Berikutnya"]


async def test_after_a_restart_nothing_is_lost_and_nothing_doubled(
    provider: Provider, api: str, desk: Recorder, tmp_path: Path
) -> None:
    phone = provider.phone(TOKEN)
    for text in ("satu", "dua", "tiga"):
        phone.write(SARI, text)
        async with opened(api, desk, tmp_path) as channel, listening(channel):
            await desk.until(lambda text=text: text in desk.texts)  # type: ignore[misc]

    assert desk.texts == ["satu", "dua", "tiga"]


@pytest.mark.parametrize(
    "kept",
    [
        {"bot": "999", "offset": 10**12, "at": NOW.isoformat()},
        {"bot": "110001", "offset": 10**12, "at": (NOW - timedelta(days=8)).isoformat()},
    ],
    ids=["another bot's", "a week old"],
)
async def test_an_offset_that_is_not_ours_or_too_old_skips_nothing(
    kept: dict[str, Any], provider: Provider, channel: Telegram, desk: Recorder
) -> None:
    desk.memory["telegram.offset"] = kept
    async with listening(channel):
        await desk.until(lambda: desk.taken)

    assert desk.texts == ["/start"]


async def test_polling_takes_down_a_webhook_that_still_stands(
    provider: Provider, api: str, desk: Recorder, tmp_path: Path
) -> None:
    settings = {"mode": "webhook", "secret": SECRET, "public_url": f"http://127.0.0.1:{free_port()}"}
    async with opened(api, desk, tmp_path, **settings):
        await provider.until(lambda: provider.world.bot(TOKEN)["webhook"].get("url"))
    provider.phone(TOKEN).write(SARI, "Apakah ada orang?")
    async with opened(api, desk, tmp_path) as channel, listening(channel):
        await desk.until(lambda: desk.taken)

    assert desk.texts == ["Apakah ada orang?"]


async def test_polling_mends_itself_after_an_outage(
    provider: Provider, channel: Telegram, desk: Recorder
) -> None:
    provider.fail("500", method="getUpdates")
    provider.fail("drop-after", method="getUpdates")
    async with listening(channel):
        await desk.until(lambda: desk.taken)

    assert desk.texts == ["/start"]


async def test_a_pressed_button_is_answered_once_it_is_kept(
    provider: Provider, channel: Telegram, desk: Recorder
) -> None:
    await channel.send(outgoing(buttons=((Button(label="Sudah selesai", data="selesai:ya"),),)))
    card = provider.chat(SARI)[-1]["message_id"]
    press = provider.phone(TOKEN).press(SARI, card, "selesai:ya")
    async with listening(channel):
        await provider.until(lambda: provider.phone(TOKEN).answer(press) is not None)

    assert [(word.kind, word.button) for word in desk.taken][-1] == (Kind.BUTTON, "selesai:ya")


async def test_whoever_blocks_us_is_heard_of(provider: Provider, channel: Telegram, desk: Recorder) -> None:
    async with listening(channel):
        await desk.until(lambda: desk.taken)
        provider.phone(TOKEN).block(SARI)
        await desk.until(lambda: desk.words)

    assert [(type(word), getattr(word, "state", "")) for word in desk.words] == [(Presence, "blocked")]


async def test_the_private_chat_gets_its_menu(provider: Provider, channel: Telegram) -> None:
    await provider.until(lambda: sum(one.method == "setMyCommands" for one in provider.calls) == 2)

    menus = [one.params for one in provider.calls if one.method == "setMyCommands"]
    assert [menu.get("language_code", "") for menu in menus] == ["", "en"]
    assert {menu["scope"]["type"] for menu in menus} == {"all_private_chats"}


async def test_a_deep_link_leads_to_our_bot(provider: Provider, channel: Telegram) -> None:
    await provider.until(lambda: any(one.method == "setMyCommands" for one in provider.calls))

    assert channel.link("u7Kq2mZp") == "https://t.me/layanan_contoh_bot?start=u7Kq2mZp"
    for payload in ("", "tiket 1042", "x" * 65, "a&b"):
        with pytest.raises(ValueError, match="payload"):
            channel.link(payload)


class Heard:
    """What the log is told, each time something happens under this name."""

    def __init__(self) -> None:
        self._entries: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    def __call__(self, logger: Any, method: str, said: MutableMapping[str, Any]) -> str:
        self._entries.put_nowait(dict(said))
        raise structlog.DropEvent

    async def next(self, event: str) -> dict[str, Any]:
        async with asyncio.timeout(20):
            while (entry := await self._entries.get())["event"] != event:
                pass
        return entry


@contextmanager
def heard() -> Iterator[Heard]:
    before = structlog.get_config()["processors"]
    log = Heard()
    structlog.configure(processors=[log])
    try:
        yield log
    finally:
        structlog.configure(processors=before)


async def test_a_token_that_telegram_refuses_is_said_with_its_remedy(
    api: str, desk: Recorder, tmp_path: Path
) -> None:
    with heard() as log:
        async with opened(api, desk, tmp_path, token="999:bukan-bot-kita") as channel, listening(channel):
            entry = await log.next("telegram refuses getUpdates")

    assert (entry["code"], "BotFather" in entry["remedy"]) == (401, True)


async def test_two_processes_with_one_token_are_told_of_each_other(
    provider: Provider, channel: Telegram, api: str, desk: Recorder, tmp_path: Path
) -> None:
    with heard() as log:
        async with opened(api, desk, tmp_path) as other, listening(channel):
            await provider.until(lambda: sum(one.method == "getUpdates" for one in provider.calls) >= 2)
            async with listening(other):
                entry = await log.next("telegram refuses getUpdates")

    assert (entry["code"], "another process" in entry["remedy"]) == (409, True)


def test_neither_channel_brings_its_library_before_it_is_opened() -> None:
    look = "import sys, channels.telegram, channels.whatsapp; print(sorted({'aiogram', 'aiohttp', 'twilio'} & set(sys.modules)))"
    shown = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True, cwd=ROOT)

    assert shown.stdout.strip() == "[]"


@contextmanager
def everything_logged() -> Iterator[list[str]]:
    lines: list[str] = []

    class Handler(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(record.getMessage())

    root, handler = logging.getLogger(), Handler()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield lines
    finally:
        root.removeHandler(handler)
        root.setLevel(level)


async def test_no_log_line_holds_the_token_or_a_word_of_a_person(
    provider: Provider, channel: Telegram, desk: Recorder, capsys: pytest.CaptureFixture[str]
) -> None:
    provider.phone(TOKEN).write(SARI, "NIM saya 13520001")
    with everything_logged() as lines:
        async with listening(channel):
            await desk.until(lambda: len(desk.taken) == 2)
        await channel.send(outgoing())
        provider.fail("drop-after", method="sendMessage")
        await failing(channel, outgoing("13520001"))

    shown = "\n".join([*lines, capsys.readouterr().out])
    assert "publik" not in shown and "13520001" not in shown
