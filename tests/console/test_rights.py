"""P15: who gets in where. The routes are read from the app, so that a new one without a row fails."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from httpx2 import AsyncClient
from starlette.applications import Starlette
from starlette.routing import Route

from console.app import build
from console.session import COOKIE
from desk import office_file, staff
from desk.desk import Desk
from desk.files import Files
from desk.reception import Reception
from sop import office_file as reading
from store.db import Database, View
from tests.console.conftest import HERE, SECRET, Browser, Clock, as_officer, browsing
from tests.console.houses import Thing, furnished
from tests.console.rights_forms import asked_for, form_of
from tests.console.rights_table import ACTORS, ACTS, COMMON, ROWS, STRANGE
from tests.desk.rights_scene import OFFICE
from tests.samples import NOW

ROOT = Path(__file__).parent.parent.parent
WRITTEN = (
    "ticket",
    "message",
    "attachment",
    "draft",
    "outbox",
    "reply_template",
    "seat",
    "officer",
    "vacancy",
    "form",
    "case_link",
    "parked",
    "setting",
    "ticket_category",
    "saved_view",
    "visit",
    "claim",
    "calendar",
    "one_time",
    "category",
    "unit",
    "door",
    "provider_template",
    "publication",
    "narration",
    "publication_file",
    "publication_target",
    "push",
    "target",
    "topic",
    "hold",
    "erasure",
)
HUMAS = (
    (
        "prosedur: [uc3-kantor-pusat, uc3-fakultas]",
        "  - {kode: humas-pusat, nama: Humas, jenis: kantor_pusat, kalender: kantor, prosedur: humas-telegram}\n"
        "  - {kode: humas-feb, nama: Humas FEB, jenis: fakultas, kalender: kantor, prosedur: humas-telegram}\n"
        "prosedur: [uc3-kantor-pusat, uc3-fakultas, humas-telegram]",
    ),
    (
        "{lajur: narahubung, unit: pusat}",
        "{lajur: narahubung, unit: pusat}, {lajur: petugas, unit: humas-pusat}",
    ),
    ("{lajur: narahubung, unit: feb}", "{lajur: narahubung, unit: feb}, {lajur: petugas, unit: humas-feb}"),
    ("{lajur: wk, unit: pusat}", "{lajur: wk, unit: pusat}, {lajur: wr3, unit: humas-pusat}"),
    (
        "{lajur: supervisor, unit: feb}",
        "{lajur: supervisor, unit: feb}, {lajur: supervisor, unit: humas-feb}",
    ),
)
"""The same office with the Humas chain in two units: its seats are their neighbours' who work there."""


def outcome(path: str, code: int, to: str) -> str:
    """One letter for what an actor met; "x" is a fault of ours."""
    if code == 401 or to.startswith("/login"):
        return "l"
    if to.startswith("/keputusan") and not path.startswith("/keputusan"):
        return "c"
    return {403: "n", 404: "a", 400: "r", 409: "r", 422: "r"}.get(code, "x" if code >= 500 else "i")


def requests(app: Starlette) -> dict[str, tuple[str, str, str]]:
    """ "POST /tiket/{number}/{act} tutup" -> ("POST", path, "tutup"), for all that the app answers."""
    found = {}
    for route in app.routes:
        if isinstance(route, Route) and not route.path.startswith("/static"):
            for method in sorted((route.methods or set()) - {"HEAD"}):
                for act in ACTS.get(route.path, ("",)) if method == "POST" else ("",):
                    found[f"{method} {route.path} {act}".strip()] = (method, route.path, act)
    return found


class Town:
    """The desk with two furnished units, and a browser for each actor."""

    def __init__(self, desk: Desk, app: Starlette, things: tuple[Thing, Thing, Thing]) -> None:
        self.desk = desk
        self.app = app
        self.things = things
        self.people: dict[str, AsyncClient] = {}
        self.tokens: dict[str, str] = {}

    async def ask(self, who: str, method: str, path: str, act: str, thing: Thing) -> tuple[str, str]:
        """What that actor meets there, and the page without what differs from thing to thing."""
        address, http = asked_for(path, act, thing), self.people[who]
        if path == "/live":
            code, to = await first_line(self.app, address, http.cookies.get(COOKIE) or "")
            return outcome(path, code, to), ""
        if method == "GET":
            page = await http.get(address)
        else:
            page = await http.post(address, data=form_of(path, act, thing, self.tokens.get(who, "")))
        text = re.sub(r'value="[^"]*"|\d+', "", page.text.replace(address.partition("?")[0], ""))
        return outcome(path, page.status_code, page.headers.get("location", "")), text


