"""Channels and groups for announcements: what they are, how many hear there, and whether our bot may post."""

from msgspec import Struct, convert, json
from msgspec.structs import replace

from channels.telegram_api import Api, Away, Refusal
from channels.telegram_rights import KINDS, NO_ADMIN, NOT_THERE, Membership, hindered
from sop.errors import N_
from sop.place import Inspection

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


async def inspect(api: Api, bot: int, address: str) -> Inspection:
    """Never raises: what Telegram does not say is `unknown`, what it refuses is told in words.

    A group that became a supergroup is asked for under its new id, which is the found `address`.
    """
    try:
        try:
            return await _asked(api, bot, address)
        except Refusal as refusal:
            if not refusal.moved_to:
                raise
            return await _asked(api, bot, str(refusal.moved_to))
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
    if reason := hindered(chat.type, me, everybody=chat.permissions.can_send_messages):
        return replace(found, state="refused", reason=reason)
    return found


def _id(address: str) -> int | str:
    return address if address.startswith("@") else convert(address, int, strict=False)


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
