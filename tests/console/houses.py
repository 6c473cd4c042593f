"""Two units that have one of each thing, so that what is one's own is the other's foreign."""

from collections.abc import AsyncIterator
from typing import Any

from msgspec import Struct, to_builtins

from console.person import claim_mark
from desk import (
    answer,
    casework,
    decide,
    doors,
    drafting,
    form,
    ids,
    inbound,
    mail_lists,
    provider_templates,
    publication_steps,
    publishing,
    sending,
    staff,
    targets,
    templates,
    topics,
    views,
)
from desk.decide import Choice
from desk.desk import Desk
from desk.form import Form
from desk.mail_lists import Wish
from desk.publishing import Request
from sop.delivery import Sent
from sop.filters import Filters
from sop.identity import Claim, Trait
from sop.messages import File, Kind, Receipt
from sop.officer import Officer
from sop.publication import Publication
from store import attachments, calls, cases, messages, narrations, outbox, sessions, tickets, visits
from store import office as offices
from store import roster as seats
from store.db import Change, View
from store.sessions import Session
from tests import samples
from tests.samples import NOW

NIM = "221040037"


class Thing(Struct, frozen=True, kw_only=True):
    """What a unit has, by what pages ask for. The defaults are there nowhere."""

    number: str = "9999"
    token: str = "x" * 22
    link: str = "x" * 22
    door: str = "x" * 22
    file: int = 9999
    call: int = 9999
    letter: int = 9999
    template: int = 9999
    seat: int = 9999
    vacancy: int = 9999
    session: str = "0" * 64
    visit: int = 9999
    decision: str = "jawab"
    parked: int = 9999
    unit: str = "tidakada"
    unit_id: int = 9999
    login: str = "tidakada"
    calendar: str = "tidakada"
    sop: str = "tidakada"
    source: str = ""
    claim: str = "0" * 16
    category: int = 9999
    target: int = 9999
    view: int = 9999
    publication: str = "P-9999"
    stay: int = 9999
    enclosure: int = 9999
    humas: int = 9999
    place: int = 9999
    topic: int = 9999
    wish: str = "x" * 22


async def furnished(desk: Desk, unit: str, agent: str, sop: str) -> Thing:
    """A case of that unit that its agent passed up the ladder, and one of each other thing."""
    actor = await samples.officer(desk.db, agent)
    report = Form(
        key=f"report-of-{unit}",
        text="Loket tutup",
        unit=unit,
        claims=(Claim(Trait.NIM, NIM),),
        files=(await _photo(desk),),
    )
    ticket = await desk.db.write(form.report, report, "somewhere", ids.fresh(), NOW, NOW)
    first = await desk.db.read(visits.open_of, ticket.id)
    assert first is not None
    up = Choice(decision="lapor", visit=first.id, reason="perlu kebijakan")
    await decide.put(desk.db, ticket.number, actor, up, key="", now=NOW)
    link = f"a-link-of-{unit}-that-nobody-guesses"
    await desk.db.write(casework.offer_link, ticket.number, actor, "Ibu Ani", link, NOW)
    door = f"a-door-of-{unit}"
    await desk.db.write(
        doors.open_door, await samples.officer(desk.db, "lestari"), door, "Loket", unit, "", NOW
    )
    around = await desk.db.write(_around, unit, actor, ticket.id, sop)
    around |= await _publication(desk, unit)
    return Thing(
        number=ticket.number,
        token=ticket.token,
        link=link,
        door=door,
        unit=unit,
        login=agent,
        sop=sop,
        calendar="kantor",
        claim=claim_mark("nim", NIM),
        **around,
    )


async def _publication(desk: Desk, unit: str) -> dict[str, Any]:
    """An announcement that was asked of the unit's Humas; it stands with the first lane."""
    office = await desk.db.read(offices.current)
    humas = next((each.id for each in office.units.values() if each.code == f"humas-{unit}"), None)
    if humas is None:
        return {}
    lestari = await samples.officer(desk.db, "lestari")
    letter = await _photo(desk)
    wanted = Request(subject="Libur", text="Kampus libur.", unit=humas, letters=(letter,))
    asked = await desk.db.write(publishing.request, lestari, wanted, key="", now=NOW)
    place = await desk.db.write(targets.add_hand, lestari, unit=humas, name=f"Mading {unit}", now=NOW)
    topic = await desk.db.write(
        topics.create, lestari, code=f"topik-{unit}", name=f"Topik {unit}", unit=humas, channels=(), now=NOW
    )
    wish = f"a-wish-at-{unit}-that-nobody-guesses"
    wanted_mail = Wish(
        address=f"ani@{unit}.example", topics=(topic,), token=wish, link=f"/langganan/{wish}", language="id"
    )
    await desk.db.write(mail_lists.ask, wanted_mail, "somewhere", NOW, NOW)
    standing = await desk.db.read(_standing, asked)
    return standing | {"humas": humas, "place": place, "topic": topic, "wish": wish}


