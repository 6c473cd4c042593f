"""/langganan: what is announced, and how one hears of it: by mail with a yes from that mailbox, or in chat."""

from datetime import datetime
from functools import partial
from secrets import token_urlsafe

from msgspec import Struct
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from console.lapor_form import TRAP, mail_of
from console.outside import absent, address_of, check_origin, full, hidden, outside
from console.page import language_of, page, redirect
from console.reaching import Reached, reached
from console.session import desk_of
from console.uploads import Given, given, is_large
from desk import mail_lists
from desk.mail_lists import TopicsMissing, Wish
from sop.calendar import office_hours
from sop.errors import N_, DeskError
from sop.language import Language
from store.db import View
from store.targets import Topic

CHATS = {"telegram": "?start=langganan", "whatsapp": "?text=langganan"}


class MailMissing(DeskError):
    def __init__(self) -> None:
        super().__init__(N_("Alamat surel belum lengkap. Tulis lengkap, misalnya nama@contoh.ac.id."))


class Offered(Struct, frozen=True):
    topics: tuple[Topic, ...]
    reached: Reached


async def show(request: Request) -> Response:
    return await _page(request)


async def _page(
    request: Request,
    *,
    status: int = 200,
    refused: str = "",
    mail: str = "",
    chosen: frozenset[int] = frozenset(),
    sent: bool = False,
) -> Response:
    desk = desk_of(request)
    found = await desk.db.read(_offered, desk.channels, desk.zone, desk.clock(), language_of(request))
    return page(
        request,
        "langganan.html",
        status=status,
        offered=found,
        chats=[
            (name, f"{address}{CHATS[name]}", read)
            for name, address, read in found.reached.ways
            if name in CHATS
        ],
        by_mail="mail" in desk.channels,
        refused=refused,
        mail=mail,
        chosen=chosen,
        sent=sent,
    )


def _offered(view: View, channels: tuple[str, ...], zone: str, now: datetime, language: Language) -> Offered:
    return Offered(mail_lists.topics(view), reached(view, channels, office_hours(zone), now, language))


async def send(request: Request) -> Response:
    """The letter with the link. Whether that mailbox is known shows nowhere."""
    desk = desk_of(request)
    if is_large(request):
        raise HTTPException(413)
    async with given(request) as form:
        mail, chosen = form["surel"].strip()[:120], _chosen(form)
        request.state.again = partial(_again, mail=mail, chosen=chosen)
        check_origin(request)
        if "mail" not in desk.channels or form[TRAP].strip():
            return await absent(request)
        if not mail_of(mail):
            return await _page(request, status=422, refused=MailMissing().message, mail=mail, chosen=chosen)
        if not chosen:
            return await _page(request, status=422, refused=TopicsMissing().message, mail=mail)
    token = token_urlsafe(18)
    wish = Wish(
        address=mail_of(mail),
        topics=tuple(sorted(chosen)),
        token=token,
        link=full(desk, f"/langganan/{token}"),
        language=language_of(request),
    )
    await desk.db.write(mail_lists.ask, wish, address_of(request), desk.clock(), desk.real())
    return await _page(request, sent=True, mail=wish.address)


async def _again(request: Request, reason: str, _: DeskError, mail: str, chosen: frozenset[int]) -> Response:
    return await _page(request, status=409, refused=reason, mail=mail, chosen=chosen)


async def show_wish(request: Request) -> Response:
    """Reading changes nothing: scanners follow every link of a mail."""
    desk = desk_of(request)
    wish = await desk.db.read(mail_lists.wished, request.path_params["token"], desk.clock())
    if wish is None:
        return await absent(request)
    ticked = wish.hears if wish.confirmed else wish.hears | wish.chosen
    return hidden(
        request, "langganan_ya.html", wish=wish, ticked=ticked, done=request.query_params.get("kabar") == "ya"
    )


async def confirm(request: Request) -> Response:
    desk, token = desk_of(request), request.path_params["token"]
    if is_large(request):
        raise HTTPException(413)
    async with given(request) as form:
        check_origin(request)
        chosen = frozenset[int]() if form["aksi"] == "berhenti" else _chosen(form)
    if not await desk.db.write(mail_lists.confirm, token, sorted(chosen), desk.clock()):
        return await absent(request)
    return redirect(f"/langganan/{token}?kabar=ya")


def _chosen(form: Given) -> frozenset[int]:
    """Each topic is a box of its own, named by its number."""
    names = (name.removeprefix("topik-") for name in form.fields if name.startswith("topik-"))
    return frozenset(int(each) for each in names if each.isascii() and each.isdigit() and len(each) < 16)


ROUTES = (
    Route("/langganan", outside(show), methods=["GET"]),
    Route("/langganan", outside(send), methods=["POST"]),
    Route("/langganan/{token}", outside(show_wish), methods=["GET"]),
    Route("/langganan/{token}", outside(confirm), methods=["POST"]),
)
