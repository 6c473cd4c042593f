"""The second step of signing in: proved before it counts, each code once, asked of whom the office asks it."""

import asyncio
from datetime import timedelta

import pyotp
import pytest

from desk import factors, staff
from desk.factor_seal import SealBroken, is_sealed, opened, sealed
from desk.factors import (
    CodeWrong,
    FactorAsked,
    FactorThere,
    FactorUnreadable,
    HalfwayOver,
    OwnFactorFirst,
)
from desk.secrets import hashed
from sop.errors import NotAllowed
from store import officers, sessions, trail
from store.db import Database
from tests.samples import MINUTE, NOW, officer, small_office

SECRET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
KEY = "the-secret-of-this-desk"
OTHER = SECRET[::-1]
SPAN = timedelta(seconds=factors.SPAN)


def code(at: int = 0, secret: str = SECRET) -> str:
    """What the app shows `at` spans from now."""
    return pyotp.TOTP(secret).at(NOW + at * SPAN)


async def secured(db: Database, login: str = "lestari") -> int:
    await small_office(db)
    who = await officer(db, login)
    await db.write(factors.confirm, who, SECRET, code(), NOW, NOW, KEY)
    return who.id


async def test_a_secret_counts_only_after_a_code_of_it(db: Database) -> None:
    await small_office(db)
    sari = await officer(db)

    for wrong in ("000000", "", "12345", "abcdef", code(-2), code(2), "٠١٢٣٤٥"):
        with pytest.raises(CodeWrong):
            await db.write(factors.confirm, sari, SECRET, wrong, NOW, NOW, KEY)
    for weak in ("", "A" * 16, "a" * 32, SECRET + "A"):
        with pytest.raises(CodeWrong):
            await db.write(factors.confirm, sari, weak, code(), NOW, NOW, KEY)
    assert await db.read(officers.factor, sari.id) == ""

    await db.write(factors.confirm, sari, SECRET, f" {code()[:3]} {code()[3:]} ", NOW, NOW, KEY)
    assert opened(KEY, sari.id, await db.read(officers.factor, sari.id)) == SECRET
    with pytest.raises(FactorThere):
        await db.write(factors.confirm, sari, OTHER, code(secret=OTHER), NOW, NOW, KEY)


async def test_a_code_opens_once_and_none_before_it_opens_after_it(db: Database) -> None:
    who = await secured(db)

    with pytest.raises(CodeWrong):
        await db.write(factors.pass_code, who, code(), NOW, KEY)
    await db.write(factors.pass_code, who, code(1), NOW + SPAN, KEY)
    for used in (code(1), code()):
        with pytest.raises(CodeWrong):
            await db.write(factors.pass_code, who, used, NOW + SPAN, KEY)


async def test_of_two_who_show_the_same_code_at_once_one_gets_in(db: Database) -> None:
    who = await secured(db)

    answers = await asyncio.gather(
        *(db.write(factors.pass_code, who, code(1), NOW + SPAN, KEY) for _ in range(5)),
        return_exceptions=True,
    )

    assert [type(each) for each in answers].count(CodeWrong) == 4


async def test_a_secret_is_kept_sealed_for_its_officer_by_this_desk_alone(db: Database) -> None:
    who = await secured(db)
    kept = await db.read(officers.factor, who)

    assert SECRET not in kept and opened(KEY, who, kept) == SECRET
    for key, officer_, text in (
        (KEY + "x", who, kept),
        (KEY, who + 1, kept),
        (KEY, who, f"{kept[:-8]}AAAAAAA="),
    ):
        with pytest.raises(SealBroken):
            opened(key, officer_, text)
    assert sealed(KEY, who, OTHER)[:20] != kept[:20]

    with pytest.raises(FactorUnreadable):
        await db.write(factors.pass_code, who, code(1), NOW + SPAN, "another desk's secret")
    await db.write(factors.pass_code, who, code(1), NOW + SPAN, KEY)


async def test_a_secret_from_before_they_were_sealed_opens_and_is_sealed_then(db: Database) -> None:
    await small_office(db)
    who = (await officer(db)).id
    await db.write(officers.set_factor, who, SECRET, 0)

    with pytest.raises(CodeWrong):
        await db.write(factors.pass_code, who, "000000", NOW, KEY)
    assert await db.read(officers.factor, who) == SECRET
    await db.write(factors.pass_code, who, code(), NOW, KEY)

    kept = await db.read(officers.factor, who)
    assert is_sealed(kept) and opened(KEY, who, kept) == SECRET
    with pytest.raises(CodeWrong):
        await db.write(factors.pass_code, who, code(), NOW, KEY)
    await db.write(factors.pass_code, who, code(1), NOW + SPAN, KEY)