async def first_line(app: Starlette, address: str, cookie: str) -> tuple[int, str]:
    """Status and Location of an answer that goes on for ever; whoever asked leaves once it begins."""
    begun, found = asyncio.Event(), []
    path, _, query = address.partition("?")
    headers = [(b"host", b"desk.example"), (b"cookie", f"{COOKIE}={cookie}".encode())]
    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "scheme": "http",
        "query_string": query.encode(),
        "headers": headers,
        "server": ("desk.example", 80),
        "client": ("127.0.0.1", 1),
    }

    async def receive() -> dict[str, Any]:
        await begun.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            found.append(message)
            begun.set()

    await app(scope, receive, send)
    to = next((value.decode() for name, value in found[0]["headers"] if name == b"location"), "")
    return found[0]["status"], to


@pytest.fixture
async def town(sqlite: Database, tmp_path: Path, clock: Clock) -> AsyncIterator[Town]:
    office = OFFICE
    for words, more in HUMAS:
        assert words in office, words
        office = office.replace(words, more)
    await sqlite.write(office_file.bring_in, reading.read(office), NOW - timedelta(days=30))
    files = Files(tmp_path / "files")
    desk = Desk(
        db=sqlite,
        clock=lambda: clock.now,
        real=lambda: clock.real,
        files=files,
        reception=Reception(sqlite, files, lambda: clock.now),
        name="UC3 Universitas Contoh",
        language="id",
        zone="Asia/Jakarta",
        public_url=HERE,
        secret=SECRET,
        secure=False,
    )
    here = await furnished(desk, "pusat", "sari", "uc3-kantor-pusat")
    there = await furnished(desk, "feb", "budi", "uc3-fakultas")
    town = Town(desk, build(desk), (here, there, Thing()))
    async with AsyncExitStack() as stack:
        for who in ACTORS:
            http = await stack.enter_async_context(browsing(town.app))
            town.people[who] = http
            if who != "nobody":
                await as_officer(desk, Browser(http), who)
                cookie = http.cookies.get(COOKIE) or ""
                found = await desk.db.read(staff.session_of, cookie, clock.real, clock.now)
                assert found is not None
                town.tokens[who] = found[0].form_token
        yield town


def test_every_route_has_a_row(desk: Desk) -> None:
    assert set(requests(build(desk))) == set(ROWS)


@pytest.mark.parametrize("name", ROWS)
async def test_each_actor_gets_in_where_they_may_and_foreign_looks_like_absent(town: Town, name: str) -> None:
    method, path, act = requests(town.app)[name]
    before = await town.desk.db.read(_state)
    for who, row in zip(ACTORS, ROWS[name], strict=True):
        met = [await town.ask(who, method, path, act, thing) for thing in town.things]
        after = await town.desk.db.read(_state)

        assert "".join(letter for letter, _ in met) == row, who
        assert "i" in row or "r" in row or after == before, who
        assert method == "POST" or after == before, who
        for foreign in STRANGE.get(who, ()) if not path.startswith(COMMON) else ():
            if met[foreign][0] in "anl":
                assert met[foreign] == met[2], who
        before = after


