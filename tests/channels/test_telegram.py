"""The Telegram channel against the simulated Bot API: nothing is acknowledged that is not kept, nothing is sent unseen."""

import asyncio
import logging
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, MutableMapping
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog
from pydantic import ValidationError

from channels.telegram import Settings, Telegram, open_channel
from channels.webhook import Receive, Routes, Scope, Send
from demo.telegram import Telegram as Provider
from sop.messages import Button, File, Kind, Outgoing, Presence, SendFailed, TooLarge
from tests.channels.asgi import call
from tests.channels.reception import NOW, Recorder, clock
from tests.channels.test_telegram_decode import recorded
from tests.peers import free_port, serve

TOKEN = "110001:publik"
ROOT = Path(__file__).parents[2]
SECRET = "rahasia_webhook_yang_panjang"
SARI, BUDI = 7001, 7002
HEAD = {"X-Telegram-Bot-Api-Secret-Token": SECRET}


@pytest.fixture
async def provider(tmp_path: Path) -> AsyncIterator[Provider]:
    async with Provider(tmp_path / "telegram", clock, push_retry=0.01) as sim:
        sim.add_bot(TOKEN, "layanan_contoh_bot", "Layanan Contoh")
        for number, name in ((SARI, "Sari"), (BUDI, "Budi")):
            sim.phone(TOKEN).person(number, name)
        yield sim


@pytest.fixture
async def api(provider: Provider) -> AsyncIterator[str]:
    async with serve(provider.app) as url:
        yield url
        provider.outage = True  # ends the long polls


@pytest.fixture
def desk(tmp_path: Path) -> Recorder:
    return Recorder(tmp_path)


@asynccontextmanager
async def opened(
    api: str, desk: Recorder, folder: Path, *, public_url: str = "https://care.example.ac.id", **more: Any
) -> AsyncIterator[Telegram]:
    settings = Settings.model_validate({"token": TOKEN, "api": api, **more})
    async with open_channel(
        settings, desk, clock=clock, public_url=public_url, files_root=folder, secret="x" * 32
    ) as channel:
        yield channel


@asynccontextmanager
async def listening(channel: Telegram) -> AsyncIterator[None]:
    task = asyncio.create_task(channel.listen())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


@pytest.fixture
async def channel(api: str, provider: Provider, desk: Recorder, tmp_path: Path) -> AsyncIterator[Telegram]:
    """Polling; Sari has greeted the bot."""
    provider.phone(TOKEN).start(SARI)
    async with opened(api, desk, tmp_path) as channel:
        yield channel


def outgoing(text: str = "Jawaban untuk Anda.", **more: Any) -> Outgoing:
    return Outgoing(
        **{"id": 1, "channel": "telegram", "to": str(SARI), "key": str(SARI), "text": text, **more}
    )


async def failing(channel: Telegram, message: Outgoing) -> SendFailed:
    with pytest.raises(SendFailed) as failure:
        await channel.send(message)
    return failure.value


# settings


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


# polling


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


# webhook


def app(routes: Routes) -> Any:
    async def dispatch(scope: Scope, receive: Receive, send: Send) -> None:
        await dict(routes)[scope["path"]](scope, receive, send)

    return dispatch


@pytest.fixture
async def hook(desk: Recorder, tmp_path: Path, api: str) -> AsyncIterator[Any]:
    settings = {"mode": "webhook", "secret": SECRET, "public_url": f"http://127.0.0.1:{free_port()}"}
    async with opened(api, desk, tmp_path, **settings) as channel:
        ((path, hook),) = channel.routes()
        assert path == "/hooks/telegram"
        yield hook


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


# sending


async def test_an_answer_arrives_with_its_buttons_as_a_reply(provider: Provider, channel: Telegram) -> None:
    asked = provider.chat(SARI)[0]["message_id"]
    receipt = await channel.send(
        outgoing(
            buttons=((Button(label="Ya", data="ya"), Button(label="Halaman", url="https://contoh.example")),),
            reply_to=f"{SARI}:{asked}",
            link="abc123",
            auto=True,
        )
    )

    shown = provider.chat(SARI)[-1]
    assert shown["text"] == "Jawaban untuk Anda.\n\nhttps://care.example.ac.id/status/abc123"
    assert shown["reply_to_message"]["message_id"] == asked
    assert [button["text"] for button in shown["reply_markup"]["inline_keyboard"][0]] == ["Ya", "Halaman"]
    assert receipt.external_id == f"{SARI}:{shown['message_id']}"


