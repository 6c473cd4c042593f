"""The part of an office's YAML that says where announcements go: topics and targets. Pure."""

from msgspec import Struct

from sop.errors import N_
from sop.place import NotAPlace, place_of
from sop.procedure_reader import Reader
from sop.procedure_words import Shape

KINDS = {"saluran": "channel", "grup": "group", "pelanggan": "subscribers", "tangan": "hand"}
CHANNELS = {"telegram": "telegram", "whatsapp": "whatsapp", "surel": "mail"}
TOPIC: dict[str, Shape] = {"kode": "text", "nama": "text", "unit": "text"}
TARGET: dict[str, Shape] = dict.fromkeys(("jenis", "nama", "alamat", "topik", "kanal", "unit"), "text")


class TopicLine(Struct, frozen=True, kw_only=True):
    code: str
    name: str
    unit: str


class TargetLine(Struct, frozen=True, kw_only=True):
    """`address` of a channel or group; `topic` and `channel` of subscribers; a hand's medium has its name alone."""

    kind: str
    name: str
    channel: str
    address: str
    topic: str
    unit: str


def topic(page: Reader) -> TopicLine:
    return TopicLine(
        code=page.identifier("kode", "beasiswa"), name=page.needed("nama", "Beasiswa"), unit=page.text("unit")
    )


def target(page: Reader) -> TargetLine:
    kind = page.choice("jenis", KINDS, "channel")
    return TargetLine(
        kind=kind,
        name=page.needed("nama", "Kabar Kampus"),
        channel=_channel(page, kind),
        address=_address(page) if kind in ("channel", "group") else "",
        topic=page.needed("topik", "beasiswa") if kind == "subscribers" else "",
        unit=page.text("unit"),
    )


def _channel(page: Reader, kind: str) -> str:
    if kind == "subscribers":
        return page.choice("kanal", CHANNELS, "telegram")
    return "hand" if kind == "hand" else "telegram"


def _address(page: Reader) -> str:
    said = page.needed("alamat", "@kabar_kampus")
    try:
        return place_of(said) if said else ""
    except NotAPlace:
        page.fault(
            page.line_of("alamat"),
            N_("“alamat: {found}” pada {place} bukan alamat saluran atau grup."),
            N_("Tulis @nama, tautan t.me/nama, atau nomornya."),
            found=said[:60],
        )
        return ""
