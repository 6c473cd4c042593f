"""Whether our bot may post in a channel or group, read off its membership there. Pure."""

from msgspec import Struct

from sop.errors import N_

KINDS = {"channel": "channel", "group": "group", "supergroup": "group"}
NOT_THERE = N_(
    "Telegram tidak mengenal tempat ini, atau bot belum dimasukkan ke sana. Tambahkan bot sebagai admin, lalu tanya lagi."
)
NO_ADMIN = N_(
    "Bot bukan admin dengan hak kirim di sana. Jadikan bot admin dengan hak kirim, lalu tanya lagi."
)
MUTED = N_("Anggota biasa tidak boleh menulis di grup ini. Jadikan bot admin, lalu tanya lagi.")
GONE = ("left", "kicked")


class Membership(Struct, frozen=True, gc=False):
    status: str
    can_post_messages: bool | None = None  # of a channel's admin
    can_send_messages: bool | None = None  # of who is restricted


def hindered(kind: str, me: Membership, *, everybody: bool) -> str:
    """Why we may not post there, "" when we may. `everybody`: ordinary members of the group may write."""
    if me.status == "creator":
        return ""
    if me.status in GONE:
        return NOT_THERE
    if kind == "channel":
        return "" if me.status == "administrator" and me.can_post_messages else NO_ADMIN
    if me.status == "administrator":
        return ""
    if me.status == "restricted":
        return "" if me.can_send_messages else MUTED
    return "" if everybody else MUTED


def state(kind: str, me: Membership) -> tuple[str, str]:
    """("ready", ""), ("refused", why), or ("unknown", "") of an ordinary member: the group's own rule must be asked for."""
    if KINDS[kind] == "group" and me.status == "member":
        return "unknown", ""
    reason = hindered(kind, me, everybody=True)
    return ("refused", reason) if reason else ("ready", "")
