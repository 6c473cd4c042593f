"""A case whole: every word with what it said before, the steps measured, the decisions, the files, the events' hashes."""

from datetime import timedelta
from html.parser import HTMLParser

import pytest

from desk import answer, decide, dossier, dossier_page, ids, intake
from desk.decide import Choice
from sop.errors import NotAllowed, NotFound
from sop.messages import File, Kind
from store import tickets, trail, visits
from store.db import Database, View
from tests import samples
from tests.samples import MINUTE, NOW, incoming

HARMFUL = "<script>alert(1)</script> & NIM 221040037"
PHOTO = File(kind=Kind.PHOTO, name="loket.jpg", content_type="image/jpeg", size=4, path="x", sha256="ab" * 32)


async def told(db: Database) -> str:
    """A case with an edit, a file, a note, an answer and a decision; its number."""
    await samples.small_office(db)
    first = incoming("KRS saya kunci", files=(PHOTO,))
    number = await db.write(intake.take_in, first, ids.fresh(), NOW)
    edit = incoming(HARMFUL, edits=first.message_id, message_id=first.message_id)
    await db.write(intake.take_in, edit, ids.fresh(), NOW + MINUTE)
    sari = await samples.officer(db)
    words = "Sudah ditelepon"
    await db.write(answer.note, str(number), sari, words, key="n", ids=ids.fresh(), now=NOW + 2 * MINUTE)
    current = await db.read(visits.open_of, number or 0)
    assert current is not None
    up = Choice(decision="lapor", visit=current.id, reason="perlu kebijakan")
    await decide.put(db, str(number), sari, up, key="", now=NOW + 20 * MINUTE)
    return str(number)


async def test_the_whole_case_is_in_it_and_its_hashes_are_the_chains(db: Database) -> None:
    number = await told(db)
    dian = await samples.officer(db, "lestari")

    found = await db.read(dossier.for_officer, dian, number, NOW + timedelta(hours=1))

    first = found.said[0]
    assert (first.message.text, [text for _, text in first.before]) == (HARMFUL, ["KRS saya kunci"])
    assert [file.file.sha256 for file in first.files] == ["ab" * 32]
    assert "Sudah ditelepon" in [each.message.text for each in found.said]
    decided = next(each for each in found.stays if each.visit.decision == "lapor")
    assert (decided.elapsed, decided.visit.reason, decided.who) == (20 * MINUTE, "perlu kebijakan", "Sari")
    for event in found.events:
        assert await db.read(trail.hash_of, event.number) == event.hash
    assert {"opened", "revised"} <= {event.kind for event in found.events}
    assert found.head == await db.read(trail.head)


async def test_a_long_case_is_whole_too(db: Database) -> None:
    await samples.small_office(db)
    for n in range(dossier.PAGE + 5):
        number = await db.write(intake.take_in, incoming(f"kata {n}"), ids.fresh(), NOW + n * MINUTE)

    found = await db.read(_whole, str(number))

    said = [each.message.text for each in found.said if each.message.direction == "in"]
    assert said == [f"kata {n}" for n in range(dossier.PAGE + 5)]
    assert len(found.events) > dossier.PAGE


def _whole(view: View, number: str) -> dossier.Dossier:
    ticket = tickets.find(view, int(number))
    assert ticket is not None
    return dossier.whole(view, ticket, NOW)


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        assert not {name for name, _ in attrs} & {"src", "href"}


async def test_the_page_needs_nothing_beside_itself_and_runs_nothing(sqlite: Database) -> None:
    number = await told(sqlite)
    found = await sqlite.read(_whole, number)

    page = dossier_page.html(found, "UC3 <Universitas>", "id")

    tags = Tags()
    tags.feed(page)
    assert "script" not in tags.seen and "&lt;script&gt;" in page
    assert "ab" * 32 in page and found.events[0].hash in page
    assert "20 mnt kerja" in page and "KRS saya kunci</del>" in page


async def test_only_who_may_export_takes_a_case_out(sqlite: Database) -> None:
    number = await told(sqlite)
    for login, refusal in (("sari", NotAllowed), ("budi", NotFound)):
        officer = await samples.officer(sqlite, login)
        with pytest.raises(refusal):
            await sqlite.read(dossier.for_officer, officer, number, NOW)
