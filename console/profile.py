"""One's own account: language, chat link, password, and where one is signed in."""

import asyncio
from datetime import datetime
from math import ceil

from msgspec import Struct
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from console import queue as queues
from console.page import page, redirect
from console.session import COOKIE, ask, desk_of, posted, words
from desk import own, passwords, staff
from sop.errors import N_, DeskError
from sop.language import languages
from sop.office import Office
from sop.officer import Officer
from store import office as offices
from store import officers, queue, sessions
from store.db import View
from store.sessions import Session

SHORTEST = 10  # characters of a password
LANES = {
    "supervisor": N_("Penyelia"),
    "operator": N_("Operator"),
    "agent": N_("Petugas"),
    "auditor": N_("Auditor"),
    "sysadmin": N_("Pengelola sistem"),
}


class PasswordTooShort(DeskError):
    def __init__(self) -> None:
        super().__init__(
            N_("Kata sandi baru terlalu pendek: paling sedikit {least} karakter."), least=SHORTEST
        )


class PasswordWrong(DeskError):
    def __init__(self) -> None:
        super().__init__(N_("Kata sandi sekarang tidak cocok."))


class Profile(Struct, frozen=True, kw_only=True):
    sessions: tuple[Session, ...]
    linked: bool
    seats: tuple[tuple[str, str], ...]
    waiting: int


async def show(request: Request) -> Response:
    return await _shown(request)


async def _shown(request: Request, *, code: str = "", refused: str = "", status: int = 200) -> Response:
    desk = desk_of(request)
    found = await ask(request, read, desk.real())
    here = staff.hashed(request.cookies.get(COOKIE, ""))
    return page(
        request,
        "profile.html",
        status=status,
        found=found,
        here=here,
        code=code,
        refused=refused,
        minutes=int(staff.CODE_LASTS.total_seconds() // 60),
        news=queues.news(request),
    )


def read(view: View, officer: Officer, real: datetime) -> Profile:
    """Where one is signed in, and in which lanes one sits."""
    office = offices.current(view)
    units = queues.units(office, officer)
    names = {lane.id: lane.name for bound in office.procedures for lane in bound.procedure.lanes}
    return Profile(
        sessions=tuple(sessions.of_officer(view, officer.id, real)),
        linked=bool(officers.chats_of(view, "staff", [officer.id])),
        seats=tuple(
            (names.get(seat.lane, LANES.get(seat.lane, seat.lane)), _unit(office, seat.unit))
            for seat in officer.seats
        ),
        waiting=queue.counts(view, officer=officer.id, units=units)["unit"],
    )


def _unit(office: Office, unit: int | None) -> str:
    found = office.units.get(unit or 0)
    return found.name if found else ""


async def do(request: Request) -> Response:
    request.state.again = _again
    officer, form = await posted(request)
    desk, act = desk_of(request), request.path_params["act"]
    if act == "bahasa":
        wanted = next((each for each in languages if each == words(form, "bahasa")), officer.language)
        await desk.db.write(staff.set_language, officer, wanted)
        return redirect("/profil?kabar=bahasa.")
    if act == "kode":
        code = staff.fresh_code()
        await desk.db.write(staff.offer_code, officer.login, "staff", code, desk.clock())
        return await _shown(request, code=code)
    if act == "sesi":
        await desk.db.write(own.end_session, officer, words(form, "sesi")[:64], desk.real())
        return redirect("/profil?kabar=sesi.")
    if act == "sandi":
        return await _new_password(request, officer, words(form, "sekarang"), words(form, "baru"))
    raise HTTPException(404)


async def _new_password(request: Request, officer: Officer, now: str, new: str) -> Response:
    """Ends every session, this one too. Guesses are slowed as at the sign-in, but do not slow that one.

    Raises TooManyTries, PasswordWrong, PasswordTooShort.
    """
    desk, who = desk_of(request), f"sandi:{officer.login}"
    async with request.app.state.checking:
        if wait := await desk.db.read(staff.wait_left, who, who, desk.real()):
            raise staff.TooManyTries(ceil(wait.total_seconds()))
        account = await desk.db.read(officers.account, officer.login)
        known = account.password_hash if account else ""
        fits = await asyncio.to_thread(passwords.fits, known, now[:1000])
    if not fits:
        await desk.db.write(staff.refused, who, who, desk.real())
        raise PasswordWrong
    if len(new) < SHORTEST:
        raise PasswordTooShort
    hashed = await asyncio.to_thread(passwords.hash_password, new[:1000])
    await desk.db.write(staff.set_password, officer.login, hashed, desk.clock())
    return redirect("/login")


async def _again(request: Request, refused: str, _: DeskError) -> Response:
    return await _shown(request, refused=refused, status=409)
