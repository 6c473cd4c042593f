"""What every page carries, how heavy it is, and what a fault of ours looks like."""

import re

import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from console.app import ROUTES, build
from desk.desk import Desk
from sop.errors import Unavailable
from tests.console.conftest import Browser, arrived, as_officer, browsing

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "media-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
PLAIN = ["/login", "/", "/antrean?tampilan=closed", "/cari?q=krs", "/profil", "/tiket/9999", "/nowhere"]


@pytest.mark.parametrize("path", PLAIN)
async def test_every_page_keeps_foreign_code_and_frames_out(sari: Browser, path: str) -> None:
    headers = (await sari.http.get(path)).headers

    assert headers["content-security-policy"] == POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"


async def test_the_demo_alone_may_frame_the_console(desk: Desk) -> None:
    async with browsing(build(desk, frames=True)) as http:
        policy = (await http.get("/login")).headers["content-security-policy"]

    assert (
        policy
        == POLICY.replace("'none'", "'self'")
        .replace("default-src 'self'", "default-src 'none'")
        .replace("base-uri 'self'", "base-uri 'none'")
        + "; frame-src 'self'"
    )


async def test_no_page_holds_a_script_a_style_or_a_handler_of_its_own(
    sari: Browser, lestari: Browser, desk: Desk
) -> None:
    number = await arrived(desk, "Nama saya Dewi, NIM 231040112, KRS saya terkunci")
    pages = [await sari.open(path) for path in (*PLAIN, f"/tiket/{number}", f"/tiket/{number}?templat=")]
    pages += [await lestari.open(path) for path in ("/penyelia", "/templat", "/templat/1")]

    for page in pages:
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\son[a-z]+=|\sstyle=", page.text), page.url


async def test_what_a_page_links_is_compressed_and_kept_for_ever(sari: Browser, desk: Desk) -> None:
    number = await arrived(desk)
    page = (await sari.open(f"/tiket/{number}")).text
    linked = re.findall(r'(?:src|href)="(/static/[^"]+)"', page)

    assert linked
    for path in linked:
        answer = await sari.http.get(path)
        assert "immutable" in answer.headers["cache-control"]
        assert answer.headers["content-encoding"] == "gzip", path


@pytest.mark.parametrize("form", ["urlencoded", "multipart"])
async def test_a_form_beyond_the_cap_is_refused_unread(sari: Browser, form: str) -> None:
    body = b"isi=" + b"a" * (27 * 1024 * 1024)
    kind = {
        "urlencoded": "application/x-www-form-urlencoded",
        "multipart": "multipart/form-data; boundary=x",
    }[form]

    answer = await sari.http.post("/tiket/1001", content=body, headers={"content-type": kind})

    assert answer.status_code in (400, 413)


async def test_nothing_changes_by_reading(sari: Browser, desk: Desk) -> None:
    number = await arrived(desk)
    for act in ("ambil", "tutup", "kategori", "konsep"):
        assert (await sari.http.get(f"/tiket/{number}/{act}")).status_code == 405
    assert (await sari.http.get("/keluar")).status_code == 405


async def test_a_store_that_cannot_keep_gives_the_words_back_with_the_same_key(desk: Desk) -> None:
    number = await arrived(desk)

    async def full(request: Request) -> Response:
        await request.form()
        raise Unavailable("disk full")

    async with browsing(build(desk, extra_routes=[Route("/tiket/{number}", full, methods=["POST"])])) as http:
        sari = await as_officer(desk, Browser(http), "sari")
        await sari.open(f"/tiket/{number}")
        key = sari.field("kunci", f"/tiket/{number}")
        page = await sari.press(f"/tiket/{number}", isi="Jawaban panjang", aksi="jawab")

    assert page.status_code == 503
    assert page.headers["retry-after"] == "5"
    assert sari.area("isi") == "Jawaban panjang"
    assert sari.field("kunci") == key
    assert sari.field("aksi") == "jawab"


async def test_a_fault_of_ours_shows_a_code_and_nothing_of_its_insides(desk: Desk) -> None:
    async def fault(request: Request) -> Response:
        raise RuntimeError("secret insides")

    async with browsing(build(desk, extra_routes=[Route("/fault", fault)])) as http:
        page = await http.get("/fault")

    assert page.status_code == 500
    assert "secret insides" not in page.text
    assert re.search(r"<code[^>]*>[0-9A-F]{4}-[0-9A-F]{4} · ", page.text)


async def test_a_page_speaks_the_readers_language(desk: Desk, sari: Browser) -> None:
    assert '<html lang="id">' in (await sari.open("/")).text

    await sari.press("/profil/bahasa", bahasa="en")

    assert '<html lang="en">' in (await sari.open("/")).text
    assert '<html lang="en">' in (await sari.http.get("/nowhere")).text


OPEN = {"/login", "/prosedur/skema.json"}


async def test_no_page_is_open_to_who_has_not_signed_in(visitor: Browser) -> None:
    """Every route of the console, read from the app, but the login itself and the format of procedure files."""
    for route in ROUTES:
        path = re.sub(r"\{(\w+)(:\w+)?\}", lambda found: "1001" if found[1] == "number" else "x", route.path)
        for method in sorted((route.methods or set()) - {"HEAD"}):
            if path in OPEN:
                continue
            answer = await visitor.http.request(method, path)
            gone = path.startswith("/sandi/") and answer.status_code == 409
            assert gone or answer.status_code in (303, 401, 404), (method, path, answer.status_code)
            assert answer.status_code != 303 or answer.headers["location"].startswith("/login")
