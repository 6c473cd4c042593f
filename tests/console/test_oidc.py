"""Signing in by the office's identity provider: a real one on loopback, honest and otherwise."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

import pytest
from httpx2 import AsyncClient, Response
from joserfc.jwk import RSAKey

from console.app import build
from console.oidc import SingleSignOn
from desk import accounts, staff
from desk.desk import Desk
from store import officers, trail
from tests import peers, samples
from tests.console.conftest import HERE, Browser, browsing
from tests.console.oidc_provider import CLIENT, SECRET, Provider
from tests.desk.test_factors import SECRET as FACTOR
from tests.samples import NOW

DOMAIN = "contoh.ac.id"


@pytest.fixture
def db(sqlite: Any) -> Any:
    """The acts are tested on both engines."""
    return sqlite


class Scene(NamedTuple):
    provider: Provider
    http: AsyncClient
    desk: Desk


@pytest.fixture
async def scene(desk: Desk) -> AsyncIterator[Scene]:
    """The provider's clock is the machine's, so the desk's real one is too."""
    today = datetime.now(UTC)
    desk = replace(desk, real=lambda: today)
    provider = Provider(back=f"{HERE}/login/sso/kembali")
    async with peers.serve(provider.app()) as url:
        provider.issuer = url
        sso = SingleSignOn(issuer=url, client_id=CLIENT, client_secret=SECRET, mail_domain=DOMAIN)
        async with browsing(build(desk, sso=sso)) as http:
            yield Scene(provider, http, desk)


async def go(scene: Scene, to: str = "/profil") -> Response:
    """From the button to the provider and back, as a browser does; the page of our own that ends it."""
    away = await scene.http.get(f"/login/sso?lanjut={to}")
    if away.status_code != 303:
        return away
    async with AsyncClient() as elsewhere:
        back = await elsewhere.get(away.headers["location"])
    assert back.status_code == 302, back.status_code
    return await scene.http.get(back.headers["location"])


async def link(scene: Scene, login: str = "sari", subject: str = "sub-sari") -> None:
    lestari = await samples.officer(scene.desk.db, "lestari")
    await scene.desk.db.write(accounts.link_subject, lestari, login, subject, NOW)


async def signed_in(scene: Scene) -> bool:
    return (await scene.http.get("/profil")).status_code == 200


async def test_a_linked_officer_is_in_without_a_password_and_goes_on_where_they_were(scene: Scene) -> None:
    await link(scene)
    assert "Masuk dengan akun" in (await scene.http.get("/login")).text

    answer = await go(scene)

    assert answer.headers["location"] == "/profil"
    page = await scene.http.get("/profil")
    assert "Sari" in page.text


async def test_who_is_linked_to_nobody_gets_no_account_and_learns_what_to_pass_on(scene: Scene) -> None:
    before = len(await scene.desk.db.read(officers.all_of, NOW))

    answer = await go(scene)

    assert answer.status_code == 401 and "sub-sari" in answer.text
    assert not await signed_in(scene)
    assert len(await scene.desk.db.read(officers.all_of, NOW)) == before


async def test_a_verified_address_of_our_domain_links_its_login_once(scene: Scene) -> None:
    scene.provider.person |= {"email": f"Sari@{DOMAIN}", "email_verified": True}

    assert (await go(scene)).status_code == 303
    sari = await samples.officer(scene.desk.db)
    assert await scene.desk.db.read(officers.of_subject, "sub-sari") == sari.id
    events = list(await scene.desk.db.read(trail.since, 0, 1000))
    assert ("officer.sso", sari.id) in [(each.kind, each.actor) for each in events]

    scene.provider.person["sub"] = "sub-of-another"
    scene.http.cookies.clear()
    assert (await go(scene)).status_code == 401
    assert not await signed_in(scene)


@pytest.mark.parametrize(
    "person",
    [
        {"email": f"sari@{DOMAIN}"},
        {"email": f"sari@{DOMAIN}", "email_verified": False},
        {"email": f"sari@{DOMAIN}", "email_verified": "true"},
        {"email": f"sari@mhs.{DOMAIN}", "email_verified": True},
        {"email": f"sari@evil.example@{DOMAIN}", "email_verified": True},
        {"email": "sari", "email_verified": True},
        {"preferred_username": "sari", "name": "Sari"},
    ],
)
async def test_nothing_less_than_a_verified_address_links_anybody(
    scene: Scene, person: dict[str, Any]
) -> None:
    scene.provider.person |= person

    assert (await go(scene)).status_code == 401
    assert not await signed_in(scene)


