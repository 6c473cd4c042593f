"""A command in chat is as durable as a reporter's message: acknowledged only when it is on disk, done once (P1, P2, P12)."""

import asyncio
import json
import logging
from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from bots.settings import Settings
from desk import inbound
from sop.errors import Unavailable
from sop.messages import Button, File, Outgoing, SendFailed
from store import memory, messages, parked, tickets, trail
from store.db import Database, View
from tests.bots.conftest import BUDI, SARI, TOKEN, Bench
from tests.channels.asgi import call
from tests.samples import NOW

SECRET = "rahasia_webhook_yang_panjang"
HEAD = {"X-Telegram-Bot-Api-Secret-Token": SECRET}


class Failing:
    """The desk's database, whose next writes fail as a full or cut-off one would, or with a fault of ours."""

    def __init__(self, db: Database, error: Exception, times: int, *, after: bool = False) -> None:
        self.bell = db.bell
        self.read = db.read
        self._db = db
        self._error = error
        self._after = after
        self.times = times

    async def write(self, act: Any, *args: Any, **kwargs: Any) -> Any:
        if not self.times or act in (inbound.park, inbound.remember):
            return await self._db.write(act, *args, **kwargs)
        self.times -= 1
        if self._after:
            await self._db.write(act, *args, **kwargs)
        raise self._error


def noted(view: View, number: int) -> int:
    return sum(event.kind == "noted" for event in trail.of_case(view, number))


def parked_ids(view: View) -> list[tuple[str, str]]:
    return [(each.channel, each.external_id) for each in parked.waiting(view)]


async def holder(bench: Bench, number: int) -> int | None:
    ticket = await bench.db.read(tickets.find, number)
    assert ticket is not None
    return ticket.holder


@pytest.mark.parametrize("after", [False, True], ids=["before it was kept", "when it was kept already"])
async def test_a_command_that_met_a_store_away_is_fetched_again(on_both: Bench, after: bool) -> None:
    number = await on_both.ticket()
    failing = Failing(on_both.db, Unavailable("penuh"), 2, after=after)
    bench = on_both.with_db(failing)
    async with bench.listening():
        said = await bench.writes(f"/catatan {number} sudah ditelepon")

    assert failing.times == 0
    assert said == f"Catatan pada tiket #{number} tersimpan."
    assert await on_both.db.read(noted, number) == 1
    assert await on_both.db.read(parked_ids) == []


async def test_the_offset_stays_where_it_is_while_the_store_is_away(bench: Bench) -> None:
    number = await bench.ticket()
    failing = Failing(bench.db, Unavailable("penuh"), 10_000)
    away = bench.with_db(failing)
    bench.phone.write(SARI, f"/ambil {number}")
    async with away.listening():
        await bench.provider.until(lambda: asked(bench) >= 2)
        assert bench.provider.world.waiting(TOKEN)
        assert await bench.db.read(memory.get, "staff.offset") == {}
        failing.times = 0
        await bench.quiet()

    assert await holder(bench, number) is not None


def asked(bench: Bench) -> int:
    return sum(each.method == "getUpdates" for each in bench.provider.calls)


async def test_the_same_update_twice_is_one_act_with_the_same_answer(on_both: Bench) -> None:
    bench = on_both
    number = await bench.ticket()
    async with bench.opened(mode="webhook", secret=SECRET) as bot:
        ((path, app),) = bot.routes()
        assert path == "/hooks/staff"
        await bot.ready()
        update = command(7, f"/catatan {number} sudah ditelepon")
        answers = await asyncio.gather(*(call(app, update, HEAD) for _ in range(4)))
        again = await call(app, update, HEAD)

    assert {each.status for each in (*answers, again)} == {200}
    assert await bench.db.read(noted, number) == 1
    assert set(bench.said()) == {f"Catatan pada tiket #{number} tersimpan."}


async def test_an_answer_pressed_before_a_crash_leaves_once(bench: Bench) -> None:
    """The act was kept, the offset was not: the update comes again after the start."""
    number = await bench.ticket()
    async with bench.listening():
        await bench.writes(f"/balas {number} sekali saja")
    card = bench.card("Kirim")
    failing = Failing(bench.db, Unavailable("putus"), 1, after=True)
    async with bench.with_db(failing).listening():
        await bench.presses("Kirim", card=card["message_id"])

    said = [m.text for m in await bench.db.read(messages.of_ticket, number) if m.author]
    assert said == ["sekali saja"]
    assert "sudah terkirim" in bench.said()[-1]


