"""Officers sign in, link their chats and sit in lanes; guessing is slow, and nobody is locked out."""

import asyncio
from datetime import timedelta

import pytest

from desk import accounts, factors, staff, tries
from desk.passwords import fits, hash_password
from desk.staff import CodeInvalid, LoginTaken, UnknownLane, UnknownLogin, UnknownUnit
from sop.officer import Right
from store import office as offices
from store import officers
from store.db import Database, View
from tests.samples import MINUTE, NOW, officer, small_office

ADDRESS = "192.0.2.7"


async def session(db: Database, login: str = "sari") -> str:
    who, new = await officer(db, login), staff.fresh_login()
    await db.write(staff.signed_in, who.id, login, ADDRESS, new, "Firefox", NOW)
    return new.token


def test_a_password_fits_itself_alone_and_nobody_has_the_empty_one() -> None:
    kept = hash_password("rahasia panjang")

    assert fits(kept, "rahasia panjang")
    assert not fits(kept, "rahasia pendek")
    assert not fits("", "nobody's password")
    assert not fits("not a hash", "x")


async def tried(db: Database, times: int, login: str = "sari", address: str = ADDRESS) -> list[timedelta]:
    """Wrong passwords, one after the other; how long that login has to wait there after each."""
    waits = []
    for _ in range(times):
        await db.write(tries.refused, login, address, NOW)
        waits.append(await db.read(tries.wait_left, login, address, NOW))
    return waits


async def test_guessing_at_a_login_slows_down_where_it_is_guessed_from_but_ends(db: Database) -> None:
    await small_office(db)
    waits = await tried(db, 14)

    assert waits[:2] == [timedelta(0)] * 2
    assert waits == sorted(waits) and waits[-1] == timedelta(minutes=5)
    assert await db.read(tries.wait_left, "sari", "192.0.2.99", NOW) == waits[-1], "the same network"
    assert await db.read(tries.wait_left, "sari", "198.51.100.1", NOW) == timedelta(0)
    assert await db.read(tries.wait_left, "budi", ADDRESS, NOW) == timedelta(0)
    assert await db.read(tries.wait_left, "sari", ADDRESS, NOW + timedelta(minutes=5)) == timedelta(0)


async def test_a_guesser_elsewhere_keeps_nobody_out_of_the_place_they_sign_in_from(db: Database) -> None:
    await small_office(db)
    await session(db)
    for each in range(60):
        await db.write(tries.refused, "sari", f"198.51.{each}.1", NOW)

    assert await db.read(tries.wait_left, "sari", ADDRESS, NOW) == timedelta(0)
    assert await db.read(tries.wait_left, "sari", "203.0.113.5", NOW) == timedelta(seconds=5), "gentle"


async def test_who_tries_many_names_from_one_network_waits_and_its_usual_officers_do_not(
    db: Database,
) -> None:
    await small_office(db)
    await session(db, "budi")
    for each in range(40):
        await db.write(tries.refused, f"name{each}", ADDRESS, NOW)

    assert await db.read(tries.wait_left, "lestari", ADDRESS, NOW) == timedelta(minutes=1)
    assert await db.read(tries.wait_left, "budi", ADDRESS, NOW) == timedelta(0)


async def test_failures_of_yesterday_count_no_more(db: Database) -> None:
    await small_office(db)
    await tried(db, 14)
    later = NOW + tries.FORGET

    await db.write(tries.refused, "sari", ADDRESS, later)

    assert await db.read(tries.wait_left, "sari", ADDRESS, later) == timedelta(0)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.0/24"),
        ("2001:db8:1:2:3::4", "2001:db8:1::/56"),
        ("::ffff:192.0.2.7", "192.0.2.0/24"),
        ("testclient", "testclient"),
    ],
)
def test_a_network_is_who_shares_a_house(address: str, network: str) -> None:
    assert tries.network(address) == network


async def test_a_login_that_works_ends_the_waiting(db: Database) -> None:
    await small_office(db)
    await tried(db, 9)

    await session(db)

    assert await db.read(tries.wait_left, "sari", ADDRESS, NOW) == timedelta(0)
    assert (await tried(db, 2))[-1] == timedelta(0), "and counts from there"


