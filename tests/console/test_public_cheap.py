"""What comes to the public pages is looked at cheaply before it is read; who guesses is slowed."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from httpx2 import ASGITransport, AsyncClient

from console.app import build
from console.uploads import SMALL
from desk.desk import Desk
from desk.form import MOST, WORDS
from desk.reporter import GUESSES, SLOT
from store import memory
from store.db import Change
from tests.console.conftest import Browser, Clock, browsing
from tests.console.test_public_form import send, ticket_of

WHOLE = {"isi": "AC mati", "idn": "umum", "nama": "Putri", "surel": "putri@contoh.ac.id", "setuju": "ya"}


class Stream:
    """A long form that counts how much of it was asked for."""

    def __init__(self) -> None:
        self.asked = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        head = b'--b\r\nContent-Disposition: form-data; name="lampiran"; filename="x.bin"\r\n\r\n'
        for piece in (head, *(b"x" * 65_536 for _ in range(400)), b"\r\n--b--\r\n"):
            self.asked += len(piece)
            yield piece


FORM = {"content-type": "multipart/form-data; boundary=b"}


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/lapor", 409),
        ("/lapor?f=1.abc", 409),
        ("/lapor?f=99999999999999999999.abc", 409),
        ("/loket", 401),
        ("/tiket/1001", 401),
        ("/status", 413),
        ("/status/xxxxxxxxxxxx", 404),
        ("/kasus/xxxxxxxxxxxx", 404),
        ("/login", 413),
        ("/login/kode", 413),
        ("/sandi/xxxxxxxxxxxx", 409),
        ("/langganan", 413),
        ("/langganan/xxxxxxxxxxxx", 413),
        ("/berhenti/xxxxxxxxxxxx", 404),
    ],
)
async def test_a_long_form_of_a_stranger_is_not_read(
    visitor: Browser, desk: Desk, path: str, status: int
) -> None:
    stream = Stream()

    answer = await visitor.http.post(path, content=stream, headers=FORM)

    assert answer.status_code == status
    assert stream.asked <= SMALL


async def test_who_opened_the_form_may_send_a_long_one_for_a_day(
    visitor: Browser, desk: Desk, clock: Clock
) -> None:
    page = await visitor.open("/lapor")
    action = page.text.partition('method="post" action="')[2].partition('"')[0]
    form = WHOLE | {"kunci": "j" * 20}
    files = {"lampiran": ("foto.jpg", b"\xff\xd8\xff" + b"x" * SMALL, "image/jpeg")}

    sent = await visitor.http.post(action, data=form, files=files)
    assert sent.status_code == 303

    clock.pass_by(timedelta(hours=26))
    late = await visitor.http.post(action, data=form | {"kunci": "k" * 20}, files=files)
    assert late.status_code == 409


async def test_who_guesses_links_is_slowed_and_the_next_ten_minutes_are_new(
    visitor: Browser, desk: Desk, clock: Clock
) -> None:
    ticket = await ticket_of(desk, await send(visitor))
    for n in range(GUESSES):
        wrong = await visitor.http.post("/status", data={"tautan": f"salah-{n}-salah"})
        assert wrong.status_code == 404

    slowed = await visitor.http.post("/status", data={"tautan": ticket.token})
    assert slowed.status_code == 429 and "sepuluh menit" in slowed.text

    clock.pass_by(timedelta(seconds=SLOT))
    assert (await visitor.http.post("/status", data={"tautan": ticket.token})).status_code == 303


@pytest.mark.parametrize(
    ("first", "second", "status"),
    [
        ("2001:db8:0:1200::1", "2001:db8:0:12ff::2", 429),
        ("2001:db8::1", "2001:db8:1::1", 404),
        ("192.0.2.1", "192.0.2.2", 404),
    ],
)
async def test_a_house_of_ipv6_is_counted_as_one(desk: Desk, first: str, second: str, status: int) -> None:
    async def guess(address: str) -> int:
        way = ASGITransport(app=app, client=(address, 1))
        async with AsyncClient(transport=way, base_url="http://desk.example") as http:
            return (await http.post("/status", data={"tautan": "salah-salah-salah"})).status_code

    app = build(desk)
    for _ in range(GUESSES):
        assert await guess(first) == 404

    assert await guess(second) == status


async def test_words_on_a_report_are_slowed_too_and_kept(visitor: Browser, desk: Desk, clock: Clock) -> None:
    """Whoever reports once has an address to which they could send files for ever."""
    ticket = await ticket_of(desk, await send(visitor))
    address, words = f"/status/{ticket.token}", {"aksi": "kirim", "isi": "Masih mati"}
    for n in range(WORDS):
        assert (await visitor.http.post(address, data=words | {"kunci": f"words-{n:020}"})).status_code == 303

    page = await visitor.http.post(address, data=words | {"isi": "Satu lagi", "kunci": "words-last-of-all"})
    assert page.status_code == 429 and "Satu lagi</textarea>" in page.text
    stream = Stream()
    assert (await visitor.http.post(address, content=stream, headers=FORM)).status_code == 409
    assert stream.asked <= SMALL
    assert (await send(visitor, kunci="n" * 20)).status_code == 303

    clock.pass_by(timedelta(seconds=SLOT))
    assert (await visitor.http.post(address, data=words | {"kunci": "words-later-on"})).status_code == 303


async def test_looking_for_links_takes_no_reports_away(visitor: Browser, desk: Desk) -> None:
    assert GUESSES >= MOST
    for n in range(GUESSES):
        await visitor.http.post("/status", data={"tautan": f"salah-{n}-salah"})

    assert (await send(visitor)).status_code == 303


def remembered(change: Change) -> None:
    memory.save(change, "telegram.me", {"username": "uc3_bot"})
    memory.save(change, "whatsapp.me", {"number": "+628110001"})
    memory.save(change, "mail.me", {"address": "care@contoh.ac.id"})


@pytest.mark.parametrize("path", ["/lapor", "/lapor/feb"])
async def test_the_form_tells_of_the_hours_and_only_of_channels_that_are_there(
    visitor: Browser, desk: Desk, path: str
) -> None:
    await desk.db.write(remembered)

    page = (await visitor.open(path)).text

    assert "Senin–Kamis 08.00–12.00, 13.00–16.00; Jumat 08.00–11.30, 13.00–16.30. Sekarang buka." in page
    assert "t.me" not in page and "mailto" not in page


async def test_channels_that_are_configured_are_named_with_their_address(desk: Desk) -> None:
    await desk.db.write(remembered)

    async with browsing(build(replace(desk, channels=("web", "telegram", "whatsapp", "mail")))) as http:
        page = (await http.get("/lapor")).text

    for address in ("https://t.me/uc3_bot", "https://wa.me/628110001", "mailto:care@contoh.ac.id"):
        assert f'href="{address}"' in page
