"""The page /peragaan: a reporter's phone and an officer's desk side by side. Wiring hands it the clock and the sign-in."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hmac import compare_digest
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from demo import chats, doings
from demo.bubble import local, short_day
from demo.files import ASSETS, asset, telegram_file, whatsapp_file
from demo.live import Live, stream
from demo.scenes import SCENES
from demo.stage import Officer, Stage

FOLDER = Path(__file__).parent / "pages"
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "media-src 'self'; form-action 'self'; frame-src 'self'; frame-ancestors 'self'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
APPS = ("tg", "wa", "ml")
SIDES = ("hp", "konsol")
MOST = 26 * 1024 * 1024  # bytes of one form with its file


class Signed(NamedTuple):
    """Who the visitor is in the console now, and the cookies that say so; none when they were before."""

    login: str
    cookies: Sequence[str] = ()


SignIn = Callable[[Request, str], Awaitable[Signed]]
"""Sign the visitor in as that officer; "" asks for anybody."""


@dataclass(frozen=True)
class Wiring:
    """What the demo cannot know by itself. `sheets`: addresses of the console's style sheets; `token` is the forms'."""

    move_clock: Callable[[str], Awaitable[None]]
    sign_in_as: SignIn
    sheets: Mapping[str, str]
    token: str


@dataclass(frozen=True)
class Page:
    """`ready`: the phone's libraries are there."""

    stage: Stage
    wiring: Wiring
    live: Live
    ready: asyncio.Event
    templates: Environment

    def render(self, name: str, officer: Officer | None = None, **more: Any) -> str:
        """`officer`: whose staff phone it is."""
        return self.templates.get_template(name).render(
            **self.facts(officer or self.stage.officer("")),
            **more,
            token=self.wiring.token,
            sheets=self.wiring.sheets,
            assets=ASSETS,
        )

    def facts(self, officer: Officer) -> dict[str, Any]:
        """Everything that may change under the visitor's eyes."""
        stage, now = self.stage, self.stage.clock()
        there = local(now, stage.zone)
        blocked = stage.public_bot in stage.telegram.world.person(stage.reporter.telegram)["blocked"]
        return {
            "stage": stage,
            "ready": self.ready.is_set(),
            "telegram": chats.telegram(stage, stage.public_bot, stage.reporter.telegram, "tg"),
            "whatsapp": chats.whatsapp(stage),
            "window": chats.window(stage),
            "mail": chats.mail(stage),
            "officer": officer,
            "staff": chats.telegram(stage, stage.bot_of(officer), officer.telegram, "st"),
            "day": short_day(there.date()),
            "time": f"{there:%H.%M}",
            "outages": doings.outages(stage),
            "blocked": blocked,
        }


def build(stage: Stage, wiring: Wiring, ready: asyncio.Event) -> tuple[Starlette, Live]:
    """The application for paths that begin with /peragaan, and what ends its streams when the demo stops."""
    live = Live(stage)
    app = Starlette(
        routes=[
            Route("/peragaan", show),
            Route("/peragaan/petugas", staff_phone),
            Route("/peragaan/kabar", news),
            Route("/peragaan/masuk", sign_in, methods=["POST"]),
            Route("/peragaan/jam", move_clock, methods=["POST"]),
            Route("/peragaan/laku/{act}", act, methods=["POST"]),
            Route("/peragaan/berkas/telegram/{id}", telegram_file),
            Route("/peragaan/berkas/whatsapp/{id}", whatsapp_file),
            Route("/peragaan/static/{mark}/{name}", asset),
        ],
        exception_handlers={HTTPException: refused, ValueError: refused},
    )
    templates = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    app.state.page = Page(stage, wiring, live, ready, templates)
    return app, live


def page_of(request: Request) -> Page:
    page: Page = request.app.state.page
    return page


