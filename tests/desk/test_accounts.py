"""The supervisor's hand on accounts: within their units, on the record, and a way back in that works once."""

from datetime import timedelta

import pytest

from desk import accounts, factors, office_file, roster, staff
from desk.accounts import LinkOver, NotOneself, SubjectTaken
from desk.own import SessionGone
from desk.secrets import hashed
from sop import office_file as reading
from sop.errors import NotAllowed, NotFound
from store import officers, sessions, trail
from store import roster as stored
from store.db import Database
from tests.desk.rights_scene import OFFICE
from tests.desk.test_factors import SECRET, code
from tests.samples import MINUTE, NOW, officer


@pytest.fixture
async def town(db: Database) -> Database:
    """Kantor Pusat and the faculty, with a supervisor of all (lestari) and one of the faculty (fitri)."""
    await db.write(office_file.bring_in, reading.read(OFFICE), NOW - timedelta(days=30))
    return db


async def signed(db: Database, login: str, token: str) -> None:
    who = await officer(db, login)
    new = staff.Login(token=token, form_token="f")
    await db.write(staff.signed_in, who.id, login, "192.0.2.7", new, "Firefox", NOW)


async def test_a_unit_supervisor_sees_their_unit_and_a_stranger_looks_absent(town: Database) -> None:
    fitri, lestari = await officer(town, "fitri"), await officer(town, "lestari")

    mine = await town.read(accounts.all_visible, fitri, NOW)
    assert [each.login for each in mine] == ["budi", "fitri"]
    assert {each.login for each in await town.read(accounts.all_visible, lestari, NOW)} >= {"sari", "budi"}
    for login in ("sari", "lestari", "nobody"):
        with pytest.raises(NotFound):
            await town.read(accounts.visible, fitri, login, NOW)
    with pytest.raises(NotAllowed):
        await town.read(accounts.visible, await officer(town), "sari", NOW)


async def test_who_also_sits_elsewhere_is_taken_over_by_no_unit_supervisor(town: Database) -> None:
    await town.write(staff.grant, "budi", lane="narahubung", unit="pusat", now=NOW)
    fitri = await officer(town, "fitri")

    assert (await town.read(accounts.visible, fitri, "budi", NOW)).login == "budi"
    with pytest.raises(NotAllowed):
        await town.write(accounts.offer_reset, fitri, "budi", "token", False, NOW, NOW)


async def test_a_reset_link_works_once_ends_and_makes_older_ones_void(town: Database) -> None:
    lestari = await officer(town, "lestari")
    await signed(town, "sari", "cookie")
    for token in ("older", "newer"):
        await town.write(accounts.offer_reset, lestari, "sari", token, False, NOW, NOW)

    for wrong, at in (("older", NOW), ("guessed", NOW), ("newer", NOW + accounts.RESET_LASTS)):
        with pytest.raises(LinkOver):
            await town.write(accounts.reset, wrong, "hash", at, NOW)
    assert (await town.write(accounts.reset, "newer", "hash", NOW + MINUTE, NOW)).login == "sari"

    account = await town.read(officers.account, "sari")
    assert account and account.password_hash == "hash"
    assert await town.read(sessions.find, hashed("cookie"), NOW) is None
    with pytest.raises(LinkOver):
        await town.write(accounts.reset, "newer", "another", NOW + MINUTE, NOW)


async def test_only_a_link_made_for_it_lets_a_lost_second_step_go(town: Database) -> None:
    lestari, sari = await officer(town, "lestari"), await officer(town)
    await town.write(factors.confirm, sari, SECRET, code(), NOW, NOW, "a desk's secret")

    await town.write(accounts.offer_reset, lestari, "sari", "plain", False, NOW, NOW)
    await town.write(accounts.reset, "plain", "hash", NOW, NOW)
    assert await town.read(officers.factor, sari.id)

    await town.write(accounts.offer_reset, lestari, "sari", "lost", True, NOW, NOW)
    await town.write(accounts.reset, "lost", "hash", NOW, NOW)
    assert await town.read(officers.factor, sari.id) == ""


