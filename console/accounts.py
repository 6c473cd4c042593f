"""/akun: who may sign in and how, where they are signed in, and the way back in for who lost password or phone."""

from datetime import datetime
from functools import partial

from msgspec import Struct
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from console.outside import full
from console.page import page, redirect
from console.profile import LANES, language_in
from console.queue import news
from console.session import ask, desk_of, posted, words
from desk import accounts, factors
from desk.secrets import fresh_token
from sop.errors import N_, DeskError
from sop.officer import Officer, Right
from sop.text import one_line
from store import office as offices
from store import roster, sessions
from store.db import View
from store.roster import Person, Seated
from store.sessions import Session


class NameEmpty(DeskError):
    def __init__(self) -> None:
        super().__init__(N_("Nama perlu diisi."))


class Listed(Struct, frozen=True, kw_only=True):
    """`everywhere`: the reader's right holds in every unit. `wanted`: a second step is asked of supervisors."""

    people: tuple[Person, ...]
    seats: dict[int, tuple[str, ...]]
    everywhere: bool
    wanted: bool


class Account(Struct, frozen=True, kw_only=True):
    person: Person
    seats: tuple[tuple[Seated, str, str], ...]  # (seat, lane, unit; "" every one)
    sessions: tuple[Session, ...]


async def show_all(request: Request) -> Response:
    return await _all(request)


async def _all(request: Request, refused: str = "", status: int = 200) -> Response:
    found = await ask(request, listed, desk_of(request).clock())
    return page(request, "accounts.html", status=status, found=found, refused=refused, news=news(request))


def listed(view: View, officer: Officer, now: datetime) -> Listed:
    """Raises NotAllowed."""
    people = accounts.all_visible(view, officer, now)
    names = _names(view)
    seats: dict[int, list[str]] = {}
    for each in roster.seats(view, now):
        seats.setdefault(each.officer, []).append(names.get(each.lane, each.lane))
    return Listed(
        people=tuple(people),
        seats={number: tuple(dict.fromkeys(lanes)) for number, lanes in seats.items()},
        everywhere=officer.units(Right.STAFF) is None,
        wanted=factors.wanted(view),
    )


async def ask_factor(request: Request) -> Response:
    """Ask supervisors and administrators for a second step, or no longer."""
    request.state.again = _all_again
    officer, form = await posted(request)
    desk = desk_of(request)
    await desk.db.write(factors.ask_of_all, officer, words(form, "wajib") == "1", desk.clock())
    return redirect("/akun?kabar=wajib.")


async def _all_again(request: Request, refused: str, _: DeskError) -> Response:
    return await _all(request, refused, 409)


async def show(request: Request) -> Response:
    return await _one(request)


async def _one(
    request: Request, refused: str = "", status: int = 200, link: str = "", typed: FormData | None = None
) -> Response:
    desk = desk_of(request)
    found = await ask(request, account, request.path_params["login"], desk.real(), desk.clock())
    return page(
        request,
        "account.html",
        status=status,
        found=found,
        refused=refused,
        link=link,
        hours=int(accounts.RESET_LASTS.total_seconds() // 3600),
        typed={name: words(typed, name) for name in typed} if typed and "nama" in typed else {},
        sso=request.app.state.sso is not None,
        news=news(request),
    )


def account(view: View, officer: Officer, login: str, real: datetime, now: datetime) -> Account:
    """Raises NotAllowed, NotFound."""
    person = accounts.visible(view, officer, login, now)
    names, units = _names(view), offices.current(view).units
    seats = [each for each in roster.seats(view, now) if each.officer == person.id]
    return Account(
        person=person,
        seats=tuple(
            (
                each,
                names.get(each.lane, each.lane),
                found.name if (found := units.get(each.unit or 0)) else "",
            )
            for each in seats
        ),
        sessions=tuple(sessions.of_officer(view, person.id, real)),
    )


async def do(request: Request) -> Response:
    """One act on one account; a refusal keeps what was typed."""
    officer, form = await posted(request)
    login, act = request.path_params["login"], request.path_params["act"]
    request.state.again = partial(_again, form=form)
    desk = desk_of(request)
    db, now, real = desk.db, desk.clock(), desk.real()
    if act == "ubah":
        name, title = one_line(words(form, "nama"), 120), one_line(words(form, "jabatan"), 120)
        if not name:
            raise NameEmpty
        language = language_in(form)
        await db.write(accounts.edit, officer, login, name=name, title=title, language=language, now=now)
    elif act == "tutup":
        await db.write(accounts.close, officer, login, now)
    elif act == "buka":
        await db.write(accounts.reopen, officer, login, now)
    elif act == "sesi":
        await db.write(accounts.end_session, officer, login, words(form, "sesi")[:64], real, now)
    elif act == "semua":
        await db.write(accounts.end_sessions, officer, login, now)
    elif act == "sso":
        subject = one_line(words(form, "sub"), accounts.SUBJECT_LONGEST)
        await db.write(accounts.link_subject, officer, login, subject, now)
    elif act == "pulih":
        token, factor = fresh_token(), "dua" in form
        await db.write(accounts.offer_reset, officer, login, token, factor, real, now)
        return await _one(request, link=full(desk, f"/sandi/{token}"))
    else:
        raise HTTPException(404)
    return redirect(f"/akun/{login}?kabar={act}.")


async def _again(request: Request, refused: str, _: DeskError, form: FormData) -> Response:
    return await _one(request, refused, 409, typed=form)


def _names(view: View) -> dict[str, str]:
    """Lanes as people call them."""
    office = offices.current(view)
    return LANES | {lane.id: lane.name for one in office.procedures for lane in one.procedure.lanes}


ROUTES = (
    Route("/akun", show_all, methods=["GET"]),
    Route("/akun", ask_factor, methods=["POST"]),
    Route("/akun/{login}", show, methods=["GET"]),
    Route("/akun/{login}/{act}", do, methods=["POST"]),
)
