"""When a message that failed is tried again, and what its states mean (P5)."""

from datetime import datetime, timedelta
from enum import StrEnum

from sop.errors import N_, DeskError
from sop.messages import SendFailed


class Sent(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    UNKNOWN = "unknown"  # it may have arrived: sent, and the provider's answer was lost
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


FORWARD = (Sent.QUEUED, Sent.SENDING, Sent.UNKNOWN, Sent.SENT, Sent.DELIVERED, Sent.READ)
FIRST_WAIT = timedelta(seconds=2)
LONGEST_WAIT = timedelta(minutes=10)
PATIENCE = timedelta(hours=24)  # an answer that could not leave for a day has failed, visibly
MOST_DOUBTS = 3


class NotResendable(DeskError):
    def __init__(self) -> None:
        super().__init__(N_("Pesan ini tidak sedang gagal; tidak perlu dikirim ulang."))


def moves_forward(now: str, then: str) -> bool:
    """Status callbacks come in any order; a state never goes back. A failure is final unless it was delivered."""
    if then == Sent.FAILED:
        return now not in (Sent.DELIVERED, Sent.READ, Sent.FAILED)
    return now in FORWARD and then in FORWARD and FORWARD.index(Sent(then)) > FORWARD.index(Sent(now))


def wait(attempt: int, share: float) -> timedelta:
    """Exponential back-off with full jitter: `share` in 0..1 comes from the caller, `attempt` counts from 1."""
    longest = min(FIRST_WAIT * float(2 ** min(attempt, 20)), LONGEST_WAIT)
    return FIRST_WAIT / 2 + longest * share


def next_try(
    failure: SendFailed, *, attempt: int, queued_at: datetime, now: datetime, share: float, resend: bool
) -> datetime | None:
    """When to try again; None: never. What may have arrived is sent again, marked, only where `resend` allows it."""
    if failure.moved_to:
        return now
    if failure.unknown:
        return now + wait(attempt, share) if resend and attempt < MOST_DOUBTS else None
    if failure.retry is None or now - queued_at > PATIENCE:
        return None
    return now + max(failure.retry, wait(attempt, share) if not failure.retry else failure.retry)


_REMEDIES = (
    (
        ("pengaturan", "kunci", "sandbox", "diizinkan", "Nomor pengirim"),
        N_("Perbaiki pengaturan salurannya bersama admin sistem, lalu coba lagi."),
    ),
    (
        ("Templat", "templat"),
        N_("Pilih jalan lain; minta penyelia memeriksa templat WhatsApp."),
    ),
    (
        (
            "melebihi",
            "isi pesan",
            "isi lampiran",
            "Lampiran",
            "lampiran",
            "aturan",
            "kosong",
            "terlalu panjang",
        ),
        N_("Ubah isinya, lalu kirim lagi."),
    ),
    (
        (
            "memblokir",
            "berhenti",
            "bukan nomor",
            "tidak memakai",
            "tidak dapat menerima",
            "memilih",
            "saluran yang sama",
        ),
        N_("Pilih alamat lain milik pelapor, atau buat tugas telepon."),
    ),
)
MAYBE = N_("Mungkin sudah sampai: tanyakan dahulu, atau kirim lagi bila kiriman ganda tidak mengganggu.")
TRY_AGAIN = N_("Coba lagi; bila tetap gagal, pilih jalan lain.")


def remedy(state: str, error: str) -> str:
    """What an officer can do about a message that did not leave, untranslated. `error` is the kept reason."""
    if state == Sent.UNKNOWN:
        return MAYBE
    return next((words for marks, words in _REMEDIES if any(mark in error for mark in marks)), TRY_AGAIN)
