"""WhatsApp's templates: what fills their holes, and their approval in plain words."""

import re
from collections.abc import Mapping, Sequence

from sop.errors import N_

HOLES = ("nama", "nomor", "kantor")
"""What a hole may be filled with: the person's name, the ticket's number, the office's name."""
_HOLE = re.compile(r"{{\s*(\d{1,2})\s*}}")
_NOTHING = {"nama": "Bapak/Ibu"}

STATES = {
    "unknown": N_("Belum diperiksa"),
    "unsubmitted": N_("Belum diajukan ke WhatsApp"),
    "received": N_("Diterima Twilio, menunggu WhatsApp"),
    "pending": N_("Menunggu persetujuan WhatsApp"),
    "approved": N_("Disetujui"),
    "rejected": N_("Ditolak WhatsApp"),
    "paused": N_("Dihentikan sementara oleh WhatsApp"),
    "disabled": N_("Dinonaktifkan WhatsApp"),
    "missing": N_("Tidak ada di akun Twilio kita"),
}


REASONS = {
    "INVALID_FORMAT": N_("Bentuknya salah: isian tidak boleh berada di awal atau akhir, atau berdampingan."),
    "TAG_CONTENT_MISMATCH": N_("Isinya tidak cocok dengan jenis atau bahasa yang diajukan."),
    "ABUSIVE_CONTENT": N_("Isinya dinilai melanggar aturan WhatsApp."),
    "PROMOTIONAL": N_("Isinya dinilai sebagai promosi; pakai kata-kata layanan saja."),
    "SCAM": N_("Isinya dinilai menyerupai penipuan."),
}


def reason_words(reason: str) -> str:
    """Why it was rejected, in plain words, untranslated; the provider's own where we have none."""
    return REASONS.get(reason.upper(), "" if reason.upper() == "NONE" else reason)


def fitting(holes: Sequence[str], body: str) -> tuple[str, ...]:
    """As many fillings as the body has holes: those chosen, then the usual ones."""
    wanted = max((int(each) for each in holes_in(body)), default=0)
    usual = [*holes, *(each for each in HOLES if each not in holes)]
    return tuple((usual + [HOLES[-1]] * wanted)[:wanted])


def state_words(state: str) -> str:
    """The provider's state in plain words, untranslated; a new one of theirs as it stands."""
    return STATES.get(state, state)


def holes_in(body: str) -> tuple[str, ...]:
    """The numbers of the holes, each once, in rising order."""
    return tuple(sorted({found[1] for found in _HOLE.finditer(body)}, key=int))


def fill(body: str, holes: Sequence[str], facts: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """(the words the person will read, the provider's variables). The first hole is {{1}}; none is left empty.

    WhatsApp refuses a variable with a line break or four spaces in a row.
    """
    variables = {
        str(place): " ".join(facts.get(name, "").split()) or _NOTHING.get(name, "-")
        for place, name in enumerate(holes, 1)
    }
    text = _HOLE.sub(lambda hole: variables.get(hole[1], hole[0]), body)
    return text, variables