@pytest.mark.parametrize(
    "name", [name for name in ROWS if name.startswith("POST /") and "lll" in ROWS[name][0]]
)
async def test_a_form_of_another_page_changes_nothing(town: Town, name: str) -> None:
    """Neither without the session's own token, nor from another site with it."""
    _, path, act = requests(town.app)[name]
    thing, http, token = town.things[0], town.people["lestari"], town.tokens["lestari"]
    before = await town.desk.db.read(_state)
    form = form_of(path, act, thing, token)

    forged = await http.post(asked_for(path, act, thing), data=form | {"token": "x" * 32})
    abroad = await http.post(
        asked_for(path, act, thing), data=form, headers={"origin": "https://jahat.example"}
    )
    framed = await http.post(asked_for(path, act, thing), data=form, headers={"sec-fetch-site": "cross-site"})

    for answer in (forged, abroad, framed):
        back = answer.headers.get("location") == f"/tiket/{thing.number}"  # who does not decide there
        assert back or (answer.status_code in (401, 409) and "kedaluwarsa" in answer.text), name
    assert await town.desk.db.read(_state) == before
    assert await town.desk.db.read(staff.session_of, http.cookies.get(COOKIE) or "", NOW, NOW)


async def test_the_party_prints_no_receipt_and_learns_no_mark(town: Town) -> None:
    """What opens the reporter's own page, and whether a guessed number is theirs, is for who works on the case."""
    thing = town.things[0]
    wira, token = town.people["wira"], town.tokens["wira"]
    receipt = await wira.get(f"/loket/{thing.number}/struk")
    answers = [
        await wira.post(
            f"/tiket/{thing.number}/identitas",
            data={"token": token, "klaim": mark, "sah": "1", "cara": "x", "kunci": "k"},
        )
        for mark in (thing.claim, "0" * 16)
    ]

    assert receipt.status_code == 403 and thing.token not in receipt.text
    assert (answers[0].status_code, answers[0].headers) == (answers[1].status_code, answers[1].headers)


async def test_a_stranger_puts_no_file_on_our_disk(town: Town) -> None:
    kept = [path for path in town.desk.files.root.rglob("*") if path.is_file()]
    for path, act in (("/status/", "kirim"), ("/kasus/", "bukti")):
        answer = await town.people["nobody"].post(
            f"{path}{'x' * 22}",
            data={"aksi": act, "isi": "x"},
            files={"lampiran": ("a.jpg", b"\xff\xd8\xff")},
        )
        assert answer.status_code == 404

    assert [path for path in town.desk.files.root.rglob("*") if path.is_file()] == kept


async def test_a_unit_supervisor_sees_the_failed_letters_of_their_unit(town: Town) -> None:
    here, there, _ = town.things
    page = await town.people["fitri"].get("/penyelia")

    assert f"/tiket/{there.number}" in page.text and f"/tiket/{here.number}" not in page.text
    assert f"/tiket/{here.number}" in (await town.people["lestari"].get("/penyelia")).text


async def test_a_number_that_no_store_holds_is_absent(town: Town) -> None:
    long, thing, token = "9" * 30, town.things[0], town.tokens["lestari"]
    lestari = town.people["lestari"]
    for path in (
        f"/berkas/{long}",
        f"/templat/{long}",
        f"/status/{thing.token}/berkas/{long}",
        f"/tiket/{long}",
    ):
        assert (await lestari.get(path)).status_code == 404, path
    for path in (f"/loket/telepon/{long}", f"/templat/{long}/setujui", f"/tiket/{long}/ambil"):
        answer = await lestari.post(path, data={"token": token, "aksi": "belum"})
        assert answer.status_code in (404, 409), path


def test_only_the_demo_signs_somebody_in_without_a_password() -> None:
    """`console.signin.sign_in_as` is for its wiring alone, and no command but `demo` reaches that."""
    naming = {
        str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
        for room in ("bots", "channels", "console", "desk", "sop", "store", "tanggap")
        for path in (ROOT / room).rglob("*.py")
    }
    assert {name for name, text in naming.items() if "sign_in_as" in text} == {
        "console/signin.py",
        "tanggap/demo.py",
    }
    assert {name for name, text in naming.items() if re.search(r"tanggap(\.| import )demo\b", text)} == {
        "tanggap/commands/demo.py"
    }


def _state(view: View) -> dict[str, list[dict[str, Any]]]:
    """What acts write, but the chain of events, which notes refusals too."""
    return {table: view.all(f"SELECT * FROM {table} ORDER BY 1") for table in WRITTEN}
