"""The intake talk through the real channels: what a person types and presses on the phone, and what the phone then shows."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

import pytest

from channels import telegram, whatsapp
from channels.webhook import Receive, Routes, Scope, Send
from demo.telegram import Telegram as BotApi
from demo.twilio import Twilio
from desk import office_file
from desk.delivery import Delivery, Sender
from desk.files import Files
from desk.reception import Reception
from sop import office_file as reading
from store import tickets, visits
from store.db import Database, View, open_database
from tests.channels.telegram_peer import SARI, TOKEN, listening
from tests.channels.whatsapp_peer import FROM, KEY, PUBLIC, SID
from tests.channels.whatsapp_peer import SARI as SARI_BY_PHONE
from tests.clock import Clock
from tests.peers import free_port, serve
from tests.samples import NOW
from tests.sop.dialog_stage import after

OFFICE = """
kantor: UPIK Kota Contoh
masuk: {lainnya: pusat}
kalender:
  - {code: kantor, name: Jam kantor, zone: Asia/Jakarta, week: {senin-jumat: 08.00-16.00}}
unit:
  - {kode: pusat, nama: Admin Pusat, kalender: kantor, prosedur: uc3-kantor-pusat}
  - {kode: dpu, nama: Dinas Pekerjaan Umum, kalender: kantor, prosedur: jss-upik}
prosedur: [uc3-kantor-pusat, jss-upik]
kategori:
  - {kode: lampu, nama: Lampu jalan, kata: [lampu], unit: dpu, prosedur: jss-upik, foto: ya, lokasi: ya}
  - {kode: akun, nama: Akun JSS, kata: [sandi], unit: pusat, identitas: stated}
"""


class Phone(Protocol):
    """One person's phone: each act is brought to the desk and taken in; `shown` is what the desk said since the last look."""

    async def writes(self, text: str) -> None: ...
    async def presses(self, label: str) -> None: ...
    async def sends_photo(self) -> None: ...
    async def sends_place(self) -> None: ...
    async def shown(self) -> list[str]: ...


@dataclass
class Desk:
    db: Database
    clock: Clock
    reception: Reception
    files: Path

    async def deliver(self, name: str, sender: Sender) -> None:
        await Delivery(self.db, self.clock, jitter=lambda: 0.0).drain({name: sender})

    async def taken(self, name: str, count: int) -> None:
        """Once so many messages of the channel were taken in."""
        with self.db.bell.ear() as ear:
            while await self.db.read(_seen, name) < count:
                await ear.wait(0.2)


def _seen(view: View, name: str) -> int:
    return int((view.one("SELECT count(*) AS n FROM seen WHERE source = :name", name=name) or {})["n"])


@asynccontextmanager
async def desk_at(url: str, folder: Path) -> AsyncIterator[Desk]:
    clock = Clock()
    async with open_database(url) as db:
        await db.write(office_file.bring_in, reading.read(OFFICE), NOW - timedelta(days=30))
        files = folder / "files"
        yield Desk(db, clock, Reception(db, Files(files), clock), files)


class TelegramPhone:
    """Buttons are pressed under the last message that has them."""

    def __init__(self, desk: Desk, api: BotApi, channel: telegram.Telegram) -> None:
        self.desk, self.api, self.channel = desk, api, channel
        self.phone = api.phone(TOKEN)
        self._acts = self._seen = 0

    async def writes(self, text: str) -> None:
        self.phone.write(SARI, text)
        await self._brought()

    async def presses(self, label: str) -> None:
        card = [each for each in self.api.chat(SARI, TOKEN) if "reply_markup" in each][-1]
        keys = [key["text"] for row in card["reply_markup"]["inline_keyboard"] for key in row]
        self.phone.press(SARI, card["message_id"], next(key for key in keys if key.startswith(label)))
        await self._brought()

    async def sends_photo(self) -> None:
        self.phone.photo(SARI, b"\xff\xd8\xff\xe0 foto")
        await self._brought()

    async def sends_place(self) -> None:
        self.phone.location(SARI, -7.7956, 110.3695)
        await self._brought()

    async def shown(self) -> list[str]:
        await self.desk.deliver("telegram", self.channel)
        said = self.api.sent(SARI, TOKEN)
        new, self._seen = said[self._seen :], len(said)
        return new

    async def _brought(self) -> None:
        self._acts += 1
        await self.desk.taken("telegram", self._acts)


class WhatsAppPhone:
    """WhatsApp shows numbers where others have buttons: a press is the number typed."""

    def __init__(self, desk: Desk, twilio: Twilio, channel: whatsapp.WhatsApp) -> None:
        self.desk, self.twilio, self.channel = desk, twilio, channel
        self._seen = 0

    async def writes(self, text: str) -> None:
        self.twilio.phone.write(SARI_BY_PHONE, text)
        await self.twilio.settled()

    async def presses(self, label: str) -> None:
        lines = self.twilio.sent(SARI_BY_PHONE)[-1].splitlines()
        (number,) = [line.partition(".")[0] for line in lines if line.partition(". ")[2].startswith(label)]
        await self.writes(number)

    async def sends_photo(self) -> None:
        self.twilio.phone.media(SARI_BY_PHONE, b"\xff\xd8\xff\xe0 foto", "image/jpeg")
        await self.twilio.settled()

    async def sends_place(self) -> None:
        self.twilio.phone.location(SARI_BY_PHONE, -7.7956, 110.3695)
        await self.twilio.settled()

    async def shown(self) -> list[str]:
        await self.desk.deliver("whatsapp", self.channel)
        await self.twilio.settled()
        said = self.twilio.sent(SARI_BY_PHONE)
        new, self._seen = said[self._seen :], len(said)
        return new


