"""/petugas: who sits in which lane of which unit until when, deputies, vacancies, presence, and cases nobody can hold."""

import asyncio
from datetime import date, datetime, timedelta
from functools import partial

from msgspec import Struct
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from console.page import page, redirect
from console.profile import language_in
from console.queue import news
from console.session import ask, desk_of, posted, words
from desk import assigning, casework, roster
from desk.passwords import hash_password
from desk.seeing import needs
from desk.staff import fresh_code
from sop.clock import midnight
from sop.errors import N_, DeskError, NotFound
from sop.language import Language, translate
from sop.office import Office, Unit
from sop.officer import DESK_LANES, Officer, Right
from sop.procedure import Role
from sop.text import one_line
from store import cases
from store import office as offices
from store import roster as stored
from store.db import View
from store.roster import Person, Seated

OF_THE_DESK = (N_("Penyelia"), N_("Auditor"), N_("Pengelola sistem"))  # the names of DESK_LANES


class DayFaulty(DeskError):
    def __init__(self, day: str) -> None:
        super().__init__(N_("Tanggal “{day}” tidak dapat dibaca. Tulis seperti 2026-12-01."), day=day[:20])


class NameMissing(DeskError):
    def __init__(self) -> None:
        super().__init__(N_("Nama dan nama pengguna perlu diisi."))


class Chair(Struct, frozen=True, kw_only=True):
    """A lane of a unit. `vacancy` is the id of a registered one, None: none; `waiting`: open cases nobody there can hold."""

    lane: str
    name: str
    seated: tuple[Seated, ...]
    vacancy: int | None
    reason: str
    waiting: int


class Room(Struct, frozen=True, kw_only=True):
    unit: Unit | None  # None: every unit
    chairs: tuple[Chair, ...]


class Roster(Struct, frozen=True, kw_only=True):
    rooms: tuple[Room, ...]
    people: dict[int, Person]
    units: tuple[Unit, ...]
    lanes: dict[str, str]
    unheld: tuple[tuple[str, str, int], ...]
    everywhere: bool
    now: datetime


class Typed(Struct, frozen=True, kw_only=True):
    """What was typed into a form that was refused."""

    act: str = ""
    fields: dict[str, str] = {}
    refused: str = ""
    password: str = ""  # of an officer just added: shown this once
    login: str = ""


async def show(request: Request) -> Response:
    return await shown(request)


async def shown(request: Request, typed: Typed | None = None, status: int = 200) -> Response:
    found = await ask(request, read, desk_of(request).clock())
    return page(
        request,
        "roster.html",
        status=status,
        found=found,
        typed=typed or Typed(),
        second=timedelta(seconds=1),  # a last day ends at midnight: it is named by its last second
        news=news(request),
    )


def read(view: View, officer: Officer, now: datetime) -> Roster:
    """Raises NotAllowed."""
    needs(officer, Right.STAFF)
    office, mine = offices.current(view), officer.units(Right.STAFF)
    units = tuple(each for each in office.units.values() if mine is None or each.id in mine)
    seats, vacancies = stored.seats(view, now), cases.vacancies(view, now)
    unheld = {(lane, unit): count for lane, unit, count in assigning.unheld(view, office, now)}
    names = _lanes(office, officer.language)
    rooms = [Room(unit=unit, chairs=_chairs(office, unit, seats, vacancies, unheld, names)) for unit in units]
    if mine is None:
        everywhere = tuple(each for each in seats if each.unit is None)
        lanes = dict.fromkeys(each.lane for each in everywhere)
        chairs = tuple(
            Chair(
                lane=lane,
                name=names.get(lane, lane),
                seated=tuple(each for each in everywhere if each.lane == lane),
                vacancy=None,
                reason="",
                waiting=0,
            )
            for lane in lanes
        )
        rooms.insert(0, Room(unit=None, chairs=chairs))
    by_id = {each.id: each.name for each in office.units.values()}
    return Roster(
        rooms=tuple(rooms),
        people={each.id: each for each in stored.people(view)},
        units=units,
        lanes=names,
        unheld=tuple(
            (names.get(lane, lane), by_id.get(unit or 0, "-"), count)
            for (lane, unit), count in unheld.items()
            if mine is None or unit in mine
        ),
        everywhere=mine is None,
        now=now,
    )


def _lanes(office: Office, language: Language) -> dict[str, str]:
    """The lanes an officer may sit in, by id, in the papers' order."""
    found = {
        lane.id: lane.name
        for one in office.procedures
        for lane in one.procedure.lanes
        if lane.role is not Role.REPORTER
    }
    return found | {
        lane: translate(name, language) for lane, name in zip(DESK_LANES, OF_THE_DESK, strict=True)
    }


