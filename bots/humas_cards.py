"""What the Humas bot's messages say and which buttons they carry. Pure: values in, words out."""

from collections.abc import Iterable

from bots import humas_push_cards
from bots.cards import Buttons, in_rows
from bots.humas_buttons import button, cancel
from bots.humas_reading import Standing
from bots.humas_words import TICKS, short
from desk.publication_page import CasePage, Choice
from sop.errors import N_
from sop.language import Language, translate
from sop.messages import Button
from sop.procedure import Decision, Kind
from sop.publication import CHECKS, Check, Publication
from sop.publication_card import letter_line
from sop.text import one_line, shortened
from sop.text_difference import Stretch

SHOWN = 2500  # characters of a narration on a card
LISTED = 10  # refused targets that are named
MOST_TARGETS = 40
CHANNELS = {"telegram": "Telegram", "whatsapp": "WhatsApp", "mail": N_("Surel"), "hand": N_("Manual")}


def case(found: Standing, language: Language) -> tuple[str, Buttons]:
    """The publication's card: letter, where it stands, narration, dispositions so far; the reader's own buttons."""
    page, publication = found.page, found.publication
    lines = [f"{publication.number} {publication.subject}"]
    if publication.urgent:
        lines.append(translate(N_("Sifat: segera, waktu berjalan siang dan malam"), language))
    lines += filter(None, (letter_line(publication, language), _stands(found, language)))
    if chosen := [each.target.name for each in page.targets if each.chosen]:
        lines.append(translate(N_("Sasaran: {names}"), language, names=", ".join(chosen)))
    lines += [
        "",
        f"“{shortened(page.narration.text, SHOWN)}”" if page.narration.text else _files(page, language),
    ]
    said = [each for each in page.stops if each.reason and each.closed_at]
    if said:
        lines += ["", translate(N_("Disposisi sejauh ini:"), language)]
        lines += [f"- {each.who or each.lane}: {shortened(one_line(each.reason), 200)}" for each in said[-5:]]
    if page.spread.erratum:
        words = shortened(page.spread.erratum.text, SHOWN)
        lines += ["", translate(N_("Ralat menunggu pemeriksa: “{text}”"), language, text=words)]
    for each in page.spread.pushes[-1:]:
        lines += ["", humas_push_cards.progress_lines(each, language, by_hand=len(page.spread.tasks))]
    return "\n".join(lines), keys(found, language)


def _stands(found: Standing, language: Language) -> str:
    page = found.page
    if page.ends:
        return translate(N_("Sudah selesai."), language)
    number = found.step.number if found.step else ""
    line = translate(N_("Langkah {number}, {activity}"), language, number=number, activity=page.activity)
    holder = f"{found.line} · " if found.line else ""
    return f"{line}: {holder}{page.left.words}".rstrip(" :·")


def _files(page: CasePage, language: Language) -> str:
    count = len(page.carried) or len(page.letters)
    return translate(N_("[{count} berkas, tanpa narasi]"), language, count=count)


def keys(found: Standing, language: Language) -> Buttons:
    """What this officer may do now."""
    page, case_ = found.page, found.publication
    rows: list[tuple[Button, ...]] = []
    if page.may.push and not page.spread.under_way:
        rows += humas_push_cards.sending(page, language)
    if page.may.check:
        rows.append((button(translate(N_("Periksa naskah"), language), "periksa", case_, page.visit),))
    else:
        rows += [_decides(case_, page.visit, each, language) for each in page.offers]
    second = []
    if page.may.decide and page.may.target and not found.first:
        second.append(button(translate(N_("Pilih sasaran"), language), "sasaran", case_, page.visit))
    if page.may.write:
        second.append(button(translate(N_("Ubah naskah"), language), "ubah", case_, case_.version))
    rows += [tuple(second)] if second else []
    if page.may.steer and page.spread.under_way:
        rows += humas_push_cards.steering(case_, page.spread.under_way, language)
    if page.may.steer:
        rows += humas_push_cards.tasks(page, language) + humas_push_cards.unsure(page, language)
    return (*rows, *_afterwards(page, language))


def _afterwards(page: CasePage, language: Language) -> Buttons:
    """Of what is out: an erratum to write, to approve or to drop, and taking all of it back."""
    offered = (
        (page.may.correct, "ralat", N_("Ralat")),
        (page.may.approve, "setuju", N_("Setujui ralat")),
        (page.may.approve, "urung", N_("Tolak ralat")),
        (page.may.take_back, "tarik", N_("Tarik pengumuman")),
    )
    row = [button(translate(label, language), act, page.publication) for may, act, label in offered if may]
    return in_rows(row)


def _decides(publication: Publication, visit: int, each: Decision, language: Language) -> tuple[Button, ...]:
    return (button(translate(each.label, language), "pub", publication, visit, each.id),)


