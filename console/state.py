"""/admin/keadaan: how the desk stands in words, what is wrong and what to do, and the last day in small charts.

For the sysadmin and for supervisors: it names channels and counts, never a message or a person.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from console.page import page, redirect
from console.queue import news
from console.session import ask, desk_of, posted, words
from desk import anchoring, state
from desk.alerts import hearers, named, remedied, said
from desk.anchoring import Keeper
from desk.desk import Desk
from desk.seeing import needs_in
from desk.state import Board
from sop import wording
from sop.chart import binned, chart
from sop.errors import N_, DeskError, NotAllowed
from sop.language import Language, translate
from sop.officer import Officer, Right
from sop.trouble import troubles
from store import anchors
from store.anchors import Anchor
from store.db import View
from store.state import COUNTED, Sample

BARS = 96  # a quarter of an hour each
SLOW = 1.0  # seconds: a commit or a lag above it is drawn as late


class Wrong(Struct, frozen=True, kw_only=True):
    words: str
    remedy: str
    since_at: datetime | None


class Fact(Struct, frozen=True, kw_only=True):
    """`grade`: "met" or "late"; `remedy` says what to do about a bad one."""

    name: str
    value: str
    more: str = ""
    grade: str = "met"
    remedy: str = ""


class Page(Struct, frozen=True, kw_only=True):
    wrong: tuple[Wrong, ...]
    facts: tuple[Fact, ...]
    charts: tuple[tuple[str, str], ...]
    anchor: Anchor | None
    keeper: Keeper
    may_choose: bool


async def show(request: Request) -> Response:
    return await _shown(request)


async def _shown(
    request: Request, *, typed: str | None = None, refused: str = "", status: int = 200
) -> Response:
    found = await ask(request, read, desk_of(request))
    keeper = typed if typed is not None else found.keeper.mail or found.keeper.login
    return page(
        request, "keadaan.html", status=status, found=found, typed=keeper, refused=refused, news=news(request)
    )


def read(view: View, officer: Officer, desk: Desk) -> Page:
    """Raises NotAllowed."""
    if not (officer.may_anywhere(Right.OPERATE) or officer.may_anywhere(Right.PARKED)):
        raise NotAllowed
    now, live = desk.clock(), desk.live()
    board = state.board(view, now)
    found = troubles(state.facts(board.standing, live), desk.bounds, now)
    return Page(
        wrong=tuple(
            Wrong(
                words=said(each, desk.zone, officer.language, now),
                remedy=remedied(each, officer.language),
                since_at=board.standing.alerts.get(each.kind),
            )
            for each in found
        ),
        facts=(
            *_leaving(board, desk, officer.language, now),
            *_kept(board, desk, officer.language, now),
            _heard(hearers(view, now), officer.language),
        ),
        charts=_charts(board, desk, officer.language, now),
        anchor=anchors.last(view),
        keeper=anchoring.keeper(view),
        may_choose=officer.units(Right.OFFICE) is None,
    )


def _leaving(board: Board, desk: Desk, language: Language, now: datetime) -> list[Fact]:
    """What waits, and for how long."""
    say = partial(translate, language=language)
    standing, facts = board.standing, []
    for name, (since, count) in sorted(state.waiting(standing).items()):
        late = now - since >= desk.bounds.outbox
        facts.append(
            Fact(
                name=say(N_("Keluar lewat {channel}"), channel=named(name, language)),
                value=wording.number(count, language),
                more=say(N_("terlama {span}"), span=wording.span(now - since, language)),
                grade="late" if late else "met",
                remedy=say(N_("Jalankan: tanggap doctor")) if late else "",
            )
        )
    if not facts:
        facts.append(Fact(name=say(N_("Pesan keluar")), value="0", more=say(N_("tidak ada yang menunggu"))))
    dead = sum(heap.n for heap in standing.dead.values())
    return [
        *facts,
        Fact(
            name=say(N_("Tidak terkirim")),
            value=wording.number(dead, language),
            more=say(N_("belum ditangani")) if dead else say(N_("semua sampai ke penyedianya")),
            grade="late" if dead else "met",
            remedy=say(N_("Agen memperbaikinya di halaman Pesan yang tidak terkirim.")) if dead else "",
        ),
        Fact(
            name=say(N_("Langkah lewat tenggat")),
            value=_counted(standing.breached.n, language),
            more=say(N_("{count} jatuh tempo dalam sejam"), count=_counted(standing.due.n, language)),
            grade="late" if standing.breached.n else "met",
            remedy=say(N_("Penyelia melihatnya di antrean, yang paling mendesak dahulu."))
            if standing.breached.n
            else "",
        ),
    ]


def _counted(count: int, language: Language) -> str:
    """What is not counted to its end says so."""
    return wording.number(count, language) + ("+" if count >= COUNTED else "")


def _kept(board: Board, desk: Desk, language: Language, now: datetime) -> list[Fact]:
    """The disk, backups, and who does the work."""
    say = partial(translate, language=language)
    standing, live, facts = board.standing, desk.live(), []
    if live.space:
        tight = live.space.share < desk.bounds.disk
        facts.append(
            Fact(
                name=say(N_("Ruang disk")),
                value=wording.percent(live.space.share, language),
                more=say(N_("{free} bebas"), free=wording.size(live.space.free, language)),
                grade="late" if tight else "met",
                remedy=say(N_("Kosongkan ruang atau perbesar disk.")) if tight else "",
            )
        )
    backups = state.backups(standing, live.nightly)
    old = backups.good_at is None or now - backups.good_at >= desk.bounds.backup
    nightly = "" if live.nightly else say(N_("tidak diatur setiap malam"))
    facts.append(
        Fact(
            name=say(N_("Cadangan utuh terakhir")),
            value=wording.moment(backups.good_at, desk.zone, language, now=now)
            if backups.good_at
            else say(N_("belum pernah")),
            more=nightly,
            grade="late" if old or nightly else "met",
            remedy=say(N_("Atur blok backup di config.yaml, atau jalankan: tanggap backup BERKAS"))
            if old or nightly
            else "",
        )
    )
    leader = next((owner for name, (owner, until) in standing.leases.items() if name == "desk"), "")
    facts.append(
        Fact(
            name=say(N_("Yang bekerja")),
            value=leader.rpartition(":")[0] or say(N_("belum ada")),
            more=say(N_("mesin dan nomor prosesnya")) if leader else say(N_("tidak ada yang mengirim")),
            grade="met" if leader else "late",
            remedy="" if leader else say(N_("Jalankan: tanggap serve")),
        )
    )
    return facts


def _heard(chats: int, language: Language) -> Fact:
    """Who is told of a trouble."""
    say = partial(translate, language=language)
    return Fact(
        name=say(N_("Penerima pemberitahuan")),
        value=wording.number(chats, language),
        more=say(N_("chat sysadmin")),
        grade="met" if chats else "late",
        remedy=""
        if chats
        else say(
            N_("Sysadmin menghubungkan akun Telegramnya di Profil, atau isi watch.mail di config.yaml.")
        ),
    )


def _charts(board: Board, desk: Desk, language: Language, now: datetime) -> tuple[tuple[str, str], ...]:
    """(title, SVG) of the last day."""
    say = partial(translate, language=language)

    def drawn(
        title: str,
        of: Callable[[Sample], float | None],
        shown: Callable[[float], str],
        together: Callable[[Iterable[float]], float],
        limit: float | None = None,
    ) -> tuple[str, str]:
        values = binned(((at, of(each)) for at, each in board.samples), now, state.DAY, BARS, together)
        most = max((value for value in values if value is not None), default=None)
        top = (
            say(N_("belum ada ukuran"))
            if most is None
            else say(N_("paling banyak {value}"), value=shown(most))
        )
        left, right = say(N_("24 jam lalu")), say(N_("sekarang"))
        return title, chart(values, title=title, top=top, left=left, right=right, limit=limit)

    def count(value: float) -> str:
        return wording.number(round(value), language)

    def span(value: float) -> str:
        if value < 1:
            return say(N_("{count} milidetik"), count=wording.number(round(value * 1000), language))
        return wording.span(timedelta(seconds=value), language)

    return (
        drawn(say(N_("Pesan masuk")), lambda each: float(sum(each.taken.values())), count, sum),
        drawn(say(N_("Percobaan kirim yang gagal")), lambda each: float(each.errors), count, sum),
        drawn(
            say(N_("Pesan keluar tertua menunggu")),
            lambda each: each.oldest,
            span,
            max,
            desk.bounds.outbox.total_seconds(),
        ),
        drawn(say(N_("Menyimpan ke disk, 99 dari 100")), lambda each: each.commit, span, max, SLOW),
        drawn(say(N_("Keterlambatan program")), lambda each: each.lag, span, max, SLOW),
        drawn(say(N_("Langkah lewat tenggat")), lambda each: float(each.breached), count, max),
    )


async def choose(request: Request) -> Response:
    """Who keeps the heads of the chain outside the desk."""
    officer, form = await posted(request)
    needs_in(officer, Right.OFFICE, None)
    desk, to = desk_of(request), words(form, "penyimpan")
    request.state.again = partial(_again, typed=to)
    await desk.db.write(anchoring.choose, officer, to, desk.clock())
    return redirect("/admin/keadaan?kabar=jangkar.")


async def _again(request: Request, refused: str, _: DeskError, typed: str) -> Response:
    return await _shown(request, typed=typed, refused=refused, status=409)


ROUTES = (
    Route("/admin/keadaan", show, methods=["GET"]),
    Route("/admin/keadaan", choose, methods=["POST"]),
)
