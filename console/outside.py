"""What the pages of people without an account share: a page that nobody indexes, the 404 of every wrong token, files, QR."""

import hmac
import re
from collections.abc import Awaitable, Callable
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from secrets import token_urlsafe
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from console.guard import from_here
from console.page import language_of, page, said
from console.session import desk_of
from console.uploads import is_large
from desk import form as forms
from desk import tries
from desk.desk import Desk
from desk.form import TooManyForms
from sop.clock import local_date
from sop.errors import N_, DeskError, NotFound, Unavailable
from sop.messages import File
from sop.wording import clock_time, long_day

_KEY = re.compile(r"[A-Za-z0-9_-]{12,64}", re.A)
Handler = Callable[[Request], Awaitable[Response]]
HIDDEN = {"X-Robots-Tag": "noindex, nofollow"}
WORDS = "words"  # what adds to a report or a case is counted apart from new reports
PASS_HOURS = 24  # how long an open form may stay open before files can no longer be sent with it
POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"


class Stranger(DeskError):
    """A form of another site."""

    def __init__(self) -> None:
        super().__init__(
            N_("Kiriman ini tidak berasal dari halaman kami. Buka halamannya, lalu kirim dari sana.")
        )


class Trouble(DeskError):
    def __init__(self) -> None:
        super().__init__(
            N_(
                "Penyimpanan sedang penuh atau terputus. Tulisan Anda ada di halaman ini; kirim lagi beberapa saat lagi."
            )
        )


def hidden(request: Request, name: str, *, status: int = 200, **content: Any) -> Response:
    """A page behind a secret address: no search engine keeps it."""
    return page(request, name, status=status, headers=HIDDEN, **content)


async def absent(request: Request) -> Response:
    """Wrong, expired, withdrawn and never given look the same (P15)."""
    return hidden(request, "absent.html", status=404)


def outside(handler: Handler) -> Handler:
    """A page of people without an account: its own 404, and a store in trouble loses no word of theirs."""

    async def guarded(request: Request) -> Response:
        try:
            return await handler(request)
        except NotFound:
            return await absent(request)
        except Unavailable:
            return await _kept_for_later(request)

    return guarded


async def _kept_for_later(request: Request) -> Response:
    """The form again, with its words and its key, so that what was kept after all is not kept twice."""
    again = getattr(request.state, "again", None)
    trouble = Trouble()
    if again is not None:
        try:
            shown: Response = await again(request, said(request, trouble.message), trouble)
        except Unavailable:
            pass
        else:
            shown.status_code = 503
            shown.headers["Retry-After"] = "5"
            return shown
    return page(
        request,
        "unavailable.html",
        status=503,
        again={},
        headers={"Retry-After": "5"},
        to=request.url.path,
        damaged=False,
    )


def check_origin(request: Request) -> None:
    """Raises Stranger. There is no session here to misuse; the secret in the address is the right."""
    if not from_here(request):
        raise Stranger


def address_of(request: Request, purpose: str = "form") -> str:
    """Who sends, as it is counted: not to be turned back without the desk's secret. Of IPv6 the house counts, since
    everybody there has more addresses than we could ever count."""
    host = request.client.host if request.client else ""
    host = tries.network(host) if ":" in host else host
    return hmac.new(desk_of(request).secret.encode(), f"{purpose} {host}".encode(), sha256).hexdigest()


async def few_words(request: Request) -> None:
    """A long form is read only from an address that has not sent too many lately. Raises TooManyForms."""
    if not is_large(request):
        return
    desk, address = desk_of(request), address_of(request, WORDS)
    if minutes := await desk.db.read(forms.wait_left, address, desk.real(), forms.WORDS):
        raise TooManyForms(minutes)


async def count_words(request: Request) -> None:
    """Raises TooManyForms."""
    desk = desk_of(request)
    await desk.db.write(forms.count_words, address_of(request, WORDS), desk.real())


def form_pass(desk: Desk) -> str:
    """What the address of an open form carries: that we gave it out, and in which hour."""
    return _pass(desk, int(desk.real().timestamp()) // 3600)


def opened_lately(desk: Desk, given: str) -> bool:
    """Whether a pass is ours and not older than a day and an hour. Told before a long form is read."""
    hour = int(desk.real().timestamp()) // 3600
    stated, _, _ = given.partition(".")
    fresh = stated.isascii() and stated.isdigit() and hour - PASS_HOURS <= int(stated[:12]) <= hour
    return fresh and hmac.compare_digest(
        _pass(desk, int(stated[:12])).encode(), given.encode("utf-8", "replace")
    )


def _pass(desk: Desk, hour: int) -> str:
    return f"{hour}.{hmac.new(desk.secret.encode(), f'open form {hour}'.encode(), sha256).hexdigest()[:20]}"


def key_of(given: str, *content: str) -> str:
    """The key under which a form is kept once: a double press repeats it, other words in the same form do not."""
    if not _KEY.fullmatch(given):
        return token_urlsafe(18)
    return sha256("\n".join((given, *content)).encode("utf-8", "replace")).hexdigest()[:40]


def full(desk: Desk, path: str) -> str:
    """The address as the public knows it, from the configuration alone."""
    return f"{desk.public_url.rstrip('/')}{path}"


def dated(request: Request, zone: str) -> Callable[[datetime], str]:
    """A moment as paper says it, which is read on other days: Senin, 2 Maret 2026, 09.40 WIB."""
    place, language = zone or desk_of(request).zone, language_of(request)

    def words(at: datetime) -> str:
        return f"{long_day(local_date(place, at), language)}, {clock_time(at, place, language)}"

    return words


def qr(address: str) -> str:
    """The address as a picture in a data: URL. The library is loaded by the first page that needs one."""
    import segno

    picture: str = segno.make(address, error="m", micro=False).svg_data_uri(
        scale=4, border=3, dark="#000", light="#fff", omitsize=False
    )
    return picture


def qr_png(address: str) -> bytes:
    """The same as a file for posters, with the quiet zone that cameras want."""
    import segno

    picture = BytesIO()
    segno.make(address, error="q", micro=False).save(picture, kind="png", scale=16, border=4)
    return picture.getvalue()


def download(desk: Desk, file: File, name: str) -> Response:
    """A file as an attachment that no browser runs. Raises HTTPException(404)."""
    try:
        path = desk.files.path(file)
    except FileNotFoundError:
        raise HTTPException(404) from None
    if not path.is_file():
        raise HTTPException(404)
    return FileResponse(
        path,
        media_type=file.content_type
        if file.content_type.startswith("image/")
        else "application/octet-stream",
        filename=name,
        content_disposition_type="attachment",
        headers={"Content-Security-Policy": POLICY, "Cache-Control": "private, no-store", **HIDDEN},
    )