def command(number: int, text: str, user: int = SARI) -> bytes:
    entity = {"type": "bot_command", "offset": 0, "length": len(text.split()[0])}
    person = {"id": user, "is_bot": False, "first_name": "Sari"}
    chat = {"id": user, "type": "private", "first_name": "Sari"}
    message = {"message_id": number, "date": 1772416800, "from": person, "chat": chat, "text": text}
    return json.dumps({"update_id": number, "message": message | {"entities": [entity]}}).encode()


async def test_what_meets_a_fault_of_ours_is_parked_raw_answered_in_words_and_the_rest_flows(
    bench: Bench,
) -> None:
    number = await bench.ticket()
    away = bench.with_db(Failing(bench.db, ZeroDivisionError("kita"), 1))
    async with away.listening():
        said = await bench.writes(f"/ambil {number}")
        assert "diteruskan kepada penyelia" in said
        assert "dipegang Sari" in await bench.writes(f"/ambil {number}")

    (kept,) = await bench.db.read(parked.waiting)
    assert kept.channel == "staff" and f"/ambil {number}".encode() in kept.raw
    assert kept.reason.startswith("ZeroDivisionError")


@pytest.mark.parametrize(
    "update",
    [
        {"update_id": 5, "message": {"message_id": 1}},
        {"update_id": 5, "message": "teks"},
        {"update_id": 5, "callback_query": {"id": "1", "data": "ambil:1"}},
        {"update_id": 5, "message": {"message_id": "x", "chat": {"id": "y"}, "date": "z"}},
    ],
)
async def test_an_update_that_the_library_cannot_read_is_parked(bench: Bench, update: dict[str, Any]) -> None:
    raw = json.dumps(update).encode()
    async with bench.opened(mode="webhook", secret=SECRET) as bot:
        ((_, app),) = bot.routes()
        await bot.ready()
        answer = await call(app, raw, HEAD)

    assert answer.status == 200
    (kept,) = await bench.db.read(parked.waiting)
    assert (kept.channel, kept.external_id, kept.raw) == ("staff", "5", raw)


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (command(1, "/antrean"), {}, 403),
        (command(1, "/antrean"), {"X-Telegram-Bot-Api-Secret-Token": "salah"}, 403),
        (b"{", HEAD, 400),
        (b"[]", HEAD, 400),
        (b'{"update_id": "satu"}', HEAD, 400),
        (b"[" * 10_000, HEAD, 400),
        (b" " * 1_000_001, HEAD, 413),
    ],
    ids=["unsigned", "wrongly signed", "no JSON", "no object", "no number", "deep", "large"],
)
async def test_what_telegram_cannot_have_sent_leaves_no_trace(
    bench: Bench, body: bytes, headers: dict[str, str], status: int
) -> None:
    async with bench.opened(mode="webhook", secret=SECRET) as bot:
        ((_, app),) = bot.routes()
        await bot.ready()
        answer = await call(app, body, headers)

    assert answer.status == status
    assert await bench.db.read(parked_ids) == []
    assert bench.said() == []


async def test_lone_halves_of_letters_are_answered_in_words(bench: Bench) -> None:
    async with bench.opened(mode="webhook", secret=SECRET) as bot:
        ((_, app),) = bot.routes()
        await bot.ready()
        answer = await call(app, command(1, "/ambil \ud800"), HEAD)

    assert answer.status == 200
    assert "bukan nomor tiket" in bench.said()[-1]
    assert await bench.db.read(parked_ids) == []


async def test_the_webhook_says_503_while_the_store_is_away_or_the_bot_is_not_greeted(bench: Bench) -> None:
    number = await bench.ticket()
    failing = Failing(bench.db, Unavailable("penuh"), 1)
    bench.provider.fail("500", method="getMe", times=2)
    async with bench.with_db(failing).opened(mode="webhook", secret=SECRET) as bot:
        ((_, app),) = bot.routes()
        early = await call(app, command(1, f"/ambil {number}"), HEAD)
        await bot.ready()
        full = await call(app, command(1, f"/ambil {number}"), HEAD)
        done = await call(app, command(1, f"/ambil {number}"), HEAD)

    assert (early.status, full.status, done.status) == (503, 503, 200)
    assert await holder(bench, number) is not None


async def test_a_telegram_that_is_away_keeps_nobody_from_starting(bench: Bench) -> None:
    number = await bench.ticket()
    bench.provider.outage = True
    async with bench.listening():
        bench.provider.outage = False
        assert "dipegang" in await bench.writes(f"/ambil {number}")


