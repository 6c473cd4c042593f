"""What waits for whom, and what goes out when. Pure."""

from collections.abc import Sequence
from datetime import datetime

from bots.cards import Buttons, in_rows
from bots.humas_buttons import button
from bots.humas_reading import Waiting
from desk.publication_diary import Entry
from desk.publication_reading import Card
from sop.errors import N_
from sop.language import Language, translate
from sop.text import one_line, shortened
from sop.wording import moment

LISTED = 10  # cases of a list; twice as many entries of the calendar


def board(found: Waiting, language: Language) -> tuple[str, Buttons]:
    """What waits for the reader, the nearest limit first; then what others hold."""
    lines = [translate(N_("Menunggu Anda: {count}"), language, count=len(found.mine))]
    lines += [_line(each) for each in found.mine[:LISTED]]
    if not found.mine:
        lines.append(translate(N_("Tidak ada yang menunggu Anda."), language))
    if found.others:
        lines += ["", translate(N_("Di tangan lain: {count}"), language, count=len(found.others))]
        lines += [f"{_line(each)} · {lane}" for lane, each in found.others[:LISTED]]
    shown = [each.publication for each in found.mine[:LISTED]]
    return "\n".join(lines), in_rows([button(each.number, "lihat", each) for each in shown], 4)


def _line(each: Card) -> str:
    case_ = each.publication
    return " · ".join(
        filter(None, (f"{case_.number} {shortened(one_line(case_.subject), 60)}", each.left.words))
    )


def calendar(entries: Sequence[Entry], zone: str, now: datetime, language: Language) -> str:
    if not entries:
        return translate(N_("Belum ada yang dijadwalkan bulan ini."), language)
    kinds = {"plan": N_("dijadwalkan"), "going": N_("sedang disebar"), "wish": N_("diharapkan")}
    lines = [
        " · ".join(
            (
                moment(each.at, zone, language, now=now),
                f"{each.publication.number} {shortened(each.publication.subject, 60)}",
                translate(kinds.get(each.kind, each.kind), language),
            )
        )
        for each in entries[: 2 * LISTED]
    ]
    return "\n".join(lines)
