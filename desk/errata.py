"""After an announcement has gone out (SOP PKIH HUM-02): an erratum, a withdrawal, a trial to oneself beforehand.

An erratum is written by a lane of the chain and goes out when the checking lane finds it fit. A withdrawal is the
checking lane's or the supervisor's own word and waits for nobody.
"""

from datetime import datetime

from desk import announcing, once, publication_notify, publication_seeing, publishing
from sop.announcement import NotCarried, as_caption, refusal
from sop.errors import N_, DeskError, NotAllowed
from sop.messages import Outgoing
from sop.officer import Officer, Right
from sop.preview import CAPTION
from sop.publication import LONGEST, NarrationMissing, Publication, check_step, publishes
from sop.text import clean, utf16_length
from store import narrations, officers, outbox, publications, pushes, targets, trail
from store import office as offices
from store.db import Change, View
from store.pushes import Push

CASE = publications.CASE
CORRECT = N_(
    "Publikasi {number} diralat. Perbarui juga dengan tangan di: {places}. Lalu catat lagi tempatnya."
)
TAKE_DOWN = N_(
    "Publikasi {number} ditarik. Turunkan juga dengan tangan di: {places}. Lalu catat lagi tempatnya."
)
CHATS = ("humas", "staff")  # whose linked chat is the officer's own, the first that is there


class NotOut(DeskError):
    def __init__(self, number: str) -> None:
        super().__init__(
            N_("Publikasi {number} belum selesai disebar; tunggu sampai selesai atau hentikan dahulu."),
            number=number,
        )


class ErratumWaits(DeskError):
    def __init__(self, number: str) -> None:
        super().__init__(
            N_(
                "Publikasi {number} masih memiliki ralat yang belum selesai; selesaikan atau batalkan dahulu."
            ),
            number=number,
        )


class NoErratum(DeskError):
    def __init__(self, number: str) -> None:
        super().__init__(N_("Tidak ada ralat publikasi {number} yang menunggu persetujuan."), number=number)


class NotTheChecker(DeskError):
    """The lane that finds a narration fit (step 4) does so for its corrections too."""

    def __init__(self, number: str) -> None:
        super().__init__(
            N_("Ralat publikasi {number} disetujui oleh pelaksana pemeriksa narasi."), number=number
        )


class NoOwnChat(DeskError):
    def __init__(self) -> None:
        super().__init__(
            N_("Tautkan bot petugas atau bot Humas dahulu di Profil; uji kirim menuju obrolan Anda.")
        )


def propose(
    change: Change, number: str, actor: Officer, text: str, *, key: str, now: datetime
) -> Publication:
    """Write an erratum: what the announcement says from now on. It waits for the checking lane.

    Raises NoSuchPublication, NotAllowed, NotOut, ErratumWaits, NarrationMissing, NotCarried.
    """
    publication = publication_seeing.get(change, number, visible_to=actor)
    if not publication_seeing.in_chain(offices.current(change), publication, actor):
        raise NotAllowed
    if not once.first(change, key, actor, now):
        return publication
    text = clean(text, LONGEST).strip()
    if not text:
        raise NarrationMissing
    last = _last_said(change, publication)
    _fits(change, publication, last, text)
    push = _plan(change, publication, "erratum", text, actor, now, state="proposed")
    publication_notify.erratum(change, publication, _checking(change, publication), text, now)
    _noted(change, publication, "erratum.proposed", actor, now, push=push)
    return publication


def approve(change: Change, number: str, actor: Officer, *, key: str, now: datetime) -> Publication:
    """The checking lane finds it fit; it goes out. Raises NoSuchPublication, NotTheChecker, NoErratum."""
    publication, push = _proposed(change, number, actor, key, now)
    if push is None:
        return publication
    pushes.approve(change, push.id, actor.id, now)
    _hands(change, publication, CORRECT, now)
    _answered(change, publication, push, actor, N_("Ralat publikasi {number} disetujui oleh {who}."), now)
    _noted(change, publication, "erratum.approved", actor, now, push=push.id)
    return publication


def reject(change: Change, number: str, actor: Officer, *, key: str, now: datetime) -> Publication:
    """It does not go out. Raises NoSuchPublication, NotTheChecker, NoErratum."""
    publication, push = _proposed(change, number, actor, key, now)
    if push is None:
        return publication
    pushes.set_state(change, push.id, "stopped", ended_at=now)
    _answered(
        change, publication, push, actor, N_("Ralat publikasi {number} tidak disetujui oleh {who}."), now
    )
    _noted(change, publication, "erratum.rejected", actor, now, push=push.id)
    return publication


def take_back(
    change: Change, number: str, actor: Officer, reason: str, *, key: str, now: datetime
) -> Publication:
    """The announcement is withdrawn everywhere: deleted where the channel lets us, else a word says so. `reason` is
    told with it. Raises NoSuchPublication, NotTheChecker, NotOut, ErratumWaits."""
    publication = publication_seeing.get(change, number, visible_to=actor)
    if not _checks(change, publication, actor) and not actor.has(Right.ATTEST, publication.unit):
        raise NotTheChecker(publication.number)
    if not once.first(change, key, actor, now):
        return publication
    _last_said(change, publication)
    push = _plan(change, publication, "withdrawal", clean(reason, 500).strip(), actor, now)
    _hands(change, publication, TAKE_DOWN, now)
    for each in pushes.of_publication(change, publication.id):
        if each.kind in ("pin", "unpin") and each.state == "planned":
            pushes.set_state(change, each.id, "stopped", ended_at=now)
    _noted(change, publication, "push.withdrawal", actor, now, push=push)
    return publication


