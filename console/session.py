"""Who is at the page: the cookie, the officer behind it, and forms that only a page of ours can send."""

from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from msgspec import Struct
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from console.guard import from_here, token_fits
from console.uploads import is_large
from desk import publication_reading, staff
from desk.desk import Desk
from sop.errors import N_, DeskError, Unavailable
from sop.officer import Officer
from sop.procedure import Role
from store import office as offices
from store.db import View
from store.sessions import Session

COOKIE = "tanggap"
FILES = 5

P = ParamSpec("P")
T = TypeVar("T")


class Signed(Struct, frozen=True):
    """A session that is in force, and its officer with the seats of this moment. `humas`: how many publications wait
    for them; None for who sits in no lane of Humas."""

    session: Session
    officer: Officer
    humas: int | None = None


class NotSignedIn(Exception):
    """No session, or one that has ended."""


class FormStale(DeskError):
    """The form does not come from a page of this session."""

    def __init__(self) -> None:
        super().__init__(N_("Halaman ini sudah kedaluwarsa. Muat ulang halaman, lalu kirim lagi."))


def cookie(desk: Desk, name: str = COOKIE) -> str:
    """A cookie's name. Over https no other host of the same domain can set or shadow it (`__Host-`)."""
    return f"__Host-{name}" if desk.secure else name


def token_of(request: Request) -> str:
    """What the browser shows as its session; "" when nothing."""
    return request.cookies.get(cookie(desk_of(request)), "")


def desk_of(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


async def ask(
    request: Request, query: Callable[Concatenate[View, Officer, P], T], *args: P.args, **kwargs: P.kwargs
) -> T:
    """The session and what the page wants to know, in one trip to the database.

    Raises NotSignedIn, and what the query raises.
    """
    desk = desk_of(request)
    token = token_of(request)

    def both(view: View) -> tuple[Signed, T | DeskError] | None:
        found = staff.session_of(view, token, desk.real(), desk.clock()) if token else None
        if found is None:
            return None
        session, officer, version = found
        inside = any(seat.role == Role.HUMAS for seat in officer.seats)
        with view.knowing(offices.VERSION, version):
            signed = Signed(session, officer, publication_reading.waits(view, officer) if inside else None)
            try:
                return signed, query(view, officer, *args, **kwargs)
            except DeskError as error:
                return signed, error

    answer = await desk.db.read(both)
    if answer is None:
        raise NotSignedIn
    request.state.signed = answer[0]
    await _touch(desk, token, answer[0])
    if isinstance(answer[1], DeskError):
        raise answer[1]
    return answer[1]


async def posted(request: Request) -> tuple[Officer, FormData]:
    """The officer and the form of a change. Raises NotSignedIn, FormStale."""
    if is_large(request):
        await ask(request, _myself)  # nobody signed in: nothing of it is read
    form = await form_of(request)
    officer = await ask(request, _myself)
    signed: Signed = request.state.signed
    if not from_here(request) or not token_fits(form.get("token"), signed.session.form_token):
        raise FormStale
    return officer, form


async def recognise(request: Request) -> None:
    """Who reads a page that needs nobody in particular, if that can be known."""
    try:
        await ask(request, _myself)
    except (NotSignedIn, Unavailable):
        pass


async def form_of(request: Request) -> FormData:
    """The form, read once; its attachments are let go of when the answer has left (`console.guard`)."""
    form = await request.form(max_files=FILES, max_fields=100)
    request.state.form = form
    return form


async def small_form_of(request: Request) -> FormData:
    """The form of a page that anybody may send to: one that is long is none of ours, and nothing of it is read.

    Raises HTTPException(413).
    """
    if is_large(request):
        raise HTTPException(413)
    return await form_of(request)


def words(form: FormData, name: str) -> str:
    """A text field as it was typed; "" when it is absent or a file."""
    value = form.get(name, "")
    return value if isinstance(value, str) else ""


def _myself(_: View, officer: Officer) -> Officer:
    return officer


async def _touch(desk: Desk, token: str, signed: Signed) -> None:
    """The session is in use. Reading goes on when nothing can be written."""
    now = desk.real()
    if now - signed.session.seen_at > staff.TOUCH:
        try:
            await desk.db.write(staff.touch, token, now)
        except Unavailable:
            pass


async def open_session(
    desk: Desk, response: Response, officer: int, login: str, address: str, device: str, stay: bool
) -> None:
    """A new session, its token in the response's cookie alone. `stay`: beyond the browser's closing."""
    new = staff.fresh_login()
    await desk.db.write(staff.signed_in, officer, login, address, new, device, desk.real())
    remember(desk, response, COOKIE, new.token, int(staff.LONGEST.total_seconds()) if stay else None)


async def renew_session(request: Request, response: Response, officer: Officer) -> None:
    """This browser goes on under a new id, until it closes."""
    desk, signed = desk_of(request), request.state.signed
    new = staff.fresh_login()
    await desk.db.write(staff.renewed, signed.session, new, desk.real())
    remember(desk, response, COOKIE, new.token)


def remember(desk: Desk, response: Response, name: str, value: str, seconds: int | None = None) -> None:
    """A cookie that no script reads and no other site sends along; without `seconds` until the browser closes."""
    response.set_cookie(
        cookie(desk, name),
        value,
        max_age=seconds,
        httponly=True,
        samesite="lax",
        secure=desk.secure,
        path="/",
    )


def forget(desk: Desk, response: Response, name: str) -> None:
    response.delete_cookie(cookie(desk, name), path="/", secure=desk.secure, httponly=True, samesite="lax")