async def test_an_answer_to_a_pressed_button_is_a_reply_to_nothing(
    provider: Provider, channel: Telegram
) -> None:
    await channel.send(outgoing(reply_to=f"{SARI}:callback:438210000000001"))

    assert "reply_to_message" not in provider.chat(SARI)[-1]


async def test_an_officers_own_words_stay_without_an_address(provider: Provider, channel: Telegram) -> None:
    await channel.send(outgoing(link="abc123"))

    assert provider.sent(SARI) == ["Jawaban untuk Anda."]


async def test_a_long_answer_arrives_whole_in_several_messages(provider: Provider, channel: Telegram) -> None:
    words = " ".join(f"kata{number}🙏" for number in range(600))
    receipt = await channel.send(outgoing(words))

    parts = provider.sent(SARI)
    assert len(parts) == 2
    assert " ".join(parts) == words
    assert receipt.external_id == f"{SARI}:{provider.chat(SARI)[-2]['message_id']}"


async def test_markup_in_an_answer_stays_as_it_was_written(provider: Provider, channel: Telegram) -> None:
    await channel.send(outgoing("<b>1 < 2</b> & *tebal* _miring_ [x](y)"))

    assert provider.sent(SARI) == ["<b>1 < 2</b> & *tebal* _miring_ [x](y)"]


def kept(folder: Path, content: bytes, **more: Any) -> File:
    (folder / "0af3").write_bytes(content)
    return File(**{"path": "0af3", "name": "surat.pdf", "content_type": "application/pdf", **more})


async def test_an_attachment_arrives_with_the_words_as_its_caption(
    provider: Provider, channel: Telegram, tmp_path: Path
) -> None:
    await channel.send(outgoing(files=(kept(tmp_path, b"%PDF-1.7"),)))

    shown = provider.chat(SARI)[-1]
    assert (shown["caption"], shown["document"]["file_name"]) == ("Jawaban untuk Anda.", "surat.pdf")


async def test_a_file_name_cannot_leave_its_place(
    provider: Provider, channel: Telegram, tmp_path: Path
) -> None:
    await channel.send(outgoing(files=(kept(tmp_path, b"x", name='../a"\r\nX-Evil: 1\u202egpj.pdf'),)))

    name = provider.chat(SARI)[-1]["document"]["file_name"]
    assert not set(name) & set('/\\"\r\n\u202e')


async def test_a_long_answer_with_photos_is_words_first(
    provider: Provider, channel: Telegram, tmp_path: Path
) -> None:
    photo = kept(tmp_path, b"jpeg", kind=Kind.PHOTO, name="a.jpg", content_type="image/jpeg")
    await channel.send(outgoing("x" * 1500, files=(photo,)))

    first, second = provider.chat(SARI)[-2:]
    assert len(first["text"]) == 1500
    assert "photo" in second


async def test_a_file_that_is_gone_fails_in_words(channel: Telegram) -> None:
    failure = await failing(channel, outgoing(files=(File(path="tidak-ada", name="surat.pdf"),)))

    assert (failure.reason, failure.retry) == ("Berkas surat.pdf tidak ada lagi di penyimpanan.", None)


async def test_a_card_is_edited_rather_than_posted_anew(provider: Provider, channel: Telegram) -> None:
    receipt = await channel.send(outgoing("Menunggu"))
    again = await channel.send(outgoing("Selesai", edits=receipt.external_id))
    same = await channel.send(outgoing("Selesai", edits=receipt.external_id))

    assert provider.sent(SARI) == ["Selesai"]
    assert receipt == again == same


async def test_retry_after_is_obeyed(provider: Provider, channel: Telegram) -> None:
    provider.fail("429", method="sendMessage", seconds=7)
    failure = await failing(channel, outgoing())

    assert (failure.retry, failure.unknown) == (timedelta(seconds=7), False)


async def test_a_strict_window_refuses_nothing(desk: Recorder, tmp_path: Path) -> None:
    async with Provider(tmp_path / "strict", clock, strict=True) as sim, serve(sim.app) as api:
        sim.add_bot(TOKEN)
        people = [str(sim.phone(TOKEN).person(8000 + number)) for number in range(45)]
        for person in people:
            sim.phone(TOKEN).start(int(person))
        async with opened(api, desk, tmp_path) as channel:
            await asyncio.gather(*(channel.send(outgoing(to=person, key=person)) for person in people))

    assert {one.status for one in sim.calls if one.method == "sendMessage"} == {200}
    assert sum(one.method == "sendMessage" for one in sim.calls) == 45


