"""What a message without words is called, and where its place is: for pages, papers and chats that show words alone. Pure."""

from collections.abc import Mapping
from typing import Any

from sop.errors import N_
from sop.language import Language, translate
from sop.messages import Kind

KINDS = {
    Kind.LOCATION: N_("Lokasi"),
    Kind.VENUE: N_("Lokasi"),
    Kind.CONTACT: N_("Kartu kontak"),
    Kind.POLL: N_("Jajak pendapat"),
    Kind.STICKER: N_("Stiker"),
    Kind.REACTION: N_("Reaksi"),
    Kind.DICE: N_("Dadu"),
    Kind.STORY: N_("Cerita"),
    Kind.UNKNOWN: N_("Jenis pesan ini belum didukung; bentuk aslinya tersimpan."),
}
_KNOWN = frozenset(kind.value for kind in Kind)


def label(kind: str, language: Language) -> str:
    """What stands above such a message; "" for ordinary ones."""
    return translate(KINDS.get(Kind(kind), ""), language) if kind in _KNOWN else ""


def point(payload: Mapping[str, Any], name: str = "location") -> tuple[float, float] | None:
    """Latitude and longitude in degrees, six digits: a step wide."""
    value = payload.get(name)
    if not isinstance(value, list) or len(value) != 2:
        return None
    if not all(isinstance(each, int | float) for each in value):
        return None
    return round(float(value[0]), 6), round(float(value[1]), 6)


def told(kind: str, text: str, payload: Mapping[str, Any], language: Language) -> str:
    """The words, else what the message is; with the coordinates where it holds a place."""
    place = point(payload)
    where = f"{place[0]}, {place[1]}" if place else ""
    if where:
        where = translate(N_("Titik {point}"), language, point=where)
    return "\n".join(filter(None, (text, where))) or label(kind, language)
