"""The desk on which the matrix of rights is tried: two cases and what lies around them."""

from collections.abc import Callable
from typing import Any, NamedTuple

from msgspec import to_builtins

from desk import (
    answer,
    categories,
    doors,
    drafting,
    form,
    inbound,
    provider_templates,
    sending,
    templates,
)
from desk.form import Form
from sop.delivery import Sent
from sop.messages import Receipt
from sop.office import Category
from sop.officer import Officer
from store import calls, cases, outbox
from store import office as offices
from store import roster as seats
from store.db import Change, View
from tests import samples
from tests.samples import MINUTE, NOW, ids

LATER = NOW + MINUTE


class Scene(NamedTuple):
    """A case of Kantor Pusat that stands with the wakil koordinator, one with the narahubung, and what lies around."""

    up: str
    here: str
    visit: int
    letter: int
    call: int
    parked: int
    template: int
    vacancy: int
    seat: int
    source: str
    merged: int
    door: str


class Row(NamedTuple):
    """`may`: for whom the same call is in order. `also`: those of `STRANGERS` who may as well, for the reason beside it."""

    act: Callable[[Change, Scene, Officer], object]
    may: str
    also: tuple[str, ...] = ()


def counter_form(key: str) -> Form:
    return Form(key=key, text="Surat saya belum jadi", contact="+6281233344712", facts={"source": "telepon"})


OFFICE = samples.OFFICE + (
    "  - {nama_pengguna: wira, nama: Wira, jabatan: Wakil Koordinator, peran: [{lajur: wk, unit: pusat}]}\n"
    "  - {nama_pengguna: dian, nama: Dian, peran: [{lajur: auditor}]}\n"
    "  - {nama_pengguna: yusuf, nama: Yusuf, peran: [{lajur: sysadmin}]}\n"
    "  - {nama_pengguna: fitri, nama: Fitri, peran: [{lajur: supervisor, unit: feb}]}\n"
)


def category_of(view: View, code: str) -> Category:
    return next(each for each in offices.current(view).categories.values() if each.code == code)


def furnished(change: Change, source: str) -> dict[str, Any]:
    """A letter that failed, a vacancy, a held message, a template that waits."""
    outbox.give_up(change, 1, state=Sent.FAILED, error="diblokir")
    provider_templates.seed(change, {"late_answer": "HX" + "0" * 32}, NOW)
    cases.add_vacancy(change, lane="biro", unit=1, reason="pensiun", from_at=NOW, until_at=None)
    inbound.park(change, "telegram", "u-9", b"{}", to_builtins(samples.incoming("Lagi")), "KeyError", NOW)
    lestari = samples._officer(change, "lestari", NOW)
    number = templates.save(change, lestari, code="sandi", name="Sandi", body="Baru.", language="id", now=NOW)
    drafting.save(change, lestari, source, NOW)
    doors.open_door(change, lestari, "door-of-pusat", "Loket", "pusat", "", NOW)
    merged = categories.create(change, lestari, Category(id=0, code="lama", name="Lama"), NOW)
    categories.merge(change, lestari, merged, category_of(change, "akun").id, NOW)
    ticket = form.key_in(change, counter_form("counter"), samples._officer(change, "sari", NOW), ids(), NOW)
    sari = samples._officer(change, "sari", NOW)
    answer.reply(change, ticket.number, sari, "Sudah jadi.", key="", ids=ids(), now=NOW)
    for _ in range(2):  # the confirmation, then the answer
        for letter in outbox.claim(change, "counter", LATER, 10):
            sending.sent(change, letter, Receipt(external_id=str(letter.id), state="by_hand"), NOW)
    seat = next(each.id for each in seats.seats(change, LATER) if each.lane == "koor")
    vacancy = int(cases.vacancies(change, LATER)[0]["id"])
    return {
        "template": number,
        "call": calls.due(change)[0].id,
        "seat": seat,
        "vacancy": vacancy,
        "door": "door-of-pusat",
        "merged": merged,
    }