async def test_names_and_addresses_of_failed_logins_are_kept_hashed(db: Database) -> None:
    await small_office(db)
    await db.write(tries.refused, "sari", ADDRESS, NOW)

    def kept(view: View) -> str:
        return " ".join(row["who"] for row in view.all("SELECT who FROM attempt"))

    assert "sari" not in await db.read(kept) and ADDRESS not in await db.read(kept)


async def test_a_session_ends_idle_and_absolutely_and_when_signed_out(db: Database) -> None:
    await small_office(db)
    token = await session(db)
    found = await db.read(staff.session_of, token, NOW, NOW)
    assert found and found[1].login == "sari"
    assert await db.read(staff.session_of, "another", NOW, NOW) is None

    late = NOW + staff.IDLE + MINUTE
    assert await db.read(staff.session_of, token, late, NOW) is None
    await db.write(staff.touch, token, NOW + staff.IDLE - MINUTE)
    assert await db.read(staff.session_of, token, late, NOW) is not None
    end = NOW + staff.LONGEST
    await db.write(staff.touch, token, end - MINUTE)
    assert await db.read(staff.session_of, token, end, NOW) is None

    other = await session(db)
    await db.write(staff.sign_out, other)
    assert await db.read(staff.session_of, other, NOW, NOW) is None


async def test_what_has_ended_leaves_no_trace_but_the_network_one_signs_in_from(db: Database) -> None:
    await small_office(db)
    await session(db)
    await tried(db, 1, "somebody")
    await db.write(factors.begin, (await officer(db)).id, "half", NOW)

    def kept(view: View) -> list[int]:
        return [len(view.all(f"SELECT * FROM {table}")) for table in ("session", "one_time", "attempt")]

    later = NOW + staff.LONGEST
    before = await db.read(kept)
    await db.write(staff.signed_in, 2, "budi", "198.51.100.7", staff.fresh_login(), "", later)
    after = await db.read(kept)
    await db.write(staff.signed_in, 2, "budi", "198.51.100.7", staff.fresh_login(), "", later + tries.KNOWN)

    assert before[:2] == [1, 1] and after[:2] == [1, 0] and after[2] == before[2] + 1
    assert (await db.read(kept))[2] == 1


async def test_moving_the_desks_clock_signs_nobody_out(db: Database) -> None:
    await small_office(db)
    token = await session(db)

    assert await db.read(staff.session_of, token, NOW, NOW + timedelta(days=90)) is not None


async def test_the_token_of_a_session_is_stored_nowhere(db: Database) -> None:
    await small_office(db)
    token = await session(db)

    def kept(view: View) -> str:
        return str(view.all("SELECT * FROM session")) + str(view.all("SELECT body FROM audit"))

    assert token not in await db.read(kept)


async def test_a_new_password_and_a_disabled_account_end_every_session(db: Database) -> None:
    await small_office(db)
    first, second = await session(db), await session(db, "budi")

    await db.write(staff.set_password, "sari", "hash", NOW)
    await db.write(staff.disable, "budi", NOW)

    assert await db.read(staff.session_of, first, NOW, NOW) is None
    assert await db.read(staff.session_of, second, NOW, NOW) is None
    assert await db.read(officers.by_login, "budi", NOW) is None


async def test_a_new_password_ends_what_a_thief_of_the_old_one_had_made(db: Database) -> None:
    await small_office(db)
    sari = (await officer(db)).id
    await db.write(staff.offer_code, "sari", "staff", "AAAA", NOW)
    await db.write(staff.offer_code, "budi", "staff", "BBBB", NOW)
    await db.write(factors.begin, sari, "half", NOW)
    await db.write(accounts.offer_reset_by_operator, "sari", "link", False, NOW, NOW)

    await db.write(staff.set_password, "sari", "hash", NOW)

    with pytest.raises(CodeInvalid):
        await db.write(staff.link, "staff", "chat1", "AAAA", NOW)
    with pytest.raises(factors.HalfwayOver):
        await db.read(factors.begun, "half", NOW)
    with pytest.raises(accounts.LinkOver):
        await db.read(accounts.reset_of, "link", NOW, NOW)
    assert (await db.write(staff.link, "staff", "chat2", "BBBB", NOW)).login == "budi"


