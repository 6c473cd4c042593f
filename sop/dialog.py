"""The intake talk: what the desk says by itself, and which words of a person are commands. Pure and channel-neutral."""

from enum import StrEnum

from sop.errors import N_
from sop.language import Language, translate


class Word(StrEnum):
    """What a first line means to the desk before anything else."""

    START = "start"
    STATUS = "status"
    HELP = "help"
    STOP = "stop"
    NEW = "new"
    PLAIN = "plain"


_COMMANDS = {
    Word.START: {"/start", "/mulai", "mulai"},
    Word.STATUS: {"/status", "status", "cek", "cek status", "cek laporan", "status laporan", "check", "/cek"},
    Word.HELP: {"/bantuan", "/help", "bantuan", "help", "menu", "/menu"},
    Word.STOP: {"/berhenti", "/stop", "berhenti", "stop", "unsubscribe"},
    Word.NEW: {"/baru", "laporan baru", "lapor baru", "new report"},
}
_MEANING = {phrase: word for word, phrases in _COMMANDS.items() for phrase in phrases}


def read(text: str) -> Word:
    """The command that a message is, forgiving case, spaces and full stops. A deep link's payload does not matter."""
    line = " ".join(text.strip().lower().rstrip(".!?").split())
    if line.startswith("/start "):
        return Word.START
    return _MEANING.get(line.partition("@")[0] if line.startswith("/") else line, Word.PLAIN)


def greeting(office: str, language: Language) -> str:
    return translate(
        N_(
            "Selamat datang di {office}. Silakan tuliskan laporan atau pertanyaan Anda, lengkap dengan nama dan "
            "NIM/NIP/NIK bila ada. Data Anda hanya dipakai untuk menangani laporan ini (UU 27/2022).\n\n"
            "Ketik “status” untuk menanyakan laporan Anda, “bantuan” untuk petunjuk."
        ),
        language,
        office=office,
    )


def help_text(language: Language) -> str:
    return translate(
        N_(
            "Tuliskan laporan Anda dalam satu pesan atau lebih; foto, dokumen, dan pesan suara dapat dilampirkan. "
            "Ketik “status” untuk menanyakan laporan, “laporan baru” untuk perkara lain, "
            "“berhenti” bila tidak ingin menerima pemberitahuan."
        ),
        language,
    )


def received(number: str, promise: str, language: Language) -> str:
    """The acknowledgement. `promise` says when somebody reads it; "" where no limit is bound yet."""
    words = translate(N_("Laporan Anda kami terima dengan nomor {number}."), language, number=f"#{number}")
    return f"{words} {promise}".strip()


def promise(limit: str, language: Language) -> str:
    return translate(N_("Narahubung menelaah paling lama {limit} pada jam layanan."), language, limit=limit)


def promise_later(opening: str, language: Language) -> str:
    """Outside hours. `opening` is a moment in words."""
    return translate(
        N_("Pesan Anda masuk di luar jam layanan; kami telaah mulai {opening}."), language, opening=opening
    )


def status_line(number: str, subject: str, state: str, language: Language) -> str:
    """One ticket in the answer to "status"; `state` in plain words and without an officer's name."""
    return translate(
        N_("#{number} {subject}: {state}"), language, number=number, subject=subject, state=state
    )


def nothing_open(language: Language) -> str:
    return translate(N_("Belum ada laporan atas nama Anda di sini. Silakan tuliskan laporan Anda."), language)


def offer_reopen(number: str, language: Language) -> str:
    return translate(
        N_(
            "Laporan #{number} sudah ditutup. Pesan Anda kami catat di laporan itu. "
            "Balas “buka lagi” bila masalahnya belum selesai, atau “laporan baru” untuk perkara lain."
        ),
        language,
        number=number,
    )


def reopened(number: str, language: Language) -> str:
    return translate(N_("Laporan #{number} kami buka lagi dan segera ditelaah."), language, number=number)


def new_matter(language: Language) -> str:
    return translate(N_("Baik. Silakan tuliskan laporan baru Anda."), language)


def stopped(language: Language) -> str:
    return translate(
        N_(
            "Baik, pemberitahuan kami hentikan. Laporan Anda tetap kami tangani; tulis kapan saja bila ingin kami jawab lagi."
        ),
        language,
    )


def agrees(text: str) -> bool:
    """A yes to the offer to reopen."""
    return " ".join(text.strip().lower().rstrip(".!").split()) in _YES


_YES = {"buka lagi", "buka", "ya", "iya", "ya buka lagi", "belum selesai", "belum", "reopen", "yes"}
