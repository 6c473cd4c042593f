"""What no log and no page repeats: a secret address, a password; and how often a password may be guessed."""

from datetime import timedelta

import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from structlog.testing import capture_logs

from console.app import build
from desk.desk import Desk
from sop.errors import Unavailable
from tests.console.conftest import Browser, Clock, browsing

TOKEN = "a-secret-that-nobody-guesses"


async def faulty(_: Request) -> Response:
    raise LookupError("a fault of ours")


async def full(_: Request) -> Response:
    raise Unavailable


@pytest.mark.parametrize("place", ["status", "kasus"])
async def test_a_fault_on_a_secret_page_leaves_its_address_in_no_log(desk: Desk, place: str) -> None:
    app = build(desk, extra_routes=[Route(f"/{place}/{{token}}", faulty)])
    with capture_logs() as lines:
        async with browsing(app) as http:
            answer = await http.get(f"/{place}/{TOKEN}")

    assert answer.status_code == 500
    assert [line["page"] for line in lines if line["event"] == "page failed"] == [place]
    assert TOKEN not in str([{**line, "exc_info": ""} for line in lines])


async def test_a_full_disk_gives_back_the_words_but_no_password(desk: Desk) -> None:
    app = build(desk, extra_routes=[Route("/profil/sandi", full, methods=["POST"])])
    async with browsing(app) as http:
        page = await http.post(
            "/profil/sandi", data={"kunci": "k-1", "sekarang": "rahasia-lama", "baru": "rahasia-baru"}
        )

    assert page.status_code == 503
    assert "k-1" in page.text and "rahasia" not in page.text


async def test_who_sits_at_an_open_page_guesses_its_password_no_faster(
    sari: Browser, desk: Desk, clock: Clock
) -> None:
    await sari.open("/profil")
    form = {"sekarang": "bukan-ini", "baru": "sandi-yang-baru"}
    for _ in range(3):
        assert "tidak cocok" in (await sari.press("/profil/sandi", **form)).text

    assert "Terlalu banyak percobaan" in (await sari.press("/profil/sandi", **form)).text
    clock.real += timedelta(minutes=5)
    assert "tidak cocok" in (await sari.press("/profil/sandi", **form)).text
