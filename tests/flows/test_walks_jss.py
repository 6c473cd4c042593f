"""JSS UPIK through the desk's acts, in both readings: elapsed hours on a Saturday night before Independence Day (a Monday)."""

import pytest

from desk import casework, evidence
from desk.decide import Choice, UnitMissing
from desk.ids import fresh
from desk.needed import EvidenceMissing
from sop.errors import NotFound
from sop.messages import File, Kind
from sop.ticket import Status
from sop.visit import CodeMissing, NoSuchDecision
from store.db import Database
from tests import offices
from tests.flows.walking import Walk
from tests.offices import wib


async def opened(db: Database, procedure: str = "jss-upik", at: str = "08-15 23.00") -> Walk:
    walk = Walk(db)
    await walk.office(offices.jss(procedure), wib(at))
    await walk.arrive("Jalan berlubang di depan pasar", at)
    return walk


def photo(name: str) -> File:
    return File(
        kind=Kind.PHOTO, name=name, content_type="image/jpeg", size=3, path=f"ab/{name}", sha256="0" * 64
    )


async def bring(walk: Walk, login: str, at: str, *names: str) -> None:
    actor = await walk.officer(login, at)
    files = [photo(name) for name in names]
    await walk.db.write(evidence.attach, str(walk.number), actor, files, "", key="", ids=fresh(), now=wib(at))


async def test_a_rejection_is_redistributed_and_the_other_unit_does_the_work(db: Database) -> None:
    walk = await opened(db)
    await walk.here("verifikasi", "admin-opd", "08-16 01.00")
    with pytest.raises(CodeMissing):
        await walk.go("rini", "tolak", "08-16 00.20")
    await walk.go(
        "rini", "tolak", "08-16 00.30", "distribusi", "admin-pusat", "08-16 02.30", code="bukan-wewenang"
    )
    assert await walk.told() == []
    with pytest.raises(UnitMissing):
        await walk.go("wati", "alihkan", "08-16 00.50")
    await walk.go("wati", "alihkan", "08-16 01.00", "verifikasi", "admin-opd", "08-16 03.00", unit="lh")
    assert await walk.told() == ["Aduan Anda dialihkan kepada perangkat daerah lain yang berwenang."]
    assert {each.login for each in await walk.cards()} >= {"yoga"}
    with pytest.raises(NotFound):  # the unit it left
        await walk.go("rini", "terima", "08-16 01.30")
    await walk.go("yoga", "terima", "08-16 02.00", "penerimaan", "lapangan", "08-16 04.00")
    assert [(each.kind, each.login) for each in await walk.cards()] == [("decision", "tono")]
    await walk.go("tono", "terima", "08-16 03.00", "pengerjaan", "lapangan", "08-17 03.00")
    assert await walk.told() == [
        "Aduan Anda diterima dan diteruskan kepada petugas lapangan.",
        "Petugas lapangan mulai menangani aduan Anda.",
    ]

    await bring(walk, "tono", "08-16 09.00", "sebelum.jpg")
    with pytest.raises(EvidenceMissing, match="foto sesudah"):
        await walk.go("tono", "selesai", "08-16 19.00")
    await bring(walk, "tono", "08-17 01.00", "sesudah.jpg")
    await walk.go("tono", "selesai", "08-17 02.00", "penyelesaian", "lapangan", None)
    done = await walk.go("tono", "selesai", "08-17 02.05")

    assert await walk.told() == ["Aduan Anda sudah selesai dikerjakan."]
    assert done.status is Status.CLOSED
    assert done.answered_at == wib("08-17 02.05")


async def test_a_third_party_works_by_a_link_and_stops_no_clock(sqlite: Database) -> None:
    walk = await opened(sqlite)
    await walk.go("rini", "terima", "08-16 00.30", "penerimaan", "lapangan", "08-16 02.30")
    await walk.go("slamet", "terima", "08-16 01.00", "pengerjaan", "lapangan", "08-17 01.00")
    await walk.go(
        "slamet", "serahkan", "08-16 10.00", "pihak-ketiga", "ketiga", "08-17 01.00", reason="Aspal panas"
    )
    rini = await walk.officer("rini", "08-16 10.01")
    token = "t" * 24
    await sqlite.write(
        casework.offer_link, str(walk.number), rini, "CV Jalan Rata", token, wib("08-16 10.01")
    )
    page = await sqlite.read(casework.case_page, token, wib("08-16 11.00"))
    assert (page.said, page.subject, page.handed) == ((), "", "Aspal panas")
    done = Choice(decision="selesai", visit=0)
    await sqlite.write(casework.decide_by_link, token, done, ids=fresh(), now=wib("08-16 20.00"))

    await walk.here("pengerjaan", "lapangan", "08-17 01.00")
    outside = next(each for each in await walk.history() if each.step == "pihak-ketiga")
    assert outside.closed_at
    assert (outside.closed_at - outside.opened_at).total_seconds() == 10 * 3600  # reported, not hidden


