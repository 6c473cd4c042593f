"""A lane's press and a letter in chat are on disk before they are acknowledged, and done once (P1, P2, P12, P14)."""

import asyncio
import json
from typing import Any

import pytest

from desk import publication_talk
from sop.errors import Unavailable
from store import memory, parked, publications, pushes
from tests.bots.humas_bench import LETTER, PDF, PHONES, START, TOKEN, HumasBench, to_the_push
from tests.bots.test_durability import Failing
from tests.channels.asgi import call
from tests.flows.publishing import Chain
from tests.offices import wib
from tests.samples import officer

SECRET = "rahasia_webhook_yang_panjang"
HEAD = {"X-Telegram-Bot-Api-Secret-Token": SECRET}


def pressed(number: int, login: str, data: str) -> bytes:
    """The webhook's update of a pressed button."""
    person = {"id": PHONES[login], "is_bot": False, "first_name": login}
    chat = {"id": PHONES[login], "type": "private", "first_name": login}
    card = {"message_id": 1, "date": 1772416800, "chat": chat, "text": "Kartu"}
    query = {"id": str(number), "from": person, "chat_instance": "1", "data": data, "message": card}
    return json.dumps({"update_id": number, "callback_query": query}).encode()


@pytest.mark.parametrize("after", [False, True], ids=["before it was kept", "when it was kept already"])
async def test_a_decision_that_met_a_store_away_is_fetched_again_and_counts_once(
    humas_on_both: HumasBench, after: bool
) -> None:
    await Chain(humas_on_both.db).ask(START, login="petugas")
    failing = Failing(humas_on_both.db, Unavailable("penuh"), 2, after=after)
    async with humas_on_both.with_db(failing).listening():
        await humas_on_both.forges("wr3", "alasan:101:1:disposisi:0")

    assert failing.times == 0
    assert [each.decision for each in await humas_on_both.history()] == ["disposisi"]
    assert await humas_on_both.db.read(parked.waiting) == []


async def test_the_same_press_many_times_is_one_decision(humas_on_both: HumasBench) -> None:
    humas = humas_on_both
    await Chain(humas.db).ask(START, login="petugas")
    async with humas.opened(mode="webhook", secret=SECRET) as bot:
        ((path, app),) = bot.routes()
        await bot.ready()
        update = pressed(7, "wr3", "alasan:101:1:disposisi:1")
        answers = await asyncio.gather(*(call(app, update, HEAD) for _ in range(4)))
        unsigned = await call(app, update, {})

    assert path == "/hooks/humas"
    assert ({each.status for each in answers}, unsigned.status) == ({200}, 403)
    assert [each.decision for each in await humas.history()] == ["disposisi"]


async def test_sebar_pressed_before_a_crash_leaves_once_and_is_followed(humas: HumasBench) -> None:
    """The act was kept, the offset was not: the update comes again after the start."""
    await to_the_push(humas)
    failing = Failing(humas.db, Unavailable("putus"), 1, after=True)
    async with humas.with_db(failing).listening():
        await humas.writes("petugas", "/lihat 101")
        await humas.presses("petugas", "Sebar sekarang")
    async with humas.listening() as bot:
        await humas.cards(bot)
        await bot.progress.once()

    assert humas.public.went == ["-1001"]
    assert len(await humas.db.read(pushes.of_publication, 101)) == 1
    assert any("Selesai disebar: 1 dari 1" in words for words in humas.said("petugas"))


async def test_an_answer_that_comes_twice_answers_one_question(humas: HumasBench) -> None:
    async with humas.listening():
        await humas.writes("lestari", "/mohon")
    failing = Failing(humas.db, Unavailable("putus"), 1, after=True)
    async with humas.with_db(failing).listening():
        await humas.writes("lestari", "Libur bersama")

    lestari = await officer(humas.db, "lestari", wib(START))
    talked = await humas.db.read(publication_talk.talked, lestari)
    assert talked.draft and dict(talked.draft.known) == {"subject": "Libur bersama"}


async def test_a_request_sent_before_a_crash_is_one_publication(humas: HumasBench) -> None:
    async with humas.listening():
        await humas.sends("lestari", PDF, "surat.pdf", "application/pdf", LETTER)
        await humas.presses("lestari", "Biasa")
        await humas.presses("lestari", "Lewati")
        await humas.presses("lestari", "Lewati")
    failing = Failing(humas.db, Unavailable("putus"), 1, after=True)
    async with humas.with_db(failing).listening():
        said = await humas.presses("lestari", "Kirim permohonan")

    assert "P-0101" in said
    assert await humas.db.read(publications.find, 102) is None


