"""One's own account: language, chat link, password, and where one is signed in."""

import asyncio
from datetime import datetime
from functools import partial
from math import ceil

from msgspec import Struct
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from console import queue as queues
from console.outside import qr
from console.page import page, redirect
from console.session import ask, desk_of, posted, renew_session, token_of, words
from desk import factors, own, passwords, staff, tries
from sop.errors import N_, DeskError
from sop.language import Language, languages
from sop.office import Office
from sop.officer import Officer
from store import office as offices
from store import officers, queue, sessions
from store.db import View
from store.sessions import Session

SHORTEST = 10  # characters of a password
BOTS = {"staff": N_("Bot petugas"), "humas": N_("Bot Humas")}
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
    """`factor`: signs in by two steps; `asked`: the office asks it of this officer."""

    login: str
    factor: bool
    asked: bool
    sessions: tuple[Session, ...]
    linked: frozenset[str]  # the bots that know a chat of theirs
    seats: tuple[tuple[str, str], ...]
    waiting: int


async def show(request: Request) -> Response:
    return await _shown(request)


async def _shown(
    request: Request, *, code: str = "", bot: str = "", refused: str = "", status: int = 200, secret: str = ""
) -> Response:
    desk = desk_of(request)
    found = await ask(request, read, desk.real())
    here = staff.hashed(token_of(request))
    return page(
        request,
        "profile.html",
        status=status,
        found=found,
        here=here,
        code=code,
        bot=bot,
        bots={name: words for name, words in BOTS.items() if name == "staff" or name in desk.opened},
        refused=refused,
        secret=secret,
        picture=qr(factors.address(secret, found.login, desk.name)) if secret else "",
        minutes=int(staff.CODE_LASTS.total_seconds() // 60),
        news=queues.news(request),
    )


def read(view: View, officer: Officer, real: datetime) -> Profile:
    """Where one is signed in, and in which lanes one sits."""
    office = offices.current(view)
    units = queues.units(office, officer)
    names = {lane.id: lane.name for bound in office.procedures for lane in bound.procedure.lanes}
    return Profile(
        login=officer.login,
        factor=bool(officers.factor(view, officer.id)),
        asked=factors.asked_of(view, officer),
        sessions=tuple(sessions.of_officer(view, officer.id, real)),
        linked=frozenset(bot for bot in BOTS if officers.chats_of(view, bot, [officer.id])),
        seats=tuple(
            (names.get(seat.lane, LANES.get(seat.lane, seat.lane)), _unit(office, seat.unit))
            for seat in officer.seats
        ),
        waiting=queue.counts(view, officer=officer.id, units=units)["unit"],
    )


def _unit(office: Office, unit: int | None) -> str:
    found = office.units.get(unit or 0)
    return found.name if found else ""


def language_in(form: FormData, otherwise: Language = "id") -> Language:
    return next((each for each in languages if each == words(form, "bahasa")), otherwise)


async def do(request: Request) -> Response:
    request.state.again = _again
    officer, form = await posted(request)
    desk, act = desk_of(request), request.path_params["act"]
    if act == "bahasa":
        await desk.db.write(staff.set_language, officer, language_in(form, officer.language))
        return redirect("/profil?kabar=bahasa.")
    if act == "kode":
        code, bot = staff.fresh_code(), "humas" if words(form, "bot") == "humas" else "staff"
        await desk.db.write(staff.offer_code, officer.login, bot, code, desk.clock())
        return await _shown(request, code=code, bot=bot)
    if act == "sesi":
        await desk.db.write(own.end_session, officer, words(form, "sesi")[:64], desk.real())
        return redirect("/profil?kabar=sesi.")
    if act == "sandi":
        return await _new_password(request, officer, words(form, "sekarang"), words(form, "baru"))
    if act in ("kunci", "pasang", "lepas"):
        return await _factor(request, officer, form, act)
    raise HTTPException(404)


async def _factor(request: Request, officer: Officer, form: FormData, act: str) -> Response:
    """Show a new secret, confirm it by a code, or leave the second step out; changing it takes the password.

    Raises TooManyTries, PasswordWrong, CodeWrong, FactorThere, FactorAsked.
    """
    desk = desk_of(request)
    if act == "kunci":
        return await _shown(request, secret=factors.fresh_secret())
    secret = words(form, "rahasia")[: factors.LENGTH]
    request.state.again = partial(_again, secret=secret)
    await _must_know(request, officer, words(form, "sekarang"))
    if act == "lepas":
        await desk.db.write(factors.remove, officer, desk.clock())
        return redirect("/profil?kabar=lepas.")
    code = words(form, "angka")[:12]
    await desk.db.write(factors.confirm, officer, secret, code, desk.real(), desk.clock(), desk.secret)
    return redirect("/profil?kabar=pasang.")


async def _must_know(request: Request, officer: Officer, password: str) -> None:
    """Who sits at an open page is not yet its owner. Guesses are slowed as at the sign-in, but do not slow that one.

    Raises TooManyTries, PasswordWrong.
    """
    desk, what = desk_of(request), f"password:{officer.login}"
    async with request.app.state.checking:
        if wait := await desk.db.write(tries.take_alone, what, desk.real()):
            raise staff.TooManyTries(ceil(wait.total_seconds()))
        account = await desk.db.read(officers.account, officer.login)
        known = account.password_hash if account else ""
        fits = await asyncio.to_thread(passwords.fits, known, password[:1000])
    if not fits:
        raise PasswordWrong
    await desk.db.write(tries.succeeded_alone, what)


async def _new_password(request: Request, officer: Officer, now: str, new: str) -> Response:
    """Ends every session; this one goes on under a new id. Raises TooManyTries, PasswordWrong, PasswordTooShort."""
    desk = desk_of(request)
    await _must_know(request, officer, now)
    hashed = await hash_of(new)
    await desk.db.write(staff.set_password, officer.login, hashed, desk.clock())
    response = redirect("/profil?kabar=sandi.")
    await renew_session(request, response, officer)
    return response


async def hash_of(password: str) -> str:
    """Raises PasswordTooShort."""
    if len(password) < SHORTEST:
        raise PasswordTooShort
    return await asyncio.to_thread(passwords.hash_password, password[:1000])


async def _again(request: Request, refused: str, _: DeskError, secret: str = "") -> Response:
    return await _shown(request, refused=refused, status=409, secret=secret)
