"""A decision on the ticket's page that is refused: in words, and with what was typed."""

from desk import decide
from desk.decide import Choice
from desk.desk import Desk
from store import visits
from tests import samples
from tests.console.conftest import Browser, Clock, arrived


async def test_a_refused_decision_keeps_the_reason_beside_its_button(sari: Browser, desk: Desk) -> None:
    number = await arrived(desk)
    await sari.open(f"/tiket/{number}")
    visit = sari.field("kunjungan")

    page = await sari.press(f"/tiket/{number}/putuskan", kunjungan=visit, keputusan="lapor", alasan="   ")
    assert page.status_code == 409
    assert "memerlukan alasan" in page.text
    page = await sari.press(
        f"/tiket/{number}/putuskan", kunjungan="999999", keputusan="lapor", alasan="Perlu kebijakan."
    )

    assert page.status_code == 409
    assert "Perlu kebijakan." in sari.area("alasan")


async def test_who_comes_second_reads_who_decided_and_keeps_their_words(
    sari: Browser, desk: Desk, clock: Clock
) -> None:
    number = await arrived(desk)
    await sari.open(f"/tiket/{number}")
    current = await desk.db.read(visits.open_of, int(number))
    assert current
    first = Choice(decision="lapor", visit=current.id, reason="Perlu.")
    await decide.put(desk.db, number, await samples.officer(desk.db), first, key="", now=clock.now)

    page = await sari.press(
        f"/tiket/{number}/putuskan",
        kunjungan=str(current.id),
        keputusan="lapor",
        alasan="Mohon keringanan UKT.",
    )

    assert page.status_code == 409
    assert "Sudah diputuskan: Lapor atasan, oleh Sari" in page.text
    assert "Mohon keringanan UKT." in page.text