def _chairs(
    office: Office,
    unit: Unit,
    seats: list[Seated],
    vacancies: list[dict[str, object]],
    unheld: dict[tuple[str, int | None], int],
    names: dict[str, str],
) -> tuple[Chair, ...]:
    """The lanes of the unit's own SOP, then others in which somebody of the unit sits."""
    bound = next((one for one in reversed(office.procedures) if one.code == unit.procedure), None)
    lanes = [lane.id for lane in bound.procedure.lanes if lane.role is not Role.REPORTER] if bound else []
    lanes += [each.lane for each in seats if each.unit == unit.id]
    lanes += [lane for lane, place in unheld if place == unit.id]
    found = []
    for lane in dict.fromkeys(lanes):
        vacancy = next(
            (each for each in vacancies if each["lane"] == lane and each["unit_id"] in (None, unit.id)), None
        )
        found.append(
            Chair(
                lane=lane,
                name=names.get(lane, lane),
                seated=tuple(each for each in seats if each.lane == lane and each.unit in (unit.id, None)),
                vacancy=int(str(vacancy["id"])) if vacancy else None,
                reason=str(vacancy["reason"]) if vacancy else "",
                waiting=unheld.get((lane, unit.id), 0),
            )
        )
    return tuple(found)


async def do(request: Request) -> Response:
    """The forms of the page: each is one act. A refusal keeps what was typed."""
    officer, form = await posted(request)
    act = request.path_params["act"]
    request.state.again = partial(_again, act=act, form=form)
    desk, zone = desk_of(request), desk_of(request).zone
    now = desk.clock()
    if act == "baru":
        return await _add(request, officer, form)
    if act == "duduk":
        await desk.db.write(
            roster.seat,
            officer,
            one_line(words(form, "login"), 80),
            lane=one_line(words(form, "lajur"), 60),
            unit=one_line(words(form, "unit"), 60),
            from_at=_day(form, "mulai", zone) or now,
            until_at=_after(_day(form, "sampai", zone)),
            deputy_of=one_line(words(form, "plh"), 80),
            decree=one_line(words(form, "surat"), 120),
            now=now,
        )
    elif act == "berdiri":
        await desk.db.write(roster.unseat, officer, _number(form), now)
    elif act == "hadir":
        present = words(form, "hadir") == "1"
        await desk.db.write(roster.set_present, officer, one_line(words(form, "login"), 80), present, now)
    elif act == "lowong":
        unit = await desk.db.read(_unit, officer, one_line(words(form, "unit"), 60))
        lane, reason = one_line(words(form, "lajur"), 60), one_line(words(form, "sebab"), 200)
        until = _after(_day(form, "sampai", zone))
        await desk.db.write(casework.register_vacancy, officer, lane, unit, reason, until, now)
    elif act == "terisi":
        await desk.db.write(casework.end_vacancy, officer, _number(form), now)
    else:
        raise HTTPException(404)
    return redirect(f"/petugas?kabar={act}.")


async def _add(request: Request, officer: Officer, form: FormData) -> Response:
    """A first password of ours, shown once: the officer changes it at the first sign-in."""
    login, name = one_line(words(form, "login"), 40).lower(), one_line(words(form, "nama"), 120)
    if not login or not name:
        raise NameMissing
    password = fresh_code()
    hashed = await asyncio.to_thread(hash_password, password)
    desk = desk_of(request)
    title = one_line(words(form, "jabatan"), 120)
    language = language_in(form)
    await desk.db.write(
        roster.add,
        officer,
        login=login,
        name=name,
        title=title,
        password_hash=hashed,
        now=desk.clock(),
        language=language,
    )
    return await shown(request, Typed(password=password, login=login))


def _unit(view: View, officer: Officer, code: str) -> int | None:
    """None for every unit, which is what "" says. Raises NotAllowed, NotFound."""
    needs(officer, Right.STAFF)
    found = next((each.id for each in offices.current(view).units.values() if each.code == code), None)
    if code and found is None:
        raise NotFound(code)
    return found


def _number(form: FormData) -> int:
    text = words(form, "nomor")
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise HTTPException(400)
    return int(text)


def _day(form: FormData, name: str, zone: str) -> datetime | None:
    """Midnight that begins the day. Raises DayFaulty."""
    typed = words(form, name).strip()
    if not typed:
        return None
    try:
        return midnight(zone, date.fromisoformat(typed))
    except ValueError:
        raise DayFaulty(typed) from None


def _after(day: datetime | None) -> datetime | None:
    """A last day counts whole."""
    return day + timedelta(days=1) if day else None


async def _again(request: Request, refused: str, _: DeskError, act: str, form: FormData) -> Response:
    fields = {name: words(form, name) for name in form if name != "token"}
    return await shown(request, Typed(act=act, fields=fields, refused=refused), 409)