async def test_the_clock_of_a_phone_may_be_off_by_one_span(db: Database) -> None:
    who = await secured(db)
    later = NOW + 10 * SPAN

    await db.write(factors.pass_code, who, code(9), later, KEY)
    await db.write(factors.pass_code, who, code(11), later, KEY)


async def test_halfway_lasts_ten_minutes_and_ends_with_the_second_step(db: Database) -> None:
    who = await secured(db)
    for token in ("first", "second"):
        await db.write(factors.begin, who, token, NOW)

    with pytest.raises(HalfwayOver):
        await db.read(factors.begun, "first", NOW + factors.HALFWAY)
    with pytest.raises(HalfwayOver):
        await db.read(factors.begun, "guessed", NOW)
    with pytest.raises(CodeWrong):
        await db.write(factors.finish, "first", who, "lestari", "000000", NOW + SPAN, KEY)
    await db.write(factors.finish, "first", who, "lestari", code(1), NOW + SPAN, KEY)
    with pytest.raises(HalfwayOver):
        await db.read(factors.begun, "first", NOW + SPAN)


async def test_the_office_asks_supervisors_for_it_and_they_cannot_leave_it_out(db: Database) -> None:
    await secured(db)
    lestari, sari = await officer(db, "lestari"), await officer(db)
    assert not await db.read(factors.asked_of, lestari)

    await db.write(factors.ask_of_all, lestari, True, NOW)

    assert await db.read(factors.asked_of, lestari)
    assert not await db.read(factors.asked_of, sari)
    with pytest.raises(FactorAsked):
        await db.write(factors.remove, lestari, NOW)
    await db.write(factors.ask_of_all, lestari, False, NOW)
    await db.write(factors.remove, lestari, NOW)
    assert await db.read(officers.factor, lestari.id) == ""


async def test_who_has_none_signs_in_anew_when_it_becomes_asked_for(db: Database) -> None:
    await secured(db)
    await db.write(staff.add, login="rina", name="Rina", password_hash="", now=NOW)
    await db.write(staff.grant, "rina", lane="supervisor", unit="feb", now=NOW)
    rina, sari, lestari = [await officer(db, login) for login in ("rina", "sari", "lestari")]
    for who in (rina, sari, lestari):
        await db.write(
            staff.signed_in, who.id, who.login, "", staff.Login(token=who.login, form_token="f"), "", NOW
        )

    await db.write(factors.ask_of_all, lestari, True, NOW)

    left = [
        who.login for who in (rina, sari, lestari) if await db.read(sessions.find, hashed(who.login), NOW)
    ]
    assert left == ["sari", "lestari"]


async def test_who_becomes_a_supervisor_where_it_is_asked_for_signs_in_anew(db: Database) -> None:
    await secured(db)
    await db.write(factors.ask_of_all, await officer(db, "lestari"), True, NOW)
    sari = await officer(db)
    for lane, left in (("wk", True), ("supervisor", False)):
        new = staff.Login(token=lane, form_token="f")
        await db.write(staff.signed_in, sari.id, "sari", "", new, "", NOW)
        await db.write(staff.grant, "sari", lane=lane, unit="pusat", now=NOW)
        assert bool(await db.read(sessions.find, hashed(lane), NOW)) is left


async def test_nobody_asks_of_others_what_they_have_not_themselves(db: Database) -> None:
    await small_office(db)

    with pytest.raises(OwnFactorFirst):
        await db.write(factors.ask_of_all, await officer(db, "lestari"), True, NOW)
    with pytest.raises(NotAllowed):
        await db.write(factors.ask_of_all, await officer(db), False, NOW)


async def test_the_chain_says_that_it_came_and_went_but_not_the_secret(db: Database) -> None:
    who = await secured(db)
    await db.write(factors.remove, await officer(db, "lestari"), NOW + MINUTE)

    events = list(await db.read(trail.since, 0, 100))
    assert [each.kind for each in events if each.actor == who] == ["officer.factor", "officer.factor.removed"]
    assert SECRET not in str(events)