async def test_the_operator_lets_in_the_only_supervisor_who_lost_everything(town: Database) -> None:
    await town.write(accounts.offer_reset_by_operator, " Lestari ", "token", True, NOW, NOW)

    assert (await town.write(accounts.reset, "token", "hash", NOW, NOW)).login == "lestari"
    with pytest.raises(staff.UnknownLogin):
        await town.write(accounts.offer_reset_by_operator, "nobody", "token", True, NOW, NOW)


async def test_a_closed_account_has_no_way_back_by_a_link(town: Database) -> None:
    lestari = await officer(town, "lestari")
    await town.write(accounts.offer_reset, lestari, "sari", "token", False, NOW, NOW)
    await town.write(accounts.close, lestari, "sari", NOW)

    with pytest.raises(LinkOver):
        await town.write(accounts.reset, "token", "hash", NOW, NOW)
    await town.write(accounts.reopen, lestari, "sari", NOW)
    assert (await officer(town)).seats
    with pytest.raises(NotOneself):
        await town.write(accounts.close, lestari, "lestari", NOW)


async def test_a_supervisor_ends_one_session_or_all_and_only_of_that_officer(town: Database) -> None:
    lestari = await officer(town, "lestari")
    for login, token in (("sari", "a"), ("sari", "b"), ("sari", "c"), ("budi", "d")):
        await signed(town, login, token)

    with pytest.raises(SessionGone):
        await town.write(accounts.end_session, lestari, "sari", hashed("d"), NOW, NOW)
    await town.write(accounts.end_session, lestari, "sari", hashed("a"), NOW, NOW)
    assert await town.read(sessions.find, hashed("a"), NOW) is None
    assert await town.read(sessions.find, hashed("b"), NOW) is not None
    await town.write(accounts.end_sessions, lestari, "sari", NOW)
    assert await town.read(sessions.find, hashed("b"), NOW) is None
    assert await town.read(sessions.find, hashed("d"), NOW) is not None


async def test_a_subject_of_the_identity_provider_is_one_officers(town: Database) -> None:
    lestari = await officer(town, "lestari")
    await town.write(accounts.link_subject, lestari, "sari", "sub-1", NOW)

    with pytest.raises(SubjectTaken):
        await town.write(accounts.link_subject, lestari, "budi", "sub-1", NOW)
    await town.write(accounts.link_subject, lestari, "sari", "", NOW)
    await town.write(accounts.link_subject, lestari, "budi", "sub-1", NOW)
    assert await town.read(officers.of_subject, "sub-1") == (await officer(town, "budi")).id
    assert await town.read(officers.of_subject, "") is None


async def test_what_was_done_to_an_account_stands_in_the_chain_with_who_did_it(town: Database) -> None:
    lestari = await officer(town, "lestari")
    before = len(list(await town.read(trail.since, 0, 1000)))
    await town.write(accounts.edit, lestari, "sari", name="Sari B", title="", language="en", now=NOW)
    await town.write(accounts.offer_reset, lestari, "sari", "a-token", False, NOW, NOW)
    await town.write(
        roster.seat,
        lestari,
        "sari",
        lane="wk",
        unit="feb",
        from_at=NOW,
        until_at=None,
        deputy_of="",
        decree="",
        now=NOW,
    )
    seat = next(
        each.id for each in await town.read(stored.seats, NOW) if each.lane == "wk" and each.unit == 2
    )
    await town.write(roster.unseat, lestari, seat, NOW + MINUTE)
    await town.write(accounts.close, lestari, "sari", NOW)

    events = list(await town.read(trail.since, 0, 1000))[before:]
    assert [each.kind for each in events] == [
        "officer.edited",
        "reset.offered",
        "officer.granted",
        "officer.revoked",
        "officer.disabled",
    ]
    assert {each.actor for each in events} == {lestari.id}
    assert "a-token" not in str(events) and "Sari" not in str(events)
