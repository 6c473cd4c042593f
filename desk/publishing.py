"""A publication is asked for and written (SOP PKIH HUM-02, "surat permohonan publikasi"): request, narration, enclosures,
targets. What is changed after the check goes back to the check (P14)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from desk import audience, loose_files, once, publication_asker, publication_seeing, publication_steps
from desk.publication_seeing import in_chain
from sop import publication as rules
from sop.errors import N_, DeskError, NotAllowed
from sop.messages import File
from sop.officer import Officer, Right
from sop.publication import (
    NarrationMissing,
    NoSuchPublication,
    NotRunning,
    Publication,
    Status,
    SubjectMissing,
    WrittenMeanwhile,
)
from sop.text import clean, one_line
from store import narrations, publications, trail
from store import office as offices
from store import targets as places
from store.db import Change

CASE = publications.CASE
EARLY = timedelta(minutes=1)  # of what a wished time may lie behind: forms take a moment to send


class NotOffered(DeskError):
    """Another unit's, retired, or not there: all look the same."""

    def __init__(self) -> None:
        super().__init__(
            N_("Ada sasaran yang tidak tersedia untuk publikasi ini. Pilih lagi dari daftar sasarannya.")
        )


class NoChain(DeskError):
    def __init__(self) -> None:
        super().__init__(
            N_(
                "Belum ada unit Humas dengan SOP publikasi yang berlaku. Minta penyelia memasangnya di /prosedur."
            )
        )


class TimePast(DeskError):
    def __init__(self) -> None:
        super().__init__(N_("Waktu itu sudah lewat. Pilih waktu yang akan datang."))


class Request(Struct, frozen=True, kw_only=True):
    """A letter that asks for an announcement. `urgent`: its sifat is "segera", so clocks run around the clock."""

    subject: str
    text: str
    urgent: bool = False
    letter_number: str = ""
    letter_date: str = ""
    sender: str = ""
    wish: str = ""
    wished_at: datetime | None = None
    source: str = "console"
    unit: int | None = None
    ticket: int | None = None
    letters: Sequence[File] = ()
    pictures: Sequence[File] = ()


def request(
    change: Change, actor: Officer | None, wanted: Request, *, key: str, now: datetime
) -> Publication:
    """Open the case at the chain's first step. Raises SubjectMissing, NarrationMissing, TimePast, NoChain."""
    if actor and not once.first(change, key, actor, now):
        found = publications.find(change, int(once.answer(change, key, actor)["publication"]))
        assert found is not None
        return found
    publication = _opened(change, actor, wanted, now)
    publications.add(change, publication)
    text = clean(wanted.text, rules.LONGEST).strip()
    author = actor.id if actor else None
    narrations.add(change, publication.id, 1, text, author=author, note="", at=now)
    for role, files in (("letter", wanted.letters), ("picture", wanted.pictures)):
        for file in files:
            narrations.enclose(change, publication.id, role, file, by=author, at=now)
    publication = publication_steps.start(change, publication, now)
    publications.save(change, publication)
    trail.add(change, "requested", now, actor=author, ticket=publication.id, case_kind=CASE)
    if actor:
        once.keep(change, key, actor, publication=publication.id)
    tell(change, publication)
    return publication


def _opened(change: Change, actor: Officer | None, wanted: Request, now: datetime) -> Publication:
    subject = one_line(clean(wanted.subject, 300), 300)
    if not subject:
        raise SubjectMissing
    if not wanted.text.strip() and not wanted.pictures and not wanted.letters:
        raise NarrationMissing
    if wanted.wished_at is not None and wanted.wished_at < now - EARLY:
        raise TimePast
    chains = publication_seeing.chains(offices.current(change), now)
    unit, bound = next(
        ((unit, bound) for unit, bound in chains if wanted.unit in (None, unit.id)), (None, None)
    )
    if unit is None or bound is None:
        raise NoChain
    return Publication(
        id=publications.next_number(change),
        unit=unit.id,
        subject=subject,
        urgent=wanted.urgent,
        letter_number=one_line(wanted.letter_number, 80),
        letter_date=wanted.letter_date[:10],
        sender=one_line(wanted.sender, 200),
        wish=clean(wanted.wish, 1000),
        wished_at=wanted.wished_at,
        source=wanted.source,
        by=actor.id if actor else None,
        ticket=wanted.ticket,
        procedure=bound.id,
        opened_at=now,
        changed_at=now,
    )


def write(
    change: Change,
    number: str,
    actor: Officer,
    text: str,
    *,
    read: int,
    note: str = "",
    key: str,
    now: datetime,
) -> Publication:
    """A new version of the narration, by a lane of the chain or who asked. `read`: the version it was written upon.

    Raises NoSuchPublication, NotAllowed, NotRunning, NarrationMissing, and WrittenMeanwhile: then nothing is kept.
    """
    publication = editable(change, number, actor)
    if not once.first(change, key, actor, now):
        return publication
    text = clean(text, rules.LONGEST).strip()
    if not text and not any(each.role != "letter" for each in narrations.enclosures(change, publication.id)):
        raise NarrationMissing
    if read != publication.version:
        raise WrittenMeanwhile(publication.number, publication.version)
    kept = narrations.get(change, publication.id, publication.version)
    if kept is not None and kept.text == text:
        return publication
    after = _revised(change, publication, actor, text, one_line(note, 300), now)
    trail.add(change, "narrated", now, actor=actor.id, ticket=after.id, case_kind=CASE, version=after.version)
    return after