def try_out(change: Change, number: str, actor: Officer, *, key: str, now: datetime) -> Publication:
    """The narration as it stands, to the officer's own chat by the subscribers' bot, exactly as Telegram will show it.

    Raises NoSuchPublication, NotAllowed, NoOwnChat, NarrationMissing, NotCarried.
    """
    publication = publication_seeing.get(change, number, visible_to=actor)
    if not publication_seeing.in_chain(offices.current(change), publication, actor):
        raise NotAllowed
    if not once.first(change, key, actor, now):
        return publication
    narration = narrations.get(change, publication.id, publication.version)
    text, files = narration.text if narration else "", announcing.files_of(change, publication.id)
    if not text and not files:
        raise NarrationMissing
    if reason := refusal("telegram", text, files):
        raise NotCarried("Telegram", reason)
    chat = next((c for bot in CHATS if (c := officers.chats_of(change, bot, [actor.id]).get(actor.id))), None)
    if chat is None:
        raise NoOwnChat
    outgoing: Outgoing = announcing.trial(text, files, chat)
    outbox.add(change, outgoing, now=now, kind="trial")
    _noted(change, publication, "push.tried", actor, now, version=publication.version)
    return publication


def waiting(view: View, publication: int) -> Push | None:
    """The erratum that waits for the checking lane."""
    found = (each for each in pushes.of_publication(view, publication) if each.state == "proposed")
    return next(found, None)


def may_approve(view: View, publication: Publication, actor: Officer) -> bool:
    return _checks(view, publication, actor)


def _last_said(view: View, publication: Publication) -> Push:
    """What it says now. Raises NotOut while it still goes out, ErratumWaits while a later word does."""
    past = pushes.of_publication(view, publication.id)
    out = [each for each in past if each.kind == "publish" and each.state == "done"]
    if not out or publication.published_at is None:
        raise NotOut(publication.number)
    later = [each for each in past if each.kind in ("erratum", "withdrawal")]
    if any(each.state not in ("done", "stopped") for each in later):
        raise ErratumWaits(publication.number)
    said = [each for each in later if each.state == "done"]
    if said and said[-1].kind == "withdrawal":
        raise NotOut(publication.number)
    return (out + said)[-1]


def _fits(view: View, publication: Publication, last: Push, text: str) -> None:
    """It takes the place of what stands: words under a picture stay short enough to be its caption."""
    brought = pushes.audience(view, publication.id)
    channels = {each.channel for each in targets.every(view) if each.id in brought}
    files = announcing.files_of(view, publication.id)
    first = pushes.of_publication(view, publication.id)[0]
    if "telegram" in channels and as_caption(first.text, files) and utf16_length(text) > CAPTION:
        raise NotCarried(
            "Telegram",
            N_("Naskah di bawah gambar paling panjang 1024 karakter. Ringkas ralatnya."),
        )
    for channel in sorted(channels):
        if reason := announcing.refused(view, publication, channel, text):
            raise NotCarried(channel, reason)


def _plan(
    change: Change,
    publication: Publication,
    kind: str,
    text: str,
    actor: Officer,
    now: datetime,
    *,
    state: str = "planned",
) -> int:
    total = pushes.arrived(change, publication.id)
    return pushes.plan(
        change, publication.id, kind, text, total=total, start_at=now, by=actor.id, state=state
    )


def _hands(change: Change, publication: Publication, words: str, now: datetime) -> None:
    """Where no channel reaches, the publishing lane's hands must: they are told, and their tasks are open again."""
    names = {each.id: each.name for each in targets.every(change)}
    places = [names[each.target] for each in pushes.by_hand(change, publication.id)]
    bound = offices.current(change).pinned(publication.procedure)
    step = next((each for each in bound.procedure.steps if publishes(each)), None) if bound else None
    if places and step is not None:
        people = officers.in_lane(change, step.lane, publication.unit, now)
        publication_notify.tell(
            change, people, words, now, number=publication.number, places=", ".join(places)
        )


def _answered(
    change: Change, publication: Publication, push: Push, actor: Officer, words: str, now: datetime
) -> None:
    """Who wrote it hears what became of it."""
    writer = officers.find(change, push.by, now) if push.by and push.by != actor.id else None
    if writer is not None:
        publication_notify.tell(change, [writer], words, now, number=publication.number, who=actor.name)


def _proposed(
    change: Change, number: str, actor: Officer, key: str, now: datetime
) -> tuple[Publication, Push | None]:
    publication = publication_seeing.get(change, number, visible_to=actor)
    if not _checks(change, publication, actor):
        raise NotTheChecker(publication.number)
    if not once.first(change, key, actor, now):
        return publication, None
    push = waiting(change, publication.id)
    if push is None:
        raise NoErratum(publication.number)
    return publication, push


def _checking(view: View, publication: Publication) -> str:
    """The lane that finds a narration fit; "" where the chain has none."""
    bound = offices.current(view).pinned(publication.procedure)
    step = check_step(bound.procedure) if bound else None
    return step.lane if step else ""


def _checks(view: View, publication: Publication, actor: Officer) -> bool:
    lane = _checking(view, publication)
    return bool(lane) and lane in actor.lanes(publication.unit)


def _noted(
    change: Change, publication: Publication, kind: str, actor: Officer, now: datetime, **facts: object
) -> None:
    trail.add(change, kind, now, actor=actor.id, ticket=publication.id, case_kind=CASE, **facts)
    publishing.tell(change, publication)