async def test_a_person_who_blocks_us_is_not_tried_again(provider: Provider, channel: Telegram) -> None:
    provider.phone(TOKEN).block(SARI)
    failure = await failing(channel, outgoing())

    assert (failure.blocked, failure.retry) == (True, None)


async def test_a_chat_that_moved_says_where_to(provider: Provider, channel: Telegram) -> None:
    group = provider.phone(TOKEN).group("RT 05", kind="group")
    there = provider.migrate(group)
    failure = await failing(channel, outgoing(to=str(group), key=str(group)))

    assert failure.moved_to == str(there)


async def test_what_may_have_arrived_is_unknown(provider: Provider, channel: Telegram) -> None:
    provider.fail("drop-after", method="sendMessage")
    failure = await failing(channel, outgoing())

    assert (failure.unknown, provider.sent(SARI)) == (True, ["Jawaban untuk Anda."])


async def test_trouble_of_telegrams_own_is_tried_again(provider: Provider, channel: Telegram) -> None:
    provider.fail("500", method="sendMessage")
    failure = await failing(channel, outgoing())

    assert (failure.retry, failure.unknown) == (timedelta(0), False)


async def test_what_never_left_is_tried_again(desk: Recorder, tmp_path: Path) -> None:
    async with opened(f"http://127.0.0.1:{free_port()}", desk, tmp_path) as channel:
        failure = await failing(channel, outgoing())

    assert (failure.retry, failure.unknown) == (timedelta(0), False)


@pytest.mark.parametrize("to", ["", "bukan-angka", "12x"])
async def test_an_address_that_is_none_fails_in_words(to: str, channel: Telegram) -> None:
    failure = await failing(channel, outgoing(to=to, key=to))

    assert (failure.retry, failure.unknown) == (None, False)


async def test_a_button_that_telegram_cannot_show_fails_in_words(channel: Telegram) -> None:
    failure = await failing(channel, outgoing(buttons=((Button(label="Terlalu panjang", data="x" * 65),),)))

    assert (failure.retry, failure.unknown) == (None, False)


async def test_a_deep_link_leads_to_our_bot(provider: Provider, channel: Telegram) -> None:
    await provider.until(lambda: any(one.method == "setMyCommands" for one in provider.calls))

    assert channel.link("u7Kq2mZp") == "https://t.me/layanan_contoh_bot?start=u7Kq2mZp"
    for payload in ("", "tiket 1042", "x" * 65, "a&b"):
        with pytest.raises(ValueError, match="payload"):
            channel.link(payload)


async def test_an_empty_message_fails_in_words(channel: Telegram) -> None:
    assert "kosong" in (await failing(channel, outgoing(""))).reason


# files


async def test_a_photo_is_fetched_as_it_was_sent(
    provider: Provider, channel: Telegram, desk: Recorder
) -> None:
    content = bytes(range(256)) * 1000
    provider.phone(TOKEN).photo(SARI, content, "Lampu mati")
    async with listening(channel):
        await desk.until(lambda: len(desk.taken) == 2)
    (file,) = desk.taken[-1].files
    stored = await desk.keep(channel.fetch(file), limit=1_000_000)

    assert stored.size == len(content)


async def fetched(channel: Telegram, file: File) -> bytes:
    return b"".join([chunk async for chunk in channel.fetch(file)])


async def test_a_file_beyond_telegrams_limit_is_told_apart(
    provider: Provider, channel: Telegram, desk: Recorder
) -> None:
    provider.phone(TOKEN).document(SARI, b"\0" * (20 * 1024 * 1024 + 1), "besar.bin")
    async with listening(channel):
        await desk.until(lambda: len(desk.taken) == 2)

    with pytest.raises(TooLarge):
        await fetched(channel, desk.taken[-1].files[0])


async def test_a_file_that_is_cut_off_may_be_fetched_later(
    provider: Provider, channel: Telegram, desk: Recorder
) -> None:
    provider.phone(TOKEN).photo(SARI, b"jpeg")
    async with listening(channel):
        await desk.until(lambda: len(desk.taken) == 2)
    provider.fail("drop-before", method="file")

    with pytest.raises(SendFailed) as failure:
        await fetched(channel, desk.taken[-1].files[0])
    assert failure.value.retry == timedelta(0)
    assert await fetched(channel, desk.taken[-1].files[0]) == b"jpeg"


async def test_a_file_that_telegram_does_not_know_is_never_asked_for_again(channel: Telegram) -> None:
    with pytest.raises(SendFailed) as failure:
        await fetched(channel, File(remote="tidak-dikenal"))

    assert failure.value.retry is None


# logs


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