async def test_a_letter_waits_with_telegram_while_its_file_cannot_be_fetched(humas: HumasBench) -> None:
    humas.provider.fail("500", method="getFile", times=2)
    async with humas.listening():
        said = await humas.sends("lestari", PDF, "surat.pdf", "application/pdf", LETTER)

    assert "Surat: 1 berkas" in said
    assert await humas.db.read(parked.waiting) == []


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [(b"MZ\x90\x00 program", "surat.pdf", "application/pdf"), (b"<html>surat</html>", "s.html", "text/html")],
)
async def test_what_is_no_letter_is_refused_in_words_and_leaves_no_draft(
    humas: HumasBench, content: bytes, name: str, kind: str
) -> None:
    async with humas.listening():
        assert "Kirim sebagai PDF atau foto" in await humas.sends("lestari", content, name, kind)

    lestari = await officer(humas.db, "lestari", wib(START))
    assert (await humas.db.read(publication_talk.talked, lestari)).draft is None
    assert list(humas.desk.files.root.rglob("*/*")) == []


async def test_what_meets_a_fault_of_ours_is_parked_raw_and_the_rest_flows(humas: HumasBench) -> None:
    await Chain(humas.db).ask(START, login="petugas")
    away = humas.with_db(Failing(humas.db, ZeroDivisionError("kita"), 1))
    async with away.listening():
        said = await humas.forges("wr3", "alasan:101:1:disposisi:0")
        assert "Terjadi kesalahan pada kami" in said
        await humas.forges("wr3", "alasan:101:1:disposisi:0")

    (kept,) = await humas.db.read(parked.waiting)
    assert kept.channel == "humas" and kept.reason.startswith("ZeroDivisionError")
    assert [each.decision for each in await humas.history()] == ["disposisi"]


@pytest.mark.parametrize(
    "data",
    [
        "",
        "x",
        "pub",
        "pub:::",
        "pub:101:9:disposisi",
        "pub:101:1:entah",
        "sas:101:x:1",
        "cek:101:1:entah:1",
        "alasan:1",
        "sas:101:99:1",
        "sas:101:99999999999999999999:1",
        "pub:101:99999999999999999999:disposisi",
        "mulai:101:x",
        "pada:101:1:99999999999999999999",
        "tugas:101:77",
        "mohon-isi:entah:1",
        "mohon-lewati:text",
    ],
)
async def test_a_button_nobody_offered_changes_nothing_and_parks_nothing(
    humas: HumasBench, data: str
) -> None:
    await Chain(humas.db).ask(START, login="petugas")
    async with humas.opened(mode="webhook", secret=SECRET) as bot:
        ((_, app),) = bot.routes()
        await bot.ready()
        answer = await call(app, pressed(9, "wr3", data), HEAD)

    assert answer.status == 200
    assert await humas.db.read(parked.waiting) == []
    assert await humas.history() == []


async def test_the_offset_is_remembered_only_after_the_act(humas: HumasBench) -> None:
    await Chain(humas.db).ask(START, login="petugas")
    failing = Failing(humas.db, Unavailable("penuh"), 10_000)
    humas.phone.forge(PHONES["wr3"], "alasan:101:1:disposisi:0")
    async with humas.with_db(failing).listening():
        await humas.provider.until(lambda: asked(humas) >= 2)
        assert humas.provider.world.waiting(TOKEN)
        assert await humas.db.read(memory.get, "humas.offset") == {}
        failing.times = 0
        await humas.quiet()

    assert [each.decision for each in await humas.history()] == ["disposisi"]


def asked(humas: HumasBench) -> int:
    return sum(each.method == "getUpdates" for each in humas.provider.calls)


async def test_an_officer_who_blocks_the_humas_bot_is_told_by_the_other_until_they_come_back(
    humas: HumasBench,
) -> None:
    async with humas.listening():
        humas.phone.block(PHONES["wr3"])
        await humas.quiet()
        await Chain(humas.db).ask(START, login="petugas")
        before: Any = await humas.db.read(waits)
        humas.phone.unblock(PHONES["wr3"])
        await humas.quiet()

    assert before == []


def waits(view: Any) -> list[str]:
    rows = view.all("SELECT recipient FROM outbox WHERE channel = 'humas' AND kind = 'decision'")
    return [row["recipient"] for row in rows]
