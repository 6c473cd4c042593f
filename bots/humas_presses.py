"""Buttons of the Humas bot: each leads to the same act as the console's; the data names act, publication and what is meant."""

from collections.abc import Awaitable, Callable

from bots import humas_errata, humas_push, humas_request, humas_steps
from bots.talk import Talk


async def press(talk: Talk) -> None:
    """Do what the button's data says."""
    act, _, rest = talk.words.partition(":")
    if act.startswith("mohon-"):
        return await humas_request.pressed(talk, act, rest)
    number, _, more = rest.partition(":")
    known = ACTS.get(act)
    if known is None:
        return await humas_steps.stale(talk)
    return await known(talk, number, more)


ACTS: dict[str, Callable[[Talk, str, str], Awaitable[None]]] = {
    "lihat": humas_steps.show,
    "pub": humas_steps.decide,
    "alasan": humas_steps.ready_reason,
    "ya": humas_steps.confirmed,
    "sasaran": humas_steps.choose_targets,
    "sas": humas_steps.toggle_target,
    "periksa": humas_steps.check,
    "cek": humas_steps.toggle_check,
    "ubah": humas_steps.ask_narration,
    "simpan": humas_steps.save,
    "batal": humas_steps.cancel,
    "sebar": humas_steps.show,
    "mulai": humas_push.begin,
    "jadwal": humas_push.ask_time,
    "pada": humas_push.at,
    "uji": humas_push.test,
    "jeda": humas_push.pause,
    "lanjut": humas_push.resume,
    "henti": humas_push.stop,
    "tugas": humas_push.ask_receipt,
    "ulang": humas_push.ask_again,
    "ulang-ya": humas_push.again,
    "ralat": humas_errata.ask,
    "tarik": humas_errata.ask_withdrawal,
    "setuju": humas_errata.approve,
    "urung": humas_errata.reject,
}
