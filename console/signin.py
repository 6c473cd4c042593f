"""Signing in and out. A wrong try slows the next ones down; nobody is locked out for good."""

import asyncio
from contextlib import suppress
from functools import partial
from math import ceil
from secrets import token_urlsafe
from urllib.parse import urlsplit

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from console.guard import from_here, token_fits
from console.page import page, redirect
from console.session import COOKIE, FormStale, desk_of, form_of, open_session, posted, words
from desk import answer, passwords, staff
from desk.desk import Desk
from sop.errors import DeskError
from sop.text import one_line
from store import officers

FORM_COOKIE = "tanggap_form"
DRAFTS = {"isi": "answer", "catatan": "note"}


async def show(request: Request) -> Response:
    return form(request, to=request.query_params.get("lanjut", "/"))


async def sign_in(request: Request) -> Response:
    """Raises FormStale, TooManyTries, WrongLogin; each shows the form again."""
    desk, given = desk_of(request), await form_of(request)
    login = one_line(words(given, "nama"), 80).lower()
    request.state.again = partial(_again, given=given)
    if not from_here(request) or not token_fits(given.get("token"), request.cookies.get(FORM_COOKIE, "")):
        raise FormStale
    async with request.app.state.checking:
        officer = await _checked(desk, login, words(given, "sandi"), _address(request))
    to = await _keep_typed(desk, login, given)
    response = redirect(to)
    if old := request.cookies.get(COOKIE):
        await desk.db.write(staff.sign_out, old)
    device = request.headers.get("user-agent", "")
    await open_session(desk, response, officer, login, _address(request), device, "tetap" in given)
    response.delete_cookie(FORM_COOKIE, path="/login")
    return response


async def sign_out(request: Request) -> Response:
    await posted(request)
    await desk_of(request).db.write(staff.sign_out, request.cookies.get(COOKIE, ""))
    response = redirect("/login")
    response.delete_cookie(COOKIE, path="/")
    return response


async def sign_in_as(desk: Desk, login: str, to: str = "/") -> Response:
    """A session without a password, for the demo's wiring alone. Raises UnknownLogin."""
    officer = await desk.db.read(officers.by_login, login, desk.clock())
    if officer is None:
        raise staff.UnknownLogin(login)
    response = redirect(_inside(to))
    await open_session(desk, response, officer.id, login, "demo", "demo", stay=False)
    return response


def form(
    request: Request,
    *,
    to: str,
    status: int = 200,
    login: str = "",
    refused: str = "",
    ended: bool = False,
    typed: dict[str, str] | None = None,
) -> Response:
    """The sign-in page. `typed`: words of a form whose session had ended; they become drafts after signing in."""
    token = token_urlsafe(24)
    response = page(
        request,
        "signin.html",
        status=status,
        to=_inside(to),
        login=login,
        refused=refused,
        ended=ended,
        typed=typed or {},
        form_token=token,
    )
    secure = desk_of(request).secure
    response.set_cookie(FORM_COOKIE, token, httponly=True, samesite="lax", secure=secure, path="/login")
    return response


def typed_in(given: FormData) -> dict[str, str]:
    return {name: text for name in DRAFTS if (text := words(given, name)).strip()}


async def _again(request: Request, refused: str, error: DeskError, given: FormData) -> Response:
    return form(
        request,
        to=words(given, "lanjut"),
        status=429 if isinstance(error, staff.TooManyTries) else 401,
        login=words(given, "nama"),
        refused=refused,
        typed=typed_in(given),
    )


async def _checked(desk: Desk, login: str, password: str, address: str) -> int:
    """The officer's id. Few at a time, so that a burst of guesses meets the wait too. Raises TooManyTries, WrongLogin."""
    wait = await desk.db.read(staff.wait_left, login, address, desk.real())
    if wait:
        raise staff.TooManyTries(ceil(wait.total_seconds()))
    account = await desk.db.read(officers.account, login)
    known = account.password_hash if account and account.active else ""
    if not await asyncio.to_thread(passwords.fits, known, password[:1000]) or account is None:
        await desk.db.write(staff.refused, login, address, desk.real())
        raise staff.WrongLogin
    return account.id


async def _keep_typed(desk: Desk, login: str, given: FormData) -> str:
    """Words that a session's end would have lost become drafts of their ticket; the address to go on to."""
    to = _inside(words(given, "lanjut"))
    number = to.removeprefix("/tiket/") if to.startswith("/tiket/") else ""
    officer = await desk.db.read(officers.by_login, login, desk.clock())
    typed = typed_in(given)
    if officer and number.isdigit() and typed:
        with suppress(DeskError):  # somebody else signed in, who does not see that ticket
            for name, text in typed.items():
                await desk.db.write(answer.save_draft, number, officer, DRAFTS[name], text, now=desk.clock())
    return to


def _inside(to: str) -> str:
    """Only an address of ours: whoever sends a link decides no other place to land."""
    parts = urlsplit(to)
    plain = to.startswith("/") and not to.startswith(("//", "/\\")) and not parts.netloc
    return to if plain and "\\" not in to and to.isprintable() and not to.startswith("/login") else "/"


def _address(request: Request) -> str:
    return request.client.host if request.client else ""
