"""The lembar disposisi of a publication: one sheet that grows with every disposition, as HTML and on paper."""

from collections.abc import Sequence
from datetime import date, datetime
from html import escape

from msgspec import Struct

from desk import pdf, publication_journey, publication_seeing, publication_steps
from desk.publication_journey import Stop
from sop.clock import local_date
from sop.errors import N_
from sop.language import Language, translate
from sop.officer import Officer
from sop.publication import Publication, Status
from sop.text import one_line
from sop.wording import clock_time, long_day, month
from store import narrations, publications
from store import office as offices
from store import targets as targeted
from store.db import View
from store.narrations import Enclosure
from store.targets import Target

STATES = {
    Status.RUNNING: N_("Sedang berjalan"),
    Status.ARCHIVED: N_("Diarsipkan"),
    Status.REJECTED: N_("Ditolak"),
    Status.WITHDRAWN: N_("Ditarik"),
}


class Sheet(Struct, frozen=True, kw_only=True):
    """What the sheet tells; `stops` are the dispositions with their paraf, the open one last. Times are of `zone`."""

    publication: Publication
    office: str
    unit: str
    zone: str
    title: str
    code: str
    stops: tuple[Stop, ...]
    letters: tuple[Enclosure, ...]
    targets: tuple[str, ...]
    language: Language


def read(view: View, officer: Officer, number: str, now: datetime) -> Sheet:
    """For whoever sees the publication. Raises NoSuchPublication."""
    publication = publication_seeing.get(view, number, visible_to=officer)
    return of_publication(view, publication, officer.language, now)


def of_publication(view: View, publication: Publication, language: Language, now: datetime) -> Sheet:
    office = offices.current(view)
    unit, bound = office.units.get(publication.unit or 0), office.pinned(publication.procedure)
    current = publication_steps.open_of(view, publication)
    stops = publication_journey.stops(
        view,
        office,
        publication,
        publication_steps.history(view, publication),
        current.visit if current else None,
        language,
        now,
    )
    picked = set(publications.targets_of(view, publication.id))
    return Sheet(
        publication=publication,
        office=office.name,
        unit=unit.name if unit else "",
        zone=publication_steps.calendar_of(office, publication).zone,
        title=bound.procedure.title if bound else "",
        code=bound.procedure.number if bound else "",
        stops=tuple(each for each in stops if each.state != "todo"),
        letters=tuple(each for each in narrations.enclosures(view, publication.id) if each.role == "letter"),
        targets=tuple(each.name for each in _chosen(view, picked)),
        language=language,
    )


def _chosen(view: View, picked: set[int]) -> Sequence[Target]:
    return [each for each in targeted.every(view) if each.id in picked] if picked else []


def article(sheet: Sheet) -> str:
    """The sheet as HTML without a page around it. Every word of people's is escaped."""
    say = _Words(sheet)
    return "\n".join((say.head(), say.facts(), say.dispositions(), say.foot()))


def document(sheet: Sheet, style: str = "") -> str:
    """The sheet as a page of its own, for the archive and for paper; `style` goes into it."""
    title = escape(f"{translate(N_('Lembar disposisi'), sheet.language)} {sheet.publication.number}")
    return (
        f'<!doctype html>\n<html lang="{sheet.language}">\n<head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{style}</style></head>\n<body><main>\n{article(sheet)}\n</main></body>\n</html>\n"
    )


def as_pdf(sheet: Sheet, style: str) -> bytes:
    """About a second of work: call it on a thread, and only where `pdf.available()`."""
    return pdf.render(document(sheet), style)


def letter_day(written: str, language: Language) -> str:
    """ "12 Februari 2026" of an ISO day; what is none stays as it was typed."""
    try:
        day = date.fromisoformat(written)
    except ValueError:
        return written
    return f"{day.day} {month(day, language)}"


