"""A mistake in a settings file: where it is, what is wrong, what to write instead."""

import errno
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from sop.errors import N_
from tanggap.language import _

LONGEST_KEY = 80
REASONS = {
    errno.ENOENT: N_("berkas atau folder ini tidak ada"),
    errno.EACCES: N_("tidak boleh dibuka oleh pengguna ini"),
    errno.EPERM: N_("tidak boleh diubah oleh pengguna ini"),
    errno.EEXIST: N_("nama ini sudah dipakai; pilih nama lain"),
    errno.EISDIR: N_("ini folder, bukan berkas"),
    errno.ENOTDIR: N_("bagian dari jalur ini bukan folder"),
    errno.ENOTEMPTY: N_("folder ini masih berisi"),
    errno.ENAMETOOLONG: N_("nama ini terlalu panjang"),
    errno.ELOOP: N_("tautan ini berputar ke dirinya sendiri"),
    errno.ENOSPC: N_("ruang penyimpanan penuh"),
    errno.EDQUOT: N_("jatah ruang pengguna ini habis"),
    errno.EIO: N_("disk gagal membaca atau menulis; periksa dengan: sudo dmesg | tail"),
    errno.EROFS: N_("disk ini terpasang baca-saja; pasang ulang agar dapat ditulisi, atau pilih folder lain"),
    errno.EMFILE: N_("terlalu banyak berkas terbuka"),
    errno.ETIMEDOUT: N_("tidak menjawab pada waktunya"),
    errno.ECONNREFUSED: N_("sambungan ditolak"),
}


def system_says(error: OSError) -> str:
    """Why the system refused, in words; its own where we have none."""
    return _(REASONS[error.errno]) if error.errno in REASONS else error.strerror or str(error)


@dataclass(frozen=True)
class Fault:
    """`line` counts from 1; `key` is dotted and empty where no key is meant. Never holds a value, which may be secret.

    As text it is one line, whatever the file holds.
    """

    file: Path
    line: int
    key: str
    what: str
    remedy: str = ""

    def __str__(self) -> str:
        key = self.key if len(self.key) <= LONGEST_KEY else f"{self.key[:LONGEST_KEY]}..."
        said = f"{key}: {self.what}" if key else self.what
        line = f"{self.file}:{self.line}: {said}" + (f"; {self.remedy}" if self.remedy else "")
        return "".join(sign if sign.isprintable() else " " for sign in line)


class BadSettings(Exception):
    """The desk does not start on these. Its text is one line a fault."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


def suggestion(wrong: str, known: Iterable[str]) -> str:
    """ "maksud Anda ...?" when a known name is near, else the names that are known."""
    names = list(known)
    if near := get_close_matches(wrong, names, 1):
        return _("maksud Anda {name}?", name=near[0])
    return _("yang dikenal: {names}", names=", ".join(names)) if names else _("hapus baris ini")
