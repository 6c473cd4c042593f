"""/hak says what is so: each of its rows against the table by which the whole app is tested, and no route without a row."""

import pytest

from console.matrix import COLUMNS, GROUPS, HOLDER, capability_of
from tests.console.conftest import Browser
from tests.console.rights_table import ACTORS, ROWS

WHO = {"agent": "sari", "supervisor": "lestari", "auditor": "dian", "sysadmin": "yusuf", HOLDER: "wira"}
LED_AWAY = {
    "POST /keputusan/{number}",
    "POST /keputusan/{number}/bukti",
}  # who does not decide there lands on the ticket
NOTHING_THERE = {
    "POST /kategori/{number:int}/{act} pisah",  # no merge to undo
    "POST /tiket/{number}/tarik-kembali",  # no answer that waits
    "POST /tiket/{number}/batal-tunggu",
    "GET /publikasi/{number}/arsip.zip",  # nothing is archived
    "POST /langganan",  # no mail leaves that town
    "GET /langganan/{token}",
    "POST /langganan/{token}",
    "GET /login/sso",  # no identity provider in that town
    "GET /login/sso/kembali",
}
BY_LANE = (
    "POST /keputusan/",
    "POST /tiket/{number}/{act} putuskan",
    "GET /keputusan/{number}/berkas/",
    "GET /publikasi/",
    "POST /publikasi/",
    "GET /humas/sasaran",
    "POST /humas/sasaran",
    "POST /humas/topik",
)
"""Whoever sits in the lane that has the case decides, an agent or a supervisor too."""


@pytest.mark.parametrize("name", ROWS)
def test_the_page_says_of_each_route_what_the_app_does(name: str) -> None:
    row = capability_of(name)
    assert row is not None, "a new route needs a row in console/matrix.py"
    for role, login in WHO.items():
        met = ROWS[name][ACTORS.index(login)][0]
        if row.may(role) and name not in NOTHING_THERE:
            assert met in "irl" if "/login" in name or name == "POST /keluar" else met in "ir", role
        elif not row.may(role) and name not in LED_AWAY and not name.startswith(BY_LANE):
            assert met != "i", role


def test_no_row_speaks_of_what_there_is_not() -> None:
    spoken = {row.words for group in GROUPS for row in group.rows}
    assert spoken == {row.words for name in ROWS if (row := capability_of(name))}


async def test_anyone_signed_in_reads_it_and_nobody_else(sari: Browser, visitor: Browser) -> None:
    page = await sari.open("/hak")

    assert page.status_code == 200
    assert all(name in page.text for name in COLUMNS.values())
    visitor.http.cookies.clear()
    assert (await visitor.http.get("/hak")).status_code == 303
