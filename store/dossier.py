"""What a ticket's page needs beside its messages, in one statement whatever the ticket's length.

The parts are small and of different tables; as rows of one shape they cost one trip into the engine instead of a dozen.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec
from msgspec import Struct

from sop.messages import File, Kind
from sop.officer import Officer, Seat
from sop.ticket import Ticket
from sop.visit import Visit
from sop.way import Known
from store import around, suggestions, trail
from store.around import Around
from store.attachments import Attachment
from store.contacts import Address, Stated
from store.db import Row, View
from store.dossier_parts import COUNTERS, MOMENT, PARTS, SHAPE
from store.drafts import Draft
from store.trail import Event
from store.visits import Open

EVENTS = 500
FILES = 500
OTHERS = 20
LATELY = timedelta(seconds=50)  # who was here then is here still: pages say so every 20 s


class Talk(Struct, frozen=True, kw_only=True):
    """Where the ticket's conversation is, and when its person last wrote."""

    channel: str
    state: str
    last_in_at: datetime | None


class Other(Struct, frozen=True, kw_only=True):
    """Another ticket of the same person."""

    id: int
    status: str
    unit: int | None
    holder: int | None
    subject: str
    merged_into: int | None
    opened_at: datetime
    erased_at: datetime | None

    @property
    def number(self) -> str:
        return str(self.id)


class Watcher(Struct, frozen=True):
    """Another officer who has the ticket open; `typing`: and writes."""

    officer: int
    typing: bool


class Waiting(Struct, frozen=True, kw_only=True):
    """An answer that waits: for the decision above, or for its moment."""

    id: int
    officer: int
    text: str
    at_once: bool
    then_close: bool
    written_at: datetime
    send_at: datetime | None


class Dossier(Struct, frozen=True, kw_only=True):
    """`history` are the closed stays, oldest first; `drafts` by kind; `attachments` and earlier texts by message.

    `newest` is the newest message that somebody else wrote, as `messages.newest` says.
    """

    talk: Talk
    addresses: tuple[Address, ...]
    claims: tuple[Stated, ...]
    others: tuple[Other, ...]
    history: list[Visit]
    current: Open | None
    events: tuple[Event, ...]
    drafts: Mapping[str, Draft]
    attachments: Mapping[int, tuple[Attachment, ...]]
    revisions: Mapping[int, tuple[tuple[datetime, str], ...]]
    newest: int
    officers: tuple[Officer, ...]
    around: Around
    suggestion: suggestions.Stored | None
    ways: tuple[Known, ...] = ()
    late_template: bool = False
    watching: tuple[Watcher, ...] = ()
    prepared: Waiting | None = None
    counters: Mapping[str, int] = {}


def read(
    view: View,
    ticket: Ticket,
    officer: int,
    now: datetime,
    *,
    before: int | None = None,
    whole: bool = False,
    counters: Sequence[str] = (),
) -> Dossier:
    """One query. `before`: attachments of messages below that id; `whole`: those of the person's other tickets too;
    `counters`: those of the queue that stands beside it."""
    shape = SHAPE.format(moment=MOMENT[view.engine])
    names = {f"counter{n}": name for n, name in enumerate(counters)}
    counting = COUNTERS.format(names=", ".join(f":{each}" for each in names) or "NULL")
    text = " UNION ALL ".join((shape, *PARTS, *around.PARTS, counting))
    text = text.replace("{scope}", around.WHOLE if whole else around.OWN).replace("{own}", around.OWN)
    rows: dict[str, list[Row]] = {}
    for row in view.all(
        text,
        ticket=ticket.id,
        contact=ticket.contact,
        conversation=ticket.conversation,
        officer=officer,
        before=before or 1 << 62,
        others=OTHERS,
        events=EVENTS,
        files=FILES,
        now=now,
        lately=now - LATELY,
        yes=True,
        no=False,
        **names,
    ):
        rows.setdefault(row["part"], []).append(row)
    stays = [_open(row, ticket.id) for row in _sorted(rows, "visit")]
    return Dossier(
        talk=_talk(rows["talk"][0]),
        addresses=tuple(_address(row) for row in _sorted(rows, "address")),
        claims=tuple(_claim(row) for row in _sorted(rows, "claim")),
        others=tuple(_other(row) for row in reversed(_sorted(rows, "other"))),
        history=[each.visit for each in stays if each.visit.closed_at],
        current=next((each for each in stays if each.visit.closed_at is None), None),
        events=tuple(trail.event(row["i"], row["p"], row["q"]) for row in _sorted(rows, "event")),
        drafts={row["p"]: _draft(row) for row in rows.get("draft", ())},
        attachments=_files(_sorted(rows, "file")),
        revisions=_revisions(_sorted(rows, "revision")),
        newest=rows["newest"][0]["i"] or 0,
        officers=_officers(_sorted(rows, "officer")),
        suggestion=next((_suggestion(row) for row in rows.get("suggestion", ())), None),
        around=around.around(rows, ticket.contact),
        ways=_ways(rows.get("way", ()), ticket.conversation),
        late_template=rows["late"][0]["i"] is not None,
        watching=tuple(Watcher(row["i"], bool(row["j"])) for row in _sorted(rows, "watching")),
        prepared=next((_waiting(row) for row in rows.get("prepared", ())), None),
        counters=dict.fromkeys(counters, 0) | {row["p"]: row["i"] for row in rows.get("counter", ())},
    )


