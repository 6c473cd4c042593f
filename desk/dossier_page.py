"""A dossier as one HTML page that needs nothing beside itself: it is kept, printed, and read years later."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from html import escape
from zoneinfo import ZoneInfo

from desk.dossier import Dossier, Said, Stay
from sop import wording
from sop.card import channel_name
from sop.erasing import RULES, Rule
from sop.errors import N_
from sop.identity import Proof
from sop.language import Language, translate
from sop.ticket import Ticket
from sop.wordless import told
from store.attachments import Attachment
from store.messages import Message

STYLE = """
@page{size:A4;margin:18mm 16mm}*{box-sizing:border-box}
body{margin:0 auto;max-width:56rem;padding:1rem;background:#fff;color:#111;font:10pt/1.45 system-ui,"Liberation Sans",Arial,sans-serif;overflow-wrap:anywhere}
h1{margin:.4rem 0;font-size:15pt;line-height:1.25}h2{margin:1.4rem 0 .5rem;font-size:11.5pt}p{margin:.3rem 0}
table{width:100%;border-collapse:collapse;font-size:9pt}th,td{padding:.25rem .4rem;text-align:left;vertical-align:top}
.facts th{width:9rem}.ruled th,.ruled td{border:1px solid #666}.ruled thead th{background:#eee}thead{display:table-header-group}
tr,article{break-inside:avoid}article{margin:.6rem 0;padding-left:.7rem;border-left:2px solid #999}article.note{border-left-style:dashed}
.said{white-space:pre-wrap}.by{color:#444;font-size:8.5pt}.late{font-weight:700}.old{color:#444}
code{font:8pt/1.3 ui-monospace,"DejaVu Sans Mono",monospace}
"""
STATUS = {"open": N_("terbuka"), "answered": N_("dijawab"), "closed": N_("ditutup")}
SENT = {
    "queued": N_("dalam antrean kirim"),
    "sending": N_("sedang dikirim"),
    "sent": N_("terkirim"),
    "delivered": N_("sampai"),
    "read": N_("dibaca"),
    "unknown": N_("tidak pasti terkirim"),
    "failed": N_("gagal"),
    "published": N_("tampil di halaman pelapor"),
    "by_hand": N_("disampaikan petugas"),
    "withdrawn": N_("ditarik"),
}


class _Words:
    """How this page says things to its reader."""

    def __init__(self, dossier: Dossier, language: Language) -> None:
        self.say = partial(translate, language=language)
        self.language = language
        self._zone = ZoneInfo(dossier.zone)

    def at(self, moment: datetime | None) -> str:
        """2026-03-02 09.00.07 WIB is the hour on the wall, to the second: this is evidence."""
        if moment is None:
            return "-"
        local = moment.astimezone(self._zone)
        return f"{local:%Y-%m-%d %H.%M.%S} {local.tzname()}"


def html(dossier: Dossier, office: str, language: Language) -> str:
    """The page. Whatever people wrote is escaped."""
    words = _Words(dossier, language)
    title = words.say(N_("Perkara #{number}"), number=dossier.ticket.number)
    body = "\n".join(
        (
            f"<header><p>{escape(office)}</p><h1>{escape(title)}: {escape(dossier.ticket.subject)}</h1></header>",
            _facts(dossier, words),
            _heading(words.say(N_("Langkah dan keputusan"))),
            _stays(dossier.stays, words),
            _heading(words.say(N_("Percakapan"))),
            *(_message(each, words) for each in dossier.said),
            _heading(words.say(N_("Lampiran"))),
            _files([file for each in dossier.said for file in each.files], words),
            _heading(words.say(N_("Kejadian dan sidiknya"))),
            _events(dossier, words),
        )
    )
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head>\n<body>\n{body}\n</body></html>\n"
    )


def _heading(words: str) -> str:
    return f"<h2>{escape(words)}</h2>"


def _facts(dossier: Dossier, words: _Words) -> str:
    ticket, say, procedure = dossier.ticket, words.say, dossier.procedure
    claims = "; ".join(
        f"{each.kind.upper()} {each.value} ({say(Proof(each.level).label)}{': ' + each.how if each.how else ''})"
        for each in dossier.claims
    )
    told = {
        say(
            N_("Pelapor")
        ): f"{ticket.name or say(N_('tanpa nama'))}, {channel_name(ticket.channel, words.language)}",
        say(N_("Identitas")): claims or say(N_("tidak dinyatakan")),
        say(N_("Unit")): dossier.unit or "-",
        say(N_("SOP")): f"{procedure.title} ({procedure.number}, {procedure.revision})" if procedure else "-",
        say(N_("Kategori")): ", ".join(dossier.categories) or "-",
        say(N_("Keadaan")): say(STATUS[ticket.status.value]),
        say(N_("Pemegang")): dossier.holder or "-",
        say(N_("Diterima")): words.at(ticket.opened_at),
        say(N_("Dijawab")): words.at(ticket.answered_at),
        say(N_("Ditutup")): words.at(ticket.closed_at),
        **(_erased(ticket, words) if ticket.erased_at else {}),
        say(N_("Digabung dari")): ", ".join(f"#{each}" for each in dossier.joined) or "-",
        say(N_("Dicetak")): words.at(dossier.at),
    }
    rows = (
        f'<tr><th scope="row">{escape(name)}</th><td>{escape(said)}</td></tr>' for name, said in told.items()
    )
    return f'<table class="facts"><tbody>{"".join(rows)}</tbody></table>'


def _erased(ticket: Ticket, words: _Words) -> dict[str, str]:
    rule = words.say(RULES[Rule(ticket.erased_rule)])
    return {words.say(N_("Isi dihapus")): f"{words.at(ticket.erased_at)}, {rule}"}


def _table(heads: Iterable[str], rows: Iterable[str]) -> str:
    head = "".join(f'<th scope="col">{escape(each)}</th>' for each in heads)
    return f'<table class="ruled"><thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table>'


def _row(cells: Iterable[str]) -> str:
    return f"<tr>{''.join(f'<td>{escape(each)}</td>' for each in cells)}</tr>"


def _stays(stays: Iterable[Stay], words: _Words) -> str:
    say = words.say
    heads = (
        N_("Kegiatan"),
        N_("Pelaksana"),
        N_("Mulai"),
        N_("Selesai"),
        N_("Batas"),
        N_("Terukur"),
        N_("Hasil"),
    )
    return _table(map(say, heads), (_stay(each, words) for each in stays))


def _stay(stay: Stay, words: _Words) -> str:
    visit, say = stay.visit, words.say
    number = f"{stay.number}. " if stay.number else ""
    measured = say(
        N_("{worked} kerja, {elapsed} jam dinding"),
        worked=wording.span(stay.worked, words.language),
        elapsed=wording.span(stay.elapsed, words.language),
    )
    late = f"; {say(N_('lewat tenggat'))}" if stay.late else ""
    result = say(N_("dilewati, jabatan kosong")) if stay.vacant else stay.result
    return _row(
        (
            f"{number}{stay.activity}",
            f"{stay.lane}{', ' + stay.who if stay.who else ''}",
            words.at(visit.opened_at),
            words.at(visit.closed_at),
            stay.limit or "-",
            f"{measured}{late}",
            f"{result}{': ' + visit.reason if visit.reason else ''}" or "-",
        )
    )


def _told(message: Message, words: _Words) -> str:
    return told(message.kind, message.text, message.payload, words.language)


def _message(each: Said, words: _Words) -> str:
    message, say = each.message, words.say
    kind = {"in": N_("Pelapor"), "out": N_("Jawaban"), "note": N_("Catatan internal")}[message.direction]
    who = (
        say(N_("Meja, otomatis"))
        if message.automatic
        else f"{say(kind)}{', ' + each.who if each.who else ''}"
    )
    sent = f" · {say(SENT.get(message.sent, message.sent))}" if message.sent else ""
    by = f"{words.at(message.written_at)} · {who} · {channel_name(message.channel, words.language)}{sent}"
    parts = [f'<p class="by">{escape(by)}</p>']
    if message.subject:
        parts.append(f"<p><b>{escape(message.subject)}</b></p>")
    parts.append(f'<p class="said">{escape(_told(message, words))}</p>')
    if message.quoted:
        parts.append(f'<p class="said old">{escape(message.quoted)}</p>')
    for at, text in each.before:
        before = say(N_("Semula ({at}):"), at=words.at(at))
        parts.append(f'<p class="by">{escape(before)}</p><p class="said old"><del>{escape(text)}</del></p>')
    parts += [f'<p class="by">{escape(_file_name(file, words))}</p>' for file in each.files]
    return f'<article class="{message.direction}">{"".join(parts)}</article>'


def _file_name(kept: Attachment, words: _Words) -> str:
    return words.say(N_("Lampiran {name}"), name=kept.file.name or kept.file.kind.value)


def _files(files: list[Attachment], words: _Words) -> str:
    if not files:
        return f"<p>{escape(words.say(N_('Tidak ada.')))}</p>"
    heads = (N_("Nama"), N_("Jenis"), N_("Ukuran"), N_("SHA-256"))
    rows = (
        _row(
            (
                each.file.name or each.file.kind.value,
                each.file.content_type,
                wording.size(each.file.size, words.language) if each.file.size is not None else "-",
                each.file.sha256
                or words.say(N_("tidak tersimpan: {reason}"), reason=each.error or each.state),
            )
        )
        for each in files
    )
    return _table(map(words.say, heads), rows)


def _events(dossier: Dossier, words: _Words) -> str:
    heads = (N_("Nomor"), N_("Waktu"), N_("Kejadian"), N_("Oleh"), N_("Sidik"))
    rows = (
        f"<tr><td>{each.number}</td><td>{words.at(each.at)}</td><td>{escape(each.kind)}</td>"
        f"<td>{escape(each.who or '-')}</td><td><code>{each.hash}</code></td></tr>"
        for each in dossier.events
    )
    number, head = dossier.head
    kept = words.say(N_("Kepala rantai saat dicetak: {head}"), head=f"{number}:{head}")
    return f"{_table(map(words.say, heads), rows)}<p><code>{escape(kept)}</code></p>"
