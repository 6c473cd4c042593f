"""What an officer is in the middle of with the Humas bot: a request asked for piece by piece, and a question that waits for
words. Kept in the store, so that nothing is lost when the talk is interrupted."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from desk import loose_files, once, publication_seeing, publishing
from desk.publishing import EARLY, Request, TimePast
from sop import letter_request as asking
from sop.errors import N_, DeskError
from sop.letter_request import Draft
from sop.messages import File
from sop.officer import Officer
from sop.publication import Publication
from store import memory, narrations, publications
from store import office as offices
from store.db import Change, View


class NoDraft(DeskError):
    def __init__(self) -> None:
        super().__init__(N_("Tidak ada permohonan yang sedang disusun. Mulai dengan /mohon"))


class Question(Struct, frozen=True, kw_only=True):
    """Words that the bot waits for. `kind`: reason, narration, revision, time, receipt, erratum, withdrawal. `number` is the publication's; `visit` and
    `decision` what is decided with a reason, `read` the version a narration is written upon, `recipient` the medium."""

    kind: str
    number: str
    visit: int = 0
    decision: str = ""
    read: int = 0
    recipient: int = 0


class Talked(Struct, frozen=True, kw_only=True):
    draft: Draft | None = None
    question: Question | None = None
    revision: str = ""  # a new narration that waits for its Simpan


def talked(view: View, officer: Officer) -> Talked:
    return msgspec.convert(memory.get(view, _name(officer)), Talked)


def zone(view: View, fallback: str, now: datetime) -> str:
    """The wall clock on which a wished time is read: the first chain's."""
    found = publication_seeing.chains(offices.current(view), now)
    return found[0][0].calendar.zone if found else fallback


def ask(change: Change, actor: Officer, question: Question | None) -> None:
    """Wait for words; None: for none any more."""
    _keep(change, actor, replace(talked(change, actor), question=question, revision=""))


def propose(change: Change, actor: Officer, number: str, read: int, text: str) -> None:
    """A new narration, to be kept when its writer has seen what it changes."""
    question = Question(kind="revision", number=number, read=read)
    _keep(change, actor, replace(talked(change, actor), question=question, revision=text))


def begin(
    change: Change, actor: Officer, text: str, files: tuple[File, ...], *, zone: str, key: str, now: datetime
) -> Draft:
    """Begin a request, or go on with the one that waits: a letter's own words and files are taken into it."""
    found = talked(change, actor)
    draft = found.draft or Draft()
    if not once.first(change, key, actor, now):
        _spare(change, files, draft)
        return draft
    draft = asking.enclosed(draft, files)
    _spare(change, files, draft)
    draft = asking.recognised(draft, text, zone, now) if text.strip() else draft
    _keep(change, actor, Talked(draft=draft))
    return draft


def fill(
    change: Change, actor: Officer, field: str, words: str, *, zone: str, key: str, now: datetime
) -> Draft:
    """Raises NoDraft, TimePast, and what the answer lacks."""

    def answered(draft: Draft) -> Draft:
        filled = asking.filled(draft, field, words, zone, now)
        if field == "wished_at" and filled.wished_at and filled.wished_at < now - EARLY:
            raise TimePast
        return filled

    return _changed(change, actor, answered, key, now)


def skip(change: Change, actor: Officer, field: str, *, key: str, now: datetime) -> Draft:
    return _changed(change, actor, lambda draft: asking.skipped(draft, field), key, now)


def reopen(change: Change, actor: Officer, field: str, *, key: str, now: datetime) -> Draft:
    return _changed(change, actor, lambda draft: asking.reopened(draft, field), key, now)


def drop(change: Change, actor: Officer) -> None:
    """The request is given up, its files with it; nothing was asked of anybody."""
    draft = talked(change, actor).draft
    _keep(change, actor, Talked())
    if draft is not None:
        loose_files.let_go(change, (*draft.letters, *draft.pictures))


def send(change: Change, actor: Officer, *, key: str, now: datetime) -> Publication:
    """The request goes to the chain, once. Raises NoDraft and what `publishing.request` raises."""
    draft = talked(change, actor).draft
    if draft is None and not once.answer(change, key, actor):
        raise NoDraft
    known = draft.known if draft else {}
    wanted = Request(
        subject=known.get("subject", ""),
        text=known.get("text", ""),
        urgent=bool(draft and draft.urgent),
        letter_number=known.get("letter_number", ""),
        letter_date=known.get("letter_date", ""),
        sender=known.get("sender", ""),
        wish=known.get("wish", ""),
        wished_at=draft.wished_at if draft else None,
        source="humas",
        letters=draft.letters if draft else (),
        pictures=draft.pictures if draft else (),
    )
    done = publishing.request(change, actor, wanted, key=key, now=now)
    _keep(change, actor, Talked())
    return done


def toggle_target(
    change: Change, number: str, actor: Officer, target: int, *, chosen: bool, now: datetime
) -> Publication:
    """One target more or less, of those that are chosen at this moment. Raises NotOffered."""
    publication = publication_seeing.get(change, number, visible_to=actor)
    before = set(publications.targets_of(change, publication.id))
    after = before | {target} if chosen else before - {target}
    return publishing.choose_targets(change, number, actor, sorted(after), now=now)


def toggle_check(
    change: Change, number: str, actor: Officer, check: str, *, ticked: bool, now: datetime
) -> Publication:
    """One point of the check-list more or less, on the version at hand."""
    publication = publication_seeing.get(change, number, visible_to=actor)
    narration = narrations.get(change, publication.id, publication.version)
    before = narration.ticked if narration else frozenset[str]()
    after = before | {check} if ticked else before - {check}
    return publishing.tick(change, number, actor, sorted(after), now=now)


def _changed(change: Change, actor: Officer, how: Callable[[Draft], Draft], key: str, now: datetime) -> Draft:
    draft = talked(change, actor).draft
    if draft is None:
        raise NoDraft
    if not once.first(change, key, actor, now):
        return draft
    draft = how(draft)
    _keep(change, actor, Talked(draft=draft))
    return draft


def _spare(change: Change, files: tuple[File, ...], draft: Draft) -> None:
    """A file that came twice, or with an update that came twice, is in the draft under its first name."""
    there = {each.path for each in (*draft.letters, *draft.pictures)}
    loose_files.let_go(change, (each for each in files if each.path not in there))


def _keep(change: Change, actor: Officer, found: Talked) -> None:
    value: dict[str, Any] = msgspec.to_builtins(found)
    memory.save(change, _name(actor), value)


def _name(officer: Officer) -> str:
    return f"humas.talk.{officer.id}"
