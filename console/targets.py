"""/humas/sasaran: where announcements go. Places with what Telegram says of them, topics with who hears of them, media by hand."""

from datetime import datetime
from functools import partial

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from console.page import page, redirect
from console.queue import news
from console.session import ask, desk_of, posted, words
from desk import targets as rules
from desk import topics
from sop.errors import N_, DeskError
from sop.officer import Officer
from sop.procedure_reader import IDENTIFIER
from sop.text import one_line
from store.db import View
from store.targets import Target

KINDS = {
    "channel": N_("Saluran"),
    "group": N_("Grup"),
    "subscribers": N_("Pelanggan"),
    "hand": N_("Dengan tangan"),
}
BACK = "/humas/sasaran"
FIELDS = ("alamat", "nama", "unit", "media", "topik", "kode", "topik_unit", "media_unit")


class CodeFaulty(DeskError):
    """What was typed makes no code."""

    def __init__(self, code: str) -> None:
        super().__init__(
            N_(
                "Kode “{code}” tidak dapat dipakai. Pakai huruf kecil, angka, dan tanda hubung, misalnya akademik."
            ),
            code=code[:40],
        )


async def show(request: Request) -> Response:
    return await _shown(request)


async def _shown(
    request: Request,
    *,
    typed: dict[str, str] | None = None,
    refused: str = "",
    form: str = "",
    status: int = 200,
) -> Response:
    desk = desk_of(request)
    found = await ask(request, rules.read, desk.channels, desk.clock())
    return page(
        request,
        "targets.html",
        status=status,
        board=found,
        kinds=KINDS,
        typed=dict.fromkeys(FIELDS, "") | (typed or {}),
        refused=refused,
        form=form,
        asks=bool(rules.inspectors(desk.opened)),
        news=news(request),
    )


async def _again(request: Request, refused: str, _: DeskError, typed: dict[str, str], form: str) -> Response:
    return await _shown(request, typed=typed, refused=refused, form=form, status=409)


async def _form(request: Request) -> tuple[Officer, FormData]:
    """Raises NotAllowed for who manages no targets at all."""
    officer, form = await posted(request)
    await ask(request, rules.must_manage_some, desk_of(request).clock())
    return officer, form


async def add(request: Request) -> Response:
    """A channel or group by its name, or a medium that a hand serves."""
    officer, form = await _form(request)
    desk, by_hand = desk_of(request), words(form, "jenis") == "tangan"
    unit = _unit(form, "media_unit" if by_hand else "unit")
    await ask(request, rules.of_unit, unit, desk.clock())
    request.state.again = partial(_again, typed=_typed(form), form="tangan" if by_hand else "tempat")
    if by_hand:
        await desk.db.write(rules.add_hand, officer, unit=unit, name=words(form, "media"), now=desk.clock())
        return redirect(f"{BACK}?kabar=sasaran.")
    typed = one_line(words(form, "alamat"), 200)
    found = await rules.look(rules.inspectors(desk.opened), typed)
    await desk.db.write(
        rules.add_place,
        officer,
        unit=unit,
        typed=typed,
        found=found,
        name=words(form, "nama"),
        now=desk.clock(),
    )
    return redirect(f"{BACK}?kabar=sasaran.")


async def do(request: Request) -> Response:
    """Rename, ask again, retire, use again."""
    officer, form = await _form(request)
    desk, number, act = desk_of(request), request.path_params["number"], request.path_params["act"]
    request.state.again = partial(_again, typed={}, form=f"s{number}")
    if act == "tanya":
        await _asked(request, officer, number)
    elif act == "nama":
        await desk.db.write(rules.rename, officer, number, words(form, "nama"), desk.clock())
    elif act == "pensiun":
        await desk.db.write(rules.retire, officer, number, desk.clock())
    elif act == "aktif":
        await desk.db.write(rules.revive, officer, number, desk.clock())
    else:
        raise HTTPException(404)
    return redirect(f"{BACK}?kabar=sasaran.#s{number}")


async def _asked(request: Request, officer: Officer, number: int) -> None:
    desk = desk_of(request)
    target = await ask(request, _target, number, desk.clock())
    if target.kind in rules.PLACES:
        inspectors = rules.inspectors(desk.opened)
        if target.channel not in inspectors:
            raise rules.NobodyToAsk
        found = await inspectors[target.channel].inspect(target.address)
        await desk.db.write(rules.note, officer, number, found, desk.clock())


def _target(view: View, officer: Officer, number: int, now: datetime) -> Target:
    return rules.mine(view, officer, number, now)


async def add_topic(request: Request) -> Response:
    officer, form = await _form(request)
    desk, unit = desk_of(request), _unit(form, "topik_unit")
    await ask(request, rules.of_unit, unit, desk.clock())
    request.state.again = partial(_again, typed=_typed(form), form="topik")
    name = one_line(words(form, "topik"), 80)
    code = one_line(words(form, "kode"), 60).lower() or "-".join(name.lower().split())
    if name and not IDENTIFIER.fullmatch(code):
        raise CodeFaulty(code)
    await desk.db.write(
        topics.create,
        officer,
        code=code,
        name=name,
        unit=unit,
        channels=desk.channels,
        now=desk.clock(),
    )
    return redirect(f"{BACK}?kabar=topik.#topik")


async def do_topic(request: Request) -> Response:
    """Rename, retire, use again, and a channel's subscribers as a target."""
    officer, form = await _form(request)
    desk, number, act = desk_of(request), request.path_params["number"], request.path_params["act"]
    request.state.again = partial(_again, typed={}, form=f"t{number}")
    if act == "kanal":
        await desk.db.write(topics.hear, officer, number, words(form, "kanal"), desk.clock())
        return redirect(f"{BACK}?kabar=topik.#t{number}")
    if act not in ("nama", "pensiun", "aktif"):
        raise HTTPException(404)
    topic = await ask(request, topics.mine, number, desk.clock())
    name = words(form, "nama") if act == "nama" else topic.name
    active = topic.active if act == "nama" else act == "aktif"
    await desk.db.write(topics.revise, officer, number, name=name, active=active, now=desk.clock())
    return redirect(f"{BACK}?kabar=topik.#t{number}")


def _typed(form: FormData) -> dict[str, str]:
    return {name: words(form, name)[:300] for name in FIELDS}


def _unit(form: FormData, name: str) -> int | None:
    """None is every unit."""
    text = words(form, name)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


ROUTES = (
    Route("/humas/sasaran", show, methods=["GET"]),
    Route("/humas/sasaran", add, methods=["POST"]),
    Route("/humas/sasaran/{number:int}/{act}", do, methods=["POST"]),
    Route("/humas/topik", add_topic, methods=["POST"]),
    Route("/humas/topik/{number:int}/{act}", do_topic, methods=["POST"]),
)
