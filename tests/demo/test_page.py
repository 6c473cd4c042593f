"""The demo's page over HTTP: what a thumb does reaches the simulators, and only from a page of ours."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import pytest
from starlette.requests import Request

from demo import page
from demo.mailbox import Mailbox
from demo.stage import Officer, Reporter, Stage
from demo.telegram import Telegram
from demo.twilio import Twilio
from tests.demo.conftest import Clock
from tests.peers import serve

DEWI = Reporter("Dewi", 7001, "whatsapp:+6281200004471", "dewi@mhs.contoh.ac.id")
SARI = Officer("sari", "Sari", "Narahubung", 8001, "Petugas", "/")
WULAN = Officer("wulan", "Wulan", "Wakil Koordinator", 8003, "Atasan", "/keputusan")
TOKEN = "token-formulir"


@dataclass
class Visited:
    stage: Stage
    http: httpx2.AsyncClient
    moves: list[str] = field(default_factory=list)
    signed_in: list[str] = field(default_factory=list)

    async def do(self, act: str, **words: str) -> httpx2.Response:
        return await self.http.post(f"/peragaan/laku/{act}", data={"token": TOKEN, **words})

    async def chat(self) -> list[dict[str, object]]:
        return self.stage.telegram.chat(DEWI.telegram, self.stage.public_bot)


@pytest.fixture
async def visited(tmp_path: Path, clock: Clock) -> AsyncIterator[Visited]:
    async with (
        Telegram(tmp_path, clock) as telegram,
        Twilio(tmp_path, clock) as twilio,
        Mailbox(tmp_path, clock) as mailbox,
    ):
        stage = Stage(
            telegram,
            twilio,
            mailbox,
            "1101:publik",
            "1102:petugas",
            "Universitas Contoh",
            DEWI,
            (SARI, WULAN),
            clock,
        )
        stage.set_up()
        done = Visited(stage, httpx2.AsyncClient(trust_env=False))
        ready = asyncio.Event()
        ready.set()

        async def move(name: str) -> None:
            done.moves.append(name)

        async def sign_in(request: Request, login: str) -> page.Signed:
            done.signed_in.append(login)
            return page.Signed(login or SARI.login, ("tanggap=kue; Path=/",))

        sheets = {"tokens.css": "/static/t.css", "app.css": "/static/a.css"}
        app, live = page.build(stage, page.Wiring(move, sign_in, sheets, TOKEN), ready)
        async with live, serve(app) as url, httpx2.AsyncClient(trust_env=False, base_url=url) as http:
            done.http = http
            yield done


async def test_the_page_signs_its_visitor_in_and_lets_no_foreign_code_run(visited: Visited) -> None:
    answer = await visited.http.get("/peragaan")

    assert answer.status_code == 200
    assert answer.headers["set-cookie"].startswith("tanggap=kue")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert re.search(r"\son\w+=|style=|<script>", answer.text) is None


async def test_what_is_typed_on_each_tab_reaches_its_provider(visited: Visited) -> None:
    await visited.do("telegram", teks="Halo dari Telegram")
    await visited.do("whatsapp", teks="Halo dari WhatsApp")
    await visited.do("surel", perihal="Transkrip", teks="Halo dari surel")

    [said] = await visited.chat()
    [letter] = visited.stage.mailbox.sent(DEWI.mail)
    assert said["text"] == "Halo dari Telegram"
    assert visited.stage.twilio.chat(DEWI.whatsapp)[0]["body"] == "Halo dari WhatsApp"
    assert (letter.subject, letter.text.strip()) == ("Transkrip", "Halo dari surel")


@pytest.mark.parametrize(("kind", "field"), [("foto", "photo"), ("suara", "voice"), ("lokasi", "location")])
async def test_a_photo_a_voice_and_a_place_are_sent_by_a_button(
    visited: Visited, kind: str, field: str
) -> None:
    await visited.do("telegram", kirim=kind)

    [said] = await visited.chat()
    assert field in said


async def test_an_album_is_three_photos_of_one_group(visited: Visited) -> None:
    await visited.do("telegram", kirim="album", teks="Tiga foto")

    said = await visited.chat()
    assert len(said) == 3
    assert len({message["media_group_id"] for message in said}) == 1


async def test_a_file_of_the_visitors_own_is_shown_on_the_phone_and_never_as_a_page(visited: Visited) -> None:
    evil = b"<script>alert(1)</script>"
    await visited.http.post(
        "/peragaan/laku/telegram",
        data={"token": TOKEN, "kirim": "berkas"},
        files={"berkas": ("catatan.html", evil, "text/html")},
    )

    [said] = await visited.chat()
    document = said["document"]
    assert isinstance(document, dict)
    file = await visited.http.get(f"/peragaan/berkas/telegram/{document['file_id']}")
    assert file.content == evil
    assert file.headers["content-type"] == "application/octet-stream"
    assert file.headers["content-disposition"] == "attachment"


async def test_a_button_of_the_bot_is_pressed_on_the_phone(visited: Visited) -> None:
    stage = visited.stage
    phone = stage.telegram.phone(stage.public_bot)
    phone.write(DEWI.telegram, "Halo")
    world = stage.telegram.world
    markup = {"inline_keyboard": [[{"text": "Ya, buka lagi", "callback_data": "ya"}]]}
    place = world.find_chat(stage.public_bot, DEWI.telegram)
    bot = {"id": 1101, "is_bot": True, "first_name": "Layanan"}
    sent = world.add_message(
        world.room(stage.public_bot, DEWI.telegram), place, bot, text="Buka lagi?", reply_markup=markup
    )

    shown = await visited.http.get("/peragaan")
    answer = await visited.do("tekan", pesan=str(sent["message_id"]), tombol="ya")

    assert "Ya, buka lagi" in shown.text
    assert answer.status_code == 303
    assert [update for update in world.waiting(stage.public_bot) if "callback_query" in update] != []


async def test_a_form_from_elsewhere_is_refused_and_does_nothing(visited: Visited) -> None:
    foreign = await visited.http.post(
        "/peragaan/laku/telegram",
        data={"token": TOKEN, "teks": "Palsu"},
        headers={"sec-fetch-site": "cross-site"},
    )
    wrong = await visited.http.post("/peragaan/laku/telegram", data={"token": "lain", "teks": "Palsu"})

    assert (foreign.status_code, wrong.status_code) == (403, 403)
    assert await visited.chat() == []


@pytest.mark.parametrize(
    ("act", "words"),
    [
        ("tekan", {"pesan": "bukan", "tombol": "x"}),
        ("skenario", {"adegan": "tidak-ada"}),
        ("gangguan", {"gangguan": "gempa"}),
    ],
)
async def test_what_cannot_be_done_is_said_on_a_page(
    visited: Visited, act: str, words: dict[str, str]
) -> None:
    answer = await visited.do(act, **words)

    assert answer.status_code == 400
    assert "Belum dapat dilakukan" in answer.text


async def test_the_clock_moves_only_by_the_steps_it_has(visited: Visited) -> None:
    moved = await visited.http.post("/peragaan/jam", data={"token": TOKEN, "maju": "1hk"})
    unknown = await visited.http.post("/peragaan/jam", data={"token": TOKEN, "maju": "-1j"})

    assert (moved.status_code, unknown.status_code) == (303, 404)
    assert visited.moves == ["1hk"]


@pytest.mark.parametrize(
    ("side", "there"), [("konsol", "/keputusan"), ("bot", "/peragaan/petugas?siapa=wulan")]
)
async def test_the_frame_goes_on_as_another_officer_by_a_form(
    visited: Visited, side: str, there: str
) -> None:
    chosen = {"token": TOKEN, "sebagai": "wulan", "ke": side}
    answer = await visited.http.post("/peragaan/masuk", data=chosen)
    nobody = await visited.http.post("/peragaan/masuk", data=chosen | {"sebagai": "tamu"})

    assert (answer.status_code, answer.headers["location"]) == (303, there)
    assert nobody.status_code == 400
    assert visited.signed_in == ["wulan"]


async def test_each_officer_has_a_staff_phone_of_their_own(visited: Visited) -> None:
    answer = await visited.do("petugas", petugas="wulan", teks="/antrean")

    shown = await visited.http.get(answer.headers["location"])
    others = await visited.http.get("/peragaan/petugas?siapa=sari")
    assert "Telepon Wulan, Wakil Koordinator" in shown.text
    assert '<div class="b me"' in shown.text
    assert '<div class="b me"' not in others.text
    stage = visited.stage
    assert [said["text"] for said in stage.telegram.chat(WULAN.telegram, stage.staff_bot)] == ["/antrean"]
    assert stage.telegram.chat(SARI.telegram, stage.staff_bot) == []


async def test_a_provider_is_cut_off_and_brought_back(visited: Visited) -> None:
    await visited.do("gangguan", gangguan="tg")
    assert visited.stage.telegram.outage
    assert "Telegram padam" in (await visited.http.get("/peragaan")).text

    await visited.do("gangguan", gangguan="tg")
    assert not visited.stage.telegram.outage


async def test_open_pages_hear_of_what_the_phones_get(visited: Visited) -> None:
    async with visited.http.stream("GET", "/peragaan/kabar") as stream:
        lines = stream.aiter_lines()
        assert 'data-live="tg"' in await until(lines, 'data-live="tg"')
        await visited.do("telegram", teks="Kabar baru")
        assert "Kabar baru" in await until(lines, "Kabar baru")


async def until(lines: AsyncIterator[str], words: str) -> str:
    async with asyncio.timeout(20):
        async for line in lines:
            if words in line:
                return line
    raise AssertionError(f"the stream ended before {words!r}")
