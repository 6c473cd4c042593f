"""What is done to several tickets of the queue at once, and the page that says what could not be."""

from msgspec import Struct
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from console.page import language_of, page
from console.session import desk_of, posted, words
from console.writing import key_of
from desk import bulk
from desk.bulk import Order
from sop import filters
from sop.errors import N_
from sop.language import explained
from sop.text import one_line

TITLES = {
    "tag": N_("Memberi kategori"),
    "assign": N_("Menyerahkan tiket"),
    "close": N_("Menutup tiket"),
}
FIELDS = {"tag": "kategori", "assign": "kepada", "close": ""}


class Refused(Struct, frozen=True):
    number: str
    why: str


async def do(request: Request) -> Response:
    """The report is the answer: reloading it sends the same key, which does nothing again."""
    officer, form = await posted(request)
    desk, language = desk_of(request), language_of(request)
    act = next((each for each in bulk.ACTS if each == words(form, "aksi")), None)
    if act is None:
        raise HTTPException(400)
    numbers = [each for each in form.getlist("pilih") if isinstance(each, str) and _number(each)]
    target = one_line(words(form, FIELDS[act]), 80)
    found = await bulk.run(desk.db, numbers, officer, Order(act, target), key=key_of(form), now=desk.clock())
    return page(
        request,
        "bulk.html",
        title=TITLES[act],
        done=[each.number for each in found if each.error is None],
        refused=[Refused(each.number, explained(each.error, language)) for each in found if each.error],
        back=filters.text(filters.parse_text(words(form, "kembali")[:600])),
    )


def _number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 16


ROUTES = (Route("/borongan", do, methods=["POST"]),)
