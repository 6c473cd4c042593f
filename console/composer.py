"""The composer under a conversation: what stands in it, how it would leave, and what stands in the way."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from console.ladder import Seen
from console.picker import Picker, picker
from desk import prepared
from desk import templates as filling
from desk.undoing import UNDO
from sop import way as rules
from sop.card import channel_name
from sop.channels import LONGEST
from sop.clock import NeverOpen, local_date, midnight, next_opening
from sop.errors import N_
from sop.language import Language, translate
from sop.messages import File
from sop.officer import Officer
from sop.preview import Preview, preview
from sop.procedure import speaker_lane
from sop.ticket import Status
from sop.way import Plan, Way
from sop.wording import Left, clock_time, left, moment
from store import templates
from store.db import View
from store.dossier import Dossier, Waiting
from store.drafts import Draft
from store.messages import Message


class Typed(Struct, frozen=True, kw_only=True):
    """What stood in the composer when it was refused, and why."""

    kind: str
    answer: str
    note: str
    template: int | None
    refused: str
    by: int | None = None


class Out(Struct, frozen=True, kw_only=True):
    """A way in the list. `why` says what would happen on it that is out of the ordinary."""

    conversation: int
    label: str
    why: str
    open: bool


class Undo(Struct, frozen=True):
    """The officer's answer that can still be taken back, for so many seconds."""

    message: int
    seconds: int


class Composer(Struct, frozen=True, kw_only=True):
    """`answer_why` and `close_why` say what stands in the way ("" nothing): the page says it beside the button.

    `way` is the one the answer takes; None: somebody has to call. `awaited`: a decision above is waited for.
    """

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
    picker: Picker | None
    files: tuple[File, ...]
    ways: tuple[Out, ...]
    way: Way | None
    looks: Preview
    undo: Undo | None
    awaited: bool
    prepared: Waiting | None
    prepared_by: str
    others: str
    tomorrow: datetime | None


def looked_at(view: View, seen: Seen, officer: Officer, template: int | None) -> Picker:
    """The open picker, at `template`: one query more."""
    holes = filling.values(seen.office, seen.ticket, officer, seen.now)
    found = templates.usable(view, unit=seen.ticket.unit)
    return picker(found, template, holes, seen.ticket, officer, seen.office)


def composer(
    seen: Seen,
    officer: Officer,
    typed: Typed | None,
    file: Dossier,
    works: bool,
    picking: Picker | None,
    said: Sequence[Message] = (),
) -> Composer:
    ticket, procedure = seen.ticket, seen.procedure
    answer, note = file.drafts.get("answer"), file.drafts.get("note")
    ways = rules.ways(ticket.conversation, file.ways, seen.now, template=file.late_template)
    way = _chosen(ways, typed.by if typed else answer.by if answer else None)
    channel = way.channel if way else "counter"
    text = typed.answer if typed else _text(answer)
    ends = way.until if way and way.plan is Plan.FREE else None
    return Composer(
        kind=typed.kind if typed else "jawab" if works else "catatan",
        answer=text,
        note=typed.note if typed else _text(note),
        template=typed.template if typed else answer.template if answer else None,
        read_to=file.newest,
        channel=channel,
        longest=LONGEST.get(channel, 20_000),
        saved_at=max((each.saved_at for each in (answer, note) if each), default=None),
        refused=typed.refused if typed else "",
        may_work=works,
        answer_why="closed" if ticket.status is Status.CLOSED else "" if works else "rights",
        close_why="" if ticket.categories else "untagged",
        interim=bool(procedure and ticket.step and ticket.lane != speaker_lane(procedure)),
        window=_window(seen, file.talk.last_in_at, ends) if ends else None,
        picker=picking,
        files=answer.files if answer else (),
        ways=tuple(_out(seen, each, ways) for each in ways),
        way=way,
        looks=preview(channel, text),
        undo=_undo(said, officer, seen.now),
        awaited=prepared.awaited(seen.office, ticket),
        prepared=file.prepared,
        prepared_by=seen.names.get(file.prepared.officer, "") if file.prepared else "",
        others=here(
            [(seen.names.get(each.officer, "?"), each.typing) for each in file.watching], officer.language
        ),
        tomorrow=_tomorrow(seen),
    )


def _chosen(ways: Sequence[Way], by: int | None) -> Way | None:
    """As sending chooses; what is closed now falls back to the first that carries."""
    wanted = next((each for each in ways if each.conversation == by and each.plan is not Plan.NONE), None)
    return wanted or rules.chosen(ways)


def _out(seen: Seen, way: Way, among: Sequence[Way]) -> Out:
    """ "WhatsApp, jendela sampai 14.20"; with its address where the person has two of that channel."""
    language = seen.language
    alike = sum(each.channel == way.channel for each in among) > 1
    label = channel_name(way.channel, language) + (f" {way.to}" if alike else "")
    if way.plan is Plan.FREE and way.until:
        zone = seen.calendar.zone
        same = local_date(zone, way.until) == local_date(zone, seen.now)
        until = (
            clock_time(way.until, zone, language) if same else moment(way.until, zone, language, now=seen.now)
        )
        label = translate(N_("{way}, jendela sampai {until}"), language, way=label, until=until)
    elif way.plan is not Plan.FREE:
        label = translate(N_("{way}, jendela tertutup"), language, way=label) if way.until else label
    why = translate(way.reason, language) if way.reason else ""
    return Out(conversation=way.conversation, label=label, why=why, open=way.plan is not Plan.NONE)


def _undo(said: Sequence[Message], officer: Officer, now: datetime) -> Undo | None:
    """Their newest answer, while it waits."""
    for each in reversed(said):
        if each.direction == "out" and each.author == officer.id and not each.automatic:
            left_over = (each.written_at + UNDO - now).total_seconds()
            return Undo(each.id, round(left_over)) if each.sent == "queued" and left_over > 0 else None
    return None


def here(people: Sequence[tuple[str, bool]], language: Language) -> str:
    """Who else has the ticket open, (name, whether they write), in one line."""
    message = {
        True: N_("{name} sedang menulis di tiket ini"),
        False: N_("{name} sedang membuka tiket ini"),
    }
    return " · ".join(translate(message[typing], language, name=name) for name, typing in people)


def _tomorrow(seen: Seen) -> datetime | None:
    """When the unit opens next on another day: "besok pagi"."""
    zone = seen.calendar.zone
    try:
        return next_opening(seen.calendar, midnight(zone, local_date(zone, seen.now) + timedelta(days=1)))
    except NeverOpen:
        return None


def _window(seen: Seen, last_in_at: datetime | None, ends: datetime) -> Left:
    """WhatsApp's 24 hours, which run at night too."""
    return left(
        ends, seen.now, seen.calendar, opened=last_in_at or seen.now, hours="24x7", language=seen.language
    )


def _text(draft: Draft | None) -> str:
    return draft.text if draft else ""