@pytest.mark.parametrize(
    "wrong",
    [
        {"nonce": "another"},
        {"aud": "another-client"},
        {"iss": "https://sso.evil.example"},
        {"exp": 1},
        {"iat": 9_999_999_999},
        {"azp": "another-client"},
        {"sub": ""},
        {"sub": 7},
    ],
)
async def test_a_token_that_was_not_made_for_this_sign_in_opens_nothing(
    scene: Scene, wrong: dict[str, Any]
) -> None:
    await link(scene)
    scene.provider.wrong = wrong

    answer = await go(scene)

    assert answer.status_code == 401 and "SSO" in answer.text
    assert not await signed_in(scene)


@pytest.mark.parametrize("how", ["HS256", "foreign key"])
async def test_a_token_not_signed_by_the_providers_own_key_opens_nothing(scene: Scene, how: str) -> None:
    await link(scene)
    if how == "HS256":
        scene.provider.algorithm = how
    else:
        scene.provider.signs_with = RSAKey.generate_key(2048, {"kid": "one"})

    assert (await go(scene)).status_code == 401
    assert not await signed_in(scene)


async def test_a_way_back_that_this_browser_did_not_begin_opens_nothing(scene: Scene) -> None:
    await link(scene)
    away = await scene.http.get("/login/sso")
    async with AsyncClient() as elsewhere:
        back = (await elsewhere.get(away.headers["location"])).headers["location"]
    state = parse_qs(urlsplit(back).query)["state"][0]

    assert (await scene.http.get(back.replace(state, "x" * 32))).status_code == 401
    forged = scene.http.cookies["tanggap_sso"]
    scene.http.cookies.clear()
    assert (await scene.http.get(back)).status_code == 401, "another browser"
    scene.http.cookies.set("tanggap_sso", forged[:-1] + ("0" if forged[-1] != "0" else "1"))
    assert (await scene.http.get(back)).status_code == 401, "a cookie we did not write"
    assert not await signed_in(scene)


async def test_a_code_that_was_used_opens_nothing_again(scene: Scene) -> None:
    await link(scene)
    away = await scene.http.get("/login/sso")
    kept = scene.http.cookies["tanggap_sso"]
    async with AsyncClient() as elsewhere:
        back = (await elsewhere.get(away.headers["location"])).headers["location"]
    assert (await scene.http.get(back)).status_code == 303

    scene.http.cookies.clear()
    scene.http.cookies.set("tanggap_sso", kept)
    assert (await scene.http.get(back)).status_code == 401


async def test_a_second_step_of_the_desk_is_asked_for_at_this_door_too(scene: Scene) -> None:
    await link(scene)

    def secured(change: Any) -> None:
        officers.set_factor(change, officers.of_subject(change, "sub-sari") or 0, FACTOR, 0)

    await scene.desk.db.write(secured)
    answer = await go(scene)

    assert answer.status_code == 200 and "Langkah kedua" in answer.text
    assert not await signed_in(scene)


async def test_a_closed_account_stays_closed_whatever_the_provider_says(scene: Scene) -> None:
    await link(scene)
    await scene.desk.db.write(staff.disable, "sari", NOW)

    assert (await go(scene)).status_code == 401


async def test_who_the_provider_refuses_reads_so_at_the_login(scene: Scene) -> None:
    scene.provider.refuses = "access_denied"

    answer = await go(scene)

    assert answer.status_code == 401 and "tidak mengizinkan" in answer.text


@pytest.mark.parametrize("said", [{"issuer": "https://sso.evil.example"}, {"token_endpoint": None}])
async def test_a_provider_that_speaks_for_another_is_not_followed(scene: Scene, said: dict[str, Any]) -> None:
    scene.provider.said = said

    assert (await go(scene)).status_code == 401


async def test_a_provider_that_is_away_leaves_the_password(desk: Desk) -> None:
    sso = SingleSignOn(issuer=f"http://127.0.0.1:{peers.free_port()}", client_id=CLIENT, client_secret=SECRET)
    async with browsing(build(desk, sso=sso)) as http:
        answer = await http.get("/login/sso")

    assert answer.status_code == 401 and 'name="sandi"' in answer.text


async def test_without_a_provider_there_is_no_such_door(visitor: Browser) -> None:
    assert (await visitor.open("/login/sso")).status_code == 404
    assert "SSO" not in (await visitor.open("/login")).text