def _standing(view: View, asked: Publication) -> dict[str, Any]:
    stay = publication_steps.open_of(view, asked)
    assert stay is not None
    letter = narrations.enclosures(view, asked.id)[0]
    return {"publication": asked.number, "stay": stay.id, "enclosure": letter.id}


async def _photo(desk: Desk) -> File:
    async def content() -> AsyncIterator[bytes]:
        yield b"\xff\xd8\xff\xd9"

    kept = await desk.files.keep(content(), limit=10)
    return File(
        kind=Kind.PHOTO,
        name="foto.jpg",
        content_type="image/jpeg",
        size=kept.size,
        path=kept.path,
        sha256=kept.sha256,
    )


def _around(change: Change, unit: str, actor: Officer, ticket: int, sop: str) -> dict[str, Any]:
    office = offices.current(change)
    number = next(each.id for each in office.units.values() if each.code == unit)
    lestari = samples._officer(change, "lestari", NOW)
    source = next(text for one, text in offices.sources(change, office) if one.code == sop)
    drafting.save(change, lestari, source, NOW)
    letter = change.all("SELECT id FROM outbox WHERE ticket_id = :ticket ORDER BY id", ticket=ticket)[0]["id"]
    outbox.give_up(change, letter, state=Sent.FAILED, error="diblokir")
    provider_templates.seed(change, {"late_answer": "HX" + "0" * 32}, NOW)
    cases.add_vacancy(change, lane="wr", unit=number, reason="pensiun", from_at=NOW, until_at=None)
    raw = to_builtins(samples.incoming("Lagi"))
    inbound.park(change, "telegram", f"u-{unit}", b"{}", raw, "KeyError", NOW)
    session = Session(
        officer=actor.id, form_token="f", opened_at=NOW, seen_at=NOW, ends_at=NOW + staff.LONGEST
    )
    sessions.add(change, staff.hashed(f"session-{unit}"), session)
    staff.add(change, login=f"cadangan-{unit}", name="Cadangan", password_hash="", now=NOW)
    staff.grant(change, f"cadangan-{unit}", lane="rektor", unit=unit, now=NOW)
    template = templates.save(
        change, lestari, code=f"t-{unit}", name="Baik", body="Baik.", language="id", now=NOW, unit=number
    )
    view = views.save(change, lestari, f"v-{unit}", Filters(tab="all"), unit, key="", now=NOW)
    said = messages.of_ticket(change, ticket)
    photo = said[0].attachments[0]
    attachments.looked_at(
        change, photo.id, content_type="image/jpeg", kind=Kind.PHOTO, thumbnail=photo.file.path
    )
    stand = decide.buttons(change, tickets.find(change, ticket))  # type: ignore[arg-type]  # it is there
    assert stand is not None
    return {
        "unit_id": number,
        "category": next(each.id for each in office.categories.values() if each.unit == number),
        "target": next(each.id for each in office.categories.values() if each.unit is None),
        "letter": letter,
        "vacancy": _newest(change, "vacancy"),
        "parked": _newest(change, "parked"),
        "seat": next(
            each.id for each in seats.seats(change, NOW) if each.unit == number and each.lane == "rektor"
        ),
        "session": staff.hashed(f"session-{unit}"),
        "template": template,
        "view": view,
        "call": _call(change, unit, actor),
        "file": photo.id,
        "visit": stand[0].id,
        "decision": stand[1][0].id,
        "source": source,
    }


def _newest(view: View, table: str) -> int:
    return max(int(row["id"]) for row in view.all(f"SELECT id FROM {table}"))


def _call(change: Change, unit: str, actor: Officer) -> int:
    """An answer at the counter that somebody has to call with."""
    keyed = Form(key=f"counter-of-{unit}", text="Surat belum jadi", contact="+6281233344712", unit=unit)
    ticket = form.key_in(change, keyed, actor, ids.fresh(), NOW)
    answer.reply(change, ticket.number, actor, "Sudah jadi.", key="", ids=ids.fresh(), now=NOW)
    for _ in range(2):  # the confirmation, then the answer
        for letter in outbox.claim(change, "counter", NOW, 10):
            sending.sent(change, letter, Receipt(external_id=str(letter.id), state="by_hand"), NOW)
    return next(each.id for each in calls.due(change) if each.ticket == ticket.id)