class _Words:
    """The parts of the sheet in its language."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet

    def say(self, message: str, **params: object) -> str:
        return escape(translate(message, self._sheet.language, **params))

    def at(self, moment: datetime | None) -> str:
        if moment is None:
            return ""
        zone, language = self._sheet.zone, self._sheet.language
        day = long_day(local_date(zone, moment), language)
        return escape(f"{day}, {clock_time(moment, zone, language)}")

    def head(self) -> str:
        sheet = self._sheet
        above = "<br>".join(escape(each) for each in dict.fromkeys((sheet.office, sheet.unit)) if each)
        under = " · ".join(escape(each) for each in (sheet.title, sheet.code) if each)
        return f'<header><p class="office">{above}</p><h1>{self.say(N_("Lembar disposisi"))}</h1><p>{under}</p></header>'

    def facts(self) -> str:
        case = self._sheet.publication
        kind = N_("Segera, waktu berjalan siang dan malam") if case.urgent else N_("Biasa")
        rows = (
            (N_("Nomor agenda"), escape(case.number)),
            (N_("Diterima"), self.at(case.opened_at)),
            (N_("Nomor surat"), escape(case.letter_number)),
            (N_("Tanggal surat"), escape(letter_day(case.letter_date, self._sheet.language))),
            (N_("Pengirim"), escape(case.sender)),
            (N_("Perihal"), escape(case.subject)),
            (N_("Sifat"), self.say(kind)),
            (N_("Permintaan"), escape(case.wish)),
            (N_("Waktu yang diminta"), self.at(case.wished_at)),
            (N_("Sasaran"), escape(", ".join(self._sheet.targets))),
            (N_("Lampiran surat"), "<br>".join(self._letter(each) for each in self._sheet.letters)),
            (N_("Keadaan"), self.say(STATES[case.status])),
        )
        cells = (
            f'<tr><th scope="row">{self.say(name)}</th><td>{value}</td></tr>' for name, value in rows if value
        )
        return f'<table class="facts"><tbody>{"".join(cells)}</tbody></table>'

    def _letter(self, letter: Enclosure) -> str:
        name = one_line(letter.file.name, 120) or translate(N_("Berkas"), self._sheet.language)
        return f"{escape(name)} <small>SHA-256 {escape(letter.file.sha256)}</small>"

    def dispositions(self) -> str:
        heads = (
            N_("No"),
            N_("Pelaksana"),
            N_("Isi disposisi"),
            N_("Paraf"),
            N_("Diterima"),
            N_("Selesai"),
            N_("Waktu"),
        )
        names = "".join(f'<th scope="col">{self.say(each)}</th>' for each in heads)
        rows = "".join(self._row(each, heads) for each in self._sheet.stops)
        return (
            f"<h2>{self.say(N_('Disposisi'))}</h2>"
            f'<table class="steps dispositions"><thead><tr>{names}</tr></thead><tbody>{rows}</tbody></table>'
        )

    def _row(self, stop: Stop, heads: Sequence[str]) -> str:
        spent = stop.took if stop.closed_at else stop.left.words
        against = f"{spent} / {stop.limit}" if stop.limit else spent
        over = f" <b>{self.say(N_('terlambat'))}</b>" if stop.state == "done over" else ""
        cells = (
            escape(stop.number),
            f"{escape(stop.lane)}<br><small>{escape(stop.activity)}</small>",
            self._said(stop),
            self._mark(stop),
            self.at(stop.opened_at),
            self.at(stop.closed_at),
            f"{escape(against)}{over}",
        )
        pairs = zip(heads, cells, strict=True)
        return (
            "<tr>" + "".join(f'<td data-l="{self.say(head)}">{cell}</td>' for head, cell in pairs) + "</tr>"
        )

    def _said(self, stop: Stop) -> str:
        if not stop.closed_at:
            return f"<i>{self.say(N_('menunggu'))}</i>"
        reason = f'<br><span class="said">{escape(stop.reason)}</span>' if stop.reason else ""
        return f"<b>{escape(stop.label)}</b>{reason}"

    def _mark(self, stop: Stop) -> str:
        if not stop.closed_at:
            return ""
        if not stop.who:
            return self.say(N_("oleh sistem"))
        if not stop.acting:
            title = f"<br><small>{escape(stop.title)}</small>" if stop.title else ""
            return f"{escape(stop.who)}{title}"
        decree = f", {escape(stop.decree)}" if stop.decree else ""
        instead = self.say(N_("{acting} untuk {name}"), acting=stop.acting, name=stop.acting_for or stop.lane)
        return f"{escape(stop.who)}<br><small>{instead}{decree}</small>"

    def foot(self) -> str:
        case = self._sheet.publication
        if case.published_at is None:
            return ""
        return f'<p class="by">{self.say(N_("Disebar"))} {self.at(case.published_at)}</p>'