def reasons(publication: Publication, visit: int, each: Decision, language: Language) -> tuple[str, Buttons]:
    """What to write with a decision, with ready words as buttons."""
    if each.reason == "required":
        ask = N_("{number} · {label}: tulis alasannya, atau pilih.")
    else:
        ask = N_("{number} · {label}: tulis instruksi singkat, atau pilih.")
    head = translate(ask, language, number=publication.number, label=translate(each.label, language))
    ready = [
        (button(translate(words, language), "alasan", publication, visit, each.id, place),)
        for place, words in enumerate(short(each), 1)
    ]
    if each.reason != "required":
        none = button(translate(N_("Tanpa catatan"), language), "alasan", publication, visit, each.id, 0)
        ready.append((none,))
    return head, (*ready, cancel(publication, language))


def picker(found: Standing, language: Language) -> tuple[str, Buttons]:
    """Targets as toggles, with how many each reaches; below them the decision that goes on."""
    page, publication = found.page, found.publication
    total = translate(N_("{count} kiriman"), language, count=sum(page.reach.values()))
    head = translate(
        N_("{number} · Pilih media dan sasaran. Terpilih: {total}."),
        language,
        number=publication.number,
        total=total,
    )
    rows = [
        button(
            f"{_mark(each.chosen)} {shortened(each.target.name, 28)}{_people(each)}",
            "sas",
            publication,
            each.target.id,
            int(not each.chosen),
        )
        for each in page.targets[:MOST_TARGETS]
        if each.usable or each.chosen
    ]
    lines = [head]
    if not rows:
        lines.append(translate(N_("Belum ada sasaran. Daftarkan di konsol, menu Sasaran."), language))
    refused = [each for each in page.targets if not each.usable]
    lines += [
        f"- {each.target.name}: {each.target.reason}" for each in refused[:LISTED] if each.target.reason
    ]
    go = [
        _decides(publication, page.visit, each, language)
        for each in page.offers
        if each.kind is Kind.INSTRUCT
    ]
    return "\n".join(lines), (*in_rows(rows, 1), *go)


def _people(choice: Choice) -> str:
    """ " (1320)"; nothing where a hand posts it, or where nobody is known."""
    return f" ({choice.people})" if choice.people else ""


def _mark(on: bool) -> str:
    return "[x]" if on else "[ ]"


def check(found: Standing, language: Language) -> tuple[str, Buttons]:
    """The check of step 4: the narration with what is measured of it, four ticks, then the decision."""
    page, publication = found.page, found.publication
    ticked = page.narration.ticked
    head = translate(
        N_("{number} · Periksa naskah versi {version}"),
        language,
        number=publication.number,
        version=publication.version,
    )
    lines = [head, "", shortened(page.narration.text, SHOWN) or _files(page, language), ""]
    lines += [
        _length(each.channel, each.length, each.longest, language) for each in page.looks if not each.missing
    ]
    lines += [f"- {each.text}: {translate(each.fault, language)}" for each in page.links]
    lines += ["", *(f"{_mark(each.value in ticked)} {translate(CHECKS[each], language)}" for each in Check)]
    toggles = [
        button(
            f"{_mark(each.value in ticked)} {translate(TICKS[each], language)}",
            "cek",
            publication,
            publication.version,
            each.value,
            int(each.value not in ticked),
        )
        for each in Check
    ]
    rows = [*in_rows(toggles), *(_decides(publication, page.visit, each, language) for each in page.offers)]
    rows.append((button(translate(N_("Ubah naskah"), language), "ubah", publication, publication.version),))
    return "\n".join(lines), tuple(rows)


def _length(channel: str, length: int, longest: int, language: Language) -> str:
    name = translate(CHANNELS.get(channel, channel), language)
    note = N_("{channel}: {length} dari {longest} huruf")
    if length > longest:
        note = N_("{channel}: {length} huruf, paling banyak {longest}: terlalu panjang")
    return translate(note, language, channel=name, length=length, longest=longest)


def order(found: Standing, decision: Decision, language: Language) -> tuple[str, Buttons]:
    """Step 5: whom it will reach is shown before it is ordered out."""
    page, publication = found.page, found.publication
    head = translate(N_("{number} · Sasaran sebelum diperintahkan:"), language, number=publication.number)
    lines = [f"- {_place(each, language)}" for each in page.targets if each.chosen]
    reach = sum(page.reach.values())
    total = translate(
        N_("Jumlah: {count} kiriman; seorang di dua daftar menerima satu."), language, count=reach
    )
    yes = button(translate(N_("Ya, perintahkan"), language), "ya", publication, page.visit, decision.id)
    return "\n".join([head, *lines, total]), ((yes,), cancel(publication, language))


def _place(choice: Choice, language: Language) -> str:
    """ "Kabar Contoh (Telegram): 12480"; the channel is left out where the name says it."""
    channel = translate(CHANNELS.get(choice.target.channel, choice.target.channel), language)
    name = choice.target.name
    named = name if channel.lower() in name.lower() else f"{name} ({channel})"
    return f"{named}: {choice.people}" if choice.people else named


def changes(stretches: Iterable[Stretch]) -> str:
    """What a version changed: words taken away in [-...-], new ones in [+...+]; long common stretches are shortened."""
    signs = {"gone": "[-{}-]", "new": "[+{}+]"}
    return "".join(
        signs[each.how].format(each.text) if each.how else _common(each.text) for each in stretches
    )


def _common(text: str, edge: int = 120) -> str:
    return text if len(text) <= 2 * edge + 5 else f"{text[:edge]} ... {text[-edge:]}"
