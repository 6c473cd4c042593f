"""A row of the queue in words: where the case stands, how long is left, under which heading it belongs."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from sop import filters, wording
from sop.calendar import office_hours
from sop.errors import N_
from sop.language import Language, translate
from sop.limit import Hours
from sop.office import Office
from sop.procedure import NoSuchStep, lane_of, step_of
from store.queue import Line

TOP = 7  # steps of the stair
CLOSED = "closed"
TITLES = {
    "late": N_("Lewat baku mutu"),
    "today": N_("Tenggat hari ini"),
    "tomorrow": N_("Tenggat besok"),
    "week": N_("Tenggat minggu ini"),
    "later": N_("Masih longgar"),
    "never": N_("Tanpa tenggat"),
    CLOSED: N_("Terakhir ditutup"),
}


class Item(Struct, frozen=True, kw_only=True):
    """A row as it is shown. `rung` is the height on the stair, 0 where no ladder is."""

    line: Line
    left: wording.Left
    group: str
    rung: int
    where: str
    tags: tuple[str, ...]


class Group(Struct, frozen=True):
    title: str
    items: tuple[Item, ...]


def item(office: Office, line: Line, now: datetime, language: Language) -> Item:
    unit = office.units.get(line.unit or 0)
    calendar = unit.calendar if unit else office_hours()
    rung, where, hours = _place(office, line, language)
    left = wording.left(
        line.due_at, now, calendar, opened=line.step_at or now, hours=hours, language=language
    )
    return Item(
        line=line,
        left=left,
        group=CLOSED if line.status == "closed" else filters.due(line.due_at, now, calendar.zone),
        rung=rung,
        where=where,
        tags=tuple(each.name for each in office.tags(line.categories)),
    )


def groups(items: Sequence[Item], language: Language) -> tuple[Group, ...]:
    """In the order of their headings: units in different zones may end a day at different moments."""
    return tuple(
        Group(translate(title, language), rows)
        for name, title in TITLES.items()
        if (rows := tuple(each for each in items if each.group == name))
    )


def _place(office: Office, line: Line, language: Language) -> tuple[int, str, Hours]:
    """(height on the stair, "Langkah 4 · Wakil Dekan", how the step's clock runs)."""
    if line.status == "closed":
        return 0, translate(N_("Ditutup"), language), "kerja"
    bound = office.pinned(line.procedure)
    if bound is None:
        return 0, translate(N_("Menunggu kategori"), language), "kerja"
    if not line.step:
        return 0, translate(N_("Menunggu pelapor"), language), "kerja"
    try:
        step, lane = step_of(bound.procedure, line.step), lane_of(bound.procedure, line.lane)
    except NoSuchStep:
        return 0, line.step, "kerja"
    ladder = any(each.rung for each in bound.procedure.steps)
    where = translate(N_("Langkah {number} · {lane}"), language, number=step.number, lane=lane.name)
    return (
        min(TOP, 1 + step.rung) if ladder else 0,
        where if step.number else lane.name,
        step.hours or "kerja",
    )
