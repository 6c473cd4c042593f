"""ITB Care Center through the desk's acts: 24 elapsed hours across a weekend, a category before closing, the check after it."""

import pytest

from desk import closing, triage
from sop.errors import NotTagged
from sop.ticket import Status
from sop.visit import NoSuchDecision
from store.db import Database
from store.inbox import page as waiting
from tests import offices
from tests.flows.walking import Walk
from tests.offices import wib

DUE = "02-14 15.55"  # a Saturday: the hours never stop


async def opened(db: Database, at: str = "02-13 15.55") -> Walk:
    """Friday afternoon before a long weekend; Monday 16 and Tuesday 17 February are closed."""
    walk = Walk(db)
    await walk.office(offices.ITB, wib(at))
    await walk.arrive("Tidak bisa masuk Edunex", at)
    return walk


async def answered(walk: Walk, at: str) -> None:
    await walk.go("agus", "sah", "02-13 19.10", "respon", "agent", DUE)
    done = await walk.reply("agus", "Akun Anda sudah kami buka.", at)
    assert (done.step, done.lane) == ("kategori", "agent")


async def tag(walk: Walk, at: str) -> None:
    agus = await walk.officer("agus", at)
    await walk.db.write(triage.tag, str(walk.number), agus, "akun", key="", now=wib(at))


async def test_from_receipt_to_closing_24_hours_run_whoever_has_the_ball(db: Database) -> None:
    walk = await opened(db)
    await walk.here("identitas", "agent", DUE)
    await walk.go("agus", "minta", "02-13 16.00", "tunggu-identitas", "user", DUE)
    assert await walk.told() == ["Mohon lengkapi identitas diri Anda agar laporan dapat kami tangani."]
    await walk.arrive("NIM 13521001", "02-13 19.00")
    await walk.here("identitas", "agent", DUE)
    await walk.go("agus", "sah", "02-13 19.10", "respon", "agent", DUE)
    await walk.cards()
    await walk.go(
        "agus", "serahkan", "02-13 19.20", "perbaikan", "pengembang", DUE, reason="SSO menolak token"
    )
    [card] = await walk.cards()
    assert (card.kind, card.login, card.buttons) == ("decision", "dian", ("Selesai diperbaiki",))
    assert "SSO menolak token" in card.text
    assert "13521001" not in card.text
    assert await walk.told() == ["Kendala Anda sedang ditelusuri oleh tim teknis."]
    await walk.go("dian", "selesai", "02-14 09.00", "respon", "agent", DUE, reason="Token diperpanjang")
    await walk.reply("agus", "Sudah dapat masuk kembali.", "02-14 09.30")
    await walk.here("kategori", "agent", DUE)

    agus = await walk.officer("agus", "02-14 09.31")
    with pytest.raises(NotTagged):
        await db.write(closing.close, str(walk.number), agus, key="", now=wib("02-14 09.31"))
    await tag(walk, "02-14 09.32")
    await walk.told()
    done = await db.write(closing.close, str(walk.number), agus, key="", now=wib("02-14 10.00"))

    assert (done.status, done.closed_at) == (Status.CLOSED, wib("02-14 10.00"))
    await walk.here(
        "periksa", "supervisor", "02-19 08.00"
    )  # closed on a Saturday: a working day from Wednesday
    assert await walk.told() == ["Laporan Anda sudah kami tutup. Balas pesan ini bila masih ada kendala."]
    assert [(each.kind, each.login) for each in await walk.cards()][-1] == ("decision", "lestari")


async def test_the_supervisor_sends_an_incomplete_one_back_and_attests_the_mended_one(
    sqlite: Database,
) -> None:
    walk = await opened(sqlite)
    await answered(walk, "02-14 09.30")
    await tag(walk, "02-14 09.31")
    agus = await walk.officer("agus", "02-14 09.40")
    await sqlite.write(closing.close, str(walk.number), agus, key="", now=wib("02-14 09.40"))
    assert [each.ticket for each in await sqlite.read(waiting, [("supervisor", None)])] == [walk.number]

    await walk.go("lestari", "kembalikan", "02-18 09.00", "kategori", "agent", None, reason="Kategori keliru")
    await walk.go("agus", "kategori", "02-18 09.05", "penutupan", "agent", None)
    done = await walk.go("agus", "tutup", "02-18 09.06", "periksa", "supervisor", "02-19 09.06")
    assert done.status is Status.CLOSED
    done = await walk.go("lestari", "sahkan", "02-19 08.00")

    assert done.status is Status.CLOSED
    assert await sqlite.read(waiting, [("supervisor", None)]) == []


async def test_a_button_files_no_ticket_that_has_no_category(sqlite: Database) -> None:
    walk = await opened(sqlite)
    await answered(walk, "02-14 09.30")

    with pytest.raises(NotTagged):
        await walk.go("agus", "kategori", "02-14 09.31")

    await walk.here("kategori", "agent", DUE)


async def test_identity_is_asked_for_twice_at_most(sqlite: Database) -> None:
    walk = await opened(sqlite)
    for at, back in (("02-13 16.00", "02-13 16.10"), ("02-13 16.20", "02-13 16.30")):
        await walk.go("agus", "minta", at, "tunggu-identitas", "user", DUE)
        await walk.arrive("Saya tidak tahu NIM saya", back)

    with pytest.raises(NoSuchDecision):
        await walk.go("agus", "minta", "02-13 16.40")
    await walk.go("agus", "terbatas", "02-13 16.40", "respon", "agent", DUE)


async def test_outside_hours_the_first_word_is_answered_with_the_next_opening(sqlite: Database) -> None:
    walk = Walk(sqlite)
    await walk.office(offices.ITB, wib("02-13 19.00"))

    await walk.arrive("Tidak bisa masuk Edunex", "02-13 19.00")

    [said] = await walk.words()
    assert "08.00" in said
    assert "Rab" in said  # Wednesday 18 February
