"""Sending in words: when, how far it is, and what a hand still posts. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bots.cards import Buttons
from bots.humas_buttons import button, cancel
from bots.humas_reading import Standing
from desk.publication_page import CasePage
from desk.pushing import Progress
from sop.errors import N_
from sop.language import Language, translate
from sop.messages import Button
from sop.publication import Publication
from sop.text import shortened
from sop.wording import moment, span

PINNED = 7  # days that a post stays pinned where a button says so; any other time is set in the console


def sending(page: CasePage, language: Language) -> list[tuple[Button, ...]]:
    """Where a channel or group is among the targets, the post may be pinned there for a while."""
    publication, visit = page.publication, page.visit
    pin = translate(N_("Sebar dan sematkan {days} hari"), language, days=PINNED)
    place = any(each.chosen and each.target.kind in ("channel", "group") for each in page.targets)
    return [
        (button(translate(N_("Sebar sekarang"), language), "mulai", publication, visit),),
        *([(button(pin, "mulai", publication, visit, PINNED),)] if place else []),
        (
            button(translate(N_("Jadwalkan"), language), "jadwal", publication, visit),
            button(translate(N_("Uji ke saya"), language), "uji", publication, visit),
        ),
    ]


def steering(publication: Publication, progress: Progress, language: Language) -> list[tuple[Button, ...]]:
    """Pause or resume, and stop."""
    push = progress.push
    paused = push.state == "paused"
    first = ("lanjut", N_("Lanjutkan")) if paused else ("jeda", N_("Jeda"))
    return [
        (
            button(translate(first[1], language), first[0], publication, push.id),
            button(translate(N_("Hentikan"), language), "henti", publication, push.id),
        )
    ]


def tasks(page: CasePage, language: Language) -> list[tuple[Button, ...]]:
    """Media that a hand serves and whose receipt is not keyed in yet, or must be anew after an erratum or withdrawal."""
    if page.publication.published_at is None:
        return []
    return [
        (
            button(
                translate(N_("Isi tautan: {name}"), language, name=shortened(each.name, 30)),
                "tugas",
                page.publication,
                each.recipient.id,
            ),
        )
        for each in page.spread.tasks
        if each.open
    ]


def unsure(page: CasePage, language: Language) -> list[tuple[Button, ...]]:
    """What may not have arrived can be sent once more, on purpose."""
    if not page.spread.unsure:
        return []
    label = translate(N_("Kirim lagi yang tidak pasti ({count})"), language, count=page.spread.unsure)
    return [(button(label, "ulang", page.publication),)]


def sure(page: CasePage, language: Language) -> tuple[str, Buttons]:
    """What that means, before it is done."""
    head = translate(
        N_(
            "{number} · {count} kiriman tidak pasti: penyedia tidak menjawab, jadi mungkin sudah sampai. "
            "Kirim lagi? Yang sudah menerimanya menerima dua; tanda terimanya ditandai."
        ),
        language,
        number=page.publication.number,
        count=page.spread.unsure,
    )
    yes = button(translate(N_("Ya, kirim lagi"), language), "ulang-ya", page.publication)
    return head, ((yes,), cancel(page.publication, language))


def times(
    found: Standing, offered: Sequence[datetime], now: datetime, language: Language
) -> tuple[str, Buttons]:
    """When to send, a few moments as buttons."""
    page, publication = found.page, found.publication
    head = translate(
        N_("{number} · Kapan disebar? Tulis misalnya: besok 08.00, atau pilih."),
        language,
        number=publication.number,
    )
    rows = [
        (
            button(
                moment(at, page.zone, language, now=now), "pada", publication, page.visit, int(at.timestamp())
            ),
        )
        for at in offered
    ]
    return head, (*rows, cancel(publication, language))


def progress(page: CasePage, found: Progress, language: Language) -> tuple[str, Buttons]:
    """The message that is edited while an announcement leaves."""
    publication, rest = page.publication, tasks(page, language)
    head = f"{publication.number} {publication.subject}"
    going = found.push.state in ("planned", "running", "paused")
    rows = steering(publication, found, language) if going else []
    words = [head, progress_lines(found, language, by_hand=len(page.spread.tasks))]
    if rest:
        words.append(translate(N_("Menunggu tautan: {count}"), language, count=len(rest)))
    return "\n".join(words), (*rows, *rest)


def progress_lines(found: Progress, language: Language, *, by_hand: int = 0) -> str:
    """ "Sedang disebar: 812 dari 1.320, 28 per detik, sisa 18 dtk, gagal 3". `by_hand` of its media are no messages."""
    push = found.push
    say = {
        "planned": N_("Menunggu waktunya"),
        "running": N_("Sedang disebar"),
        "paused": N_("Dijeda"),
        "stopped": N_("Dihentikan"),
        "done": N_("Selesai disebar"),
    }
    state = translate(say.get(push.state, push.state), language)
    parts = [
        translate(
            N_("{state}: {arrived} dari {total}"),
            language,
            state=state,
            arrived=found.arrived,
            total=push.total - by_hand,
        )
    ]
    if push.state == "running" and found.rate:
        parts.append(translate(N_("{rate} per detik"), language, rate=f"{found.rate:.0f}"))
    if found.left:
        parts.append(
            translate(N_("sisa {span}"), language, span=span(max(found.left, timedelta(seconds=1)), language))
        )
    for words, count in (
        (N_("gagal {count}"), found.failed),
        (N_("tidak pasti {count}"), found.unknown),
        (N_("ditarik {count}"), found.withdrawn),
    ):
        if count:
            parts.append(translate(words, language, count=count))
    return ", ".join(parts)