async def test_who_handed_the_work_on_offers_the_link_and_nobody_else_of_the_field(sqlite: Database) -> None:
    walk = await opened(sqlite)
    await walk.go("rini", "terima", "08-16 00.30", "penerimaan", "lapangan", "08-16 02.30")
    await walk.go("slamet", "terima", "08-16 01.00", "pengerjaan", "lapangan", "08-17 01.00")
    await walk.go(
        "slamet", "serahkan", "08-16 10.00", "pihak-ketiga", "ketiga", "08-17 01.00", reason="Aspal"
    )
    slamet = await walk.officer("slamet", "08-16 10.01")
    tono = await walk.officer("tono", "08-16 10.01")
    now = wib("08-16 10.01")

    await sqlite.write(casework.offer_link, str(walk.number), slamet, "CV Jalan Rata", "a" * 24, now)
    with pytest.raises(NotFound):
        await sqlite.write(casework.offer_link, str(walk.number), tono, "CV Lain", "b" * 24, now)


async def test_a_confirmed_rejection_tells_the_reporter_why(sqlite: Database) -> None:
    walk = await opened(sqlite)
    await walk.go("rini", "tolak", "08-16 00.30", "distribusi", "admin-pusat", "08-16 02.30", code="ganda")

    done = await walk.go("wati", "tolak", "08-16 01.00", reason="sudah dilaporkan kemarin")

    assert await walk.told() == ["Aduan Anda tidak dapat kami tindak lanjuti: sudah dilaporkan kemarin."]
    assert done.status is Status.CLOSED
    assert done.step == ""


async def test_after_three_redistributions_admin_pusat_assigns_directly(sqlite: Database) -> None:
    walk = await opened(sqlite)
    admins = {"pu": "rini", "lh": "yoga"}
    for turn, unit in enumerate(("lh", "pu", "lh")):
        away = admins["pu" if unit == "lh" else "lh"]
        at, due = f"08-16 0{turn}.10", f"08-16 0{turn + 2}.10"
        await walk.go(away, "tolak", at, "distribusi", "admin-pusat", due, code="bukan-wewenang")
        await walk.go("wati", "alihkan", at, "verifikasi", "admin-opd", due, unit=unit)
    await walk.go(
        "yoga", "tolak", "08-16 03.10", "distribusi", "admin-pusat", "08-16 05.10", code="bukan-wewenang"
    )

    with pytest.raises(NoSuchDecision):
        await walk.go("wati", "alihkan", "08-16 03.20", unit="pu")
    await walk.go("wati", "tugaskan", "08-16 03.20", "penerimaan", "lapangan", "08-16 05.20", unit="pu")

    assert (await walk.told())[-1] == "Aduan Anda ditugaskan langsung oleh Admin Pusat."
    assert [each.login for each in await walk.cards()][-1] == "slamet"


async def test_the_sum_is_28_elapsed_hours_to_the_end_of_each_limit(sqlite: Database) -> None:
    walk = await opened(sqlite)
    await walk.go("rini", "terima", "08-16 01.00", "penerimaan", "lapangan", "08-16 03.00")
    await walk.go("slamet", "terima", "08-16 03.00", "pengerjaan", "lapangan", "08-17 03.00")
    await bring(walk, "slamet", "08-17 02.00", "sebelum.jpg", "sesudah.jpg")
    await walk.go("slamet", "selesai", "08-17 03.00", "penyelesaian", "lapangan", None)
    done = await walk.go("slamet", "selesai", "08-17 03.00")

    assert done.answered_at
    assert (done.answered_at - done.opened_at).total_seconds() == 28 * 3600


async def test_read_the_other_way_admin_pusat_verifies_and_the_opd_may_give_it_back_twice(
    db: Database,
) -> None:
    walk = await opened(db, "jss-upik-admin-pusat")
    await walk.here("verifikasi", "admin-pusat", "08-16 01.00")
    await walk.go("wati", "terima", "08-16 00.30", "penerimaan", "admin-opd", "08-16 02.30")
    await walk.go("rini", "alihkan", "08-16 01.30", "verifikasi", "admin-pusat", "08-16 03.30", unit="lh")
    assert {each.login for each in await walk.cards()} >= {"wati"}
    await walk.go("wati", "terima", "08-16 02.30", "penerimaan", "admin-opd", "08-16 04.30")
    await walk.go("yoga", "alihkan", "08-16 03.00", "verifikasi", "admin-pusat", "08-16 05.00", unit="pu")
    await walk.go("wati", "terima", "08-16 03.10", "penerimaan", "admin-opd", "08-16 05.10")
    with pytest.raises(NoSuchDecision):
        await walk.go("rini", "alihkan", "08-16 03.20", unit="lh")
    await walk.go("rini", "terima", "08-16 03.30", "pengerjaan", "lapangan", "08-17 03.30")
    await bring(walk, "slamet", "08-16 09.00", "sebelum.jpg", "sesudah.jpg")
    await walk.go("slamet", "selesai", "08-16 09.30", "penyelesaian", "lapangan", None)
    await walk.go("slamet", "selesai", "08-16 09.31")

    assert (await walk.told())[-1] == "Aduan Anda sudah selesai dikerjakan."


async def test_read_the_other_way_a_rejection_goes_straight_to_the_reporter(sqlite: Database) -> None:
    walk = await opened(sqlite, "jss-upik-admin-pusat")

    await walk.go("wati", "tolak", "08-16 00.30", reason="foto tidak ada", code="bukti-kurang")

    assert await walk.told() == ["Aduan Anda dikembalikan kepada Anda: Bukti kurang. foto tidak ada."]
