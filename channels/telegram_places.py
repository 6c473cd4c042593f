"""Channels and groups for announcements: what they are, how many hear there, and whether our bot may post."""

from msgspec import Struct, convert, json
from msgspec.structs import replace

from channels.telegram_api import Api, Away, Refusal
from sop.errors import N_
from sop.place import Inspection

KINDS = {"channel": "channel", "group": "group", "supergroup": "group"}
NOT_THERE = N_(
    "Telegram tidak mengenal tempat ini, atau bot belum dimasukkan ke sana. Tambahkan bot sebagai admin, lalu tanya lagi."
)
NO_ADMIN = N_(
    "Bot bukan admin dengan hak kirim di sana. Jadikan bot admin dengan hak kirim, lalu tanya lagi."
)
MUTED = N_("Anggota biasa tidak boleh menulis di grup ini. Jadikan bot admin, lalu tanya lagi.")
A_PERSON = N_("Alamat ini milik orang, bukan saluran atau grup.")
BAD_TOKEN = N_("Telegram menolak token bot; perbaiki channels.telegram.token di config.yaml.")
AWAY = N_("Telegram sedang tidak menjawab. Keadaan terakhir tetap berlaku; tanya lagi nanti.")
SAID = N_("Telegram menolak: {words}")


class Allowed(Struct, frozen=True, gc=False):
    can_send_messages: bool = True


class FullChat(Struct, frozen=True, gc=False):
    id: int
    type: str = "private"
    title: str = ""
    username: str = ""
    invite_link: str = ""
    permissions: Allowed = Allowed()


class Membership(Struct, frozen=True, gc=False):
    status: str
    can_post_messages: bool | None = None  # of a channel's admin
    can_send_messages: bool | None = None  # of who is restricted


async def inspect(api: Api, bot: int, address: str) -> Inspection:
    """Never raises: what Telegram does not say is `unknown`, what it refuses is told in words."""
    try:
        return await _asked(api, bot, address)
    except Away:
        return Inspection(reason=AWAY)
    except ValueError:  # it answered, but with something else
        return Inspection(reason=AWAY)
    except Refusal as refusal:
        return _refused(refusal)


async def _asked(api: Api, bot: int, address: str) -> Inspection:
    chat = json.decode(await api.call("getChat", chat_id=_id(address)), type=FullChat)
    if chat.type not in KINDS:
        return Inspection(state="refused", reason=A_PERSON)
    found = Inspection(
        address=str(chat.id),
        kind=KINDS[chat.type],
        name=chat.title,
        members=json.decode(await api.call("getChatMemberCount", chat_id=chat.id), type=int),
        link=f"https://t.me/{chat.username}" if chat.username else chat.invite_link,
        state="ready",
    )
    me = json.decode(await api.call("getChatMember", chat_id=chat.id, user_id=bot), type=Membership)
    if reason := _hindered(chat, me):
        return replace(found, state="refused", reason=reason)
    return found


def _id(address: str) -> int | str:
    return address if address.startswith("@") else convert(address, int, strict=False)


def _hindered(chat: FullChat, me: Membership) -> str:
    """Why we may not post there, "" when we may."""
    if me.status == "creator":
        return ""
    if chat.type == "channel":
        return "" if me.status == "administrator" and me.can_post_messages else NO_ADMIN
    if me.status in ("left", "kicked"):
        return NOT_THERE
    if me.status == "administrator":
        return ""
    if me.status == "restricted":
        return "" if me.can_send_messages else MUTED
    return "" if chat.permissions.can_send_messages else MUTED


def _refused(refusal: Refusal) -> Inspection:
    words = refusal.description.lower()
    if refusal.code in (401, 404):
        return Inspection(state="refused", reason=BAD_TOKEN)
    if refusal.code == 429 or refusal.code >= 500:
        return Inspection(reason=AWAY)
    if refusal.code == 403 or "not found" in words or "upgraded" in words:
        return Inspection(state="refused", reason=NOT_THERE)
    if "administrator" in words or "rights" in words or "member list" in words:
        return Inspection(state="refused", reason=NO_ADMIN)
    return Inspection(state="refused", reason=SAID, params={"words": refusal.description[:200]})