async def test_a_code_links_one_chat_once_and_not_for_ever(db: Database) -> None:
    await small_office(db)
    for code in ("AAAA", "BBBB"):
        await db.write(staff.offer_code, "sari", "staff", code, NOW)

    answers = await asyncio.gather(
        *(db.write(staff.link, "staff", f"chat{n}", " aaaa ", NOW + MINUTE) for n in range(5)),
        return_exceptions=True,
    )

    assert [type(each) for each in answers].count(CodeInvalid) == 4
    for bot, code, at in (
        ("staff", "BBBB", NOW + staff.CODE_LASTS),
        ("humas", "BBBB", NOW),
        ("staff", "", NOW),
        ("staff", "CCCC", NOW),
    ):
        with pytest.raises(CodeInvalid):
            await db.write(staff.link, bot, "chat9", code, at)
    linked = next(n for n, each in enumerate(answers) if not isinstance(each, Exception))
    found = await db.read(officers.by_chat, "staff", f"chat{linked}", NOW)
    assert found and found.login == "sari"


async def test_a_code_is_stored_as_a_hash(db: Database) -> None:
    await small_office(db)
    code = staff.fresh_code()
    await db.write(staff.offer_code, "sari", "staff", code, NOW)

    def kept(view: View) -> str:
        return str(view.all("SELECT * FROM one_time"))

    assert code not in await db.read(kept)
    assert len({staff.fresh_code() for _ in range(100)}) == 100


async def test_a_group_is_linked_to_its_unit_by_a_code_of_its_own(db: Database) -> None:
    await small_office(db)
    lestari = await officer(db, "lestari")
    await db.write(staff.offer_group_code, lestari, "feb", "GGGG", NOW)

    with pytest.raises(CodeInvalid):
        await db.write(staff.link, "staff", "chat", "GGGG", NOW)
    assert await db.write(staff.link_group, "-1001", "gggg", NOW) == "Fakultas Ekonomi dan Bisnis"

    office = await db.read(offices.current)
    assert {unit.code: unit.staff_chat for unit in office.units.values()} == {"pusat": "", "feb": "-1001"}
    with pytest.raises(CodeInvalid):
        await db.write(staff.link_group, "-1002", "GGGG", NOW)


async def test_a_seat_gives_rights_in_its_unit_for_its_time(db: Database) -> None:
    await small_office(db)
    until = NOW + timedelta(days=10)
    await db.write(staff.grant, "hendra", lane="narahubung", unit="feb", now=NOW, until_at=until)

    now, after = await officer(db, "hendra"), await officer(db, "hendra", until)
    assert now.has(Right.WORK, 2) and not now.has(Right.WORK, 1)
    assert not after.has(Right.WORK, 2)
    assert await db.write(staff.revoke, "hendra", lane="narahubung", unit="feb", now=NOW + MINUTE)
    assert not await db.write(staff.revoke, "hendra", lane="narahubung", unit="feb", now=NOW + 2 * MINUTE)
    assert not (await officer(db, "hendra", NOW + MINUTE)).has(Right.WORK, 2)


async def test_wrong_names_hear_what_there_is(db: Database) -> None:
    await small_office(db)

    with pytest.raises(LoginTaken):
        await db.write(staff.add, login=" SARI ", name="Sari", password_hash="", now=NOW)
    with pytest.raises(UnknownLogin):
        await db.write(staff.grant, "nobody", lane="narahubung", unit="feb", now=NOW)
    with pytest.raises(UnknownLane, match="narahubung"):
        await db.write(staff.grant, "sari", lane="raja", unit="feb", now=NOW)
    with pytest.raises(UnknownUnit, match="feb, pusat"):
        await db.write(staff.grant, "sari", lane="narahubung", unit="fib", now=NOW)