async def test_each_chat_keeps_its_order_and_after_a_restart_nothing_is_lost(bench: Bench) -> None:
    number = await bench.ticket()
    await bench.link(BUDI, "lestari")
    for count in range(6):
        for user in (SARI, BUDI):
            bench.phone.write(user, f"/catatan {number} {user}-{count}")
        if count == 3:
            async with bench.listening():
                await bench.provider.until(lambda: bench.said())
    async with bench.listening():
        await bench.quiet()

    notes = [m.text for m in await bench.db.read(messages.of_ticket, number) if m.direction == "note"]
    for user in (SARI, BUDI):
        assert [note for note in notes if note.startswith(str(user))] == [f"{user}-{n}" for n in range(6)]


async def test_an_offset_that_is_not_ours_or_too_old_skips_nothing(bench: Bench) -> None:
    old = {"bot": "220002", "offset": 10**12, "at": (NOW - timedelta(days=8)).isoformat()}
    await bench.db.write(inbound.remember, "staff.offset", old)
    async with bench.listening():
        assert "Antrean pukul" in await bench.writes("/antrean")


# words out


def outgoing(text: str = "Kartu", **more: Any) -> Outgoing:
    return Outgoing(**{"id": 1, "channel": "staff", "to": str(SARI), "text": text, **more})


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("429", {"retry": timedelta(seconds=3)}),
        ("403", {"blocked": True, "retry": None}),
        ("500", {"retry": timedelta(0), "unknown": False}),
        ("drop-after", {"unknown": True}),
        ("drop-before", {"unknown": True}),
    ],
)
async def test_what_telegram_refuses_is_told_to_the_outbox(
    bench: Bench, kind: str, expected: dict[str, Any]
) -> None:
    async with bench.opened() as bot:
        await bot.send(outgoing())
        bench.provider.fail(kind, method="sendMessage", seconds=3)
        with pytest.raises(SendFailed) as failure:
            await bot.send(outgoing())

    assert {name: getattr(failure.value, name) for name in expected} == expected


async def test_a_group_that_moved_is_followed_and_what_cannot_be_sent_fails_for_good(bench: Bench) -> None:
    group = bench.phone.group("Meja", kind="group")
    moved = bench.provider.migrate(group)
    async with bench.opened() as bot:
        for message, expected in (
            (outgoing(to=str(group)), ("moved_to", str(moved))),
            (outgoing(to="bukan angka"), ("retry", None)),
            (outgoing(""), ("retry", None)),
            (outgoing(files=(File(name="a.pdf"),)), ("retry", None)),
            (outgoing(to="999"), ("blocked", True)),
        ):
            with pytest.raises(SendFailed) as failure:
                await bot.send(message)
            assert getattr(failure.value, expected[0]) == expected[1]
        assert (await bot.send(outgoing(to=str(moved)))).external_id.startswith(f"{moved}:")


async def test_a_long_word_leaves_in_parts_with_its_buttons_under_the_last(bench: Bench) -> None:
    keys = ((Button(label="Ambil", data="ambil:1001"),),)
    async with bench.opened() as bot:
        receipt = await bot.send(outgoing("kata " * 1500, buttons=keys))
        edited = await bot.send(outgoing("Diambil", edits=receipt.external_id))

    first, *_, last = bench.provider.chat(SARI, TOKEN)[1:]
    assert receipt == edited and first["text"] == "Diambil"
    assert "reply_markup" in last and "reply_markup" not in first


async def test_an_officer_who_cannot_be_told_has_acted_all_the_same(bench: Bench) -> None:
    number = await bench.ticket()
    async with bench.listening():
        bench.provider.fail("403", method="sendMessage")
        assert await bench.writes(f"/ambil {number}") == ""

    assert await holder(bench, number) is not None


async def test_the_token_stands_in_no_log(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with bench.listening():
        await bench.writes("/antrean")

    said = [record.getMessage() for record in caplog.records if record.levelno >= logging.INFO]
    assert not [line for line in said if TOKEN in line]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"token": ""}, "BotFather"),
        ({"token": TOKEN, "mode": "webhook"}, "secret"),
        ({"token": TOKEN, "mode": "webhook", "secret": "pendek"}, "16 karakter"),
        ({"token": TOKEN, "mode": "webhook", "secret": "dengan spasi di dalamnya"}, "huruf, angka"),
        ({"token": TOKEN, "tokn": "x"}, "tokn"),
    ],
)
def test_a_bot_without_its_secret_refuses_to_start_in_words(values: dict[str, str], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        Settings.model_validate(values)
