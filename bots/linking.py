"""A chat or a group is linked by a one-time code; who is not linked hears only how that is done."""

from bots.talk import Voice
from desk import staff
from desk.desk import Desk
from desk.staff import CodeInvalid
from sop.errors import N_
from sop.language import Language, translate
from sop.officer import Officer
from store import office as offices

BOT = "staff"


STRANGERS = {
    "staff": N_(
        "Bot ini untuk petugas. Buka konsol, menu akun, minta kode penghubung, lalu tulis di obrolan pribadi: /hubungkan KODE"
    ),
    "humas": N_(
        "Bot ini untuk pelaksana Humas dan petugas yang mengajukan publikasi. Minta kode penghubung Humas di konsol, menu akun, lalu tulis: /hubungkan KODE"
    ),
}
LINKED = {
    "staff": N_("Obrolan ini terhubung dengan akun {name}. Mulai dari /antrean; daftar perintah: /bantuan"),
    "humas": N_("Obrolan ini terhubung dengan akun {name}. Mulai dari /papan; daftar perintah: /bantuan"),
}


async def stranger(voice: Voice, language: Language, bot: str = BOT) -> None:
    await voice.close(translate(N_("Hubungkan akun Anda dahulu."), language), alert=True)
    await voice.say(translate(STRANGERS[bot], language))


async def chat(
    desk: Desk,
    voice: Voice,
    user: str,
    code: str,
    linked: Officer | None,
    language: Language,
    bot: str = BOT,
) -> None:
    """Link the private chat. The same code again, as when the update is repeated, finds it linked."""
    if not code:
        if linked is None:
            return await stranger(voice, language, bot)
        return await voice.say(_linked(linked, bot))
    try:
        officer = await desk.db.write(staff.link, bot, user, code, desk.clock())
    except CodeInvalid:
        if linked is None:
            raise
        officer = linked
    return await voice.say(_linked(officer, bot))


def _linked(officer: Officer, bot: str) -> str:
    return translate(LINKED[bot], officer.language, name=officer.name)


async def group(desk: Desk, voice: Voice, chat: str, code: str, unit: int | None, language: Language) -> None:
    """Link a group to the unit for which the code was made."""
    if not code:
        return await voice.say(
            translate(
                N_("Minta kode grup di konsol, menu unit, lalu tulis di sini: /hubungkan KODE"), language
            )
        )
    try:
        name = await desk.db.write(staff.link_group, chat, code, desk.clock())
    except CodeInvalid:
        if unit is None:
            raise
        name = (await desk.db.read(offices.current)).units[unit].name
    words = N_("Grup ini terhubung dengan {unit}: kartu tiketnya datang ke sini.")
    return await voice.say(translate(words, language, unit=name))


async def not_here(voice: Voice, language: Language) -> None:
    """A group of no unit: what a ticket says is not for everybody in it."""
    words = N_(
        "Grup ini belum terhubung dengan unit. Pakai obrolan pribadi dengan saya, atau /hubungkan KODE di sini."
    )
    await voice.close(translate(words, language), alert=True)
    await voice.say(translate(words, language))