def enclose(
    change: Change, number: str, actor: Officer, role: str, files: Sequence[File], *, key: str, now: datetime
) -> Publication:
    """Add a letter, pictures or files. What goes out with the announcement makes a new version of it."""
    publication = editable(change, number, actor)
    if not files or not once.first(change, key, actor, now):
        return publication
    for file in files:
        narrations.enclose(change, publication.id, role, file, by=actor.id, at=now)
    trail.add(
        change,
        "enclosed",
        now,
        actor=actor.id,
        ticket=publication.id,
        case_kind=CASE,
        sha256=[each.sha256 for each in files],
    )
    return _carries_other(change, publication, actor, role, now)


def take_out(change: Change, number: str, actor: Officer, enclosure: int, *, now: datetime) -> Publication:
    """It goes out no more, and leaves the disk unless a ticket's message has it too. Raises NoSuchPublication for an
    enclosure of another case too."""
    publication = editable(change, number, actor)
    found = narrations.enclosure(change, enclosure)
    if found is None or found.publication != publication.id:
        raise NoSuchPublication(number)
    narrations.remove(change, enclosure, now)
    loose_files.let_go(change, [found.file])
    trail.add(
        change,
        "taken_out",
        now,
        actor=actor.id,
        ticket=publication.id,
        case_kind=CASE,
        sha256=found.file.sha256,
    )
    return _carries_other(change, publication, actor, found.role, now)


def choose_targets(
    change: Change, number: str, actor: Officer, targets: Sequence[int], *, now: datetime
) -> Publication:
    """Step 2 chooses the media ("pemilihan jenis sosial media"), of its unit's and the office's. After the check this is
    a new version too. Raises NotOffered, the same for another unit's as for one that is not there."""
    publication = editable(change, number, actor)
    if not in_chain(offices.current(change), publication, actor):
        raise NotAllowed
    chosen, before = sorted(set(targets)), publications.targets_of(change, publication.id)
    if chosen == before:
        return publication
    offered = {
        each.id for each in places.every(change) if each.active and each.unit in (None, publication.unit)
    }
    if set(chosen) - offered - set(before):
        raise NotOffered
    publications.choose_targets(change, publication.id, chosen)
    trail.add(change, "targeted", now, actor=actor.id, ticket=publication.id, case_kind=CASE, targets=chosen)
    if publication.checked:
        return _again(change, publication, actor, now)
    tell(change, publication)
    return publication


def tick(change: Change, number: str, actor: Officer, ticked: Sequence[str], *, now: datetime) -> Publication:
    """The checker's list, kept as it is ticked."""
    publication = editable(change, number, actor)
    if not in_chain(offices.current(change), publication, actor):
        raise NotAllowed
    known = {each.value for each in rules.Check}
    narrations.tick(change, publication.id, publication.version, known & set(ticked))
    tell(change, publication)
    return publication


def withdraw(change: Change, number: str, actor: Officer, *, key: str, now: datetime) -> Publication:
    """Who asked takes the request back, or the supervisor ends it, as long as nothing has gone out."""
    publication = publication_seeing.get(change, number, visible_to=actor)
    if publication.by != actor.id and not actor.has(Right.ATTEST, publication.unit):
        raise NotAllowed
    if not once.first(change, key, actor, now):
        return publication
    if publication.status is not Status.RUNNING or publication.published_at:
        raise NotRunning(publication.number)
    after = publication_steps.leave(change, publication, "ditarik", actor.id, now)
    after = replace(after, status=Status.WITHDRAWN, closed_at=now, changed_at=now)
    publications.save(change, after)
    trail.add(change, "withdrawn", now, actor=actor.id, ticket=after.id, case_kind=CASE)
    publication_asker.ended(change, after, None, now)
    tell(change, after)
    return after


def editable(change: Change, number: str, actor: Officer) -> Publication:
    """The case, if this officer may write in it and nothing has gone out yet."""
    publication = publication_seeing.get(change, number, visible_to=actor)
    if publication.by != actor.id and not in_chain(offices.current(change), publication, actor):
        raise NotAllowed
    if publication.status is not Status.RUNNING or publication.published_at:
        raise NotRunning(publication.number)
    return publication


def tell(change: Change, publication: Publication) -> None:
    change.tell("publications", f"publication.{publication.id}")


def _carries_other(
    change: Change, publication: Publication, actor: Officer, role: str, now: datetime
) -> Publication:
    """A letter is no part of what goes out; anything else makes what was checked another thing."""
    if role == "letter" or not publication.checked:
        tell(change, publication)
        return publication
    return _again(change, publication, actor, now)


def _again(change: Change, publication: Publication, actor: Officer, now: datetime) -> Publication:
    kept = narrations.get(change, publication.id, publication.version)
    return _revised(change, publication, actor, kept.text if kept else "", "", now)


def _revised(
    change: Change, publication: Publication, actor: Officer, text: str, note: str, now: datetime
) -> Publication:
    """The next version; a case that was past its check stands there again."""
    after = rules.written(publication, now)
    narrations.add(change, after.id, after.version, text, author=actor.id, note=note, at=now)
    bound = offices.current(change).pinned(after.procedure)
    if bound and rules.undone(publication, bound.procedure):
        audience.thaw(change, publication)
        after = publication_steps.back_to_check(change, after, bound.procedure, actor, now)
    publications.save(change, after)
    tell(change, after)
    return after
