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
