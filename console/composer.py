"""The composer under a conversation: what stands in it, how it would leave, and what stands in the way."""

from datetime import datetime

from msgspec import Struct

from console.ladder import Seen
from console.picker import Picker, picker
from desk import templates as filling
from sop.channels import LONGEST, window_ends
from sop.officer import Officer
from sop.procedure import speaker_lane
from sop.ticket import Status
from sop.wording import Left, left
from store import templates
from store.db import View
from store.dossier import Dossier
from store.drafts import Draft


class Typed(Struct, frozen=True, kw_only=True):
    """What stood in the composer when it was refused, and why."""

    kind: str
    answer: str
    note: str
    template: int | None
    refused: str


class Composer(Struct, frozen=True, kw_only=True):
    """`may_answer` and `may_close` with what stands in the way ("" nothing): the page says it beside the button."""

    kind: str
    answer: str
    note: str
    template: int | None
    read_to: int
    channel: str
    longest: int
    saved_at: datetime | None
    refused: str
    may_work: bool
    answer_why: str
    close_why: str
    interim: bool
    window: Left | None
    window_end: datetime | None
    picker: Picker | None


def looked_at(view: View, seen: Seen, officer: Officer, template: int | None) -> Picker:
    """The open picker, at `template`: one query more."""
    holes = filling.values(seen.office, seen.ticket, officer, seen.now)
    found = templates.usable(view, unit=seen.ticket.unit)
    return picker(found, template, holes, seen.ticket, officer)


def composer(
    seen: Seen, officer: Officer, typed: Typed | None, file: Dossier, works: bool, picking: Picker | None
) -> Composer:
    ticket, procedure, talk = seen.ticket, seen.procedure, file.talk
    answer, note = file.drafts.get("answer"), file.drafts.get("note")
    ends = window_ends(talk.channel, talk.last_in_at)
    shut = ends is not None and seen.now >= ends
    return Composer(
        kind=typed.kind if typed else "jawab" if works else "catatan",
        answer=typed.answer if typed else _text(answer),
        note=typed.note if typed else _text(note),
        template=typed.template if typed else answer.template if answer else None,
        read_to=file.newest,
        channel=talk.channel,
        longest=LONGEST.get(talk.channel, 20_000),
        saved_at=max((each.saved_at for each in (answer, note) if each), default=None),
        refused=typed.refused if typed else "",
        may_work=works,
        answer_why="closed"
        if ticket.status is Status.CLOSED
        else "window"
        if shut
        else ""
        if works
        else "rights",
        close_why="" if ticket.categories else "untagged",
        interim=bool(procedure and ticket.step and ticket.lane != speaker_lane(procedure)),
        window=_window(seen, talk.last_in_at, ends) if ends else None,
        window_end=ends,
        picker=picking,
    )


def _window(seen: Seen, last_in_at: datetime | None, ends: datetime) -> Left:
    """WhatsApp's 24 hours, which run at night too."""
    return left(
        ends, seen.now, seen.calendar, opened=last_in_at or seen.now, hours="24x7", language=seen.language
    )


def _text(draft: Draft | None) -> str:
    return draft.text if draft else ""