async def show(request: Request) -> Response:
    """The visitor is signed in as the first officer, unless somebody is signed in already."""
    page = page_of(request)
    signed = await page.wiring.sign_in_as(request, "")
    app, side = request.query_params.get("app", ""), request.query_params.get("sisi", "")
    html = page.render(
        "page.html",
        officer=known(page.stage, signed.login),
        app=app if app in APPS else "tg",
        side=side if side in SIDES else "hp",
        scenes=SCENES,
        moves=doings.MOVES,
    )
    response = HTMLResponse(html, headers=HEADERS)
    for cookie in signed.cookies:
        response.headers.append("set-cookie", cookie)
    return response


async def staff_phone(request: Request) -> Response:
    """An officer's chat with the staff bot, a page of its own for the frame."""
    page = page_of(request)
    return HTMLResponse(page.render("staff.html", asked(request)), headers=HEADERS)


async def news(request: Request) -> Response:
    page, officer = page_of(request), asked(request)
    return stream(page.live, lambda: page.render("live.html", officer), HEADERS)


def asked(request: Request) -> Officer:
    """Whose phone the address names."""
    return known(page_of(request).stage, request.query_params.get("siapa", ""))


def known(stage: Stage, login: str) -> Officer:
    """Somebody who is not of the stage is its first officer: a visitor may sign in as whom they made themselves."""
    return next((each for each in stage.officers if each.login == login), stage.officer(""))


async def sign_in(request: Request) -> Response:
    """The frame goes on as that officer: in the console, or on their staff phone."""
    page = page_of(request)
    async with posted(request) as form:
        officer = page.stage.officer(str(form.get("sebagai", "")))
        phone = form.get("ke") == "bot"
    to = f"{doings.STAFF_PAGE}?siapa={officer.login}" if phone else officer.home
    response = RedirectResponse(to, 303)
    for cookie in (await page.wiring.sign_in_as(request, officer.login)).cookies:
        response.headers.append("set-cookie", cookie)
    return response


async def move_clock(request: Request) -> Response:
    page = page_of(request)
    async with posted(request) as form:
        name = str(form.get("maju", ""))
    if name not in doings.MOVES:
        raise HTTPException(404)
    await page.wiring.move_clock(name)
    page.live.tell()
    return done(request, "", reload=True)


async def act(request: Request) -> Response:
    """Something that a thumb does: write, send, press, choose a situation, cut a cable."""
    page, do = page_of(request), doings.ACTS.get(request.path_params["act"])
    if do is None:
        raise HTTPException(404)
    async with posted(request) as form:
        await page.ready.wait()
        result = await do(page.stage, form, page.wiring.move_clock)
    page.live.tell()
    return done(request, result.app, reload=result.moved, to=result.to)


@asynccontextmanager
async def posted(request: Request) -> AsyncIterator[Mapping[str, Any]]:
    """The form and its files, if it comes from a page of ours: any page in this browser can reach the port. Raises HTTPException."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise HTTPException(403)
    if int(request.headers.get("content-length") or 0) > MOST:
        raise HTTPException(413)
    async with request.form(max_files=5, max_fields=40, max_part_size=MOST) as form:
        given, expected = form.get("token"), page_of(request).wiring.token
        if not isinstance(given, str) or not compare_digest(given.encode(), expected.encode()):
            raise HTTPException(403)
        yield {**form, "berkas": form.getlist("berkas")}


def done(request: Request, app: str, *, reload: bool = False, to: str = "") -> Response:
    """To the script one line of what to show, to a browser without script the page again."""
    if request.headers.get("x-live"):
        return Response(status_code=204, headers={"X-App": app, "X-Reload": "1" if reload else ""})
    return RedirectResponse(to or (f"/peragaan?app={app}" if app else "/peragaan"), 303)


async def refused(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 400
    reason = REASONS.get(status, "Permintaan ini tidak dapat dilakukan. Muat ulang halaman, lalu coba lagi.")
    html = page_of(request).render("refused.html", reason=reason)
    return HTMLResponse(html, status, headers=HEADERS)


REASONS = {
    403: "Halaman ini sudah kedaluwarsa. Muat ulang halaman peragaan, lalu coba lagi.",
    404: "Halaman ini tidak ada. Kembalilah ke halaman peragaan.",
    413: "Berkas terlalu besar; paling besar 25 MB.",
}