def _sorted(rows: dict[str, list[Row]], part: str) -> list[Row]:
    return sorted(rows.get(part, ()), key=lambda row: row["i"])


def _files(rows: list[Row]) -> dict[int, tuple[Attachment, ...]]:
    """message -> its attachments, oldest first."""
    found: dict[int, tuple[Attachment, ...]] = {}
    for row in rows:
        found[row["j"]] = (*found.get(row["j"], ()), _attachment(row))
    return found


def _revisions(rows: list[Row]) -> dict[int, tuple[tuple[datetime, str], ...]]:
    """message -> when and what it said before, oldest first."""
    found: dict[int, tuple[tuple[datetime, str], ...]] = {}
    for row in sorted(rows, key=lambda row: (row["i"], row["j"])):
        found[row["i"]] = (*found.get(row["i"], ()), (row["x_at"], row["p"]))
    return found


def _attachment(row: Row) -> Attachment:
    """Of the small picture only that there is one: it has an address of its own."""
    file = File(kind=Kind(row["p"]), name=row["q"], content_type=row["r"], size=row["k"], path=row["u"])
    return Attachment(
        id=row["i"],
        message=row["j"],
        state=row["s"],
        error=row["t"],
        attempts=row["l"],
        file=file,
        thumbnail="-" * row["m"],
    )


def _talk(row: Row) -> Talk:
    return Talk(channel=row["p"], state=row["q"], last_in_at=row["x_at"])


def _address(row: Row) -> Address:
    return Address(
        id=row["i"],
        contact=row["j"],
        channel=row["p"],
        value=row["q"],
        state=row["r"],
        wrote_at=row["x_at"],
        confirmed_at=row["y_at"],
    )


def _claim(row: Row) -> Stated:
    return Stated(
        kind=row["p"], value=row["q"], level=row["r"], how=row["s"], by=row["j"], stated_at=row["x_at"]
    )


def _other(row: Row) -> Other:
    return Other(
        id=row["i"],
        status=row["p"],
        unit=row["j"],
        holder=row["k"],
        subject=row["q"],
        merged_into=row["l"],
        opened_at=row["x_at"],
        erased_at=row["y_at"],
    )


def _draft(row: Row) -> Draft:
    return Draft(
        text=row["q"],
        template=row["i"],
        read_to=row["j"],
        by=row["k"],
        files=msgspec.json.decode(row["r"] or "[]", type=tuple[File, ...]),
        saved_at=row["x_at"],
    )


def _ways(rows: Iterable[Row], own: int) -> tuple[Known, ...]:
    """The ticket's own conversation first, then the newest."""
    found = [
        Known(
            conversation=row["i"],
            channel=row["p"],
            to=row["q"],
            state=row["r"],
            last_in_at=row["x_at"],
            wrote=row["y_at"] is not None,
            confirmed=row["z_at"] is not None,
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda each: (each.conversation != own, -each.conversation)))


def _waiting(row: Row) -> Waiting:
    return Waiting(
        id=row["i"],
        officer=row["j"],
        at_once=bool(row["k"]),
        then_close=bool(row["l"]),
        text=row["p"],
        written_at=row["x_at"],
        send_at=row["y_at"],
    )


def _suggestion(row: Row) -> suggestions.Stored:
    why = msgspec.json.decode(row["p"], type=tuple[tuple[str, float], ...])
    return suggestions.Stored(category=row["i"], score=float(row["q"]), why=why)


def _open(row: Row, ticket: int) -> Open:
    visit = Visit(
        step=row["p"],
        lane=row["q"],
        opened_at=row["x_at"],
        due_at=row["y_at"],
        round=row["m"],
        holder=row["k"],
        deputy_of=row["l"],
        closed_at=row["z_at"],
        decision=row["r"],
        code=row["s"],
        reason=row["t"],
        by=row["n"],
    )
    return Open(
        id=row["i"], case_kind="ticket", case=ticket, kind=row["u"], unit=row["j"], look_at=None, visit=visit
    )


def _officers(rows: list[Row]) -> tuple[Officer, ...]:
    """One officer of the rows of their seats."""
    seats: dict[int, list[Seat]] = {}
    for row in rows:
        mine = seats.setdefault(row["i"], [])
        if row["t"] is not None:
            mine.append(Seat(lane=row["t"], role=row["u"], unit=row["j"], deputy_of=row["k"]))
    people = {row["i"]: row for row in rows}
    return tuple(
        Officer(
            id=number,
            login=row["p"],
            name=row["q"],
            title=row["r"],
            language=row["s"],
            seats=tuple(seats[number]),
        )
        for number, row in people.items()
    )
