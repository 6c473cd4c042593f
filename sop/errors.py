"""What the desk answers when a rule says no, and the one passing trouble every room knows."""

from typing import Any


def N_(message: str) -> str:  # noqa: N802  # gettext's own name for it
    """Mark a message for the catalogue; it is translated later, by the face that shows it."""
    return message


class DeskError(Exception):
    """A rule said no. `message` is untranslated and holds `params` as `{name}`: acts run on another thread."""

    def __init__(self, message: str, **params: Any) -> None:
        super().__init__(message, params)
        self.message = message
        self.params = params

    def __str__(self) -> str:
        return self.message.format_map(self.params)


class Unavailable(Exception):
    """Not kept, or not known to be kept (busy, full, cut off). Whoever carries a key may safely try again."""


class UnderMaintenance(Unavailable):
    """The database is being changed to another version, or was: this process answers again when both fit."""


class DamagedStore(Unavailable):
    """Part of the database cannot be read any more: only a restored backup mends it. What comes in meanwhile waits outside."""


class NotFound(DeskError):
    """Absent, or not visible to who asks: both look the same (P15)."""

    def __init__(self, number: str) -> None:
        super().__init__(
            N_("Tiket {number} tidak ditemukan. Periksa nomornya, misalnya 1042."), number=number
        )


class NotAllowed(DeskError):
    """The officer's lanes do not carry this right."""

    def __init__(self) -> None:
        super().__init__(N_("Peran Anda tidak memiliki hak untuk tindakan ini. Hubungi penyelia unit Anda."))


class AlreadyClosed(DeskError):
    def __init__(self, number: str) -> None:
        super().__init__(N_("Tiket {number} sudah ditutup."), number=number)


class NotTagged(DeskError):
    """ITB step 7: every ticket is filed under a category before it is closed."""

    def __init__(self, number: str) -> None:
        super().__init__(
            N_("Tiket {number} belum berkategori; beri kategori sebelum menutup."), number=number
        )


class NotAnswered(DeskError):
    def __init__(self, number: str) -> None:
        super().__init__(N_("Tiket {number} belum dijawab; jawab pelapor sebelum menutup."), number=number)


class EmptyText(DeskError):
    def __init__(self) -> None:
        super().__init__(N_("Isi masih kosong. Tuliskan teksnya dahulu."))


class TooLong(DeskError):
    """The text does not fit what the channel carries in one message."""

    def __init__(self, length: int, limit: int) -> None:
        super().__init__(
            N_("Teks terlalu panjang: {length} karakter, paling banyak {limit}. Persingkat dahulu."),
            length=length,
            limit=limit,
        )


class AnsweredMeanwhile(DeskError):
    """The reporter or a colleague wrote after the page was opened: the text is kept, nothing is sent."""

    def __init__(self, number: str) -> None:
        super().__init__(
            N_(
                "Ada pesan baru di tiket {number} sejak Anda menulis. Baca dahulu, lalu kirim lagi; teks Anda tersimpan."
            ),
            number=number,
        )


class StillUnreadable(DeskError):
    """A parked message that its channel cannot decode today either (P12): it stays where it is."""

    def __init__(self, reason: str) -> None:
        super().__init__(N_("Pesan ini masih belum dapat dibaca: {reason}"), reason=reason[:300])
