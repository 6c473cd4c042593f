"""What a message holds beside words and files, as lines for an officer: a place, whose card, whence it was forwarded. Pure.

Links lead to a map or a telephone when they are pressed; nothing is loaded from outside.
"""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from sop.errors import N_
from sop.language import Language, translate
from sop.messages import Kind
from sop.text import one_line
from sop.wordless import point
from store.messages import Message

MAP = "https://www.openstreetmap.org/?mlat={latitude}&mlon={longitude}#map=18/{latitude}/{longitude}"
LONGEST = 200  # characters of one fact


class Link(Struct, frozen=True):
    """`away`: it leaves the console."""

    label: str
    href: str
    away: bool = False


class Particular(Struct, frozen=True):
    words: str
    links: tuple[Link, ...] = ()


def particulars(message: Message, language: Language) -> tuple[Particular, ...]:
    """The lines of one message, in order; none for ordinary words."""
    facts = message.payload
    if not facts:
        return ()
    found = [*_place(facts, language), *_card(message, language), *_origin(facts, language)]
    return tuple(found)


def _place(facts: Mapping[str, Any], language: Language) -> list[Particular]:
    place = point(facts)
    if place is None:
        return []
    latitude, longitude = place
    links = (
        Link(
            translate(N_("Buka di OpenStreetMap"), language),
            MAP.format(latitude=latitude, longitude=longitude),
            away=True,
        ),
        Link(translate(N_("Buka di aplikasi peta"), language), f"geo:{latitude},{longitude}"),
    )
    lines = [Particular(translate(N_("Titik {point}"), language, point=f"{latitude}, {longitude}"), links)]
    if began := point(facts, "began_at"):
        words = translate(N_("Berpindah; mula-mula di {point}"), language, point=f"{began[0]}, {began[1]}")
        lines.append(Particular(words))
    return lines


def _card(message: Message, language: Language) -> list[Particular]:
    """Whose number it is: the writer's own only where the provider says so."""
    if message.kind != Kind.CONTACT:
        return []
    own = message.payload.get("own") is True
    words = (
        N_("Nomor pelapor sendiri, dipastikan penyedia.")
        if own
        else N_("Kartu orang lain atau belum pasti siapa; jangan menghubungi sebelum diperiksa.")
    )
    number = message.payload.get("phone")
    links = (Link(str(number), f"tel:{number}"),) if number else ()
    return [Particular(translate(words, language), links)]


def _origin(facts: Mapping[str, Any], language: Language) -> list[Particular]:
    """Whose words they are when they are not the writer's."""
    lines = []
    if source := facts.get("forwarded_from"):
        lines.append(translate(N_("Diteruskan dari {name}"), language, name=_fact(source)))
    elif facts.get("frequently_forwarded"):
        lines.append(translate(N_("Diteruskan berkali-kali"), language))
    elif facts.get("forwarded"):
        lines.append(translate(N_("Diteruskan"), language))
    if quote := facts.get("quote"):
        lines.append(translate(N_("Mengutip “{words}”"), language, words=_fact(quote)))
    if headline := facts.get("referral_headline") or facts.get("referral_body"):
        lines.append(translate(N_("Datang lewat iklan “{words}”"), language, words=_fact(headline)))
    if facts.get("disappearing"):
        lines.append(translate(N_("Pesan sementara di ponsel pelapor; di sini tetap tersimpan."), language))
    if form := facts.get("form"):
        lines.append(translate(N_("Isian formulir: {words}"), language, words=_fact(_flat(form))))
    return [Particular(line) for line in lines]


def _flat(form: object) -> str:
    """The answers of a form in a chat, as "name: value"."""
    if isinstance(form, Mapping):
        return "; ".join(f"{name}: {_flat(value)}" for name, value in form.items())
    if isinstance(form, list):
        return ", ".join(_flat(each) for each in form)
    return str(form)


def _fact(value: object) -> str:
    return one_line(str(value), LONGEST)