@asynccontextmanager
async def by_telegram(desk: Desk, folder: Path) -> AsyncIterator[Phone]:
    settings = telegram.Settings.model_validate
    async with BotApi(folder / "telegram", desk.clock, push_retry=0.01) as api, serve(api.app) as url:
        api.add_bot(TOKEN, "layanan_contoh_bot", "Layanan Contoh")
        api.phone(TOKEN).person(SARI, "Sari")
        async with (
            telegram.open_channel(
                settings({"token": TOKEN, "api": url}), desk.reception, **_around(desk)
            ) as channel,
            listening(channel),
        ):
            yield TelegramPhone(desk, api, channel)
            api.outage = True  # ends the long polls


@asynccontextmanager
async def by_whatsapp(desk: Desk, folder: Path) -> AsyncIterator[Phone]:
    port = free_port()
    async with (
        Twilio(
            folder / "twilio", desk.clock, public_url=PUBLIC, target=f"http://127.0.0.1:{port}", patience=10.0
        ) as twilio,
        serve(twilio.app) as api,
    ):
        twilio.api_url = api
        twilio.phone.person(SARI_BY_PHONE, "Sari")
        account = {"account_sid": SID, "auth_token": KEY, "from": FROM, "api": api, "content_api": api}
        async with (
            whatsapp.open_channel(
                whatsapp.Settings.model_validate(account), desk.reception, **_around(desk)
            ) as channel,
            serve(_routed(channel.routes()), port=port, lifespan="off"),
        ):
            yield WhatsAppPhone(desk, twilio, channel)


def _around(desk: Desk) -> dict[str, Any]:
    return {"clock": desk.clock, "public_url": PUBLIC, "files_root": desk.files, "secret": "s" * 32}


def _routed(routes: Routes) -> Any:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await dict(routes)[scope["path"]](scope, receive, send)

    return app


@pytest.mark.parametrize("open_phone", [by_telegram, by_whatsapp], ids=["telegram", "whatsapp"])
async def test_category_first_then_photo_and_place_as_jss_wants_it(
    open_phone: Any, sqlite_url: str, tmp_path: Path
) -> None:
    async with desk_at(sqlite_url, tmp_path) as desk, open_phone(desk, tmp_path) as phone:
        await phone.writes("/start")
        (greeting,) = await phone.shown()
        assert "UPIK Kota Contoh" in greeting and "UU 27/2022" in greeting

        desk.clock.now = after(5)
        await phone.presses("Lampu jalan")
        (chosen,) = await phone.shown()
        assert "kategori Lampu jalan" in chosen and "foto" in chosen

        desk.clock.now = after(30)
        await phone.writes("Padam sejak semalam, gelap sekali")
        (received,) = await phone.shown()
        assert "#1001" in received and "foto keadaannya dan lokasinya" in received

        desk.clock.now = after(45)
        await phone.sends_photo()
        await phone.sends_place()
        assert await phone.shown() == []
        desk.clock.now = after(90)
        (complete,) = await phone.shown()
        assert "#1001 sudah lengkap" in complete

        ticket = await desk.db.read(tickets.find, 1001)
        assert ticket and (ticket.step, ticket.lane, len(ticket.categories)) == ("verifikasi", "admin-opd", 1)
        assert await desk.db.read(visits.photos_since, 1001, NOW) == 1


@pytest.mark.parametrize("open_phone", [by_telegram, by_whatsapp], ids=["telegram", "whatsapp"])
async def test_two_reports_are_told_apart_and_stop_is_kept(
    open_phone: Any, sqlite_url: str, tmp_path: Path
) -> None:
    async with desk_at(sqlite_url, tmp_path) as desk, open_phone(desk, tmp_path) as phone:
        await phone.writes("Sandi saya lupa, NIK 3471012304050001")
        assert "#1001" in (await phone.shown())[0]
        desk.clock.now = after(120)
        await phone.writes("laporan baru\nAir di jalan meluap")
        (second,) = await phone.shown()
        assert "#1002" in second and "pilih kategorinya" in second

        desk.clock.now = after(8000)
        await phone.writes("Apakah sudah ada kabar")
        assert "yang mana" in (await phone.shown())[0]
        desk.clock.now = after(8010)
        await phone.presses("#1001")
        assert "#1001" in (await phone.shown())[0]
        first, other = await desk.db.read(tickets.find, 1001), await desk.db.read(tickets.find, 1002)
        assert first and other and (first.messages, other.messages) == (2, 1)

        desk.clock.now = after(8100)
        await phone.writes("statsu")
        (status,) = await phone.shown()
        assert status.splitlines()[0].startswith("#1002") and "#1001" in status
        await phone.writes("berhenti")
        assert "hentikan" in (await phone.shown())[0]
