"""Pages in the reader's language: what is put into them, and the words for times, sizes and channels that they use."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache, partial
from secrets import token_urlsafe
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from console.device import device
from console.session import Signed, desk_of
from sop import wording
from sop.card import channel_name
from sop.clock import local_date
from sop.errors import N_
from sop.identity import Proof
from sop.language import Language, chosen, retold, translate
from sop.limit import limit_words
from sop.officer import Officer, Right
from sop.wordless import told

MARKS = {"telegram": "tg", "whatsapp": "wa", "mail": "mail", "web": "web", "counter": "desk"}
NAMELESS = (
    N_("Pelapor anonim"),
    N_("(tanpa pokok)"),
)  # in place of a name and a subject that there never were
GONE = (N_("Pelapor (dihapus)"), N_("(isi dihapus)"))
BADGES = {
    Proof.NONE: "no",
    Proof.STATED: "say",
    Proof.CHECKED: "ok",
    Proof.PROVED: "ok",
    Proof.REJECTED: "bad",
}


def signed_of(request: Request) -> Signed | None:
    signed: Signed | None = getattr(request.state, "signed", None)
    return signed


def language_of(request: Request) -> Language:
    """The officer's own; before the login what the browser asks for, else the desk's."""
    signed = signed_of(request)
    if signed:
        return signed.officer.language
    wanted = request.headers.get("accept-language", "")
    return chosen(wanted) if wanted else desk_of(request).language


def said(request: Request, message: str, **params: Any) -> str:
    return translate(message, language_of(request), **params)


def page(
    request: Request,
    name: str,
    *,
    status: int = 200,
    zone: str = "",
    headers: Mapping[str, str] | None = None,
    **content: Any,
) -> HTMLResponse:
    """The template of that name. Whatever it shows is escaped; `zone` is the unit's, else the desk's."""
    desk = desk_of(request)
    signed = signed_of(request)
    language = language_of(request)
    html = (
        request.app.state.pages[language]
        .get_template(name)
        .render(
            **_words(language, zone or desk.zone, desk.clock()),
            **content,
            language=language,
            desk_name=desk.name,
            officer=signed.officer if signed else None,
            rights=_rights(signed.officer) if signed else frozenset(),
            humas=signed.humas if signed else None,
            token=signed.session.form_token if signed else "",
            assets=request.app.state.assets.urls,
            path=request.url.path,
        )
    )
    return HTMLResponse(html, status, headers=headers)


def redirect(to: str) -> Response:
    """303: the change is done, and reloading the page that follows does not repeat it."""
    return RedirectResponse(to, 303)


def _words(language: Language, zone: str, now: datetime) -> dict[str, Any]:
    today = local_date(zone, now)

    def day(at: datetime) -> str:
        date = local_date(zone, at)
        long = wording.long_day(date, language)
        return translate(N_("Hari ini, {day}"), language, day=long) if date == today else long

    def hour(at: datetime) -> str:
        return wording.clock_time(at, zone, language).rpartition(" ")[0]

    def moment(at: datetime) -> str:
        if local_date(zone, at) == today:
            return translate(N_("hari ini, {time}"), language, time=wording.clock_time(at, zone, language))
        return wording.moment(at, zone, language, now=now)

    return {
        "_": partial(_translated, language),
        "day": day,
        "hour": hour,
        "moment": moment,
        "clock": lambda at: wording.clock_time(at, zone, language),
        "size": lambda octets: wording.size(octets, language),
        "limit_words": lambda limit: limit_words(limit, language),
        "retold": lambda words: retold(words, language),
        "weight": lambda amount: wording.weight(amount, language),
        "percent": lambda share: wording.percent(share, language),
        "number": lambda amount: wording.number(amount, language),
        "channel": lambda name: channel_name(name, language),
        "spoken": lambda message: told(message.kind, message.text, message.payload, language),
        "mark": lambda name: MARKS.get(name, "web"),
        "badge": lambda proof: _badge(proof, language)[0],
        "proof_words": lambda proof: _badge(proof, language)[1],
        "unnamed": lambda ticket: translate(GONE[0] if ticket.erased_at else NAMELESS[0], language),
        "untitled": lambda ticket: translate(GONE[1] if ticket.erased_at else NAMELESS[1], language),
        "device": lambda said: device(said, language),
        "fresh_key": lambda: token_urlsafe(12),
        "now": now,
    }


@lru_cache(maxsize=64)
def _badge(proof: str, language: Language) -> tuple[str, str]:
    """An identity's class and words."""
    level = Proof(proof)
    return BADGES[level], translate(level.label, language)


def _translated(language: Language, message: str, **params: Any) -> str:
    return translate(message, language, **params)


def _rights(officer: Officer) -> frozenset[str]:
    """What the menu offers; each page checks again."""
    return frozenset(right.value for right in Right if officer.may_anywhere(right))
