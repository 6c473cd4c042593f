"""Who may call which act of the desk: each that a page or a bot calls for an officer has its row (P15)."""

from datetime import date

from msgspec.structs import replace

from desk import (
    accounts,
    anchoring,
    answer,
    asking,
    bringing_replies,
    call_tasks,
    casework,
    categories,
    closing,
    decide,
    decreeing,
    doors,
    drafting,
    erasing,
    evidence,
    factors,
    first_run,
    following,
    form,
    inbound,
    linking,
    merging,
    prepared,
    provider_templates,
    roster,
    sending,
    splitting,
    staff,
    suggesting,
    targets,
    templates,
    topics,
    triage,
    undoing,
    units,
    views,
    watching,
)
from desk.decide import Choice
from desk.reply_archive import Packed
from sop.filters import Filters
from sop.messages import File, Kind
from sop.office import Category
from sop.office_file import TemplateLine
from sop.officer import Officer
from sop.place import Inspection
from store import prepared as waiting
from store import targets as places
from store import tickets
from store import views as kept
from store.db import Change, View
from tests import samples
from tests.desk.rights_scene import LATER, Row, Scene, category_of, counter_form
from tests.samples import NOW, ids

LINE = TemplateLine(
    code="impor", name="Impor", language="id", body="Baik.", unit="", category="", harmless=False
)


PLACE = Inspection(address="-1001", kind="channel", name="Kabar", state="ready")


PHOTO = File(kind=Kind.PHOTO, name="sesudah.jpg", content_type="image/jpeg", size=1, path="aa/aa", sha256="0")


OWN = {
    "staff.set_language",
    "own.end_session",
    "factors.confirm",
    "factors.remove",
    "factors.finish_first",
}  # of the actor's own account, whoever that is


RECORDS = {"decide.refused"}  # notes in the chain that somebody was refused


def _place(change: Change) -> int:
    """A channel of Kantor Pusat."""
    return places.add(
        change, kind="channel", channel="telegram", address="-1", name="K", topic=None, unit=1, at=NOW
    )


def _topic(change: Change) -> int:
    found = places.add_topic(change, code="wisuda", name="Wisuda", unit=1)
    assert found is not None
    return found


def _view(change: Change) -> int:
    """A list that the unit's leader shared."""
    sari = samples._officer(change, "sari", NOW)
    return kept.add(change, officer=sari.id, name="v", filters="", unit=1, shared=True, at=NOW)


def _choice(view: View, scene: Scene) -> Choice:
    case = tickets.find(view, int(scene.up))
    found = case and decide.buttons(view, case)
    assert found
    return Choice(decision=found[1][0].id, visit=scene.visit, reason="Sesuai kebijakan.")


def _called_off(change: Change, scene: Scene, actor: Officer) -> None:
    sari = samples._officer(change, "sari", NOW)
    prepared.prepare(change, scene.up, sari, "Baik.", key="", now=LATER)
    waits = waiting.of_ticket(change, int(scene.up))
    assert waits is not None
    prepared.cancel(change, scene.up, actor, waits.id, now=LATER)


def _taken_back(change: Change, scene: Scene, actor: Officer) -> None:
    """Only who wrote it."""
    sari = samples._officer(change, "sari", NOW)
    answer.reply(change, scene.up, sari, "Baik.", key="", ids=ids(), now=LATER, undo=undoing.UNDO)
    row = change.one("SELECT max(id) AS id FROM message")
    assert row is not None
    undoing.take_back(change, scene.up, actor, int(row["id"]), now=LATER)


