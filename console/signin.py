"""Signing in and out. A wrong try slows the next ones down; nobody is locked out for good."""

import asyncio
import re
from contextlib import suppress
from datetime import datetime
from functools import partial
from math import ceil
from secrets import token_urlsafe
from urllib.parse import urlsplit

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from console.guard import from_here, token_fits
from console.outside import qr
from console.page import page, redirect
from console.session import (
    COOKIE,
    FormStale,
    cookie,
    desk_of,
    forget,
    open_session,
    posted,
    remember,
    small_form_of,
    token_of,
    words,
)
from desk import answer, factors, passwords, staff, tries
from desk.desk import Desk
from desk.secrets import fresh_token
from sop.errors import DeskError
from sop.officer import Officer
from sop.text import one_line
from store import officers
from store.db import View

FORM_COOKIE = "tanggap_form"
TOKEN = re.compile(r"[\w-]{32}", re.ASCII)
DRAFTS = {"isi": "answer", "catatan": "note"}


async def show(request: Request) -> Response:
    return form(request, to=request.query_params.get("lanjut", "/"))


async def sign_in(request: Request) -> Response:
    """Raises FormStale, TooManyTries, WrongLogin; each shows the form again."""
    desk, given = desk_of(request), await small_form_of(request)
    login = one_line(words(given, "nama"), 80).lower()
    request.state.again = partial(_again, given=given)
    _ours(request, given)
    async with request.app.state.checking:
        officer = await _checked(desk, login, words(given, "sandi"), _address(request))
    return await after_first(request, officer, given)


async def after_first(request: Request, number: int, given: FormData) -> Response:
    """The first step is done, by password or by the identity provider: in, or on to the second. Raises WrongLogin."""
    desk = desk_of(request)
    officer, factor, asked = await desk.db.read(_second, number, desk.clock())
    if officer is None:
        raise staff.WrongLogin
    if not factor and not asked:
        return await _enter(request, officer, given)
    token = fresh_token()
    await desk.db.write(factors.begin, officer.id, token, desk.real())
    return second(request, given, token, officer.login, "" if factor else factors.fresh_secret())


async def second_step(request: Request) -> Response:
    """Six digits of the app; they also confirm a secret that was just shown.

    Raises FormStale, HalfwayOver, TooManyTries, CodeWrong.
    """
    desk, given = desk_of(request), await small_form_of(request)
    request.state.again = partial(_again, given=given)
    _ours(request, given)
    token, secret, code = words(given, "setengah"), words(given, "rahasia"), words(given, "angka")
    number = await desk.db.read(factors.begun, token, desk.real())
    officer, factor, _ = await desk.db.read(_second, number, desk.clock())
    if officer is None:
        raise factors.HalfwayOver
    request.state.again = partial(_again_second, given=given, login=officer.login)
    if wait := await desk.db.write(tries.take_alone, f"code:{officer.login}", desk.real()):
        raise staff.TooManyTries(ceil(wait.total_seconds()))
    if factor:
        await desk.db.write(
            factors.finish, token, officer.id, officer.login, code[:12], desk.real(), desk.secret
        )
    else:
        await desk.db.write(
            factors.finish_first, token, officer, secret, code[:12], desk.real(), desk.clock(), desk.secret
        )
    return await _enter(request, officer, given)


def _second(view: View, number: int, now: datetime) -> tuple[Officer | None, bool, bool]:
    """(the officer, whether they have a second step, whether the office asks for one)."""
    officer = officers.find(view, number, now)
    if officer is None:
        return None, False, False
    return officer, bool(officers.factor(view, number)), factors.asked_of(view, officer)


async def _enter(request: Request, officer: Officer, given: FormData) -> Response:
    """A session of its own; the one before ends."""
    desk = desk_of(request)
    response = redirect(await _keep_typed(desk, officer, given))
    if old := token_of(request):
        await desk.db.write(staff.sign_out, old)
    device, login = request.headers.get("user-agent", ""), officer.login
    await open_session(desk, response, officer.id, login, _address(request), device, "tetap" in given)
    forget(desk, response, FORM_COOKIE)
    return response


def _ours(request: Request, given: FormData) -> None:
    """Raises FormStale."""
    kept = request.cookies.get(cookie(desk_of(request), FORM_COOKIE), "")
    if not from_here(request) or not token_fits(given.get("token"), kept):
        raise FormStale


async def sign_out(request: Request) -> Response:
    await posted(request)
    desk = desk_of(request)
    await desk.db.write(staff.sign_out, token_of(request))
    response = redirect("/login")
    forget(desk, response, COOKIE)
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
    token = _form_token(request)
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
        sso=request.app.state.sso is not None,
        renewed=request.query_params.get("kabar") == "sandi",
    )
    if request.headers.get("sec-fetch-dest") != "empty":  # a script's own request shows nobody a form
        remember(desk_of(request), response, FORM_COOKIE, token)
    return response


def _form_token(request: Request) -> str:
    """One for all sign-in forms that a browser has open, so that no later one takes the words of an earlier one away."""
    kept = request.cookies.get(cookie(desk_of(request), FORM_COOKIE), "")
    return kept if TOKEN.fullmatch(kept) else token_urlsafe(24)


def second(
    request: Request,
    given: FormData,
    half: str,
    login: str,
    secret: str,
    *,
    status: int = 200,
    refused: str = "",
) -> Response:
    """The page of the second step. `secret`: of who has none yet, to be put into an app first."""
    token, desk = _form_token(request), desk_of(request)
    response = page(
        request,
        "second.html",
        status=status,
        to=_inside(words(given, "lanjut")),
        half=half,
        secret=secret,
        code=qr(factors.address(secret, login, desk.name)) if secret else "",
        stay="tetap" in given,
        refused=refused,
        typed=typed_in(given),
        form_token=token,
    )
    remember(desk, response, FORM_COOKIE, token)
    return response


async def _again_second(
    request: Request, refused: str, error: DeskError, given: FormData, login: str
) -> Response:
    status = 429 if isinstance(error, staff.TooManyTries) else 401
    if isinstance(error, factors.HalfwayOver):
        return await _again(request, refused, error, given)
    half, secret = words(given, "setengah"), words(given, "rahasia")[: factors.LENGTH]
    return second(request, given, half, login, secret, status=status, refused=refused)


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
    wait = await desk.db.read(tries.wait_left, login, address, desk.real())
    if wait:
        raise staff.TooManyTries(ceil(wait.total_seconds()))
    account = await desk.db.read(officers.account, login)
    known = account.password_hash if account and account.active else ""
    if not await asyncio.to_thread(passwords.fits, known, password[:1000]) or account is None:
        await desk.db.write(tries.refused, login, address, desk.real())
        raise staff.WrongLogin
    return account.id


async def _keep_typed(desk: Desk, officer: Officer, given: FormData) -> str:
    """Words that a session's end would have lost become drafts of their ticket; the address to go on to."""
    to = _inside(words(given, "lanjut"))
    number = to.removeprefix("/tiket/") if to.startswith("/tiket/") else ""
    typed = typed_in(given)
    if number.isdigit() and typed:
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
