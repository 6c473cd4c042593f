"""What a channel carries of an announcement, and where its post is found. Pure."""

from collections.abc import Sequence

from sop.errors import N_, DeskError
from sop.messages import File
from sop.preview import CAPTION
from sop.text import utf16_length

LONGEST = {"telegram": 4096, "whatsapp": 600, "mail": 20_000}
"""UTF-16 units of one message: an announcement is one, so that it can be corrected as one."""
LARGEST = {"telegram": 50_000_000, "mail": 25_000_000}
"""Bytes: of each file on Telegram, of all together in a mail."""


class NotCarried(DeskError):
    """A chosen target cannot carry it; nothing has gone out anywhere."""

    def __init__(self, target: str, reason: str) -> None:
        super().__init__(N_("Sasaran {target} belum dapat dipakai. {reason}"), target=target, reason=reason)


def refusal(channel: str, text: str, files: Sequence[File]) -> str:
    """Why a channel does not carry it, untranslated; "" when it does."""
    if utf16_length(text) > LONGEST.get(channel, 20_000):
        if channel == "whatsapp":
            return N_("Naskah lebih panjang dari 600 karakter, batas templat WhatsApp. Ringkas naskahnya.")
        return N_("Naskah lebih panjang dari 4096 karakter, batas satu pesan Telegram. Ringkas naskahnya.")
    sizes = [each.size or 0 for each in files]
    if channel == "telegram" and max(sizes, default=0) > LARGEST["telegram"]:
        return N_("Ada berkas lebih besar dari 50 MB, batas Telegram. Perkecil berkasnya atau beri tautan.")
    if channel == "mail" and sum(sizes) > LARGEST["mail"]:
        return N_(
            "Lampiran seluruhnya lebih besar dari 25 MB, batas surel. Perkecil berkasnya atau beri tautan."
        )
    return ""


def as_caption(text: str, files: Sequence[File]) -> bool:
    """The words stand under a picture on Telegram, not before it."""
    return bool(files) and utf16_length(text) <= CAPTION


def link_of(channel: str, address: str, external_id: str, public: str = "") -> str:
    """Where a post in a channel or supergroup is read; "" for a private chat. `public`: the place's own address."""
    number = external_id.rpartition(":")[2]
    if channel != "telegram" or not number.isdigit() or number == "0":
        return ""
    if public.startswith("https://t.me/") and "/+" not in public and "/joinchat" not in public:
        return f"{public.rstrip('/')}/{number}"
    if address.startswith("@"):
        return f"https://t.me/{address[1:]}/{number}"
    if address.startswith("-100"):
        return f"https://t.me/c/{address.removeprefix('-100')}/{number}"
    return ""