ROWS: dict[str, Row] = {
    "accounts.edit": Row(
        lambda c, s, a: accounts.edit(c, a, "sari", name="Sari", title="", language="id", now=LATER),
        "lestari",
    ),
    "accounts.close": Row(lambda c, s, a: accounts.close(c, a, "hendra", LATER), "lestari"),
    "accounts.reopen": Row(lambda c, s, a: accounts.reopen(c, a, "sari", LATER), "lestari"),
    "accounts.end_session": Row(
        lambda c, s, a: accounts.end_session(c, a, "sari", "0" * 64, LATER, LATER), "lestari"
    ),
    "accounts.end_sessions": Row(lambda c, s, a: accounts.end_sessions(c, a, "sari", LATER), "lestari"),
    "accounts.link_subject": Row(
        lambda c, s, a: accounts.link_subject(c, a, "sari", "sub-1", LATER), "lestari"
    ),
    "accounts.offer_reset": Row(
        lambda c, s, a: accounts.offer_reset(c, a, "sari", f"t-{a.login}", True, LATER, LATER), "lestari"
    ),
    "factors.ask_of_all": Row(lambda c, s, a: factors.ask_of_all(c, a, False, LATER), "lestari"),
    "casework.end_link": Row(lambda c, s, a: casework.end_link(c, s.up, a, "0" * 64, LATER), "sari"),
    "answer.reply": Row(
        lambda c, s, a: answer.reply(c, s.up, a, "Sedang kami periksa.", key="k", ids=ids(), now=LATER),
        "sari",
    ),
    "answer.note": Row(
        lambda c, s, a: answer.note(c, s.up, a, "Tanya BAAK", key="k", ids=ids(), now=LATER), "sari"
    ),
    "answer.save_draft": Row(
        lambda c, s, a: answer.save_draft(c, s.up, a, "answer", "Baik", now=LATER), "sari"
    ),
    "asking.ask": Row(
        lambda c, s, a: asking.ask(c, s.here, a, "NIM Anda?", key="k", ids=ids(), now=LATER), "sari"
    ),
    "call_tasks.told": Row(lambda c, s, a: call_tasks.told(c, s.call, a, key="k", now=LATER), "sari"),
    "call_tasks.missed": Row(lambda c, s, a: call_tasks.missed(c, s.call, a, key="k", now=LATER), "sari"),
    "categories.create": Row(
        lambda c, s, a: categories.create(c, a, Category(id=0, code=f"baru-{a.login}", name="Baru"), LATER),
        "lestari",
    ),
    "categories.save": Row(
        lambda c, s, a: categories.save(c, a, replace(category_of(c, "akun"), name="Sandi"), LATER), "lestari"
    ),
    "categories.merge": Row(
        lambda c, s, a: categories.merge(
            c, a, category_of(c, "akun").id, category_of(c, "akademik").id, LATER
        ),
        "lestari",
    ),
    "categories.part": Row(lambda c, s, a: categories.part(c, a, s.merged, LATER), "lestari"),
    "categories.retire": Row(
        lambda c, s, a: categories.retire(c, a, category_of(c, "akun").id, LATER), "lestari"
    ),
    "categories.revive": Row(
        lambda c, s, a: categories.revive(c, a, category_of(c, "akun").id, LATER), "lestari"
    ),
    "casework.edit_form": Row(
        lambda c, s, a: casework.edit_form(c, s.up, a, "Keluhan.", frozenset(), now=LATER), "sari"
    ),
    "casework.offer_link": Row(
        lambda c, s, a: casework.offer_link(c, s.up, a, "Pak Anu", "x", LATER), "sari"
    ),
    "casework.register_vacancy": Row(
        lambda c, s, a: casework.register_vacancy(c, a, "biro", None, "pensiun", None, LATER), "lestari"
    ),
    "casework.end_vacancy": Row(lambda c, s, a: casework.end_vacancy(c, a, s.vacancy, LATER), "lestari"),
    "closing.close": Row(lambda c, s, a: closing.close(c, s.up, a, key="k", now=LATER), "sari"),
    "closing.reopen": Row(lambda c, s, a: closing.reopen(c, s.up, a, key="k", now=LATER), "sari"),
    "decide.by_officer": Row(
        lambda c, s, a: decide.by_officer(c, s.up, a, _choice(c, s), key="k", ids=ids(), now=LATER),
        "wira",
        also=("wira",),  # the ball is theirs
    ),
    "decreeing.add_closure": Row(
        lambda c, s, a: decreeing.add_closure(c, a, "kantor", date(2026, 3, 9), "SE 1", NOW.date(), LATER),
        "lestari",
    ),
    "doors.open_door": Row(
        lambda c, s, a: doors.open_door(c, a, "a-new-door", "Loket", "pusat", "", LATER), "lestari"
    ),
    "doors.retire": Row(lambda c, s, a: doors.retire(c, a, s.door, LATER), "lestari"),
    "drafting.save": Row(
        lambda c, s, a: drafting.save(c, a, s.source, LATER),
        "lestari",
        also=("fitri",),  # a draft binds nobody
    ),
    "drafting.drop": Row(
        lambda c, s, a: drafting.drop(c, a, "uc3-kantor-pusat", LATER), "lestari", also=("fitri",)
    ),
    "drafting.put_in_force": Row(
        lambda c, s, a: drafting.put_in_force(
            c, a, "uc3-kantor-pusat", date(2026, 6, 1), "Asia/Jakarta", LATER
        ),
        "lestari",
    ),
    "erasing.erase_ticket": Row(
        lambda c, s, a: erasing.erase_ticket(c, s.up, a, s.up, "Salah kirim", key="k", now=LATER), "lestari"
    ),
    "erasing.erase_person": Row(
        lambda c, s, a: erasing.erase_person(c, s.up, a, s.up, "Permintaan", key="k", now=LATER), "lestari"
    ),
    "erasing.hold": Row(lambda c, s, a: erasing.hold(c, s.up, a, "Sengketa", key="k", now=LATER), "lestari"),
    "erasing.lift": Row(lambda c, s, a: erasing.lift(c, s.up, a, key="k", now=LATER), "lestari"),
    "evidence.attach": Row(
        lambda c, s, a: evidence.attach(c, s.up, a, [PHOTO], "", key="k", ids=ids(), now=LATER),
        "wira",
        also=("wira",),  # the ball is theirs
    ),
    "form.key_in": Row(
        lambda c, s, a: form.key_in(c, counter_form(f"counter-{a.login}"), a, ids(), LATER),
        "sari",
        also=("budi", "fitri"),  # who comes to any counter is heard there
    ),
    "inbound.drive_again": Row(
        lambda c, s, a: inbound.drive_again(c, s.parked, a, ids(), LATER),
        "lestari",
        also=("fitri",),  # of no unit yet
    ),
    "inbound.drop": Row(lambda c, s, a: inbound.drop(c, s.parked, a, LATER), "lestari", also=("fitri",)),
    "roster.add": Row(
        lambda c, s, a: roster.add(
            c, a, login=f"baru-{a.login}", name="Baru", title="", password_hash="", now=LATER
        ),
        "lestari",
        also=("fitri",),  # somebody without a seat may do nothing yet
    ),
    "roster.seat": Row(
        lambda c, s, a: roster.seat(
            c,
            a,
            a.login,
            lane="supervisor",
            unit="pusat",
            from_at=LATER,
            until_at=None,
            deputy_of="",
            decree="",
            now=LATER,
        ),
        "lestari",
    ),
    "roster.set_present": Row(lambda c, s, a: roster.set_present(c, a, "sari", False, LATER), "lestari"),
    "roster.unseat": Row(lambda c, s, a: roster.unseat(c, a, s.seat, LATER), "lestari"),
    "sending.send_again": Row(lambda c, s, a: sending.send_again(c, s.letter, a, LATER), "sari"),
    "sending.edit_and_resend": Row(
        lambda c, s, a: sending.edit_and_resend(c, s.letter, a, "Kata lain.", key="k", now=LATER), "sari"
    ),
    "sending.by_other_way": Row(
        lambda c, s, a: sending.by_other_way(c, s.letter, a, None, key="k", now=LATER), "sari"
    ),
    "sending.settle": Row(lambda c, s, a: sending.settle(c, s.letter, a, key="k", now=LATER), "sari"),
    "provider_templates.add": Row(
        lambda c, s, a: provider_templates.add(
            c, a, f"HX{a.id:032}", purpose="", name="Jawaban", language="id", holes=(), now=LATER
        ),
        "lestari",
    ),
    "provider_templates.edit": Row(
        lambda c, s, a: provider_templates.edit(
            c, a, 1, purpose="", name="Jawaban", language="id", holes=(), now=LATER
        ),
        "lestari",
    ),
    "provider_templates.set_active": Row(
        lambda c, s, a: provider_templates.set_active(c, a, 1, False, LATER), "lestari"
    ),
    "provider_templates.ask_now": Row(lambda c, s, a: provider_templates.ask_now(c, a), "lestari"),
    "anchoring.choose": Row(lambda c, s, a: anchoring.choose(c, a, "", LATER), "lestari"),
    "first_run.dismiss": Row(lambda c, s, a: first_run.dismiss(c, a, False, LATER), "lestari"),
    "suggesting.switch": Row(lambda c, s, a: suggesting.switch(c, a, False, LATER), "lestari"),
    "targets.add_place": Row(
        lambda c, s, a: targets.add_place(c, a, unit=1, typed="@kabar", found=PLACE, now=LATER), "lestari"
    ),
    "targets.add_hand": Row(
        lambda c, s, a: targets.add_hand(c, a, unit=1, name="Mading", now=LATER), "lestari"
    ),
    "targets.rename": Row(lambda c, s, a: targets.rename(c, a, _place(c), "Kabar", LATER), "lestari"),
    "targets.retire": Row(lambda c, s, a: targets.retire(c, a, _place(c), LATER), "lestari"),
    "targets.revive": Row(lambda c, s, a: targets.revive(c, a, _place(c), LATER), "lestari"),
    "targets.note": Row(lambda c, s, a: targets.note(c, a, _place(c), PLACE, LATER), "lestari"),
    "topics.create": Row(
        lambda c, s, a: topics.create(c, a, code="t", name="T", unit=1, channels=(), now=LATER), "lestari"
    ),
    "topics.revise": Row(
        lambda c, s, a: topics.revise(c, a, _topic(c), name="U", active=True, now=LATER), "lestari"
    ),
    "topics.hear": Row(lambda c, s, a: topics.hear(c, a, _topic(c), "mail", LATER), "lestari"),
    "units.create": Row(
        lambda c, s, a: units.create(
            c, a, units.Sheet(code=f"baru-{a.login}", name="Baru"), LATER, "Asia/Jakarta"
        ),
        "lestari",
    ),
    "units.save": Row(
        lambda c, s, a: units.save(c, a, units.Sheet(code="pusat", name="Pusat"), LATER, "Asia/Jakarta"),
        "lestari",
    ),
    "prepared.prepare": Row(lambda c, s, a: prepared.prepare(c, s.up, a, "Baik.", key="", now=LATER), "sari"),
    "prepared.cancel": Row(lambda c, s, a: _called_off(c, s, a), "sari"),
    "undoing.take_back": Row(lambda c, s, a: _taken_back(c, s, a), "sari"),
    "views.save": Row(
        lambda c, s, a: views.save(c, a, "Semua", Filters(tab="all"), "pusat", key="k", now=LATER), "lestari"
    ),
    "views.rename": Row(lambda c, s, a: views.rename(c, a, _view(c), "Lain"), "lestari"),
    "views.drop": Row(lambda c, s, a: views.drop(c, a, _view(c)), "lestari"),
    "watching.here": Row(lambda c, s, a: watching.here(c, s.up, a, typing=True, now=LATER), "sari"),
    "bringing_replies.bring_in": Row(
        lambda c, s, a: bringing_replies.bring_in(c, a, [Packed(LINE)], {}, LATER), "lestari"
    ),
    "templates.agree": Row(lambda c, s, a: templates.agree(c, a, s.template, LATER), "lestari"),
    "templates.approve": Row(lambda c, s, a: templates.approve(c, a, s.template, LATER), "lestari"),
    "templates.save": Row(
        lambda c, s, a: templates.save(
            c, a, code="semua", name="Semua", body="Baik.", language="id", now=LATER
        ),
        "lestari",
    ),
    "templates.withdraw": Row(lambda c, s, a: templates.withdraw(c, a, s.template, LATER), "lestari"),
    "following.follow": Row(
        lambda c, s, a: following.follow(c, s.here, a, LATER),
        "sari",
        also=("dian",),  # who reads may follow
    ),
    "following.unfollow": Row(
        lambda c, s, a: following.unfollow(c, s.here, a, LATER), "sari", also=("dian",)
    ),
    "linking.link": Row(lambda c, s, a: linking.link(c, s.up, a, s.here, key="k", now=LATER), "sari"),
    "linking.undo": Row(lambda c, s, a: linking.undo(c, s.up, a, 1, key="k", now=LATER), "sari"),
    "linking.unlink": Row(lambda c, s, a: linking.unlink(c, s.up, a, 1, key="k", now=LATER), "sari"),
    "merging.merge": Row(lambda c, s, a: merging.merge(c, s.up, a, s.here, key="k", now=LATER), "sari"),
    "merging.undo": Row(lambda c, s, a: merging.undo(c, s.up, a, key="k", now=LATER), "sari"),
    "splitting.split": Row(
        lambda c, s, a: splitting.split(c, s.up, a, {1}, "", key="k", ids=ids(), now=LATER), "sari"
    ),
    "splitting.undo": Row(lambda c, s, a: splitting.undo(c, s.up, a, key="k", now=LATER), "sari"),
    "staff.offer_group_code": Row(
        lambda c, s, a: staff.offer_group_code(c, a, "pusat", "KODE", LATER), "lestari"
    ),
    "triage.assign": Row(lambda c, s, a: triage.assign(c, s.up, a, "sari", key="k", now=LATER), "lestari"),
    "triage.check_identity": Row(
        lambda c, s, a: triage.check_identity(
            c, s.up, a, kind="nim", value="221040037", valid=True, how="Kartu", key="k", now=LATER
        ),
        "sari",
    ),
    "triage.read": Row(lambda c, s, a: triage.read(c, s.here, a), "sari"),
    "triage.tag": Row(lambda c, s, a: triage.tag(c, s.up, a, "akun", key="k", now=LATER), "sari"),
    "triage.take": Row(lambda c, s, a: triage.take(c, s.here, a, key="k", now=LATER), "sari"),
    "triage.untag": Row(lambda c, s, a: triage.untag(c, s.up, a, "akademik", key="k", now=LATER), "sari"),
}
