"""P15 for the public routes: each stands in a table, so that a new one without a row fails."""

import re

import pytest
from starlette.routing import Route

from console.public import routes
from desk.desk import Desk
from tests.console.conftest import Browser
from tests.console.test_public_form import send, ticket_of
from tests.console.test_public_status import delivered

OPEN, ABSENT, LOGIN = 200, 404, 303
EXPECTED = {  # path -> what a visitor gets who knows no secret: (GET, POST), 405 where there is no such act
    "/lapor": (OPEN, 422),
    "/lapor/{unit}": (ABSENT, ABSENT),
    "/lapor/{unit}/{category}": (ABSENT, ABSENT),
    "/status": (OPEN, ABSENT),
    "/privasi": (OPEN, 405),
    "/status/{token}": (ABSENT, ABSENT),
    "/status/{token}/berkas/{number:int}": (ABSENT, 405),
    "/kasus/{token}": (ABSENT, ABSENT),
    "/kasus/{token}/lampiran/{number:int}": (ABSENT, 405),
    "/berhenti/{token}": (ABSENT, ABSENT),
    "/langganan": (OPEN, ABSENT),
    "/langganan/{token}": (ABSENT, ABSENT),
    "/loket": (LOGIN, 401),
    "/loket/{number}/struk": (LOGIN, 405),
    "/loket/telepon/{number:int}": (405, 401),
    "/tiket/{number}/formulir": (LOGIN, 401),
    "/tiket/{number}/formulir/cetak": (LOGIN, 405),
    "/tiket/{number}/tautan": (405, 401),
    "/tiket/{number}/tautan/cabut": (405, 401),
}
SECRETS = {"unit": "tidakada", "category": "tidakada", "token": "x" * 22, "number:int": "1", "number": "1001"}


def address(path: str) -> str:
    return re.sub(r"{([a-z:]+)}", lambda hole: SECRETS[hole[1]], path)


def test_every_public_route_has_a_row() -> None:
    assert {each.path for each in routes() if isinstance(each, Route)} == set(EXPECTED)


@pytest.mark.parametrize("path", EXPECTED)
async def test_who_knows_no_secret_gets_in_nowhere(visitor: Browser, desk: Desk, path: str) -> None:
    await send(visitor)
    got = await visitor.http.get(address(path))
    sent = await visitor.http.post(
        address(path),
        data={"aksi": "cabut", "yakin": "ya", "isi": "x", "keputusan": "tolak", "tautan": "1001"},
    )

    assert (got.status_code, sent.status_code) == EXPECTED[path]


@pytest.mark.parametrize("path", [path for path in EXPECTED if path.startswith(("/status/", "/kasus/"))])
async def test_an_officer_gets_in_by_no_other_door(sari: Browser, path: str) -> None:
    """Rights do not open what a secret opens."""
    await send(sari)

    assert (await sari.http.get(address(path))).status_code == ABSENT


async def test_no_public_page_holds_code_of_its_own_or_may_be_framed(visitor: Browser, desk: Desk) -> None:
    ticket = await ticket_of(desk, await send(visitor))
    await delivered(desk)
    for path in ("/lapor", "/lapor/feb", "/status", "/privasi", f"/status/{ticket.token}", "/kasus/x"):
        page = await visitor.http.get(path)
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\son[a-z]+=|\sstyle=", page.text), path
        assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
        assert (
            page.headers["referrer-policy"] == "no-referrer" and page.headers["cache-control"] == "no-store"
        )
        assert page.text.count("<h1") == 1 and "set-cookie" not in page.headers
